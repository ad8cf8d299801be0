"""The piece of a text that answers a question, its words marked. Pure: no Django."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from statutes import terms

_BREAK = re.compile(r"[。！？；\n]")
LIGHT = 0.4  # of the weightiest word: what is lighter has no say in which stretch is shown
MOST_SPANS = 400  # of one text that are looked at
_REACH = 12  # characters a snippet may begin earlier to begin with a sentence


@dataclass(frozen=True)
class Piece:
    """A stretch of text, marked where it is what was asked for. Joined, pieces give the text."""

    text: str
    is_marked: bool


def mark(text: str, words: Iterable[str]) -> list[Piece]:
    """Return a text cut into pieces, those marked that are words asked for.

    Words are as `terms.plain` leaves them; whatever their width or case is in the text, it stays.

    >>> mark("还清网贷", ["网贷"])
    [Piece(text='还清', is_marked=False), Piece(text='网贷', is_marked=True)]
    """
    pieces, end = [], 0
    for start, stop in _spans(_searched(text), words):
        if start > end:
            pieces.append(Piece(text[end:start], False))
        pieces.append(Piece(text[start:stop], True))
        end = stop
    if end < len(text):
        pieces.append(Piece(text[end:], False))
    return pieces


def snippet(text: str, words: Mapping[str, float], length: int = 120) -> list[Piece]:
    """Return the stretch of a text, at most `length` characters, with the weightiest words in it.

    Each word counts once; of equals the first stretch that has them closest. It begins with a
    sentence if one is near, and …… stands where text was left out.
    """
    if len(text) <= length:
        return mark(text, words)
    least = max(words.values(), default=0.0) * LIGHT
    heavy = [word for word, weight in words.items() if weight >= least]
    searched = _searched(text)
    spans = _spans(searched, heavy)[:MOST_SPANS]
    said = [searched[start:stop] for start, stop in spans]
    best, best_score, first = 0, 0.0, 0
    for last, (_, stop) in enumerate(spans):
        while stop - spans[first][0] > length:
            first += 1
        inside = said[first : last + 1]
        there = "\n".join(inside)
        score = sum(weight for word, weight in words.items() if word in there)
        if score > best_score + 1e-9:
            while inside[0] in inside[1:]:
                first, inside = first + 1, inside[1:]
            best, best_score = spans[first][0], score
    start = _begin(text, best, max(0, len(text) - length))
    piece = text[start : start + length]
    before = [Piece("……", False)] if start else []
    after = [Piece("……", False)] if start + length < len(text) else []
    return before + mark(piece, words) + after


def _begin(text: str, at: int, latest: int) -> int:
    """Return where to begin so that `at` is in sight: at a sentence, else a little before."""
    for back in range(3 * _REACH):
        place = at - back
        if place <= 0:
            return 0
        if _BREAK.match(text, place - 1):
            return place
    return min(max(0, at - _REACH), latest)


def _searched(text: str) -> str:
    """Return a text as it is searched, of the same length: each place is where it was."""
    searched = terms.searchable(text)
    return searched if len(searched) == len(text) else text.lower()  # ㎡ became m2


def _spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Return where words asked for stand, in order, overlapping ones joined."""
    spans: list[tuple[int, int]] = []
    for start, stop in sorted(_places(text, words)):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        else:
            spans.append((start, stop))
    return spans


def _places(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        place = text.find(word) if len(word) > 1 else -1
        while place >= 0:
            yield place, place + len(word)
            place = text.find(word, place + 1)
