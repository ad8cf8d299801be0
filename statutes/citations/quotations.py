"""Where the words begin and end that a text gives as a provision's. Pure.

Prose gives them in four manners, with less and less of a promise that they are the words:

    第四百九十六条规定：“提供格式条款的一方…”    quoted, perhaps over several paragraphs,
    “提供格式条款的一方…”（第四百九十六条）       or before the number
    第四百九十六条：提供格式条款的一方…。         set out, after a colon or on its own line
    第四百九十六条提供格式条款的一方…。           glued on, without any mark
    根据第四百九十六条，提供格式条款的一方…。     stated, perhaps in the author's words
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from statutes.citations import grammar
from statutes.citations.comparing import bare, likeness
from statutes.citations.find import Citation
from statutes.citations.reading import Reading, reading_of


class Manner(StrEnum):
    QUOTED = "quoted"  # between quotation marks
    SET_OUT = "set out"  # after a colon or on a line of its own
    GLUED = "glued"  # straight after the number; prose about the provision can look the same
    STATED = "stated"  # as what the provision says; the words may be the author's


@dataclass(frozen=True)
class Quotation:
    """Words given as a provision's; `start` and `end` are offsets into the text, end excluded.

    Of several citations, 第五条、第六条规定：“…”, each may be the one quoted.
    """

    citations: tuple[Citation, ...]
    manner: Manner
    text: str  # as written, markup and all
    start: int
    end: int

    @property
    def is_claimed(self) -> bool:
        """Whether the words are given as the provision's own: others are a misquotation."""
        return self.manner in (Manner.QUOTED, Manner.SET_OUT)


_SHORTEST = 8  # words quoted, in characters: 规定的“情节严重” is a term
_ENOUGH = re.compile(rf"(?:\W*\w){{{_SHORTEST}}}")
_LONGEST = 6_000
_DEEPEST = 20  # quotations within quotations

_VERB = r"(?:[之的]?(?:明确|还|也|又|亦|就此)?(?:规定|指出|载明|明确|要求)(?:道|如下|为)?)"
# 规定：“, 第二句规定，“, ：“, “; but not 规定的“…”, 中“…”, which quote a term.
_SOME_WORDS = r"[^。；，：“”\n的中用对将]{0,8}"
_OPENING = re.compile(
    rf"(?:第[一二三四]句|[前后]段)?(?:{_VERB}{_SOME_WORDS}[：，]?|{_SOME_WORDS}[：，])?\n?[“「]"
)
# 规定：, ：, a new line, nothing at all.
_TEXT = re.compile(rf"(?:[（【][^（）【】\n]{{1,20}}[）】])?(?:{_VERB}?：)?\n?(?=[一-鿿（])")
# Where a text can have its number: 法律依据：《民法典》第八条…, - 《民法典》第八条; elsewhere the
# number is part of a sentence.
_SENTENCE_START = re.compile(
    r"[。；！？：”）\n]$|(?:施行|实行|生效|实施)的$"
    r"|(?:^|\n)[-+>〉•·●▪#]{0,6}(?:（?[0-9一二三四五六七八九十]{1,3}[）.．、])?$"
)
# From the words to the number after them: “…”（参见《民法典》第八条）, “…”——《民法典》第八条
_QUOTED_BEFORE = re.compile(
    r"[”」][。，；！？]?"
    r"(?:（(?:参见|详见|见|参照|根据|依据|出自|摘自|引自|来源：?)?|\n?[>〉]?[—－-]{1,2}(?:摘自|引自|出自)?"
    r"|[这此]一?(?:是|为|就是|规定见于?|规定出自)|(?:语|出)自|见于|载于)$"
)
# But what somebody said is nobody's law: 他说：“…”（《民法典》第八条）; 法律规定道：“…” is.
_SAYS = re.compile(r"(?<!规定)(?:[说称道问答]|认为|以为|表示|主张)[：，]?$")
_LINE_END = re.compile(r"[\n|]")
_PAUSE = re.compile(r"[，。；：]")
_SENTENCE_LONG = 20  # characters: less, without a pause, may be a term, “七天无理由退货规则”
_COLON = re.compile(rf"{_VERB}?：")
_RULE_AND_COLON = re.compile(rf"{_VERB}：")
_STATEMENT = re.compile(rf"(?:{_VERB})?[，：](?=[一-鿿])")
_SENTENCE = re.compile(r"[^。！？\n]{1,1000}[。！？]?")
# What ends a text that has no mark at its end.
_ASIDE = re.compile(
    r"律师(?:解答|提示|提醒|建议|说法)|法律依据|【|#"
    r"|(?<=[。；])(?:因此|所以|综上|据此|由此|可见|换言之|也就是说|这意味着|需要注意|本案)"
)
# To the next line, or the next paragraph.
_BREAK = r"[^\S\n]*\n(?:[^\S\n]*[>〉]?[^\S\n]*\n)?"
_NEXT_LINE = re.compile(rf"{_BREAK}(?P<words>[^\n]{{1,3000}})")
# A next line that is an item, of a list or in a block quote too: > （二）, - （二）; > is read 〉.
_NEXT_ITEM = re.compile(
    rf"(?<=[：；]){_BREAK}[^\S\n]*[>〉]?[^\S\n]*(?:[-+*•·][^\S\n]*)?"
    r"(?:（[一二三四五六七八九十]{1,3}）|[（(]?[0-9]{1,2}[）)．.、])"
)


def find_quotations(text: str, citations: Sequence[Citation]) -> list[Quotation]:
    """Return what `text` gives as the words of the provisions that it cites, in order."""
    reading = reading_of(text)
    closings = _closings(reading.text)
    openings = {end: start for start, end in closings.items()}
    found: list[Quotation] = []
    done = 0
    for group, first, at, limit in _groups(reading, citations):
        # What is cited within a text, 本法第三十八条, gives no words of its own; but a text that
        # only looks like one must not hide a quotation.
        is_within = at < done
        if is_within and found[-1].is_claimed:
            continue
        extent = _extent(reading.text, first, at, limit, closings, only_claimed=is_within)
        if extent is None or extent.manner is Manner.STATED:
            extent = _before(reading.text, first, done, openings) or extent
        if extent is None or _is_short(reading.text, extent):
            continue
        start, end = reading.written(extent.start, extent.end)
        found.append(Quotation(group, extent.manner, text[start:end], start, end))
        done = max(done, extent.end)
    return found


_LIKE_THE_LAW = 0.6  # the likeness of a line that is a 款, perhaps misquoted


def extended(text: str, quotation: Quotation, official: str) -> Quotation:
    """Return an unmarked quotation with the lines after it that are the provision's as well.

    Where no marks tell its end, only the official text tells the next 款 from the author's words.
    """
    if quotation.manner not in (Manner.SET_OUT, Manner.GLUED):
        return quotation
    end, official = quotation.end, bare(official)
    while line := _NEXT_LINE.match(text, end):
        start, line_end = line.span("words")
        aside = _ASIDE.search(text, start, line_end)
        line_end = aside.start() if aside else line_end
        words = bare(text[start:line_end])
        if len(words) < _SHORTEST or likeness(words, official) < _LIKE_THE_LAW:
            break
        end = line_end
    return replace(quotation, text=text[quotation.start : end], end=end)


class _Extent(NamedTuple):
    manner: Manner
    start: int
    end: int


_LIST_MARK = re.compile(r"[、和及与或，至]|以及|或者")


def _groups(
    reading: Reading, citations: Sequence[Citation]
) -> Iterator[tuple[tuple[Citation, ...], int, int, int]]:
    """Yield the citations of one list, its first and last place, and where the next text begins."""
    text = reading.text
    groups: list[list[Citation]] = []
    for citation in citations:
        if citation.locator is None:
            continue
        if groups and _is_next_in_list(reading, groups[-1][-1], citation):
            groups[-1].append(citation)
        else:
            groups.append([citation])
    limits = [len(text)]
    before = [0, *(reading.read(group[-1].end) for group in groups)]
    for group, end_before in zip(reversed(groups), before[-2::-1], strict=True):
        start = reading.read(group[0].start)
        opens_text = _COLON.fullmatch(text, end_before, start)  # 第九条：刑法第五条所称…
        begins = _begins_sentence(text, start) and not opens_text
        limits.append(start if begins else limits[-1])
    for group, limit in zip(groups, limits[-2::-1], strict=True):
        yield tuple(group), reading.read(group[0].start), reading.read(group[-1].end), limit


def _is_next_in_list(reading: Reading, last: Citation, citation: Citation) -> bool:
    if citation.start <= last.start:
        return True  # a range
    between = reading.text[reading.read(last.end) : reading.read(citation.start)]
    return _LIST_MARK.fullmatch(between) is not None


def _extent(
    text: str, first: int, at: int, limit: int, closings: Mapping[int, int], only_claimed: bool
) -> _Extent | None:
    """Return where the words begin and end that follow a citation, itself from `first` to `at`."""
    if opening := _OPENING.match(text, at):
        start = opening.end()
        end = closings.get(start) or _line_end(text, start, len(text))
        return _Extent(Manner.QUOTED, start, min(end, start + _LONGEST))
    if _is_glued(text, first, at) and (start := _TEXT.match(text, at)):
        manner = Manner.SET_OUT if re.search("[：\n]", start[0]) else Manner.GLUED
        if manner is Manner.SET_OUT or not only_claimed:
            return _Extent(manner, start.end(), _text_end(text, start.end(), limit))
    elif only_claimed:
        return None
    elif lead_in := _STATEMENT.match(text, at):
        sentence = _SENTENCE.match(text, lead_in.end())
        return _Extent(Manner.STATED, *sentence.span()) if sentence else None
    return None


def _before(text: str, first: int, done: int, openings: Mapping[int, int]) -> _Extent | None:
    """Return where the words begin and end that are quoted right before a citation."""
    lead_in = _QUOTED_BEFORE.search(text, max(0, first - 12), first)
    start = openings.get(lead_in.start()) if lead_in else None
    if start is None or start <= done:
        return None
    end = lead_in.start()
    is_term = end - start < _SENTENCE_LONG and not _PAUSE.search(text, start, end)
    is_said = _SAYS.search(text, max(0, start - 4), start - 1)
    return _Extent(Manner.STATED if is_term or is_said else Manner.QUOTED, start, end)


def _begins_sentence(text: str, at: int) -> bool:
    return _SENTENCE_START.search(text, max(0, at - 12), at) is not None


def _is_glued(text: str, first: int, at: int) -> bool:
    """Return whether the number heads a text: it begins a sentence and nothing tells about it."""
    told = grammar.TOLD.match(text, at) and not _RULE_AND_COLON.match(text, at)
    return not told and _begins_sentence(text, first)


def _closings(text: str) -> dict[int, int]:
    """Return where each quotation that closes has its end, by where its words begin.

    A paragraph of a long quotation may open the marks anew.
    """
    closings: dict[int, int] = {}
    opened: deque[list[int]] = deque(maxlen=_DEEPEST)
    for mark in re.finditer("[“「”」]", text):
        at = mark.start()
        if mark[0] in "”」":
            closings.update(dict.fromkeys(opened.pop() if opened else [], at))
        elif opened and text[at - 1] == "\n":
            opened[-1].append(at + 1)
        else:
            opened.append([at + 1])
    return closings


def _is_short(text: str, extent: _Extent) -> bool:
    """Return whether so little is quoted that it is a term: “情节严重”."""
    return _ENOUGH.match(text, extent.start, min(extent.end, extent.start + 60)) is None


def _text_end(text: str, start: int, limit: int) -> int:
    """Return where a text without marks ends: at the next provision, at advice, with its line.

    The items that a line announces have lines of their own.
    """
    limit = min(limit, start + _LONGEST)
    end = _line_end(text, start, limit)
    while item := _NEXT_ITEM.match(text, end, limit):
        end = _line_end(text, item.end(), limit)
    aside = _ASIDE.search(text, start, end)
    return aside.start() if aside else end


def _line_end(text: str, start: int, limit: int) -> int:
    """Return where a line ends, or the cell of a table."""
    limit = min(limit, start + _LONGEST)
    end = _LINE_END.search(text, start, limit)
    return end.start() if end else limit
