"""All articles as vectors, in files that many processes read at once: for relating them all.

Each vector is what relatedness.vector makes of a bag: features as numbers, the weightiest first.
Beside them stands for each feature which vectors it leads, that is, weighs most in: from these
lists come the candidates, in no more steps for one of a million than of a hundred thousand.
A million vectors take about 500 MB, which the system keeps in memory once for all processes,
and 1.4 GB while they are written.
"""

import json
from array import array
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from . import relatedness
from .relatedness import Bag, Corpus, Match

LEADING = 16  # features of a vector by which it is found, and by which it finds
REACHED = 10_000  # vectors found by the weightiest feature; by others less, as they weigh less
CANDIDATES = 500  # vectors compared: of the exact best eight 99 % among 100,000, 92 % of a million
AT_ONCE = 50_000  # vectors weighed together

COLUMNS = ("ids", "starts", "entries", "led_starts", "led", "led_weights")
# Side by side: to read a vector anywhere among a million, waiting for the memory takes longest.
ENTRY = np.dtype([("feature", np.int32), ("weight", np.float32)])


def write(folder: Path, bags: Iterable[Bag]) -> None:
    """Write the vectors of bags, which come in order of their ids."""
    ids, starts, features, weights = array("q"), array("q", [0]), array("i"), array("f")
    numbers: dict[str, int] = {}
    for bag in bags:
        named = bag.features()
        features.extend([numbers.setdefault(name, len(numbers)) for name in named])
        weights.extend(named.values())
        ids.append(bag.id)
        starts.append(len(features))
    ids, starts = np.frombuffer(ids, np.int64), np.frombuffer(starts, np.int64)
    features, weights = np.frombuffer(features, np.int32), np.frombuffer(weights, np.float32)
    counts = np.bincount(features, minlength=len(numbers))
    corpus = Corpus(len(ids), dict(zip(numbers, counts.tolist(), strict=True)))
    rarity = np.array([corpus.rarity(name) for name in numbers])
    places = []
    for first in range(0, len(ids), AT_ONCE):
        places.append(_weigh(starts[first : first + AT_ONCE + 1], features, weights, rarity))
    places = np.concatenate(places or [starts[:0]])
    is_category = np.array([name.startswith("#") for name in numbers], bool)
    places = places[~is_category[features[places]]]
    places = _reached(places, features, weights)
    entries = np.empty(len(features), ENTRY)
    entries["feature"], entries["weight"] = features, weights
    columns = {
        "ids": ids,
        "starts": starts,
        "entries": entries,
        "led_starts": np.searchsorted(features[places], np.arange(len(numbers) + 1)),
        "led": np.searchsorted(starts, places, side="right") - 1,
        "led_weights": weights[places],
    }
    for name in COLUMNS:
        np.save(folder / f"{name}.npy", columns[name])
    (folder / "names").write_text(json.dumps(list(numbers)))


def _weigh(starts, features, weights, rarity) -> np.ndarray:
    """Turn some bags in place into vectors; return where their leading features stand."""
    here, lengths = slice(starts[0], starts[-1]), np.diff(starts)
    rows = np.repeat(np.arange(len(lengths)), lengths)
    weighed = weights[here] * rarity[features[here]]
    weighed /= np.sqrt(np.bincount(rows, weighed * weighed, len(lengths)))[rows]
    order = np.lexsort((-weighed, rows))
    features[here], weights[here] = features[here][order], weighed[order]
    places = np.arange(starts[0], starts[-1])
    return places[places - starts[rows] < LEADING]


def _reached(places, features, weights) -> np.ndarray:
    """Return the places by feature, of each those where it weighs most: REACHED, first these."""
    places = places[np.lexsort((-weights[places], features[places]))]
    led = features[places]
    rank = np.arange(len(led)) - np.searchsorted(led, led)
    return places[rank < REACHED]


class Vectors:
    """The vectors that `write` wrote. Not to be shared between threads."""

    def __init__(self, folder: Path):
        self.names: list[str] = json.loads((folder / "names").read_text())
        self.ids, self.starts, self.entries, self.led_starts, self.led, self.led_weights = (
            np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in COLUMNS
        )
        # Nothing but noughts outside a method.
        self._own = np.zeros(len(self.names))
        self._scores = np.zeros(len(self.ids), np.float32)

    def __contains__(self, pk: int) -> bool:
        return self._row(pk) is not None

    def nearest(
        self, pk: int, limit: int, among: np.ndarray | None = None
    ) -> list[tuple[float, int]]:
        """Return (score, id) of those most like an article, best first; ties by higher id.

        Among the rows given, none of them empty, or among its candidates.
        """
        row = self._row(pk)
        others = self._candidates(row) if among is None else among
        others = others[others != row]
        if not len(others):
            return []
        scores = self._likeness(row, others).round(4)
        best = np.lexsort((others, scores))[::-1][:limit]
        best = best[scores[best] >= relatedness.LEAST_SCORE]
        return list(zip(scores[best].tolist(), self.ids[others[best]].tolist(), strict=True))

    def match(self, pk: int, other: int) -> Match:
        """Return what makes two articles alike."""
        own, its = (dict(self._entries(self._row(one)).tolist()) for one in (pk, other))
        shared = {self.names[number]: own[number] * its[number] for number in own if number in its}
        return relatedness.explain(other, round(sum(shared.values()), 4), shared)

    def _candidates(self, row: int) -> np.ndarray:
        """Return the rows that are worth comparing with one: most like it by leading features.

        The square of a weight is the feature's part in the vector.
        """
        scores, found = self._scores, [self.led[:0]]
        entries = self._entries(row)[:LEADING].tolist()
        for feature, weight in entries:
            start, end = self.led_starts[feature : feature + 2].tolist()
            reached = round(REACHED * (weight / entries[0][1]) ** 2)
            led = slice(start, min(end, start + reached))
            rows = self.led[led]
            before = scores[rows]
            scores[rows] = before + weight * self.led_weights[led]
            found.append(rows[before == 0])
        rows = np.concatenate(found)
        likeness = scores[rows]
        scores[rows] = 0
        if len(rows) > CANDIDATES:
            rows = rows[np.argpartition(likeness, -CANDIDATES)[-CANDIDATES:]]
        return rows

    def _likeness(self, row: int, others: np.ndarray) -> np.ndarray:
        """Return the cosine of a vector with each of the others."""
        starts = self.starts[others]
        lengths = self.starts[others + 1] - starts
        firsts = np.cumsum(lengths) - lengths
        places = np.repeat(starts - firsts, lengths) + np.arange(lengths.sum())
        own, entries = self._entries(row), self.entries[places]
        self._own[own["feature"]] = own["weight"]
        products = self._own[entries["feature"]] * entries["weight"]
        self._own[own["feature"]] = 0
        return np.add.reduceat(products, firsts)

    def _row(self, pk: int) -> int | None:
        row = int(np.searchsorted(self.ids, pk))
        return row if row < len(self.ids) and self.ids[row] == pk else None

    def _entries(self, row: int) -> np.ndarray:
        return self.entries[self.starts[row] : self.starts[row + 1]]
