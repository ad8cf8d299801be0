"""What pages print of the site's record, as head and foot: rendered once for each way they look."""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from lawsite.models import Printed, SiteProfile
from statutes.fragments import fragment

register = template.Library()

# The pages that the navigation names: on each it looks another way.
_NAMED = ("home", "articles:categories", "statutes:statutes", "articles:authors")


@register.simple_tag(takes_context=True)
def site_header(context) -> SafeString:
    path = context["request"].path if "request" in context else ""
    here = path if path in _named_paths() else ""
    return fragment("components/site_header.html", path=here, site=_printed(context["site"]))


@register.simple_tag(takes_context=True)
def site_footer(context) -> SafeString:
    return fragment("components/site_footer.html", site=_printed(context["site"]))


@register.simple_tag(takes_context=True)
def firm_card(context) -> SafeString:
    return fragment("components/firm_card.html", site=_printed(context["site"]))


@register.simple_tag(takes_context=True)
def site_links(context) -> SafeString:
    return fragment("components/site_links.html", site=_printed(context["site"]))


@lru_cache(maxsize=1)
def _named_paths() -> frozenset[str]:
    return frozenset(reverse(name) for name in _NAMED)


def _printed(site: SiteProfile | Printed) -> Printed:
    return site if isinstance(site, Printed) else site.printed()
