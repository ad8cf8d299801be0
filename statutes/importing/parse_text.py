"""Statutes as plain text, pasted or taken out of a Word file. Pure.

    中华人民共和国仲裁法                           title
    （1994年8月31日…通过　根据…第二次修正）            history in parentheses, wrapped anywhere
    目　　录                                     contents: the headings, which the text repeats
    第一章　总则
    …
    第一章　总则
    第一条　为了…                                 provisions

All but the provisions may be missing. Nothing is marked, so a heading is a short line 第一章 …
without the end of a sentence. What else people paste with it, pasted.py takes off; a whole file
of the Markdown collection is read as the importer reads it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from statutes.importing.dates import effective_date
from statutes.importing.history import document_number, events_of, issuer_of, kind_of, label_of
from statutes.importing.parse_markdown import is_markdown, parse_markdown
from statutes.importing.parsed import ParsedVersion, ParseError
from statutes.importing.pasted import CONTENTS, tidied
from statutes.importing.text import (
    Line,
    amends_another,
    clean,
    is_heading,
    looks_like_heading,
    read_article,
    read_body,
)

LARGEST = 20_000_000  # characters; the longest law has 200,000

_NUMBER_ALONE = re.compile(r"第\S{1,9}(?:分编|编|章|节)")
_OPENS_HISTORY = re.compile(
    r"[（(]?\s*\d{4}年\d{1,2}月\d{1,2}日"  # （2025年6月27日…通过
    r"|[（(]?[一-鿿]{1,8}[〔［\[]\d{4}[〕］\]]\s?第?\d+号[）)]?$"  # 法释〔2025〕9号
)
_LONGEST_TITLE = 200


def parse_text(text: str, *, kind: str = "") -> ParsedVersion:
    """Read pasted text. `kind` is what the editor chose; titles such as 修正案 override it.

    Raises ParseError naming line and reason.
    """
    if len(text) > LARGEST:
        raise ParseError(f"文本过长：{len(text)}个字符")
    if is_markdown(text):
        return parse_markdown(text, kind=kind)
    return parse_lines(text.splitlines(), kind=kind)


def parse_lines(source: Iterable[str], *, kind: str = "") -> ParsedVersion:
    """Read the lines, or the paragraphs, of a text."""
    lines = [
        Line(number, text) for number, line in enumerate(source, start=1) if (text := clean(line))
    ]
    if any("\x00" in line.text for line in lines):
        raise ParseError("不是文本")
    lines, notes = tidied(lines)
    if not lines:
        raise ParseError("没有内容")
    title, header, rest = _split_header(lines)
    if not amends_another(title):  # what looks like a heading there is a quotation
        rest = _without_contents(list(_with_headings(rest)))
    body = read_body(rest, title)
    if not body.provisions and not body.preamble:
        raise ParseError("没有正文", lines[-1].number)
    events = events_of(header)
    promulgated_on = max((e.on for e in events if e.kind != "施行"), default=None)
    label = label_of(title, events)
    effective = effective_date(body, promulgated_on, label, events)
    kind = kind_of(title, kind)
    return ParsedVersion(
        title=title,
        kind=kind,
        label=label,
        promulgated_on=promulgated_on,
        effective_from=effective.on,
        effective_basis=effective.basis,
        body=body,
        issuer=issuer_of(title, events, kind),
        document_number=document_number(header, body.preamble),
        header=tuple(header),
        events=tuple(events),
        warnings=(*notes, *body.warnings, *effective.warnings),
    )


# --- title and history ---------------------------------------------------------------------


def _split_header(lines: Sequence[Line]) -> tuple[str, list[str], Sequence[Line]]:
    """Return title, history and the lines of the text."""
    opening = lines[0].text
    if read_article(opening) or is_heading(opening) or CONTENTS.fullmatch(opening):
        raise ParseError("没有标题：第一行应是法规名称", lines[0].number)
    if len(opening) > _LONGEST_TITLE:
        raise ParseError("第一行过长，不是法规名称", lines[0].number)
    header: list[str] = []
    open_parentheses = 0
    for i, line in enumerate(lines[1:], start=1):
        if open_parentheses <= 0 and not _OPENS_HISTORY.match(line.text):
            return _tidy_title(opening), header, lines[i:]
        header.append(line.text)
        open_parentheses += _unclosed(line.text)
    raise ParseError(
        "没有正文" if open_parentheses <= 0 else "题注的括号没有关闭", lines[-1].number
    )


def _unclosed(text: str) -> int:
    return sum(text.count(sign) for sign in "（(") - sum(text.count(sign) for sign in "）)")


def _tidy_title(title: str) -> str:
    return re.sub(r"\s+", "", title.strip("《》"))


# --- contents and headings -----------------------------------------------------------------


def _without_contents(lines: Sequence[Line]) -> Sequence[Line]:
    """Leave out the contents: the first headings, if the first of them comes a second time."""
    first = next((i for i, line in enumerate(lines) if looks_like_heading(line.text)), None)
    if first is None:
        return lines
    start = first - 1 if first and CONTENTS.fullmatch(lines[first - 1].text) else first
    key = _key(lines[first].text)
    again = [i for i, line in enumerate(lines) if i > first and _key(line.text) == key]
    article = next((i for i, line in enumerate(lines) if read_article(line.text)), len(lines))
    before_articles = [i for i in again if i < article]
    if before_articles:
        return [*lines[:start], *lines[before_articles[-1] :]]
    end = first
    while end < len(lines) and looks_like_heading(_without_page(lines[end].text)):
        end += 1
    if start < first and (again or end < article):
        return [*lines[:start], *lines[end if again else first :]]
    return [line for i, line in enumerate(lines) if i != start or start == first]


def _key(text: str) -> str:
    return re.sub(r"\s", "", _without_page(text))


def _without_page(text: str) -> str:
    """Take ……12 off a line of the contents."""
    return text.rstrip("0123456789").rstrip(" \t.…·")


def _with_headings(lines: Sequence[Line]) -> Iterable[Line]:
    """Mark the headings, and join 第一章 with 总则 below it."""
    joined_to_last = False
    for line, after in zip(lines, [*lines[1:], None], strict=False):
        if joined_to_last:
            joined_to_last = False
        elif not looks_like_heading(line.text):
            yield line
        elif _NUMBER_ALONE.fullmatch(line.text) and after and _is_name(after.text):
            joined_to_last = True
            yield replace(line, text=f"{line.text} {after.text}", depth=1)
        else:
            yield replace(line, depth=line.depth or 1)


def _is_name(text: str) -> bool:
    return (
        len(text) <= 30
        and not text.endswith(("。", "；", "："))
        and not is_heading(text)
        and read_article(text) is None
    )
