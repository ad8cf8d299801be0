"""What of articles belongs into sitemaps, cut by fixed ranges of ids: never by OFFSET.

A section is a compressed file, written when it is first asked for after one of its articles
changed: the file's name has the revision of its section, so no machine serves an old one.
"""

import gzip
import time
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from statutes import sitemaps as statute_sitemaps
from statutes.models import Provision
from statutes.sitemaps import section, urlset
from statutes.sitemaps import sections as numbers_of

from . import archive
from .lists import INDEXED_TAG_ARTICLES
from .models import (
    Article,
    ArticleList,
    Author,
    Category,
    CitedProvision,
    SitemapSection,
    Tag,
    address_parts,
)

CHANGED_AT = Greatest(F("published_at"), Coalesce(F("updated_at"), F("published_at")))


def lists() -> list[str]:
    """Return the addresses of the lists that search engines may keep."""
    tags = ArticleList.objects.filter(
        kind=ArticleList.Kind.TAG, count__gte=INDEXED_TAG_ARTICLES
    ).values("key")
    years = archive.years()
    return [
        *(page.get_absolute_url() for page in Category.objects.all()),
        *(page.get_absolute_url() for page in Author.objects.all()),
        *(tag.get_absolute_url() for tag in Tag.objects.exclude(intro="").filter(pk__in=tags)),
        *(year.get_absolute_url() for year in years),
        *(month.get_absolute_url() for year in years for month in year.months),
    ]


def cited_provisions():
    """Return the provisions whose pages articles explain: the only ones that are indexed."""
    cited = CitedProvision.objects.values("provision")
    return Provision.objects.filter(pk__in=cited)


def provisions(number: int) -> list[str]:
    """Return the addresses of provisions of one id range."""
    return statute_sitemaps.provisions(cited_provisions(), number)


def sections() -> list[SitemapSection]:
    """Return the sections that hold articles, in order."""
    return list(SitemapSection.objects.filter(has_articles=True).order_by("number"))


# --- Kept with every change ----------------------------------------------------------------


@transaction.atomic
def renew(ids: Iterable[int]) -> None:
    """Note that these articles appeared, changed or vanished: their sections are out of date."""
    now = timezone.now()
    for number in sorted({pk // settings.SITEMAP_SIZE for pk in ids}):
        SitemapSection.objects.update_or_create(
            number=number,
            defaults={
                "has_articles": section(Article.objects.visible(), number).exists(),
                "revision": _revision(),
                "changed_at": now,
            },
        )


@transaction.atomic
def rebuild() -> int:
    """Make all sections anew; return how many there are."""
    visible = Article.objects.visible()
    SitemapSection.objects.all().delete()
    made = SitemapSection.objects.bulk_create(
        SitemapSection(
            number=number,
            has_articles=True,
            revision=_revision(),
            changed_at=section(visible, number).aggregate(at=Max(CHANGED_AT))["at"],
        )
        for number in numbers_of(visible)
    )
    return len(made)


def _revision() -> int:
    """Return a number that no file on any machine has yet, even after a restored backup."""
    return time.time_ns() // 1_000


# --- Files -----------------------------------------------------------------------------------


def compressed(number: int) -> bytes | None:
    """Return the file of a section, gzipped; None where it holds nothing."""
    known = SitemapSection.objects.filter(pk=number, has_articles=True).first()
    if known is None:
        return None
    path = _path(known)
    try:
        return path.read_bytes()
    except OSError:
        content = gzip.compress(_urlset(number).encode(), compresslevel=5, mtime=0)
        _keep(path, content)
        return content


def _path(known: SitemapSection) -> Path:
    """Return where a section's file is: what its addresses are made of has a folder of its own."""
    made_of = f"{settings.SITE_URL} {settings.ARTICLE_PREFIX} {settings.SITEMAP_SIZE}"
    folder = settings.SITEMAP_ROOT / f"{zlib.crc32(made_of.encode()):08x}"
    return folder / f"articles-{known.number}-{known.revision}.xml.gz"


def _keep(path: Path, content: bytes) -> None:
    """Store a file in one step, and forget its older revisions; a full disk only costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{id(content)}")
        unfinished.write_bytes(content)
        unfinished.replace(path)
        number = path.name.split("-")[1]
        for other in path.parent.glob(f"articles-{number}-*.xml.gz"):
            if other != path:
                other.unlink(missing_ok=True)
    except OSError:
        pass


def _urlset(number: int) -> str:
    rows = section(Article.objects.visible(), number).values_list("pk", CHANGED_AT)
    return urlset(_lines(rows.iterator()))


def _lines(rows: Iterable[tuple[int, datetime]]) -> Iterator[str]:
    """Yield the entries of articles. Ten thousand are written while someone waits."""
    beijing = timezone.get_default_timezone()
    before, after = address_parts()
    start = f"<url><loc>{settings.SITE_URL}{before}"
    for pk, changed_at in rows:
        day = changed_at.astimezone(beijing).date()
        yield f"{start}{pk}{after}</loc><lastmod>{day}</lastmod></url>\n"
