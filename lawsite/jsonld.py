"""The firm, breadcrumbs, Baidu's time factor, and how data gets into a page."""

import json

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

CAMBRIAN = "https://ziyuan.baidu.com/contexts/cambrian.jsonld"
_ESCAPES = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def script(data: dict) -> SafeString:
    """Return data as a <script> of JSON-LD that no text in it can break out of."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def firm(profile) -> dict | None:
    """Return the firm as LegalService; None where the site's record does not name it."""
    if not profile.firm_name:
        return None
    data = {
        "@context": "https://schema.org",
        "@type": "LegalService",
        "@id": settings.SITE_URL + "/#firm",
        "name": profile.firm_name,
        "url": settings.SITE_URL + "/",
        "address": profile.address,
        "telephone": profile.telephone,
        "identifier": profile.firm_licence,
    }
    return {key: value for key, value in data.items() if value}


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
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")
