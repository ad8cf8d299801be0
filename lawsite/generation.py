"""Which state of the site readers may see now, as one word that changes with it.

Pages made in one generation are good as long as it lasts.
"""

import hashlib
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from statutes import changes
from statutes.models import Change

from . import settings as own_settings

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CODE = ("lawsite", "articles", "statutes", "templates", "static", "requirements.txt")
MANY = 10_000  # changes between two looks: a bulk load, which withdraws nothing
BOOT = Path("/proc/sys/kernel/random/boot_id")


def newest() -> str:
    """Ask the database for the generation of this moment.

    It moves with each change that was noted; when the time of a scheduled article has come; and
    at midnight, because what the law says is a question about a day. All three are read from
    the database and the clock alone, so that every process and machine finds the same.
    """
    now = timezone.now()
    stamp = changes.stamp()
    due = Article.objects.visible(now).newest_first().values_list("published_at", flat=True).first()
    moment = (due - _EPOCH) // timedelta(microseconds=1) if due else 0
    return f"{stamp}-{moment}-{timezone.localdate(now):%Y%m%d}"


def stamp_of(generation: str) -> int:
    """Return the number of the newest change that a generation knows of."""
    return int(generation.partition("-")[0])


def addresses_gone_since(seen: str) -> list[str]:
    """Return where articles stood that a change since then took from the public.

    An old page may stand in for one that cannot be made, but never for one withdrawn.
    """
    if not seen:
        return []
    noted = Change.objects.filter(kind=Change.Kind.ARTICLE, pk__gt=stamp_of(seen))
    keys = set(noted.order_by("-pk").values_list("key", flat=True)[:MANY])
    visible = Article.objects.visible().filter(pk__in=keys).values_list("pk", flat=True)
    return [
        reverse(name, args=[key])
        for key in sorted(keys.difference(visible))
        for name in ("articles:article", "articles:article-markdown")
    ]


def release() -> str:
    """Return a word for the program that makes the pages: its code, its settings, this boot.

    Files that were being written when the machine lost its power are never looked at again.
    """
    digest = hashlib.sha256()
    for top in CODE:
        place = settings.BASE_DIR / top
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for path in files:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path}\0".encode() + path.read_bytes() + b"\0")
    values = {name: getattr(own_settings, name) for name in dir(own_settings) if name.isupper()}
    digest.update(json.dumps(values, default=str, sort_keys=True).encode())
    with suppress(OSError):
        digest.update(BOOT.read_bytes())
    return digest.hexdigest()[:16]
