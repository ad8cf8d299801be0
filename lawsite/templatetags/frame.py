"""What pages print of the site's record, as head and foot: rendered once for each way they look."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

register = template.Library()

# The pages that the navigation names: on each it looks another way.
_NAMED = ("home", "articles:categories", "statutes:statutes", "articles:authors")


@register.simple_tag(takes_context=True)
def site_header(context) -> SafeString:
    path = context["request"].path
    here = path if path in _named_paths() else ""
    return _rendered("components/site_header.html", here, context["site"].printed())


@register.simple_tag(takes_context=True)
def site_footer(context) -> SafeString:
    return _rendered("components/site_footer.html", "", context["site"].printed())


@register.simple_tag(takes_context=True)
def firm_card(context) -> SafeString:
    return _rendered("components/firm_card.html", "", context["site"].printed())


@register.simple_tag(takes_context=True)
def site_links(context) -> SafeString:
    return _rendered("components/site_links.html", "", context["site"].printed())


@lru_cache(maxsize=1)
def _named_paths() -> frozenset[str]:
    return frozenset(reverse(name) for name in _NAMED)


@lru_cache(maxsize=64)
def _rendered(name: str, path: str, printed: tuple[tuple[str, str], ...]) -> SafeString:
    """Return a component rendered for what it prints of the site's record."""
    return render_to_string(name, {"site": dict(printed), "path": path})
