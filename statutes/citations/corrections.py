"""Which characters of a text to replace so that a citation is right. Pure.

An edit is offered only where it is certain: a number that a range shares, one broken by markup or
one that a later number takes its name from is left to the author. Nothing outside is touched.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from statutes import numerals, reading
from statutes.citations.comparing import bare, compare_with_provision
from statutes.citations.find import Citation, find_citations
from statutes.citations.names import Names
from statutes.citations.places import read_places
from statutes.citations.quotations import Manner, Quotation, find_quotations
from statutes.citations.reading import Reading
from statutes.locators import Locator


@dataclass(frozen=True)
class Edit:
    """Put `text` in the place of the characters from `start` to `end`, end excluded."""

    start: int
    end: int
    text: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits made that do not overlap."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def overlap(edits: Iterable[Edit]) -> bool:
    """Return whether any two edits touch the same characters."""
    ordered = sorted(edits, key=lambda edit: edit.start)
    return any(a.end > b.start for a, b in pairwise(ordered))


# --- the number ------------------------------------------------------------------------------

_MARKUP = frozenset("*_`[]<>~=|\\&\n")
_STEP = re.compile(
    rf"""
    (?P<opening>第?\s?[（(]?\s?)
    (?P<number>{numerals.NUMERAL})
    (?P<closing>\s?[）)]?\s?(?P<unit>条|款|项|目)?)
    (?:(?P<of>\s?之\s?)(?P<suffix>{numerals.NUMERAL}))?
    """,
    re.VERBOSE,
)


def renumbered(text: str, citation: Citation, locator: Locator, title: str = "") -> Edit | None:
    """Return the edit that lets a citation name another place, of the statute `title` if given.

    Numerals stay as the author writes them, 第42条, 第４２条 or 第四十二条, and so do a name,
    spaces and brackets. None where that is not certain.
    """
    number = _number_of(text, citation)
    if number is None or citation.names_a_version:
        return None
    written = _in_style(text[slice(*number)], locator)
    if not title:
        return Edit(*number, written)
    if _MARKUP & set(text[citation.start : citation.end]):
        return None
    return Edit(citation.start, citation.end, f"《{title}》{written}")


def _number_of(text: str, citation: Citation) -> tuple[int, int] | None:
    """Return where a citation's number stands; None where others share it or markup breaks it."""
    seen = Reading(text[citation.start : citation.end])
    for at, character in enumerate(seen.text):
        if character != "第" and not character.isdecimal():
            continue
        places = read_places(seen.text, at)
        if len(places) == 1 and places[0].locator == citation.locator:
            start, end = seen.written(places[0].start, places[0].end)
            number = text[citation.start + start : citation.start + end]
            is_whole = places[0].end == len(seen.text) and not _MARKUP & set(number)
            return (citation.start + start, citation.start + end) if is_whole else None
    return None


def _in_style(number: str, locator: Locator) -> str:
    """Write a locator as another was written, level by level."""
    steps = {step["unit"] or "项": step for step in _STEP.finditer(number)}
    first = next(iter(steps.values()))["number"]
    levels = [
        ("条", locator.article),
        ("款", locator.paragraph),
        ("项", locator.item),
        ("目", locator.subitem),
    ]
    written = ""
    for unit, count in levels:
        if count is None:
            continue
        step = steps.get(unit)
        model = step["number"] if step else "1" if unit == "目" else first
        opening, closing = (step["opening"], step["closing"]) if step else ("第", unit)
        written += opening + _spelled(count, model) + closing
        if unit == "条" and locator.suffix:
            written += "之" + _spelled(locator.suffix, (step and step["suffix"]) or "一")
    return written


_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def _spelled(number: int, model: str) -> str:
    if model[0] in "０１２３４５６７８９":
        return str(number).translate(_FULL_WIDTH)
    return str(number) if model[0].isdecimal() else numerals.spell(number)


# --- the words -------------------------------------------------------------------------------

_MOST_LINES = 25  # of a provision, among which every run is tried
_ALIKE = 40  # per cent from which a quotation is meant to be a certain run of lines
_ITEM_MARK = re.compile(r"^(?:（[^（）]{1,5}）|[0-9]{1,2}[.．、])")
_STOPS = "。；，：、"
_SPECIAL = re.compile(r"[\\`*_\[\]<>~|]|(?<=^[0-9])[.)]|(?<=^[0-9][0-9])[.)]|^[#+-]")
_QUOTE_MARKS = re.compile(r"[ \t]*(?:>[ \t]?)*")
_LIST_MARK = re.compile(r"(?:[-+*]|[0-9]{1,3}[.)])[ \t]+")


def requoted(
    text: str, quotation: Quotation, place: Locator, official: str, locator: Locator
) -> Edit | None:
    """Return the edit that lets a quotation have the words of the provision cited.

    `official` is the text of the provision at `place`; of the part `locator` those lines are
    taken that the author meant. The marks of quotation, block quote and list stay. None where
    nothing would change.
    """
    lines = reading.part(place, official, locator) or reading.lines_of(place, official)
    all_lines = reading.lines_of(place, official)
    has_numbers = "⟨" in bare(quotation.text)
    chosen = _meant(quotation.text, lines, all_lines, has_numbers)
    words = [_as_quoted(line, quotation, text, has_numbers) for line in chosen]
    words[-1] = _ended(words[-1], quotation)
    replacement = _joint(text, quotation).join(words)
    faithful = compare_with_provision(replacement, official, locator).is_faithful
    if replacement == text[quotation.start : quotation.end] or not faithful:
        return None
    return Edit(quotation.start, quotation.end, replacement)


def _meant(
    words: str, lines: Sequence[reading.Line], whole: Sequence[reading.Line], has_numbers: bool
) -> list[reading.Line]:
    """Return the run of lines that is most like the words, perhaps after what announces it."""
    quoted = bare(words)

    def alike(run: Sequence[reading.Line]) -> float:
        return fuzz.ratio(quoted, "".join(bare(_unnumbered(line, has_numbers)) for line in run))

    best = max(_runs(lines, whole), key=lambda run: (alike(run), -len(run)))
    return best if alike(best) >= _ALIKE else list(lines)


def _runs(
    lines: Sequence[reading.Line], whole: Sequence[reading.Line]
) -> Iterable[list[reading.Line]]:
    yield list(lines)
    for start, first in enumerate(lines):
        opening = _opening(first, whole)
        longest = len(lines) - start if len(lines) <= _MOST_LINES else 1
        for length in range(1, longest + 1):
            run = list(lines[start : start + length])
            yield run
            if opening:
                yield [opening, *run]


def _opening(line: reading.Line, whole: Sequence[reading.Line]) -> reading.Line | None:
    """Return the words that announce a 项; None for a line that needs none."""
    if line.kind == "paragraph":
        return None
    before = whole[: whole.index(line)]
    return next((each for each in reversed(before) if each.kind == "paragraph"), None)


def _unnumbered(line: reading.Line, has_numbers: bool) -> str:
    is_numbered = line.kind != "paragraph" and not has_numbers
    return _ITEM_MARK.sub("", line.text) if is_numbered else line.text


def _as_quoted(line: reading.Line, quotation: Quotation, text: str, has_numbers: bool) -> str:
    words = _SPECIAL.sub(r"\\\g<0>", _unnumbered(line, has_numbers).strip())
    if quotation.manner is Manner.QUOTED and text.endswith("“", 0, quotation.start):
        words = words.replace("“", "‘").replace("”", "’")
    return words


def _ended(words: str, quotation: Quotation) -> str:
    """End the last line with the author's stop, or with none as he does within marks."""
    last = quotation.text.rstrip()[-1:]
    if last in ("。", "；"):
        return words.rstrip(_STOPS) + last
    return words.rstrip(_STOPS) if quotation.manner is Manner.QUOTED else words


def _joint(text: str, quotation: Quotation) -> str:
    """Return what stands between two lines: a paragraph's end where the author sets lines."""
    begin = text.rfind("\n", 0, quotation.start) + 1
    marks = _QUOTE_MARKS.match(text, begin, quotation.start)[0]
    is_quote = ">" in marks
    if text.startswith("|", begin) or not (is_quote or "\n" in quotation.text):
        return ""
    list_mark = _LIST_MARK.match(text, begin + len(marks), quotation.start)
    within = marks if not is_quote or marks.endswith((" ", "\t")) else f"{marks} "
    return f"\n{marks.rstrip()}\n{within}{'    ' if list_mark else ''}"


# --- certainty -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Aim:
    """What a citation, the `position`th of its text, should be after an edit.

    `official` is the text of its provision; "" if it quotes nothing, or its words are not meant
    to be the law's.
    """

    position: int
    statute: str
    locator: Locator
    official: str = ""


def is_certain(
    text: str,
    citations: Sequence[Citation],
    edits: Sequence[Edit],
    aims: Sequence[Aim],
    names: Names,
) -> bool:
    """Return whether edits do what is aimed at, and change no other citation.

    What the words put in cite themselves, or those taken out did, is not looked at.
    """
    wanted = {aim.position: (aim.statute, aim.locator) for aim in aims}
    kept = [
        (position, citation)
        for position, citation in enumerate(citations)
        if position in wanted or not _is_in_any(citation, edits)
    ]
    expected = [wanted.get(p, (citation.statute, citation.locator)) for p, citation in kept]
    text = applied(text, edits)
    found = find_citations(text, names)
    put_in = list(_put_in(edits))
    left = [each for each in found if not _is_in_any(each, put_in, but=set(wanted.values()))]
    if [(each.statute, each.locator) for each in left] != expected:
        return False
    quoting = [aim for aim in aims if aim.official]
    if not quoting:
        return True
    quoted = {id(c): q for q in find_quotations(text, found) for c in q.citations}
    now = {position: each for (position, _), each in zip(kept, left, strict=True)}
    return all(_agrees(quoted.get(id(now[aim.position])), aim) for aim in quoting)


def _agrees(quotation: Quotation | None, aim: Aim) -> bool:
    return (
        quotation is not None
        and compare_with_provision(quotation.text, aim.official, aim.locator).is_faithful
    )


def _is_in_any(citation: Citation, edits: Iterable[Edit], but: Iterable = ()) -> bool:
    if (citation.statute, citation.locator) in but:
        return False
    return any(edit.start <= citation.start and citation.end <= edit.end for edit in edits)


def _put_in(edits: Sequence[Edit]) -> Iterable[Edit]:
    """Yield the edits by where their words stand after all are made."""
    moved = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        start = edit.start + moved
        yield Edit(start, start + len(edit.text), edit.text)
        moved += len(edit.text) - (edit.end - edit.start)
