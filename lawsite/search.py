"""One question over articles, provisions and statutes: ask the indexes, group, rank, mark.

What was typed may name a provision (民法典1032), a statute (消法, laodongfa) or tell a story in
words that no law uses. Every word counts for something and none must be there; what lay people
say also asks for what the law says. The index finds candidates; what is shown is read from the
database, so nothing is shown that a reader could not open.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from django.utils import timezone

from articles.indexing import text_of
from articles.models import Article, ArticleCitation, Category
from statutes import resolver
from statutes.citations.find import Citation, find_citations
from statutes.citations.typed import written_out
from statutes.index import ranking
from statutes.index.engine import Hit, Index, IndexMissingError, Term
from statutes.index.opened import index
from statutes.index.snippets import Piece, mark, snippet
from statutes.lay_words import LAY_WORDS
from statutes.misspelt import Vocabulary
from statutes.models import Provision, Statute, StatuteVersion
from statutes.reading import Line, lines_of
from statutes.terms import plain, query_words
from statutes.timeline import Timeline

from .models import Synonym

LONGEST_QUESTION = 300  # characters; what is said after that is not read
PAGE_SIZE = 10
LAST_PAGE = 20
TOP = 3  # of provisions and of statutes, where articles are shown as well
CANDIDATES = 100  # statutes that are looked at, provisions that are read and ranked again,
ARTICLE_CANDIDATES = 100  # and articles
# What adds to how much of the question an article covers:
BY_INDEX = 0.15  # the index' own score,
IN_TITLE = 0.3  # its title: more for a short question, which asks for a subject
IN_TITLE_IF_SHORT = 4.0  # divided by the characters of the question,
IN_LEAD = 0.2  # how it begins, where most texts say what they are about,
LEAD = 100  # characters
CITING = 0.05  # and each provision it cites of the ANSWERING that answer the question best,
CITING_AT_MOST = 1.5  # times that
ANSWERING = 10
EXPLAINED_BY = 5  # articles shown with a provision that was asked for by its number
SNIPPET = 120  # characters
SHOWN_OF_ARTICLES = ("title", "body_html", "published_at", "category__name")

# What a word in a field adds, beside one in the text.
ARTICLE_FIELDS = {"title": 0.3, "body": 1.0, "more": 0.1}
PROVISION_FIELDS = {"body": 1.0, "title": 0.3, "more": 0.2}
STATUTE_FIELDS = {"title": 1.5, "body": 1.0}
MEANT_IN_ARTICLES = 0.4  # articles speak as people do: the words of the law count less in them
NAMED = 1.5  # for the provisions of a statute that the question names
MARKED_IF_MEANT = 0.2  # weight from which a word of the law that was meant is marked
SURE_NAME = 0.6  # share of a statute's name that a question must say for the statute to be shown


@dataclass(frozen=True)
class Narrowing:
    """What a question is narrowed by; empty, by nothing."""

    kind: str = ""  # "articles", "provisions" or "statutes"
    category: Category | None = None
    statute: Statute | None = None
    year: int | None = None

    @property
    def is_of_articles(self) -> bool:
        return bool(self.category or self.year)


@dataclass(frozen=True)
class FoundProvision:
    provision: Provision
    standing: str
    text: Sequence[Piece]
    explained: int = 0  # articles that cite it

    @property
    def url(self) -> str:
        return self.provision.get_absolute_url()

    @property
    def lines(self) -> list[Line]:
        """The whole text, its 款 and 项 on lines of their own, without the addresses of a page."""
        lines = lines_of(self.provision.place, self.provision.text)
        return [Line(line.kind, line.text) for line in lines]


@dataclass(frozen=True)
class FoundStatute:
    statute: Statute
    standing: str
    name: Sequence[Piece]

    @property
    def url(self) -> str:
        return self.statute.get_absolute_url()


@dataclass(frozen=True)
class FoundArticle:
    article: Article
    title: Sequence[Piece]
    text: Sequence[Piece]

    @property
    def url(self) -> str:
        return self.article.get_absolute_url()


@dataclass
class Answer:
    """What is shown. `asked_for`: provisions that the question names by number, with the
    articles that explain them; `has_more`: another page of the narrowed kind, or of articles."""

    question: str
    narrowing: Narrowing
    page: int = 1
    asked_for: list[FoundProvision] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # 《民法典》第一千六百条, which there is not
    explaining: list[FoundArticle] = field(default_factory=list)
    provisions: list[FoundProvision] = field(default_factory=list)
    statutes: list[FoundStatute] = field(default_factory=list)
    articles: list[FoundArticle] = field(default_factory=list)
    has_more: bool = False
    spelling: str = ""
    is_ready: bool = True

    @property
    def is_empty(self) -> bool:
        return not (
            self.asked_for or self.missing or self.provisions or self.statutes or self.articles
        )


def ask(
    question: str, narrowing: Narrowing | None = None, *, page: int = 1, size: int = PAGE_SIZE
) -> Answer:
    """Answer a question with at most `size` of the kind paged, on page `page` (from 1).

    A constant number of queries. Before the indexes are built, `is_ready` is False.
    """
    question = " ".join(question[:LONGEST_QUESTION].split())
    answer = Answer(question, narrowing or Narrowing(), min(max(page, 1), LAST_PAGE))
    if not plain(question).strip():
        return answer
    try:
        _Asking(answer, size).fill()
    except IndexMissingError:
        answer.is_ready = False
    return answer


class _Asking:
    def __init__(self, answer: Answer, size: int) -> None:
        self._answer, self._size = answer, size
        self._question = answer.question
        self._law = resolver.library()
        self._on = timezone.localdate()
        self._words = ranking.asked(self._question)
        self._meant = ranking.meant(self._question, Synonym.meanings())
        self._named: set[int] = set()
        self._asked: set[int] = set()  # provisions, shown before all pages
        self._is_only_citation = False
        said = {word for word, weight in self._words.items() if weight == 1}
        meant = {w for w, weight in self._meant.items() if weight >= MARKED_IF_MEANT}
        self._marks: set[str] = said | meant

    def fill(self) -> None:
        answer, narrowing = self._answer, self._answer.narrowing
        wanted = {narrowing.kind} if narrowing.kind else {"provisions", "statutes", "articles"}
        if narrowing.is_of_articles:
            wanted = {"articles"}
        first = answer.page == 1
        self._read_citations()
        if self._is_only_citation and answer.asked_for and not narrowing.kind:
            return
        if first:
            vocabulary = _vocabulary(self._law)
            answer.spelling = vocabulary.better(self._question, self._is_said_anywhere)
        if "statutes" in wanted and (first or narrowing.kind):
            self._find_statutes(alone=bool(narrowing.kind))
        if "provisions" in wanted and (
            narrowing.kind or (first and not self._is_misspelt_citation())
        ):
            self._find_provisions(alone=bool(narrowing.kind))
        if "articles" in wanted:
            self._find_articles()

    def _is_said_anywhere(self, word: str) -> bool:
        fields = (("articles", "body"), ("provisions", "body"), ("statutes", "body"))
        return any(index(name).frequencies([word], field)[word] for name, field in fields)

    def _is_misspelt_citation(self) -> bool:
        """Return whether the question, spelt as it was probably meant, is nothing but a citation.

        Then what other provisions have in common with the slip answers nothing.
        """
        citations, rest = self._cited(self._answer.spelling)
        return any(c.statute and c.locator for c in citations) and not query_words(rest)

    # --- provisions and statutes named -----------------------------------------------------

    def _cited(self, question: str) -> tuple[list[Citation], str]:
        """Return what a question cites, and the question without it."""
        names = self._law.names
        written = written_out(
            plain(question), _vocabulary(self._law).spelt, lambda name: bool(names.meant_by(name))
        )
        citations = find_citations(written, names)
        rest = list(written)
        for citation in citations:
            rest[citation.start : citation.end] = " " * (citation.end - citation.start)
        return citations, "".join(rest)

    def _read_citations(self) -> None:
        """Note the statutes that the question names, and find the provisions that it cites."""
        answer, places = self._answer, []
        citations, rest = self._cited(self._question)
        for citation in citations:
            statute = self._law.statutes.get(citation.statute)
            if statute is None:
                continue
            self._named.add(statute.pk)
            line = self._law.line(statute, self._on)
            if citation.locator and line.shown:
                places.append((statute, line, citation.locator))
        self._is_only_citation = bool(places) and not query_words(rest)
        is_first, kind = answer.page == 1, answer.narrowing.kind
        if kind in {"articles", "statutes"} or not (is_first or kind):
            return
        for statute, line, locator in places[:TOP]:
            provision = Provision.objects.filter(version=line.shown).at(locator).first()
            if provision:
                self._asked.add(provision.pk)
            if not is_first:
                continue
            if provision:
                provision.version = line.shown
                provision.version.statute = statute
                text = [Piece(provision.text, False)]
                answer.asked_for.append(self._as_found(provision, line, text))
            else:
                answer.missing.append(f"《{statute.name}》{locator.label}")
        if answer.asked_for:
            cited = [[f"cites:{found.provision.pk}" for found in answer.asked_for]]
            now = int(timezone.now().timestamp())
            keys = index("articles").newest(EXPLAINED_BY, facets=cited, until=now)
            answer.explaining = self._read_articles(keys)

    def _as_found(
        self, provision: Provision, line: Timeline, text: Sequence[Piece]
    ) -> FoundProvision:
        explained = index("articles").count([[f"cites:{provision.pk}"]])
        return FoundProvision(provision, line.in_words(line.standing), text, explained)

    # --- the three groups ------------------------------------------------------------------

    def _find_statutes(self, *, alone: bool) -> None:
        """Find statutes by name, other names, pinyin; those that the question names come first."""
        names = index("statutes")
        weights = ranking.weigh(
            self._words, _frequencies(names, self._words, STATUTE_FIELDS), names.size()
        )
        latin = [word for word in self._words if word.isascii() and word.isalpha()]
        begun = [
            full for word in latin if len(word) > 2 for full in names.words_from(word, "title", 5)
        ]
        weights |= dict.fromkeys(begun, 1.0)
        hits = names.search(_terms(weights, STATUTE_FIELDS), CANDIDATES)
        by_key = _by_key(self._law)
        scored = sorted(hits, key=lambda hit: -hit.score * hit.weight)
        found = [by_key[hit.key] for hit in scored if hit.key in by_key]
        said = plain(self._question)
        sure = [s for s in found if s.pk in self._named or begun or _is_said(s.name, said)]
        chosen = sure or (found if alone else [])
        chosen.sort(key=lambda statute: statute.pk not in self._named)
        start = (self._answer.page - 1) * self._size if alone else 0
        size = self._size if alone else TOP
        for statute in chosen[start : start + size]:
            line = self._law.line(statute, self._on)
            name = mark(statute.name, self._marks)
            self._answer.statutes.append(FoundStatute(statute, line.in_words(line.standing), name))
        self._answer.has_more |= alone and len(chosen) > start + size

    @cached_property
    def _words_of_law(self) -> tuple[dict[str, float], dict[str, float]]:
        """What provisions are asked for, with weights: what was said, and what it means in law;
        and which share of the question each word is."""
        provisions = index("provisions")
        words = self._words | {
            word: max(weight, self._words.get(word, 0.0)) for word, weight in self._meant.items()
        }
        size, frequencies = provisions.size(), _frequencies(provisions, words, PROVISION_FIELDS)
        weights = ranking.weigh(words, frequencies, size, WORDS_OF_PROVISIONS)
        return weights, ranking.shares(weights, frequencies, size)

    @cached_property
    def _provisions(self) -> list[Hit]:
        """Return what the index finds for the question, beyond the page that is shown."""
        narrowing = self._answer.narrowing
        facets = [[f"statute:{narrowing.statute.pk}"]] if narrowing.statute else []
        page = self._answer.page if narrowing.kind == "provisions" else 1
        weights, _ = self._words_of_law
        terms = _terms(weights, PROVISION_FIELDS)
        limit = max(CANDIDATES, page * self._size) + 1 + len(self._asked)
        return index("provisions").search(terms, limit, facets=facets)

    def _find_provisions(self, *, alone: bool) -> None:
        page = self._answer.page if alone else 1
        size = self._size if alone else TOP
        hits, (weights, shares) = self._provisions, self._words_of_law
        standing = self._still_shown(hit.key for hit in hits)
        by_index = {
            hit.key: hit.score * hit.weight * (NAMED if statute.pk in self._named else 1.0)
            for hit in hits
            if hit.key in standing and hit.key not in self._asked
            for statute, _, _ in [standing[hit.key]]
        }
        again = {hit.key for hit in hits[: CANDIDATES + len(self._asked)]} & by_index.keys()
        best = _read_again(by_index, {key: standing[key][2] for key in again}, shares)
        marks = {word: weight for word, weight in weights.items() if word in self._marks}
        shown = best[(page - 1) * size : page * size]
        rows = Provision.objects.in_bulk(shown)
        for key in (key for key in shown if key in rows):
            provision = rows[key]
            provision.version = standing[key][1]
            provision.version.statute = standing[key][0]
            line = self._law.line(provision.version.statute, self._on)
            text = snippet(provision.in_one_line, marks, SNIPPET)
            self._answer.provisions.append(self._as_found(provision, line, text))
        self._answer.has_more |= alone and len(best) > page * size

    def _still_shown(self, keys: Iterable[int]) -> dict[int, tuple[Statute, StatuteVersion, str]]:
        """Return the provisions that are still those shown, with what they belong to and say."""
        shown = _shown(self._law, self._on)
        rows = Provision.objects.filter(pk__in=list(keys)).order_by()
        return {
            pk: (*shown[version], text)
            for pk, version, text in rows.values_list("pk", "version", "text")
            if version in shown
        }

    def _find_articles(self) -> None:
        articles, answer = index("articles"), self._answer
        words = {word: weight * MEANT_IN_ARTICLES for word, weight in self._meant.items()}
        words |= {word: max(weight, words.get(word, 0.0)) for word, weight in self._words.items()}
        frequencies = _frequencies(articles, words, ARTICLE_FIELDS)
        weights = ranking.weigh(words, frequencies, articles.size())
        asked = ranking.affordable(weights, frequencies, ARTICLES_LOOKED_UP)
        start = (answer.page - 1) * self._size
        hits = articles.search(
            _terms(asked, ARTICLE_FIELDS),
            max(ARTICLE_CANDIDATES, start + self._size) + 1,
            facets=self._facets(),
            until=int(timezone.now().timestamp()),
        )
        looked_at = hits[:ARTICLE_CANDIDATES]
        best = _ranked(
            looked_at,
            ranking.shares(weights, frequencies, articles.size()),
            IN_TITLE + IN_TITLE_IF_SHORT / len(self._question),
            self._citing([hit.key for hit in looked_at]),
        )
        best += [hit.key for hit in hits[ARTICLE_CANDIDATES:]]
        marks = {word: weight for word, weight in weights.items() if word in self._marks}
        answer.articles = self._read_articles(best[start : start + self._size], marks)
        answer.has_more |= len(best) > start + self._size and answer.page < LAST_PAGE

    def _citing(self, ids: Collection[int]) -> dict[int, float]:
        """Return for those articles that cite what answers the question how much they do.

        Of the provisions found each counts as it was found, and the more the fewer cite it.
        """
        articles = index("articles")
        scores = {hit.key: hit.score * hit.weight for hit in self._provisions}
        answering = sorted(scores, key=lambda key: -scores[key])[:ANSWERING]
        cited = articles.frequencies([f"§{key}" for key in answering], "terms")
        size, rarest = articles.size(), ranking.idf(1, articles.size())
        worth = {
            key: scores[key] / scores[answering[0]] * ranking.idf(cited[f"§{key}"], size) / rarest
            for key in answering
        }
        rows = ArticleCitation.objects.filter(article__in=ids, current__in=answering)
        found: dict[int, float] = defaultdict(float)
        for article, provision in rows.values_list("article", "current").distinct():
            found[article] += worth[provision]
        return found

    def _facets(self) -> list[list[str]]:
        narrowing, facets = self._answer.narrowing, []
        if narrowing.category:
            facets.append([f"category:{pk}" for pk in narrowing.category.branch()])
        if narrowing.statute:
            facets.append([f"statute:{narrowing.statute.pk}"])
        if narrowing.year:
            facets.append([f"year:{narrowing.year}"])
        return facets

    def _read_articles(
        self, keys: Sequence[int], marks: Mapping[str, float] | None = None
    ) -> list[FoundArticle]:
        """Return those of the articles that a reader can open, in the order given."""
        rows = Article.objects.visible().filter(pk__in=keys).select_related("category")
        rows = rows.only(*SHOWN_OF_ARTICLES).with_authors().in_bulk()
        marks = marks or {}
        return [
            FoundArticle(
                rows[key],
                mark(rows[key].title, marks),
                snippet(" ".join(text_of(rows[key].body_html).split()), marks, SNIPPET),
            )
            for key in keys
            if key in rows
        ]


def _read_again(
    by_index: Mapping[int, float], texts: Mapping[int, str], shares: Mapping[str, float]
) -> list[int]:
    """Return the provisions found, of those whose texts are given those first that say most of
    the question, then the rest.

    The index takes a word for less in a long provision, which may say all that was asked.
    """
    most = max((by_index[key] for key in texts), default=1.0)
    scores = {key: by_index[key] / most + ranking.said(text, shares) for key, text in texts.items()}
    rest = [key for key in by_index if key not in texts]
    return sorted(scores, key=lambda key: (-scores[key], key)) + rest


# Articles that have the words for which the index is asked, added up; it takes 6 ms for a million.
# The words beyond count afterwards, in those found by the others.
ARTICLES_LOOKED_UP = 800_000
WORDS_OF_PROVISIONS = 60  # statutes are few and short: a long question may be asked in full


def _ranked(
    hits: Sequence[Hit],
    shares: Mapping[str, float],
    in_title: float,
    citing: Mapping[int, float],
) -> list[int]:
    """Return the articles found, those first that cover most of the question."""
    rows = Article.objects.filter(pk__in=[hit.key for hit in hits])
    texts = {
        pk: (title.lower(), body.lower())
        for pk, title, body in rows.values_list("pk", "title", "body")
    }
    scores = {
        hit.key: ranking.covered(body, shares, IN_LEAD, LEAD)
        + in_title * ranking.said(title, shares)
        + CITING * min(CITING_AT_MOST, citing.get(hit.key, 0.0))
        + BY_INDEX * hit.score / hits[0].score
        for hit in hits
        if hit.key in texts
        for title, body in [texts[hit.key]]
    }
    return sorted(scores, key=lambda key: (-scores[key], -key))


def _is_said(name: str, question: str) -> bool:
    """Return whether a question says most of a statute's name, or a name nearly all of it."""
    name = _plain_name(name)
    if name in question or (len(question) > 1 and question in name):
        return True
    pairs = {name[i : i + 2] for i in range(len(name) - 1)}
    return bool(pairs) and sum(pair in question for pair in pairs) >= SURE_NAME * len(pairs)


@lru_cache(maxsize=10_000)
def _plain_name(name: str) -> str:
    return plain(name)


def _frequencies(of: Index, words: Collection[str], fields: Iterable[str]) -> dict[str, int]:
    """Return in how many documents each word is, in the field where it is in most."""
    counted = [of.frequencies(words, field) for field in fields]
    return {word: max(counts[word] for counts in counted) for word in words}


def _terms(weights: Mapping[str, float], fields: Mapping[str, float]) -> list[Term]:
    return [
        Term(word, weight * factor, field)
        for word, weight in weights.items()
        for field, factor in fields.items()
    ]


@lru_cache(maxsize=1)
def _by_key(law: resolver.Library) -> dict[int, Statute]:
    return {statute.pk: statute for statute in law.statutes.values()}


@lru_cache(maxsize=2)
def _shown(law: resolver.Library, on: date) -> dict[int, tuple[Statute, StatuteVersion]]:
    """Return the versions that readers are shown on a day, by their ids, with their statutes."""
    lines = ((statute, law.line(statute, on)) for statute in law.statutes.values())
    return {
        line.shown.pk: (statute, line.shown)
        for statute, line in lines
        if line.shown and not line.is_repealed
    }


@lru_cache(maxsize=1)
def _vocabulary(law: resolver.Library) -> Vocabulary:
    """Return the names that can be misspelt, made again when the statutes change."""
    return Vocabulary([*law.names.all(), *(part for parts in LAY_WORDS for part in parts)])
