"""The history of one provision, for its page: its forms, and the other rules of its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from . import diff, lineage, reading
from .comparison import most_alike
from .models import Provision, StatuteVersion
from .timeline import Timeline


@dataclass(frozen=True)
class Entry:
    """One form of a provision: its text as of one version, and how it came about."""

    provision: Provision
    version: StatuteVersion
    standing: str
    is_shown: bool
    is_foreign: bool  # of another statute, which this one replaced or which replaced it
    precedents: tuple[Provision, ...]  # what it came from, the most alike first
    lines: list[reading.MarkedLine] | None  # changes against the first of them; None if none
    is_new: bool  # the version before had nothing like it

    @property
    def is_renumbered(self) -> bool:
        """Whether what it came from stood elsewhere."""
        return bool(self.precedents) and (
            self.is_from_another or self.precedents[0].place != self.provision.place
        )

    @property
    def is_from_another(self) -> bool:
        """Whether what it came from stood in another statute."""
        chief = self.precedents[0] if self.precedents else None
        return bool(chief) and chief.version.statute_id != self.version.statute_id

    @property
    def others(self) -> tuple[Provision, ...]:
        return self.precedents[1:]


def entries(kin: lineage.Kin, line: Timeline) -> list[Entry]:
    """Return all forms of a provision, the newest first."""
    forms = {p.pk: p for p in (*kin.later, kin.provision, *kin.earlier)}
    return [
        _entry(form, forms, kin, line)
        for form in (*reversed(kin.later), kin.provision, *kin.earlier)
    ]


def _entry(form: Provision, forms: dict[int, Provision], kin: lineage.Kin, line: Timeline) -> Entry:
    own = {version.pk: version for version in line.versions}
    version = own.get(form.version_id, form.version)
    precedents = [forms[pk] for pk in kin.precedents.get(form.pk, ()) if pk in forms]
    lines = None
    if precedents:
        chief = most_alike(form, precedents)
        precedents.sort(key=lambda p: p is not chief)
        if not diff.same_words(chief.text, form.text):
            lines = reading.changes(chief.text, form.text)
            if sum(chief.pk in found for found in kin.precedents.values()) > 1:
                # One of several that the old one was split into: what went to the others is
                # not gone.
                lines = [line for line in lines if not line.is_gone]
    is_foreign = version.pk not in own
    before = None if is_foreign else line.before(version)
    return Entry(
        form,
        version,
        "" if is_foreign else line.standing_of(version),
        version == line.shown,
        is_foreign,
        tuple(precedents),
        lines,
        bool(before and before.provision_count and not precedents),
    )


def now(kin: lineage.Kin, line: Timeline) -> list[Provision]:
    """Return where the rule of a provision that is not of today's text stands today."""
    return _standing_now(kin.later, line)


def _standing_now(forms: Sequence[Provision], line: Timeline) -> list[Provision]:
    own = {version.pk for version in line.versions}
    return [
        form
        for form in forms
        if form.version_id not in own or (line.shown and form.version_id == line.shown.pk)
    ]


class Namesake(NamedTuple):
    """Another rule that had, or will have, the same number."""

    version: StatuteVersion
    now: list[Provision]  # where it stands today; empty if it was deleted
    is_coming: bool


def namesakes(kin: lineage.Kin, line: Timeline) -> list[Namesake]:
    """Return the other rules known to have had the number, newest first.

    Only those of which it is known what became of them: that is what tells them apart.
    """
    own = {version.pk: version for version in line.versions}
    found = []
    for form, became, is_ended in kin.namesakes:
        version = own[form.version_id]
        is_coming = version in line.coming
        today = _standing_now(became, line)
        if is_coming or today or is_ended:
            found.append(Namesake(version, today, is_coming))
    return sorted(found, key=lambda n: line.versions.index(n.version), reverse=True)
