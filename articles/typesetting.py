"""The form of a body: headings, figures, tables, footnotes, quotations. Pure: no Django.

`typeset` takes the tree of a body reduced to plain elements and gives every part the markup
that the page has for it; `lines` reads the words of the tree, without what was set into it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree


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


# Elements that begin and end a line. All of them may be published: see rendering.py.
BLOCKS = {"blockquote", "caption", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2"}
BLOCKS |= {"h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "tbody"}
BLOCKS |= {"td", "tfoot", "th", "thead", "tr", "ul"}
_CONTAINERS = {"blockquote", "div", "dl", "figure", "ol", "section", "table", "tbody", "tfoot"}
_CONTAINERS |= {"thead", "tr", "ul"}


def typeset(
    root, title: str, images: Mapping[str, Picture]
) -> tuple[tuple[Heading, ...], tuple[str, ...]]:
    """Give every part its final markup; return headings and names of missing images."""
    _set_paragraphs(root)
    _drop_repeated_title(root, title)
    missing = _set_images(root, title, images)
    _set_tables(root)
    _set_footnotes(root)
    _set_quotations(root)
    _join_lines(root)
    return _set_headings(root), missing


# --- Paragraphs --------------------------------------------------------------------


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
            if any(child.tag in BLOCKS for child in element):
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
        if child.tag in BLOCKS and child.tail and child.tail.strip():
            text, child.tail = child.tail, "\n"
            yield text, root, index + 1
    if root.text and root.text.strip() and (not len(root) or root[0].tag in BLOCKS):
        text, root.text = root.text, None
        yield text, root, 0


def _drop_repeated_title(root, title: str) -> None:
    first = next(iter(root), None)
    if first is not None and first.tag == "h1" and _folded(first.text_content()) == _folded(title):
        first.drop_tree()


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


# --- Images ------------------------------------------------------------------------

_IMAGE_SIZES = "(min-width: 64em) 648px, 100vw"
_NUMBERED_FIGURE = re.compile(r"^(图[一二三四五六七八九十\d]{1,3}) ")  # Markdown narrows U+3000


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


# --- Tables ------------------------------------------------------------------------

_TABLE_CAPTION = re.compile(r"表[一二三四五六七八九十\d]{0,3}[　 ：:]\s*\S")
_ALIGN = {"right", "center"}


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


# --- Footnotes ---------------------------------------------------------------------


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


# --- Quotations and lines ----------------------------------------------------------


def _set_quotations(root) -> None:
    """Make a quotation's last paragraph its source if it begins with ——."""
    for quotation in root.iter("blockquote"):
        last = quotation[-1] if len(quotation) > 1 else None
        if last is not None and last.tag == "p" and last.text_content().startswith("——"):
            last.set("class", "attribution")


_CHINESE = r"　-〿㐀-䶿一-鿿豈-﫿＀-￯“”‘’…—"
_LINE_BREAK = re.compile(rf"(?<=[{_CHINESE}])[ \t]*\n[ \t]*(?=[{_CHINESE}])")


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
        return self.element.tag in (BLOCKS if self.is_tail else _CONTAINERS)


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


def _set_headings(root) -> tuple[Heading, ...]:
    """Set levels (from h2, none skipped) and ids; add to each a link to itself."""
    headings: list[Heading] = []
    open_levels: list[int] = []
    taken: set[str] = set()
    for element in list(root.iter(*_HEADINGS)):
        if next(element.iterancestors(*_HEADINGS), None) is not None:
            element.drop_tag()
            continue
        text = " ".join(lines(element))
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


# --- The words -----------------------------------------------------------------------

_MARKS = {"footnote-ref", "footnote-number", "heading-anchor"}


def lines(element, skip: frozenset[str] | set[str] = frozenset()) -> Iterator[str]:
    """Yield the words of the tree, a line a block, footnote marks and anchors left out."""
    line: list[str] = []

    def walk(node) -> Iterator[str]:
        if node.tag in skip or node.get("class") in _MARKS:
            return
        if node.tag in BLOCKS or node.tag == "br":
            yield from close()
        if node.text:
            line.append(node.text)
        for child in node:
            yield from walk(child)
            if child.tail:
                line.append(child.tail)
        if node.tag in BLOCKS:
            yield from close()

    def close() -> Iterator[str]:
        words = " ".join("".join(line).split())
        line.clear()
        if words:
            yield words

    yield from walk(element)
    yield from close()
