"""HTML from anywhere → a tree in which lists are lists, and nothing is hidden. Pure: no Django."""

import re
from dataclasses import dataclass, field

import nh3
from lxml import etree
from lxml.html import fragment_fromstring

MAX_HTML = 5_000_000  # characters
MAX_DEPTH = 100  # elements inside one another; deeper wrappers are taken off

Element = etree._Element


class CleaningError(ValueError):
    """HTML that cannot be read; says why, in Chinese."""


@dataclass
class Tree:
    """A body ready to be walked."""

    root: Element
    footnotes: dict[str, Element] = field(default_factory=dict)  # by label, in order of calls
    calls: dict[Element, str] = field(default_factory=dict)  # the links that call them
    hidden: list[str] = field(default_factory=list)  # words that no reader saw
    films: list[str] = field(default_factory=list)  # addresses of frames and films


INLINE = {"a", "abbr", "b", "big", "br", "cite", "code", "del", "em", "font", "i", "img", "ins"}
INLINE |= {"kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup"}
INLINE |= {"tt", "u"}
BLOCKS = {"address", "article", "aside", "blockquote", "caption", "center", "dd", "details", "div"}
BLOCKS |= {"dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3"}
BLOCKS |= {"h4", "h5", "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "option", "p"}
BLOCKS |= {"pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
FRAMES = {"audio", "embed", "iframe", "source", "video"}
_WRAPPERS = {"article", "aside", "center", "details", "div", "fieldset", "font", "footer", "form"}
_WRAPPERS |= {"header", "main", "nav", "section", "span"}

LAZY = ("data-original", "data-src", "data-lazy-src", "data-actualsrc", "_src")
_ATTRIBUTES = {
    "*": {"style", "class", "id"},
    "a": {"href", "name"},
    "img": {"src", "alt", *LAZY},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    **{frame: {"src"} for frame in FRAMES},
}
_SCHEMES = {"http", "https", "mailto", "tel", "data", "file"}
_SILENT = {"script", "style", "title", "noscript", "template", "head", "svg", "math", "xml"}
_UNREADABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e]"
    r"|[\ufeff\ufffc\ufffe\uffff\ud800-\udfff]"
)


def read(html: str) -> Tree:
    """Read HTML as a browser does, and set right what old editors and Word left. Raises
    CleaningError."""
    if len(html) > MAX_HTML:
        raise CleaningError(f"正文的HTML超过{MAX_HTML:,}个字符")
    html = _UNREADABLE.sub("", html)
    every = INLINE | BLOCKS | FRAMES
    for tags in (every, every - _WRAPPERS, {"p", "br", "img"}, {"br"}):
        reduced = _reduce(html, tags)
        if _depth(reduced) <= MAX_DEPTH:
            break
    tree = Tree(fragment_fromstring(_UNREADABLE.sub("", reduced), create_parent="div"))
    _drop_hidden(tree)
    _replace_frames(tree)
    _write_quotation_marks(tree.root)
    _gather_word_lists(tree.root)
    _repair_lists(tree.root)
    _find_footnotes(tree)
    return tree


def _reduce(html: str, tags: set[str]) -> str:
    return nh3.clean(
        html,
        tags=tags,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
        clean_content_tags=_SILENT,
    )


_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*>")
_VOID = {"br", "embed", "hr", "img", "source"}


def _depth(html: str) -> int:
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name not in _VOID:
            depth += -1 if closing else 1
            deepest = max(deepest, depth)
    return deepest


def style(element: Element) -> str:
    """Return an element's style without blanks, in small letters: text-align:center;…"""
    return re.sub(r"\s+", "", element.get("style", "")).lower()


_HIDDEN = re.compile(r"(?:^|;)(?:display:none|visibility:hidden|mso-hide:all)")


def _drop_hidden(tree: Tree) -> None:
    for element in [e for e in tree.root.iter() if _HIDDEN.search(style(e))]:
        if text := " ".join(element.text_content().split()):
            tree.hidden.append(text)
        element.drop_tree()


def _replace_frames(tree: Tree) -> None:
    """Put a link in the place of a film, a sound or a frame."""
    for element in list(tree.root.iter("audio", "embed", "iframe", "video")):
        source = element.find("source")
        url = element.get("src") or ("" if source is None else source.get("src", ""))
        url = f"https:{url}" if url.startswith("//") else url
        if url and not re.match(r"(?:data|file|mailto|tel):|#", url, re.IGNORECASE):
            tree.films.append(url)
            paragraph = etree.Element("p")
            words = "录音" if element.tag == "audio" else "视频或网页内容"
            etree.SubElement(paragraph, "a", href=url).text = words
            element.addprevious(paragraph)
        element.drop_tree()


def _write_quotation_marks(root: Element) -> None:
    for quotation in list(root.iter("q")):
        quotation.text = "“" + (quotation.text or "")
        quotation.tail = "”" + (quotation.tail or "")
        quotation.drop_tag()


# --- Lists ---------------------------------------------------------------------------

_LIST_STYLE = re.compile(r"mso-list:[^;]*level(\d+)")
_MARKER_STYLE = re.compile(r"mso-list:ignore")
_NUMBER = re.compile(r"(\d{1,3})[.)、．]")
# As such, or as the letters that are bullets in Wingdings: l is ●, n ■, u ◆, ü a tick.
_BULLETS = set("·•●○■□▪◆◇-–—*lnoquvØü§¨")


@dataclass
class _Item:
    """A paragraph that Word calls an item of a list, with its marker as typed."""

    paragraph: Element
    level: int
    marker: str

    @property
    def number(self) -> int | None:
        found = _NUMBER.fullmatch(self.marker)
        return int(found[1]) if found else None

    @property
    def is_item(self) -> bool:
        return self.number is not None or not self.marker or set(self.marker) <= _BULLETS


def _gather_word_lists(root: Element) -> None:
    """Make real lists of Word's paragraphs with numbers; （一） and 第一条 stay words."""
    run: list[_Item] = []
    for paragraph in [*root.iter("p"), None]:
        item = _item(paragraph) if paragraph is not None else None
        if run and (item is None or not _follows(run[-1].paragraph, item.paragraph)):
            _make_lists(run)
            run = []
        if item:
            run.append(item)


def _item(paragraph: Element) -> _Item | None:
    found = _LIST_STYLE.search(style(paragraph))
    if not found:
        return None
    markers = [span for span in paragraph.iter("span") if _MARKER_STYLE.search(style(span))]
    marker = "".join("".join(span.text_content() for span in markers[:1]).split())
    item = _Item(paragraph, min(int(found[1]), 6), marker)
    return item if item.is_item else None


def _follows(before: Element, after: Element) -> bool:
    return before.getnext() is after and not (before.tail or "").strip()


def _make_lists(items: list[_Item]) -> None:
    open_lists: list[tuple[int, Element]] = []
    expected: dict[int, int] = {}
    for item in items:  # numbers must count up from one, or they would be lost
        if item.number is not None:
            if item.number != expected.get(item.level, 0) + 1:
                return
            expected[item.level] = item.number
        expected = {level: last for level, last in expected.items() if level <= item.level}
    place = items[0].paragraph
    for item in items:
        tag = "ul" if item.number is None else "ol"
        while open_lists and open_lists[-1][0] > item.level:
            open_lists.pop()
        if open_lists and open_lists[-1][0] == item.level and open_lists[-1][1].tag != tag:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < item.level:
            made = etree.Element(tag)
            if open_lists:
                open_lists[-1][1][-1].append(made)
            else:
                place.addprevious(made)
            open_lists.append((item.level, made))
        for span in item.paragraph.iter("span"):
            if _MARKER_STYLE.search(style(span)):
                span.drop_tree()
                break
        entry = etree.SubElement(open_lists[-1][1], "li")
        item.paragraph.tail = None
        entry.append(item.paragraph)


def _repair_lists(root: Element) -> None:
    """Put what stands loose in a list into an item."""
    for group in list(root.iter("ul", "ol")):
        loose = [child for child in group if child.tag != "li"]
        if group.text and group.text.strip():
            entry = etree.Element("li")
            entry.text, group.text = group.text, None
            group.insert(0, entry)
        for child in loose:
            before = child.getprevious()
            if child.tag in ("ul", "ol") and before is not None:
                tail, child.tail = child.tail, None
                before.append(child)
            else:
                entry = etree.Element("li")
                child.addprevious(entry)
                tail, child.tail = child.tail, None
                entry.append(child)
                before = entry
            before.tail = tail
        for child in list(group):
            if child.tail and child.tail.strip():
                last = child[-1] if len(child) else None
                if last is None:
                    child.text = (child.text or "") + child.tail
                else:
                    last.tail = (last.tail or "") + child.tail
                child.tail = None


# --- Footnotes -----------------------------------------------------------------------

_CALL = re.compile(r"[\[［(（]?(?:\d{1,3}|[ivxlc]{1,5}|[*†])[\])）］]?")


def _find_footnotes(tree: Tree) -> None:
    """Find links to a note that links back, as Word, WordPress and converters write them."""
    places = {}
    for order, element in enumerate(tree.root.iter()):
        for name in (element.get("id"), element.get("name")):
            if name:
                places.setdefault(name, (order, element))
    links = [a for a in tree.root.iter("a") if len(a.get("href", "")) > 1]
    order = {element: number for number, element in enumerate(tree.root.iter())}
    known: dict[Element, str] = {}
    for link in links:
        if not link.get("href").startswith("#") or not _CALL.fullmatch(_bare(link)):
            continue
        place, target = places.get(link.get("href")[1:], (-1, None))
        note = _note_around(target) if place > order[link] else None
        if note is None or not _links_back(note) or link in set(note.iter()):
            continue
        label = known.setdefault(note, str(len(known) + 1))
        tree.footnotes[label] = note
        tree.calls[link] = label
    for note in tree.footnotes.values():
        for link in list(note.iter("a")):
            if link.get("href", "").startswith("#") and link not in tree.calls:
                link.drop_tree()  # back to the text
        note.set("data-footnote", "")


def _bare(element: Element) -> str:
    return "".join(element.text_content().split())


def _note_around(target: Element) -> Element | None:
    note = next((e for e in [target, *target.iterancestors()] if e.tag in ("li", "p")), None)
    if note is None:
        return target if target.tag == "div" else None
    around = note.getparent()
    is_box = around is not None and re.fullmatch(r"_?(?:ftn|edn)\d+", around.get("id", ""))
    return around if is_box else note


def _links_back(note: Element) -> bool:
    return any(link.get("href", "").startswith("#") for link in note.iter("a"))
