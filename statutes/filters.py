"""The list of statutes narrowed by kind, subject and standing, with counts. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from statutes.timeline import Standing

# Query parameters, in the order in which statutes are counted by them.
LABELS = {"kind": "类别", "subject": "领域", "standing": "效力"}
STANDINGS = [Standing.IN_FORCE, Standing.COMING, Standing.REPEALED, Standing.UNVERIFIED]


class Choice(NamedTuple):
    value: str
    count: int
    query: str  # of the list with this choice
    is_chosen: bool


class Filter(NamedTuple):
    label: str
    choices: list[Choice]  # those that leave anything
    query: str  # of the list without this filter
    is_used: bool


class Filters:
    """What a reader chose, and what there is to choose.

    `counted` says how many statutes there are of each (kind, subject, standing). Raises
    ValueError for a choice that there is not.
    """

    def __init__(self, parameters: Mapping, counted: Counter, kinds: Sequence[str]) -> None:
        subjects = sorted({subject for _, subject, _ in counted if subject})
        self._order = {"kind": kinds, "subject": subjects, "standing": STANDINGS}
        self._counted = counted
        self.chosen = {name: parameters[name] for name in LABELS if parameters.get(name)}
        for name, value in self.chosen.items():
            if value not in self._order[name]:
                raise ValueError(f"no such {name}: {value!r}")

    @property
    def total(self) -> int:
        return sum(self._left(self.chosen).values())

    def __iter__(self):
        for place, (name, label) in enumerate(LABELS.items()):
            others = {key: value for key, value in self.chosen.items() if key != name}
            counts: Counter = Counter()
            for values, count in self._left(others).items():
                counts[values[place]] += count
            choices = [
                Choice(
                    str(value),
                    counts[value],
                    query({**others, name: str(value)}),
                    value == self.chosen.get(name),
                )
                for value in self._order[name]
                if counts[value]
            ]
            yield Filter(label, choices, query(others), name in self.chosen)

    def _left(self, chosen: Mapping[str, str]) -> dict[tuple, int]:
        places = {list(LABELS).index(name): value for name, value in chosen.items()}
        return {
            values: count
            for values, count in self._counted.items()
            if all(values[place] == value for place, value in places.items())
        }


def query(chosen: Mapping[str, str]) -> str:
    """Return the query string of these choices, "" for none."""
    return f"?{urlencode(chosen)}" if chosen else ""
