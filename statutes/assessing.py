"""A text's citations with their verdicts: find → resolve → compare → assess.

What commands, the admin and articles ask; nothing is stored here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice, pairwise

from .citations.comparing import (
    Agreement,
    Comparison,
    bare,
    compare,
    compare_with_provision,
    is_one_sentence,
    sentence_around,
    speaks_of,
    words_of_one_number,
)
from .citations.find import Citation, find_citations
from .citations.quotations import Manner, Quotation, extended, find_quotations
from .citations.whereabouts import Standing, judge
from .locators import Locator
from .models import Provision, Statute
from .passages import of_statute, passages
from .resolver import Library, Resolved, library, resolve
from .verdicts import Fate, Origin, Question, Verdict, assess

_ABOUT = 0.4  # likeness of a statement to what it is about,
_RATHER = 0.2  # and so much more than to another
_REPRODUCES = 0.6  # likeness from which words without quotation marks are meant to be the law's
_TELLING = 14  # characters of a statement that can only be the words of one provision


@dataclass(frozen=True)
class Assessment:
    """One citation of a text, all that is known of it.

    `standing` is how its quotation agrees with the text; `match` where the words really stand.
    `stated_on` is the day whose law its number states, if that is another than the text's own.
    """

    citation: Citation
    resolved: Resolved
    verdict: Verdict
    quotation: Quotation | None = None
    standing: Standing | None = None
    match: Provision | None = None
    is_checked: bool = False
    stated_on: date | None = None


Stated = Mapping[tuple[str, str], date]  # title of a statute, fragment of a 条 → day
Checked = Mapping[tuple[str, str], date]  # words of a citation, and of its quotation → when


@dataclass(frozen=True)
class Text:
    """A text whose citations are assessed.

    `on` is the day whose law it states; `checked` are the days on which a person found a
    citation right, `stated` those on which a number was brought to the text of its day: they
    count instead if they are later.
    """

    words: str
    on: date
    self_title: str = ""
    checked: Checked = field(default_factory=dict)
    stated: Stated = field(default_factory=dict)


def assess_text(text: str, *, on: date, today: date, **known) -> list[Assessment]:
    """Return the citations in a text with their verdicts, in order; for `known` see Text."""
    return assess_texts([Text(text, on, **known)], today)[0]


def assess_texts(
    texts: Sequence[Text], today: date, law: Library | None = None
) -> list[list[Assessment]]:
    """Return for each text its citations with their verdicts, in order.

    A constant number of queries for all, and a few more for each quotation that is not word
    for word.
    """
    law = law or library()
    read = [_Read.of(text, law) for text in texts]
    resolved = iter(
        resolve(
            [citation for one in read for citation in one.citations],
            on=[day for one in read for day in one.days],
            today=today,
            law=law,
        )
    )
    return [one.assess(list(islice(resolved, len(one.citations)))) for one in read]


@dataclass(frozen=True)
class _Read:
    """A text with its citations, and for each of them what is known before it is resolved."""

    text: Text
    citations: list[Citation]
    quoted: dict[int, Quotation]  # by the id() of the citation
    checks: list[tuple[str, date] | None]
    renewed: list[date | None]
    days: list[date]

    @classmethod
    def of(cls, text: Text, law: Library) -> "_Read":
        citations = find_citations(text.words, law.names, text.self_title)
        quotations = find_quotations(text.words, citations)
        quoted = {id(citation): found for found in quotations for citation in found.citations}
        checks = [
            _found_right(text.words, citation, quoted.get(id(citation)), text.checked)
            for citation in citations
        ]
        renewed = [text.stated.get(place_of(citation)) for citation in citations]
        days = [
            max(text.on, check[1] if check else text.on, day or text.on)
            for check, day in zip(checks, renewed, strict=True)
        ]
        return cls(text, citations, quoted, checks, renewed, days)

    def assess(self, resolved: list[Resolved]) -> list[Assessment]:
        crowded = _crowded(self.text.words, self.citations)
        agreed = [
            _agree(
                self.text.words,
                found,
                self.quoted.get(id(found.citation)),
                day,
                is_alone=id(found.citation) not in crowded,
            )
            for found, day in zip(resolved, self.days, strict=True)
        ]
        settled = {agreement.quotation.start for agreement in agreed if agreement.is_faithful}
        versions = {
            _place(agreement.resolved): agreement.resolved.then.version_id
            for found, agreement in zip(resolved, agreed, strict=True)
            if agreement.is_faithful and agreement.resolved is not found
        }
        strays = {
            found.statute.pk
            for found, agreement in zip(resolved, agreed, strict=True)
            if agreement.is_about_another or agreement.resolved is not found
        }
        return [
            _assess(_in_line(agreement, versions, strays), settled, check, day)
            for agreement, check, day in zip(agreed, self.checks, self.renewed, strict=True)
        ]


def place_of(citation: Citation) -> tuple[str, str]:
    """Return the statute and the 条 of a citation, "" for a statute named alone."""
    return citation.statute, citation.locator.whole.fragment if citation.locator else ""


def key_of(text: str, citation: Citation, quotation: Quotation | None) -> tuple[str, str]:
    """Return by what a citation is known again when its article was edited: its words."""
    return text[citation.start : citation.end], quotation.text if quotation else ""


def _found_right(
    text: str, citation: Citation, quotation: Quotation | None, checked: Checked
) -> tuple[str, date] | None:
    """Return the quotation that a person found right with this citation, and when."""
    words, begins = key_of(text, citation, quotation)
    for (cited, quoted), day in checked.items():
        if cited == words and quoted.startswith(begins) and bool(quoted) == bool(begins):
            return quoted, day
    return None


@dataclass(frozen=True)
class _Agreement:
    """A citation taken for that of the text with which its quotation agrees best.

    `is_about_another`: its words are not those of any version, but rather about another one, or
    the sentence in which it stands is; None if they do not tell, False if they are about it.
    """

    resolved: Resolved
    quotation: Quotation | None
    comparison: Comparison | None = None  # None where there is nothing to compare
    is_about_another: bool | None = None

    @property
    def is_faithful(self) -> bool:
        return self.comparison is not None and self.comparison.is_faithful


def _agree(
    text: str, found: Resolved, quotation: Quotation | None, day: date, *, is_alone: bool
) -> _Agreement:
    """Ask the quoted words which version they are of, then the sentence that cites it."""
    agreement = _compared(text, found, quotation) if quotation else _Agreement(found, None)
    if agreement.is_faithful or agreement.is_about_another:
        return agreement
    return replace(agreement, is_about_another=_is_about_another(text, found, day, is_alone))


def _compared(text: str, found: Resolved, quotation: Quotation) -> _Agreement:
    """Compare a quotation with the text of the day, then with those of other versions.

    Who quotes the version before, word for word, states the law of that version.
    """
    first, own, rivals = None, quotation, [0.0]
    alternatives = sorted(found.otherwise, key=lambda other: other.fate is not Fate.SAME)
    for candidate in (found, *alternatives):
        if candidate.then is None:
            continue
        locator = candidate.citation.locator
        whole = extended(text, quotation, candidate.then.text)
        comparison = compare_with_provision(whole.text, candidate.then.text, locator)
        if comparison.is_faithful:
            return _Agreement(candidate, whole, comparison)
        if candidate is found:
            first, own = comparison, whole
        else:
            rivals.append(comparison.likeness)
    is_rather_another = (
        first is not None
        and first.likeness < _ABOUT
        and max(rivals) >= max(_ABOUT, first.likeness + _RATHER)
    )
    return _Agreement(found, own, first, is_rather_another or None)


def _is_about_another(text: str, found: Resolved, day: date, is_alone: bool) -> bool | None:
    """Return whether the sentence that cites a number is about what has it in another version.

    In one that was made by the day: of others the author cannot have known. Of a sentence that
    cites several numbers nobody knows which of them its words are about, but for those that stand
    right after one.
    """
    if found.then is None:
        return None
    own, others = found.then.text, [other.then for other in found.otherwise]
    known = [p.text for p in others if (p.version.promulgated_on or date.max) <= day]
    different = [words for words in known if words != own]
    if not different:
        return None
    title, end = found.statute.title, found.citation.end
    if said := words_of_one_number(text, end):
        is_its_own = speaks_of(said, title, own, different)
        if is_its_own is not None:
            return not is_its_own
    sentence = sentence_around(text, found.citation.start, end)
    is_its_own = speaks_of(sentence, title, own, different)
    if is_its_own is None or not (is_its_own or is_alone):
        return None
    return not is_its_own


def _is_told_of(found: Resolved) -> bool:
    """Return whether the author says that the text meant is, by its name or by a day it held."""
    told_on, then = found.citation.told_on, found.then
    holds = told_on is not None and then is not None and then.version.is_in_force(told_on)
    return holds or found.citation.names_a_version


def _said_another_then(found: Resolved) -> bool:
    """Return whether the number said something else on the day of which the author tells."""
    told_on, then = found.citation.told_on, found.then
    if told_on is None or then is None or _is_told_of(found):
        return False
    others = (other.then for other in found.otherwise)
    return any(p.version.is_in_force(told_on) and p.text != then.text for p in others)


def _crowded(text: str, citations: Sequence[Citation]) -> set[int]:
    """Return those, by their id(), that share a sentence with another number of their statute."""
    of_statute: dict[str, list[Citation]] = defaultdict(list)
    for citation in citations:
        if citation.locator:
            of_statute[citation.statute].append(citation)
    return {
        id(citation)
        for found in of_statute.values()
        for pair in pairwise(found)
        if pair[0].locator.whole != pair[1].locator.whole
        and is_one_sentence(text, pair[0].end, pair[1].start)
        for citation in pair
    }


def _place(found: Resolved) -> tuple[int, int, int]:
    locator = found.citation.locator
    return found.statute.pk, locator.article, locator.suffix


def _in_line(
    agreement: _Agreement, versions: Mapping[tuple[int, int, int], int], strays: set[int]
) -> _Agreement:
    """Take a mention for that of the version which the same text quotes for the same number.

    Who cites one number of a statute by another version, a stray, may do so with the others.
    """
    found = agreement.resolved
    if agreement.is_faithful or not found.otherwise:
        return agreement
    meant = versions.get(_place(found))
    other = next((o for o in found.otherwise if o.then.version_id == meant), None)
    if other:
        return replace(agreement, resolved=other, is_about_another=False)
    is_open = agreement.is_about_another is None and not _is_told_of(found)
    if found.fate is Fate.SAME and found.statute.pk in strays and is_open:
        differs = any(o.fate is not Fate.SAME for o in found.otherwise)
        return replace(agreement, is_about_another=differs)
    return agreement


def _assess(
    agreement: _Agreement,
    settled: set[int],
    check: tuple[str, date] | None,
    stated_on: date | None,
) -> Assessment:
    found, quotation = agreement.resolved, agreement.quotation
    is_checked = check is not None and check[0] == (quotation.text if quotation else "")
    standing, match = None, None
    if quotation and (agreement.is_faithful or quotation.start not in settled):
        standing, match = _judge(found, quotation, agreement.comparison)
        if standing and _may_be_anybodys(found, quotation, standing, agreement.comparison):
            quotation = replace(quotation, manner=Manner.STATED)
    doubts = found.doubts
    is_another = agreement.is_about_another
    if is_another is None:
        is_another = _said_another_then(found)
    if is_another and standing is None:
        doubts = (*doubts, Question.VERSION)
    verdict = assess(
        found.origin,
        found.fate,
        standing,
        is_claimed=bool(quotation and quotation.is_claimed),
        doubts=doubts,
        is_checked=is_checked,
    )
    return Assessment(
        found.citation, found, verdict, quotation, standing, match, is_checked, stated_on
    )


def _judge(
    found: Resolved, quotation: Quotation, cited: Comparison | None
) -> tuple[Standing | None, Provision | None]:
    """Return how a quotation agrees, and where its words really stand if not where cited.

    Words that are not given as the law's own may be the author's: they count only if they
    agree, or nearly do, or are another number's word for word.
    """
    if cited and cited.agreement is not Agreement.ALTERED:
        return Standing(cited.agreement.value), None
    if found.statute is None or found.origin in (Origin.UNKNOWN, Origin.TEXTLESS):
        return None, None
    if not quotation.is_claimed:
        if cited is None or cited.likeness >= _REPRODUCES:
            return (Standing.ALTERED if cited else None), None
        match = _of_another_number(quotation.text, found.statute)
        return (Standing.ELSEWHERE if match else None), match
    if found.then is None and found.origin is not Origin.ABSENT:
        return None, None  # no text of that day: nothing was compared
    return judge_words(quotation.text, cited, found.statute, found.then)


def _may_be_anybodys(
    found: Resolved, quotation: Quotation, standing: Standing, cited: Comparison | None
) -> bool:
    """Return whether words before a number may be no law's: of a contract, or a common saying."""
    is_before = quotation.end <= found.citation.start
    is_unlike = cited is None or cited.likeness < _ABOUT
    return is_before and is_unlike and standing in (Standing.ALTERED, Standing.NOWHERE)


def _of_another_number(words: str, statute: Statute) -> Provision | None:
    """Return the provision of the statute that says a statement word for word."""
    if len(bare(words)) < _TELLING:
        return None
    for pk, text in passages().holding_most(words, statute):
        if compare(words, text).is_faithful:
            return Provision.objects.select_related("version__statute").get(pk=pk)
    return None


def judge_words(
    words: str, cited: Comparison | None, statute: Statute, provision: Provision | None
) -> tuple[Standing, Provision | None]:
    """Judge words against the provision cited and against all others. Two or three queries."""
    index = passages()
    own = of_statute(statute) - ({provision.pk} if provision else set())
    at_home = index.candidates(words, own) if own else []
    at_home.sort(key=lambda p: p.version.effective_from or date.min, reverse=True)
    places = {p.pk: p for p in at_home}

    def abroad() -> Iterator[tuple[int, str]]:
        for p in index.candidates(words):
            if p.version.statute_id != statute.pk:
                places[p.pk] = p
                yield p.pk, p.text

    judgement = judge(words, cited, ((p.pk, p.text) for p in at_home), abroad())
    match = places[judgement.match.key] if judgement.match else None
    return judgement.standing, match


def label_words(words: str, law: str, locator: Locator) -> tuple[str, Provision | None]:
    """Label words given as a provision's by its newest text, and say whose they are if not its.

    Labels: exact, partial, altered, wrong, no_official_text.
    """
    known = library()
    statute = known.statutes.get(known.names.meant_by(law))
    versions = known.versions.get(statute.pk, ()) if statute else ()
    if not versions:
        return "no_official_text", None
    found = Provision.objects.filter(version=versions[-1]).at(locator).first()
    cited = compare_with_provision(words, found.text, locator) if found else None
    if cited and cited.is_faithful:
        return cited.agreement.value, None
    standing, match = judge_words(words, cited, statute, found)
    return ("altered" if standing in (Standing.ALTERED, Standing.EXCERPT) else "wrong"), match
