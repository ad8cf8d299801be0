"""What a statute and its versions are on a day."""

from dataclasses import dataclass
from datetime import date

import pytest

from statutes.timeline import Standing, timeline


@dataclass(frozen=True)
class Version:
    name: str
    effective_from: date | None
    effective_until: date | None = None
    known_until: date | None = None

    def is_in_force(self, on):
        return (
            self.effective_from is not None
            and self.effective_from <= on
            and (self.effective_until is None or self.effective_until > on)
        )


OLD = Version("old", date(2013, 1, 1), date(2026, 1, 1))
NEW = Version("new", date(2026, 1, 1))
UNDATED = Version("undated", None)
ENDED = Version("ended", date(2013, 1, 1), date(2021, 1, 1))
REPEALED_ON = date(2021, 1, 1)


@pytest.mark.parametrize(
    ("versions", "repealed_on", "on", "standing", "shown"),
    [
        ([OLD, NEW], None, date(2012, 12, 31), Standing.COMING, "old"),
        ([OLD, NEW], None, date(2025, 12, 31), Standing.IN_FORCE, "old"),
        ([OLD, NEW], None, date(2026, 1, 1), Standing.IN_FORCE, "new"),
        ([UNDATED], None, date(2026, 1, 1), Standing.UNVERIFIED, "undated"),
        ([UNDATED, NEW], None, date(2025, 12, 31), Standing.UNVERIFIED, "undated"),
        ([UNDATED, NEW], None, date(2026, 1, 1), Standing.IN_FORCE, "new"),
        ([ENDED, UNDATED], None, date(2020, 12, 31), Standing.IN_FORCE, "ended"),
        ([ENDED, UNDATED], None, date(2021, 1, 1), Standing.UNVERIFIED, "undated"),
        ([ENDED], REPEALED_ON, date(2020, 12, 31), Standing.IN_FORCE, "ended"),
        ([ENDED], REPEALED_ON, date(2021, 1, 1), Standing.REPEALED, "ended"),
        ([UNDATED], REPEALED_ON, date(2021, 1, 1), Standing.REPEALED, "undated"),
        ([], REPEALED_ON, date(2021, 1, 1), Standing.REPEALED, None),
        ([], None, date(2021, 1, 1), Standing.UNVERIFIED, None),
    ],
)
def test_a_statute_is_what_is_known_of_it(versions, repealed_on, on, standing, shown):
    line = timeline(versions, repealed_on, on)
    assert line.standing is standing
    assert (line.shown.name if line.shown else None) == shown


@pytest.mark.parametrize(
    ("version", "on", "standing"),
    [
        (OLD, date(2025, 12, 31), Standing.IN_FORCE),
        (OLD, date(2026, 1, 1), Standing.SUPERSEDED),
        (NEW, date(2025, 12, 31), Standing.COMING),
        (UNDATED, date(2025, 12, 31), Standing.SUPERSEDED),  # the one after it had effect
        (UNDATED, date(2012, 12, 31), Standing.UNVERIFIED),
    ],
)
def test_a_version_is_what_took_its_place(version, on, standing):
    assert timeline([UNDATED, OLD, NEW], None, on).standing_of(version) is standing


def test_the_last_version_of_a_repealed_statute_is_repealed():
    line = timeline([UNDATED, ENDED], REPEALED_ON, REPEALED_ON)
    assert [line.standing_of(version) for version in line.versions] == [
        Standing.SUPERSEDED,
        Standing.REPEALED,
    ]


def test_rows_go_from_the_newest_to_the_oldest():
    rows = timeline([OLD, NEW], None, date(2026, 1, 1)).rows
    assert [(row.version, row.before) for row in rows] == [(NEW, OLD), (OLD, None)]


@pytest.mark.parametrize(
    ("known_until", "told"),
    [
        (date(2026, 8, 1), "现行有效"),
        (date(2025, 11, 23), "现行有效"),
        (date(2025, 11, 22), "2025年11月时有效"),
        (None, "待核"),
    ],
)
def test_in_force_is_told_with_its_day_where_the_source_is_old(known_until, told):
    version = Version("one", date(2013, 1, 1), known_until=known_until)
    line = timeline([version], None, date(2026, 11, 24))
    assert line.in_words(line.standing) == told
    assert line.is_stale == (told != "现行有效")
