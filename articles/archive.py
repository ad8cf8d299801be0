"""The years and months in which articles were published."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from .lists import month_of
from .models import ArticleList


@dataclass(frozen=True)
class Month:
    year: int
    month: int
    count: int

    def get_absolute_url(self):
        return reverse("articles:month", args=[self.year, self.month])


@dataclass(frozen=True)
class Year:
    year: int
    months: list[Month] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(month.count for month in self.months)

    def get_absolute_url(self):
        return reverse("articles:year", args=[self.year])


def years(only: int | None = None) -> list[Year]:
    """Return the years, or one of them, with their months up to now, the newest first."""
    months = _months()
    if only:
        months = months.filter(key__gt=only * 100, key__lt=only * 100 + 100)
    found: dict[int, Year] = {}
    for key, count in months.values_list("key", "count"):
        year = found.setdefault(key // 100, Year(key // 100))
        year.months.append(Month(year.year, key % 100, count))
    return list(found.values())


def neighbours(year: int, month: int) -> tuple[Month | None, Month | None]:
    """Return the months before and after this one in which something was published."""
    here = year * 100 + month
    older = _months().filter(key__lt=here).first()
    newer = _months().filter(key__gt=here).last()
    return tuple(
        Month(found.key // 100, found.key % 100, found.count) if found else None
        for found in (older, newer)
    )


def _months():
    return ArticleList.objects.months().filter(key__lte=month_of(timezone.now()))
