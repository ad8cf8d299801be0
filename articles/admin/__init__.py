"""The editors' tool. Decides nothing: publishing.py does."""

from . import article, duplicates, taxonomy

__all__ = ["article", "duplicates", "taxonomy"]
