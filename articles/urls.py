"""Addresses of articles and their lists."""

from django.conf import settings
from django.urls import path, register_converter

from statutes.public import public

from . import views
from .converters import ArticleIdConverter
from .feeds import NewestArticles
from .paging import PARAMETERS

app_name = "articles"

register_converter(ArticleIdConverter, "article")


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
    path("categories/<slug:slug>/", public(views.category_detail, PARAMETERS), name="category"),
    path("tags/<slug:slug>/", public(views.tag_detail, PARAMETERS), name="tag"),
    path("authors/", public(views.author_list), name="authors"),
    path("authors/<slug:slug>/", public(views.author_detail, PARAMETERS), name="author"),
    path("feeds/articles/", public(NewestArticles()), name="feed"),
]
