"""The editors' tool. Decides nothing: publishing.py does."""

from . import article, duplicates, history, taxonomy, wording, workflow

__all__ = ["article", "duplicates", "history", "taxonomy", "wording", "workflow"]
