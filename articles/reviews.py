"""When the law in an article is to be checked again: so many months after its legal date."""

import time
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from .models import Article, Category, Checkpoint

BATCH = 1_000  # articles


def months_later(day: date, months: int) -> date:
    """Return the day so many months later; the month's last day where it has no such day.

    >>> months_later(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return date(year, month, min(day.day, last.day))


def due_on(article: Article, months: int | None) -> date | None:
    """Return when an article is due, its category asking for `months`; None for never."""
    months = settings.REVIEW_MONTHS if months is None else months
    return months_later(article.legal_date, months) if months and article.legal_date else None


def begin(category: Category) -> None:
    """Let `proceed` set the dates of a category's articles anew: its interval has changed."""
    Checkpoint.objects.update_or_create(name=_name(category), defaults={"position": 0})


def proceed(seconds: float = 2.0) -> bool:
    """Set dates anew for at most about so long; return whether all is done. Safe to break off."""
    ends = time.monotonic() + seconds
    for mark in Checkpoint.objects.filter(name__startswith=_name("")).order_by("name"):
        pk = int(mark.name.removeprefix(_name("")))
        while _do_batch(mark, Category.objects.filter(pk=pk).first()):
            if time.monotonic() > ends:
                return False
    return True


@transaction.atomic
def _do_batch(mark: Checkpoint, category: Category | None) -> bool:
    articles = list(
        Article.objects.filter(category=category, pk__gt=mark.position)
        .only("reviewed_on", "published_at", "review_due_on")
        .select_for_update()
        .order_by("pk")[:BATCH]
        if category
        else []
    )
    if not articles:
        mark.delete()
        return False
    for article in articles:
        article.review_due_on = due_on(article, category.review_months)
    Article.objects.bulk_update(articles, ["review_due_on"])
    mark.position = articles[-1].pk
    mark.save()
    return True


def _name(category: Category | str) -> str:
    return f"reviews {category.pk}" if isinstance(category, Category) else "reviews "
