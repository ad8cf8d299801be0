"""All articles as vectors, in files that many processes read at once: for relating them all.

Each vector is what relatedness.vector makes of a bag, features as numbers; a million take
about 400 MB, which the system keeps in memory once however many processes read them.
"""

import json
import math
import mmap
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise, repeat
from operator import mul
from pathlib import Path

from . import relatedness
from .relatedness import Bag, Corpus, Match

COLUMNS = {"ids": "q", "starts": "q", "features": "i", "weights": "f"}


def write(folder: Path, bags: Iterable[Bag]) -> None:
    """Write the vectors of bags, which come in order of their ids."""
    columns = {name: array(kind) for name, kind in COLUMNS.items()}
    ids, starts, features, weights = columns.values()
    numbers: dict[str, int] = {}
    starts.append(0)
    for bag in bags:
        named = bag.features()
        features.extend([numbers.setdefault(name, len(numbers)) for name in named])
        weights.extend(named.values())
        ids.append(bag.id)
        starts.append(len(features))
    counts = Counter(features)
    corpus = Corpus(len(ids), {name: counts[number] for name, number in numbers.items()})
    rarity = [corpus.rarity(name) for name in numbers]
    for start, end in pairwise(starts):
        row = list(map(mul, weights[start:end], map(rarity.__getitem__, features[start:end])))
        length = math.sqrt(sum(map(mul, row, row))) or 1.0
        weights[start:end] = array("f", [weight / length for weight in row])
    for name, column in columns.items():
        with (folder / name).open("wb") as file:
            column.tofile(file)
    (folder / "names").write_text(json.dumps(list(numbers)))


class Vectors:
    """The vectors that `write` wrote."""

    def __init__(self, folder: Path):
        self.names: list[str] = json.loads((folder / "names").read_text())
        self.ids, self.starts, self.features, self.weights = (
            self._open(folder / name, kind) for name, kind in COLUMNS.items()
        )

    @staticmethod
    def _open(path: Path, kind: str) -> memoryview | array:
        with path.open("rb") as file:
            if not path.stat().st_size:
                return array(kind)
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)).cast(kind)

    def __contains__(self, pk: int) -> bool:
        return self._row(pk) is not None

    def vector(self, pk: int) -> dict[str, float]:
        numbers, weights = self._columns(self._row(pk))
        return {self.names[number]: weight for number, weight in zip(numbers, weights, strict=True)}

    def nearest(self, pk: int, others: Iterable[int], limit: int) -> list[tuple[float, int]]:
        """Return (score, id) of those of the others most like an article, best first."""
        own = dict(zip(*self._columns(self._row(pk)), strict=True)).get
        ids, starts, features, weights = self.ids, self.starts, self.features, self.weights
        size, nothing, scores = len(ids), repeat(0.0), []
        for other in others:
            row = bisect_left(ids, other)
            if row == size or ids[row] != other or other == pk:
                continue
            start, end = starts[row], starts[row + 1]
            shared = map(own, features[start:end].tolist(), nothing)
            scores.append((sum(map(mul, shared, weights[start:end].tolist())), other))
        scores.sort(reverse=True)
        best = ((round(score, 4), other) for score, other in scores[: 2 * limit])
        least = relatedness.LEAST_SCORE
        return sorted((line for line in best if line[0] >= least), reverse=True)[:limit]

    def match(self, pk: int, other: int) -> Match | None:
        """Return what makes two articles alike; None if it is no more than their category."""
        own = dict(zip(*self._columns(self._row(pk)), strict=True))
        shared = {
            self.names[number]: own[number] * weight
            for number, weight in zip(*self._columns(self._row(other)), strict=True)
            if number in own
        }
        if all(name.startswith("#") for name in shared):
            return None
        return relatedness.explain(other, round(sum(shared.values()), 4), shared)

    def _row(self, pk: int) -> int | None:
        row = bisect_left(self.ids, pk)
        return row if row < len(self.ids) and self.ids[row] == pk else None

    def _columns(self, row: int) -> tuple[list[int], list[float]]:
        start, end = self.starts[row], self.starts[row + 1]
        return self.features[start:end].tolist(), self.weights[start:end].tolist()
