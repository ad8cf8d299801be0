"""The indexes of this site by name, each opened once a process."""

from functools import cache
from pathlib import Path

from django.conf import settings

from .engine import Index

FORMAT = 2  # raise it when documents get other words: a new index is built beside the old one


def index(name: str) -> Index:
    """Return the index of this name, "articles" or "provisions", whether or not it is built."""
    return _opened(settings.SEARCH_DIR / f"{name}-{FORMAT}")


@cache
def _opened(folder: Path) -> Index:
    return Index(folder)
