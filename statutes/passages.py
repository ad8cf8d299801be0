"""Which provisions hold the words of a quotation: an index over the text of all of them.

The index is one file of sorted numbers, made from the database and made anew when it
is missing or old; what came in after it was made is indexed in memory. `citations.whereabouts`
knows what the numbers mean.
"""

import mmap
from array import array
from datetime import date
from itertools import chain, islice
from pathlib import Path

from django.conf import settings
from django.db import connection

from . import files
from .citations.whereabouts import holders_of, holding_most, postings
from .compiled import A_NUMBER, FEW_NUMBERS, Compiled
from .models import Provision, Statute

MOST = 20  # candidates that are worth comparing
_BEHIND = 5_000  # provisions that may be indexed in memory before the file is made anew


class Passages:
    """The index as of the newest version it knows."""

    def __init__(self, filed: memoryview, newest: int) -> None:
        self._filed = filed
        self._newest = newest  # primary key of the last provision in the file
        self._later = array("Q")
        self._latest = newest

    def candidates(self, quotation: str, among: set[int] | None = None) -> list[Provision]:
        """Return up to MOST provisions that share rare runs of words, the likeliest first.

        `among` are primary keys, by default all. One query.
        """
        found = chain(holders_of(quotation, self._later), holders_of(quotation, self._filed))
        wanted = list(islice((pk for pk in found if among is None or pk in among), MOST))
        rows = Provision.objects.select_related("version__statute").in_bulk(wanted)
        return [rows[pk] for pk in wanted if pk in rows]

    def holding_most(self, words: str, statute: Statute) -> list[tuple[int, str]]:
        """Return the statute's provisions that may say all of these words, (primary key, text).

        Those of its newest version first. One query for as many as have a place in it.
        """
        indexes = filter(None, (self._later, self._filed))
        found = [pk for index in indexes for pk in holding_most(words, index)]
        rows = []
        for start in range(0, len(found), len(FEW_NUMBERS)):
            rows += _TEXTS(ids=found[start : start + len(FEW_NUMBERS)], statute=statute.pk)
        rows.sort(key=lambda row: (row[2] or date.min, -row[0]), reverse=True)
        return [(pk, text) for pk, text, _ in rows]

    def is_behind(self, latest: int) -> bool:
        return latest < self._newest or latest - self._newest > _BEHIND

    def catch_up(self, latest: int) -> None:
        """Learn what came in up to the newest provision there is."""
        if latest <= self._latest:
            return
        later = Provision.objects.filter(pk__gt=self._latest).order_by("pk")
        added = array("Q")
        for pk, text in later.values_list("pk", "text").iterator():
            added.extend(postings(pk, text))
            self._latest = pk
        if added:
            self._later = array("Q", sorted(self._later + added))


_TEXTS = Compiled(
    Provision,
    lambda ids, statute: (
        Provision.objects.filter(pk__in=ids, version__statute=statute)
        .order_by()
        .values_list("pk", "text", "version__effective_from")
    ),
    ids=FEW_NUMBERS,
    statute=A_NUMBER,
)
_kept: dict[Path, Passages] = {}


def passages() -> Passages:
    """Return the index of this machine; made first if need be: 7 s for 70,000 provisions."""
    path = settings.PASSAGES_FILE
    latest = _newest()
    index = _kept.get(path) or _open(path)
    if index is None or index.is_behind(latest):
        build()
        index = _open(path)
    index.catch_up(latest)
    _kept[path] = index
    return index


def _newest() -> int:
    """Return the last provision's primary key: asked at every statement, so past the models."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM statutes_provision")
        return cursor.fetchone()[0] or 0


def build() -> None:
    """Make the file anew and put it in the place of the old one in one step."""
    path = settings.PASSAGES_FILE
    newest, numbers = 0, array("Q")
    rows = Provision.objects.order_by("pk").values_list("pk", "text")
    for pk, text in rows.iterator():
        numbers.extend(postings(pk, text))
        newest = pk
    files.write(path, memoryview(array("Q", [newest, *sorted(numbers)])).cast("B"))


def _open(path: Path) -> Passages | None:
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        numbers = memoryview(mapped).cast("Q")
    except (OSError, ValueError, TypeError):  # missing, empty, or cut short
        return None
    return Passages(numbers[1:], numbers[0])


def of_statute(statute: Statute) -> set[int]:
    """Return the primary keys of all provisions of a statute, in any version."""
    found = Provision.objects.filter(version__statute=statute)
    return set(found.values_list("pk", flat=True))
