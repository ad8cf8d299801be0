"""What became of each provision in another version, and which words changed. Pure.

`align` pairs the provisions of two texts, `diff_words` marks the changes in one pair.

A pair must be alike in words and stand in the order of the text; what moved elsewhere must be
more alike to be believed. Likeness is measured twice: by the characters in common (Indel, by
rapidfuzz), and by the rarer runs of three characters in common, because phrases such as 由公安机关
处五日以下拘留 make unlike rules look alike. Candidates come from an index of those runs, so that
1,260 × 1,260 provisions do not mean 1.6 million comparisons.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from statutes.terms import segment


class Relation(StrEnum):
    """What became of a provision. A renumbered one may be amended too: see its likeness."""

    UNCHANGED = "unchanged"  # same number, same words
    AMENDED = "amended"  # same number, other words
    RENUMBERED = "renumbered"  # other number
    SPLIT = "split"  # one became several
    MERGED = "merged"  # several became one
    ADDED = "added"  # new
    REPEALED = "repealed"  # gone


class Provision(Protocol):
    """What `align` needs to know of a provision."""

    @property
    def number(self) -> int: ...
    @property
    def suffix(self) -> int: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Link:
    """An old provision and its successor, as positions in the sequences given to `align`.

    `likeness` is 1.0 for the same words and 0.0 without a counterpart. Of a part that was split
    off or merged it is the share of the part that is found there.
    """

    old: int | None  # None if added
    new: int | None  # None if repealed
    relation: Relation
    likeness: float


# --- provisions ----------------------------------------------------------------------------

_SHINGLE = 3  # characters
_CANDIDATES = 8  # of each provision, the likeliest
_COMMON = 0.05  # runs found in more of the provisions than this tell nothing,
_FEW, _MANY = 4, 64  # but at least and at most in so many provisions
_IN_ORDER = 0.24  # least score of a pair that keeps the order
_MOVED = 0.37  # least score of a pair that does not
_FOUND_AGAIN = 0.65  # least likeness of a sentence to be the same elsewhere,
_BETTER = 0.10  # and more than in the provision's successor by so much
_PART_OF_WHOLE = 0.10  # least share of a provision that makes a part of it
_SPLIT_OFF = 0.30  # least share of a new provision that an old one gave, to be split off it
_MERGED = 0.42  # least share of an old provision that a new one took, to be merged into it
_CERTAIN = 0.60  # a score above which a pair is not doubted
_MOSTLY = 0.50  # least share of a provision found elsewhere, to undo its pair,
_MUCH = 1.4  # and so many times what is found in the other half of the pair
_TRIVIAL = 8  # characters that two provisions may share by chance
_SAME_NUMBER = 0.03  # added to the score of a pair: renumbering is the exception

# What says nothing about likeness: space, quotation marks, parentheses; and half-width signs,
# which one source prints where another has full-width ones.
_NOISE = re.compile(r"[\s“”\"'‘’「」（）()〈〉《》<>]")

_SENTENCE_END = re.compile(r"[。；：]")
_FULL_WIDTH = str.maketrans(":;,?!()", "：；，？！（）")


def align(old: Sequence[Provision], new: Sequence[Provision]) -> list[Link]:
    """Return what became of every provision, in the order of `new`, the repealed ones last.

    Every position of both sequences is in at least one link. The sequences may be versions of
    one statute or different statutes.
    """
    old_texts = [_bare(provision.text) for provision in old]
    new_texts = [_bare(provision.text) for provision in new]
    index = _Index(old_texts, new_texts)
    scores = index.scores(_numbers_in_common(old, new))
    pairs = _in_order(scores)
    _add_moved(pairs, scores)
    return list(_Links(old, new, pairs, _Parts(pairs, scores, index)))


def same_words(old: str, new: str) -> bool:
    """Return whether two texts differ in nothing but space, quotation marks and widths."""
    return _bare(old) == _bare(new)


def _bare(text: str) -> str:
    return _NOISE.sub("", text).translate(_FULL_WIDTH)


def _numbers_in_common(old: Sequence[Provision], new: Sequence[Provision]) -> set[tuple[int, int]]:
    places = {(provision.number, provision.suffix): i for i, provision in enumerate(new)}
    keys = ((i, places.get((p.number, p.suffix))) for i, p in enumerate(old))
    return {(i, j) for i, j in keys if j is not None}


class _Index:
    """Runs of three characters, and which provisions hold them; rare ones weigh more."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._old_texts, self._new_texts = old, new
        self._old_sentences = [_sentences(text) for text in old]
        self._new_sentences = [_sentences(text) for text in new]
        self._old = [_shingles(text) for text in old]
        self._new = [_shingles(text) for text in new]
        found_in = Counter(shingle for held in (*self._old, *self._new) for shingle in held)
        total = len(old) + len(new)
        self._weights = {
            shingle: math.log(1 + total / count) for shingle, count in found_in.items()
        }
        most = min(max(_FEW, total * _COMMON), _MANY)
        self._holders: dict[str, list[int]] = defaultdict(list)
        for i, held in enumerate(self._old):
            for shingle in held:
                if found_in[shingle] <= most:
                    self._holders[shingle].append(i)
        self._old_weights = [self._weight(held) or 1.0 for held in self._old]
        self._new_weights = [self._weight(held) or 1.0 for held in self._new]

    def scores(self, same_number: set[tuple[int, int]]) -> dict[tuple[int, int], float]:
        """Return the score of every pair worth considering."""
        pairs = set(same_number)
        for j in range(len(self._new)):
            pairs.update((i, j) for i in self._likeliest(j))
        scores = {
            (i, j): _steady(self._score(i, j) + _SAME_NUMBER * ((i, j) in same_number))
            for i, j in pairs
        }
        return self._without_rivals_of_twins(scores)

    def _without_rivals_of_twins(
        self, scores: dict[tuple[int, int], float]
    ) -> dict[tuple[int, int], float]:
        """Leave a provision that stands word for word once in both texts no other choice."""
        old_at, new_at = _only_places(self._old_texts), _only_places(self._new_texts)
        twins = {(i, new_at[text]) for text, i in old_at.items() if text in new_at}
        taken_old, taken_new = {i for i, _ in twins}, {j for _, j in twins}
        free = {
            (i, j): score
            for (i, j), score in scores.items()
            if i not in taken_old and j not in taken_new
        }
        return free | dict.fromkeys(twins, 1.0)

    def shared(self, i: int, j: int) -> float:
        """Return the weight of what old `i` and new `j` have in common."""
        return self._weight(self._old[i] & self._new[j])

    def share_of_old(self, i: int, j: int) -> float:
        """Return how much of old `i` is found in new `j`, 0–1."""
        return self.shared(i, j) / self._old_weights[i]

    def share_of_new(self, i: int, j: int) -> float:
        """Return how much of new `j` is found in old `i`, 0–1."""
        return self.shared(i, j) / self._new_weights[j]

    def split_off(self, i: int, j: int, successor: int) -> tuple[float, float]:
        """Return how much of old `i` went to new `j` and not to its `successor`, as shares of
        the old and of the new.
        """
        old, new = self._old_sentences[i], self._new_sentences[j]
        of_old, of_new = _went(old, new, self._new_sentences[successor])
        left = self._weight((self._old[i] & self._new[j]) - self._new[successor])
        return (
            max(of_old, left / self._old_weights[i]),
            max(of_new, left / self._new_weights[j]),
        )

    def merged(self, i: int, j: int, predecessor: int) -> float:
        """Return how much of old `i` is in new `j` and not from its `predecessor`, as a share
        of the old.
        """
        old, new = self._old_sentences[i], self._new_sentences[j]
        return _went(new, old, self._old_sentences[predecessor])[1]

    def _score(self, i: int, j: int) -> float:
        old, new = self._old_texts[i], self._new_texts[j]
        if old == new:
            return 1.0
        shared = self.shared(i, j)
        weights = self._old_weights[i], self._new_weights[j]
        cosine = shared / math.sqrt(weights[0] * weights[1])
        contained = shared / min(weights)
        return 0.4 * fuzz.ratio(old, new) / 100 + 0.4 * cosine + 0.2 * contained

    def _likeliest(self, j: int) -> list[int]:
        common: dict[int, float] = defaultdict(float)
        for shingle in self._new[j]:
            weight = self._weights[shingle]
            for i in self._holders.get(shingle, ()):
                common[i] += weight
        ranked = sorted(
            common, key=lambda i: (-_steady(common[i] / math.sqrt(self._old_weights[i])), i)
        )
        return ranked[:_CANDIDATES]

    def _weight(self, shingles: Iterable[str]) -> float:
        return sum(self._weights[shingle] for shingle in shingles)


def _steady(value: float) -> float:
    """Round away what depends on the order in which a set is added up."""
    return round(value, 9)


def _shingles(text: str) -> set[str]:
    return {text[i : i + _SHINGLE] for i in range(max(1, len(text) - _SHINGLE + 1))}


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence]


def _went(
    source: Sequence[str], target: Sequence[str], instead: Sequence[str]
) -> tuple[float, float]:
    """Return the shares of `source` and `target` that are sentences of the one found again in
    the other, and not as well in `instead`.
    """
    given = received = 0.0
    for sentence in source:
        found = [(fuzz.ratio(sentence, other) / 100, other) for other in target]
        likeness, match = max(found, default=(0.0, ""))
        rival = max((fuzz.ratio(sentence, other) / 100 for other in instead), default=0.0)
        if likeness >= max(_FOUND_AGAIN, rival + _BETTER):
            given += likeness * len(sentence)
            received += likeness * len(match)
    whole_source, whole_target = sum(map(len, source)), sum(map(len, target))
    return given / max(whole_source, 1), min(received / max(whole_target, 1), 1.0)


def _only_places(texts: Sequence[str]) -> dict[str, int]:
    """Return where each text stands that stands only once, and says more than （删去）."""
    times = Counter(texts)
    return {text: i for i, text in enumerate(texts) if times[text] == 1 and len(text) > _TRIVIAL}


def _in_order(scores: dict[tuple[int, int], float]) -> dict[int, int]:
    """Return the pairs that together score best without crossing: new → old.

    The heaviest increasing subsequence, by a Fenwick tree over the old positions.
    """
    candidates = sorted(
        ((j, -i, score - _IN_ORDER) for (i, j), score in scores.items() if score > _IN_ORDER)
    )
    size = max((-i for _, i, _ in candidates), default=-1) + 2
    best: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)  # gain, index of its last pair
    gains: list[float] = []
    before: list[int] = []
    for number, (_, negative, gain) in enumerate(candidates):
        position = -negative  # pairs must end before this old position
        total, last = 0.0, -1
        at = position
        while at > 0:
            total, last = max((total, last), best[at])
            at -= at & -at
        gains.append(total + gain)
        before.append(last)
        at = position + 1
        while at <= size:
            best[at] = max(best[at], (gains[-1], number))
            at += at & -at
    pairs = {}
    number = max(range(len(gains)), key=gains.__getitem__, default=-1)
    while number >= 0:
        j, negative, _ = candidates[number]
        pairs[j] = -negative
        number = before[number]
    return pairs


def _add_moved(pairs: dict[int, int], scores: dict[tuple[int, int], float]) -> None:
    """Pair what is left, the most alike first, wherever it stands."""
    taken = set(pairs.values())
    for (i, j), score in sorted(scores.items(), key=lambda entry: (-entry[1], entry[0])):
        if score < _MOVED:
            break
        if j not in pairs and i not in taken:
            pairs[j] = i
            taken.add(i)


class _Parts:
    """What was split off a provision that has a successor, or merged into one.

    A part is what the successor does not hold: a new rule that merely repeats the words of an
    old one is an added rule.
    """

    def __init__(
        self, pairs: dict[int, int], scores: dict[tuple[int, int], float], index: _Index
    ) -> None:
        self.split_off: dict[int, tuple[int, float]] = {}  # new → old, share of the new
        self.merged: dict[int, tuple[int, float]] = {}  # old → new, share of the old
        self._pairs, self._scores, self._index = pairs, scores, index
        self._successor = {i: j for j, i in pairs.items()}
        self._find()

    def _find(self) -> None:
        splits, merges = self._best_parts()
        for j, i in list(self._pairs.items()):
            if self._scores[i, j] < _CERTAIN and self._is_misplaced(i, j, splits, merges):
                del self._pairs[j]
                del self._successor[i]
        splits, merges = self._best_parts()
        self.split_off = {j: part for j, part in splits.items() if j not in self._pairs}
        self.merged = {i: part for i, part in merges.items() if i not in self._successor}

    def _best_parts(self) -> tuple[dict[int, tuple[int, float]], dict[int, tuple[int, float]]]:
        """Return for each new provision the old one it may be a part of, and the reverse."""
        splits: dict[int, tuple[int, float]] = {}
        merges: dict[int, tuple[int, float]] = {}
        index = self._index
        for i, j in sorted(self._scores):
            successor, predecessor = self._successor.get(i), self._pairs.get(j)
            if max(index.share_of_old(i, j), index.share_of_new(i, j)) < _PART_OF_WHOLE:
                continue
            if successor is not None and successor != j:
                of_old, of_new = index.split_off(i, j, successor)
                if of_old >= _PART_OF_WHOLE and of_new >= _SPLIT_OFF:
                    splits[j] = max(splits.get(j, (i, 0.0)), (i, of_new), key=_share)
            if predecessor is not None and predecessor != i:
                of_old = index.merged(i, j, predecessor)
                if of_old >= _MERGED:
                    merges[i] = max(merges.get(i, (j, 0.0)), (j, of_old), key=_share)
        return splits, merges

    def _is_misplaced(
        self,
        i: int,
        j: int,
        splits: dict[int, tuple[int, float]],
        merges: dict[int, tuple[int, float]],
    ) -> bool:
        """Return whether one side of a weak pair belongs, much better, to another provision."""
        _, of_new = splits.get(j, (0, 0.0))
        _, of_old = merges.get(i, (0, 0.0))
        return of_new > max(_MOSTLY, _MUCH * self._index.share_of_new(i, j)) or of_old > max(
            _MOSTLY, _MUCH * self._index.share_of_old(i, j)
        )


def _share(part: tuple[int, float]) -> float:
    return part[1]


class _Links:
    """Writes the links that follow from pairs and parts."""

    def __init__(
        self,
        old: Sequence[Provision],
        new: Sequence[Provision],
        pairs: dict[int, int],
        parts: _Parts,
    ) -> None:
        self._old, self._new = old, new
        self._pairs, self._parts = pairs, parts
        self._split = {i for i, _ in parts.split_off.values()}
        self._merged = {j for j, _ in parts.merged.values()}

    def __iter__(self) -> Iterator[Link]:
        merged_into = defaultdict(list)
        for i, (j, share) in self._parts.merged.items():
            merged_into[j].append(Link(i, j, Relation.MERGED, share))
        for j in range(len(self._new)):
            yield self._to_new(j)
            yield from merged_into[j]
        kept = set(self._pairs.values()) | set(self._parts.merged)
        for i in range(len(self._old)):
            if i not in kept:
                yield Link(i, None, Relation.REPEALED, 0.0)

    def _to_new(self, j: int) -> Link:
        if j in self._parts.split_off:
            i, share = self._parts.split_off[j]
            return Link(i, j, Relation.SPLIT, share)
        if j not in self._pairs:
            return Link(None, j, Relation.ADDED, 0.0)
        i = self._pairs[j]
        old, new = self._old[i], self._new[j]
        likeness = fuzz.ratio(_bare(old.text), _bare(new.text)) / 100
        if i in self._split:
            return Link(i, j, Relation.SPLIT, likeness)
        if j in self._merged:
            return Link(i, j, Relation.MERGED, likeness)
        if (old.number, old.suffix) != (new.number, new.suffix):
            return Link(i, j, Relation.RENUMBERED, likeness)
        return Link(i, j, Relation.UNCHANGED if likeness == 1 else Relation.AMENDED, likeness)


# --- words ---------------------------------------------------------------------------------


class Change(StrEnum):
    EQUAL = "equal"
    DELETE = "delete"
    INSERT = "insert"


@dataclass(frozen=True)
class Op:
    """A run of words kept, deleted or inserted."""

    change: Change
    text: str


# Never cut: 第一百二十条之一, 五百元, 2026年1月1日, 五日以上; and the words that command or allow.
_WHOLE = re.compile(
    r"""
    \d{4}年\d{1,2}月\d{1,2}日
    | 第[零〇一二两三四五六七八九十百千万\d]{1,9}[条款项章节编](?:之[一二三四五六七八九十]{1,3})?
    | [零〇一二两三四五六七八九十百千万亿\d]{1,12}
      (?:(?:个工作)?日|个月|元|年|月|倍|人|次|周岁|个|名|%|％)?(?:以上|以下|以内)?
    | [（(][一二三四五六七八九十\d]{1,4}[）)]
    | 股东大会|应当|可以|不得|必须|应予|不予|有权|无权|或者|并且|以及|并处|可以并处|单处
    | \s+
    """,
    re.VERBOSE,
)
_SHORT = 2  # kept runs of fewer characters between two changes read worse than one change


def diff_words(old: str, new: str) -> list[Op]:
    """Return the changes from `old` to `new`, a deletion before the insertion it makes room for.

    >>> [(op.change.value, op.text) for op in diff_words("处五百元罚款", "处一千元罚款")]
    [('equal', '处'), ('delete', '五百元'), ('insert', '一千元'), ('equal', '罚款')]

    Equal and inserted runs together are `new`, equal and deleted ones `old`, but for marks that
    one source prints in half width and the other in full: those are no change. Words are not
    cut, nor are numbers with their unit.
    """
    old_words, new_words = list(_words(old)), list(_words(new))
    ops: list[tuple[str, str, str]] = []  # equal, deleted, inserted
    for op in LCSseq.opcodes(_one_width(old_words), _one_width(new_words)):
        before = "".join(old_words[op.src_start : op.src_end])
        after = "".join(new_words[op.dest_start : op.dest_end])
        ops.append((after, "", "") if op.tag == "equal" else ("", before, after))
    return list(_written(_grouped(ops)))


def _one_width(words: Iterable[str]) -> list[str]:
    return [word.translate(_FULL_WIDTH) for word in words]


def _words(text: str) -> Iterator[str]:
    start = 0
    for match in _WHOLE.finditer(text):
        yield from segment(text[start : match.start()])
        yield match[0]
        start = match.end()
    yield from segment(text[start:])


def _grouped(ops: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Join changes that stand side by side, or with next to nothing kept between them."""
    deleted = inserted = ""
    for number, (equal, before, after) in enumerate(ops):
        between_changes = (deleted or inserted) and number + 1 < len(ops)
        if equal and not (between_changes and len(equal) < _SHORT and equal not in "。；\n"):
            if deleted or inserted:
                yield "", deleted, inserted
                deleted = inserted = ""
            yield equal, "", ""
        else:
            deleted += before + equal
            inserted += after + equal
    if deleted or inserted:
        yield "", deleted, inserted


def _written(ops: Iterable[tuple[str, str, str]]) -> Iterator[Op]:
    for equal, deleted, inserted in ops:
        if equal:
            yield Op(Change.EQUAL, equal)
        if deleted:
            yield Op(Change.DELETE, deleted)
        if inserted:
            yield Op(Change.INSERT, inserted)
