"""What an old system says, whichever it was: plain values for moving.py. Pure: no Django."""

import html
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

PUBLISHED, DRAFT, IN_REVIEW = "published", "draft", "in_review"
UNSORTED = "未分类"
PAGES = "单页"


class MovingError(ValueError):
    """A source that cannot be read at all; says why."""


@dataclass(frozen=True)
class OldArticle:
    """One article or page. Moments are aware; `addresses` are paths with their query."""

    key: str  # what tells it apart in its source
    title: str
    html: str
    id: int | None = None  # the number it wants to keep
    category: tuple[str, ...] = (UNSORTED,)
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    state: str = DRAFT
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary: str = ""
    cover: str = ""  # address of a picture
    addresses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what could not be read as it was meant
    pictures: dict[str, bytes] = field(default_factory=dict)  # that came with it, by address


@dataclass(frozen=True)
class OldName:
    """A category, tag or author of the old site, with what its page said."""

    name: str
    path: tuple[str, ...] = ()  # of a category, from the root down
    slug: str = ""
    intro: str = ""
    position: int = 0
    addresses: tuple[str, ...] = ()

    def join(self, names: "dict[str, OldName]") -> None:
        """Add it to those by their names; what has the same name is the same to us."""
        if known := names.get(self.name):
            names[self.name] = replace(
                known, intro=known.intro or self.intro, addresses=known.addresses + self.addresses
            )
        else:
            names[self.name] = self


@dataclass
class OldSite:
    """What an old system says of itself, read before its articles."""

    source: str  # kind and name: zblog, wordpress
    hosts: set[str] = field(default_factory=set)  # whose addresses are the site's own
    categories: list[OldName] = field(default_factory=list)
    tags: dict[str, OldName] = field(default_factory=dict)
    authors: dict[str, OldName] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)  # addresses of all that was uploaded
    addresses: dict[str, str] = field(default_factory=dict)  # of other pages: old → new
    left_out: dict[str, int] = field(default_factory=dict)  # what is not carried: kind → how many

    def leave_out(self, kind: str, number: int = 1) -> None:
        if number:
            self.left_out[kind] = self.left_out.get(kind, 0) + number


_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]+")


_MARKUP = re.compile(
    r"<!--.{0,500}?-->|</?(?:a|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p"
    r"|pre|s|section|small|span|strong|su[bp]|table|tbody|t[dhr]|u|ul)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE | re.DOTALL,
)


def plain(text: str | None) -> str:
    """Return one line of text out of a field that old systems print as HTML.

    >>> plain("<p>AT&amp;T，若a<b且c>d&nbsp;</p>")
    'AT&T，若a<b且c>d'
    """
    text = _MARKUP.sub("", text or "")
    return " ".join(_UNREADABLE.sub(" ", html.unescape(text)).split())


def own_path(address: str, hosts: set[str]) -> str | None:
    """Return path and query of an address of the old site itself; None for another's.

    >>> own_path("http://www.a.cn/post/1.html?x=1", {"a.cn"})
    '/post/1.html?x=1'
    """
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https") or (host and host not in hosts):
        return None
    path = unquote(parts.path)
    return (path + (f"?{parts.query}" if parts.query else "")) or None


def host_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
