"""Parts of statutes' addresses."""

import re
from datetime import date

from .locators import Locator


class PlaceConverter:
    """The number of a provision: 133, or 133-1 for 第一百三十三条之一."""

    regex = "[0-9]{1,5}(?:-[0-9]{1,3})?"

    def to_python(self, value: str) -> Locator:
        number, _, suffix = value.partition("-")
        if value != re.sub(r"\b0+", "", value):
            raise ValueError("a number with leading zeros, or none")
        return Locator(int(number), int(suffix or 0))

    def to_url(self, place: Locator) -> str:
        return f"{place.article}-{place.suffix}" if place.suffix else str(place.article)


class VersionKeyConverter:
    """A version's day of promulgation, or v and its number where that is unknown."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}|v[0-9]{1,15}"

    def to_python(self, value: str) -> str:
        if not value.startswith("v"):
            date.fromisoformat(value)
        return value

    def to_url(self, value: str) -> str:
        return value
