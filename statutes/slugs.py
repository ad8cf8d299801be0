"""Addresses for Chinese names. Pure: no Django."""

import re
from collections.abc import Callable

from statutes.pinyin import pinyin


def pinyin_slug(text: str, max_length: int = 60) -> str:
    """Return the name in pinyin, cut between syllables.

    >>> pinyin_slug("民间借贷")
    'min-jian-jie-dai'
    >>> pinyin_slug("P2P网贷")
    'p2p-wang-dai'

    Empty if the name holds no letter, digit or Chinese character.
    """
    syllables = re.findall(r"[a-z0-9]+", " ".join(pinyin(text)).lower())
    slug = ""
    for syllable in syllables:
        longer = f"{slug}-{syllable}" if slug else syllable[:max_length]
        if len(longer) > max_length:
            break
        slug = longer
    return slug


def free_slug(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return a slug for `name` that is not taken: with -2, -3 … where it must."""
    slug = base = pinyin_slug(name) or "n"
    number = 1
    while is_taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug
