"""Addresses of statutes: the law today, a version for ever, a provision."""

from django.conf import settings
from django.urls import path, register_converter
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import converters, views
from .feeds import RecentChanges

app_name = "statutes"

register_converter(converters.PlaceConverter, "place")
register_converter(converters.VersionKeyConverter, "version")


def public(view):
    """A page that is the same for every reader, for any cache to keep."""
    return require_safe(cache_control(**settings.PUBLIC_CACHE)(view))


urlpatterns = [
    path("statutes/", public(views.statute_list), name="statutes"),
    path("statutes/changes/", public(views.change_list), name="changes"),
    path("feeds/changes/", public(RecentChanges()), name="changes-feed"),
    path("statutes/<slug:slug>/", public(views.statute_detail), name="statute"),
    path("statutes/<slug:slug>.md", public(views.statute_markdown), name="statute-markdown"),
    path("statutes/<slug:slug>/@<version:key>/", public(views.version_detail), name="version"),
    path(
        "statutes/<slug:slug>/compare/<version:old>/<version:new>/",
        public(views.comparison),
        name="comparison",
    ),
    path("statutes/<slug:slug>/<place:place>/", public(views.provision_detail), name="provision"),
]
