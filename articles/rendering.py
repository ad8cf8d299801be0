"""Markdown → sanitised HTML, table of contents, plain text. Pure: no Django.

    markdown (python-markdown) → clean → typeset → clean

`clean` (nh3) is the only gate to the page: the first time it reduces whatever an author or
an old system wrote to plain elements, the last time it holds our own markup to the list of
what may be published. Between them typesetting.py gives the tree its form.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import local

import nh3
from lxml import etree
from lxml.html import fragment_fromstring
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from .typesetting import BLOCKS, Heading, Picture, lines, typeset

MAX_LENGTH = 100_000  # characters of a body
MAX_DEPTH = 40  # elements inside one another
EXCERPT_LENGTH = 120
_NOT_IN_EXCERPT = {"h2", "h3", "h4", "h5", "h6", "table", "figure", "pre", "section"}


class RenderError(ValueError):
    """A body that cannot be rendered; says what is wrong, in Chinese, for the editor."""


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
    contents, missing = typeset(root, title, images or {})
    return Rendered(
        html=_PUBLISHED.clean(_inner_html(root)),
        contents=contents,
        text="\n".join(lines(root)),
        excerpt=excerpt(_run_on(lines(root, skip=_NOT_IN_EXCERPT))),
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


def _run_on(words: Iterator[str]) -> str:
    """Join lines as one text: a space after one that no mark ends."""
    return "".join(line if line[-1] in "。！？；：，、…”）" else line + " " for line in words)


def _inner_html(root) -> str:
    parts = [root.text or ""]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in root]
    return _escape_text(parts[0]) + "".join(parts[1:])


def _escape_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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
    tags=_INLINE | BLOCKS - {"section"},
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
    tags=(_INLINE | BLOCKS) - {"h1", "b", "i"},
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
