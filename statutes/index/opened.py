"""The indexes of this site by name, each opened once a process."""

from functools import cache
from pathlib import Path

from django.conf import settings

from .engine import Index

# Raise an index' format when its documents get other words or weights: a new one is built beside
# the old.
FORMATS = {"provisions": 4}
_FORMAT = 2  # of the others


def index(name: str) -> Index:
    """Return the index of this name, "articles" or "provisions", whether or not it is built."""
    return _opened(settings.SEARCH_DIR / folder_of(name))


def folder_of(name: str) -> str:
    return f"{name}-{FORMATS.get(name, _FORMAT)}"


@cache
def _opened(folder: Path) -> Index:
    return Index(folder)
