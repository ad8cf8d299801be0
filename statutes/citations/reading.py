"""A text as a reader sees it, and where each character of it was written. Pure.

Citations are broken by what is no part of them: `**《民法典》**第八条`, `《民法典》</span>第八条`,
`[《民法典》第八条](/statutes/…)`, 第 22 条, a line that ends inside a title. Here all of that is
taken out before anything is looked for, and put back when an offset is asked for.
"""

import re
from bisect import bisect_right
from functools import lru_cache

from statutes import numerals

_WRITTEN = re.compile(
    r"""
    (?=[\s\u200b-\u200d\u2060\ufeff<&\[\]*_~=]) (?:           # most characters begin nothing
    (?P<space>[\s\u200b-\u200d\u2060\ufeff]+)                 # also a line's end
    | (?P<tag><(?:/?(?P<element>[A-Za-z][A-Za-z0-9]{0,12})[^<>]{0,500}|!--[^<>]{0,500})>)
    | &(?P<entity>[a-zA-Z]{2,8}|\#[0-9]{2,6});                # &nbsp; &lt; &ldquo;
    | \[(?=[^\[\]\n]{1,300}\]\()                              # [《民法典》第八条](address)
    | \]\([^()\s]{0,1000}\)
    | \[\^[^\[\]\s]{1,30}\]                                   # the mark of a footnote
    | \*+ | __+ | ~~ | ==)                                    # **emphasis**
    """,
    re.VERBOSE,
)
_BLOCKS = frozenset("p br div li ul ol tr table blockquote h1 h2 h3 h4 h5 h6".split())
# A table of HTML is read as one of Markdown.
_CELLS = {"<td": "|", "<th": "|", "</tr": "|", "</thead": "\n|-|"}
_ENTITIES = {"lt": "〈", "gt": "〉", "ldquo": "“", "rdquo": "”", "quot": '"', "amp": "&"}
# Characters that are read as others: １０ as 10, (一) as （一）, ﹤民法典﹥ as 〈民法典〉.
_READ_AS = dict(
    zip("０１２３４５６７８９(),:;﹤﹥＜＞<>", "0123456789（），：；〈〉〈〉〈〉", strict=True)
)
_ANOTHER = re.compile(f"[{''.join(_READ_AS)}]")

# A line's end is the end of a paragraph before a blank line, after a full stop and before a mark
# of Markdown; elsewhere it may as well stand inside a title.
_PARAGRAPH_END = tuple("。！？；：”’…")
_MARKS = tuple("#>|-+")
# So is one before 第三条, unless a list goes on there.
_LIST_MARKS = tuple("、和及与或至")
_ARTICLE = re.compile(rf"第{numerals.NUMERAL}条")


@lru_cache(maxsize=4)
def reading_of(written: str) -> "Reading":
    """Return how a text is read; of a text that several ask about, once."""
    return Reading(written)


class Reading:
    """`text` is what a reader sees; `written` leads back to what was written."""

    def __init__(self, written: str) -> None:
        self._pieces: list[str] = []
        self._read_at: list[int] = []  # where each piece begins in `text`,
        self._written_at: list[int] = []  # and in what was written
        self._length = 0
        start = 0
        for markup in _WRITTEN.finditer(written):
            self._add(written[start : markup.start()], start)
            self._add(_seen(markup, written), markup.start())
            start = markup.end()
        self._add(written[start:], start)
        self.text = _ANOTHER.sub(_read_as, "".join(self._pieces))

    def _add(self, piece: str, written_at: int) -> None:
        if piece and not (piece == "\n" and self._pieces[-1:] == ["\n"]):
            self._pieces.append(piece)
            self._read_at.append(self._length)
            self._written_at.append(written_at)
            self._length += len(piece)

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets, in what was written, of the text from `start` to `end`.

        Markup before the first and after the last character is left out.
        """
        piece = bisect_right(self._read_at, start) - 1
        written = self._written_at[piece] + start - self._read_at[piece]
        following = piece + 1
        if following == len(self._read_at) or end <= self._read_at[following]:
            return written, written + end - start
        return written, self._offset(end - 1) + 1

    def read(self, written: int) -> int:
        """Return where in the text a reader comes to what was written at this offset."""
        piece = bisect_right(self._written_at, written) - 1
        if piece < 0:
            return 0
        following = self._read_at[piece + 1] if piece + 1 < len(self._read_at) else len(self.text)
        return min(self._read_at[piece] + written - self._written_at[piece], following)

    def _offset(self, at: int) -> int:
        piece = bisect_right(self._read_at, at) - 1
        return self._written_at[piece] + at - self._read_at[piece]


def _read_as(found: re.Match[str]) -> str:
    return _READ_AS[found[0]]


def _seen(markup: re.Match[str], written: str) -> str:
    """Return what a reader sees where this markup stands: mostly nothing, or one character."""
    if space := markup["space"]:
        return _seen_space(space, written, markup.start(), markup.end())
    if markup["tag"]:
        element = (markup["element"] or "").lower()
        mark = "</" if markup["tag"].startswith("</") else "<"
        return _CELLS.get(mark + element, "\n" if element in _BLOCKS else "")
    return _ENTITIES.get(markup["entity"] or "", "")


def _seen_space(space: str, written: str, start: int, end: int) -> str:
    if "\n" not in space:
        return ""
    is_paragraph_end = (
        space.count("\n") > 1
        or written.endswith(_PARAGRAPH_END, 0, start)
        or written.startswith(_MARKS, end)
        or (_ARTICLE.match(written, end) and not written.endswith(_LIST_MARKS, 0, start))
    )
    return "\n" if is_paragraph_end else ""
