"""Publication, whole: from a draft to the page, the lists, the related lists and the index.

Drafts of the dataset are published, each in a transaction that is rolled back, and the index is
told again what is true.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from statistics import median

from django.db import transaction
from django.utils import timezone

from articles import publishing
from articles.models import Article
from lawsite.indexing import SOURCES
from statutes.index import following
from statutes.models import Change
from statutes.passages import passages
from tests.bench.measuring import Row, p95
from tests.bench.search import build

SAMPLED = 30  # articles
CPU = "the processor's own, median"


class _UndoneError(Exception):
    pass


def rows():
    yield from build()
    passages()  # read once by each process
    taken: dict[str, list[tuple[float, float]]] = defaultdict(list)
    drafts = Article.objects.filter(state=Article.State.DRAFT).order_by("pk")
    step = max(1, drafts.count() // SAMPLED)
    with following.Follower(SOURCES) as follower:
        for place in range(SAMPLED + 1):
            article = drafts[place * step % drafts.count()]
            article.published_at = timezone.now()
            stages = _publish(article, follower)
            if place:  # the first one finds nothing in memory
                for stage, figures in stages.items():
                    taken[stage].append(figures)
    for stage, figures in taken.items():
        by_clock, by_processor = zip(*figures, strict=True)
        wanted = "median ≤ 300" if stage == "publication" else ""
        yield Row(f"{stage}, median", median(by_clock), "ms", CPU, median(by_processor), wanted)
        yield Row(f"{stage}, p95", p95(by_clock), "ms")


def _publish(article: Article, follower: following.Follower) -> dict[str, tuple[float, float]]:
    """Return what each stage and all of them took, by the clock and of the processor, in ms."""
    taken: dict[str, tuple[float, float]] = {}
    entry = {Change.Kind.ARTICLE.value: {article.pk}}
    try:
        with transaction.atomic(), _stages(taken):
            start = time.perf_counter(), time.process_time()
            publishing.publish(article)
            _timed(taken, "of it the index", lambda: _index(follower, entry))
            taken["publication"] = _since(start)
            raise _UndoneError
    except _UndoneError:
        _index(follower, entry)
    return taken


def _index(follower: following.Follower, entry: following.Changed) -> None:
    follower.bring_up(SOURCES[0], entry)


@contextmanager
def _stages(taken: dict[str, tuple[float, float]]):
    """Time the steps of publishing.refresh while they are taken."""
    stages = {"renew": "words and law", "relate": "related lists", "announce": "lists and sitemaps"}
    true = {name: getattr(publishing, name) for name in stages}
    for name, stage in stages.items():
        setattr(publishing, name, _timing(taken, f"of it {stage}", true[name]))
    try:
        yield
    finally:
        for name, step in true.items():
            setattr(publishing, name, step)


def _timing(taken, stage: str, step: Callable) -> Callable:
    return lambda *arguments, **named: _timed(taken, stage, lambda: step(*arguments, **named))


def _timed(taken, stage: str, action: Callable):
    start = time.perf_counter(), time.process_time()
    result = action()
    taken[stage] = _since(start)
    return result


def _since(start: tuple[float, float]) -> tuple[float, float]:
    clock, processor = start
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000
