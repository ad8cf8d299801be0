"""How much of one text stands in another, and by which samples that is found. Pure: no Django.

A text is read as its letters: letters and digits alone, of one width and case, without
Markdown's marks and addresses. A window is WINDOW letters in a row. Of every SAMPLED_OVER
neighbouring windows the one of least digest is sampled ("winnowing", Schleimer, Wilkerson and
Aiken 2003), so two texts that share SAMPLED_OVER + WINDOW letters in a row share a sample,
wherever these stand; a table of samples finds the few texts worth comparing letter by letter.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt

WINDOW = 12  # letters: longer than a turn of phrase, shorter than a clause
SAMPLED_OVER = 100  # windows
LEAST_LENGTH = 100  # letters; a shorter text says too little to be called a copy

Spans = list[tuple[int, int]]  # (start, end) in order, apart


class _Letters(dict):
    """What each character counts as, for str.translate; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code)).casefold()
        self[code] = letters = "".join(c for c in plain if c.isalnum())
        return letters


_LETTERS = _Letters()
_NOT_PROSE = re.compile(r"\]\([^)\s]*\)|<[^<>]*>")  # where a link leads, an HTML tag


def letters(text: str) -> str:
    """Return what is compared of a Markdown text.

    >>> letters("**第1条** 见[民法典](https://example.com/a)。")
    '第1条见民法典'
    """
    return _NOT_PROSE.sub("", text).translate(_LETTERS)


@dataclass(frozen=True)
class Sample:
    """A sampled window: its digest, of 32 signed bits, and where it begins in the letters."""

    digest: int
    position: int


def sample(text: str) -> list[Sample]:
    """Return the sampled windows of letters, in order; none for fewer than LEAST_LENGTH."""
    if len(text) < LEAST_LENGTH:
        return []
    hashes = _hashes(text)
    found = []
    least, at = _last_least(hashes, 0)
    while True:
        found.append(Sample(least - 2**31, at))
        ahead = hashes[at + 1 : at + 1 + SAMPLED_OVER]
        if len(ahead) < SAMPLED_OVER:  # the last windows were all compared with this one
            smaller = next((i for i, h in enumerate(ahead, at + 1) if h < least), None)
            if smaller is None:
                return found
            least, at = hashes[smaller], smaller
        elif min(ahead) < least:
            at = next(i for i, h in enumerate(ahead, at + 1) if h < least)
            least = hashes[at]
        else:
            least, at = _last_least(hashes, at + 1)


def _hashes(text: str) -> list[int]:
    """Return the CRC-32 of every window, four bytes a letter, of letters enough for one.

    A CRC is linear: that of a window is put together, by exclusive or, of what each of its letters
    adds at its place, for all windows at once.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    number = len(codes) - WINDOW + 1
    hashes = np.full(number, crc32(bytes(4 * WINDOW)), np.uint32)
    is_in_one_plane = codes.max() < 1 << 16
    for place in range(WINDOW):
        here = codes[place : place + number]
        hashes ^= _added(place, 0, 2).take(here & 0xFFFF)
        if not is_in_one_plane:
            hashes ^= _added(place, 2, 1).take(here >> 16)
    return hashes.tolist()


@cache
def _added(place: int, first: int, number: int) -> npt.NDArray[np.uint32]:
    """Return what `number` bytes of a letter add to the CRC of its window, by their value."""
    nothing = crc32(bytes(4 * WINDOW))
    table = np.zeros(1, np.uint32)
    for at in range(4 * place + first, 4 * place + first + number):
        after = bytes(4 * WINDOW - at - 1)
        one = [crc32(bytes(at) + bytes([value]) + after) ^ nothing for value in range(256)]
        table = np.bitwise_xor.outer(np.array(one, np.uint32), table).ravel()
    return table


def _last_least(hashes: Sequence[int], start: int) -> tuple[int, int]:
    """Return the least hash of the SAMPLED_OVER from `start`, and where it stands last."""
    group = hashes[start : start + SAMPLED_OVER]
    least = min(group)
    return least, start + len(group) - 1 - group[::-1].index(least)


def stretches(text: str, samples: Sequence[Sample], digests: Collection[int]) -> Spans:
    """Return the parts of a text for which the samples with these digests stand.

    A sample stands for the text around it, half the way to its neighbours.
    """
    spans: Spans = []
    for number, found in enumerate(samples):
        if found.digest not in digests:
            continue
        before = samples[number - 1].position if number else None
        after = samples[number + 1].position if number + 1 < len(samples) else None
        start = 0 if before is None else (before + found.position + WINDOW) // 2
        end = len(text) if after is None else (found.position + after + WINDOW) // 2
        spans.append((start, end))
    return join(spans)


# --- Letter by letter -------------------------------------------------------------------


def windows(text: str) -> set[str]:
    """Return all windows of letters."""
    return {text[at : at + WINDOW] for at in range(len(text) - WINDOW + 1)}


def standing_in(text: str, known: Collection[str]) -> Spans:
    """Return the parts of letters whose windows are among the known ones."""
    starts = [at for at in range(len(text) - WINDOW + 1) if text[at : at + WINDOW] in known]
    return join([(at, at + WINDOW) for at in starts])


def share(text: str, common: Spans, aside: Spans) -> float:
    """Return which part of letters is in common, 0–1, those set aside not counted.

    If fewer than LEAST_LENGTH are left they are too few to judge by: then all count.
    """
    counted = len(text) - size(aside)
    if counted < LEAST_LENGTH:
        return size(common) / len(text) if text else 0.0
    return (size(common) - size(overlap(common, aside))) / counted


# --- Spans ------------------------------------------------------------------------------


def join(spans: Iterable[tuple[int, int]]) -> Spans:
    """Return spans in order, those that touch made one."""
    joined: Spans = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def overlap(some: Spans, others: Spans) -> Spans:
    """Return what lies in both; each must be in order and apart.

    >>> overlap([(0, 5), (8, 12)], [(3, 9)])
    [(3, 5), (8, 9)]
    """
    both: Spans = []
    one = two = 0
    while one < len(some) and two < len(others):
        start = max(some[one][0], others[two][0])
        end = min(some[one][1], others[two][1])
        if start < end:
            both.append((start, end))
        if some[one][1] < others[two][1]:
            one += 1
        else:
            two += 1
    return both


def size(spans: Spans) -> int:
    return sum(end - start for start, end in spans)


# --- For the eye ------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A run of a text as written: in common with the other, set aside as law, or neither."""

    text: str
    is_common: bool
    is_aside: bool


def pieces(text: str, common: Spans, aside: Spans) -> list[list[Piece]]:
    """Return the lines of a text, each cut where commonness begins or ends.

    `text` is as written, the spans are of its letters. What is no letter goes with the
    letter before it. Joined, the pieces give the lines; empty lines are left out.
    """
    blank = _NOT_PROSE.sub(lambda found: " " * len(found[0]), text)
    places = [at for at, c in enumerate(blank) for _ in _LETTERS[ord(c)]]
    marks = [(_written(common, places, text), True), (_written(aside, places, text), False)]
    cuts = sorted({0, len(text), *(at for spans, _ in marks for span in spans for at in span)})
    lines: list[list[Piece]] = [[]]
    for start, end in pairwise(cuts):
        is_common, is_aside = (_contains(spans, start) for spans, _ in marks)
        for number, part in enumerate(text[start:end].split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(Piece(part, is_common, is_aside))
    return [line for line in lines if any(piece.text.strip() for piece in line)]


def _written(spans: Spans, places: Sequence[int], text: str) -> Spans:
    """Return spans of letters as spans of the text they were taken from."""
    return join(
        (places[start], places[end] if end < len(places) else len(text)) for start, end in spans
    )


def _contains(spans: Spans, at: int) -> bool:
    number = bisect_right(spans, (at, float("inf"))) - 1
    return number >= 0 and spans[number][0] <= at < spans[number][1]


# --- Groups -----------------------------------------------------------------------------


def groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the groups that pairs make, each in order, the largest group first.

    >>> groups([(1, 2), (7, 8), (2, 3)])
    [[1, 2, 3], [7, 8]]
    """
    leader: dict[int, int] = {}

    def find(member: int) -> int:
        while leader.setdefault(member, member) != member:
            leader[member] = leader[leader[member]]
            member = leader[member]
        return member

    for one, other in pairs:
        low, high = sorted((find(one), find(other)))
        leader[high] = low
    members: dict[int, list[int]] = {}
    for member in sorted(leader):
        members.setdefault(find(member), []).append(member)
    return sorted(members.values(), key=lambda group: (-len(group), group[0]))
