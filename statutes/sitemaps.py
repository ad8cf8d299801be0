"""What of statutes belongs into sitemaps, cut by fixed ranges of ids: never by OFFSET."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from .models import Statute


class Entry(NamedTuple):
    """One address in a sitemap, with the last real change of its content if known."""

    path: str
    changed_at: datetime | None = None


def sections(rows) -> Iterator[int]:
    """Yield the numbers of the sections that hold rows: section n holds ids from n × size.

    Skips from one section to the next that is not empty: one index look-up each.
    """
    size = settings.SITEMAP_SIZE
    next_id = 0
    while True:
        pk = rows.filter(pk__gte=next_id).order_by("pk").values_list("pk", flat=True).first()
        if pk is None:
            return
        yield pk // size
        next_id = (pk // size + 1) * size


def section(rows, number: int):
    """Return the rows of one section, in order."""
    size = settings.SITEMAP_SIZE
    return rows.filter(pk__gte=number * size, pk__lt=(number + 1) * size).order_by("pk")


def statutes(number: int) -> list[Entry]:
    """Return the statutes of one section. Provisions are not listed, nor old versions."""
    return [
        Entry(statute.get_absolute_url())
        for statute in section(Statute.objects.only("pk", "slug"), number)
    ]
