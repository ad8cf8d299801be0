"""Citations of statutes in legal prose. Pure: no Django.

One pass from left to right over the tokens of `grammar.TOKEN`. A name is remembered; a number is
given to the name it is attached to, else to the law that the text is speaking of.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date

from statutes import numerals
from statutes.citations import grammar
from statutes.citations.names import Names
from statutes.citations.naming import Edition, Law, Naming
from statutes.citations.places import Place, read_places
from statutes.citations.reading import reading_of
from statutes.citations.told import days_told
from statutes.locators import Locator


@dataclass(frozen=True, slots=True)
class Citation:
    """One reference to a statute, or to a provision of it, as written in a text.

    `start` and `end` are character offsets into that text, end excluded. The first provision
    after a name includes the name; the members of a range share one span.
    """

    title: str  # without 《》; in full, where the text itself defines a short name
    statute: str  # the title of the statute meant; "" if unknown
    locator: Locator | None  # None where a statute is named alone
    start: int
    end: int
    is_implied: bool = False  # no name of its own: 第八条 in a list, 本法第八条
    is_misspelt: bool = False  # the statute was found by likeness: a person should look
    document_number: str = ""  # 法释〔2020〕17号
    version_year: int | None = None  # 2018, as in （2018修正）
    edition: Edition | None = None  # as in 旧公司法
    is_of_amendment: bool = False  # 2018, as in （2018修正）: made in it, not only in force
    told_on: date | None = None  # the first day of the time of which its paragraph tells

    @property
    def names_a_version(self) -> bool:
        """Whether the author says which text of the statute is meant."""
        return self.version_year is not None or self.edition is not None


def find_citations(text: str, names: Names, self_title: str = "") -> list[Citation]:
    """Return the citations in `text`, in order.

    `self_title` is the title of the document that the text is from: what 本法 means there.
    """
    return _Search(text, names, self_title).citations()


_FARTHEST = 120  # characters between a name and its number
_CLAUSE = 30  # characters before a number in which 合同中的 can stand
_AGO = 10_000  # characters between a day told and a citation
_LEAD_IN = 40  # characters from a number to the quotation of it
# Names, numbers and citations in one text, beyond which it is read no further. The densest of the
# court's interpretations would have to be longer than a million characters.
_MOST = 150_000


class _Search:
    def __init__(self, written: str, names: Names, self_title: str) -> None:
        self._reading = reading_of(written)
        self._text = self._reading.text
        self._naming = Naming(self._text, names, self_title)
        self._found: list[Citation] = []
        self._done = 0  # everything before has been read
        self._named: Law | None = None  # the last name,
        self._is_alone = False  # so far without a number
        self._speaking_of = self._naming.subject  # what a number without a name belongs to
        self._heading: Law | None = None  # whose text stands glued to its number
        self._quoted: Law | None = None  # whose text stands between “ and ”
        self._in_quotation = False
        self._before_quotation: tuple[Law | None, Law | None] = (None, None)
        self._recent: tuple[Law | None, int] = (None, 0)  # the last law, and where it was named
        self._last: Place | None = None
        self._told = days_told(self._text)

    def citations(self) -> list[Citation]:
        readers = {
            "title": self._read_title,
            "document": self._read_document_number,
            "kind": self._read_bare_name,
            "self": self._read_self,
            "that": self._read_that,
            "article": self._read_number,
            "open": self._open_quotation,
            "close": self._close_quotation,
        }
        for count, token in enumerate(grammar.TOKEN.finditer(self._text)):
            if count + len(self._found) > _MOST:
                break
            if token.start() >= self._done:
                readers[token.lastgroup](token)
        self._settle()
        return sorted(self._found, key=lambda citation: (citation.start, citation.end))

    # --- names ---------------------------------------------------------------------------------

    def _read_title(self, token: re.Match[str]) -> None:
        if self._text.startswith("本", token.start() - 1) and token["title"] in grammar.KINDS:
            self._point_to_own(token.start() - 1, token.end(), token["title"])  # 本《规定》
            return
        law = self._naming.titled(token)
        self._done = law.next
        if not law.statute and self._read_number_within(token):
            return
        self._name(law)

    def _read_number_within(self, token: re.Match[str]) -> bool:
        """Read 《民法典第五百零九条》, where the number stands within the brackets."""
        number = grammar.NUMBER_WITHIN.search(self._text, *token.span("title"))
        law = number and self._naming.bare(number.start())
        if not law or law.start != token.start("title"):
            return False
        self._name(law)
        self._cite(law, read_places(self._text, number.start()), law.start)
        return True

    def _read_document_number(self, token: re.Match[str]) -> None:
        self._name(self._naming.numbered(token))

    def _read_bare_name(self, token: re.Match[str]) -> None:
        end = token.end()
        naming = self._naming
        law = naming.bare(end) or naming.sibling(end) or naming.derived(end)
        if law := law or naming.called(token):
            self._name(law)

    def _read_self(self, token: re.Match[str]) -> None:
        if law := self._naming.bare(token.end()):
            self._name(law)  # 香港基本法 is a name of its own
        else:
            self._point_to_own(*token.span(), token["self"])

    def _point_to_own(self, start: int, end: int, noun: str) -> None:
        own = self._naming.own
        quoted = self._quoted if self._in_quotation else None
        latest = self._naming.latest(noun)
        candidates = [quoted, own, self._heading, self._speaking_of, latest]
        self._point(start, end, noun, candidates)

    def _read_that(self, token: re.Match[str]) -> None:
        if law := self._naming.bare(token.end()):
            self._name(law)
            return
        latest = self._naming.latest(token["that"])
        self._point(*token.span(), token["that"], [latest, self._speaking_of])

    def _point(self, start: int, end: int, noun: str, candidates: list[Law | None]) -> None:
        """Take 本法 or 该条例 for the name it stands for."""
        meant = self._naming.pointed(noun, candidates)
        pointer = meant or Law(self._text[start:end], "", start, end, end)
        self._settle()
        pointer = pointer._replace(start=start, end=end, next=end, is_pointer=True)
        self._named = self._naming.with_version_before(pointer)

    def _name(self, law: Law) -> None:
        if not law.statute and grammar.CONTRACT_TITLE.search(law.title):
            self._forget()
            return
        if not law.statute and grammar.PAPER_TITLE.search(law.title):
            return
        if self._named and self._is_alone and law.start <= self._named.start:
            self._is_alone = False  # 劳动合同法实施条例 takes the place of 劳动合同法
        self._settle()
        self._named, self._is_alone = law, not law.is_pointer
        self._recent = law, law.end
        self._naming.remember(law)
        if self._is_announced(law) or self._is_another_text(law):
            self._speaking_of, self._heading = law, None

    def _is_announced(self, law: Law) -> bool:
        """Return whether a law named alone takes over: it ends a line, or the text says 根据."""
        if grammar.NAME_ENDS.match(self._text, law.next):
            self._in_quotation = False
            return True
        if self._speaking_of is None:
            return True
        if self._in_quotation or self._heading:
            return self._text.startswith("：", law.next) and not self._in_quotation
        return bool(
            grammar.ANNOUNCES.match(self._text, law.next)
            or self._text.endswith(grammar.ACCORDING_TO, 0, law.start)
        )

    def _is_another_text(self, law: Law) -> bool:
        """Return whether this is the law spoken of, in a version told by its year or as the new."""
        spoken_of = self._speaking_of
        is_same = spoken_of is not None and law.statute and law.statute == spoken_of.statute
        return bool(is_same and not self._in_quotation and (law.edition or law.version_year))

    def _settle(self) -> None:
        """Write down the last name, if no number came to it."""
        if self._named and self._is_alone and self._counts_alone(self._named):
            self._write(self._named, None, self._named.start, self._named.end)
        self._is_alone = False

    def _counts_alone(self, law: Law) -> bool:
        if self._text[law.start] == "《":
            return bool(law.statute) or law.title.endswith(grammar.SURELY_LAW)
        return bool(law.statute) and law.is_own_title

    def _forget(self) -> None:
        """Speak of no law any more: what follows are the clauses of a contract."""
        self._settle()
        self._named = self._speaking_of = self._heading = None

    # --- numbers -------------------------------------------------------------------------------

    def _read_number(self, token: re.Match[str]) -> None:
        at = token.start()
        law = self._attached(at)
        if law is None and not token[0]:
            return  # without 第, only a name makes 1032条 a provision
        if law is None and self._read_number_of_another_text(at):
            return
        unknown = None if law else self._naming.unknown_before(at, self._recent[1])
        if not (law or unknown or self._speaks_of_any()):
            return
        places = read_places(self._text, at, self._continued(at)) or self._without_unit(law, at)
        if not places:
            return
        end = self._done = places[-1].end
        if law:
            self._cite(self._dated(law, at, end), places, law.start)
            return
        law = unknown or self._inherited(at, end)
        if law is None or self._counts_things(places):
            return
        if self._is_stipulated(at, end):
            self._forget()
        elif unknown:
            self._name(unknown)
            self._cite(unknown, places, unknown.start)
        else:
            self._cite(self._dated(law, at, end), places, at)

    def _dated(self, law: Law, at: int, end: int) -> Law:
        """Return a law in the version that the number from `at` to `end` is told to be of."""
        return self._naming.dated_after(self._naming.of_column(law, at), end)

    def _read_number_of_another_text(self, at: int) -> bool:
        """Read 旧法第四十二条, 修订后为第五十条: a number of the last law in another text of it.

        What an author gives a new number, 第四十二条（现为第五十条）, had the old one before.
        """
        edition, is_moved = self._naming.edition_before(at)
        if edition is None:
            return False
        spoken_of = self._speaking_of
        law = self._naming.latest("法") if self._text.startswith("法", at - 1) else self._recent[0]
        places = read_places(self._text, at)
        if not law or not law.statute or not places:
            return False
        last = self._found[-1] if self._found else None
        is_renumbered = (
            edition is Edition.NEWEST
            and last is not None
            and last.statute == law.statute
            and last.locator is not None
            and last.locator.article != places[0].locator.article
            and not last.version_year
            and (last.edition is None or (is_moved and last.edition is Edition.NEWEST))
            and grammar.SAME_CLAUSE.fullmatch(self._text, self._last.end, at)
        )
        if is_renumbered:
            self._found[-1] = replace(last, edition=Edition.EARLIER)
        self._done = places[-1].end
        meant = None if self._text.endswith(grammar.IN_FORCE, 0, at) else edition
        self._cite(law._replace(edition=meant, version_year=None), places, at)
        if not self._text.startswith(("法", "律", "的"), at - 1):
            self._speaking_of = spoken_of  # 第五十条即原第四十二条。第五十一条…
        return True

    def _speaks_of_any(self) -> bool:
        """Return whether there is a law that a number without a name may belong to."""
        return bool(self._speaking_of or self._heading or (self._in_quotation and self._quoted))

    def _attached(self, at: int) -> Law | None:
        """Return the law whose name stands before the number."""
        named = self._named
        near = named and named.next <= at <= named.next + _FARTHEST
        if near and grammar.GLUE.fullmatch(self._text, named.next, at):
            return named
        law = self._naming.bare(at - self._text.startswith("的", at - 1))
        if law:
            self._name(law)
        return law

    def _continued(self, at: int) -> Locator | None:
        """Return the article whose 第二款 follows the quotation of its 第一款."""
        follows_quotation = self._last and self._text[at - 1 : at] == "”"
        return self._last.locator if follows_quotation else None

    def _without_unit(self, law: Law | None, at: int) -> list[Place]:
        """Read 《劳动法》第五十工资应当…, where 条 was forgotten."""
        match = grammar.ARTICLE_WITHOUT_UNIT.match(self._text, at)
        if match is None or law is None or not law.statute or self._text[at - 1] != "》":
            return []
        try:
            return [Place(Locator(numerals.parse(match["number"])), at, match.end("number"))]
        except ValueError:
            return []

    def _is_stipulated(self, at: int, end: int) -> bool:
        """Return whether this is a clause: 合同第十二条, 第十二条约定."""
        return bool(
            grammar.CLAUSE.search(self._text, max(0, at - _CLAUSE), at)
            or grammar.STIPULATED.match(self._text, end)
        )

    def _counts_things(self, places: list[Place]) -> bool:
        """Return whether this is an ordinal: 第一条短信."""
        last = places[-1]
        is_part = last.locator.paragraph or last.locator.item
        return not is_part and bool(grammar.ORDINAL.match(self._text, last.end))

    def _inherited(self, at: int, end: int) -> Law | None:
        """Return the law that a number without a name belongs to."""
        begins = at == 0 or self._text[at - 1] in "。；！？：\n“”"
        if self._heading and begins and self._is_glued(end):
            return self._heading
        if law := self._naming.at_head(at, self._recent[1]):
            return law
        return (self._in_quotation and self._quoted) or self._speaking_of

    def _is_glued(self, end: int) -> bool:
        """Return whether the text of the provision follows its number without any mark."""
        return grammar.TOLD.match(self._text, end) is None

    def _cite(self, law: Law, places: list[Place], start: int) -> None:
        first = places[0]
        for place in places:
            named = (place.start, place.end) == (first.start, first.end)
            self._write(law, place.locator, start if named else place.start, place.end)
        self._is_alone = self._is_alone and law.start != self._named.start
        self._last = places[-1]
        self._recent = law, self._last.end
        if self._speaking_of and self._is_within_parentheses(start):
            return
        self._speaking_of = law
        if self._is_glued(self._last.end):
            self._heading = law

    def _is_within_parentheses(self, start: int) -> bool:
        """Return whether the citation from there to the last number is only an aside."""
        return bool(
            grammar.CLOSED_AFTER.match(self._text, self._last.end)
            and grammar.OPENED_BEFORE.search(self._text, max(0, start - 64), start)
        )

    # --- quotations ----------------------------------------------------------------------------

    def _open_quotation(self, token: re.Match[str]) -> None:
        """Between “ and ”, 本法 means the law quoted; laws cited there do not take over."""
        if not self._in_quotation:
            law, end = self._recent
            self._quoted = law if token.start() - end <= _LEAD_IN else None
            self._before_quotation = self._speaking_of, self._heading
            self._in_quotation = True

    def _close_quotation(self, token: re.Match[str]) -> None:
        if self._in_quotation and self._before_quotation[0]:
            self._speaking_of, self._heading = self._before_quotation
        self._in_quotation = False

    # --- what was found ------------------------------------------------------------------------

    def _write(self, law: Law, locator: Locator | None, start: int, end: int) -> None:
        written_start, written_end = self._reading.written(start, end)
        self._found.append(
            Citation(
                law.title,
                law.statute,
                locator,
                written_start,
                written_end,
                is_implied=law.is_pointer or not law.start <= start < law.next,
                is_misspelt=law.is_misspelt,
                document_number=law.document_number,
                version_year=law.version_year,
                edition=law.edition,
                is_of_amendment=law.is_of_amendment,
                told_on=law.told_on or self._told_on(start),
            )
        )

    def _told_on(self, start: int) -> date | None:
        """Return the day told last before a citation in its paragraph."""
        if not self._told or grammar.TODAY.search(self._text, max(0, start - 6), start):
            return None
        place = bisect_left(self._told, start, key=lambda told: told.start)
        last = self._told[place - 1] if place else None
        if last is None or start - last.start > _AGO or "\n" in self._text[last.start : start]:
            return None
        return last.day
