"""Pages of stored lists. They count from the oldest, so that page 5,000 always holds the same.

The address of a list shows its newest articles: those of the last page, and of the one before
while the last one is not full. Every other page is `?page=N`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import Http404
from django.utils import timezone

from .lists import PAGE_SIZE
from .models import Article, ArticleList, ListPage

PARAMETERS = ("before", "after", "page")  # all that a list reads of a query
_KEY = re.compile(r"([0-9]{1,17})-([0-9]{1,16})")  # as far as the year 5138
_MAX_ID = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_STEPS = (1, 10, 100, 1_000)  # from any page to any other in a few clicks


class MovedError(Exception):
    """The page is elsewhere in its list: under the query `query`, for ever or for now."""

    def __init__(self, query: str, *, for_ever: bool):
        super().__init__(query)
        self.query, self.for_ever = query, for_ever


@dataclass(frozen=True)
class Page:
    """One page of a list: its articles, newest first, and the way to the others.

    `newer` and `older` are query strings, "" for the list's own address, None where there is
    no such page. `others` are (number, query) of pages near and far, newest first, this one's
    query None.
    """

    number: int
    articles: list[Article]
    newer: str | None
    older: str | None
    query: str
    others: list[tuple[int, str | None]]
    total: int  # articles in the list

    @property
    def is_first(self) -> bool:
        return not self.query


def paginate(kind: str, key: int, parameters) -> Page:
    """Return the page of this list that the request's parameters ask for.

    Raises MovedError for the addresses that lists had before, Http404 for what none ever had.
    """
    number = _read_number(parameters.get("page"))
    before = _old_key(parameters.get("before"), parameters.get("after"), number)
    article_list = ArticleList.objects.of(kind, key).first()
    if article_list is None:
        if number or before:
            raise Http404("an empty list")
        return Page(1, [], None, None, "", [], 0)
    newest = list(article_list.pages.begun(timezone.now(), _MAX_ID)[:2])
    head = newest[:1] if len(newest) == 2 and len(newest[0].articles) >= PAGE_SIZE else newest
    if before:
        page = article_list.pages.begun(*before).first()
        raise MovedError(_query(page.number, head) if page else "", for_ever=True)
    if number and any(page.number == number for page in head):
        raise MovedError("", for_ever=False)
    shown = list(article_list.pages.filter(number=number)) if number else head
    if number and (not shown or not head or number > head[0].number):
        raise Http404("no such page")
    articles = _articles(shown)
    if number and not articles:
        raise Http404("an empty page")
    top = head[0].number if head else 1
    here = number or top
    after = min(page.number for page in shown) - 1 if shown else 0
    return Page(
        number=here,
        articles=articles,
        newer=_query(number + 1, head) if number else None,
        older=_query(after, head) if after else None,
        query=_query(number, head) if number else "",
        others=[
            (other, None if other == here else _query(other, head))
            for other in _others(here, top)
            if other in (here, top) or other < min(page.number for page in head)
        ],
        total=article_list.count,
    )


def _articles(pages: list[ListPage]) -> list[Article]:
    """Return the articles of these pages that are public now, newest first."""
    ids = [pk for page in pages for pk in page.articles]
    found = Article.objects.visible().for_lists().filter(pk__in=ids)
    return sorted(found, key=lambda article: (article.published_at, article.pk), reverse=True)


def _query(number: int, head: list[ListPage]) -> str:
    """Return the query string of a page; "" where the list's own address shows it."""
    return "" if any(page.number == number for page in head) else f"?page={number}"


def _others(here: int, top: int) -> list[int]:
    numbers = {1, top, here}
    for step in _STEPS:
        numbers |= {here - step, here + step}
    return sorted((number for number in numbers if 1 <= number <= top), reverse=True)


def _read_number(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,6}", text):
        raise Http404("no such page number")
    return int(text)


def _old_key(before: str | None, after: str | None, number: int | None):
    """Return the place in the order of publication at which an old address cuts the list.

    Pages were called ?before=KEY&page=2 and ?after=KEY&page=2; None for a page of today.
    """
    key = before or after
    if not key:
        return None
    found = _KEY.fullmatch(key)
    if not found or (before and after) or not number or number < 2:
        raise Http404("no list ever had this address")
    return _EPOCH + int(found[1]) * _MICROSECOND, int(found[2])
