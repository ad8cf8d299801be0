"""Which version of a statute holds on a day, and what the statute is on that day. Pure.

A version whose date of effect is unknown is never called in force: where none is known to be,
the statute is 待核, whatever its newest text.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

FRESH_DAYS = 366  # "in force" by a source that reaches less far back is told with its day


class Standing(StrEnum):
    """What a statute, or a version of it, is on a day."""

    IN_FORCE = "现行有效"
    COMING = "尚未施行"
    SUPERSEDED = "已被修改"  # of a version only
    REPEALED = "已废止"
    UNVERIFIED = "待核"


class Version(Protocol):
    """What must be known of a version."""

    effective_from: date | None
    effective_until: date | None
    known_until: date | None

    def is_in_force(self, on: date) -> bool: ...


class Row(NamedTuple):
    version: Version
    standing: Standing
    before: Version | None


@dataclass(frozen=True)
class Timeline:
    """A statute's versions, oldest first, as seen on one day.

    `current` is in force; `shown` is the text to read: the current one, else the newest that
    is not to come, else the first to come. Both are None for want of such a version.
    """

    on: date
    versions: tuple
    repealed_on: date | None
    current: Version | None
    shown: Version | None
    coming: tuple

    @property
    def standing(self) -> Standing:
        if self.is_repealed:
            return Standing.REPEALED
        if self.current:
            return Standing.IN_FORCE
        if self.coming and len(self.coming) == len(self.versions):
            return Standing.COMING
        return Standing.UNVERIFIED

    @property
    def is_stale(self) -> bool:
        """Whether "in force" rests on a source too old to know of later changes."""
        if self.current is None:
            return False
        reach = self.current.known_until
        return reach is None or (self.on - reach).days > FRESH_DAYS

    def in_words(self, standing: Standing) -> str:
        """Return a standing as readers are told it: 现行有效 only by a fresh source."""
        if standing != Standing.IN_FORCE or not self.is_stale:
            return standing.value
        reach = self.current.known_until
        return f"{reach.year}年{reach.month}月时有效" if reach else Standing.UNVERIFIED.value

    @property
    def is_repealed(self) -> bool:
        return self.repealed_on is not None and self.repealed_on <= self.on

    @property
    def rows(self) -> list["Row"]:
        """All versions with what they are, newest first."""
        return [Row(v, self.standing_of(v), self.before(v)) for v in reversed(self.versions)]

    def standing_of(self, version: Version) -> Standing:
        """Return what one version is on the day."""
        if version == self.current:
            return Standing.IN_FORCE
        if version in self.coming:
            return Standing.COMING
        if self.successor(version):
            return Standing.SUPERSEDED
        if self.is_repealed:
            return Standing.REPEALED
        return Standing.UNVERIFIED

    def successor(self, version: Version) -> Version | None:
        """Return the version that took this one's place by the day; None if none is known to."""
        later = self.versions[self.versions.index(version) + 1 :]
        return next((v for v in later if v.effective_from and v.effective_from <= self.on), None)

    def before(self, version: Version) -> Version | None:
        """Return the version just before this one."""
        place = self.versions.index(version)
        return self.versions[place - 1] if place else None


def timeline(versions: Iterable[Version], repealed_on: date | None, on: date) -> Timeline:
    """Arrange versions, given oldest first, around the day `on`."""
    versions = tuple(versions)
    ended = repealed_on is not None and repealed_on <= on
    current = None if ended else next((v for v in versions if v.is_in_force(on)), None)
    coming = tuple(v for v in versions if v.effective_from and v.effective_from > on)
    known = [v for v in versions if v not in coming]
    shown = current or (known[-1] if known else coming[0] if coming else None)
    return Timeline(on, versions, repealed_on, current, shown, coming)
