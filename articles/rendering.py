"""Markdown → sanitised HTML, table of contents, plain text. Pure: no Django.

    markdown (python-markdown) → clean → arrange → clean

`clean` (nh3) is the only gate to the page: the first time it reduces whatever an author or
an old system wrote to plain elements, the last time it holds our own arrangement to the
list of what may be published. Between them one pass over the tree sets headings, figures,
tables, footnotes and images.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import local
from urllib.parse import unquote

import nh3
from lxml import etree
from lxml.html import fragment_fromstring
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

MAX_LENGTH = 100_000  # characters of a body
MAX_DEPTH = 40  # elements inside one another
EXCERPT_LENGTH = 120

CHINESE = r"　-〿㐀-䶿一-鿿豈-﫿＀-￯“”‘’…—"


class RenderError(ValueError):
    """A body that cannot be rendered; says what is wrong, in Chinese, for the editor."""


@dataclass(frozen=True)
class Picture:
    """An image that a body may show: its address, size in pixels, and smaller versions."""

    url: str
    width: int
    height: int
    smaller: tuple[tuple[int, str], ...] = ()  # (width, url), narrowest first


@dataclass(frozen=True)
class Heading:
    level: int  # 2–6
    id: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """A body ready for the page. `html` is sanitised; `text` is its words, a block a line."""

    html: str
    contents: tuple[Heading, ...]
    text: str
    excerpt: str
    missing_images: tuple[str, ...] = field(default=())


def render(
    source: str, *, title: str = "", images: Mapping[str, Picture] | None = None
) -> Rendered:
    """Render an article's Markdown.

    `images` are the pictures it may show, by the name its Markdown uses. Raises RenderError
    for a body too long, too deeply nested or with more marks than any article has.
    """
    source = _readable(source)
    _check_limits(source)
    html = _converted(source)
    _check_depth(html)
    # &#1; is a character only now, and no tree can hold it.
    cleaned = _UNREADABLE.sub("", _AUTHORS.clean(html))
    root = fragment_fromstring(cleaned, create_parent="div")
    missing = _arrange(root, title, images or {})
    contents = _number_headings(root)
    text = "\n".join(_lines(root))
    return Rendered(
        html=_PUBLISHED.clean(_inner_html(root)),
        contents=contents,
        text=text,
        excerpt=excerpt(_run_on(_lines(root, skip=_NOT_IN_EXCERPT))),
        missing_images=missing,
    )


_kept = local()  # a converter is for one thread, and takes long to make


def _converted(source: str) -> str:
    """Return what Markdown makes of a source, before anything is cleaned."""
    markdown = getattr(_kept, "markdown", None) or Markdown(
        extensions=["tables", "footnotes", "fenced_code", ChineseBlocks()],
        extension_configs={"tables": {"use_align_attribute": True}},
    )
    _kept.markdown = None  # one that failed is not used again
    try:
        html = markdown.convert(source)
    except RecursionError:
        raise RenderError("正文的列表或引用嵌套过深") from None
    _kept.markdown = markdown.reset()
    return html


def excerpt(text: str, length: int = EXCERPT_LENGTH) -> str:
    """Return the beginning of a text, at most `length` characters, … where it was cut.

    >>> excerpt("自然人享有隐私权。", 6)
    '自然人享有…'
    """
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip("，、；：（《“ ") + "…"


def _run_on(lines: Iterator[str]) -> str:
    """Join lines as one text: a space after one that no mark ends."""
    return "".join(line if line[-1] in "。！？；：，、…”）" else line + " " for line in lines)


# --- Before Markdown -------------------------------------------------------------

_UNREADABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u2028-\u202e\ufeff\ufffe\uffff\ud800-\udfff]"
)


def _readable(source: str) -> str:
    """Return the text without control, zero-width and direction characters."""
    return _UNREADABLE.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))


# python-markdown is quadratic in these: the pattern, how many of it a body may hold.
_LIMITS = [
    (re.compile(r"^.*\S", re.MULTILINE), 5_000, "正文超过5000行"),
    (re.compile(r"[\[*_`\\<]"), 10_000, "正文的Markdown标记过多"),
    (re.compile(r"<[^<>]*(?=<|\Z)"), 300, "正文里没有闭合的“<”过多"),
    (re.compile(r"\[\^"), 1_000, "正文的脚注过多"),
    (re.compile(r"^(?:[^|\n]*\|){62}", re.MULTILINE), 0, "正文的表格超过60列"),
]
_MAX_BRACKETS = 10_000_000  # "[" × length of its paragraph, over all paragraphs


def _check_limits(source: str) -> None:
    if len(source) > MAX_LENGTH:
        raise RenderError(f"正文超过{MAX_LENGTH}个字符")
    for pattern, most, reason in _LIMITS:
        if sum(1 for _ in pattern.finditer(source)) > most:
            raise RenderError(reason)
    if sum(block.count("[") * len(block) for block in source.split("\n\n")) > _MAX_BRACKETS:
        raise RenderError("正文的方括号过多")


_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}


def _check_depth(html: str) -> None:
    depth = 0
    for closing, name in _TAG.findall(html):
        if closing:
            depth -= 1
        elif name.lower() not in _VOID:
            depth += 1
            if depth > MAX_DEPTH:
                raise RenderError(f"正文的列表、引用或HTML标签嵌套超过{MAX_DEPTH}层")


class ChineseBlocks(Extension):
    """What Chinese authors mean by a new line, which Markdown would join to the last one."""

    def extendMarkdown(self, md):  # noqa: N802 (python-markdown's name)
        # After fenced code is put aside (25), before raw HTML is (20).
        md.preprocessors.register(_NewLines(md), "chinese_blocks", 24)
        # Before inline patterns are looked for (20).
        md.treeprocessors.register(_PlainWords(md), "plain_words", 21)


class _PlainWords(Treeprocessor):
    """Spares words without a mark of Markdown the search for every pattern there is."""

    MARK = re.compile(r"[\\`*_\[!<&\x02]|  \n")

    def run(self, root):
        for element in root.iter():
            if element.text and not self.MARK.search(element.text):
                element.text = AtomicString(element.text)


class _NewLines(Preprocessor):
    """Start a list, or a numbered line, that follows a paragraph without a blank line."""

    LIST = re.compile(r" {0,3}(?:[-*+]|1[.)]) +\S")  # - item, 1. item
    IN_LIST = re.compile(r"\s*(?:[-*+]|\d+[.)]) +\S|\s{2,}\S")
    NUMBERED = re.compile(  # （一） (1) 一、 1、 ① • : a line of its own, though no list
        r"\s{0,3}(?:[（(][一二三四五六七八九十百\d]{1,4}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,3}、|[①-⑳]|[•●▪·])"
    )
    NOT_TEXT = re.compile(r"\s*(?:$|#|\||[-*_=]{3,}\s*$|```|~~~|\[\^|<)")

    def run(self, lines):
        result = []
        in_list = False
        for line in lines:
            before = result[-1] if result else ""
            after_text = not self.NOT_TEXT.match(before) and not before.startswith(">")
            if self.LIST.match(line) and after_text and not in_list:
                result.append("")
            elif self.NUMBERED.match(line) and not self.NOT_TEXT.match(before):
                result[-1] = before.rstrip() + "  "  # Markdown's own line break
            elif (
                line.startswith(">")
                and self.NUMBERED.match(line.lstrip("> "))
                and before[:1] == ">"
            ):
                result[-1] = before.rstrip() + "  "
            in_list = bool(self.LIST.match(line)) or (
                in_list and bool(self.IN_LIST.match(line) or line.strip())
            )
            result.append(line)
        return result


# --- What may stand in a page ----------------------------------------------------

_INLINE = {"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark"}
_INLINE |= {"q", "s", "small", "strong", "sub", "sup", "u"}
_BLOCK = {"blockquote", "caption", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2"}
_BLOCK |= {"h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "table", "tbody", "td", "tfoot"}
_BLOCK |= {"th", "thead", "tr", "ul"}
_CELL = {"align", "colspan", "rowspan"}


def _letting_through(
    tags: set[str], attributes: dict[str, set[str]], classes: dict[str, set[str]]
) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes=attributes,
        allowed_classes=classes,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        clean_content_tags={"script", "style", "title", "textarea", "iframe", "noscript"},
    )


_AUTHORS = _letting_through(
    tags=_INLINE | _BLOCK,
    attributes={
        "a": {"href", "title"},
        "img": {"src", "alt", "title"},
        "ol": {"start"},
        "li": {"id"},
        "sup": {"id"},
        "td": _CELL,
        "th": _CELL,
    },
    classes={"a": {"footnote-ref", "footnote-backref"}, "div": {"footnote"}},
)
_PUBLISHED = _letting_through(
    tags=(_INLINE | _BLOCK | {"section"}) - {"h1", "b", "i"},
    attributes={
        "a": {"href", "title", "id", "aria-label"},
        "img": {"src", "alt", "width", "height", "srcset", "sizes", "loading", "decoding"},
        "ol": {"start"},
        "p": {"id"},
        "div": {"role", "tabindex", "aria-label", "aria-labelledby"},
        "caption": {"id"},
        "section": {"aria-label"},
        "th": {"colspan", "rowspan", "scope"},
        "td": {"colspan", "rowspan"},
        **{f"h{level}": {"id"} for level in range(2, 7)},
    },
    classes={
        "a": {"footnote-ref", "footnote-number", "heading-anchor"},
        "div": {"table-wrap"},
        "p": {"attribution"},
        "section": {"footnotes"},
        "td": {"right", "center"},
        "th": {"right", "center"},
    },
)


# --- Arranging the tree ----------------------------------------------------------

_CONTAINERS = {"blockquote", "div", "dl", "figure", "ol", "section", "table", "tbody", "tfoot"}
_CONTAINERS |= {"thead", "tr", "ul"}
_BLOCK_TAGS = _BLOCK | {"section"}
_NOT_IN_EXCERPT = {"h2", "h3", "h4", "h5", "h6", "table", "figure", "pre", "section"}
_TABLE_CAPTION = re.compile(r"表[一二三四五六七八九十\d]{0,3}[　 ：:]\s*\S")
_NUMBERED_FIGURE = re.compile(r"^(图[一二三四五六七八九十\d]{1,3}) ")  # Markdown narrowed the
_ALIGN = {"right", "center"}
_IMAGE_SIZES = "(min-width: 64em) 648px, 100vw"


def _arrange(root, title: str, images: Mapping[str, Picture]) -> tuple[str, ...]:
    """Give every part its final markup; return the names of images that are not there."""
    _set_paragraphs(root)
    _drop_repeated_title(root, title)
    missing = _set_images(root, title, images)
    _set_tables(root)
    _set_footnotes(root)
    _set_quotations(root)
    _join_lines(root)
    return missing


def _set_paragraphs(root) -> None:
    """Make old systems' markup ours: div → p, b → strong; drop what is empty."""
    for element in list(root.iter("b", "i", "sup", "div", "p")):
        if element is root:
            continue
        if element.tag == "b":
            element.tag = "strong"
        elif element.tag == "i":
            element.tag = "em"
        elif element.tag == "div" and element.get("class") != "footnote":
            if any(child.tag in _BLOCK for child in element):
                element.drop_tag()
            else:
                element.tag = "p"
        if element.tag == "p":
            if element.text:
                element.text = element.text.lstrip(" \t\n\u00a0　")
            if not element.text_content().strip(" \t\n\u00a0　") and element.find(".//img") is None:
                element.drop_tree()
    for text, parent, at in _loose_text(root):
        paragraph = etree.Element("p")
        paragraph.text = text.strip()
        parent.insert(at, paragraph)


def _loose_text(root) -> Iterator[tuple[str, etree._Element, int]]:
    """Take out text that stands directly in the root, as (text, root, place), last first."""
    for index in range(len(root) - 1, -1, -1):
        child = root[index]
        if child.tag in _BLOCK_TAGS and child.tail and child.tail.strip():
            text, child.tail = child.tail, "\n"
            yield text, root, index + 1
    if root.text and root.text.strip() and (not len(root) or root[0].tag in _BLOCK_TAGS):
        text, root.text = root.text, None
        yield text, root, 0


def _drop_repeated_title(root, title: str) -> None:
    first = next(iter(root), None)
    if first is not None and first.tag == "h1" and _folded(first.text_content()) == _folded(title):
        first.drop_tree()


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _set_images(root, title: str, images: Mapping[str, Picture]) -> tuple[str, ...]:
    """Give images size and versions; one alone in its paragraph becomes a figure.

    An image of another host becomes a link to it: pages make no third-party request.
    """
    missing = []
    for image in list(root.iter("img")):
        source, alt = image.get("src", ""), image.get("alt", "").strip()
        picture = images.get(unquote(source)) or images.get(source)
        if picture:
            _set_picture(image, picture, "" if _folded(alt) == _folded(title) else alt)
        else:
            _replace_image(image, source, alt)
            if source and not _is_remote(source):
                missing.append(source)
    for paragraph in list(root.iter("p")):
        image = paragraph[0] if len(paragraph) == 1 else None
        if image is not None and image.tag == "img" and not paragraph.text_content().strip():
            _set_figure(paragraph, image)
    for image in root.iter("img"):
        image.attrib.pop("title", None)
    return tuple(missing)


def _is_remote(source: str) -> bool:
    return source.startswith(("http:", "https:", "//"))


def _set_picture(image, picture: Picture, alt: str) -> None:
    caption = image.get("title")
    image.attrib.clear()
    image.set("src", picture.url)
    image.set("alt", alt)
    image.set("width", str(picture.width))
    image.set("height", str(picture.height))
    if picture.smaller:
        versions = [*picture.smaller, (picture.width, picture.url)]
        image.set("srcset", ", ".join(f"{url} {width}w" for width, url in versions))
        image.set("sizes", _IMAGE_SIZES)
    image.set("loading", "lazy")
    image.set("decoding", "async")
    if caption:
        image.set("title", caption)


def _replace_image(image, source: str, alt: str) -> None:
    """Put a link to a remote image, or the words for a missing one, in its place."""
    words = f"（图：{alt}）" if alt else "（图）"
    if _is_remote(source):
        image.tag = "a"
        image.attrib.clear()
        image.set("href", source)
        image.text = words
    else:
        image.tail = words + (image.tail or "") if alt else image.tail
        image.drop_tree()


def _set_figure(paragraph, image) -> None:
    paragraph.tag = "figure"
    paragraph.text = image.tail = None
    if image.get("title"):
        caption = _NUMBERED_FIGURE.sub("\\1　", image.get("title"))
        etree.SubElement(paragraph, "figcaption").text = caption


def _set_tables(root) -> None:
    """Let tables scroll in a named region; a line 表一　… before a table is its caption."""
    for number, table in enumerate(list(root.iter("table")), start=1):
        for cell in table.iter("td", "th"):
            align = cell.attrib.pop("align", None)
            if align in _ALIGN:
                cell.set("class", align)
            if cell.tag == "th":
                if cell.text_content().strip():
                    cell.set("scope", "row" if cell.getparent().find("td") is not None else "col")
                else:
                    cell.tag = "td"
        if table.getparent() is not root and table.getparent().tag != "blockquote":
            continue
        wrap = etree.Element("div", {"class": "table-wrap", "role": "region", "tabindex": "0"})
        caption = table.find("caption")
        before = table.getprevious()
        if caption is None and before is not None and _is_caption(before):
            before.tag = "caption"
            before.tail = None
            table.insert(0, before)
            caption = before
        if caption is not None and caption.text_content().strip():
            caption.set("id", f"table-{number}")
            wrap.set("aria-labelledby", f"table-{number}")
        else:
            wrap.set("aria-label", f"表格{number}")
        wrap.tail, table.tail = table.tail, None
        table.getparent().replace(table, wrap)
        wrap.append(table)


def _is_caption(element) -> bool:
    return element.tag == "p" and bool(_TABLE_CAPTION.match(element.text_content()))


def _set_footnotes(root) -> None:
    """Turn python-markdown's footnotes into ours: paragraphs that begin with their number.

    The number links back. Not a list: reader modes take a short list of links for navigation.
    """
    notes = next((div for div in root.iter("div") if div.get("class") == "footnote"), None)
    items = _footnotes_as_called(root, notes) if notes is not None else []
    numbers = {item.get("id"): number for number, item in enumerate(items, start=1)}
    called = _set_footnote_references(root, numbers)
    for link in list(root.iter("a")):
        if link.get("class") == "footnote-backref":
            _drop_backlink(link)
    for number, item in enumerate(items, start=1):
        first = next(item.iterchildren("p"), None)
        if first is None:
            first = etree.SubElement(item, "p")
        if number in called:
            link = etree.Element("a", {"class": "footnote-number", "href": f"#ref-{number}"})
            link.set("aria-label", f"回到正文中的脚注{number}")
            link.text, link.tail, first.text = f"[{number}]", first.text, None
            first.insert(0, link)
        else:
            first.text = f"[{number}]{first.text or ''}"
        first.set("id", f"fn-{number}")
        item.drop_tag()
    for item in root.iter("li"):
        item.attrib.pop("id", None)
    if notes is not None:
        for element in [*notes.findall("hr"), *notes.findall("ol")]:
            element.drop_tag() if element.tag == "ol" else element.drop_tree()
        notes.tag = "section"
        notes.attrib.clear()
        notes.set("class", "footnotes")
        notes.set("aria-label", "脚注")


def _footnotes_as_called(root, notes) -> list[etree._Element]:
    """Put the footnotes into the order in which the text first calls them; return them."""
    links = (link for link in root.iter("a") if link.get("class") == "footnote-ref")
    calls = list(dict.fromkeys(link.get("href", "#")[1:] for link in links))
    places = {call: place for place, call in enumerate(calls)}
    items = notes.findall("ol/li")
    items.sort(key=lambda item: places.get(item.get("id"), len(calls)))
    for item in items:
        item.getparent().append(item)
    return items


def _set_footnote_references(root, numbers: Mapping[str | None, int]) -> set[int]:
    """Make references ours; return the numbers of the footnotes that the text calls."""
    seen: set[int] = set()
    for reference in list(root.iter("sup")):
        link = next(iter(reference), None)
        number = numbers.get(link.get("href", "#")[1:]) if link is not None else None
        reference.attrib.clear()
        if number is None or link.tag != "a":
            continue
        link.attrib.clear()
        if number not in seen:
            link.set("id", f"ref-{number}")
            seen.add(number)
        link.set("class", "footnote-ref")
        link.set("href", f"#fn-{number}")
        link.set("aria-label", f"脚注{number}")
        link.text = f"[{number}]"
        reference.drop_tag()
    return seen


def _drop_backlink(link) -> None:
    before, parent = link.getprevious(), link.getparent()
    if before is None and parent.text:
        parent.text = parent.text.rstrip()
    elif before is not None and before.tail:
        before.tail = before.tail.rstrip()
    link.drop_tree()


def _set_quotations(root) -> None:
    """Make a quotation's last paragraph its source if it begins with ——."""
    for quotation in root.iter("blockquote"):
        last = quotation[-1] if len(quotation) > 1 else None
        if last is not None and last.tag == "p" and last.text_content().startswith("——"):
            last.set("class", "attribution")


_LINE_BREAK = re.compile(rf"(?<=[{CHINESE}])[ \t]*\n[ \t]*(?=[{CHINESE}])")


def _join_lines(root) -> None:
    """Remove line ends between Chinese characters: a browser would show them as spaces.

    The characters may stand in different inline elements.
    """
    pieces = [piece for piece in _pieces(root) if not piece.stands_between_blocks()]
    flowing = "".join(piece.text for piece in pieces)
    removed = {
        position
        for found in _LINE_BREAK.finditer(flowing)
        for position in range(found.start(), found.end())
    }
    if not removed:
        return
    start = 0
    for piece in pieces:
        text = piece.text
        end = start + len(text)
        kept = "".join(
            character for position, character in enumerate(text, start) if position not in removed
        )
        if len(kept) != end - start:
            piece.text = kept
        start = end


@dataclass
class _Piece:
    """One run of text in the tree: an element's text or its tail."""

    element: etree._Element
    is_tail: bool

    @property
    def text(self) -> str:
        return self.element.tail if self.is_tail else self.element.text

    @text.setter
    def text(self, value: str) -> None:
        if self.is_tail:
            self.element.tail = value
        else:
            self.element.text = value

    def stands_between_blocks(self) -> bool:
        if self.text.strip():
            return False
        return self.element.tag in (_BLOCK_TAGS if self.is_tail else _CONTAINERS)


def _pieces(element) -> Iterator[_Piece]:
    """Yield the runs of text in reading order; code is left as it is."""
    if element.tag in ("pre", "code"):
        return
    if element.text:
        yield _Piece(element, is_tail=False)
    for child in element:
        yield from _pieces(child)
        if child.tail:
            yield _Piece(child, is_tail=True)


# --- Headings ----------------------------------------------------------------------

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _number_headings(root) -> tuple[Heading, ...]:
    """Set levels (from h2, none skipped) and ids; add to each a link to itself."""
    headings: list[Heading] = []
    open_levels: list[int] = []
    taken: set[str] = set()
    for element in list(root.iter(*_HEADINGS)):
        if next(element.iterancestors(*_HEADINGS), None) is not None:
            element.drop_tag()
            continue
        text = " ".join(_lines(element))
        if not text and element.find(".//img") is not None:
            element.tag = "p"
            continue
        if not text:
            element.drop_tree()
            continue
        level = int(element.tag[1])
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        heading = Heading(min(len(open_levels) + 1, 6), _anchor(text, taken), text)
        element.tag = f"h{heading.level}"
        element.set("id", heading.id)
        link = etree.SubElement(element, "a", {"class": "heading-anchor"})
        link.set("href", f"#{heading.id}")
        link.set("aria-label", f"本节链接：{text}")
        headings.append(heading)
    return tuple(headings)


def _anchor(text: str, taken: set[str]) -> str:
    """Return a readable id for a heading: its own characters, punctuation left out.

    It stays the same while the heading's words do; a second one of the same words gets -2.
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower())
    base = anchor = "-".join(words)[:40].strip("-") or "节"
    if base[0].isascii():  # keep clear of our own ids (fn-1, table-1, main)
        base = anchor = f"s-{base}"
    number = 1
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    taken.add(anchor)
    return anchor


# --- Reading the tree ----------------------------------------------------------------


_MARKS = {"footnote-ref", "footnote-number", "heading-anchor"}


def _lines(element, skip: frozenset[str] | set[str] = frozenset()) -> Iterator[str]:
    """Yield the words of the tree, a line a block, footnote marks and anchors left out."""
    line: list[str] = []

    def walk(node) -> Iterator[str]:
        if node.tag in skip or node.get("class") in _MARKS:
            return
        if node.tag in _BLOCK_TAGS or node.tag == "br":
            yield from close()
        if node.text:
            line.append(node.text)
        for child in node:
            yield from walk(child)
            if child.tail:
                line.append(child.tail)
        if node.tag in _BLOCK_TAGS:
            yield from close()

    def close() -> Iterator[str]:
        words = " ".join("".join(line).split())
        line.clear()
        if words:
            yield words

    yield from walk(element)
    yield from close()


def _inner_html(root) -> str:
    parts = [root.text or ""]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in root]
    return _escape_text(parts[0]) + "".join(parts[1:])


def _escape_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
