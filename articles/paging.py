"""Lists paged by key: a page begins where the last one ended, whatever the size of the list."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404

from .models import Article

PAGE_SIZE = 20
PARAMETERS = ("before", "after", "page")  # all that a list reads of a query
_KEY = re.compile(r"([0-9]{1,17})-([0-9]{1,16})")  # as far as the year 5138
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Page:
    """One page of a list: its articles, newest first, and the way to its neighbours.

    `newer` and `older` are query strings ("?before=…"), "" for the list's first page, None
    where there is no such page. `query` is this page's own.
    """

    number: int
    articles: list[Article]
    newer: str | None
    older: str | None
    query: str

    @property
    def is_first(self) -> bool:
        return not self.query


def key_of(article: Article) -> str:
    """Return the place of an article in the order of publication, as addresses write it."""
    return f"{(article.published_at - _EPOCH) // _MICROSECOND}-{article.pk}"


def paginate(articles, parameters, size: int = PAGE_SIZE) -> Page:
    """Return the page that the request's parameters ask for: `before` or `after` a key, `page`.

    `articles` are visible ones in no particular order. Raises Http404 for parameters that
    this list never wrote, and for a page with nothing on it, the first one excepted.
    """
    before, after = parameters.get("before"), parameters.get("after")
    number = _read_number(parameters.get("page", "1"))
    if (before and after) or bool(before or after) != (number > 1):
        raise Http404("page without its key")
    if after:
        rows = list(articles.after(*_read_key(after)).order_by("published_at", "id")[: size + 1])
        has_newer, has_older = len(rows) > size, True
        rows = rows[:size][::-1]
    else:
        rows = articles.before(*_read_key(before)) if before else articles
        rows = list(rows.newest_first()[: size + 1])
        has_newer, has_older = bool(before), len(rows) > size
        rows = rows[:size]
    if not rows and number > 1:
        raise Http404("an empty page")
    newer = older = None
    if has_newer:
        newer = _query("after", rows[0], number - 1) if number > 2 else ""
    if has_older:
        older = _query("before", rows[-1], number + 1)
    own = {"before": before} if before else {"after": after}
    query = "" if number == 1 else "?" + urlencode({**own, "page": number})
    return Page(number, rows, newer, older, query)


def _query(direction: str, article: Article, number: int) -> str:
    return "?" + urlencode({direction: key_of(article), "page": number})


def _read_number(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        raise Http404("no such page number")
    return int(text)


def _read_key(key: str) -> tuple[datetime, int]:
    found = _KEY.fullmatch(key)
    if not found:
        raise Http404("no such key")
    return _EPOCH + int(found[1]) * _MICROSECOND, int(found[2])
