"""Articles as documents of the index "articles".

Facets: `category:3` (its own: a question about a branch names all of it), `year:2026` of
publication, `tag:5`, `author:2`, `statute:8` and `cites:70` for the statutes and the provisions
(as they stand today) it cites.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

import lxml.html
from django.db.models import Max
from django.utils import timezone

from statutes.index import ranking
from statutes.index.engine import Document, Index, IndexMissingError, Term
from statutes.index.opened import index
from statutes.indexing import TOLD
from statutes.terms import index_words, query_words

from . import bulk, relatedness
from .bags import bags
from .models import Article, ArticleCitation, Authorship, TaggedArticle

LONGEST_TEXT = 8_000  # characters of an article that are searched
BATCH = 500
EXPLAINED = 30  # newest articles whose words lead to a provision
TERMS = 24  # weightiest terms of each of them
TOLD_AT_ONCE = 50  # provisions whose articles are read together

_NOT_TEXT = "citation-aid"  # the note that stands in a paragraph belongs to the statute
_BLOCKS = {"p", "li", "h2", "h3", "h4", "h5", "h6", "td", "th", "figcaption", "blockquote", "div"}


def articles_index() -> Index:
    return index("articles")


def documents(ids: Iterable[int]) -> Iterator[Document]:
    """Yield the documents of those articles that are published, now or at a moment to come.

    Six queries for BATCH articles.
    """
    ids = sorted(set(ids))
    for start in range(0, len(ids), BATCH):
        yield from _documents(ids[start : start + BATCH])


def _documents(ids: list[int]) -> Iterator[Document]:
    articles = Article.objects.filter(pk__in=ids, state=Article.State.PUBLISHED).values_list(
        "pk", "title", "summary", "body_html", "category", "published_at"
    )
    facets: dict[int, set[str]] = defaultdict(set)
    tags: dict[int, list[str]] = defaultdict(list)
    authors = Authorship.objects.filter(article__in=ids).values_list("article", "author")
    for article, author in authors:
        facets[article].add(f"author:{author}")
    tagged = TaggedArticle.objects.filter(content_object__in=ids)
    for article, tag, name in tagged.values_list("content_object", "tag", "tag__name"):
        facets[article].add(f"tag:{tag}")
        tags[article].append(name)
    cited = ArticleCitation.objects.filter(article__in=ids, statute__isnull=False)
    for article, statute, provision in cited.values_list("article", "statute", "current"):
        facets[article].add(f"statute:{statute}")
        if provision:
            facets[article].add(f"cites:{provision}")
    likeness = {bag.id: bag for bag in bags(ids)}
    for pk, title, summary, html, category, published_at in articles:
        facets[pk].add(f"category:{category}")
        facets[pk].add(f"year:{timezone.localdate(published_at).year}")
        yield Document(
            pk,
            title=index_words(title),
            body=index_words(f"{summary}\n{text_of(html)[:LONGEST_TEXT]}"),
            more=index_words("\n".join(tags[pk])),
            terms=relatedness.index_terms(likeness[pk]),
            facets=sorted(facets[pk]),
            moment=int(published_at.timestamp()),
        )


def published_ids(after: int, limit: int) -> list[int]:
    """Return the next ids of published articles, in order."""
    ids = Article.objects.filter(state=Article.State.PUBLISHED, pk__gt=after).order_by("pk")
    return list(ids.values_list("pk", flat=True)[:limit])


@dataclass(frozen=True)
class Explained:
    """What articles say of a provision: their ids, newest first, and words, those of most first."""

    articles: list[int]
    words: list[str]


def explanations(provisions: Iterable[int]) -> dict[int, Explained]:
    """Return for provisions, as they stand today, what the visible articles citing them say.

    Of each the newest EXPLAINED citing articles: a query for some hundred provisions, and one for
    every TOLD_AT_ONCE of them.
    """
    citing = _newest_citing(provisions)
    found: dict[int, Explained] = {}
    ids = sorted(citing)
    for start in range(0, len(ids), TOLD_AT_ONCE):
        some = ids[start : start + TOLD_AT_ONCE]
        said = _said(set(chain.from_iterable(citing[pk] for pk in some)))
        for provision in some:
            articles = citing[provision]
            words = Counter(chain.from_iterable(said[pk] for pk in articles if pk in said))
            found[provision] = Explained(articles, [word for word, _ in words.most_common(TOLD)])
    return found


def _newest_citing(provisions: Iterable[int]) -> dict[int, list[int]]:
    """Return of those of the provisions that articles cite the newest of these, newest first."""
    one = (
        "SELECT * FROM (SELECT current_id, article_id FROM articles_articlecitation"
        " WHERE current_id = %s ORDER BY article_id DESC LIMIT %s) AS newest"
    )
    citing: dict[int, set[int]] = defaultdict(set)
    asked = [(pk, 4 * EXPLAINED) for pk in sorted(set(provisions))]
    for provision, article in bulk.select_each(one, asked):
        citing[provision].add(article)
    return {pk: sorted(found, reverse=True)[:EXPLAINED] for pk, found in citing.items()}


def _said(articles: Iterable[int]) -> dict[int, set[str]]:
    """Return by which words each of the articles, if it is visible, explains what it cites."""
    rows = Article.objects.visible().filter(pk__in=articles).values_list("pk", "title", "terms")
    return {
        pk: {*_whole_words(title), *chain.from_iterable(map(_words_of_term, islice(terms, TERMS)))}
        for pk, title, terms in rows
    }


def _whole_words(text: str) -> list[str]:
    return [word for word, wordness in query_words(text).items() if wordness == 1]


@lru_cache(maxsize=50_000)
def _words_of_term(term: str) -> tuple[str, ...]:
    return tuple(_whole_words(term))


def provisions_cited(articles: Iterable[int]) -> set[int]:
    """Return the provisions, as they stand today, that the articles cite."""
    cited = ArticleCitation.objects.filter(article__in=list(articles), current__isnull=False)
    return set(cited.values_list("current", flat=True))


TITLE_WEIGHT = 3.0  # of a word in a title, beside one in the text
FOUND = 100  # articles
RECENT = 5_000  # articles whose titles are looked through where there is no index


def find(text: str) -> list[int]:
    """Return articles of any state for an editor's words, the best first, FOUND of each kind.

    Public ones by the words of title and text, or the most recent by a part of their title as
    long as there is no index; the others, which it does not hold, by a part of their title.
    """
    titled = Article.objects.titled(text.strip()).order_by("-pk")
    hidden = titled.exclude(state=Article.State.PUBLISHED).values_list("pk", flat=True)[:FOUND]
    try:
        public = _find_public(text)
    except IndexMissingError:
        newest = Article.objects.aggregate(newest=Max("pk"))["newest"] or 0
        public = titled.filter(state=Article.State.PUBLISHED, pk__gt=newest - RECENT)
        public = list(public.values_list("pk", flat=True)[:FOUND])
    return list(dict.fromkeys([*hidden, *public]))


def _find_public(text: str) -> list[int]:
    index = articles_index()
    size = index.size()
    words = query_words(text[:LONGEST_QUESTION])
    counts = [index.frequencies(words, field) for field in ("title", "body")]
    frequencies = {word: max(count[word] for count in counts) for word in words}
    weights = ranking.weigh(words, frequencies, size)
    terms = [
        Term(word, weight * factor, field)
        for word, weight in weights.items()
        for field, factor in (("title", TITLE_WEIGHT), ("body", 1.0))
    ]
    return index.keys(terms, FOUND)


LONGEST_QUESTION = 100  # characters


def text_of(html: str) -> str:
    """Return the visible words of a rendered body, a block a line.

    >>> text_of("<h2>利息</h2><p>未约定的，<b>视为</b>没有。</p>")
    '利息\\n未约定的，视为没有。'
    """
    if not html:
        return ""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    pieces: list[str] = []
    _gather(root, pieces)
    lines = ("".join(pieces)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _gather(element, pieces: list[str]) -> None:
    if not isinstance(element.tag, str) or _NOT_TEXT in (element.get("class") or "").split():
        pieces.append(element.tail or "")
        return
    is_block = element.tag in _BLOCKS
    if is_block:
        pieces.append("\n")
    pieces.append(element.text or "")
    for child in element:
        _gather(child, pieces)
    if is_block:
        pieces.append("\n")
    pieces.append(element.tail or "")
