"""Runs of marked text → one line of Markdown that renders back to the same words. Pure.

Escapes only what python-markdown would read as markup at that place, so that an editor sees
ordinary prose.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

STRONG, EM, CODE = "strong", "em", "code"
HTML_MARKS = ("del", "u", "sub", "sup")  # what Markdown has no sign for stays an element
BLANK = " \t\n\r\f\v\u00a0\u3000"


@dataclass(frozen=True)
class Run:
    """Characters of one look. With `source` it is a picture, with `note` a call of a footnote."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str = ""
    source: str = ""
    note: str = ""


def tidy(runs: Iterable[Run]) -> list[Run]:
    """Return one line's runs with its blanks folded, its ends bare, raw ** made bold."""
    return _bold_stars(_fold_blanks(_join(runs)))


def words(runs: Iterable[Run]) -> str:
    """Return what a reader sees of the runs, without marks and pictures."""
    return "".join(run.text for run in runs if not run.source and not run.note)


def write(runs: Sequence[Run], *, in_table: bool = False) -> str:
    """Return one tidy line as Markdown; a line begins it, so marks of blocks are escaped."""
    text = words(runs)
    linked = any(run.href or run.source or run.note for run in runs)
    brackets = linked or bool(_OPENS_LINK.search(text))
    present = frozenset().union(*(run.marks for run in runs))
    order = [mark for mark in _ORDER if mark in present]
    line = _nest(runs, ["href", *order] if linked else order, _Escape(brackets, in_table))
    return line if in_table else _escape_start(line)


# --- Tidying -------------------------------------------------------------------------


def _join(runs: Iterable[Run]) -> list[Run]:
    """Join neighbours of one look."""
    joined: list[Run] = []
    for run in runs:
        if not (run.text or run.source or run.note):
            continue
        last = joined[-1] if joined else None
        plain = last and not (last.source or last.note or run.source or run.note)
        if plain and (last.marks, last.href) == (run.marks, run.href):
            joined[-1] = replace(last, text=last.text + run.text)
        else:
            joined.append(run)
    return joined


_BLANKS = re.compile(f"[{BLANK}]+")
_CHINESE = re.compile(r"[　-〿㐀-䶿一-鿿豈-﫿＀-￯“”‘’…—]")


def _fold_blanks(runs: list[Run]) -> list[Run]:
    """Make each stretch of blanks, which may run over several runs, one character or none."""
    text = "".join(_stand_in(run) for run in runs)
    kept = []
    start = 0
    for found in _BLANKS.finditer(text):
        before = text[found.start() - 1] if found.start() else ""
        after = text[found.end()] if found.end() < len(text) else ""
        kept.append(text[start : found.start()])
        kept.append(_blank(found[0], before, after).ljust(len(found[0]), "\0"))
        start = found.end()
    kept.append(text[start:])
    folded = "".join(kept)
    result, at = [], 0
    for run in runs:
        length = len(_stand_in(run))
        if run.source or run.note:
            result.append(run)
        else:
            result.append(replace(run, text=folded[at : at + length].replace("\0", "")))
        at += length
    return _join(result)


def _stand_in(run: Run) -> str:
    return "\ufffc" if run.source or run.note else run.text


def _blank(blanks: str, before: str, after: str) -> str:
    if not before or not after:
        return ""
    if "\u3000" in blanks:
        return "\u3000"
    if "\u00a0" not in blanks and ("\n" in blanks or "\r" in blanks):
        return "" if _CHINESE.match(before) and _CHINESE.match(after) else " "
    return " "


_STARS = re.compile(r"\*\*(?![*\s])([^*]{1,300}?)(?<!\s)\*\*(?!\*)")


def _bold_stars(runs: list[Run]) -> list[Run]:
    """Make raw **words**, left by whoever pasted Markdown into HTML, bold."""
    text = "".join("\ufffc" if run.source or run.note else run.text for run in runs)
    if "**" not in text:
        return runs
    inside, stars = set(), set()
    for found in _STARS.finditer(text):
        inside.update(range(found.start(1), found.end(1)))
        stars.update((found.start(), found.start() + 1, found.end() - 2, found.end() - 1))
    result, at = [], 0
    for run in runs:
        if run.source or run.note:
            result.append(run)
            at += 1
            continue
        places = [place for place in range(at, at + len(run.text)) if place not in stars]
        code = CODE in run.marks
        for is_inside, group in groupby(places, key=inside.__contains__):
            marks = run.marks | {STRONG} if is_inside and not code else run.marks
            result.append(replace(run, text="".join(text[p] for p in group), marks=marks))
        at += len(run.text)
    return _join(result)


# --- Escaping ------------------------------------------------------------------------

_OPENS_LINK = re.compile(r"\][ \t]?[(\[:]|\[\^|!\[")
_ENTITY = re.compile(r"&(?=#|[a-zA-Z0-9]+;)")
_UNDERSCORE = re.compile(r"_(?!(?<=[^\W_]_)[^\W_])")  # inside a word it is no mark


@dataclass(frozen=True)
class _Escape:
    """How the text of one line is escaped."""

    brackets: bool  # the line has links, or what would look like one
    in_table: bool

    def __call__(self, text: str) -> str:
        text = _ENTITY.sub("&amp;", text).replace("\\", "\\\\").replace("<", "&lt;")
        text = text.replace("`", "&#96;" if self.in_table else "\\`").replace("*", "\\*")
        text = _UNDERSCORE.sub(r"\\_", text)
        if self.brackets:
            text = text.replace("[", "\\[").replace("]:", "&#93;:").replace("]", "\\]")
            text = re.sub(r"!$", r"\\!", text)  # a link may follow, which is no picture
        return text.replace("|", "\\|") if self.in_table else text


_STARTS = [
    (re.compile(r"(#)"), r"\\\1"),
    (re.compile(r"([-+])(?= |$)"), r"\\\1"),
    (re.compile(r"(\d+)\.(?= |$)"), r"\1\\."),
    (re.compile(r">"), r"\\>"),
    (re.compile(r"-(?=[-: |]*$)"), r"\\-"),
    (re.compile(r"=(?==*\s*$)"), "&#61;"),
    (re.compile(r"~(?=~~)"), "&#126;"),
    (re.compile(r":(?=[-:| ]*$)"), "&#58;"),
    (re.compile(r"\|(?=[-:| ]*$)"), "&#124;"),
]


def _escape_start(line: str) -> str:
    for pattern, replacement in _STARTS:
        line = pattern.sub(replacement, line, count=1) if pattern.match(line) else line
    return line


# --- Writing -------------------------------------------------------------------------

_ORDER = (STRONG, EM, *HTML_MARKS, CODE)  # from the outside in


def _nest(runs: Sequence[Run], order: Sequence[str], escape: _Escape) -> str:
    """Write runs, each mark around all neighbours that have it."""
    if not order:
        return "".join(_plain(run, escape) for run in runs)
    mark, inner = order[0], order[1:]
    parts = []
    groups = groupby(runs, key=lambda run: run.href if mark == "href" else mark in run.marks)
    for marked, group in groups:
        members = list(group)
        if mark == "href" and marked:
            parts.append(_link(members, str(marked), inner, escape))
        elif marked:
            parts.append(_marked(members, mark, inner, escape))
        else:
            parts.append(_nest(members, inner, escape))
    return "".join(parts)


def _plain(run: Run, escape: _Escape) -> str:
    if run.note:
        return f"[^{run.note}]"
    if run.source:
        alt = re.sub(r"[\[\]]", "", " ".join(run.text.split()))
        return f"![{escape(alt)}]({address(run.source)})"
    return escape(run.text)


def address(url: str) -> str:
    """Return an address as Markdown's round brackets hold it."""
    return re.sub(r"[\s()<>\[\]\"'\\`*_|]", lambda found: _percent(found[0]), url)


def _percent(character: str) -> str:
    return "_" if character == "_" else "".join(f"%{byte:02X}" for byte in character.encode())


def _link(runs: list[Run], href: str, order: Sequence[str], escape: _Escape) -> str:
    bare = [replace(run, href="") for run in runs]
    before, middle, after = _ends(bare)
    label = _nest(middle, order, escape)
    if not label.strip():
        return before + label + after
    return f"{before}[{label}]({address(href)}){after}"


def _marked(runs: list[Run], mark: str, order: Sequence[str], escape: _Escape) -> str:
    before, middle, after = _ends(runs)
    inner = _nest(middle, order, escape)
    if not inner:
        return before + after
    if mark == STRONG and not inner.startswith(("*", "\\*")) and not inner.endswith("*"):
        return f"{before}**{inner}**{after}"
    if mark == CODE and not re.search(r"[\\&<`|*_\[]", words(middle)) and len(middle) == 1:
        return f"{before}`{words(middle)}`{after}"
    return f"{before}<{mark}>{inner}</{mark}>{after}"


def _ends(runs: list[Run]) -> tuple[str, list[Run], str]:
    """Take the blanks off both ends of runs; Markdown's marks must touch a word."""
    middle = list(runs)
    before = after = ""
    if middle and not (middle[0].source or middle[0].note):
        text = middle[0].text.lstrip(BLANK)
        before = middle[0].text[: len(middle[0].text) - len(text)]
        middle[0] = replace(middle[0], text=text)
    if middle and not (middle[-1].source or middle[-1].note):
        text = middle[-1].text.rstrip(BLANK)
        after = middle[-1].text[len(text) :]
        middle[-1] = replace(middle[-1], text=text)
    return before, middle, after
