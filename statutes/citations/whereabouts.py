"""Where the words of a quotation really stand. Pure.

An index of runs of characters over all provisions, kept by `statutes.passages`, gives a few
candidates; the candidates are compared one by one.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from math import ceil
from typing import Generic, TypeVar
from zlib import crc32

from statutes.citations.comparing import Agreement, Comparison, bare, compare

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Match(Generic[Key]):
    """A provision that a quotation may come from."""

    key: Key
    comparison: Comparison

    @property
    def strength(self) -> float:
        """How surely the words are from there: 2.0 exact, 1.0 partial, less if altered."""
        faithful = {Agreement.EXACT: 2.0, Agreement.PARTIAL: 1.0}
        return faithful.get(self.comparison.agreement, self.comparison.likeness)


def best_match(quotation: str, candidates: Iterable[tuple[Key, str]]) -> Match[Key] | None:
    """Return the candidate, a key and its text, that the quotation agrees with best.

    The first wins among equals, so name first what is likeliest: the law cited, the newest
    version. None without candidates.
    """
    matches = (Match(key, compare(quotation, text)) for key, text in candidates)
    return max(matches, key=lambda match: match.strength, default=None)


class Standing(StrEnum):
    """What a quotation is, when all is known."""

    EXACT = "exact"
    PARTIAL = "partial"
    EXCERPT = "excerpt"
    ALTERED = "altered"
    ELSEWHERE = "elsewhere"  # the words of another provision, another version, another statute
    NOWHERE = "nowhere"


@dataclass(frozen=True)
class Judgement(Generic[Key]):
    standing: Standing
    match: Match[Key] | None = None  # where the words stand, if elsewhere


# Least likeness of altered words to be those of another provision, of the statute cited and of
# any other; and so much more than to those of the provision cited.
_SURE_AT_HOME, _SURE_ABROAD = 0.35, 0.55
_BETTER = 0.12
_NEARLY = 0.9  # a likeness above which some clauses found in another statute prove nothing
_NOWHERE = 0.25  # a likeness below which words are not even an altered form of a provision


def judge(
    quotation: str,
    cited: Comparison | None,
    at_home: Iterable[tuple[Key, str]],
    abroad: Iterable[tuple[Key, str]],
) -> Judgement[Key]:
    """Judge a quotation by its comparison with the provision cited, and by its rivals.

    `cited` is None where the statute has no such provision. The rivals, keys and texts, are the
    other provisions of the same statute in any version, and those of other statutes; they are
    looked at only if needed.
    """
    if cited and cited.agreement is not Agreement.ALTERED:
        return Judgement(Standing(cited.agreement.value))
    likeness = cited.likeness if cited else 0.0
    if likeness == 1.0:  # its words stand there in a row, torn from what denies them
        return Judgement(Standing.ALTERED)
    home = best_match(quotation, at_home)
    if home and _is_rather(home.comparison, likeness, _SURE_AT_HOME):
        return Judgement(Standing.ELSEWHERE, home)
    away = best_match(quotation, abroad)
    proves = away and (away.comparison.agreement is Agreement.EXACT or likeness < _NEARLY)
    if proves and _is_rather(away.comparison, likeness, _SURE_ABROAD):
        return Judgement(Standing.ELSEWHERE, away)
    return Judgement(Standing.NOWHERE if likeness < _NOWHERE else Standing.ALTERED)


def _is_rather(rival: Comparison, likeness: float, sure: float) -> bool:
    """Return whether words are the rival's rather than those of the provision cited."""
    return rival.is_faithful or rival.likeness >= max(sure, likeness + _BETTER)


_RUN = 4  # characters
_KEPT = 2  # one run in so many is indexed, the same ones in every text
_MOST_HOLDERS = 400  # a run in more provisions than this tells nothing


def postings(holder: int, text: str) -> list[int]:
    """Return the runs of a text, each with its holder in one number; `holder` is below 2**32."""
    return [run << 32 | holder for run in _runs(bare(text))]


def holders_of(quotation: str, index: Sequence[int]) -> list[int]:
    """Return the holders that share runs with a quotation, the likeliest first.

    `index` is the postings of many texts, sorted.
    """
    shared: Counter[int] = Counter()
    for holders in _rare(quotation, index):
        for holder in holders:
            shared[holder] += 1 / len(holders) ** 0.5
    return sorted(shared, key=lambda holder: (-shared[holder], holder))


_MOST_OF_IT = 0.5  # of the runs of what is quoted word for word, even with a clause left out


def holding_most(quotation: str, index: Sequence[int]) -> list[int]:
    """Return the holders, few or none, that may say all of a quotation, not only parts of it."""
    rare = sorted(_rare(quotation, index), key=len)
    least = ceil(_MOST_OF_IT * len(rare))
    # Who shares so many runs of all shares one of any of the others and one more.
    likely = set(chain.from_iterable(rare[: len(rare) - least + 1]))
    shared = Counter(holder for holder in chain.from_iterable(rare) if holder in likely)
    return [holder for holder, number in shared.items() if number >= least]


def _rare(quotation: str, index: Sequence[int]) -> Iterator[list[int]]:
    """Yield for each run of a quotation who holds it, where no more than some do."""
    for run in sorted(_runs(bare(quotation))):
        start = bisect_left(index, run << 32)
        end = bisect_left(index, run + 1 << 32, start, min(start + _MOST_HOLDERS + 1, len(index)))
        if end - start <= _MOST_HOLDERS:
            yield [posting & 0xFFFFFFFF for posting in index[start:end]]


def _runs(text: str) -> set[int]:
    """Return the hashes of the runs of a text that are kept."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    width = 2 * _RUN
    hashes = {
        crc32(encoded[at : at + width]) for at in range(0, max(1, len(encoded) - width + 1), 2)
    }
    return {run for run in hashes if run % _KEPT == 0}
