"""What a reader sees of a page."""

import re
import unicodedata

from lxml import html

UNSEEN = ("head", "script", "style", "template", "noscript")


def visible_text(page: bytes | str) -> str:
    """Return the page's visible words in order, white space as single spaces."""
    root = html.fromstring(page if isinstance(page, str) else page.decode())
    for element in list(root.iter(*UNSEEN)):
        element.drop_tree()
    for element in root.iter("p", "li", "div", "h1", "h2", "h3", "td", "th", "dt", "dd", "br"):
        element.tail = "\n" + (element.tail or "")
    return " ".join(root.text_content().split())


def folded(text: str) -> str:
    """Return a text without white space, full-width forms as their narrow twins."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
