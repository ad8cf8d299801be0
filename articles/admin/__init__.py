"""The editors' tool. Decides nothing: publishing.py does."""

from . import article, taxonomy

__all__ = ["article", "taxonomy"]
