"""Related articles and near-duplicates: how true the lists are, and what they cost.

Nothing stays changed: what is written to the dataset is taken back.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from django.db import transaction
from django.db.models import Max

from articles import duplicates, overlap, relatedness, relating, relating_all
from articles.bags import bags
from articles.indexing import articles_index
from articles.models import Article, ArticleWindow, RelatedArticle
from articles.vectors import Vectors, write
from tests.bench.measuring import Row, p95
from tests.bench.search import build

SAMPLED = 60  # articles
EXACT_UP_TO = 200_000  # articles; among more, to compare each with all takes too long
SLICE = 2_000  # articles of the bulk
PROCESSORS = 2
CPU = "the processor's own, median"


class _UndoneError(Exception):
    pass


def rows() -> Iterator[Row]:
    yield from build()
    sample = _sample()
    with TemporaryDirectory(prefix="vectors-") as folder:
        start = time.process_time()
        write(Path(folder), relating_all.all_bags())
        prepared = time.process_time() - start
        vectors = Vectors(Path(folder))
        if len(vectors.ids) <= EXACT_UP_TO:
            yield from _truth(vectors, sample)
        yield _bulk(Path(folder), prepared, len(vectors.ids))
    yield from _one(sample)
    yield from _near_duplicates(sample)


def _sample() -> list[int]:
    chance = random.Random(3)
    newest = Article.objects.aggregate(newest=Max("pk"))["newest"]
    found: set[int] = set()
    while len(found) < SAMPLED:
        public = Article.objects.visible().filter(pk__gte=chance.randrange(newest))
        found.update(public.order_by("pk").values_list("pk", flat=True)[:1])
    return sorted(found)


# --- How true ---------------------------------------------------------------------------


def _truth(vectors: Vectors, sample: list[int]) -> Iterator[Row]:
    """Compare lists with the exact ones, where each article was compared with all."""
    every = np.flatnonzero(np.diff(vectors.starts))
    exact = {pk: vectors.nearest(pk, RelatedArticle.SHOWN, every) for pk in sample}
    agreed = listed = 0
    for pk, best in exact.items():
        least = best[-1][0] if best else 0.0
        found = vectors.nearest(pk, RelatedArticle.SHOWN)
        agreed += sum(score >= least for score, _ in found)
        listed += len(best)
    yield Row("related: agreement with exact cosine", agreed / listed, "", wanted="≥ 0.90")
    index = articles_index()
    corpus = relating.corpus(index)
    met = entered = 0
    for pk, best in exact.items():
        for own in bags(other for _, other in best):  # who should come into the list of `pk`
            corpus.frequencies.learn(own.features())
            asked = relating.question(relatedness.vector(own, corpus))
            met += pk in set(index.keys(asked, relating.CANDIDATES))
            entered += 1
    yield Row("related: entered into lists of others", met / entered, "", wanted="≥ 0.97")


# --- What it costs ----------------------------------------------------------------------


def _bulk(folder: Path, prepared: float, articles: int) -> Row:
    """Return what all lists take on two processors, by a slice whose rows are taken back."""
    middle = Article.objects.order_by("pk").values_list("pk", flat=True)
    first = Article.objects.aggregate(newest=Max("pk"))["newest"] // 2
    ids = list(middle.filter(pk__gte=first)[:SLICE])
    start = time.process_time()
    try:
        with transaction.atomic():
            for place in range(0, len(ids), 500):
                batch = ids[place : place + 500]
                relating_all.store(batch, relating_all.related_of(folder, batch))
            raise _UndoneError
    except _UndoneError:
        each = (time.process_time() - start) / len(ids)
    minutes = (prepared + each * articles) / PROCESSORS / 60
    return Row(
        "related: all lists, by a slice's CPU",
        minutes,
        "min",
        "CPU ms an article",
        each * 1000,
        f"≤ 45 on {PROCESSORS}",
    )


def _one(sample: list[int]) -> Iterator[Row]:
    """Tell what it takes to relate one article, both directions, and to take one out."""
    for what, action in (("relate one", relating.relate), ("take one out", relating.take_out)):
        by_clock, by_processor = [], []
        for article in Article.objects.filter(pk__in=sample):
            clock, processor = time.perf_counter(), time.process_time()
            try:
                with transaction.atomic():
                    action(article)
                    by_clock.append((time.perf_counter() - clock) * 1000)
                    by_processor.append((time.process_time() - processor) * 1000)
                    raise _UndoneError
            except _UndoneError:
                pass
        yield Row(f"related: {what}", median(by_clock), "ms", CPU, median(by_processor))


def _near_duplicates(sample: list[int]) -> Iterator[Row]:
    """Tell what the check takes, of texts of which a tenth is another's.

    Where the windows were not sampled there is nothing to ask.
    """
    if not ArticleWindow.objects.exists():
        return
    articles = list(Article.objects.filter(pk__in=sample))
    by_clock, by_processor, windows = [], [], []
    for article, other in zip(articles, articles[1:] + articles[:1], strict=True):
        article.pk, article.body = 0, article.body[:-100] + other.body[:200]
        clock, processor = time.perf_counter(), time.process_time()
        found = duplicates.find(article)
        by_clock.append((time.perf_counter() - clock) * 1000)
        by_processor.append((time.process_time() - processor) * 1000)
        assert found, "an article stands in itself"
        windows.append(len(overlap.sample(overlap.letters(article.body))))
    name = f"near-duplicates of {median(windows):.0f} windows"
    yield Row(name, p95(by_clock), "ms", CPU, median(by_processor), "p95 ≤ 200")
