"""The list of statutes, paged by key: a page begins where the last one ended."""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404

from .filters import query
from .models import Statute

PAGE_SIZE = 50
PARAMETERS = ("before", "after", "page")  # all that a list reads of a query
_KEY = re.compile(r"([0-9]{1,2})-([-a-zA-Z0-9_]{1,120})")


@dataclass(frozen=True)
class Page:
    """One page of statutes. `previous` and `next` are query strings, None where there is none."""

    number: int
    statutes: list[Statute]
    previous: str | None
    next: str | None
    query: str

    @property
    def is_first(self) -> bool:
        return self.number == 1


def paginate(statutes, parameters, kept: dict[str, str], size: int = PAGE_SIZE) -> Page:
    """Return the page that the parameters ask for: `before` or `after` a key, and `page`.

    `statutes` come from StatuteQuerySet.by_rank; `kept` are the list's filters, which its links
    keep. Raises Http404 for what this list never wrote.
    """
    before, after = parameters.get("before"), parameters.get("after")
    number = _read_number(parameters.get("page", "1"))
    if (before and after) or bool(before or after) != (number > 1):
        raise Http404("page without its key")
    if before:
        rank, slug = _read_key(before)
        rows = statutes.filter(Q(rank__lt=rank) | Q(rank=rank, slug__lt=slug)).reverse()
    elif after:
        rank, slug = _read_key(after)
        rows = statutes.filter(Q(rank__gt=rank) | Q(rank=rank, slug__gt=slug))
    else:
        rows = statutes
    rows = list(rows[: size + 1])
    has_more = len(rows) > size
    rows = rows[:size][::-1] if before else rows[:size]
    if not rows and number > 1:
        raise Http404("an empty page")

    def link(**own) -> str:
        return query({**kept, **own})

    previous = following = None
    if number > 1:
        previous = link(before=_key(rows[0]), page=number - 1) if number > 2 else link()
    if before or has_more:
        following = link(after=_key(rows[-1]), page=number + 1)
    key = {"before": before} if before else {"after": after}
    own = link() if number == 1 else link(**key, page=number)
    return Page(number, rows, previous, following, own)


def _key(statute: Statute) -> str:
    return f"{statute.rank}-{statute.slug}"


def _read_key(key: str) -> tuple[int, str]:
    found = _KEY.fullmatch(key)
    if not found:
        raise Http404("no such key")
    return int(found[1]), found[2]


def _read_number(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise Http404("no such page number")
    return int(text)
