"""What pages tell machines, whatever they are about: breadcrumbs, Baidu's time factor, and how
data gets into a page."""

import json
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

CAMBRIAN = "https://ziyuan.baidu.com/contexts/cambrian.jsonld"
_ESCAPES = [(character, f"\\u{ord(character):04x}") for character in "<>&\u2028\u2029"]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def script(data: dict) -> SafeString:
    """Return data as a <script> of JSON-LD that no text in it can break out of."""
    text = _encode(data)
    for character, escape in _ESCAPES:  # far quicker than str.translate
        text = text.replace(character, escape)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def breadcrumb(crumbs) -> dict:
    """Return 当前位置 as the page shows it; crumbs have `name` and `url`, the last is the page."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "@id": f"{settings.SITE_URL}{crumbs[-1].url}#breadcrumb",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": crumb.name,
                "item": settings.SITE_URL + crumb.url,
            }
            for position, crumb in enumerate(crumbs, start=1)
        ],
    }


def time_factor(url, title, description, published_at, updated_at, images=()) -> dict:
    """Return Baidu's time factor: moments in Beijing time, without offset."""
    return {
        "@context": CAMBRIAN,
        "@id": url,
        "title": title,
        "images": list(images),
        "description": description,
        "pubDate": _beijing(published_at),
        "upDate": _beijing(updated_at),
    }


def _beijing(moment) -> str:
    return local(moment).replace(tzinfo=None).isoformat(timespec="seconds")


@lru_cache(maxsize=64)
def local(moment: datetime) -> datetime:
    """Return a moment in the site's time zone: a page prints the same two again and again."""
    return timezone.localtime(moment)
