"""Takes off a text what a web page, Word, a PDF or Markdown put around and between. Pure.

    首页 > 政策 > 法律                     words of the page
    中华人民共和国国务院令 第786号              the decree that promulgates, up to the title again
    ## 第一章 总则                         marks of Markdown
    第一条　甲。第二条　乙。第三条　丙。          provisions that share a line
    第四条　为了规范养犬                     lines cut where the paper ended
    行为，制定本条例。
    — 3 —                               numbers of pages

What is certain is done, and told with its line. What is not is left as it stands: doubts.py
tells of it. No line of the law is changed but for its breaks and its marks.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from statutes import numerals
from statutes.importing.history import document_number
from statutes.importing.parsed import ParseError
from statutes.importing.text import (
    ATTACHMENT,
    Line,
    Marker,
    amends_another,
    is_heading,
    looks_like_heading,
    read_article,
)

CONTENTS = re.compile(r"目\s*(?:录|次)")
# What the titles of 1,500 statutes end with, 99 in a hundred of them.
ENDS_TITLE = re.compile(
    r"(?:法|法典|条例|规定|办法|细则|规则|解释|决定|决议|批复|通知|意见|安排|规范|方案|修正案"
    r"|规程|章程|准则|标准|解答|答复|函|命令|公约|协定|议定书|纲要|制度)"
    r"(?:[（(][^（()）]{1,40}[）)])*》?$"
)

_LINES_NAMED = 5


def tidied(lines: Iterable[Line]) -> tuple[list[Line], list[str]]:
    """Return the lines of the statute, its title first, and what was done to them, in Chinese.

    Raises ParseError where the first line is no title and none is found below it.
    """
    found, notes = list(lines), []
    for step in (_without_page, _without_marks, _from_title, _one_each, _whole):
        found, told = step(found)
        notes += told
    return found, notes


def named(lines: Iterable[Line]) -> str:
    """Name lines for people: 第3、8、12行; of many the first ones."""
    numbers = list(dict.fromkeys(line.number for line in lines))
    more = "等" if len(numbers) > _LINES_NAMED else ""
    return f"第{'、'.join(map(str, numbers[:_LINES_NAMED]))}{more}行"


# --- what is of the page, not of the law -----------------------------------------------------

_DASH = "[-—–－―─]"
_PAGE_NUMBER = re.compile(
    rf"""
    {_DASH}{{1,2}} \s? \d{{1,4}} \s? {_DASH}{{1,2}}             # — 3 —
    | 第 \s? \d{{1,4}} \s? 页 (?:\s? [/,，、]? \s? 共 \s? \d{{1,4}} \s? 页)?   # 第 4 页 共 10 页
    """,
    re.VERBOSE,
)
_OF_WEB_PAGE = re.compile(
    r"(?:责任编辑|责编|编辑|来\s*源|信息来源|文章来源|发布时间|发布日期|成文日期|发文机关|发文字号"
    r"|主题分类|主\s*题\s*词|索\s*引\s*号|字\s*号|字体|浏览次数|阅读次数|分享到?)\s?[：:].{0,60}"
    r"|(?:首\s*页|(?:您的|当前|您当前的)位置)\s?[:：>›»].{0,100}"
    r"|[【\[]?\s?(?:打印(?:本页)?|关闭(?:窗口)?|收藏|返回顶部|我要纠错|扫一扫在手机打开当前页"
    r"|字体?[：:]?\s?大\s?中\s?小)(?:\s?[】\]|]?\s?[【\[]?\s?(?:打印|关闭|收藏)(?:窗口|本页)?)*\s?[】\]]?"
)


def _without_page(lines: list[Line]) -> tuple[list[Line], list[str]]:
    pages = [line for line in lines if _PAGE_NUMBER.fullmatch(line.text)]
    words = [line for line in lines if _OF_WEB_PAGE.fullmatch(line.text)]
    notes = []
    if pages:
        notes.append(f"没有收入页码{len(pages)}处：{named(pages)}")
    notes += [f"没有收入网页上的字：第{line.number}行“{line.text}”" for line in words]
    left_out = {line.number for line in (*pages, *words)}
    return [line for line in lines if line.number not in left_out], notes


# --- marks of Markdown -----------------------------------------------------------------------

_COMMENT = re.compile(r"<!--[^>]{0,100}-->")
_HEADING = re.compile(r"(?P<marks>#{1,6})(?P<text>.*)")
_IN_FRONT = re.compile(r"^(?:[-*+>]\s+)+")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])")


def _without_marks(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Read # as headings and take the other marks off, if there are any headings or bold words."""
    if not any(line.text.startswith(("#", "**")) for line in lines):
        return lines, []
    return [unmarked for line in lines if (unmarked := _unmarked(line)).text], []


def _unmarked(line: Line) -> Line:
    heading = _HEADING.fullmatch(line.text)
    text = heading["text"].strip(" \t#") if heading else _IN_FRONT.sub("", line.text)
    text = _ESCAPED.sub(r"\1", _COMMENT.sub("", text).replace("**", "")).strip()
    is_heading_line = heading and not read_article(text)
    return replace(line, text=text, depth=len(heading["marks"]) if is_heading_line else 0)


# --- the title and what stands before it -----------------------------------------------------

_PROMULGATES = re.compile(r"《(?P<name>[^《》]{2,100})》[^《》]{0,200}(?:现予|予以)(?:公布|发布)")
_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_DAY_ALONE = re.compile(_DAY)
_FROM_DAY = re.compile(rf"自(?:{_DAY})起?施行")
_NO_TITLE = re.compile(r".*(?:令|公告)(?:第.{1,9}号)?|.*[。；，].*|.*〔\d{4}〕.{1,9}号")
_LONGEST_DECREE = 60  # lines
_TITLE_LINES = 3
_HISTORY = re.compile(r"[（(]\s?\d{4}年\d{1,2}月\d{1,2}日")


def _from_title(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Begin with the title, in one line; a decree before it becomes a line of its history."""
    text = next((i for i, line in enumerate(lines) if _opens_text(line)), len(lines))
    for i, line in enumerate(lines[: min(text, _LONGEST_DECREE)]):
        promulgated = _PROMULGATES.search(line.text)
        if promulgated and (found := _find_title(lines, i + 1, text, promulgated["name"])):
            return _without_decree(lines, i, *found)
    opening = lines[0].text if text else ""
    if _NO_TITLE.fullmatch(opening) and not (
        ENDS_TITLE.search(opening) or _HISTORY.search(opening)
    ):
        raise ParseError(
            f"没有标题：“{opening[:40]}”不是法规名称，请从标题开始粘贴", lines[0].number
        )
    return _with_whole_title(lines[:text]) + lines[text:], []


def _opens_text(line: Line) -> bool:
    return bool(read_article(line.text) or is_heading(line.text) or CONTENTS.fullmatch(line.text))


def _find_title(
    lines: Sequence[Line], start: int, end: int, name: str
) -> tuple[int, int, str] | None:
    """Return where the title stands that the decree names (first line, the one after), and it."""
    for first in range(start, min(end, start + _LONGEST_DECREE)):
        for after in range(first + 1, min(end, first + _TITLE_LINES) + 1):
            title = _joined(lines[first:after]).strip("《》")
            if _compared(title) == _compared(name):
                return first, after, title
    return None


def _without_decree(
    lines: Sequence[Line], sentence: int, first: int, after: int, title: str
) -> tuple[list[Line], list[str]]:
    """Put the day, the number and the day of effect of a decree into one line of history."""
    decree = lines[:first]
    number = _bare(document_number(line.text for line in lines[: after + 1]))
    days = [line.text for line in decree[sentence:] if _DAY_ALONE.fullmatch(line.text)]
    effective = _FROM_DAY.search(lines[sentence].text)
    history = ""
    if days:
        done = "修订发布" if "修订" in lines[sentence].text else "公布"
        history = f"{days[-1]} {number}{done}"
        history += f"　{effective[0]}" if effective else ""
    kept = [Line(lines[first].number, title)]
    kept += [Line(lines[sentence].number, history)] if history else []
    until = decree[-1].number
    rest = [line for line in lines[after:] if _bare(line.text) != number]  # told once
    return [*kept, *rest], [f"第1至{until}行是公布令，没有收入正文，文号和日期取自其中"]


def _with_whole_title(opening: list[Line]) -> list[Line]:
    """Join a title set in several lines: 最高人民法院 / 关于适用…的解释."""
    for after in range(2, min(len(opening), _TITLE_LINES) + 1):
        if ENDS_TITLE.search(opening[0].text) or _HISTORY.match(opening[after - 1].text):
            break
        title = _joined(opening[:after])
        if "关于" in title and ENDS_TITLE.search(title) and not re.search(r"[。；：]", title):
            return [replace(opening[0], text=title), *opening[after:]]
    return opening


def _joined(lines: Sequence[Line]) -> str:
    return "".join(_bare(line.text) for line in lines)


def _compared(title: str) -> str:
    """Return a title as it is compared: a decree may set 〈〉 in it, and leave out the state."""
    return re.sub(r"[《》〈〉<>]", "", _bare(title)).removeprefix("中华人民共和国")


def _bare(text: str) -> str:
    return "".join(text.split())


# --- one provision, one heading a line -------------------------------------------------------

_MAY_OPEN = re.compile(
    rf"""
    (?<=[。；：”）)\s])                               # after a sentence, or set apart
    (?: 第{numerals.CHINESE}(?:编|分编|章|节)(?=\s)       # 第一章 总则
      | 目\s{{0,4}}录(?=\s)
      | (?P<provision>第{numerals.NUMERAL}条) )          # 第二条
    """,
    re.VERBOSE,
)
_LONGEST_HEADING = 60  # characters looked at before and after
_SENTENCE_END = tuple("。；：”）)")


def _one_each(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Give every heading and every provision that is next in turn a line of its own."""
    if not lines or amends_another(lines[0].text):
        return lines, []  # what it says of others stands in one line
    pieces: list[Line] = []
    split: list[Line] = []
    last = (0, 0)
    for i, line in enumerate(lines):
        parts = _history_apart(line) if i < _TITLE_LINES else [line]
        cut: list[Line] = []
        for part in parts:
            some, last = _cut(part, last)
            cut += some
        if len(cut) > 1:
            split.append(line)
        pieces += cut
    return pieces, [f"连在一行里的各条已经分开，请核对：{named(split)}"] if split else []


def _cut(line: Line, last: tuple[int, int]) -> tuple[list[Line], tuple[int, int]]:
    """Return the pieces of a line, and the number of the last provision up to its end."""
    opening = read_article(line.text)
    if opening and (not opening.glued or _is_next(opening, last)):
        last = opening.place
    pieces, start = [], 0
    for match in _MAY_OPEN.finditer(line.text):
        before = line.text[max(start, match.start() - _LONGEST_HEADING) : match.start()].strip()
        is_whole = match.start() - start <= _LONGEST_HEADING
        if not (before.endswith(_SENTENCE_END) or (is_whole and _is_apart(before))):
            continue
        if match["provision"]:
            marker = read_article(line.text[match.start() : match.start() + _LONGEST_HEADING])
            if marker is None or not _is_next(marker, last):
                continue
            last = marker.place
        pieces.append(replace(line, text=line.text[start : match.start()].strip()))
        start = match.start()
    return [*pieces, replace(line, text=line.text[start:].strip())], last


def _is_apart(text: str) -> bool:
    return looks_like_heading(text) or CONTENTS.fullmatch(text) is not None


def _is_next(marker: Marker, last: tuple[int, int]) -> bool:
    number, suffix = last
    return marker.place in ((number + 1, 0), (number, suffix + 1))


def _history_apart(line: Line) -> list[Line]:
    """Cut title, history in parentheses and text that share a line."""
    opening = _HISTORY.search(line.text)
    if opening is None:
        return [line]
    depth = 0
    end = len(line.text)
    for i in range(opening.start(), len(line.text)):
        depth += (line.text[i] in "（(") - (line.text[i] in "）)")
        if depth == 0:
            end = i + 1
            break
    cuts = (line.text[: opening.start()], line.text[opening.start() : end], line.text[end:])
    return [replace(line, text=text.strip()) for text in cuts if text.strip()]


# --- lines that the paper cut ----------------------------------------------------------------

_IN_SENTENCE = re.compile(r"[一-鿿，、]$")
_OPENS_PARAGRAPH = re.compile(rf"[（(]{numerals.NUMERAL}[）)]|{numerals.NUMERAL}[、.．]|[|“《]")
_CELLS = re.compile(r"[\t|]")
_SHORTEST_CUT = 10  # characters; a table's cells are shorter
_SHARE_CUT = 0.2  # of a text's lines


def cut_short(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of provisions that end within a sentence which the next line goes on."""
    first = next((i for i, line in enumerate(lines) if read_article(line.text)), len(lines))
    end = next((i for i in range(first, len(lines)) if ATTACHMENT.match(lines[i].text)), len(lines))
    return [
        line
        for line, after in pairwise(lines[first:end])
        if len(line.text) >= _SHORTEST_CUT
        and _IN_SENTENCE.search(line.text)
        and not (_CELLS.search(line.text) or _CELLS.search(after.text))
        and not (line.depth or after.depth or looks_like_heading(line.text))
        and not (_opens_text(after) or looks_like_heading(after.text))
        and not _OPENS_PARAGRAPH.match(after.text)
    ]


def _whole(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Join what was cut where the paper ended, in a text where that is the rule."""
    cut = cut_short(lines)
    if len(cut) < _SHARE_CUT * len(lines) or len(cut) < 2:
        return lines, []
    numbers = {line.number for line in cut}
    paragraphs: list[list[Line]] = []
    goes_on = False
    for line in lines:
        if goes_on:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
        goes_on = line.number in numbers
    joined = [
        replace(first, text="".join(line.text for line in (first, *rest)))
        for first, *rest in paragraphs
    ]
    return joined, [f"在句子中间换行的{len(cut)}处已经接上，请核对：{named(cut)}"]
