"""What the names in one text mean: 《…》, 合同法, 本法, 《条例》, 法释〔2020〕17号. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from statutes.aliases import STATE, normalise
from statutes.citations import grammar
from statutes.citations.names import Names, without_year
from statutes.citations.told import day_of

_LONGEST_ISSUER = 10  # characters before 〔2020〕17号
_MOST_GUESSES = 200  # in one text, so that a hostile one does not cost more than its length
_NEAR = 100  # characters before a number in which its name can stand
_LONGEST_ROW = 10_000  # characters of a table's row before a number

_LAST_SHORT = 69  # 70 is 1970, 69 would be 2069

_GENERAL = ("规定",)  # any rule can be called so
_LINE = re.compile(r"[^\n]+")
_UNDER_HEAD = re.compile("[|：-]+")  # |---|:--:|
_INNER_TITLE = re.compile(grammar.TITLE)  # 关于修改《…》的决定


class Edition(StrEnum):
    """Which version of a law an author means who names no year."""

    FORMER = "the one before"  # 旧公司法
    NEWEST = "the newest"  # 新公司法, perhaps before it is in force
    THEN = "the one of the day told"  # 当时的公司法, of 2019年3月 if that is told
    EARLIER = "one before the newest"  # 第十六条, 现为第十五条


class Law(NamedTuple):
    """A statute as a text names it, by its words from `start` to `end`."""

    title: str  # without 《》; in full, where the text itself defines a short name
    statute: str  # the title of the statute meant; "" if unknown
    start: int
    end: int
    next: int  # where its number may begin: after （以下简称《安排》）
    is_pointer: bool = False  # 本法, 该条例
    is_misspelt: bool = False
    is_own_title: bool = True  # and no nickname, such as 反法 in 违反法定程序
    document_number: str = ""
    version_year: int | None = None
    edition: Edition | None = None
    told_on: date | None = None  # since when it has been in force, as the text tells
    is_of_amendment: bool = False  # amended in that year, as the text tells

    @property
    def kinds(self) -> frozenset[str]:
        """The nouns that can point to it: 法, 条例, 解释; a 规定 of a court is a 司法解释 too."""
        return _kinds(self.statute or self.title)


@lru_cache(maxsize=1024)
def _kinds(title: str) -> frozenset[str]:
    noun = grammar.NOUN_AT_END.search(without_year(title)[0])
    kinds = {grammar.kind(noun["noun"])} if noun else set()
    return frozenset(kinds | {"解释"} if grammar.COURT.search(title) else kinds)


class Naming:
    """Finds and resolves the names in `text`, which is the text of a `Reading`."""

    def __init__(self, text: str, names: Names, self_title: str = "") -> None:
        self._text = text
        self._names = names
        self._titles: dict[str, tuple[str, int | None, str]] = {}
        self._resolved: dict[str, tuple[str, bool]] = {}
        self._guesses = 0
        self._latest: dict[str, Law] = {}
        # The first rows of tables, and where they begin, by the places of the lines below them.
        self._heads: dict[int, tuple[int, list[str]]] | None = None
        self._in_cells: dict[tuple[int, int], Law] = {}  # by line and column
        definitions = _definitions(text)
        self._own_names = Names(definitions) if definitions else None
        self.own: Law | None = None  # the document that the text is from,
        self.subject: Law | None = None  # and what its numbers mean: what it amends, or itself
        if self_title:
            self.own = self.subject = self._titled(self_title, 0, 0)
            if inside := _INNER_TITLE.search(self_title):
                applied = self._titled(inside["title"], 0, 0)
                self.remember(applied)
                self.subject = applied if "修改" in self_title else self.own

    def remember(self, law: Law) -> None:
        """Take note of a law named, which 该条例 or 《条例》 may mean further on."""
        self._latest.update(dict.fromkeys(law.kinds, law))
        if cell := self._cell(law.start):
            self._in_cells.setdefault(cell, law)

    def latest(self, noun: str) -> Law | None:
        """Return the last law of the kind that the noun names."""
        return self._latest.get(grammar.kind(noun))

    # --- names with 《》 -----------------------------------------------------------------------

    def titled(self, token: re.Match[str]) -> Law:
        """Return the law of a title in 《》, with what stands in parentheses after it."""
        title, end = token["title"], token.end()
        if part := grammar.PART_OUTSIDE.match(self._text, end):
            title, end = title + part[0], part.end()
        return self._with_aside(self._titled(title, token.start(), end))

    def _with_aside(self, law: Law) -> Law:
        aside = grammar.ASIDE.match(self._text, law.end)
        if version := grammar.VERSION.search(aside[0]):
            law = _of_year(law, version)
        if edition := grammar.EDITION.search(aside[0]):
            law = law._replace(edition=_edition(edition))
        if number := grammar.DOCUMENT_NUMBER.search(aside[0]):
            issued = self._issued(aside.start() + number.start(), number[0])
            statute = law.statute or self._names.numbered(issued)
            law = law._replace(statute=statute, document_number=issued)
            year = grammar.YEAR_OF_NUMBER.search(number[0])
            if year and not law.version_year:
                law = law._replace(version_year=int(year[0]), edition=None)
        if version := grammar.VERSION_AFTER.match(self._text, aside.end()):
            return _of_year(law, version)._replace(next=version.end())
        return law._replace(next=aside.end())

    def _titled(self, title: str, start: int, end: int) -> Law:
        if title not in self._titles:
            name, year = without_year(grammar.MISPLACED_SUBJECT.sub("", title))
            full = self._own_names.meant_by(name) if self._own_names else ""
            self._titles[title] = name, year, full
        name, year, full = self._titles[title]
        if not full and name in grammar.KINDS and (meant := self.latest(name)):
            return meant._replace(start=start, end=end, next=end)
        is_draft = grammar.DRAFT.search(title)
        statute, is_misspelt = ("", False) if is_draft else self._resolve(full or name)
        law = Law(full or name, statute, start, end, end, False, is_misspelt, version_year=year)
        if year and grammar.AMENDED.search(title[len(name) :]):
            return law._replace(is_of_amendment=True)
        return law if year else self.with_version_before(law)

    def with_version_before(self, law: Law) -> Law:
        """Return a law with the version that the words before its name tell: 2018年, 旧."""
        if not self._text.endswith(grammar.VERSION_BEFORE_ENDS, 0, law.start):
            return law
        near = max(0, law.start - 18), law.start
        version = grammar.VERSION_BEFORE.search(self._text, *near)
        edition = grammar.EDITION_BEFORE.search(self._text, *near)
        since = grammar.IN_FORCE_SINCE.search(self._text, *near)
        if not (version or edition or since):
            return law  # as is 该法 that stands for 旧公司法
        return law._replace(
            version_year=_year(version) if version else None,
            is_of_amendment=bool(version and grammar.AMENDED.search(version[0])),
            edition=_edition(edition) if edition else None,
            told_on=day_of(since) if since else None,
        )

    def _resolve(self, name: str) -> tuple[str, bool]:
        """Return the title of the statute with this name, and whether it was guessed."""
        if name not in self._resolved:
            known = self._known(name)
            guess = self._guess(name) if not known else ""
            self._resolved[name] = (known or guess, bool(guess))
        return self._resolved[name]

    def _known(self, name: str) -> str:
        if known := self._names.meant_by(name) or self._names.meant_by(name.replace(STATE, "")):
            return known
        inside = self._names.ending_at(name, len(name))
        is_introduced = inside and name[: inside.start].endswith(("的", "中", "我国"))
        return inside.statute if is_introduced else ""

    def _guess(self, name: str) -> str:
        self._guesses += 1
        return self._names.guess(name) if self._guesses <= _MOST_GUESSES else ""

    # --- names without -------------------------------------------------------------------------

    def bare(self, end: int) -> Law | None:
        """Return the law whose known name ends there, the longest if several do."""
        own = self._own_names and self._own_names.ending_at(self._text, end)
        known = self._names.ending_at(self._text, end)
        if own and (known is None or own.start <= known.start):
            return self._titled(self._text[own.start : end], own.start, end)
        if known is None:
            return None
        title = self._text[known.start : end]
        if title.endswith(grammar.LOCAL_KINDS) and (place := self._place_before(known.start)):
            title = place + title  # 杭州市物业管理条例 is not 物业管理条例
            return Law(title, "", end - len(title), end, end)
        is_own = known.statute.replace(STATE, "") == title.replace(STATE, "")
        law = Law(title, known.statute, known.start, end, end, is_own_title=is_own)
        return self._with_aside(self.with_version_before(law))

    def dated_after(self, law: Law, at: int) -> Law:
        """Return a law with the version told after its number: 第十六条（2018年）, （旧法）."""
        mark = grammar.VERSION_OF_NUMBER.match(self._text, at)
        if mark is None:
            return law
        if mark["year"]:
            return _of_year(law, mark)
        edition = Edition.EARLIER if mark["earlier"] else _edition(mark)
        return law._replace(version_year=None, edition=edition)

    def of_column(self, law: Law, at: int) -> Law:
        """Return a law in the version that the head of its column tells: | 旧法 | 2023年版 |.

        One that is named in the cell may tell its own, or be another than the head speaks of.
        """
        cell = self._cell(at)
        if cell is None:
            return law
        line, column = cell
        is_named = law.start > self._text.rfind("|", line, at)
        if is_named and (law.version_year or law.edition):
            return law
        begin, cells = self._head_of(line)
        head = cells[column] if column < len(cells) else ""
        spoken_of = self._in_cells.get((begin, column), law)
        if spoken_of.statute != law.statute:
            return law
        told = grammar.HEAD_OF_COLUMN.search(head)
        if told is None:
            return law
        if told["year"]:
            return law._replace(version_year=int(told["year"]), edition=None)
        edition = Edition.FORMER if told["former"] else None
        return law._replace(version_year=None, edition=edition)

    def at_head(self, at: int, after: int) -> Law | None:
        """Return the law that the head of a column names, for the first number in a cell of it.

        `after` is where the last name or number ended.
        """
        cell = self._cell(at)
        if cell is None or after > self._text.rfind("|", cell[0], at):
            return None
        line, column = cell
        begin, _ = self._head_of(line)
        return self._in_cells.get((begin, column))

    def _cell(self, at: int) -> tuple[int, int] | None:
        """Return where the line of a table begins, and in which of its columns a place is."""
        begin = max(0, at - _LONGEST_ROW)
        line = self._text.rfind("\n", begin, at) + 1
        if line < begin or not self._text.startswith("|", line):
            return None
        return line, self._text.count("|", line, at)

    def _head_of(self, line: int) -> tuple[int, list[str]]:
        """Return where the table in which a line stands begins, and the cells of its first row."""
        if self._heads is None:
            self._heads, head, above = {}, (-1, []), (-1, "")
            for row in _LINE.finditer(self._text):
                if _UNDER_HEAD.fullmatch(row[0]):
                    head = above[0], above[1].split("|")
                elif not row[0].startswith("|"):
                    head = -1, []
                self._heads[row.start()] = head
                above = row.start(), row[0]
        return self._heads[line]

    def edition_before(self, at: int) -> tuple[Edition | None, bool]:
        """Return which text a number is of by the words right before it: 旧法, 修订后的, 现为.

        And whether they give a new number to what was told before, as 现为 does.
        """
        told = grammar.EDITION_OF_NUMBER.search(self._text, max(0, at - 12), at)
        return (_edition(told), bool(told["moved"])) if told else (None, False)

    def _place_before(self, at: int) -> str:
        place = grammar.PLACE_NAME.fullmatch(self._text, self._begin(at), at)
        return place[0] if place else ""

    def unknown_before(self, at: int, after: int) -> Law | None:
        """Return the law that a name on no list, ending there, must mean: 婚姻法第三条.

        `after` is where the last name or number ended.
        """
        end = at - self._text.startswith("的", at - 1)
        if not grammar.NOUN_AT_END.search(self._text, max(0, end - 4), end):
            return None
        name = grammar.UNKNOWN_NAME.fullmatch(self._text, self._begin(end, after), end)
        if name is None:
            return None
        statute, is_misspelt = self._resolve(name[0])
        return Law(name[0], statute, name.start(), end, at, False, is_misspelt)

    def _begin(self, end: int, after: int = 0) -> int:
        """Return where a name that ends there begins: after a sign, 根据, 违反了."""
        start = max(after, end - _NEAR, 0)
        boundary = grammar.LAST_BEFORE_NAME.match(self._text, start, max(start, end - 1))
        return boundary.end() if boundary else start

    # --- other names ---------------------------------------------------------------------------

    def numbered(self, token: re.Match[str]) -> Law:
        """Return the law that the number of a document means: 法释〔2020〕17号."""
        number = self._issued(token.start(), token[0])
        start, end = token.end() - len(number), token.end()
        return Law(number, self._names.numbered(number), start, end, end, document_number=number)

    def _issued(self, start: int, number: str) -> str:
        """Return a document's number with the issuer before it."""
        return self._text[max(self._begin(start), start - _LONGEST_ISSUER) : start] + number

    def sibling(self, end: int) -> Law | None:
        """Return what 解释一, ending there, means beside 解释（三） of the same matter."""
        beside = self._latest.get("解释")
        written = beside and grammar.NUMBERED_NOUN.search(self._text, max(0, end - 8), end)
        if not written:
            return None
        base = grammar.PART_AT_END.sub("", beside.statute or beside.title)
        number = written["part"].strip("（）")
        titles = [f"{base}（{number}）", *([base] if number == "一" else [])]
        statute = next(filter(None, map(self._names.meant_by, titles)), "")
        return Law(statute or titles[0], statute, written.start(), end, end, is_pointer=True)

    def derived(self, end: int) -> Law | None:
        """Return what 及其实施条例, ending there, means after the name of a law."""
        law = self._latest.get("法")
        found = law and grammar.DERIVED.search(self._text, max(0, end - 24), end)
        if not found:
            return None
        noun = found["noun"]
        title = (law.statute or law.title).replace(STATE, "") + noun
        statute = self._names.meant_by(title)
        return Law(title, statute, found.start("noun"), end, end, is_pointer=True)

    def called(self, token: re.Match[str]) -> Law | None:
        """Return what 条例 or 办法 alone means: the last law of this kind."""
        start, end = token.span()
        meant = self.latest(token[0]) if token[0] != "法" else None
        if meant is None or self._begin(end) != start:
            return None
        return meant._replace(start=start, end=end, next=end, is_pointer=True)

    def pointed(self, noun: str, candidates: Iterable[Law | None]) -> Law | None:
        """Return the law that 本法 or 该条例 means: the first of its kind.

        Else the first of no kind that is known, as is a nickname; but 该解释 is no 法.
        """
        kind, first = grammar.kind(noun), None
        for law in candidates:
            if law and kind in law.kinds:
                return law
            if first is None and law and (kind in _GENERAL or not law.kinds):
                first = law
        return first


def _of_year(law: Law, version: re.Match[str]) -> Law:
    is_of_amendment = grammar.AMENDED.search(version[0]) is not None
    year = int(version["year"])
    return law._replace(version_year=year, is_of_amendment=is_of_amendment, edition=None)


def _year(match: re.Match[str]) -> int:
    """Return the year of 2018年, 18年 or 97."""
    if match["year"]:
        return int(match["year"])
    short = int(match["short"][:2])
    return short + (1900 if short > _LAST_SHORT else 2000)


def _edition(match: re.Match[str]) -> Edition:
    if match["then"]:
        return Edition.THEN
    return Edition.FORMER if match["former"] else Edition.NEWEST


def _definitions(text: str) -> dict[str, str]:
    """Return the short names that a text defines: （以下简称《民法典》）."""
    return {
        normalise(found["short"]): without_year(found["title"])[0]
        for found in grammar.DEFINITION.finditer(text)
    }
