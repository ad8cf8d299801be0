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
from functools import lru_cache

from django.utils import timezone

from articles.indexing import text_of
from articles.models import Article, ArticleCitation, Category
from articles.reading import find_visible
from statutes import resolver, terms
from statutes.citations.find import Citation, find_citations
from statutes.citations.typed import asks_for_more, written_out
from statutes.compiled import FEW_NUMBERS, NUMBERS, Compiled
from statutes.index import ranking
from statutes.index.engine import Hit, Index, IndexMissingError, Term
from statutes.index.opened import index
from statutes.index.snippets import Piece, mark, snippet
from statutes.lay_words import LAY_WORDS
from statutes.locators import Locator
from statutes.misspelt import Vocabulary
from statutes.models import Provision, Statute, StatuteVersion
from statutes.reading import Line, lines_of
from statutes.terms import plain
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

# What a word in a field adds, beside one in the text.
ARTICLE_FIELDS = {"title": 0.3, "body": 1.0, "more": 0.1}
PROVISION_FIELDS = {"body": 1.0, "title": 0.3, "more": 0.2}
STATUTE_FIELDS = {"title": 1.5, "body": 1.0}
MEANT_IN_ARTICLES = 0.4  # articles speak as people do: the words of the law count less in them
NAMED = 1.5  # for the provisions of a statute that the question names
MARKED_IF_MEANT = 0.2  # weight from which a word of the law that was meant is marked
SURE_NAME = 0.6  # share of a statute's name that a question must say for the statute to be shown

# What is read of all that the indexes find, and of the provisions shown.
_SAID_BY_PROVISIONS = Compiled(
    Provision,
    lambda ids: (
        Provision.objects.filter(pk__in=ids).order_by().values_list("pk", "version", "text")
    ),
    ids=NUMBERS,
)
_SAID_BY_ARTICLES = Compiled(
    Article,
    lambda ids: Article.objects.filter(pk__in=ids).values_list("pk", "title", "body"),
    ids=NUMBERS[:ARTICLE_CANDIDATES],
)
_PROVISIONS = Compiled(
    Provision, lambda ids: Provision.objects.filter(pk__in=ids).order_by(), ids=FEW_NUMBERS
)
_CITED = Compiled(
    ArticleCitation,
    lambda articles, provisions: (
        ArticleCitation.objects.filter(article__in=articles, current__in=provisions)
        .values_list("article", "current")
        .distinct()
    ),
    articles=NUMBERS[:ARTICLE_CANDIDATES],
    provisions=FEW_NUMBERS[:ANSWERING],
)


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


@dataclass(frozen=True)
class _Asked:
    """What a question says, read once, before anything is looked up."""

    question: str
    law: resolver.Library
    on: date
    words: Mapping[str, float]  # said, with their weights,
    meant: Mapping[str, float]  # and what they mean in law
    marks: Collection[str]  # words marked where they are found
    named: Collection[int]  # statutes
    cited: Sequence[tuple[Statute, Timeline, Locator]]  # those that are shown on that day
    is_only_citation: bool


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
        _fill(answer, _read(question), size)
    except IndexMissingError:
        answer.is_ready = False
    return answer


def _fill(answer: Answer, asked: _Asked, size: int) -> None:
    """Put the groups that are wanted into an answer; what finds them only returns them."""
    narrowing, is_first = answer.narrowing, answer.page == 1
    is_alone = bool(narrowing.kind)  # one kind, on pages of its own; else a few of each
    wanted = {narrowing.kind} if is_alone else {"provisions", "statutes", "articles"}
    if narrowing.is_of_articles:
        wanted = {"articles"}
    page = slice((answer.page - 1) * size, answer.page * size)
    part = page if is_alone else slice(0, TOP)

    shown_first: set[int] = set()  # provisions, before all pages
    if narrowing.kind == "provisions" or (is_first and not is_alone):
        found, missing = _find_cited(asked)
        shown_first = {provision.pk for provision, _ in found}
        if is_first:
            answer.missing = missing
            answer.asked_for = [
                _as_found(provision, line, [Piece(provision.text, False)])
                for provision, line in found
            ]
    if answer.asked_for:
        answer.explaining = _find_explaining(answer.asked_for)
        if asked.is_only_citation and not is_alone:
            return
    if is_first:
        answer.spelling = _vocabulary(asked.law).better(asked.question, _is_said_anywhere)
    if "statutes" in wanted and (is_first or is_alone):
        answer.statutes, has_more = _find_statutes(asked, part, is_alone)
        answer.has_more = is_alone and has_more
    if not wanted & {"provisions", "articles"}:
        return
    until = page.stop if narrowing.kind == "provisions" else size
    of_law = _look_up(asked, narrowing, until, shown_first)
    if "provisions" in wanted and (
        is_alone or (is_first and not _is_only_citation(asked.law, answer.spelling))
    ):
        answer.provisions, has_more = _find_provisions(asked, of_law, part)
        answer.has_more = is_alone and has_more
    if "articles" in wanted:
        answer.articles, has_more = _find_articles(asked, of_law, narrowing, page)
        answer.has_more = has_more and answer.page < LAST_PAGE


# --- the question --------------------------------------------------------------------------


def _read(question: str) -> _Asked:
    law, on = resolver.library(), timezone.localdate()
    words = ranking.asked(question)
    meant = ranking.meant(question, Synonym.meanings(), _is_said_by_law)
    said = {word for word, weight in words.items() if weight >= ranking.LONG_WEIGHT}
    citations, rest = _cited(law, question)
    named, cited = set(), []
    for citation in citations:
        if statute := law.statutes.get(citation.statute):
            named.add(statute.pk)
            line = law.line(statute, on)
            if citation.locator and line.shown:
                cited.append((statute, line, citation.locator))
    return _Asked(
        question,
        law,
        on,
        words,
        meant,
        said | {word for word in meant if _is_marked(word, meant[word])},
        named,
        cited,
        bool(cited) and not asks_for_more(rest),
    )


def _is_marked(meant: str, weight: float) -> bool:
    """Return whether a word of the law is marked: 货币, not 以货, which is asked for as well."""
    return weight >= MARKED_IF_MEANT and terms.known_words(meant) == [meant]


def _cited(law: resolver.Library, question: str) -> tuple[list[Citation], str]:
    """Return what a question cites, and the question without it."""
    written = written_out(
        plain(question), _vocabulary(law).spelt, lambda name: bool(law.names.meant_by(name))
    )
    citations = find_citations(written, law.names)
    rest = list(written)
    for citation in citations:
        rest[citation.start : citation.end] = " " * (citation.end - citation.start)
    return citations, "".join(rest)


def _is_only_citation(law: resolver.Library, spelling: str) -> bool:
    """Return whether the question, spelt as it was probably meant, is nothing but a citation.

    Then what other provisions have in common with the slip answers nothing.
    """
    citations, rest = _cited(law, spelling)
    return any(c.statute and c.locator for c in citations) and not asks_for_more(rest)


def _is_said_anywhere(word: str) -> bool:
    fields = (("articles", "body"), ("provisions", "body"), ("statutes", "body"))
    return any(index(name).frequencies([word], field)[word] for name, field in fields)


def _is_said_by_law(word: str) -> bool:
    return index("provisions").frequencies([word])[word] >= SAID_OFTEN


# --- provisions asked for by number --------------------------------------------------------


def _find_cited(asked: _Asked) -> tuple[list[tuple[Provision, Timeline]], list[str]]:
    """Return the provisions that a question cites, and the names of those that there are not."""
    found, missing = [], []
    for statute, line, locator in asked.cited[:TOP]:
        provision = Provision.objects.filter(version=line.shown).at(locator).first()
        if provision:
            provision.version = line.shown
            provision.version.statute = statute
            found.append((provision, line))
        else:
            missing.append(f"《{statute.name}》{locator.label}")
    return found, missing


def _find_explaining(asked_for: Sequence[FoundProvision]) -> list[FoundArticle]:
    """Return the newest articles that cite these provisions."""
    cited = [[f"cites:{found.provision.pk}" for found in asked_for]]
    now = int(timezone.now().timestamp())
    return _read_articles(index("articles").newest(EXPLAINED_BY, facets=cited, until=now))


def _as_found(provision: Provision, line: Timeline, text: Sequence[Piece]) -> FoundProvision:
    explained = index("articles").count([[f"cites:{provision.pk}"]])
    return FoundProvision(provision, line.in_words(line.standing), text, explained)


# --- the three groups ------------------------------------------------------------------------


def _find_statutes(asked: _Asked, part: slice, is_alone: bool) -> tuple[list[FoundStatute], bool]:
    """Find statutes by name, other names, pinyin; those that the question names come first.

    Among other kinds only those are shown that are surely meant.
    """
    names = index("statutes")
    frequencies = _frequencies(names, asked.words, STATUTE_FIELDS)
    weights = ranking.weigh(asked.words, frequencies, names.size())
    latin = [word for word in asked.words if word.isascii() and word.isalpha()]
    begun = [full for word in latin if len(word) > 2 for full in names.words_from(word, "title", 5)]
    weights |= dict.fromkeys(begun, 1.0)
    hits = names.search(_terms(weights, STATUTE_FIELDS), CANDIDATES)
    by_key = _by_key(asked.law)
    scored = sorted(hits, key=lambda hit: -hit.score * hit.weight)
    found = [by_key[hit.key] for hit in scored if hit.key in by_key]
    said = plain(asked.question)
    sure = [s for s in found if s.pk in asked.named or begun or _is_said(s.name, said)]
    chosen = sure or (found if is_alone else [])
    chosen.sort(key=lambda statute: statute.pk not in asked.named)
    lines = [(statute, asked.law.line(statute, asked.on)) for statute in chosen[part]]
    shown = [
        FoundStatute(statute, line.in_words(line.standing), mark(statute.name, asked.marks))
        for statute, line in lines
    ]
    return shown, len(chosen) > part.stop


@dataclass(frozen=True)
class _OfLaw:
    """What the index of provisions has for a question, for them and for articles that cite them."""

    hits: Sequence[Hit]
    weights: Mapping[str, float]  # of the words that provisions were asked for,
    shares: Mapping[str, float]  # and which share of the question each is
    shown_first: Collection[int]


def _look_up(
    asked: _Asked, narrowing: Narrowing, until: int, shown_first: Collection[int]
) -> _OfLaw:
    """Ask for what was said and what it means in law, beyond the `until` that are shown."""
    provisions = index("provisions")
    words = asked.words | {
        word: max(weight, asked.words.get(word, 0.0)) for word, weight in asked.meant.items()
    }
    size, frequencies = provisions.size(), _frequencies(provisions, words, PROVISION_FIELDS)
    weights = ranking.weigh(words, frequencies, size, WORDS_OF_PROVISIONS)
    hits = provisions.search(
        _terms(weights, PROVISION_FIELDS),
        max(CANDIDATES, until) + 1 + len(shown_first),
        facets=[[f"statute:{narrowing.statute.pk}"]] if narrowing.statute else [],
    )
    return _OfLaw(hits, weights, ranking.shares(weights, frequencies, size), shown_first)


def _find_provisions(
    asked: _Asked, of_law: _OfLaw, part: slice
) -> tuple[list[FoundProvision], bool]:
    standing = _still_shown(asked, (hit.key for hit in of_law.hits))
    by_index = {
        hit.key: hit.score * hit.weight * (NAMED if statute.pk in asked.named else 1.0)
        for hit in of_law.hits
        if hit.key in standing and hit.key not in of_law.shown_first
        for statute, _, _ in [standing[hit.key]]
    }
    looked_at = of_law.hits[: CANDIDATES + len(of_law.shown_first)]
    again = {hit.key for hit in looked_at} & by_index.keys()
    best = _read_again(by_index, {key: standing[key][2] for key in again}, of_law.shares)
    marks = {word: weight for word, weight in of_law.weights.items() if word in asked.marks}
    rows = {provision.pk: provision for provision in _PROVISIONS(ids=best[part])}
    shown = []
    for provision in (rows[key] for key in best[part] if key in rows):
        statute, provision.version, _ = standing[provision.pk]
        provision.version.statute = statute
        text = snippet(provision.in_one_line, marks, SNIPPET)
        shown.append(_as_found(provision, asked.law.line(statute, asked.on), text))
    return shown, len(best) > part.stop


def _still_shown(
    asked: _Asked, keys: Iterable[int]
) -> dict[int, tuple[Statute, StatuteVersion, str]]:
    """Return the provisions that are still those shown, with what they belong to and say."""
    shown = _shown(asked.law, asked.on)
    return {
        pk: (*shown[version], text)
        for pk, version, text in _SAID_BY_PROVISIONS(ids=list(keys))
        if version in shown
    }


def _find_articles(
    asked: _Asked, of_law: _OfLaw, narrowing: Narrowing, page: slice
) -> tuple[list[FoundArticle], bool]:
    articles = index("articles")
    words = {word: weight * MEANT_IN_ARTICLES for word, weight in asked.meant.items()}
    words |= {word: max(weight, words.get(word, 0.0)) for word, weight in asked.words.items()}
    frequencies = _frequencies(articles, words, ARTICLE_FIELDS)
    weights = ranking.weigh(words, frequencies, articles.size())
    affordable = ranking.affordable(weights, frequencies, ARTICLES_LOOKED_UP)
    hits = articles.search(
        _terms(affordable, ARTICLE_FIELDS),
        max(ARTICLE_CANDIDATES, page.stop) + 1,
        facets=_facets(narrowing),
        until=int(timezone.now().timestamp()),
    )
    looked_at = hits[:ARTICLE_CANDIDATES]
    best = _ranked(
        looked_at,
        ranking.shares(weights, frequencies, articles.size()),
        IN_TITLE + IN_TITLE_IF_SHORT / len(asked.question),
        _citing([hit.key for hit in looked_at], of_law.hits),
    )
    best += [hit.key for hit in hits[ARTICLE_CANDIDATES:]]
    marks = {word: weight for word, weight in weights.items() if word in asked.marks}
    return _read_articles(best[page], marks), len(best) > page.stop


def _citing(ids: Collection[int], provisions: Sequence[Hit]) -> dict[int, float]:
    """Return for those articles that cite what answers the question how much they do.

    Of the provisions found each counts as it was found, and the more the fewer cite it.
    """
    articles = index("articles")
    scores = {hit.key: hit.score * hit.weight for hit in provisions}
    answering = sorted(scores, key=lambda key: -scores[key])[:ANSWERING]
    cited = articles.frequencies([f"§{key}" for key in answering], "terms")
    size, rarest = articles.size(), ranking.idf(1, articles.size())
    worth = {
        key: scores[key] / scores[answering[0]] * ranking.idf(cited[f"§{key}"], size) / rarest
        for key in answering
    }
    found: dict[int, float] = defaultdict(float)
    for article, provision in _CITED(articles=list(ids), provisions=answering):
        found[article] += worth[provision]
    return found


def _facets(narrowing: Narrowing) -> list[list[str]]:
    facets = []
    if narrowing.category:
        facets.append([f"category:{pk}" for pk in narrowing.category.branch()])
    if narrowing.statute:
        facets.append([f"statute:{narrowing.statute.pk}"])
    if narrowing.year:
        facets.append([f"year:{narrowing.year}"])
    return facets


def _read_articles(
    keys: Sequence[int], marks: Mapping[str, float] | None = None
) -> list[FoundArticle]:
    """Return those of the articles that a reader can open, in the order given."""
    marks = marks or {}
    return [
        FoundArticle(
            article,
            mark(article.title, marks),
            snippet(" ".join(text_of(article.body_html).split()), marks, SNIPPET),
        )
        for article in find_visible(keys)
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


# Articles that have the words for which the index is asked, added up; a million take 7 to 10 ms.
# The words beyond count afterwards, in those found by the others.
ARTICLES_LOOKED_UP = 500_000
SAID_OFTEN = 20  # provisions that have a word which the law may be said to use itself
WORDS_OF_PROVISIONS = 60  # statutes are few and short: a long question may be asked in full


def _ranked(
    hits: Sequence[Hit],
    shares: Mapping[str, float],
    in_title: float,
    citing: Mapping[int, float],
) -> list[int]:
    """Return the articles found, those first that cover most of the question."""
    rows = _SAID_BY_ARTICLES(ids=[hit.key for hit in hits])
    texts = {pk: (title.lower(), body.lower()) for pk, title, body in rows}
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
    of_law = {word for words in LAY_WORDS.values() for word in words}
    said = {parts[0] for parts in LAY_WORDS if len(parts) == 1}
    return Vocabulary(law.names.all(), [*terms.LAY_WORDS, *filter(_is_word, said | of_law)])


def _is_word(said: str) -> bool:
    """Return whether this is a word of the dictionary or several, like 工伤认定.

    What leaves characters alone is said but no word to be misspelt, and of two characters too much
    sounds alike. What is only a part of what people say is left out from the beginning.
    """
    return len(said) > 2 and min(map(len, terms.known_words(said))) > 1
