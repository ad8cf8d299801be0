"""Addresses of statutes: the law today, a version for ever, a provision."""

from django.urls import path, register_converter

from . import converters, views
from .feeds import RecentChanges
from .filters import LABELS
from .paging import PARAMETERS
from .public import public

app_name = "statutes"

register_converter(converters.PlaceConverter, "place")
register_converter(converters.VersionKeyConverter, "version")


urlpatterns = [
    path("statutes/", public(views.statute_list, [*LABELS, *PARAMETERS]), name="statutes"),
    path("statutes/changes/", public(views.change_list, ["before"]), name="changes"),
    path("feeds/changes/", public(RecentChanges()), name="changes-feed"),
    path("statutes/<slug:slug>/", public(views.statute_detail), name="statute"),
    path("statutes/<slug:slug>.md", public(views.statute_markdown), name="statute-markdown"),
    path("statutes/<slug:slug>/@<version:key>/", public(views.version_detail), name="version"),
    path(
        "statutes/<slug:slug>/compare/<version:old>/<version:new>/",
        public(views.comparison, ["page"]),
        name="comparison",
    ),
    path("statutes/<slug:slug>/<place:place>/", public(views.provision_detail), name="provision"),
]
