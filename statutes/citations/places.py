"""From the words to the numbers: 第三条、第五条第一款第（二）至（四）项 → places. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from statutes import numerals
from statutes.citations import grammar
from statutes.locators import Locator

_LEVELS = {"条": 0, "款": 1, "项": 2, "目": 3}
_FIELDS = ("article", "paragraph", "item", "subitem")
_LONGEST_RANGE = 150  # 第一条至第九万条 is a slip or a trick: only its ends count
_LONGEST_LIST = 1_000
_LARGEST_SUFFIX = 10


class Place(NamedTuple):
    """A provision named in a text, by its words from `start` to `end`.

    The members of a range (第六条至第九条) share the words of the whole range.
    """

    locator: Locator
    start: int
    end: int


class _Step(NamedTuple):
    """One number with its unit: 第二款."""

    level: int
    number: int
    suffix: int
    start: int
    end: int
    is_ordinal: bool  # has its 第 or brackets


def read_places(text: str, start: int, base: Locator | None = None) -> list[Place]:
    """Return the places that the words from `start` on name, in order.

    >>> [str(place.locator) for place in read_places("第六条至第八条、第十条第一款", 0)]
    ['第六条', '第七条', '第八条', '第十条第一款']

    `base` is the article that a 款 or 项 at `start` belongs to. Empty if no place is named.
    """
    step = _read_step(text, start)
    first = step and _locate(base, step)
    if first is None:
        return []
    places = [Place(first, step.start, step.end)]
    while len(places) < _LONGEST_LIST:
        join = grammar.JOIN.match(text, step.end)
        following = _read_step(text, join.end() if join else step.end)
        if following is None or not _continues(step, following, join):
            return places
        last = places[-1]
        locator = _locate(last.locator, following)
        if locator is None:
            return places
        if join is None:
            places[-1] = last._replace(locator=locator, end=following.end)
        elif join["range"]:
            places[-1:] = [
                Place(member, last.start, following.end)
                for member in _range(last.locator, locator, following.level, join["range"])
            ]
        else:
            places.append(Place(locator, following.start, following.end))
        step = following
    return places


def _read_step(text: str, at: int) -> _Step | None:
    match = grammar.STEP.match(text, at)
    if match is None:
        return None
    number, suffix = _number(match["number"]), _number(match["suffix"]) if match["suffix"] else 0
    if not number or suffix is None:
        return None
    return _Step(
        _level(match),
        number,
        suffix,
        match.start(),
        match.end(),
        bool(match["ordinal"] or match["bracket"]),
    )


def _level(match: re.Match[str]) -> int:
    unit = match["unit"] or match["shared"] or ("条" if match["missing"] else "项")
    if unit == "款" and match["bracket"]:
        unit = "项"  # 第（二）款 is a slip for 第（二）项
    return _LEVELS[unit[0]]


@lru_cache(maxsize=4096)
def _number(written: str) -> int | None:
    try:
        return numerals.parse(written.replace("l", "1").replace("I", "1"))
    except ValueError:
        return None


def _continues(step: _Step, following: _Step, join: re.Match[str] | None) -> bool:
    """Return whether a step belongs to the words before it."""
    if join is None:
        return following.level > step.level and (following.is_ordinal or following.level > 1)
    if join["range"] or not following.is_ordinal:
        return following.level == step.level  # 第三项至第五项; 第47条、48条
    return True


def _locate(base: Locator | None, step: _Step) -> Locator | None:
    """Return where a step leads from `base`; None if nothing can have that number."""
    if step.level == 0:
        return _locator(step.number, step.suffix, None, None, None)
    if base is None:
        return None
    outer = (base.article, base.suffix, base.paragraph, base.item)[: step.level + 1]
    return _locator(*outer, step.number, *[None] * (3 - step.level))


@lru_cache(maxsize=4096)
def _locator(*parts: int | None) -> Locator | None:
    try:
        return Locator(*parts)
    except ValueError:
        return None


def _range(first: Locator, last: Locator, level: int, mark: str) -> Iterator[Locator]:
    """Yield what lies between two numbers of one level, both included.

    第一百三十四条至第一百三十九条之一 counts whole articles and its two ends; which articles have
    a 之一 between them only the statute can tell.
    """
    field = _FIELDS[level]
    low, high = getattr(first, field), getattr(last, field)
    if level == 0 and high < low and high < _LARGEST_SUFFIX and mark in "-－–":
        yield _locator(low, high, None, None, None)  # 第133-1条 is 第133条之一
        return
    yield first
    if low < high <= low + _LONGEST_RANGE:
        whole = replace(last, suffix=0) if level == 0 else last
        for number in range(low + 1, high + (whole != last)):
            yield replace(whole, **{field: number})
    if last != first:
        yield last
