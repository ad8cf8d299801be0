"""Cold pages, in process: no cache of pages before them, each address asked for once."""

import random
import time
from statistics import median

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db.models import Max
from django.urls import reverse

from articles import cards, sitemaps
from articles.models import Article, ArticleList, Author, Category, RelatedArticle, Tag
from articles.relatedness import TERMS_SHOWN
from statutes.models import Statute
from statutes.sitemaps import section, sections
from tests.bench.measuring import HELLO, Row, costs, hello_view, p95, plain_django

PAGES = 200
FAST = "p95 ≤ 100"
CPU = "the processor's own, median"  # on a busy machine the clock tells of the others too
DEEP = 5_000


def rows():
    with hello_view():
        yield from _article_pages()
        yield from _lists()


def _article_pages():
    site, plain = WSGIHandler(), plain_django()
    addresses = [article.get_absolute_url() for article in _sample(PAGES)]
    costs(site, addresses[:5], time.process_time)  # templates are read, queries put together
    costs(plain, [HELLO] * 20, time.process_time)
    first, again, between, alone = [], [], [], []
    for address in addresses:  # by turns: whatever else the machine does, it does to both
        first += costs(site, [address], time.process_time)
        between += costs(plain, [HELLO], time.process_time)
    for start in range(0, PAGES, 20):
        again += costs(site, addresses[start : start + 20], time.process_time)
        alone += costs(plain, [HELLO] * 20, time.process_time)
    # Between pages, the processor's caches hold neither's code; hello alone never leaves them.
    turns, row = "hello behind Django's middleware, by turns", "the same hello, in a row"
    page = "cold article page, CPU"
    yield Row(page, median(first), "ms", turns, median(between), "ratio ≤ 12")
    yield Row(f"{page}, in a row", median(again), "ms", row, median(alone), "ratio ≤ 12")


def _sample(number: int) -> list[Article]:
    """Return articles from all over the dataset, each with a full related list.

    What was not computed yet is made up with others of the sample and their weightiest terms: a
    page has as much to mark, and costs the same.
    """
    chance = random.Random(1)
    newest = Article.objects.aggregate(newest=Max("pk"))["newest"]
    found = {}
    while len(found) < number:
        rows = Article.objects.visible().filter(pk__gte=chance.randrange(newest)).order_by("pk")
        if article := rows.only("pk").first():
            found[article.pk] = article
    listed = {pk: set() for pk in found}
    entries = RelatedArticle.objects.filter(article__in=found)
    for pk, other in entries.values_list("article", "related"):
        listed[pk].add(other)
    terms = dict(Article.objects.filter(pk__in=found).values_list("pk", "terms"))
    RelatedArticle.objects.bulk_create(
        RelatedArticle(
            article_id=pk,
            related_id=other,
            rank=rank,
            shared_terms=list(terms[other])[:TERMS_SHOWN],
        )
        for pk, others in listed.items()
        for rank, other in enumerate(
            chance.sample(sorted(found.keys() - others - {pk}), RelatedArticle.SHOWN)
        )
        if rank >= len(others)
    )
    cards.keep(entries.values_list("related", flat=True))
    return list(found.values())


def _lists():
    site = WSGIHandler()
    category = _longest(ArticleList.Kind.CATEGORY, Category)
    tag = _longest(ArticleList.Kind.TAG, Tag)
    author = _longest(ArticleList.Kind.AUTHOR, Author)
    kept = ArticleList.objects.get(kind=ArticleList.Kind.CATEGORY, key=category.pk)
    deep = min(DEEP, max(1, kept.last_page - 2))
    month = ArticleList.objects.months().order_by("-count").first()
    address = category.get_absolute_url()
    for what, pages in (
        ("home", [reverse("home")]),
        (f"category of {kept.count:,}, its address", [address]),
        (f"category of {kept.count:,}, page {deep:,}", [f"{address}?page={deep}"]),
        ("longest tag", [tag.get_absolute_url()]),
        ("longest author", [author.get_absolute_url()]),
        (
            "longest month",
            [reverse("articles:month", args=[month.key // 100, month.key % 100])],
        ),
        ("archive", [reverse("articles:archive")]),
        ("feed", [reverse("articles:feed")]),
        ("sitemap index", [reverse("sitemap-index")]),
    ):
        costs(site, pages, time.perf_counter)
        taken = costs(site, pages * 20, time.perf_counter)
        work = costs(site, pages * 20, time.process_time)
        yield Row(what, p95(taken), "ms", CPU, median(work), FAST)
    for what, number in (("statutes", next(sections(Statute.objects.all()))), *_provisions()):
        pages = [reverse(f"sitemap-{what}", args=[number])] * 10
        taken = costs(site, pages, time.perf_counter)
        work = costs(site, pages, time.process_time)
        yield Row(f"sitemap section of {what}", p95(taken), "ms", CPU, median(work), FAST)
    numbers = [known.number for known in sitemaps.sections()[:20]]
    written = [reverse("sitemap-articles", args=[number]) for number in numbers]
    for path in settings.SITEMAP_ROOT.rglob("*.gz"):
        path.unlink()
    for what in ("written", "kept"):
        work = time.process_time()
        taken = costs(site, written, time.perf_counter)
        work = (time.process_time() - work) / len(written) * 1000
        yield Row(f"sitemap section, {what}", p95(taken), "ms", CPU, work, FAST)


def _provisions() -> list[tuple[str, int]]:
    """Return the section with most provisions, if any are counted as cited."""
    cited = sitemaps.cited_provisions()
    numbers = sorted(sections(cited), key=lambda number: section(cited, number).count())
    return [("provisions", number) for number in numbers[-1:]]


def _longest(kind: str, model):
    longest = ArticleList.objects.filter(kind=kind).order_by("-count").first()
    return model.objects.get(pk=longest.key)
