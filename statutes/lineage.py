"""What became of provisions from version to version, by the stored Succession rows.

Only primary keys are read until it is known which texts a page needs: a constant number of
queries, whatever the number of versions.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import diff
from .models import Provision, StatuteVersion, Succession


def pairs_between(
    chain: Sequence[StatuteVersion], old: Sequence[Provision], new: Sequence[Provision]
) -> set[tuple[int, int]]:
    """Return which of the new provisions each of the old ones became, as primary keys.

    `chain` is the versions of one statute from the old one to the new one, in order. Where a
    link of the chain was never stored, the two texts are aligned anew: about a second for the
    longest.
    """
    versions = [version.pk for version in chain]
    rows = Succession.objects.filter(old__version__in=versions[:-1]).values_list(
        "old_id", "new_id", "new__version"
    )
    onward = defaultdict(set)
    reached = False
    for old_pk, new_pk, version_pk in rows:
        if version_pk in versions:
            onward[old_pk].add(new_pk)
            reached = reached or version_pk == versions[-1]
    if not reached:
        return {
            (old[link.old].pk, new[link.new].pk)
            for link in diff.align(old, new)
            if link.old is not None and link.new is not None
        }
    wanted = {provision.pk for provision in new}
    return {(p.pk, end) for p in old for end in _reach({p.pk}, onward) & wanted}


@dataclass(frozen=True)
class Kin:
    """A provision with what it came from and what it became, version by version."""

    provision: Provision
    earlier: tuple[Provision, ...]  # in the versions before, newest first
    later: tuple[Provision, ...]  # in the versions after, oldest first
    namesakes: tuple[tuple[Provision, tuple[Provision, ...], bool], ...]  # with their `later`
    precedents: dict[int, tuple[int, ...]]  # primary key → those it came from directly
    is_ended: bool  # it is known to have been deleted


def kin(
    provision: Provision, namesakes: Iterable[Provision], versions: Sequence[StatuteVersion]
) -> Kin:
    """Follow a provision through `versions` of its statute, oldest first, and one step beyond.

    `namesakes` are the provisions with its number in other versions; those that are not its
    own earlier or later forms are returned with what they became and whether they were deleted.
    """
    pks = [version.pk for version in versions]
    fields = ("old_id", "new_id")
    steps = list(Succession.objects.filter(old__version__in=pks).values_list(*fields))
    steps += (
        Succession.objects.filter(new__version__in=pks)
        .exclude(old__version__in=pks)
        .values_list(*fields)
    )
    onward, back = defaultdict(set), defaultdict(set)
    for old_pk, new_pk in steps:
        onward[old_pk].add(new_pk)
        back[new_pk].add(old_pk)
    ended = {pk for pk, ends in onward.items() if ends == {None}}
    for ends in onward.values():
        ends.discard(None)
    back.pop(None, None)
    before = _reach({provision.pk}, back) - {provision.pk}
    after = _reach({provision.pk}, onward) - {provision.pk}
    strangers = [p for p in namesakes if p.pk not in before | after | {provision.pk}]
    became = {p.pk: _reach({p.pk}, onward) - {p.pk} for p in strangers}
    texts = _load(before | after | set().union(*became.values()))
    order = {pk: place for place, pk in enumerate(pks)}

    def sort(found: Iterable[int], newest_first: bool = False) -> tuple[Provision, ...]:
        beyond = -1 if newest_first else len(pks)  # of the statute before, or after

        def place(form: Provision) -> tuple[int, int]:
            return order.get(form.version_id, beyond), form.position

        return tuple(sorted((texts[pk] for pk in found), key=place, reverse=newest_first))

    return Kin(
        provision,
        sort(before, newest_first=True),
        sort(after),
        tuple((p, sort(became[p.pk]), _ends(p.pk, onward, ended)) for p in strangers),
        {pk: tuple(back[pk]) for pk in before | after | {provision.pk}},
        _ends(provision.pk, onward, ended),
    )


def _ends(pk: int, onward: dict[int, set[int]], ended: set[int]) -> bool:
    """Return whether a provision, or all that came of it, was deleted."""
    reached = _reach({pk}, onward)
    return all(other in ended for other in reached if not onward.get(other))


def _reach(start: set[int], steps: dict[int, set[int]]) -> set[int]:
    """Return everything that the steps lead to, the start included."""
    seen, new = set(start), set(start)
    while new:
        new = set().union(*(steps.get(pk, ()) for pk in new)) - seen
        seen |= new
    return seen


def _load(pks: Iterable[int]) -> dict[int, Provision]:
    found = Provision.objects.filter(pk__in=pks).select_related("version__statute")
    return {provision.pk: provision for provision in found}
