"""Synthetic articles into the database: other processes write them, this one stores them."""

import gc
import json
import os
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context

from django.db import connection, transaction

from statutes import changes
from statutes.analysing import analyse
from statutes.models import Change, Provision, StatuteVersion, Succession
from statutes.verdicts import State, Verdict

from .. import bulk, lists, sitemaps
from ..models import Article, ArticleCitation, Author, Authorship, Category, Tag, TaggedArticle
from .areas import AREAS, COURTS, GIVEN_NAMES, SURNAMES
from .prose import Chance, Mention, Topic, learn, write, zipf

BATCH = 1_000
TOPICS = 160  # statutes that articles speak of, the longest
LEAST_PROVISIONS = 25
PROVISIONS_READ = 200  # of one statute
TAGGED_SUBJECTS = 60  # of a topic, the commonest
FIRST_DAY = date(2012, 1, 1)
SHORTEST, LONGEST = 600, 1_500  # characters of a body
_QUOTED = 80


class NothingToSayError(ValueError):
    """The database holds no statutes from whose words articles could be made."""


@dataclass(frozen=True)
class Citable:
    """A provision with the days whose articles cite it, and what has become of it since."""

    statute: int
    title: str
    text: str
    fragment: str
    provision: int
    current: int | None
    state: str
    since: date | None
    first_day: date
    last_day: date
    quotation: str


@dataclass(frozen=True)
class Library:
    """All that a process needs to write articles without asking the database."""

    topics: list[Topic]
    citables: list[list[Citable]]  # of each topic
    categories: list[int]  # of each topic
    tags: dict[str, int]
    authors: list[int]
    until: date
    seed: int


@dataclass(frozen=True)
class Task:
    """A batch to write: ids from `first_id`, which are these articles of so many."""

    first_id: int
    start: int
    count: int
    total: int


ARTICLE = ["id", "title", "category_id", "summary", "body", "origin", "source_name"]
ARTICLE += ["state", "published_at", "updated_at", "reviewer_id", "reviewed_on"]
ARTICLE += ["body_html", "contents", "excerpt", "length", "terms"]
TAGGED = ["content_object_id", "tag_id"]
BYLINE = ["article_id", "author_id"]
CITATION = ["article_id", "position", "start", "end", "text", "title", "statute_id", "fragment"]
CITATION += ["provision_id", "current_id", "quotation", "quotation_start", "quotation_end"]
CITATION += ["agreement", "state", "since", "assessed_on", "attention"]


def generate(number: int, *, seed: int, until: date, processes: int | None = None) -> Iterator[int]:
    """Store `number` synthetic articles, yielding how many there are after each batch.

    The same seed, day and laws make the same words. Raises NothingToSayError without laws.
    """
    gc.disable()  # what is learnt here stays: no need to look through it again and again
    try:
        library = _library(seed, until)
        gc.freeze()
    finally:
        gc.enable()
    newest = Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    tasks = [
        Task(newest + 1 + start, start, min(BATCH, number - start), number)
        for start in range(0, number, BATCH)
    ]
    connection.close()  # no process may share it
    done = 0
    with ProcessPoolExecutor(
        processes or os.cpu_count() or 1,
        get_context("fork"),  # which shares what was learnt: it is too large to be sent
        initializer=_begin,
        initargs=(library,),
    ) as pool:
        waiting = [pool.submit(_write_batch, task) for task in tasks[:4]]
        following = iter(tasks[4:])
        while waiting:
            batch = waiting.pop(0).result()
            for task in following:
                waiting.append(pool.submit(_write_batch, task))
                break
            _store(batch)
            done += len(batch[0])
            yield done
    bulk.count_on_from(Article)
    for _ in lists.rebuild():
        pass
    sitemaps.rebuild()
    analyse()
    with transaction.atomic():
        changes.note(Change.Kind.SITE, [0])


@transaction.atomic
def _store(batch) -> None:
    articles, tagged, bylines, citations = batch
    moment, day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    at = [ARTICLE.index("published_at"), ARTICLE.index("updated_at")]
    on = ARTICLE.index("reviewed_on")
    for row in articles:
        row[on] = day(row[on])
        for place in at:
            row[place] = moment(row[place])
    since, assessed = CITATION.index("since"), CITATION.index("assessed_on")
    for row in citations:
        row[since], row[assessed] = day(row[since]), day(row[assessed])
    bulk.insert(Article, ARTICLE, articles)
    bulk.insert(TaggedArticle, TAGGED, tagged)
    bulk.insert(Authorship, BYLINE, bylines)
    bulk.insert(ArticleCitation, CITATION, citations)


# --- What there is to speak of ----------------------------------------------------------


def _library(seed: int, until: date) -> Library:
    chance = random.Random(seed).random  # noqa: S311
    versions = list(
        StatuteVersion.objects.in_force(until)
        .filter(provision_count__gte=LEAST_PROVISIONS)
        .select_related("statute")
        .order_by("-provision_count", "pk")[:TOPICS]
    )
    texts: dict[int, list[str]] = {version.pk: [] for version in versions}
    provisions = Provision.objects.filter(version__in=texts).order_by("version", "position")
    for version, text in provisions.values_list("version", "text").iterator():
        if len(texts[version]) < PROVISIONS_READ:
            texts[version].append(text)
    topics, statutes = [], []
    for version in versions:
        topic = learn(version.statute.name, texts[version.pk])
        if topic:
            topics.append(topic)
            statutes.append(version.statute)
    if not topics:
        raise NothingToSayError("no statutes in the database: import some first")
    words = {word for topic in topics for word in topic.subjects[:TAGGED_SUBJECTS]}
    citables = _citables(statutes, until)
    return Library(
        topics=topics,
        citables=[sorted(citables[s.pk], key=lambda _: chance()) for s in statutes],
        categories=_categories(topics, texts.values()),
        tags=_tags(sorted(words)),
        authors=_authors(),
        until=until,
        seed=seed,
    )


def _citables(statutes, until: date) -> dict[int, list[Citable]]:
    """Return the provisions of each statute that had force on some day, with their fate."""
    found: dict[int, list[Citable]] = {statute.pk: [] for statute in statutes}
    names = {statute.pk: statute.name for statute in statutes}
    large = "header", "preamble", "attachment"
    versions = StatuteVersion.objects.filter(statute__in=found).defer(*large).in_bulk()
    rows = Provision.objects.filter(version__statute__in=found, version__effective_from__lte=until)
    starts = dict(
        Provision.objects.filter(version__statute__in=found).values_list(
            "pk", "version__effective_from"
        )
    )
    fates = {
        old: (new, relation)
        for old, new, relation in Succession.objects.filter(old__in=rows.values("pk")).values_list(
            "old", "new", "relation"
        )
    }
    for provision in rows.order_by("pk").iterator():
        version = versions[provision.version_id]
        current, state, since = _fate(provision.pk, fates, starts, until)
        if version.effective_until and state == State.CURRENT and current == provision.pk:
            continue  # a text of the past whose successor is not known
        found[version.statute_id].append(
            Citable(
                statute=version.statute_id,
                title=names[version.statute_id],
                text=f"《{names[version.statute_id]}》{provision.name}",
                fragment=provision.fragment,
                provision=provision.pk,
                current=current,
                state=state,
                since=since,
                first_day=version.effective_from,
                last_day=version.effective_until or date.max,
                quotation=_quotable(provision.text),
            )
        )
    return found


def _fate(pk: int, fates, starts, until: date) -> tuple[int | None, str, date | None]:
    """Return what a provision is today, in which state its citation is, and since when."""
    state, since = State.CURRENT, None
    while pk in fates:
        new, relation = fates[pk]
        if new is None:
            return None, State.REPEALED, since
        if starts.get(new) is None or starts[new] > until:
            break
        pk = new
        if relation != Succession.Relation.UNCHANGED:
            since = starts[new]
            state = (
                State.RENUMBERED if relation == Succession.Relation.RENUMBERED else State.AMENDED
            )
    return pk, state, since


def _quotable(text: str) -> str:
    """Return the first sentence of a provision if it is short enough to quote."""
    sentence = text.split("\n", 1)[0].split("。", 1)[0] + "。"
    return sentence if 12 < len(sentence) < _QUOTED else ""


def _categories(topics: list[Topic], texts) -> list[int]:
    """Return the category of each topic: the one whose words it says more than others do."""
    pages = ["".join(lines) for lines in texts]
    known_words = {word for known in AREAS.values() for word in known.split()}
    said = {word: [page.count(word) for page in pages] for word in known_words}
    common = {word: 1 + sum(counts) for word, counts in said.items()}
    ids = {names: Category.objects.at_path(names).pk for names in AREAS}
    chosen = []
    for place, topic in enumerate(topics):
        scores = {
            names: sum(said[word][place] / common[word] for word in known.split())
            + (topic.name[:2] in known)
            for names, known in AREAS.items()
        }
        chosen.append(ids[max(scores, key=scores.get)])
    return chosen


def _tags(words: list[str]) -> dict[str, int]:
    known = dict(Tag.objects.filter(name__in=words).values_list("name", "pk"))
    with transaction.atomic():
        return known | {w: Tag.objects.create(name=w).pk for w in words if w not in known}


def _authors() -> list[int]:
    names = [surname + given for given in GIVEN_NAMES[:3] for surname in SURNAMES]
    with transaction.atomic():
        return [
            Author.objects.get_or_create(name=name, defaults={"job_title": "律师"})[0].pk
            for name in names
        ]


# --- In another process -------------------------------------------------------------------

_library_here: Library | None = None


def _begin(library: Library) -> None:
    global _library_here
    _library_here = library


def _write_batch(task: Task):
    """Write a batch; return rows of articles, tags, bylines and citations."""
    library = _library_here
    chance = random.Random(f"{library.seed}-{task.start}").random  # noqa: S311
    batch = ([], [], [], [])
    for index in range(task.count):
        _write_article(
            task.first_id + index, (task.start + index) / task.total, library, chance, batch
        )
    return batch


def _write_article(pk: int, age: float, library: Library, chance: Chance, batch) -> None:
    articles, tagged, bylines, citations = batch
    number = int(len(library.topics) ** (0.25 + 0.75 * chance())) - 1
    topic = library.topics[number]
    published_at = _moment(age, library.until, chance)
    published_on = (published_at + timedelta(hours=8)).date()
    reviewed_on = None
    if chance() < 0.3:
        reviewed_on = min(published_on + timedelta(days=int(700 * chance())), library.until)
    legal_date = reviewed_on or published_on
    cited = _choose(library.citables, number, legal_date, chance)
    draft = write(
        topic,
        library.topics,
        [
            Mention(key, citable.text, citable.quotation if chance() < 0.3 else "")
            for key, citable in enumerate(cited)
        ],
        SHORTEST + int((LONGEST - SHORTEST) * chance() ** 1.5),
        chance,
    )
    fate = chance()
    state = "published" if fate < 0.97 else "withdrawn" if fate < 0.98 else "draft"
    is_reprint = chance() < 0.06
    updated_at = published_at
    if reviewed_on and chance() < 0.5:
        updated_at = max(published_at, datetime(*reviewed_on.timetuple()[:3], 2, 30, tzinfo=UTC))
    articles.append(
        [
            *(pk, draft.title, library.categories[number]),
            *(draft.excerpt[:100] if chance() < 0.5 else "", draft.body),
            "reprint" if is_reprint else "original",
            zipf(COURTS, chance) + "市中级人民法院" if is_reprint else "",
            *(state, published_at, updated_at),
            *(zipf(library.authors, chance) if reviewed_on else None, reviewed_on),
            *(draft.html, json.dumps(draft.contents, ensure_ascii=False), draft.excerpt),
            *(draft.length, json.dumps(draft.terms, ensure_ascii=False)),
        ]
    )
    tagged.extend((pk, library.tags[tag]) for tag in draft.tags if tag in library.tags)
    bylines.append((pk, zipf(library.authors, chance)))
    for position, mention in enumerate(sorted(draft.mentions, key=lambda m: m.start)):
        citable = cited[mention.key]
        citations.append(
            [
                *(pk, position, mention.start, mention.end, citable.text, citable.title),
                *(citable.statute, citable.fragment, citable.provision, citable.current),
                *(mention.quotation, mention.quotation_start, mention.quotation_end),
                *("exact" if mention.quotation else "", str(citable.state)),
                *(citable.since if citable.since and citable.since > legal_date else None,),
                *(library.until, int(Verdict(citable.state).attention)),
            ]
        )


def _choose(citables, number: int, on: date, chance: Chance) -> list[Citable]:
    """Return up to six provisions of the day, most from the topic's own statute."""
    chosen = {}
    for _ in range(int(7 * chance() ** 1.3)):
        shelf = number if chance() < 0.75 else int(len(citables) * chance() ** 2)
        if citables[shelf]:
            citable = zipf(citables[shelf], chance)
            if citable.first_day <= on < citable.last_day:
                chosen[citable.provision] = citable
    return list(chosen.values())


def _moment(age: float, until: date, chance: Chance) -> datetime:
    """Return a moment of a working day for an article of this age, 0 the oldest and 1 the newest.

    More are written a year as the years pass; ids and days go together, but not strictly.
    """
    days = (until - FIRST_DAY).days - 1
    day = days * age**0.6 + 6 * (chance() - 0.5)
    on = FIRST_DAY + timedelta(days=min(max(int(day), 0), days))
    return datetime(*on.timetuple()[:3], tzinfo=UTC) + timedelta(seconds=int(43_200 * chance()))
