"""Links put into an article's HTML around its citations, and taken out again. Pure.

What is put in stands between two comments, which sanitised HTML never holds. So
`strip(annotate(html, links))` is `html`, to the character.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_IN, _OUT = "<!--c-->", "<!--/c-->"
_INSERTED = re.compile(f"{_IN}.*?{_OUT}", re.DOTALL)
_TAG = re.compile(r"""<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# What is not touched: code, what is a link or a control already, headings, whose words are anchors.
_CLOSED = frozenset("a button code pre script style svg kbd samp h1 h2 h3 h4 h5 h6".split())
# What no link may stand around: it would be moved out of the table.
_PARTS_OF_TABLE = frozenset("td th tr thead tbody tfoot".split())


@dataclass(frozen=True)
class Link:
    """What to put around the characters from `start` to `end` of some HTML, end excluded.

    `opening` and `closing` are the tags of the link, `aid` what follows it once.
    """

    start: int
    end: int
    opening: str
    closing: str
    aid: str = ""


class _Tag(NamedTuple):
    start: int
    end: int
    name: str
    is_closing: bool


def annotate(html: str, links: Iterable[Link]) -> str:
    """Put links into sanitised HTML; one that would stand in code, a link or a heading is left out.

    A citation that begins or ends inside an element is widened to the whole element if it can be;
    otherwise each of its parts becomes a link. Of links that overlap the first counts.
    """
    tags = list(_tags(html))
    closed = list(_closed(tags))
    pieces: list[str] = []
    done = at_tag = at_closed = 0
    for link in sorted(links, key=lambda link: (link.start, -link.end)):
        while at_tag < len(tags) and tags[at_tag].end <= link.start:
            at_tag += 1
        while at_closed < len(closed) and closed[at_closed][1] <= link.start:
            at_closed += 1
        if at_closed < len(closed) and closed[at_closed][0] < link.end:
            continue
        parts = _parts(html, link.start, link.end, tags, at_tag)
        if not parts or parts[0][0] < done:
            continue
        for number, (start, end) in enumerate(parts, start=1):
            aid = link.aid if number == len(parts) else ""
            pieces += [html[done:start], _IN, link.opening, _OUT, html[start:end]]
            pieces += [_IN, link.closing, aid, _OUT]
            done = end
    return "".join([*pieces, html[done:]])


def strip(html: str) -> str:
    """Take out what `annotate` put in."""
    return _INSERTED.sub("", html)


_MARKDOWN_CLOSED = re.compile(
    r"""
    ^(?P<fence>```+|~~~+)[^\n]*\n.*?(?:^(?P=fence)|\Z)   # a block of code
    | ^\#[^\n]*                                         # a heading
    | `[^`\n]*`                                         # code
    | !?\[[^\[\]\n]*\](?:\([^()\n]*\)|\[[^\[\]\n]*\])   # a link, a picture
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_MARKS = frozenset("*_`[]<>\n|\\")


def link_markdown(source: str, links: Iterable[tuple[int, int, str]]) -> str:
    """Make citations, (start, end, address), links of Markdown: [《民法典》第八条](address).

    One that holds a mark of Markdown itself, or stands in code, a heading or a link, is left.
    """
    closed = [match.span() for match in _MARKDOWN_CLOSED.finditer(source)]
    pieces: list[str] = []
    done = at = 0
    for start, end, address in sorted(links):
        while at < len(closed) and closed[at][1] <= start:
            at += 1
        is_closed = at < len(closed) and closed[at][0] < end
        if start < done or is_closed or _MARKS & set(source[start:end]):
            continue
        pieces += [source[done:start], "[", source[start:end], "](", address, ")"]
        done = end
    return "".join([*pieces, source[done:]])


def _tags(html: str) -> Iterator[_Tag]:
    for tag in _TAG.finditer(html):
        name = tag["name"].lower()
        if name not in _VOID:
            yield _Tag(tag.start(), tag.end(), name, bool(tag["close"]))
        else:
            yield _Tag(tag.start(), tag.end(), "", False)


def _closed(tags: Iterable[_Tag]) -> Iterator[tuple[int, int]]:
    """Yield the stretches that are not touched, tags of any kind themselves included, in order."""
    depth, start = 0, 0
    for tag in tags:
        if tag.name in _CLOSED:
            if not tag.is_closing:
                start = start if depth else tag.start
                depth += 1
            elif depth:
                depth -= 1
                if not depth:
                    yield start, tag.end


def _parts(html: str, start: int, end: int, tags: Sequence[_Tag], at: int) -> list[tuple[int, int]]:
    """Return the stretches to link: one if the tags inside are balanced, else those between tags,
    as in a table.

    Empty if an end of the citation lies inside a tag.
    """
    inner: list[_Tag] = []
    number = at
    while number < len(tags) and tags[number].start < end:
        inner.append(tags[number])
        number += 1
    if inner and (inner[0].start < start or inner[-1].end > end):
        return []
    if any(tag.name in _PARTS_OF_TABLE for tag in inner):
        return _between(html, start, end, inner)
    opened, unopened = _unbalanced(inner)
    first = at - 1
    while unopened and first >= 0 and tags[first].end == start and not tags[first].is_closing:
        if tags[first].name != unopened[0]:
            break
        start = tags[first].start
        unopened.pop(0)
        first -= 1
    while opened and number < len(tags) and tags[number].start == end and tags[number].is_closing:
        if tags[number].name != opened[-1]:
            break
        end = tags[number].end
        opened.pop()
        number += 1
    if not opened and not unopened:
        return [(start, end)]
    return _between(html, start, end, inner)


def _between(html: str, start: int, end: int, tags: Iterable[_Tag]) -> list[tuple[int, int]]:
    cuts = [start, *(edge for tag in tags for edge in (tag.start, tag.end)), end]
    between = zip(cuts[::2], cuts[1::2], strict=True)
    return [(left, right) for left, right in between if html[left:right].strip()]


def _unbalanced(tags: Iterable[_Tag]) -> tuple[list[str], list[str]]:
    """Return the names of elements opened and not closed here, and of those only closed."""
    opened: list[str] = []
    unopened: list[str] = []
    for tag in tags:
        if not tag.name:
            continue
        if not tag.is_closing:
            opened.append(tag.name)
        elif opened:
            opened.pop()
        else:
            unopened.append(tag.name)
    return opened, unopened
