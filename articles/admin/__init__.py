"""The editors' tool. Decides nothing: publishing.py does."""

from . import article, bulk, duplicates, feedback, history, taxonomy, wording, workflow

__all__ = [
    "article",
    "bulk",
    "duplicates",
    "feedback",
    "history",
    "taxonomy",
    "wording",
    "workflow",
]
