"""The text of a statute, line by line, into divisions and provisions. Pure.

Every parser ends here. A provision is a line that begins 第N条; where a document has none, what
people cite as 第三条 is its 三、 or its `3.`:

    第十六条 …                          most statutes
    三、将刑法第…修改为…                  amendments, replies, decisions
    31.人民法院…                        old rules, numbered through all their headings
    (三) 船锚…                          a few of the oldest

Provisions must count up. In a document that amends another, a line numbered out of turn is a
quotation; anywhere else a gap is a warning and a step back is an error.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from statutes import numerals
from statutes.importing.parsed import Body, ParsedDivision, ParsedProvision, ParseError
from statutes.locators import article_label


@dataclass(frozen=True)
class Line:
    """A line of the source, cleaned; a heading has the depth of its marks (## is 2)."""

    number: int  # in the source, from 1
    text: str
    depth: int = 0


@dataclass(frozen=True)
class Marker:
    """The number that opens a provision, and the words after it."""

    number: int
    suffix: int
    label: str
    rest: str
    glued: bool = False  # 第十六条公司…: no space tells it from a reference

    @property
    def place(self) -> tuple[int, int]:
        return self.number, self.suffix


# --- the marks that open a provision -------------------------------------------------------

_HAN = numerals.CHINESE
_ARTICLE = re.compile(
    rf"""
    (?P<label>
        [第笫]\s?(?P<number>{numerals.NUMERAL})  # 第一百二十八; 笫 is a slip of the source
        (?P<gap>\s?)条                           # and so is the space before 条
        (?:\s?之(?P<suffix>{_HAN}))?             # 之一
    )
    (?P<space>\s*)(?P<rest>.*)
    """,
    re.VERBOSE | re.DOTALL,
)
_LISTED = re.compile(rf"(?P<label>(?P<number>{_HAN})、)\s*(?P<rest>.*)", re.DOTALL)
_DOTTED = re.compile(
    rf"(?P<label>(?P<number>{numerals.ARABIC})[.．、])\s*(?P<rest>[^0-9０-９].*)", re.DOTALL
)
_BRACKETED = re.compile(rf"(?P<label>[（(](?P<number>{_HAN})[）)])\s*(?P<rest>.*)", re.DOTALL)

# 第三条规定的, 第三条、第四条, 第三条第二款: a reference at the start of a line, no provision.
_REFERENCE = tuple("第规所的、和至或及款项之中内，。；")

Reader = Callable[[str], Marker | None]


def read_article(text: str) -> Marker | None:
    """Read 第十六条 at the start of a line, with or without space after it."""
    match = _ARTICLE.match(text)
    if match is None:
        return None
    set_apart = match["gap"] or match["space"] or not match["rest"]
    if not set_apart and match["rest"].startswith(_REFERENCE):
        return None
    marker = _marker(match, match["suffix"])
    return replace(marker, glued=not set_apart) if marker else None


def _reader(pattern: re.Pattern[str]) -> Reader:
    def read(text: str) -> Marker | None:
        match = pattern.match(text)
        return _marker(match) if match else None

    return read


def _marker(match: re.Match[str], suffix: str | None = None) -> Marker | None:
    try:
        number = numerals.parse(match["number"])
        return Marker(
            number, numerals.parse(suffix) if suffix else 0, match["label"], match["rest"]
        )
    except ValueError:
        return None


_read_listed = _reader(_LISTED)
_read_dotted = _reader(_DOTTED)
_read_bracketed = _reader(_BRACKETED)


def _choose_reader(lines: Sequence[Line], amends: bool) -> Reader | None:
    """Find how this document numbers its provisions; None if it does not."""
    has_articles = any(read_article(line.text) for line in lines if not line.depth)
    listed = [m.number for line in lines if (m := _read_listed(line.text))]
    if has_articles and not (amends and listed[:1] == [1]):
        return read_article
    if _numbered_through(lines):
        return _read_dotted
    if listed:
        return _read_listed
    # After a sentence that announces them (一) and (二) are its items.
    opens_with_one = lines and (first := _read_bracketed(lines[0].text)) and first.number == 1
    return _read_bracketed if opens_with_one else None


def _numbered_through(lines: Sequence[Line]) -> bool:
    """Return whether 1. 2. 3. count on through several headings 一、 二、, or without any."""
    sections = {0}
    section = 0
    numbers = []
    for line in lines:
        if _read_listed(line.text):
            section += 1
        elif marker := _read_dotted(line.text):
            numbers.append(marker.number)
            sections.add(section)
    spread = len(sections) > 2 or section == 0
    return len(numbers) > 1 and spread and numbers == _counting(numbers)


def _counting(numbers: Sequence[int]) -> list[int]:
    return list(range(1, len(numbers) + 1))


# --- cleaning and cutting ------------------------------------------------------------------

# Zero-width characters, and the private-use signs that a font of the source once drew.
INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\ue000-\uf8ff]")

# 附件, 附件一：…, 附表, 附录：, 附： — opening a line; but not 附件是本法的组成部分。
ATTACHMENT = re.compile(
    rf"""
    附\s?(?:件|表|录|图)\s?(?:{_HAN}|{numerals.ARABIC})?   # 附件一, 附表
        (?:$|\s|[：:（(《])
    | 附\s?(?:[：:]|$)                                     # 附：
    """,
    re.VERBOSE,
)
_SHORTEST_CONTENTS = 3
# … 。 第一百一十七条 …: the next article run on in the same line.
_RUN_ON = re.compile(rf"(?<=[。；：”]) (?=第{_HAN}条 )")


def clean(text: str) -> str:
    """Return a line without invisible characters and without space around it."""
    return INVISIBLE.sub("", text).strip()


def _split_run_on(lines: Iterable[Line]) -> Iterable[Line]:
    """Give every article a line of its own where the source lets several share one."""
    for line in lines:
        if line.depth or not (opening := read_article(line.text)):
            yield line
            continue
        number = opening.number
        start = 0
        for cut in _RUN_ON.finditer(line.text):
            following = read_article(line.text[cut.end() : cut.end() + 24])
            if following and following.place == (number + 1, 0):
                yield replace(line, text=line.text[start : cut.start()])
                number, start = number + 1, cut.end()
        yield replace(line, text=line.text[start:])


def _without_contents(lines: list[Line]) -> list[Line]:
    """Unmark a table of contents: three or more headings in a row that all come again."""
    last_seen = {(line.depth, line.text): i for i, line in enumerate(lines) if line.depth}
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _comes_again(lines, end, lines[start].depth, last_seen):
            end += 1
        if end - start >= _SHORTEST_CONTENTS:
            lines[start:end] = [replace(line, depth=0) for line in lines[start:end]]
        start = max(end, start + 1)
    return lines


def _comes_again(
    lines: Sequence[Line], i: int, depth: int, last_seen: dict[tuple[int, str], int]
) -> bool:
    line = lines[i]
    return line.depth == depth and last_seen.get((line.depth, line.text), -1) > i


def _attachment_start(lines: Sequence[Line], title: str) -> int:
    """Return the index of the line that opens the attachment; len(lines) if there is none.

    Not an attachment: a line that more provisions follow in turn, and the 附： after which an
    amending decision gives the whole text of the document anew, under its title.
    """
    markers = [None if line.depth else read_article(line.text) for line in lines]
    last_seen = {marker.place: i for i, marker in enumerate(markers) if marker}
    current: Marker | None = None
    for i, (line, marker) in enumerate(zip(lines, markers, strict=True)):
        current = marker or current
        if i == 0 or not ATTACHMENT.match(line.text):
            continue
        if current is None and last_seen:
            if _restates(lines[i + 1 : i + 5], title):
                continue
        elif current and last_seen.get((current.number + 1, 0), -1) > i:
            continue
        return i
    return len(lines)


def _restates(lines: Sequence[Line], title: str) -> bool:
    bare = re.sub(r"\s", "", title)
    return bool(bare) and bare in "".join(re.sub(r"\s", "", line.text) for line in lines)


# --- headings ------------------------------------------------------------------------------

_NUMBERED_HEADING = re.compile(rf"第\s?(?P<number>{_HAN})\s?(?P<kind>分编|编|章|节)\s*(?P<name>.*)")
_RANKS = {"编": 1, "分编": 2, "章": 3, "节": 4}
_SENTENCE_END = tuple("。；：;:，")
_LONGEST_HEADING = 60

UNNUMBERED_HEADING = re.compile(r"(?:序\s*言|总\s*则|附\s*则)")


def is_heading(text: str) -> bool:
    """Return whether a line without marks reads as a heading: 第一章 总则."""
    return _NUMBERED_HEADING.match(text) is not None and _is_short(text)


def looks_like_heading(text: str) -> bool:
    """Return whether it does, or is one of those without a number: 附则."""
    return is_heading(text) or UNNUMBERED_HEADING.fullmatch(text) is not None


def _is_short(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and not text.endswith(_SENTENCE_END)


class _Divisions:
    """The headings read so far, and where the next one stands below them."""

    def __init__(self) -> None:
        self.read: list[ParsedDivision] = []
        self.last_listed = 0  # the number of the last heading like 三、管辖
        self.last_bracketed = 0  # and of the last like （二）权利质押 below it
        self._listed_depth = 1
        self._ranks: list[int] = []
        self._rank_of_depth: dict[int, int] = {}

    def add(self, line: Line) -> None:
        text = line.text
        match = _NUMBERED_HEADING.match(text)
        listed, bracketed = _read_listed(text), _read_bracketed(text)
        kind = match["kind"] if match else ""
        depth = line.depth or (self._listed_depth + 1 if bracketed else self._listed_depth)
        rank = _RANKS.get(kind) or self._rank_of_unnumbered(depth)
        self._rank_of_depth[depth] = rank
        parent = next((i for i in self._open() if self._ranks[i] < rank), None)
        level = 1 if parent is None else self.read[parent].level + 1
        number = numerals.parse(match["number"]) if match else None
        if listed:
            number = self.last_listed = listed.number
            self.last_bracketed = 0
            self._listed_depth = depth
        elif bracketed:
            number = self.last_bracketed = bracketed.number
        heading = f"{text[: match.start('name')].strip()} {match['name']}" if match else text
        self.read.append(ParsedDivision(level, kind, number, _tidy(heading), parent))
        self._ranks.append(rank)

    def _open(self) -> Iterable[int]:
        """The last division and those above it, innermost first."""
        index = len(self.read) - 1 if self.read else None
        while index is not None:
            yield index
            index = self.read[index].parent

    def _rank_of_unnumbered(self, depth: int) -> int:
        """序言, 一、管辖: as high as headings with as many marks, else below those with fewer."""
        known = self._rank_of_depth
        if depth in known:
            return known[depth]
        above = [rank for other, rank in known.items() if other < depth]
        return max(above) + 1 if above else min(known.values(), default=_RANKS["章"])


def _tidy(heading: str) -> str:
    """Close the gaps that typesetters leave in short headings: 第一章 总　则 → 第一章 总则."""
    if UNNUMBERED_HEADING.fullmatch(heading):
        return "".join(heading.split())
    number, space, name = heading.partition(" ")
    return number + space + "".join(name.split())


# --- the whole text ------------------------------------------------------------------------


def read_body(source: Iterable[Line], title: str = "") -> Body:
    """Read the lines below a statute's header.

    `title` tells an amending document (修正案, 决定) from others. Empty lines are passed over.
    Raises ParseError if the provisions do not count up.
    """
    lines = _without_contents(list(_split_run_on(line for line in source if line.text)))
    cut = _attachment_start(lines, title)
    return _BodyReader(lines[:cut], title).read(lines[cut:])


class _BodyReader:
    """Reads the lines one after the other; each goes to what was opened last."""

    def __init__(self, lines: Sequence[Line], title: str) -> None:
        self._lines = lines
        self._amends = amends_another(title)
        self._reader = _choose_reader(lines, self._amends)
        self._divisions = _Divisions()
        self._provisions: list[ParsedProvision] = []
        self._preamble: list[str] = []
        self._division_texts: dict[int, list[str]] = {}
        self._provision_texts: list[list[str]] = []
        self._warnings: list[str] = []

    def read(self, attachment: Sequence[Line]) -> Body:
        open_text = self._preamble
        for i, line in enumerate(self._lines):
            marker = self._provision_marker(line)
            if marker:
                self._provisions.append(
                    ParsedProvision(
                        marker.number,
                        marker.suffix,
                        marker.label,
                        "",
                        len(self._divisions.read) - 1 if self._divisions.read else None,
                        line.number,
                    )
                )
                open_text = [marker.rest] if marker.rest else []
                self._provision_texts.append(open_text)
            elif line.depth or self._is_unmarked_heading(line, self._lines[i + 1 : i + 3]):
                self._divisions.add(line)
                open_text = self._division_texts.setdefault(len(self._divisions.read) - 1, [])
            else:
                open_text.append(line.text)
        return self._body(attachment)

    def _body(self, attachment: Sequence[Line]) -> Body:
        divisions = [
            replace(division, text="\n".join(self._division_texts.get(i, ())))
            for i, division in enumerate(self._divisions.read)
        ]
        provisions = [
            replace(provision, text="\n".join(lines))
            for provision, lines in zip(self._provisions, self._provision_texts, strict=True)
        ]
        if not provisions:
            self._warnings.append("没有编号的条文")
        self._warnings += [
            f"{article_label(p.number, p.suffix)}（第{p.line}行）没有内容"
            for p in provisions
            if not p.text
        ]
        return Body(
            "\n".join(self._preamble),
            tuple(divisions),
            tuple(provisions),
            "\n".join(line.text for line in attachment),
            tuple(self._warnings),
        )

    def _provision_marker(self, line: Line) -> Marker | None:
        """Return the number that opens a provision here, if it is one and in turn."""
        if self._reader is None or (line.depth and self._reader is not _read_listed):
            return None
        marker = self._reader(line.text)
        if marker is None or not self._provisions:
            return marker
        last = self._provisions[-1]
        if marker.place in ((last.number + 1, 0), (last.number, last.suffix + 1)):
            return marker
        if self._amends or self._reader is not read_article or marker.glued:
            return None  # quoted, a list inside a provision, a reference
        here = f"{article_label(*marker.place)}在{article_label(last.number, last.suffix)}之后"
        if marker.place <= (last.number, last.suffix):
            raise ParseError(f"条文顺序有误：{here}", line.number)
        self._warnings.append(f"条文不连续：{here}（第{line.number}行）")
        return marker

    def _is_unmarked_heading(self, line: Line, after: Sequence[Line]) -> bool:
        """Return whether a line is a heading that its source does not mark: short, no sentence,
        in turn, and right before a provision: 附则, 三、管辖, （二）权利质押.
        """
        if (
            not after
            or not _is_short(line.text)
            or self._reader not in (read_article, _read_dotted)
        ):
            return False
        opens_provisions = self._reader(after[0].text) is not None
        divisions = self._divisions
        if marker := _read_listed(line.text):
            opens_parts = len(after) > 1 and self._is_first_part(*after[:2])
            return marker.number == divisions.last_listed + 1 and (opens_provisions or opens_parts)
        if marker := _read_bracketed(line.text):
            in_turn = divisions.last_listed and marker.number == divisions.last_bracketed + 1
            return bool(in_turn and opens_provisions)
        return opens_provisions and UNNUMBERED_HEADING.fullmatch(line.text) is not None

    def _is_first_part(self, line: Line, after: Line) -> bool:
        marker = _read_bracketed(line.text)
        opens_provisions = self._reader is not None and self._reader(after.text) is not None
        return bool(marker and marker.number == 1 and _is_short(line.text) and opens_provisions)


def amends_another(title: str) -> bool:
    """Return whether a document of this title changes another: 刑法修正案（十二）, …的决定."""
    return bool(re.search(r"修正案(?:（.*）)?$|的决定$", title))
