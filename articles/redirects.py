"""Addresses of the past: written when articles move in, or rows are renamed; read on a 404.

An old address leads to the new one for ever. One query finds it, and only where the site has
no page of its own.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote

from .models import Redirect

MAX_PATH = 500  # characters
# Old systems' pages at one address, told apart by a parameter: /?id=12, /index.php?p=12; the
# same in a folder: /blog/?p=12.
ENTRANCES = {"/", "/index.php", "/view.php", "/catalog.php", "/feed.php", "/search.php"}
PARAMETERS = ("id", "p", "page_id", "alias", "cate", "cat", "tags", "tag", "auth", "author", "feed")
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
# What told the pages of an old list apart; its first page's address has none of them.
_PAGES = [
    re.compile(r"[_-]\d{1,5}(?=\.html?$|$)"),
    re.compile(r"/page/\d{1,5}$"),
    re.compile(r"/\d{1,5}$"),
    re.compile(r"/(?:index\.html?|feed|amp|trackback)$"),
]


def spell(path: str, query: str = "") -> str:
    """Return the one spelling of an old address; "" for what cannot be one.

    >>> spell("/post/%E5%80%9F%E6%9D%A1/"), spell("/index.php", "x=1&id=12&page=3")
    ('/post/借条', '/?id=12')
    >>> spell("/blog/", "p=12"), spell("/blog/index.php", "p=12"), spell("/post/1.html", "p=12")
    ('/blog/?p=12', '/blog/?p=12', '/post/1.html')
    """
    path = "/" + unquote(path).strip("/")
    if path.removeprefix("/index.php/") != path:  # rewriting without the server's help
        path = "/" + path.removeprefix("/index.php/")
    folder, _, last = path.rpartition("/")
    folder = folder if f"/{last}" in ENTRANCES else path
    if query and "." not in folder.rpartition("/")[2]:
        try:
            given = dict(parse_qsl(query, max_num_fields=50))
        except ValueError:
            return ""
        name = next((name for name in PARAMETERS if given.get(name)), None)
        path = f"{folder}/?{name}={given[name]}" if name else path
    return "" if len(path) > MAX_PATH or _UNREADABLE.search(path) else path


def record(pairs: Iterable[tuple[str, str]]) -> int:
    """Let old addresses, spelled, lead to new ones; return how many. A newer one replaces an
    older one."""
    rows = {old: new for old, new in pairs if old not in ("", "/", new) and len(new) <= MAX_PATH}
    Redirect.objects.bulk_create(
        [Redirect(path=old, target=new) for old, new in rows.items()],
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=["target"],
        batch_size=500,
    )
    return len(rows)


def find(path: str, query: str = "") -> str | None:
    """Return where an address leads, ready for a Location header. One query.

    A later page of an old list leads to the list; an address given with a query or without
    one is the same unless the query names the page.
    """
    old = spell(path, query)
    if not old:
        return None
    bare = spell(path)
    candidates = [old] if old == bare or path in ENTRANCES else [old, bare]
    for pattern in _PAGES:
        shorter = pattern.sub("", candidates[-1])
        if shorter not in (candidates[-1], ""):
            candidates.append(shorter)
    found = dict(Redirect.objects.filter(path__in=candidates).values_list("path", "target"))
    target = next((found[candidate] for candidate in candidates if candidate in found), None)
    if target is None or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    return quote(target, safe="/?=&#%:@!$'()*+,;~-._")


def is_entrance(path: str, query: str) -> bool:
    """Whether an address names a page of an old system at a place where we have one, too."""
    return bool(query) and path in ENTRANCES and spell(path, query) != "/" + path.strip("/")
