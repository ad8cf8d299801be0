"""Public pages of articles."""

from functools import wraps

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from statutes.fragments import filled
from statutes.trail import Crumb, trail

from . import archive, feedback, jsonld, page, reading
from .feedback import FeedbackForm
from .lists import INDEXED_TAG_ARTICLES
from .models import Article, ArticleList, Author, Category, Tag
from .paging import MovedError, Page, paginate

MAX_ID = 2**63 - 1


def find_public(pk: int) -> Article | None:
    """Return a visible article with all its page prints; None for one withdrawn, else 404."""
    article = reading.find(pk) if pk <= MAX_ID else None
    if article and article.is_gone:
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
    site = request.site.printed()
    texts = page.texts(article, site)
    return HttpResponse(filled("articles/article_detail.html", site, **texts))


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


def paged(view):
    """Send readers on whose page of a list is elsewhere now."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except MovedError as moved:
            return redirect(request.path + moved.query, permanent=moved.for_ever)

    return answer


def page_of(request, kind: str, key: int) -> Page:
    return paginate(kind, key, request.GET)


@csrf_exempt
@never_cache
def article_feedback(request, pk):
    """The form 内容有误或已过时？ of an article; its signed token stands in for a cookie."""
    article = find_public(pk)
    if article is None:
        return gone(request)
    form = FeedbackForm(article, request.POST if request.method == "POST" else None)
    status, is_sent = 200, False
    if request.method == "POST":
        sender = feedback.sender_of(request)
        if form.is_from_a_machine:
            is_sent = True  # told as a person would be, kept nowhere
        elif feedback.is_too_much(article, sender):
            form.add_error(None, "今天收到的反馈太多，请过些时候再提交。")
            status = 429
        elif form.is_valid():
            feedback.take(form, sender)
            is_sent = True
    context = {
        "article": article,
        "form": form,
        "is_sent": is_sent,
        "crumbs": trail(
            *article.category.path(),
            Crumb(article.title, article.get_absolute_url()),
            Crumb("反馈", request.path),
        ),
    }
    return render(request, "articles/feedback.html", context, status=status)


def category_list(request):
    """The whole tree on one page."""
    context = {
        "tree": Category.objects.tree(),
        "crumbs": trail(Crumb("全部栏目", request.path)),
    }
    return render(request, "articles/category_list.html", context)


@paged
def category_detail(request, slug):
    category = get_object_or_404(Category.objects.with_ancestors(), slug=slug)
    context = {
        "category": category,
        "siblings": Category.objects.filter(parent=category.parent_id),
        "children": category.children.all(),
        "crumbs": trail(*category.path()),
        "page": page_of(request, ArticleList.Kind.CATEGORY, category.pk),
    }
    return render(request, "articles/category_detail.html", context)


@paged
def tag_detail(request, slug):
    tag = get_object_or_404(Tag, slug=slug)
    page = page_of(request, ArticleList.Kind.TAG, tag.pk)
    if not page.articles:
        raise Http404("no article has this tag")
    context = {
        "tag": tag,
        "is_indexed": bool(tag.intro) and page.total >= INDEXED_TAG_ARTICLES,
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


@paged
def author_detail(request, slug):
    author = get_object_or_404(Author, slug=slug)
    context = {
        "author": author,
        "crumbs": trail(
            Crumb("律师与作者", reverse("articles:authors")), Crumb(author.signature, request.path)
        ),
        "page": page_of(request, ArticleList.Kind.AUTHOR, author.pk),
    }
    return render(request, "articles/author_detail.html", context)


def archive_years(request):
    """All years and months in which articles were published."""
    context = {
        "years": archive.years(),
        "crumbs": trail(Crumb("按时间查找", request.path)),
    }
    return render(request, "articles/archive.html", context)


def archive_year(request, year):
    years = archive.years(year)
    if not years:
        raise Http404("nothing was published in this year")
    context = {
        "years": years,
        "year": year,
        "crumbs": trail(archive_crumb(), Crumb(f"{year}年", request.path)),
    }
    return render(request, "articles/archive.html", context)


@paged
def archive_month(request, year, month):
    page = page_of(request, ArticleList.Kind.MONTH, year * 100 + month)
    if not page.articles:
        raise Http404("nothing was published in this month")
    older, newer = archive.neighbours(year, month)
    context = {
        "year": year,
        "month": month,
        "heading": f"{year}年{month}月的文章",
        "older": older,
        "newer": newer,
        "page": page,
        "crumbs": trail(
            archive_crumb(),
            Crumb(f"{year}年", reverse("articles:year", args=[year])),
            Crumb(f"{month}月", request.path),
        ),
    }
    return render(request, "articles/archive_month.html", context)


def archive_crumb() -> Crumb:
    return Crumb("按时间查找", reverse("articles:archive"))
