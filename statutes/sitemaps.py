"""What of statutes belongs into sitemaps, cut by fixed ranges of ids: never by OFFSET.

Ten thousand addresses are written while someone waits: without a template, or `reverse` for each.
"""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from .converters import PlaceConverter
from .locators import Locator
from .models import Statute


def sections(rows) -> Iterator[int]:
    """Yield the numbers of the sections that hold rows: section n holds ids from n × size.

    Skips from one section to the next that is not empty: one index look-up each.
    """
    size = settings.SITEMAP_SIZE
    next_id = 0
    while True:
        pk = rows.filter(pk__gte=next_id).order_by("pk").values_list("pk", flat=True).first()
        if pk is None:
            return
        yield pk // size
        next_id = (pk // size + 1) * size


def section(rows, number: int):
    """Return the rows of one section, in order."""
    size = settings.SITEMAP_SIZE
    return rows.filter(pk__gte=number * size, pk__lt=(number + 1) * size).order_by("pk")


def statutes(number: int) -> list[str]:
    """Return the addresses of the statutes of one section; old versions are not listed."""
    before, _, after = reverse("statutes:statute", args=["slug"]).rpartition("slug")
    slugs = section(Statute.objects.all(), number).values_list("slug", flat=True)
    return [f"{before}{slug}{after}" for slug in slugs]


def provisions(rows, number: int) -> list[str]:
    """Return the addresses of those of these provisions that are of one section."""
    place = PlaceConverter()
    parts: dict[str, tuple[str, str]] = {}  # before and after the number, of each statute
    paths = []
    found = section(rows, number).values_list("version__statute__slug", "number", "suffix")
    for slug, article, suffix in found:
        if slug not in parts:
            first = reverse("statutes:provision", args=[slug, Locator(1)])
            parts[slug] = tuple(first.rsplit("1", 1))
        before, after = parts[slug]
        paths.append(f"{before}{place.to_url(Locator(article, suffix))}{after}")
    return paths


def written(paths: Iterable[str]) -> str:
    """Return the sitemap of these addresses."""
    return urlset(f"<url><loc>{escape(settings.SITE_URL + path)}</loc></url>\n" for path in paths)


def urlset(lines: Iterable[str]) -> str:
    """Return a sitemap, given by what it says of each address."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{''.join(lines)}</urlset>\n"
    )
