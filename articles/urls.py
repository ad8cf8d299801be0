"""Addresses of articles and their lists."""

from django.conf import settings
from django.urls import path, register_converter
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import views
from .converters import ArticleIdConverter
from .feeds import NewestArticles

app_name = "articles"

register_converter(ArticleIdConverter, "article")


def public(view):
    """A page that is the same for every reader, for any cache to keep."""
    return require_safe(cache_control(**settings.PUBLIC_CACHE)(view))


urlpatterns = [
    path(
        f"{settings.ARTICLE_PREFIX}/<article:pk>.html", public(views.article_detail), name="article"
    ),
    path(
        f"{settings.ARTICLE_PREFIX}/<article:pk>.html.md",
        public(views.article_markdown),
        name="article-markdown",
    ),
    path("categories/", public(views.category_list), name="categories"),
    path("categories/<slug:slug>/", public(views.category_detail), name="category"),
    path("tags/<slug:slug>/", public(views.tag_detail), name="tag"),
    path("authors/", public(views.author_list), name="authors"),
    path("authors/<slug:slug>/", public(views.author_detail), name="author"),
    path("feeds/articles/", public(NewestArticles()), name="feed"),
]
