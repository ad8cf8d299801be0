"""The editors' tool. Decides nothing: publishing.py and moves.py do."""

from . import article, duplicates, history, taxonomy, workflow

__all__ = ["article", "duplicates", "history", "taxonomy", "workflow"]
