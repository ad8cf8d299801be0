"""What of articles belongs into sitemaps, cut by fixed ranges of ids: never by OFFSET."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from .models import Article, Author, Category


class Entry(NamedTuple):
    """One address in a sitemap, with the last real change of its content if known."""

    path: str
    changed_at: datetime | None = None


def sections() -> Iterator[int]:
    """Yield the numbers of the sections that hold articles: section n holds ids from n × size.

    Skips from one section to the next that is not empty: one index look-up each.
    """
    size = settings.SITEMAP_SIZE
    next_id = 0
    while True:
        visible = Article.objects.visible().filter(pk__gte=next_id)
        pk = visible.order_by("pk").values_list("pk", flat=True).first()
        if pk is None:
            return
        yield pk // size
        next_id = (pk // size + 1) * size


def articles(section: int) -> list[Entry]:
    """Return the visible articles of one section."""
    size = settings.SITEMAP_SIZE
    rows = Article.objects.visible().filter(pk__gte=section * size, pk__lt=(section + 1) * size)
    return [
        Entry(article.get_absolute_url(), article.modified_at)
        for article in rows.order_by("pk").only("pk", "published_at", "updated_at")
    ]


def lists() -> list[Entry]:
    """Return the categories and authors that have a page."""
    return [
        Entry(page.get_absolute_url()) for page in (*Category.objects.all(), *Author.objects.all())
    ]
