"""Statutes as LawRefBook keeps them: one Markdown file a version. Pure.

    # 中华人民共和国民事诉讼法                   title; in the Civil Code a second line # 物权编
    1991年4月9日 第七届全国人民代表大会…通过       one event a line, wrapped or missing in places
    2024年1月1日 施行
    <!-- INFO END -->
    ## 第一编 总 则                          headings
    第一条 文字                              provisions

The name of a file holds the date of its version, 公司法(2023-12-29).md, but where the header
tells of a later one the header is right (a dozen names are a day short, three miswritten); its
folder says of what kind it is. Reading loses nothing but white space, marks of headings,
comments and characters that cannot be seen.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from statutes import numerals
from statutes.importing.dates import effective_date
from statutes.importing.history import document_number, events_of, issuer_of, kind_of, label_of
from statutes.importing.parsed import (
    Body,
    ParsedDivision,
    ParsedEvent,
    ParsedVersion,
    ParseError,
    nested,
)
from statutes.importing.text import Line, clean, read_body

HEADER_END = "<!-- INFO END -->"

_COMMENT = re.compile(r"<!--[^>]{0,100}-->")  # TABLE, FORCE BREAK
_HEADING = re.compile(r"(?P<marks>#{1,6})\s*(?P<text>.*)")
_NAME_DATE = re.compile(r"\((\d{4})-(\d{2})-(\d{2})\)(?:\.md)?$")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")

# What the folders of the collection hold.
KIND_OF_FOLDER = {
    "宪法": "宪法",
    "宪法相关法": "法律",
    "民法典": "法律",
    "民法商法": "法律",
    "行政法": "法律",
    "经济法": "法律",
    "社会法": "法律",
    "刑法": "法律",
    "诉讼与非诉讼程序法": "法律",
    "行政法规": "行政法规",
    "部门规章": "部门规章",
    "司法解释": "司法解释",
}


def is_markdown(text: str) -> bool:
    """Return whether a text is a whole file of this form, from its title on."""
    return text.lstrip().startswith("#") and HEADER_END in text


def parse_markdown(text: str, *, name: str = "", folder: str = "", kind: str = "") -> ParsedVersion:
    """Read one file. `name` is the file's name, `folder` the first folder of its path; `kind`
    what is known of it besides.

    Raises ParseError naming line and reason.
    """
    lines = text.split("\n")
    if "\x00" in text:
        raise ParseError("不是文本文件")
    end = next((i for i, line in enumerate(lines) if line.strip() == HEADER_END), None)
    if end is None:
        raise ParseError(f"没有 {HEADER_END}，文件可能不完整")
    title, book, header = _read_header(lines[:end])
    body = read_body(_body_lines(lines, end + 1), title)
    if not body.joined():
        raise ParseError("没有正文", end + 1)
    events = events_of(header)
    named_on = _date_of_name(name)
    promulgated_on = max(filter(None, (named_on, _newest(events))), default=None)
    kind = kind_of(title, kind or KIND_OF_FOLDER.get(folder, ""))
    label = label_of(title, events)
    effective = effective_date(body, promulgated_on, label, events)
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
        book=book,
        header=tuple(header),
        events=tuple(events),
        warnings=(*body.warnings, *effective.warnings, *_doubts(text, named_on, events)),
    )


# --- the Civil Code's eight files ----------------------------------------------------------


def merge_books(books: Iterable[ParsedVersion]) -> ParsedVersion:
    """Join the parts of one version, each of which holds a 编, in the order of their articles.

    Each becomes a division at the top: 物权编 → 第二编 物权. Raises ParseError if they are not
    parts of the same version, or if articles are missing between them.
    """
    parts = sorted(books, key=lambda part: part.provisions[0].number if part.provisions else 0)
    if not parts or any(not part.book or not part.provisions for part in parts):
        raise ParseError("不是分编存放的法规")
    first = parts[0]
    if len({(part.title, part.promulgated_on) for part in parts}) > 1:
        raise ParseError("各编不属于同一部法规的同一版本")
    expected = 1
    divisions: list[ParsedDivision] = []
    provisions = []
    for position, part in enumerate(parts, start=1):
        if part.provisions[0].number != expected:
            raise ParseError(f"{part.book}之前缺少条文：应从第{expected}条开始")
        expected = part.provisions[-1].number + 1
        top = len(divisions)
        divisions.append(_book_division(part, position))
        divisions += [nested(division, top, top + 1) for division in part.divisions]
        provisions += [
            replace(p, division=top if p.division is None else p.division + top + 1)
            for p in part.provisions
        ]
    last = parts[-1]
    return replace(
        first,
        book="",
        body=Body("", tuple(divisions), tuple(provisions), last.body.attachment),
        effective_from=last.effective_from,
        effective_basis=last.effective_basis,
        warnings=tuple(dict.fromkeys(w for part in parts for w in part.body.warnings)),
    )


def _book_division(part: ParsedVersion, position: int) -> ParsedDivision:
    text = part.body.preamble
    if part.book == "附则":
        return ParsedDivision(1, "", None, "附则", None, text)
    name = part.book.removesuffix("编")
    heading = f"第{numerals.spell(position)}编 {name}"
    return ParsedDivision(1, "编", position, heading, None, text)


# --- reading -------------------------------------------------------------------------------


def _read_header(lines: Sequence[str]) -> tuple[str, str, list[str]]:
    """Return title, book and the other lines of the header."""
    titles: list[str] = []
    rest: list[str] = []
    for line in map(clean, lines):
        heading = _HEADING.fullmatch(line)
        if heading:
            titles.append(heading["text"])
        elif line:
            rest.append(line)
    if not titles or not titles[0]:
        raise ParseError("没有以 # 开头的标题", 1)
    if len(titles) > 2:
        raise ParseError(f"标题多于两行：{titles[2]}", 1)
    return titles[0], titles[1] if len(titles) == 2 else "", rest


def _body_lines(lines: Sequence[str], start: int) -> Iterable[Line]:
    for number, line in enumerate(lines[start:], start=start + 1):
        text = clean(_COMMENT.sub("", line))
        heading = _HEADING.fullmatch(text)
        if heading:
            yield Line(number, heading["text"].strip(), len(heading["marks"]))
        else:
            yield Line(number, text)


def _date_of_name(name: str) -> date | None:
    match = _NAME_DATE.search(name)
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError as error:
        raise ParseError(f"文件名中的日期无效：{name}") from error


def _newest(events: Iterable[ParsedEvent]) -> date | None:
    """Return the day of the newest event but the entry into force."""
    return max((event.on for event in events if event.kind != "施行"), default=None)


def _doubts(text: str, named_on: date | None, events: Iterable[ParsedEvent]) -> Iterable[str]:
    newest = _newest(events)
    if named_on and newest and newest > named_on:
        yield f"文件名日期{named_on}早于题注中的{newest}"
    if private := _PRIVATE_USE.findall(text):
        yield f"删除了{len(private)}个无法显示的字符"
