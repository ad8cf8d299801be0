"""The editors' desk, in process: lists, searches, forms, the queue, choosing by typing."""

import time
from statistics import median
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max
from django.test import Client
from django.urls import reverse

from articles.admin.tables import CappedPaginator
from articles.models import Article, ArticleCitation, Category
from articles.queue import STALE
from tests.bench.measuring import Row, p95, times

ROUNDS = 20
CPU = "the processor's own, median"  # on a busy machine the clock tells of the others too
FAST, QUICK = "p95 ≤ 100", "p95 ≤ 300"
LIST = reverse("admin:articles_article_changelist")
CHOOSING = {  # what is chosen by typing: the field of a form, and what is typed
    "an author": ("articles", "authorship", "author", "林"),
    "a category": ("articles", "article", "category", "债"),
    "a tag": ("articles", "taggedarticle", "tag", "合同"),
    "an article": ("articles", "relatedarticle", "related", "合同"),
    "a user": ("articles", "article", "owner", "a"),
    "a statute": ("articles", "articlecitation", "statute", "民法典"),
    "a provision": ("statutes", "succession", "old", "民法典 577"),
}


def rows():
    with transaction.atomic():  # what is made here to look with goes again
        user = get_user_model().objects.create(
            username="bench of the desk", is_staff=True, is_superuser=True
        )
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        for what, address, wanted in _pages():
            taken = _taken(client, address, time.perf_counter)
            work = _taken(client, address, time.process_time)
            yield Row(what, p95(taken), "ms", CPU, median(work), wanted)
        transaction.set_rollback(True)


def _taken(client: Client, address: str, clock) -> list[float]:
    def get():
        status = client.get(address).status_code
        assert status == 200, f"{address}: {status}"

    return times(get, ROUNDS, clock)


def _pages():
    """Yield what a page is, its address, and how fast it is to be."""
    for what, query in _lists():
        yield f"admin list{what}", f"{LIST}?{urlencode(query)}", FAST
    for words in ("合同", "没有借条怎样要回借款", "乌有之乡"):
        yield f"admin search: {words}", f"{LIST}?{urlencode({'q': words})}", FAST
    newest = Article.objects.aggregate(newest=Max("pk"))["newest"]
    yield "admin form", reverse("admin:articles_article_change", args=[newest]), QUICK
    yield "admin, first page", reverse("admin:index"), QUICK
    for what, (app, model, field, term) in CHOOSING.items():
        query = {"app_label": app, "model_name": model, "field_name": field, "term": term}
        yield f"choose {what}", f"{reverse('admin:autocomplete')}?{urlencode(query)}", QUICK


def _lists():
    """Yield what a list of articles is narrowed or ordered by, and the query that says so."""
    yield "", {}
    last = min(CappedPaginator.CAP, Article.objects.count()) // 50
    yield f", page {min(50, last)}", {"p": min(50, last)}
    for state in (Article.State.DRAFT, Article.State.PUBLISHED, Article.State.WITHDRAWN):
        yield f", {state.value}", {"state__exact": state.value}
    yield ", due", {"due": "1"}
    yield ", reprints", {"origin__exact": "reprint"}
    category = Category.objects.filter(articles__isnull=False).first().pk
    yield ", a category", {"category__id__exact": category}
    yield ", its drafts", {"category__id__exact": category, "state__exact": "draft"}
    stale = ArticleCitation.objects.filter(
        state__in=[state.value for state in STALE], statute__isnull=False, since__isnull=False
    ).first()
    if stale:
        yield ", stale", {"stale": f"{stale.statute_id}-{stale.since}"}
    for column, name in enumerate(("title", "category", "state", "owner", "date", "review"), 1):
        yield f", by {name}", {"o": str(column)}
