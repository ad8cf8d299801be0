"""Statutes that ended. Being written."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Repeal:
    title: str
    repealed_on: date
    source: str
    replaced_by: str = ""
    enacted_on: date | None = None
    kind: str = "法律"


REPEALS: tuple[Repeal, ...] = ()
