"""The days of which a text tells, but not those on which laws were made or begin. Pure.

A citation beside 2023年5月，张某… may be of the law of that day.
"""

import re
from datetime import date
from typing import NamedTuple

_DAY = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})年"
    r"(?:(?P<month>[01]?[0-9])月(?:(?P<day>[0-3]?[0-9])日)?)?"
)
# 2025年6月27日，…修订通过; 自2026年1月1日起施行; 2018年版; 2018年《公司法》
_OF_A_LAW = re.compile(
    r"[^。；\n]{0,24}?(?:修正|修订|修改|(?:通过|公布|颁布|发布|印发|出台)了?(?=[，。；、的《并新]|$))"
    r"|[^。；\n]{0,12}?(?:[起后]|正式|开始|同时)(?:施行|实施|生效|失效|废止)"
    r"|(?:施行|实施|生效|版|的?[新旧原老]?《)"
)


class Told(NamedTuple):
    """Where a text tells of a time, and the first day of it."""

    start: int
    day: date


def days_told(text: str) -> list[Told]:
    """Return the times of which a text tells, in order.

    >>> days_told("2023年5月，张某与李某发生争执。")
    [Told(start=0, day=datetime.date(2023, 5, 1))]
    >>> days_told("该法自2026年1月1日起施行。")
    []
    """
    found = []
    for told in _DAY.finditer(text):
        if _OF_A_LAW.match(text, told.end()):
            continue
        if day := day_of(told):
            found.append(Told(told.start(), day))
    return found


def day_of(told: re.Match[str]) -> date | None:
    """Return the first day of a year, month or day as written; None of 2月30日."""
    try:
        return date(int(told["year"]), int(told["month"] or 1), int(told["day"] or 1))
    except ValueError:
        return None
