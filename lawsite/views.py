"""The site as a whole: home, robots.txt, llms.txt, health, media, errors."""

import sys

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.static import serve

from articles.models import Article, Category
from statutes import news

AWAY = "lawsite.database_is_away"  # in the request's META, for who stands in front of Django
RETRY_AFTER = 30  # seconds
NEWEST = 12
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
    """Say whether the site can answer: 200, or 503 when its database cannot."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok"})


def media(request, path):
    """Serve an upload. Its name is the hash of its content, so it never changes."""
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError:  # a name longer than any file's
        raise Http404("no such upload") from None
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


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
