"""Tags as Chinese editors write them. Pure: no Django."""

import re
import unicodedata

MAX_LENGTH = 40  # characters of one tag
SEPARATORS = re.compile(r"[,;、\n]+")  # ， and ； are , and ; after NFKC


def fold(tag: str) -> str:
    """Return the one spelling of a tag: full-width forms folded, spaces collapsed.

    >>> fold(" Ｐ２Ｐ　网贷 ")
    'P2P 网贷'
    """
    return " ".join(unicodedata.normalize("NFKC", tag).split())


def parse_tags(text: str) -> list[str]:
    """Split what an editor typed, in order, without doubles (case-insensitively).

    >>> parse_tags("民间借贷，借条、诉讼时效；ＬＰＲ, lpr")
    ['民间借贷', '借条', '诉讼时效', 'LPR']
    """
    tags = {}
    for part in SEPARATORS.split(unicodedata.normalize("NFKC", text or "")):
        if tag := fold(part):
            tags.setdefault(tag.casefold(), tag)
    return list(tags.values())


def join_tags(tags) -> str:
    """Return tags as a form shows them: the reverse of `parse_tags`."""
    return "、".join(tag.name for tag in tags)
