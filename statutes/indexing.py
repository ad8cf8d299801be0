"""Statutes and provisions as documents of the indexes "statutes" and "provisions".

Of a statute only the text that readers are shown has provisions there, and none if it is
repealed: what is found by default is the law of today. Facets: `statute:8`, `kind:法律`, and
`article:5` for each article whose words lead to the provision.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import log1p
from typing import NamedTuple

from django.db.models import Prefetch, Q

from . import resolver, slugs
from .index.engine import Document
from .models import Division, Provision, Statute, StatuteVersion
from .news import LONG_TEXTS
from .references import references_from_others
from .terms import index_words
from .timeline import Standing, Timeline, timeline

BATCH = 500

# How much likelier a text is what people ask for, by its place in the hierarchy of norms: chosen on
# a development set of questions. Lawyers cite a law's provisions 14 times as often as a
# regulation's and three times as often as a court's; what people ask for is less one-sided.
RANK = {
    Statute.Kind.CONSTITUTION: 0.8,
    Statute.Kind.LAW: 1.0,
    Statute.Kind.AMENDMENT: 0.4,
    Statute.Kind.INTERPRETATION_BY_CONGRESS: 0.6,
    Statute.Kind.DECISION: 0.5,
    Statute.Kind.REGULATION: 0.6,
    Statute.Kind.JUDICIAL: 0.7,
    Statute.Kind.RULE: 0.55,
    Statute.Kind.LOCAL: 0.5,
    Statute.Kind.OTHER: 0.5,
}
UNVERIFIED = 0.8  # of a text not known to be in force
REFERRED_TO = 0.1  # times the logarithm of the references to a provision: ten add a quarter
TOLD = 64  # words of others by which a provision is found
_NOBODY = "·"  # a word that no question has


class Told(NamedTuple):
    """What others say of a provision: `words` by which it is found too, of which TOLD count,
    and `facets` to name them."""

    words: Sequence[str]
    facets: Sequence[str]


def provision_documents(
    ids: Iterable[int], on: date, told: Mapping[int, Told] | None = None
) -> Iterator[Document]:
    """Yield the documents of those provisions that readers are shown on the day `on`."""
    ids = sorted(set(ids))
    for start in range(0, len(ids), BATCH):
        yield from _provisions(ids[start : start + BATCH], on, told or {})


def _provisions(ids: list[int], on: date, told: Mapping[int, Told]) -> Iterator[Document]:
    provisions = list(Provision.objects.filter(pk__in=ids))
    versions = {provision.version_id for provision in provisions}
    shown = {
        line.shown.pk: (statute, line)
        for statute, line in lines(Statute.objects.filter(versions__in=versions).distinct(), on)
        if line.shown and not line.is_repealed
    }
    headings = _headings(versions & shown.keys())
    references = references_from_others(resolver.library(), on)
    for provision in provisions:
        if provision.version_id not in shown:
            continue
        statute, line = shown[provision.version_id]
        said = told.get(provision.pk, Told((), ()))
        yield Document(
            provision.pk,
            title=index_words("\n".join([statute.name, *headings[provision.division_id]])),
            body=index_words(provision.text),
            more=_told(said.words),
            facets=[f"statute:{statute.pk}", f"kind:{statute.kind}", *said.facets],
            weight=weight(statute, line) * (1 + REFERRED_TO * log1p(references[provision.pk])),
        )


def _told(words: Sequence[str]) -> list[str]:
    """Return as many words for each provision, so that one of which little is told is not taken
    for a long text among short ones: the engine weighs a word by the length of its field."""
    words = list(words[:TOLD])
    return words + [_NOBODY] * (TOLD - len(words))


def _headings(versions: Iterable[int]) -> dict[int | None, list[str]]:
    """Return for each division its heading and those above it."""
    divisions = Division.objects.filter(version__in=versions)
    rows = {
        pk: (parent, heading)
        for pk, parent, heading in divisions.values_list("pk", "parent", "heading")
    }
    headings: dict[int | None, list[str]] = defaultdict(list)
    for pk in rows:
        above: int | None = pk
        while above in rows:
            above, heading = rows[above]
            headings[pk].append(heading)
    return headings


def weight(statute: Statute, line: Timeline) -> float:
    return RANK[statute.kind] * (UNVERIFIED if line.standing == Standing.UNVERIFIED else 1.0)


def statute_documents(ids: Iterable[int], on: date) -> Iterator[Document]:
    """Yield the documents of statutes with a text, repealed ones too: their names are looked for.

    `title` is the name in words and in pinyin (xingfa, xf), `body` the other names.
    """
    statutes = Statute.objects.filter(pk__in=list(ids), versions__isnull=False).distinct()
    for statute, line in lines(statutes.prefetch_related("aliases"), on):
        names = [alias.name for alias in statute.aliases.all()]
        yield Document(
            statute.pk,
            title=index_words(statute.name) + pinyin_words(statute.name),
            body=[word for name in names for word in (*index_words(name), *pinyin_words(name))],
            facets=[f"kind:{statute.kind}"],
            weight=weight(statute, line) * (0.3 if line.is_repealed else 1.0),
        )


def pinyin_words(name: str) -> list[str]:
    """Return a name in pinyin, whole and by its initials.

    >>> pinyin_words("劳动法")
    ['laodongfa', 'ldf']
    """
    syllables = [part for part in slugs.pinyin_slug(name, 400).split("-") if part]
    return ["".join(syllables)[:LONGEST_PINYIN], "".join(part[0] for part in syllables)]


LONGEST_PINYIN = 60


def lines(statutes, on: date) -> list[tuple[Statute, Timeline]]:
    """Return statutes with their timelines as of the day, in three queries at most."""
    versions = StatuteVersion.objects.in_order().defer(*LONG_TEXTS)
    found = statutes.prefetch_related(Prefetch("versions", versions))
    return [
        (statute, timeline(statute.versions.all(), statute.repealed_on, on)) for statute in found
    ]


def shown_provisions(statutes: Iterable[int], on: date) -> list[int]:
    """Return the ids of the provisions of the texts that readers are shown of these statutes."""
    shown = [
        line.shown.pk
        for _, line in lines(Statute.objects.filter(pk__in=list(statutes)), on)
        if line.shown and not line.is_repealed
    ]
    return list(Provision.objects.filter(version__in=shown).values_list("pk", flat=True))


def statute_ids(after: int, limit: int) -> list[int]:
    """Return the next ids of statutes, in order."""
    ids = Statute.objects.filter(pk__gt=after).order_by("pk")
    return list(ids.values_list("pk", flat=True)[:limit])


def turning(first: date, last: date) -> list[int]:
    """Return the statutes whose text of the day becomes another between two days, both included."""
    days = (first, last)
    moved = Q(versions__effective_from__range=days) | Q(versions__effective_until__range=days)
    moved |= Q(repealed_on__range=days)
    return list(Statute.objects.filter(moved).distinct().values_list("pk", flat=True))
