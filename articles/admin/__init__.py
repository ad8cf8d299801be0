"""The editors' tool. Decides nothing: publishing.py does."""

from . import (
    article,
    attention,
    bulk,
    duplicates,
    feedback,
    history,
    redirects,
    taxonomy,
    wording,
    workflow,
)

__all__ = [
    "article",
    "attention",
    "bulk",
    "duplicates",
    "feedback",
    "history",
    "redirects",
    "taxonomy",
    "wording",
    "workflow",
]
