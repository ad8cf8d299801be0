"""Chinese characters → how they sound. Pure: no Django."""

from functools import cache
from importlib import import_module
from types import ModuleType


def pinyin(text: str) -> list[str]:
    """Return the text in pinyin without tones, a syllable a character; the rest as it stands.

    >>> pinyin("民法")
    ['min', 'fa']
    """
    return _dictionaries().lazy_pinyin(text)


@cache
def _dictionaries() -> ModuleType:
    """Load them when they are first asked for: they take a fifth of the start of a process."""
    return import_module("pypinyin")
