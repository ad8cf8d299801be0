"""The site as a whole: home, robots.txt, llms.txt, health, media, errors."""

import re
import sys

from django.conf import settings
from django.contrib import admin
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.static import serve

from articles.models import Article, Category
from articles.rate_limit import limited
from statutes import news
from statutes.filters import query
from statutes.index import following
from statutes.models import Statute
from statutes.trail import Crumb, trail

from . import search as searching
from .indexing import SOURCES
from .middleware import never_indexed

AWAY = "lawsite.database_is_away"  # in the request's META, for who stands in front of Django
RETRY_AFTER = 30  # seconds
NEWEST = 12
PAGE_NUMBER = re.compile("[1-9][0-9]{0,3}")
NEWEST_CHANGES = 4

# Robots that read to train models, and those that read to answer with a link.
TRAINING_ROBOTS = ["Applebot-Extended", "Bytespider", "CCBot", "ClaudeBot", "Google-Extended"]
TRAINING_ROBOTS += ["GPTBot", "Meta-ExternalAgent", "PanguBot"]
ANSWERING_ROBOTS = ["ChatGPT-User", "Claude-SearchBot", "Claude-User", "OAI-SearchBot"]
ANSWERING_ROBOTS += ["PerplexityBot", "Perplexity-User"]


def home(request):
    articles = Article.objects.visible().newest_first().for_lists()[:NEWEST]
    context = {
        "tree": Category.objects.tree(),
        "articles": list(articles),
        "changes": news.newest(NEWEST_CHANGES, timezone.localdate()),
    }
    return render(request, "home.html", context)


SEARCHED = ("q", "kind", "category", "statute", "year", "page")  # what a search reads, in order
YEARS = 6  # that a search can be narrowed to
KINDS = {"articles": "文章", "provisions": "法条", "statutes": "法规"}


@require_safe
@limited("search", *settings.SEARCH_RATE)
@never_indexed
def search(request):
    """Results over articles, provisions and statutes."""
    given = {name: request.GET.get(name, "").replace("\x00", "") for name in SEARCHED}
    narrowing = _narrowing(given)
    page = int(given["page"]) if PAGE_NUMBER.fullmatch(given["page"]) else 1
    answer = searching.ask(given["q"], narrowing, page=page)
    chosen = {
        "q": answer.question,
        "kind": narrowing.kind,
        "category": narrowing.category.slug if narrowing.category else "",
        "statute": narrowing.statute.slug if narrowing.statute else "",
        "year": str(narrowing.year or ""),
    }
    kinds, filters = _filters(chosen, answer)
    context = {
        "answer": answer,
        "kinds": kinds,
        "filters": filters,
        "is_narrowed": bool(narrowing.category or narrowing.statute or narrowing.year),
        "previous": _page(chosen, answer.page - 1) if answer.page > 1 else "",
        "next": _page(chosen, answer.page + 1) if answer.has_more else "",
        "meant": query({"q": answer.spelling}) if answer.spelling else "",
        "tree": Category.objects.roots() if answer.is_empty else [],
        "crumbs": trail(Crumb("搜索", request.path)),
    }
    return render(request, "search.html", context)


def _narrowing(given) -> searching.Narrowing:
    """Return what a search is narrowed by; what there is not narrows nothing."""
    year = given["year"]
    return searching.Narrowing(
        kind=given["kind"] if given["kind"] in KINDS else "",
        category=Category.objects.filter(slug=given["category"][:80]).first()
        if given["category"]
        else None,
        statute=Statute.objects.filter(slug=given["statute"][:120]).first()
        if given["statute"]
        else None,
        year=int(year) if PAGE_NUMBER.fullmatch(year) else None,
    )


def _page(chosen: dict, number: int) -> str:
    page = {"page": str(number)} if number > 1 else {}
    return query({name: value for name, value in (chosen | page).items() if value})


def _filters(chosen: dict, answer: searching.Answer) -> tuple[list, list[tuple[str, list]]]:
    """Return the kinds to choose from, and further filters as (label, choices).

    A choice is (name, query, whether it is chosen).
    """

    def choices(name, options):
        return [
            (label, _page(chosen | {name: value}, 1), chosen[name] == value)
            for value, label in [("", "全部"), *options]
        ]

    this_year = timezone.localdate().year
    years = [(str(year), f"{year}年") for year in range(this_year, this_year - YEARS, -1)]
    statutes = {found.statute.slug: found.statute.name for found in answer.statutes}
    if answer.narrowing.statute:
        statutes[answer.narrowing.statute.slug] = answer.narrowing.statute.name
    roots = [(category.slug, category.name) for category in Category.objects.roots()]
    filters = []
    if not answer.narrowing.kind or answer.narrowing.kind == "articles":
        filters.append(("栏目", choices("category", roots)))
        filters.append(("发布", choices("year", years)))
    if statutes:
        filters.append(("法规", choices("statute", statutes.items())))
    return choices("kind", KINDS.items()), filters


@require_safe
@limited("hints", *settings.HINT_RATE)
@never_indexed
def search_hints(request):
    """What a search would find first, while its question is being typed."""
    answer = searching.ask(request.GET.get("q", ""), size=5)
    found = [("法条", str(f.provision), f.url) for f in answer.asked_for]
    found += [("法规", f.statute.name, f.url) for f in answer.statutes]
    found += [("文章", f.article.title, f.url) for f in [*answer.explaining, *answer.articles]]
    found += [("法条", str(f.provision), f.url) for f in answer.provisions[:2]]
    hints = [{"kind": kind, "title": title, "url": url} for kind, title, url in found]
    return JsonResponse({"hints": hints[:HINTS]})


HINTS = 8


def robots_txt(request):
    refused = {
        "all": [],
        "search": TRAINING_ROBOTS,
        "none": TRAINING_ROBOTS + ANSWERING_ROBOTS,
    }[settings.AI_ROBOTS]
    return render(request, "robots.txt", {"refused": refused}, content_type="text/plain")


def llms_txt(request):
    context = {"tree": Category.objects.tree()}
    return render(request, "llms.txt", context, content_type="text/plain; charset=utf-8")


def health(request):
    """Say whether the site can answer: 200, or 503 when its database cannot; and how the search
    stands, without which all else is there."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        search = {source.name: following.standing(source) for source in SOURCES}
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok", "search": search})


def media(request, path):
    """Serve an upload. Its name is the hash of its content, so it never changes."""
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError:  # a name longer than any file's
        raise Http404("no such upload") from None
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def permission_denied(request, exception):
    """Answer at the desk, the only place where something is not allowed."""
    context = {**admin.site.each_context(request), "reason": str(exception)}
    return render(request, "403.html", context, status=403)


def page_not_found(request, exception):
    context = {"tree": Category.objects.roots()}
    return render(request, "404.html", context, status=404)


def server_error(request):
    """Answer when all else failed, by a page that needs no database.

    While the database is away the answer is 503, and says when to come back.
    """
    if not isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return render(None, "500.html", status=500)
    request.META[AWAY] = True
    response = render(None, "503.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
