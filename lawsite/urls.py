"""Table of contents of the site."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_safe

from statutes.public import public

from . import sitemaps, views

admin.site.site_header = admin.site.site_title = "普法知识库编辑台"
admin.site.index_title = "待我处理"


urlpatterns = [
    path("", public(views.home), name="home"),
    path("", include("articles.urls")),
    path("", include("statutes.urls")),
    path("search/", views.search, name="search"),
    path("search/hints/", views.search_hints, name="search-hints"),
    path("sitemap.xml", public(sitemaps.index), name="sitemap-index"),
    path("sitemaps/pages.xml", public(sitemaps.pages), name="sitemap-pages"),
    path("sitemaps/articles-<int:section>.xml", public(sitemaps.articles), name="sitemap-articles"),
    path("sitemaps/statutes-<int:section>.xml", public(sitemaps.statutes), name="sitemap-statutes"),
    path(
        "sitemaps/provisions-<int:section>.xml",
        public(sitemaps.provisions),
        name="sitemap-provisions",
    ),
    path("robots.txt", public(views.robots_txt), name="robots"),
    path("llms.txt", public(views.llms_txt), name="llms"),
    path("health/", require_safe(views.health), name="health"),
    path("media/<path:path>", require_safe(views.media)),
    path("admin/", admin.site.urls),
]

handler403 = "lawsite.views.permission_denied"
handler404 = "lawsite.views.page_not_found"
handler500 = "lawsite.views.server_error"
