"""Addresses of articles and their lists."""

from django.conf import settings
from django.urls import path, register_converter
from django.views.decorators.http import require_http_methods

from statutes.public import public

from . import views
from .converters import ArticleIdConverter, MonthConverter, YearConverter
from .feeds import NewestArticles
from .paging import PARAMETERS

app_name = "articles"

register_converter(ArticleIdConverter, "article")
register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")


urlpatterns = [
    path(
        f"{settings.ARTICLE_PREFIX}/<article:pk>.html", public(views.article_detail), name="article"
    ),
    path(
        f"{settings.ARTICLE_PREFIX}/<article:pk>.html.md",
        public(views.article_markdown),
        name="article-markdown",
    ),
    path(
        f"{settings.ARTICLE_PREFIX}/<article:pk>/feedback/",
        require_http_methods(["GET", "HEAD", "POST"])(views.article_feedback),
        name="feedback",
    ),
    path("categories/", public(views.category_list), name="categories"),
    path("categories/<slug:slug>/", public(views.category_detail, PARAMETERS), name="category"),
    path("tags/<slug:slug>/", public(views.tag_detail, PARAMETERS), name="tag"),
    path("authors/", public(views.author_list), name="authors"),
    path("authors/<slug:slug>/", public(views.author_detail, PARAMETERS), name="author"),
    path("archive/", public(views.archive_years), name="archive"),
    path("archive/<year:year>/", public(views.archive_year), name="year"),
    path(
        "archive/<year:year>/<month:month>/",
        public(views.archive_month, PARAMETERS),
        name="month",
    ),
    path("feeds/articles/", public(NewestArticles()), name="feed"),
]
