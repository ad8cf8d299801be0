"""HTML of an old system, of Word or of the clipboard → clean Markdown. Pure: no Django.

    read (markup.py: a browser's reading of broken HTML) → one walk → blocks → Markdown

The Markdown renders back to the same visible words in the same order. What is left out on
purpose (a repeated title, an old template's closing lines, hidden text) is named in `removed`.
What Markdown cannot say (tables with joined cells, lists that hold tables) stays HTML, reduced
to plain elements.
"""

import html as entities
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from .inline import BLANK, CODE, EM, STRONG, Run, address, tidy, words, write
from .markup import BLOCKS, LAZY, CleaningError, Element, Tree, read, style

__all__ = ["Cleaned", "CleaningError", "closing_lines", "to_markdown"]

MAX_NESTING = 6  # lists and quotations inside one another
MAX_COLUMNS = 40  # of a Markdown table; wider ones stay HTML


@dataclass(frozen=True)
class Cleaned:
    """Markdown, the addresses of the pictures it shows, and what was left out of it."""

    markdown: str
    images: tuple[str, ...] = ()  # as the Markdown names them, each once, in order
    removed: tuple[str, ...] = ()  # words left out on purpose, a block an entry
    films: tuple[str, ...] = ()  # frames and films that became links


def to_markdown(
    html: str,
    *,
    title: str = "",
    rewrite: Callable[[str], str] | None = None,
    picture: Callable[[str], str] | None = None,
    closings: Iterable[str] = (),
) -> Cleaned:
    """Turn HTML into the Markdown of an article. Raises CleaningError.

    `title` is the article's: where the HTML repeats it as a heading or as a picture's
    description it is left out. `rewrite` is asked for each address of a link, `picture` (if
    given) for each of a picture; they return the one to write, "" for none. `closings` are
    lines, as `closing_lines` returns them, that the old template put under every article.
    """
    tree = read(html)
    rewrite = rewrite or str
    walk = _Walk(tree, rewrite, picture or rewrite, title)
    blocks = walk.inside(tree.root)
    removed = list(tree.hidden)
    blocks = _drop_repeated_title(blocks, title, removed)
    blocks = _drop_closings(blocks, title, {*closings}, removed)
    blocks = _set_headings(blocks)
    notes = walk.notes()
    uncalled = [note for label, note in tree.footnotes.items() if label not in walk.called]
    for note in uncalled:
        blocks += walk.inside(note)
    markdown = "\n\n".join([*_apart(blocks), *notes])
    images = (name for name in walk.images if f"({name})" in markdown or f'"{name}"' in markdown)
    return Cleaned(markdown, tuple(dict.fromkeys(images)), tuple(removed), tuple(tree.films))


def closing_lines(html: str, title: str = "") -> list[str]:
    """Return a text's last lines as `closings` takes them, to be counted over many texts."""
    tree = read(html)
    blocks = _Walk(tree, str, str, title).inside(tree.root)[-3:]
    lines = [words(line) for block in blocks for line in block.lines or [[Run(block.words)]]]
    return [line for line in (_as_closing(line, title) for line in lines[-4:]) if line]


# --- Blocks --------------------------------------------------------------------------

PARAGRAPH, HEADING, LIST, OTHER, HTML, CODE_BLOCK = "paragraph heading list other html code".split()
BREAK = Run("\n", frozenset(["br"]))


@dataclass(frozen=True)
class Block:
    """One block of Markdown. `words` are what a reader sees of it."""

    kind: str
    markdown: str
    words: str
    lines: tuple[tuple[Run, ...], ...] = ()  # of a paragraph or heading
    level: int = 0  # of a heading


def _paragraph(lines: Iterable[list[Run]]) -> Block:
    lines = tuple(tuple(line) for line in lines)
    markdown = "  \n".join(write(line) for line in lines)
    return Block(PARAGRAPH, markdown, "".join(words(line) for line in lines), lines)


def _heading(line: Iterable[Run], level: int) -> Block:
    """A heading of one line; it needs no bold."""
    line = tuple(replace(run, marks=run.marks - {STRONG}) for run in line)
    text = re.sub(r"#$", r"\\#", write(tidy(line)))
    return Block(HEADING, f"{'#' * level} {text}", words(line), (line,), level)


class _TooMuch(Exception):  # noqa: N818 (no error: the signal to fall back to HTML)
    """An element that Markdown cannot say at this place."""


@dataclass
class _Walk:
    """What the blocks of one text share."""

    tree: Tree
    rewrite: Callable[[str], str]
    name: Callable[[str], str]  # of a picture
    title: str
    images: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    nesting: int = 0

    def inside(self, element: Element) -> list[Block]:
        """Return the blocks of an element's content."""
        gathering = _Gathering(self)
        gathering.children(element, frozenset(), "")
        gathering.close()
        return gathering.blocks

    def nested(self, element: Element) -> list[Block]:
        """The same, for content of a list, quotation or table."""
        if self.nesting >= MAX_NESTING:
            raise _TooMuch
        self.nesting += 1
        try:
            return self.inside(element)
        finally:
            self.nesting -= 1

    def notes(self) -> list[str]:
        """Return the texts of the called footnotes, which may call further ones."""
        notes = []
        self.nesting = MAX_NESTING - 1
        for label in self.called:  # grows while it is walked
            try:
                blocks = self.inside(self.tree.footnotes[label])
                text = "\n\n".join(_apart(blocks))
            except _TooMuch:
                text = write(tidy([Run(_text(self.tree.footnotes[label]))]))
            notes.append(f"[^{label}]: {_indented(text)}")
        self.nesting = 0
        return notes

    def link(self, url: str) -> str:
        url = self.rewrite(url.strip()) if url and not url.startswith("#") else ""
        is_sound = url and len(url) <= 1_000 and not url.startswith(("#", "file:", "data:"))
        return url if is_sound else ""

    def picture(self, element: Element) -> tuple[str, str]:
        """Return address and description of a picture; "" for what has none."""
        sources = (element.get(name, "").strip() for name in (*LAZY, "src"))
        source = next((self.name(url) for url in sources if url), "")
        alt = " ".join(element.get("alt", "").split())
        alt = "" if _folded(alt) == _folded(self.title) else alt
        if not source or source.startswith(("data:", "file:")) or len(source) > 1_000:
            return "", alt
        self.images.append(address(source))
        return source, alt


@dataclass
class _Gathering:
    """The blocks of one element while its content is walked."""

    walk: _Walk
    blocks: list[Block] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)  # of the paragraph being gathered

    def children(self, element: Element, marks: frozenset[str], href: str) -> None:
        self.text(element.text, marks, href)
        for child in element:
            if child.get("data-footnote") is None:
                self.element(child, marks, href)
            self.text(child.tail, marks, href)

    def text(self, text: str | None, marks: frozenset[str], href: str) -> None:
        if text:
            self.runs.append(Run(text, marks, href))

    def element(self, element: Element, marks: frozenset[str], href: str) -> None:
        tag = element.tag
        marks = _marks(element, marks)
        if tag == "br":
            self.runs.append(BREAK)
        elif tag == "img":
            self.picture(element, href)
        elif tag == "a":
            self.anchor(element, marks)
        elif tag in BLOCKS:
            self.close()
            self.block(element, marks, href)
            self.close()
        else:
            self.children(element, marks, href)

    def anchor(self, element: Element, marks: frozenset[str]) -> None:
        label = self.walk.tree.calls.get(element)
        if label:
            if label not in self.walk.called:
                self.walk.called.append(label)
            self.runs.append(Run("", note=label))
        else:
            self.children(element, marks, self.walk.link(element.get("href", "")))

    def picture(self, element: Element, href: str) -> None:
        source, alt = self.walk.picture(element)
        if source:
            shows_itself = re.search(r"\.(?:jpe?g|png|gif|webp|bmp)(?:\?|$)", href, re.IGNORECASE)
            self.runs.append(Run(alt, frozenset(), "" if shows_itself else href, source))

    def close(self) -> None:
        """Make paragraphs of the runs gathered: an empty or indented line begins a new one."""
        lines: list[list[Run]] = []
        for line in _lines(self.runs):
            indent = _INDENT.match(_start(line))
            line = tidy(line)
            if lines and (indent or not line):
                self.blocks.append(_paragraph(lines))
                lines = []
            if line:
                lines.append(line)
        if lines:
            self.blocks.append(_paragraph(lines))
        self.runs = []

    # --- each kind of block

    def block(self, element: Element, marks: frozenset[str], href: str) -> None:
        tag = element.tag
        if re.fullmatch(r"h[1-6]", tag):
            self.heading(element, marks, href)
        elif tag in ("ul", "ol", "blockquote", "table"):
            self.structure(element)
        elif tag == "pre":
            self.preformatted(element, marks)
        elif tag == "hr":
            self.blocks.append(Block(OTHER, "---", ""))
        else:
            self.children(element, marks, href)

    def heading(self, element: Element, marks: frozenset[str], href: str) -> None:
        if self.walk.nesting:
            self.children(element, marks | {STRONG}, href)
            return
        inner = self.walk.inside(element)
        if any(block.kind != PARAGRAPH for block in inner) or not any(b.words for b in inner):
            self.blocks += inner
            return
        lines = [line for block in inner for line in block.lines]
        spaced = [run for line in lines for run in [Run(" "), *line]]
        self.blocks.append(_heading(tidy(spaced), int(element.tag[1])))

    def structure(self, element: Element) -> None:
        """Add a list, quotation or table; as HTML where Markdown cannot say it."""
        kept = len(self.walk.images), len(self.walk.called)
        try:
            if element.tag == "blockquote":
                self.blocks += self.quotation(element)
            elif element.tag == "table":
                self.blocks += self.table(element)
            else:
                self.blocks += self.listing(element)
        except _TooMuch:
            del self.walk.images[kept[0] :], self.walk.called[kept[1] :]
            if self.walk.nesting:
                raise
            self.blocks.append(Block(HTML, _plain(self.walk, element), _text(element)))

    def listing(self, element: Element) -> list[Block]:
        counts_otherwise = element.get("start", "1") != "1" or element.get("reversed") is not None
        entries = [e for e in element.findall("li") if e.get("data-footnote") is None]
        if element.tag == "ol" and (counts_otherwise or any(e.get("value") for e in entries)):
            raise _TooMuch  # Markdown's numbers begin at 1
        items = [self.walk.nested(entry) for entry in entries]
        items = [blocks for blocks in items if blocks]
        if any(block.kind not in (PARAGRAPH, LIST) for blocks in items for block in blocks):
            raise _TooMuch
        if any(blocks[0].kind != PARAGRAPH or _lists_meet(blocks) for blocks in items):
            raise _TooMuch
        is_loose = any(b.kind == PARAGRAPH for blocks in items for b in blocks[1:])
        parts = []
        for number, blocks in enumerate(items, start=1):
            marker = f"{number}. " if element.tag == "ol" else "- "
            text = ("\n\n" if is_loose else "\n").join(block.markdown for block in blocks)
            parts.append(marker + _indented(text))
        markdown = ("\n\n" if is_loose else "\n").join(parts)
        return [Block(LIST, markdown, _together(items))] if items else []

    def quotation(self, element: Element) -> list[Block]:
        blocks = self.walk.nested(element)
        if any(block.kind in (HTML, CODE_BLOCK) for block in blocks) or _lists_meet(blocks):
            raise _TooMuch
        text = "\n\n".join(block.markdown for block in blocks)
        quoted = "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))
        return [Block(OTHER, quoted, _together([blocks]))] if blocks else []

    def table(self, element: Element) -> list[Block]:
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        caption = next(element.iterchildren("caption"), None)
        before = self.walk.inside(caption) if caption is not None else []
        width = max(map(len, cells), default=0)
        if element.find(".//table") is not None or width < 2:  # it only laid out a page
            return before + [b for row in cells for cell in row for b in self.walk.inside(cell)]
        if self.walk.nesting or width > MAX_COLUMNS:
            raise _TooMuch
        spans = (cell.get(name, "1") for row in cells for cell in row for name in _SPANS)
        if any(span != "1" for span in spans):
            raise _TooMuch
        lines = [[self.cell(cell) for cell in row] for row in cells if len(row)]
        if not any(map(any, lines)):
            return before
        head, *body = (
            "| " + " | ".join(line + [""] * (width - len(line))) + " |" for line in lines
        )
        markdown = "\n".join([head, "|" + " --- |" * width, *body])
        return [*before, Block(OTHER, markdown, _text(element))]

    def cell(self, element: Element) -> str:
        blocks = self.walk.nested(element)
        if any(block.kind != PARAGRAPH for block in blocks):
            raise _TooMuch
        return "<br>".join(write(line, in_table=True) for b in blocks for line in b.lines)

    def preformatted(self, element: Element, marks: frozenset[str]) -> None:
        text = _typed(element).strip("\n")
        if not text.strip() or element.find(".//img") is not None:
            self.children(element, marks, "")
        elif _is_code(element, text):
            if self.walk.nesting:
                raise _TooMuch
            longest = max(map(len, re.findall("`+", text)), default=0)
            fence = "`" * max(3, longest + 1)
            self.blocks.append(Block(CODE_BLOCK, f"{fence}\n{text}\n{fence}", text))
        else:  # prose that an old editor set as it was typed
            for line in text.split("\n"):
                self.runs += [Run(line, marks), BREAK]


_SPANS = ("colspan", "rowspan")
_INDENT = re.compile("[\u3000\u00a0]{2}|[\u3000]|\u00a0 | {4}")


def _lines(runs: list[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run is BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    return lines


def _start(line: list[Run]) -> str:
    return "".join(run.text for run in line[:3]).lstrip("\r\n\t")


_BOLD = re.compile(r"font-weight:(?:bold|bolder|[6-9]00)")
_SAME = {"b": STRONG, "strong": STRONG, "i": EM, "em": EM, "cite": "", "code": CODE, "tt": CODE}
_SAME |= {"kbd": CODE, "samp": CODE, "s": "del", "strike": "del", "del": "del", "ins": "u"}
_SAME |= {"u": "u", "sub": "sub", "sup": "sup"}


def _marks(element: Element, marks: frozenset[str]) -> frozenset[str]:
    own = _SAME.get(element.tag, "")
    looks = style(element)
    if _BOLD.search(looks):
        own = STRONG
    elif "font-weight:normal" in looks or "font-weight:400" in looks:
        marks, own = marks - {STRONG}, "" if own == STRONG else own
    return marks | {own} if own else marks


def _is_code(element: Element, text: str) -> bool:
    """Whether a preformatted block is code; old editors also set prose so."""
    looks = f"{element.get('class', '')} {' '.join(c.get('class', '') for c in element)}"
    if element.find("code") is not None or re.search(r"brush|lang|prism|code|hljs", looks):
        return True
    chinese = len(re.findall("[一-鿿]", text))
    return chinese * 3 < len(text.replace(" ", ""))


def _typed(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts.append("\n" if child.tag == "br" else _typed(child))
        if child.tag in ("p", "div", "li"):
            parts.append("\n")
        parts.append(child.tail or "")
    return "".join(parts)


def _text(element: Element) -> str:
    return "".join(element.text_content().split())


def _together(items: Iterable[list[Block]]) -> str:
    return "".join(block.words for blocks in items for block in blocks)


def _lists_meet(blocks: list[Block]) -> bool:
    kinds = [block.kind for block in blocks]
    return any(a == b == LIST for a, b in pairwise(kinds))


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ").replace("\n    \n", "\n\n")


def _apart(blocks: list[Block]) -> list[str]:
    """Return the blocks' Markdown; two lists in a row are kept from becoming one."""
    parts = []
    for place, block in enumerate(blocks):
        if place and block.kind == blocks[place - 1].kind == LIST:
            parts.append("<!-- -->")
        parts.append(block.markdown)
    return parts


# --- What Markdown cannot say ----------------------------------------------------------

_PLAIN = {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "ul", "ol", "li", "p", "pre"}
_PLAIN |= {"blockquote", "br", "hr"}
_PLAIN_DEPTH = 12
_PLAIN_ATTRIBUTES = {"td": _SPANS, "th": _SPANS, "ol": ("start",)}


def _plain(walk: _Walk, element: Element, depth: int = 0) -> str:
    """Write an element as HTML of plain elements, without an empty line."""
    tag = element.tag
    if element.get("data-footnote") is not None:
        return ""
    if tag == "img":
        source, alt = walk.picture(element)
        return f'<img src="{address(source)}" alt="{_quoted(alt)}">' if source else ""
    if tag in ("br", "hr"):
        return f"<{tag}>"
    inner = _escaped(element.text, tag)
    for child in element:
        inner += _plain(walk, child, depth + 1) + _escaped(child.tail, tag)
    if tag == "a":
        url = walk.link(element.get("href", "")) if depth <= _PLAIN_DEPTH else ""
        return f'<a href="{_quoted(url)}">{inner}</a>' if url and inner else inner
    is_wrapper = tag in ("div", "section", "dd", "dt") and not any(c.tag in BLOCKS for c in element)
    if depth > _PLAIN_DEPTH:
        return f"{inner}<br>" if tag in BLOCKS else inner
    if is_wrapper or re.fullmatch(r"h[1-6]|caption|figcaption", tag):
        tag = "p"
    for mark in sorted(_marks(element, frozenset())):
        if inner.strip() and element.tag not in BLOCKS:
            inner = f"<{mark}>{inner}</{mark}>"
    if tag not in _PLAIN:
        return inner
    names = _PLAIN_ATTRIBUTES.get(tag, ())
    kept = (f' {name}="{_quoted(element.get(name))}"' for name in names if element.get(name))
    ending = "\n" if tag in ("tr", "li", "thead", "tbody") and depth < 3 else ""
    beginning = "\n" if tag in ("table", "ul", "ol") and not depth else ""
    return f"<{tag}{''.join(kept)}>{beginning}{inner.strip()}</{tag}>{ending}"


def _escaped(text: str | None, tag: str) -> str:
    if not text:
        return ""
    if tag != "pre":
        text = re.sub(r"\s+", " ", text)
        text = "" if tag in ("table", "tbody", "thead", "tfoot", "tr", "ul", "ol") else text
    return entities.escape(text, quote=False).replace("\n", "&#10;")


def _quoted(value: str) -> str:
    return entities.escape(value).replace("\n", " ")


# --- What is left out, and headings ------------------------------------------------------


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _drop_repeated_title(blocks: list[Block], title: str, removed: list[str]) -> list[Block]:
    """Leave out the title where the text begins with it."""
    first = next((place for place, block in enumerate(blocks) if block.words), None)
    if first is None or not title or len(blocks) == 1:
        return blocks
    block = blocks[first]
    if block.kind in (PARAGRAPH, HEADING) and _folded(block.words).strip("《》") == _folded(title):
        if any(run.source for line in block.lines for run in line):
            return blocks
        removed.append(block.words)
        return [*blocks[:first], *blocks[first + 1 :]]
    return blocks


# What Z-Blog's and WordPress's templates print under an article, if it was copied into it.
_CLOSINGS = re.compile(
    r"扫描二维码推送至手机访问|返回列表$|[上下]一篇[:：]|本文(?:链接|地址|网址)[:：]|版权声明[:：]"
    r"|(?=.{0,400}本文为.{1,40}原创).{0,400}(?:禁止|请勿|不得)转载|没有(?:更早|最新)的文章了"
)
_CLOSING_LENGTH = 300
# A template's line speaks of the site, its firm or its reader; one about the law is the article's
# own, however many articles end with it.
_OF_THE_SITE = re.compile(
    r"版权|转载|原创|声明|免责|仅供参考|本[文站网所]|来源|作者|编辑|责编|律所|律师|事务所|咨询|联系"
    r"|关注|公众号|微信|微博|抖音|扫码|扫一扫|二维码|电话|热线|手机|网址|链接|点击|收藏|分享|点赞"
    r"|https?:|www\.|\d{7}|\d{3,4}-\d{7}"
)
_OF_THE_LAW = re.compile(r"第[一二三四五六七八九十百千万零〇两\d]+条|《[^《》]+》")


def _as_closing(text: str, title: str) -> str:
    """Return a line as it can be compared with those of other articles; "" for one that no
    template wrote."""
    text = _folded(text)
    if title:
        text = text.replace(_folded(title), "《》")
    is_one = _OF_THE_SITE.search(text) and not _OF_THE_LAW.search(text)
    return text if is_one and 4 <= len(text) <= _CLOSING_LENGTH else ""


def _drop_closings(
    blocks: list[Block], title: str, closings: set[str], removed: list[str]
) -> list[Block]:
    """Leave out, from the end, lines that the old template wrote, each of `closings` once."""
    kept = list(blocks)
    dropped: list[str] = []
    closings = set(closings)
    while kept:
        last = kept[-1]
        lines = last.lines if last.kind == PARAGRAPH else ()
        text = words(lines[-1]) if lines else ""
        closing = _as_closing(text, title)
        known = bool(text) and (_CLOSINGS.match(text) is not None or closing in closings)
        if not known or any(run.source for run in lines[-1]):
            break
        closings.discard(closing)
        dropped.append(text)
        kept.pop()
        if lines[:-1]:
            kept.append(_paragraph(lines[:-1]))
    if not kept:  # nothing else is there
        return list(blocks)
    removed += dropped
    return kept


_NUMBERS = [  # how Chinese documents number their headings, from the highest down
    re.compile(
        r"第[一二三四五六七八九十百\d]{1,4}[部分章节][　 、:：]?|[一二三四五六七八九十]{1,3}[、.．]"
    ),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"\d{1,2}[、.．](?!\d)|[（(]\d{1,2}[)）]"),
]
_SENTENCE = re.compile(r"[。；;，,…]$|[。；;].")
_HASHES = re.compile(r"(#{1,6})[ \u3000]+(?=\S)")


def _set_headings(blocks: list[Block]) -> list[Block]:
    """Make headings of what was only made to look so; let levels begin at two."""
    bold = [place for place, block in enumerate(blocks) if _looks_a_heading(block)]
    alone = {place for place in bold if place - 1 not in bold and place + 1 < len(blocks)}
    several = len(alone) > 1
    result = []
    for place, block in enumerate(blocks):
        hashes = _HASHES.match(block.words) if block.kind == PARAGRAPH else None
        if hashes and len(block.lines) == 1 and len(block.words) <= 80:
            line = list(block.lines[0])
            line[0] = replace(line[0], text=_HASHES.sub("", line[0].text, count=1))
            block = _heading(line, len(hashes[1])) if words(line) else block
        elif place in alone:
            level = next((n for n, p in enumerate(_NUMBERS, 2) if p.match(block.words)), 0)
            if level or several:
                block = _heading(block.lines[0], level or 2)
        result.append(block)
    levels = [block.level for block in result if block.kind == HEADING]
    shift = 1 if levels and min(levels) == 1 else 0
    return [
        _heading(block.lines[0], min(6, block.level + shift)) if block.kind == HEADING else block
        for block in result
    ]


def _looks_a_heading(block: Block) -> bool:
    if block.kind != PARAGRAPH or len(block.lines) != 1 or not 2 <= len(block.words) <= 40:
        return False
    seen = [run for run in block.lines[0] if run.text.strip(BLANK) or run.source or run.note]
    is_bold = all(STRONG in run.marks and not run.href for run in seen if not run.note)
    return is_bold and not any(r.source for r in seen) and not _SENTENCE.search(block.words)
