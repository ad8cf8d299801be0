"""An article's citations: found, resolved, assessed, stored, and linked in its HTML.

`assess` works on an article in memory, so that a preview shows what publishing will; `store`
writes down what it found. `publishing` calls both, `check_citations` again when the law changed.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Model, Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from statutes import changes, reading, resolver
from statutes.assessing import Assessment, Text, assess_texts, key_of
from statutes.authorities import find_renamed
from statutes.citations.annotate import Link, annotate, link_markdown, strip
from statutes.citations.find import Citation, find_citations
from statutes.citations.names import Names
from statutes.diff import same_words
from statutes.fragments import filled, fragment
from statutes.models import Change, Statute
from statutes.verdicts import NOTICED, State

from . import bulk
from .models import (
    Article,
    ArticleCitation,
    ArticleQuerySet,
    CitationCheck,
    CitedProvision,
    address,
)

BATCH = 200  # articles
COLUMNS = ["body_html", "cited", "renamed"]  # of an article, derived here from today's law


# --- What a page tells of one law ------------------------------------------------------------


@dataclass(frozen=True)
class Cited:
    """A provision, or a statute named alone, that an article cites, ready for its page.

    Kept as JSON in `Article.cited`; days are ISO dates. `lines` are the text to read today, of
    the part cited, (kind, text); `changes` its words against those of the legal date, each line
    several (ins, del or "", text).
    """

    key: tuple[int, str]  # primary key of the statute, fragment of the part cited
    statute: str  # its name as cited: 治安管理处罚法
    place: str  # 第四十二条第五项; "" for a statute named alone
    title: str  # what is shown: 《治安管理处罚法》第五十条第一款第五项
    url: str
    state: str = ""
    is_noticed: bool = False
    is_linked: bool = True
    since: str = ""
    now: str = ""  # its number today if that is another: 第五十条; 《民法典》第一百五十三条
    was: str = ""  # the version it had on the legal date, if that is not today's: 2012年修正
    is_reworded: bool = False
    is_excerpt: bool = False
    replaced_by: str = ""
    replaced_by_url: str = ""
    version: str = ""
    standing: str = ""
    effective_from: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[tuple[str, str], ...], ...] = ()


def stored(law: dict) -> Cited:
    """Return an entry of `Article.cited` as a value: two that tell the same are one."""
    told = {name: law[name] for name in Cited.__dataclass_fields__ if name in law}
    return Cited(**{name: _frozen(value) for name, value in told.items()})


def _frozen(value):
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


_TAGS = {"insert": "ins", "delete": "del"}


def describe(assessment: Assessment) -> Cited | None:
    """Return what a page tells of a citation; None if it tells nothing, not even by a link."""
    found, verdict = assessment.resolved, assessment.verdict
    statute, locator, state = found.statute, assessment.citation.locator, verdict.state
    if state in (State.UNKNOWN, State.MISSING) or (state and not verdict.may_be_told):
        return None
    if statute is None or found.line is None:
        return None
    told = {
        "key": (statute.pk, locator.fragment if locator else ""),
        "statute": statute.name,
        "place": str(locator or ""),
        "title": f"《{statute.name}》{locator or ''}",
        "url": _statute_url(statute),
        "state": state.value if state else "",
        "is_noticed": state in NOTICED,
        "since": _iso(found.since),
    }
    if statute.replaced_by and state is State.REPEALED:
        told["replaced_by"] = statute.replaced_by.name
        told["replaced_by_url"] = _statute_url(statute.replaced_by)
    if locator is None:
        return Cited(**told)
    if state is None or (found.now is None and found.then is None):
        told["is_linked"] = bool(found.otherwise or found.then or found.now)
        told["url"] = _provision_url(statute, locator)
        return Cited(**told)
    return Cited(**told | _provision_told(found, state))


def _provision_told(found: resolver.Resolved, state: State) -> dict:
    """Return what is told of a provision whose text is at hand."""
    citation, then = found.citation, found.then
    shown = found.now or then
    statute, version = shown.version.statute, shown.version
    locator = found.now_locator if found.now and found.now_locator else citation.locator
    told = {
        "title": f"《{statute.name}》{locator}",
        "url": _provision_url(statute, locator),
        "version": version.name,
        "effective_from": _iso(version.effective_from),
        "is_excerpt": locator.paragraph is not None or locator.item is not None,
    }
    if state is not State.MISQUOTED:
        excerpt = reading.excerpt(shown.place, shown.text, locator)
        told["lines"] = tuple((line.kind, line.text) for line in excerpt)
    if state is State.CURRENT:
        told["standing"] = found.line.in_words(found.line.standing_of(version))
    if found.now is None or then is None or then.version == version:
        return told
    told["was"] = then.version.name
    if state is State.RENUMBERED or statute != found.statute:
        is_abroad = statute != found.statute
        told["now"] = f"《{statute.name}》{locator}" if is_abroad else str(locator)
    old, new = (
        "\n".join(line.text for line in reading.excerpt(p.place, p.text, part))
        for p, part in ((then, citation.locator), (shown, locator))
    )
    told["is_reworded"] = not same_words(old, new)
    if told["is_reworded"]:
        told["changes"] = tuple(
            tuple((_TAGS.get(run.change.value, ""), run.text) for run in line.runs)
            for line in reading.changes(old, new)
        )
    return told


def _statute_url(statute: Statute) -> str:
    return address("statutes:statute", statute.slug)


def _provision_url(statute: Statute, locator) -> str:
    url = address("statutes:provision", statute.slug, locator.whole)
    return url if locator == locator.whole else f"{url}#{locator.fragment}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


# --- Assessing ---------------------------------------------------------------------------------


def assess(
    article: Article, *, today: date | None = None, renewed: Collection[tuple[str, str]] = ()
) -> list[Assessment]:
    """Return the article's citations with their verdicts; set COLUMNS. Nothing is saved.

    `body_html` is what rendering made of the body, with or without links. `renewed` are the
    places (assessing.place_of) whose numbers were just brought to the text of today.
    """
    return assess_all([article], today=today, renewed=renewed)[0]


def assess_all(
    articles: Sequence[Article],
    *,
    today: date | None = None,
    renewed: Collection[tuple[str, str]] = (),
) -> list[list[Assessment]]:
    """Do for each of the articles what `assess` does, asking the law once for all."""
    today = today or timezone.localdate()
    law = resolver.library()
    checked, stated = _marks([article.pk for article in articles if article.pk])
    just_now = dict.fromkeys(renewed, today)
    texts = [
        Text(
            article.body,
            article.legal_date or today,
            checked=checked.get(article.pk, {}),
            stated=stated.get(article.pk, {}) | just_now,
        )
        for article in articles
    ]
    found = assess_texts(texts, today, law)
    for article, assessments in zip(articles, found, strict=True):
        described: dict[tuple[str, str], Cited] = {}
        for assessment in assessments:
            cited, key = describe(assessment), _key(assessment.citation)
            if cited and (key not in described or cited.is_noticed):
                described[key] = cited
        article.cited = [vars(cited) for cited in described.values()]
        article.renamed = _renamed(article.body, today)
        article.body_html = link(strip(article.body_html), described, law.names)
    return found


def _marks(ids: Collection[int]) -> tuple[dict, dict]:
    """Return for articles what persons found right, and which numbers were brought up to date."""
    checked: dict[int, dict] = defaultdict(dict)
    stated: dict[int, dict] = defaultdict(dict)
    if ids:
        for row in ArticleCitation.objects.filter(article__in=ids).marked():
            if row.checked_on:
                checked[row.article_id][row.text, row.quotation] = row.checked_on
            if row.stated_on and row.locator:
                stated[row.article_id][row.title, row.locator.whole.fragment] = row.stated_on
    return checked, stated


def _renamed(body: str, today: date) -> list[dict]:
    """Return the bodies named that no longer exist, each once, as the page tells of them."""
    found = {each.name: each for each in find_renamed(body, today) if each.for_readers}
    return [
        {"name": name, "successor": each.successor, "since": _iso(each.renaming.since)}
        for name, each in found.items()
    ]


def _key(citation: Citation) -> tuple[str, str]:
    return citation.statute, citation.locator.fragment if citation.locator else ""


def link(html: str, described: dict[tuple[str, str], Cited], names: Names) -> str:
    """Return an article's HTML with its citations linked, the text of each at its first mention."""
    numbers: dict[tuple[str, str], int] = {}
    links = []
    for citation in find_citations(html, names) if described else ():
        cited = described.get(_key(citation))
        if cited is None or not cited.is_linked:
            continue
        opening = format_html('<a class="citation" href="{}">', cited.url)
        aid = ""
        if cited.lines:
            is_first = _key(citation) not in numbers
            number = numbers.setdefault(_key(citation), len(numbers) + 1)
            aid = _aid(cited, number, is_first=is_first)
        links.append(Link(citation.start, citation.end, opening, "</a>", aid))
    return annotate(html, links)


class _ShownText(NamedTuple):
    """Which text of a law is shown: what citation_fact.html prints of a Cited."""

    standing: str
    version: str
    effective_from: str
    is_excerpt: bool


def _aid(law: Cited, number: int, *, is_first: bool) -> SafeString:
    """Return the official text to stand beside a citation: whole at its first mention only."""
    lines = [filled("components/citation_line.html", kind, text=text) for kind, text in law.lines]
    shown = _ShownText(law.standing, law.version, law.effective_from, law.is_excerpt)
    change = fragment("components/citation_change.html", law=law) if law.is_noticed else ""
    return filled(
        "components/citation_aid.html",
        is_first,
        title=law.title,
        url=law.url,
        number=str(number),
        lines=mark_safe("".join(lines)),
        fact=fragment("components/citation_fact.html", law=shown),
        change=change,
        now=law.now,
    )


# --- Storing -----------------------------------------------------------------------------------


@transaction.atomic
def store(
    article: Article, assessments: Collection[Assessment], *, today: date | None = None
) -> Counter:
    """Write down an article's citations; return how many went from which state to which.

    What a person checked stays checked while its words stay.
    """
    return store_all({article.pk: values(article.body, assessments, today=today)})


def store_all(found: Mapping[int, Sequence[dict]]) -> Counter:
    """Do what `store` does for the articles of these ids; `values` made what was found."""
    checked, states = {}, {}
    old = ArticleCitation.objects.filter(article__in=found)
    known = ("article", "text", "quotation", "state", "checked_by", "checked_on")
    for article, text, quotation, state, checked_by, checked_on in old.values_list(*known):
        states[article, text, quotation] = state
        if checked_on:
            checked[article, text, quotation] = (checked_by, checked_on)
    if states:
        old.delete()
    rows, moves = [], Counter()
    for article, citations in found.items():
        for citation in citations:
            key = article, citation["text"], citation["quotation"]
            by, on = checked.get(key, (None, None))
            rows.append({"article_id": article, **citation, "checked_by_id": by, "checked_on": on})
            if states.get(key, citation["state"]) != citation["state"]:
                moves[states[key], citation["state"]] += 1
    bulk.create(ArticleCitation, rows)
    return moves


_LONGEST = 500  # characters kept of a citation as written


def values(
    body: str, assessments: Collection[Assessment], *, today: date | None = None
) -> list[dict]:
    """Return the columns of a text's citations as they are stored, plain values all."""
    today = today or timezone.localdate()
    return [
        {"position": position, "assessed_on": today, **_values(body, assessment)}
        for position, assessment in enumerate(assessments)
    ]


def _values(body: str, assessment: Assessment) -> dict:
    citation, found, verdict = assessment.citation, assessment.resolved, assessment.verdict
    quotation = assessment.quotation
    text, quoted = key_of(body, citation, quotation)
    return {
        "start": citation.start,
        "end": citation.end,
        "text": text[:_LONGEST],
        "title": (citation.statute or citation.title)[:300],
        "statute_id": _pk(found.statute),
        "fragment": citation.locator.fragment if citation.locator else "",
        "provision_id": _pk(found.then),
        "current_id": _pk(found.now),
        "quotation": quoted,
        "quotation_start": quotation.start if quotation else None,
        "quotation_end": quotation.end if quotation else None,
        "is_claimed": bool(quotation and quotation.is_claimed),
        "agreement": assessment.standing.value if assessment.standing else "",
        "match_id": _pk(assessment.match),
        "state": verdict.state.value if verdict.state else "",
        "questions": [question.value for question in verdict.questions],
        "since": found.since,
        "stated_on": assessment.stated_on,
        "attention": int(verdict.attention),
    }


def _pk(row: Model | None) -> int | None:
    return row.pk if row else None


@transaction.atomic
def check(citation: ArticleCitation, by, *, today: date | None = None) -> None:
    """Write down that a person found a citation right as of today; what follows is stored."""
    today = today or timezone.localdate()
    alike = ArticleCitation.objects.filter(
        article=citation.article_id, text=citation.text, quotation=citation.quotation
    )
    alike.update(checked_by=by, checked_on=today)
    reassess(citation.article_id, today)


# --- After the law has changed -------------------------------------------------------------------


def recheck(*, today: date | None = None, everything: bool = False) -> Iterator[CitationCheck]:
    """Assess anew the citations whose verdict may have changed since the last finished run.

    Yields the run after each batch, and finished. One that was interrupted today goes on where it
    stopped. Only articles that cite, or whose words stand in, a statute that changed are read.
    """
    today = today or timezone.localdate()
    run = _begin(today, everything)
    rows = _resting_on(run, today, everything)
    moves = Counter(run.moves)
    while batch := list(
        rows.filter(article__gt=run.article)
        .order_by("article")
        .values_list("article", flat=True)
        .distinct()[:BATCH]
    ):
        for pk in batch:
            moves.update(f"{old} {new}" for old, new in reassess(pk, today).elements())
        run.article, run.moves = batch[-1], dict(moves)
        run.articles += len(batch)
        run.save()
        yield run
    count()
    run.finished_at = timezone.now()
    run.save()
    yield run


def _begin(today: date, everything: bool) -> CitationCheck:
    newest = CitationCheck.objects.order_by("-pk").first()
    if newest and newest.finished_at is None and newest.checked_on == today and not everything:
        return newest
    return CitationCheck.objects.create(
        started_at=timezone.now(), checked_on=today, change=changes.stamp()
    )


def _resting_on(run: CitationCheck, today: date, everything: bool):
    """Return the citations that a run must look at."""
    rows = ArticleCitation.objects.all()
    finished = CitationCheck.objects.exclude(finished_at=None).exclude(pk=run.pk)
    last = finished.order_by("-pk").first()
    if everything or last is None:
        return rows
    changed = resolver.statutes_changed(last.change, (last.checked_on, today))
    names = resolver.library().names
    unknown = rows.filter(state=State.UNKNOWN.value).values_list("title", flat=True)
    known = [title for title in unknown.distinct().iterator() if names.meant_by(title)]
    return rows.filter(
        Q(pk__in=rows.resting_on(changed).values("pk"))
        | Q(state=State.UNKNOWN.value, title__in=known)
    )


@transaction.atomic
def reassess(pk: int, today: date) -> Counter:
    """Bring one article's verdicts, and what its page tells, to today."""
    article = Article.objects.select_for_update().filter(pk=pk).first()
    if article is None:
        return Counter()
    shown = [getattr(article, column) for column in COLUMNS]
    moves = store(article, assess(article, today=today), today=today)
    if [getattr(article, column) for column in COLUMNS] != shown:
        article.save(update_fields=COLUMNS)
        if article.published_at:
            changes.note(Change.Kind.ARTICLE, [pk])
    return moves


@transaction.atomic
def count() -> None:
    """Count how many public articles cite each provision of today."""
    cited = ArticleCitation.objects.exclude(current=None).filter(
        article__state=Article.State.PUBLISHED
    )
    counted = cited.order_by().values_list("current").annotate(Count("article", distinct=True))
    rows = [CitedProvision(provision_id=pk, articles=number) for pk, number in counted]
    CitedProvision.objects.all().delete()
    CitedProvision.objects.bulk_create(rows, batch_size=1_000)


# --- What pages ask ------------------------------------------------------------------------------

_LOOKED_AT = 30  # newest articles of which those that are public are shown


def articles_citing(most: int, **law) -> list[Article]:
    """Return the newest public articles that cite a law, statute=… or provision=…, as for lists.

    A provision counts whether it holds today or did on the article's legal date. Nothing is
    ordered by the database but the index of the law itself: one query, three for a provision.
    """
    if provision := law.get("provision"):
        found = {*_newest(current=provision), *_newest(provision=provision)}
    else:
        found = _newest(**law)
    public = Article.objects.visible().filter(pk__in=found).defer(*ArticleQuerySet.LARGE)
    newest = sorted(public, key=lambda article: (article.published_at, article.pk), reverse=True)
    return newest[:most]


def _newest(**law):
    rows = ArticleCitation.objects.filter(**law).order_by("-article")
    return rows.values_list("article", flat=True).distinct()[:_LOOKED_AT]


def markdown(article: Article) -> str:
    """Return an article's Markdown with its citations as links. One query."""
    urls = {tuple(law["key"]): law["url"] for law in article.cited if law["is_linked"]}
    rows = article.citations.order_by("position").values_list("start", "end", "statute", "fragment")
    return link_markdown(
        article.body,
        [
            (start, end, settings.SITE_URL + urls[statute, fragment])
            for start, end, statute, fragment in rows
            if (statute, fragment) in urls
        ],
    )
