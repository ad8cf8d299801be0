"""What of articles belongs into sitemaps, cut by fixed ranges of ids: never by OFFSET."""

from statutes.sitemaps import Entry, section

from .models import Article, Author, Category


def articles(number: int) -> list[Entry]:
    """Return the visible articles of one section."""
    rows = Article.objects.visible().only("pk", "published_at", "updated_at")
    return [Entry(row.get_absolute_url(), row.modified_at) for row in section(rows, number)]


def lists() -> list[Entry]:
    """Return the categories and authors that have a page."""
    return [
        Entry(page.get_absolute_url()) for page in (*Category.objects.all(), *Author.objects.all())
    ]
