"""A statute's text arranged for reading: lines with their addresses, headings, contents. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby

from rapidfuzz import fuzz

from statutes.diff import Change, Op, diff_words
from statutes.locators import Locator, parse_fragment
from statutes.parts import lead, split_items, split_paragraphs, split_subitems

# --- one provision ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of a provision: a 款 (or the words that announce its 项), a 项 or a 目.

    `fragment` is its id, "" for a line that only continues the one before. `short` is a second
    id, of the same 项 cited without its 款: 第十六条第二项.
    """

    kind: str  # paragraph, item, subitem
    text: str
    fragment: str = ""
    short: str = ""


def lines_of(place: Locator, text: str) -> list[Line]:
    """Return the lines of a provision. Joined, their texts are `text`, white space apart.

    >>> [(l.kind, l.fragment) for l in lines_of(Locator(16), "有下列情形的：\\n（一）解散。")]
    [('paragraph', 'article-16-p1'), ('item', 'article-16-p1-i1')]
    """
    return list(_kept_lines(place, text))


@lru_cache(maxsize=1_000)  # many articles cite the same provision
def _kept_lines(place: Locator, text: str) -> tuple[Line, ...]:
    return tuple(_read_lines(place, text))


def _read_lines(place: Locator, text: str) -> Iterator[Line]:
    paragraphs = split_paragraphs(text)
    cut = [_cut(paragraph, split_items) for paragraph in paragraphs]
    only_one_has_items = sum(bool(items) for _, items in cut) == 1
    for number, (opening, items) in enumerate(cut, start=1):
        paragraph = replace(place, paragraph=number)
        yield from _lines("paragraph", opening, paragraph.fragment)
        for item_number, mark, words in items:
            item = replace(paragraph, item=item_number)
            short = replace(item, paragraph=None).fragment if only_one_has_items else ""
            opening, subitems = _cut(words, split_subitems)
            yield from _lines("item", mark + opening, item.fragment, short)
            for subitem_number, mark, words in subitems:
                subitem = replace(item, subitem=subitem_number)
                short = replace(subitem, paragraph=None).fragment if only_one_has_items else ""
                yield from _lines("subitem", mark + words, subitem.fragment, short)


def _cut(
    text: str, split: Callable[[str], list[tuple[int, str]]]
) -> tuple[str, list[tuple[int, str, str]]]:
    """Return the words before the first part, and the parts: number, mark as written, words."""
    try:
        parts = split(text)
    except ValueError:  # quoted or damaged numbers: shown as it stands, without addresses
        return text, []
    if not parts or not all(words for _, words in parts):  # a mark alone is no part
        return text, []
    opening = lead(text)
    end = text.index(opening) + len(opening)
    marked = []
    for number, words in parts:
        start = text.index(words, end)
        marked.append((number, text[end:start].lstrip(), words))
        end = start + len(words)
    return opening, marked


def _lines(kind: str, text: str, fragment: str, short: str = "") -> Iterator[Line]:
    for line in text.split("\n"):
        if not line.strip():
            continue
        yield Line(kind, line, fragment, short)
        fragment = short = ""


def part(place: Locator, text: str, locator: Locator) -> list[Line]:
    """Return the lines of the 款, 项 or 目 that `locator` names; all of them for a whole 条.

    `locator` may name another 条: only its parts count. Empty if there is no such part.
    """
    lines = lines_of(place, text)
    fragment = replace(locator, article=place.article, suffix=place.suffix).fragment
    if fragment == place.fragment:
        return lines
    return [line for line, is_meant in _meant(lines, fragment) if is_meant]


def excerpt(place: Locator, text: str, locator: Locator) -> list[Line]:
    """Return the lines of a part with the words that announce it, …… where lines are left out."""
    lines = lines_of(place, text)
    fragment = replace(locator, article=place.article, suffix=place.suffix).fragment
    meant = list(_meant(lines, fragment))
    if fragment == place.fragment or not any(is_meant for _, is_meant in meant):
        return lines
    first = next(n for n, (_, is_meant) in enumerate(meant) if is_meant)
    opening = next(n for n in range(first, -1, -1) if lines[n].kind == "paragraph")
    kept: list[Line] = []
    for number, (line, is_meant) in enumerate(meant):
        if is_meant or number == opening:
            kept.append(line)
        elif not kept or kept[-1].kind != "gap":
            kept.append(Line("gap", OMITTED))
    return kept


OMITTED = "……"


def most_alike(place: Locator, text: str, words: str) -> Locator:
    """Return the part of a provision whose words are most like these; the whole if none is."""
    lines = lines_of(place, text)
    best, chosen = _PART_ALIKE, place
    for fragment in dict.fromkeys(line.fragment for line in lines if line.fragment):
        found = "\n".join(line.text for line, is_meant in _meant(lines, fragment) if is_meant)
        if (alike := fuzz.ratio(words, found) / 100) > best:
            best, chosen = alike, parse_fragment(fragment)
    return chosen


_PART_ALIKE = 0.55


def _meant(lines: Iterable[Line], fragment: str) -> Iterator[tuple[Line, bool]]:
    """Yield each line and whether it belongs to the part with this fragment."""
    is_meant = False
    for line in lines:
        if line.fragment:
            own = (line.fragment, line.short)
            is_meant = any(f == fragment or f.startswith(f"{fragment}-") for f in own)
        yield line, is_meant


# --- text without numbers: preambles, attachments ---------------------------------------------

_RULE = re.compile(r"[|:\s-]*")  # | --- | --- |, between a table's head and its body


@dataclass(frozen=True)
class Block:
    """A line of running text, or the rows of a table."""

    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def blocks_of(text: str) -> list[Block]:
    """Return the lines of a text; those that a Markdown table is made of together."""
    blocks = []
    for is_table, lines in groupby(filter(str.strip, text.split("\n")), _is_row):
        if is_table:
            cells = (line.strip().strip("|").split("|") for line in lines if not _is_rule(line))
            blocks.append(Block(rows=tuple(tuple(map(str.strip, row)) for row in cells)))
        else:
            blocks += map(Block, lines)
    return blocks


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line) is not None


# --- a whole text ------------------------------------------------------------------------------


@dataclass
class Section:
    """A heading, if any, with the provisions that stand right below it."""

    division: object | None  # models.Division
    provisions: list = field(default_factory=list)
    children: list["Section"] = field(default_factory=list)

    @property
    def heading_level(self) -> int:
        """The HTML level of its heading; the title of the statute is 1."""
        return min(self.division.level + 1, 6) if self.division else 1

    @property
    def provision_level(self) -> int:
        return min(self.heading_level + 1, 6)

    @property
    def style(self) -> str:
        return _STYLES.get(self.division.kind, "chapter" if self.division.level == 1 else "section")

    @property
    def marks(self) -> str:
        """What opens its heading in Markdown."""
        return "#" * self.heading_level

    @property
    def is_book(self) -> bool:
        """Whether it is a 编 with headings of its own: a contents list folds these."""
        return self.style == "book" and bool(self.children)

    @property
    def range(self) -> str:
        """The numbers of the provisions in it and below: 463–988; "" without any."""
        numbers = [provision.number for provision in self._all()]
        if not numbers:
            return ""
        first, last = numbers[0], numbers[-1]
        return str(first) if first == last else f"{first}–{last}"

    def _all(self) -> Iterator:
        yield from self.provisions
        for child in self.children:
            yield from child._all()


_STYLES = {"编": "book", "分编": "part", "章": "chapter", "节": "section"}


def arrange(divisions: Iterable, provisions: Iterable) -> list[Section]:
    """Return all sections in the order of the text, each also among its parent's children.

    Both are given in order. What stands before the first heading is a section without one.
    """
    sections = {None: Section(None)}
    for division in divisions:
        section = sections[division.pk] = Section(division)
        if division.parent_id in sections and division.parent_id is not None:
            sections[division.parent_id].children.append(section)
    for provision in provisions:
        sections[provision.division_id].provisions.append(provision)
    return list(sections.values())


def contents(sections: Sequence[Section]) -> list[Section]:
    """Return the sections at the top, from which their children lead down."""
    below = {id(child) for section in sections for child in section.children}
    return [section for section in sections if section.division and id(section) not in below]


# --- changes -----------------------------------------------------------------------------------

_ITEM_MARKS = tuple("（(")
_ALIKE = 0.4  # least likeness of two lines that are compared word by word
_MOST_PAIRS = 40_000  # of lines that are compared; beyond that whole texts are, word by word


@dataclass(frozen=True)
class MarkedLine:
    """A line of two texts in one, its changes marked. Never empty."""

    runs: tuple[Op, ...]

    @property
    def is_item(self) -> bool:
        return "".join(run.text for run in self.runs).startswith(_ITEM_MARKS)

    @property
    def is_gone(self) -> bool:
        """Whether nothing of it is left in the new text."""
        return all(run.change is Change.DELETE for run in self.runs)

    @property
    def is_new(self) -> bool:
        return all(run.change is Change.INSERT for run in self.runs)


def changes(old: str, new: str) -> list[MarkedLine]:
    """Return the lines of both texts in one, deleted ones before what came in their place.

    A line is compared with the line that it became; lines with little in common are shown whole,
    the one struck out, the other inserted.
    """
    old_lines, new_lines = _split(old), _split(new)
    if len(old_lines) * len(new_lines) > _MOST_PAIRS:
        return _cut_lines(diff_words(old, new))
    marked: list[MarkedLine] = []
    i = j = 0
    for next_i, next_j in [*_pairs(old_lines, new_lines), (len(old_lines), len(new_lines))]:
        marked += [MarkedLine((Op(Change.DELETE, line),)) for line in old_lines[i:next_i]]
        marked += [MarkedLine((Op(Change.INSERT, line),)) for line in new_lines[j:next_j]]
        if next_i < len(old_lines):
            marked.append(MarkedLine(tuple(diff_words(old_lines[next_i], new_lines[next_j]))))
        i, j = next_i + 1, next_j + 1
    return marked


def without(lines: Iterable[MarkedLine], change: Change) -> list[MarkedLine]:
    """Return the lines without what was deleted, or inserted."""
    kept = (tuple(run for run in line.runs if run.change is not change) for line in lines)
    return [MarkedLine(runs) for runs in kept if runs]


def _split(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of lines, in order and not crossing, that together are most alike."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[fuzz.ratio(a, b) / 100 for b in new] for a in old]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= _ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _cut_lines(ops: Iterable[Op]) -> list[MarkedLine]:
    lines: list[list[Op]] = [[]]
    for op in ops:
        first, *others = op.text.split("\n")
        lines[-1].append(Op(op.change, first))
        lines += [[Op(op.change, words)] for words in others]
    cleaned = (tuple(run for run in line if run.text) for line in lines)
    return [MarkedLine(runs) for runs in cleaned if runs]
