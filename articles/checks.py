"""What an editor should look at again in an article still being written. Pure: no Django.

Hints warn, they never rewrite. Each names its places by character offsets into the field's own
text, end excluded; `hints_of` finds those that the words alone give away.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

TITLE_LENGTH = (8, 30)  # in Chinese characters; search results show about 30
SUMMARY_LENGTH = (70, 120)
LONGEST_PARAGRAPH = 300
MOST_PLACES = 200  # of one hint


class Weight(IntEnum):
    """How much a hint matters; the panel is in this order."""

    MUST = 3, "须改"
    SHOULD = 2, "建议改"
    MIND = 1, "可留意"

    def __new__(cls, value: int, label: str):
        weight = int.__new__(cls, value)
        weight._value_ = value
        weight.label = label
        return weight


@dataclass(frozen=True)
class Place:
    field: str  # title, summary, body
    start: int
    end: int


@dataclass(frozen=True)
class Hint:
    """One thing to look at. `rule` is the rule it follows from, where there is one."""

    weight: Weight
    message: str
    places: tuple[Place, ...] = ()
    rule: str = ""


@dataclass(frozen=True)
class RestrictedWords:
    """Words that a rule keeps out of lawyers' publicity; … in them stands for a few characters.

    A hit inside one of the phrases `unless` is none.
    """

    words: str
    rule: str
    unless: tuple[str, ...] = ()


def hints_of(
    title: str, summary: str, body: str, restricted: Sequence[RestrictedWords] = ()
) -> list[Hint]:
    """Return what the words of an article give away, heaviest first."""
    prose = without_code(body)
    found = [
        *_restricted_words({"title": title, "summary": summary, "body": prose}, restricted),
        *_images(prose, title),
        *_headings(prose),
        *(_title(title) if title or body.strip() else ()),
        *(_summary(summary, title) if summary or body.strip() else ()),
        *_links(prose),
        *_paragraphs(prose),
        *_punctuation(prose),
    ]
    return in_order(found)


def in_order(hints: Iterable[Hint]) -> list[Hint]:
    """Return hints heaviest first; those of one weight stay in the order given."""
    return sorted(hints, key=lambda hint: -hint.weight)


def width(text: str) -> float:
    """Return the length of a text in Chinese characters: two Latin letters make one.

    >>> width("离婚 2024")
    4.5
    """
    wide = sum(unicodedata.east_asian_width(character) in "WFA" for character in text)
    return wide + (len(text) - wide) / 2


# --- Title and summary -----------------------------------------------------------------


def _title(title: str) -> Iterator[Hint]:
    shortest, longest = TITLE_LENGTH
    length = width(title)
    place = (Place("title", 0, len(title)),)
    if not title:
        yield Hint(Weight.MUST, "还没有标题", (Place("title", 0, 0),))
    elif length > longest:
        words = f"标题有{length:g}个字，搜索结果里大约只显示前{longest}个字"
        yield Hint(Weight.SHOULD, words, (Place("title", _cut(title, longest), len(title)),))
    elif length < shortest:
        yield Hint(Weight.MIND, f"标题只有{length:g}个字，读者难以看出它回答什么", place)


def _summary(summary: str, title: str) -> Iterator[Hint]:
    shortest, longest = SUMMARY_LENGTH
    length = width(summary)
    place = (Place("summary", 0, len(summary)),)
    if not summary:
        yield Hint(Weight.SHOULD, "没有摘要，搜索结果会用正文的开头代替", place)
    elif _bare(summary) == _bare(title):
        yield Hint(Weight.SHOULD, "摘要与标题相同", place)
    elif length > longest:
        words = f"摘要有{length:g}个字，搜索结果里大约只显示前{longest}个字"
        yield Hint(Weight.MIND, words, (Place("summary", _cut(summary, longest), len(summary)),))
    elif length < shortest:
        words = f"摘要只有{length:g}个字，写到{shortest}至{longest}个字更能说清答案"
        yield Hint(Weight.MIND, words, place)


def _cut(text: str, longest: int) -> int:
    """Return where a text grows longer than `longest` Chinese characters."""
    used = 0.0
    for position, character in enumerate(text):
        used += width(character)
        if used > longest:
            return position
    return len(text)


def _bare(text: str) -> str:
    return "".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text)))


# --- Reading the Markdown ----------------------------------------------------------------

_FENCE = re.compile(r"^(?P<fence>`{3,}+|~{3,}+)[^\n]*+\n.*?(?:^(?P=fence)[ ]*$|\Z)", re.M | re.S)
_INLINE_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)[^`\n]{1,300}\1(?!`)")
_IMAGE = re.compile(
    r"""!\[(?P<alt>[^\[\]\n]{0,500})\]
    \(\s*<?(?P<source>[^\s()<>]{0,500})>?(?:\s+["'][^\n"']{0,500}["'])?\s*\)""",
    re.VERBOSE,
)
_IMAGE_TAG = re.compile(r"<img\b[^<>]{0,1000}>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_LINK = re.compile(r"(?<!!)\[(?P<words>[^\[\]\n]{0,300})\]\((?P<target>[^()\n]{0,500})\)")
_HEADING = re.compile(r"^(?P<marks>#{1,6})(?P<words>[^\n]*)$", re.M)
_UNDERLINED = re.compile(r"(?<![^\n]\n)^(?P<words>[^\n#>|\s][^\n]*)\n(?P<marks>=+|-+)[ ]*$", re.M)


def without_code(body: str) -> str:
    """Return the body with its code blanked out, every offset as it was."""
    body = _FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), body)
    return _INLINE_CODE.sub(lambda found: "\0" * len(found[0]), body)


def _place(found: re.Match[str], group: int | str = 0) -> Place:
    return Place("body", *found.span(group))


def _images(body: str, title: str) -> Iterator[Hint]:
    """Alternative texts that are missing, say nothing or repeat the title."""
    missing, repeating, file_names = [], [], []
    pictures = [(found["alt"], _place(found)) for found in _IMAGE.finditer(body)]
    for tag in _IMAGE_TAG.finditer(body):
        alt = _ALT.search(tag[0])
        pictures.append((next(filter(None, alt.groups()), "") if alt else "", _place(tag)))
    for alt, place in sorted(pictures, key=lambda picture: picture[1].start):
        if not alt.strip():
            missing.append(place)
        elif title and _bare(alt) == _bare(title):
            repeating.append(place)
        elif _FILE_NAME.fullmatch(alt.strip()):
            file_names.append(place)
    if missing:
        yield _hint(Weight.SHOULD, "图片没有文字说明，看不见图的读者不知道它画了什么", missing)
    if repeating:
        yield _hint(Weight.SHOULD, "图片的文字说明照抄了标题，请写图里有什么", repeating)
    if file_names:
        yield _hint(Weight.SHOULD, "图片的文字说明像文件名，请写图里有什么", file_names)


_FILE_NAME = re.compile(
    r"(?:[\w.\- ]+\.(?:png|jpe?g|gif|webp|bmp)|(?:IMG|DSC|image|图片|截图|微信图片)[\d_\-\s]*)",
    re.IGNORECASE,
)


def _hint(weight: Weight, message: str, places: Sequence[Place], rule: str = "") -> Hint:
    return Hint(weight, message, tuple(places[:MOST_PLACES]), rule)


def _headings(body: str) -> Iterator[Hint]:
    """Levels that are skipped, headings of the title's level or without words."""
    found = sorted(
        [*_HEADING.finditer(body), *_UNDERLINED.finditer(body)], key=lambda each: each.start()
    )
    skipping, too_high, empty = [], [], []
    before = 1
    for heading in found:
        marks = heading["marks"]
        level = len(marks) if marks[0] == "#" else 1 if marks[0] == "=" else 2
        if not heading["words"].strip("# \t"):
            empty.append(_place(heading))
            continue
        if level == 1:
            too_high.append(_place(heading))
        elif level > before + 1:
            skipping.append(_place(heading))
        before = level
    if skipping:
        words = "小标题跳了级：## 下面用 ###，不直接用 ####；第一个小标题用 ##"
        yield _hint(Weight.SHOULD, words, skipping)
    if too_high:
        yield _hint(Weight.SHOULD, "小标题从 ## 开始，# 是文章标题的级别", too_high)
    if empty:
        yield _hint(Weight.MIND, "小标题没有文字", empty)


_SAYS_NOTHING = {"点击这里", "点这里", "这里", "此处", "链接", "点击", "查看", "点击查看", "详情"}


def _links(body: str) -> Iterator[Hint]:
    wordless, vague = [], []
    for link in _LINK.finditer(body):
        words = link["words"].strip()
        if not words and not link["words"].startswith("^"):
            wordless.append(_place(link))
        elif words in _SAYS_NOTHING:
            vague.append(_place(link, "words"))
    if wordless:
        yield _hint(Weight.SHOULD, "链接没有文字", wordless)
    if vague:
        yield _hint(Weight.MIND, "链接的文字没有说明去处，请写链接到什么", vague)


# --- Prose -------------------------------------------------------------------------------

_BLOCK = re.compile(r"[^\n]+(?:\n[ \t]*[^\s][^\n]*)*")
_NOT_PROSE = re.compile(
    r"\s*(?:#|>|\||[-*+] |\d{1,3}[.)] |\[\^|<|!\[|（[一二三四五六七八九十]{1,3}）)"
)
_HALF_WIDTH = re.compile(r"(?<=[一-鿿])[,;:?!](?=[一-鿿]|\s|$)|(?<=[一-鿿])\.(?=\s|$)", re.M)
_SPACE = re.compile(r"(?<=[一-鿿，。；：、]) +(?=[一-鿿])")


def _paragraphs(body: str) -> Iterator[Hint]:
    long = []
    for block in _BLOCK.finditer(body):
        if not _NOT_PROSE.match(block[0]) and width(_visible(block[0])) > LONGEST_PARAGRAPH:
            long.append(_place(block))
    if long:
        words = f"一段超过{LONGEST_PARAGRAPH}个字，手机上要翻一屏才到头，请分段"
        yield _hint(Weight.MIND, words, long)


def _visible(markdown: str) -> str:
    """Return a paragraph's words, its links' and images' addresses left out."""
    return re.sub(r"\]\([^()\n]*\)|[*_`\[\]!]", "", markdown)


def _punctuation(body: str) -> Iterator[Hint]:
    """Half-width marks and spaces between Chinese characters; quotations stay as they are."""
    marks, spaces = [], []
    start = 0
    for line in body.split("\n"):
        if not line.lstrip().startswith((">", "|", "<")):
            marks += [_at(found, start) for found in _HALF_WIDTH.finditer(line)]
            spaces += [_at(found, start) for found in _SPACE.finditer(line.rstrip())]
        start += len(line) + 1
    if marks:
        yield _hint(Weight.MIND, "中文后面用了半角标点", marks)
    if spaces:
        yield _hint(Weight.MIND, "汉字之间有空格", spaces)


def _at(found: re.Match[str], start: int) -> Place:
    return Place("body", start + found.start(), start + found.end())


# --- Words that rules keep out -------------------------------------------------------------

_ENDS = "，。；：！？、\n"
_DENIES = re.compile(
    rf"(?:不得|不能|不会|不可|不要|不应|没有|并非|禁止|严禁|拒绝|警惕|谨防|当心|所谓|声称|谎称|自称)[^{_ENDS}]{{0,12}}$"
)


def _restricted_words(
    texts: dict[str, str], restricted: Sequence[RestrictedWords]
) -> Iterator[Hint]:
    """One hint for each entry of the list that is used; 不得承诺胜诉 does not promise it."""
    for entry in restricted:
        places = [
            Place(field, start, end)
            for field, text in texts.items()
            for start, end in _uses(entry, text)
        ]
        if places:
            first = places[0]
            words = texts[first.field][first.start : first.end]
            yield _hint(Weight.SHOULD, f"“{words}”可能不合律师推广规则", places, entry.rule)


def _uses(entry: RestrictedWords, text: str) -> Iterator[tuple[int, int]]:
    gap = rf"[^{_ENDS}]{{0,8}}?"
    pieces = [re.escape(piece) for piece in re.split("…+", entry.words, maxsplit=2) if piece]
    if not pieces:
        return
    for phrase in filter(None, entry.unless):
        text = text.replace(phrase, "\n" * len(phrase))
    for found in re.finditer(gap.join(pieces), text, re.IGNORECASE):
        start, end = found.span()
        if not _DENIES.search(text[max(0, start - 16) : start]):
            yield start, end
