"""What of articles belongs into sitemaps, cut by fixed ranges of ids: never by OFFSET.

A section is a compressed file, written when it is first asked for after one of its articles
changed: the file's name has the revision of its section, so no machine serves an old one.
"""

import gzip
import time
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, F, Max, Q, When
from django.db.models.functions import Cast, Coalesce, Greatest, Left
from django.utils import timezone

from statutes import files
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
# 2026-11-26 03, in UTC on both databases: to read ten thousand moments took longer than all else.
CHANGED_HOUR = Left(Cast(CHANGED_AT, CharField()), 13)


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
    is_public = Q(published_at__lte=timezone.now())
    SitemapSection.objects.all().delete()
    made = SitemapSection.objects.bulk_create(
        SitemapSection(
            number=number,
            has_articles=True,
            revision=_revision(),
            changed_at=_published(number).aggregate(at=Max(CHANGED_AT, filter=is_public))["at"],
        )
        for number in numbers_of(visible)
    )
    return len(made)


def _published(number: int):
    """Return the articles of a section, also those whose moment has not come yet.

    With the moment as a condition on rows PostgreSQL 18 reckons with a look-up for each id: it
    then reads the articles with their texts instead of the index. Ask it of the columns.
    """
    return section(Article.objects.filter(state=Article.State.PUBLISHED), number)


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
    """Store a file, and forget its older revisions; a full disk only costs time."""
    try:
        files.write(path, content)
        number = path.name.split("-")[1]
        for other in path.parent.glob(f"*articles-{number}-*"):  # unfinished ones begin with a dot
            if other != path:
                other.unlink(missing_ok=True)
    except OSError:
        pass


def _urlset(number: int) -> str:
    hour = Case(When(published_at__lte=timezone.now(), then=CHANGED_HOUR))
    return urlset(_lines(_published(number).values_list("pk", hour)))


def _lines(rows: Iterable[tuple[int, str | None]]) -> Iterator[str]:
    """Yield the entries of articles: an id and the hour of its change, None while not public.

    Ten thousand are written while someone waits.
    """
    before, after = address_parts()
    start = f"<url><loc>{settings.SITE_URL}{before}"
    for pk, hour in rows:
        if hour:
            yield f"{start}{pk}{after}</loc><lastmod>{_day(hour)}</lastmod></url>\n"


@lru_cache(maxsize=4_096)
def _day(hour: str) -> date:
    """Return the day in Beijing of an hour in UTC."""
    moment = datetime.fromisoformat(f"{hour}+00:00")
    return moment.astimezone(timezone.get_default_timezone()).date()
