"""An article's citations: found, resolved, assessed, stored, and linked in its HTML.

`assess` works on an article in memory, so that a preview shows what publishing will; `store`
writes down what it found. `publishing` calls both, `rechecking` again when the law has changed;
`cited` is what a page tells of each law.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from statutes import changes, resolver
from statutes.assessing import Assessment, Text, assess_texts, key_of
from statutes.authorities import find_renamed
from statutes.citations.annotate import Link, annotate, link_markdown, strip
from statutes.citations.find import Citation, find_citations
from statutes.citations.names import Names
from statutes.citations.naming import Edition
from statutes.fragments import filled, fragment
from statutes.models import Change

from . import bulk
from .cited import Cited, describe, iso
from .models import (
    Article,
    ArticleCitation,
    ArticleQuerySet,
)

COLUMNS = ["body_html", "cited", "renamed"]  # of an article, derived here from today's law


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
        described: dict[tuple, Cited] = {}
        for assessment in assessments:
            cited, key = describe(assessment), _key(assessment.citation)
            if cited and (key not in described or _weighs_more(cited, described[key])):
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
        {"name": name, "successor": each.successor, "since": iso(each.renaming.since)}
        for name, each in found.items()
    ]


def _weighs_more(cited: Cited, other: Cited) -> bool:
    """Return whether of two mentions of a provision this one must not be passed over."""
    return cited.is_noticed or (not cited.state and not other.is_noticed)


def _key(citation: Citation) -> tuple:
    """Return by what a citation is known in a text: 旧公司法第十六条 is not 公司法第十六条."""
    locator, edition = citation.locator, citation.edition
    fragment = locator.fragment if locator else ""
    told_on = citation.told_on if edition is Edition.THEN else None
    return citation.statute, fragment, citation.version_year, edition, told_on


def link(html: str, described: dict[tuple, Cited], names: Names) -> str:
    """Return an article's HTML with its citations linked, the text of each at its first mention."""
    numbers: dict[tuple, int] = {}
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
