"""Public pages of articles."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse

from statutes.trail import Crumb, trail

from . import jsonld
from .models import Article, Author, Category, Tag
from .paging import PAGE_SIZE, Page, paginate

MAX_ID = 2**63 - 1
INDEXED_TAG_ARTICLES = 5  # fewer make a thin page, which search engines punish


def find_public(pk: int) -> Article | None:
    """Return a visible article with all its page prints; None for one withdrawn, else 404."""
    article = Article.objects.for_page().filter(pk=pk).first() if pk <= MAX_ID else None
    if article and article.state == Article.State.WITHDRAWN:
        return None
    if not article or not article.is_visible:
        raise Http404("no such article")
    return article


def gone(request):
    """Say that an article was taken back, and where to go from here."""
    return render(request, "410.html", {"tree": Category.objects.roots()}, status=410)


def article_detail(request, pk):
    article = find_public(pk)
    if article is None:
        return gone(request)
    older, newer = article.neighbours()
    here = Crumb("正文内容", article.get_absolute_url())
    context = {
        "article": article,
        "crumbs": trail(*article.category.path(), here),
        "older": older,
        "newer": newer,
        "related": article.related_list(),
        "article_jsonld": jsonld.article(article),
        "page_jsonld": jsonld.web_page(article),
    }
    return render(request, "articles/article_detail.html", context)


def article_markdown(request, pk):
    """The article as plain Markdown, for machines and for those who copy."""
    article = find_public(pk)
    if article is None:
        return gone(request)
    text = render_to_string("articles/article.md", {"article": article}, request)
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    response["Link"] = f'<{jsonld.absolute(article)}>; rel="canonical"'
    return response


def category_list(request):
    """The whole tree on one page."""
    context = {
        "tree": Category.objects.tree(),
        "crumbs": trail(Crumb("全部栏目", request.path)),
    }
    return render(request, "articles/category_list.html", context)


def category_detail(request, slug):
    category = get_object_or_404(Category.objects.with_ancestors(), slug=slug)
    articles = Article.objects.filter(category__in=category.branch())
    context = {
        "category": category,
        "siblings": Category.objects.filter(parent=category.parent_id),
        "children": category.children.all(),
        "crumbs": trail(*category.path()),
        "page": page_of(request, articles),
    }
    return render(request, "articles/category_detail.html", context)


def tag_detail(request, slug):
    tag = get_object_or_404(Tag, slug=slug)
    page = page_of(request, Article.objects.filter(tags=tag))
    if not page.articles:
        raise Http404("no article has this tag")
    context = {
        "tag": tag,
        "is_indexed": bool(tag.intro)
        and (not page.is_first or len(page.articles) >= INDEXED_TAG_ARTICLES),
        "crumbs": trail(Crumb(f"标签：{tag.name}", request.path)),
        "page": page,
    }
    return render(request, "articles/tag_detail.html", context)


def author_list(request):
    context = {
        "authors": list(Author.objects.all()),
        "crumbs": trail(Crumb("律师与作者", request.path)),
    }
    return render(request, "articles/author_list.html", context)


def author_detail(request, slug):
    author = get_object_or_404(Author, slug=slug)
    context = {
        "author": author,
        "crumbs": trail(
            Crumb("律师与作者", reverse("articles:authors")), Crumb(author.signature, request.path)
        ),
        "page": page_of(request, Article.objects.filter(bylines__author=author)),
    }
    return render(request, "articles/author_detail.html", context)


def page_of(request, articles) -> Page:
    return paginate(articles.visible().for_lists(), request.GET, PAGE_SIZE)
