"""Search, in process and warm: every class of question, drawn from the dataset's own words.

The indexes belong to the dataset: those that are missing are built, and the time told.
"""

import random
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median

from django.db import connections
from django.utils import timezone

from articles.models import Article, Category, CitedProvision
from lawsite import search
from lawsite.indexing import SOURCES
from lawsite.search import Narrowing
from statutes.index import engine, following, ranking
from statutes.index.engine import Term
from statutes.index.opened import index
from statutes.lay_words import LAY_WORDS
from statutes.models import Change, Provision
from tests.bench.measuring import Row, p95

QUESTIONS = 60  # of each class
SAMPLED = 400  # articles whose words are asked for
RARE = range(3, 60)  # articles that have a rare word
COMMON = 60  # commonest words
CHANGES = 10
FAST = "p95 ≤ 50"
CPU = "the processor's own, median"
ALONE = "the index alone, same words"

Question = tuple[str, Narrowing, int]  # what is typed, what it is narrowed by, which page


def rows() -> Iterator[Row]:
    yield from build()
    for what, questions in _classes(random.Random(1)).items():
        yield from _asked(what, questions)
    yield from _changes()


# --- Building ---------------------------------------------------------------------------


def build() -> Iterator[Row]:
    """Build the indexes that are missing, tell the time, and read all once."""
    for source in SOURCES:
        if not source.index.exists():
            start = time.perf_counter()
            following.build(source, workers=2)
            connections.close_all()
            yield Row(f"build the index of {source.name}", time.perf_counter() - start, "s")
    for source in SOURCES:
        source.index.warm()


# --- Questions --------------------------------------------------------------------------


def _classes(chance: random.Random) -> dict[str, list[Question]]:
    articles = _sample(chance)
    words = {term for article in articles for term in article.terms}
    known = index("articles").frequencies(sorted(words))
    rare = [word for word, number in known.items() if number in RARE] or sorted(words)
    pairs = sorted((w for w in words if len(w) == 2), key=lambda w: -known[w])[:COMMON]
    stories = [_story(chance, article) for article in articles[:QUESTIONS]]
    filters = _filters(chance, articles)
    plainly = Narrowing()
    return {
        "a rare word": [(chance.choice(rare), plainly, 1) for _ in range(QUESTIONS)],
        "a common word of two characters": [(word, plainly, 1) for word in pairs],
        "two common words": [(" ".join(pair), plainly, 1) for pair in pairwise(pairs)],
        "a title": [(article.title, plainly, 1) for article in articles[:QUESTIONS]],
        "a lay question": [(story, plainly, 1) for story in stories],
        "a citation": [(citation, plainly, 1) for citation in _citations(chance)],
        "a common word, with filter": [
            (word, narrowed, 1) for word, narrowed in zip(pairs, filters, strict=False)
        ],
        "a lay question, with filter": [
            (story, narrowed, 1) for story, narrowed in zip(stories, filters, strict=False)
        ],
        "a lay question, of articles, last page": [
            (story, Narrowing(kind="articles"), search.LAST_PAGE) for story in stories
        ],
        "a lay question, of provisions": [(s, Narrowing(kind="provisions"), 1) for s in stories],
    }


def _sample(chance: random.Random) -> list[Article]:
    """Return public articles from all over the dataset."""
    newest = Article.objects.order_by("-pk").values_list("pk", flat=True).first()
    found: dict[int, Article] = {}
    while len(found) < min(SAMPLED, newest // 2):
        at = chance.randrange(newest)
        article = Article.objects.visible().filter(pk__gte=at).order_by("pk").first()
        if article:
            found[article.pk] = article
    return list(found.values())


def _story(chance: random.Random, article: Article) -> str:
    """Return a question as lay people ask: what happened to them, in everyday words."""
    said = ["".join(parts) for parts in chance.sample(sorted(LAY_WORDS), 2)]
    text = [part for part in article.body.replace("。", "，").split("，") if 5 < len(part) < 20]
    happened = chance.sample(text, min(2, len(text)))
    return f"我去年{said[0]}，{'，'.join(happened)}，现在{said[1]}，请问怎么办？"


def _citations(chance: random.Random) -> list[str]:
    """Return names of provisions in the ways they are typed; most are cited by articles."""
    often = list(CitedProvision.objects.values_list("provision", flat=True)[:200])
    ids = often or list(Provision.objects.values_list("pk", flat=True)[:2_000])
    rows = Provision.objects.filter(pk__in=chance.sample(ids, min(QUESTIONS, len(ids))))
    written = ("《{0}》{1}", "{0}{1}", "{0}{2}", "{0}{1}怎么理解")
    return [
        written[place % 4].format(row.version.statute.name, row.label, row.number)
        for place, row in enumerate(rows.select_related("version__statute"))
    ]


def _filters(chance: random.Random, articles: list[Article]) -> list[Narrowing]:
    categories = list(Category.objects.all())
    statutes = [
        row.version.statute
        for row in Provision.objects.select_related("version__statute").filter(
            pk__in=CitedProvision.objects.order_by("-articles").values("provision")[:20]
        )
    ]
    made = []
    for place, article in enumerate(articles[:QUESTIONS]):
        year = timezone.localdate(article.published_at).year
        kinds = [
            Narrowing(category=article.category),
            Narrowing(year=year),
            Narrowing(statute=chance.choice(statutes)) if statutes else Narrowing(year=year),
            Narrowing(category=chance.choice(categories), year=year),
        ]
        made.append(kinds[place % len(kinds)])
    return made


def _asked(what: str, questions: list[Question]) -> Iterator[Row]:
    by_clock, by_processor, alone = [], [], []
    for _ in range(2):  # the first reads the files that the second finds in memory
        by_clock, by_processor, alone = [], [], []
        for question in questions:
            _, clock, processor = _timed(lambda: _ask(*question))  # noqa: B023
            by_clock.append(clock)
            by_processor.append(processor)
            alone.append(_alone(question[0]))
    yield Row(f"search: {what}", p95(by_clock), "ms", CPU, median(by_processor), FAST)
    yield Row(f"search: {what}, CPU p95", p95(by_processor), "ms", ALONE, median(alone))


def _ask(question: str, narrowing: Narrowing, page: int) -> search.Answer:
    answer = search.ask(question, narrowing, page=page)
    assert answer.is_ready
    return answer


def _alone(question: str) -> float:
    """Return what the index takes for the words of a question, with no weights and no rows."""
    terms = [Term(word) for word in ranking.asked(question)]
    return _timed(lambda: index("articles").keys(terms, search.PAGE_SIZE))[2]


def _timed(action: Callable) -> tuple[object, float, float]:
    """Return the result, and the milliseconds by the clock and by the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    result = action()
    return (
        result,
        (time.perf_counter() - clock) * 1000,
        (time.process_time() - processor) * 1000,
    )


# --- A change ---------------------------------------------------------------------------


def _changes() -> Iterator[Row]:
    """Tell how long a published article takes to be found, by the follower and the reader.

    The articles are written to the indexes as they are: what is measured changes nothing.
    """
    sources = {source.name: source for source in SOURCES}
    taken = []
    with following.Follower(SOURCES) as follower:
        for article in _sample(random.Random(2))[:CHANGES]:
            start = time.perf_counter()
            for source in sources.values():
                follower.bring_up(source, {Change.Kind.ARTICLE.value: {article.pk}})
            taken.append(time.perf_counter() - start)
    waits = engine.RELOAD_SECONDS + following.PAUSE
    yield Row("a change is found after, at most", p95(taken) + waits, "s", wanted="≤ 2")
