"""Does a quotation say what the provision says? Pure.

Punctuation, its width, space and markup never count. Every word does: 应当 for 可以, a 不 left
out, an amount, a number of years, the number of an item.

A quotation may leave things out, if it leaves out whole clauses. So the official text is cut
where its punctuation cuts it, and a quotation is partial when it is some of these pieces, whole
and in their order; where the quotation itself has its commas does not matter. Words in a row that
begin or end within a clause, “诉讼时效期间为三年”, and several with …… between, are an excerpt:
they are the law's, but whether they still say what it says is for a person to judge. Torn from what
denies them they are altered.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from rapidfuzz import fuzz

from statutes import diff, numerals, terms
from statutes.citations.reading import Reading
from statutes.locators import Locator
from statutes.parts import lead, split_items, split_paragraphs, split_subitems


class Agreement(StrEnum):
    """How a quotation stands to the text it is compared with."""

    EXACT = "exact"  # word for word
    PARTIAL = "partial"  # whole clauses of it, word for word
    EXCERPT = "excerpt"  # words of it in a row, begun or ended within a clause, or …… between
    ALTERED = "altered"  # other words, or some left out that a clause cannot do without


@dataclass(frozen=True)
class Comparison:
    """What came of comparing a quotation with an official text.

    `likeness`, 0–1, is the share of the quotation's runs of characters found there, 1.0 unless
    altered; whether an altered text is this provision at all is for `whereabouts` to say.
    """

    agreement: Agreement
    likeness: float

    @property
    def is_faithful(self) -> bool:
        return self.agreement in (Agreement.EXACT, Agreement.PARTIAL)


def compare(quotation: str, official: str) -> Comparison:
    """Compare a quotation with the text of a provision, or of a part of one.

    >>> compare("处五日以下拘留.", "处五日以下拘留；情节较重的，处十日以下拘留。").agreement.value
    'partial'
    """
    quoted, pieces = bare(quotation), _pieces(official)
    if not _has_item_numbers(quoted):
        pieces = [_ITEM_NUMBER.sub("", piece) for piece in pieces]
    if not quoted:
        return Comparison(Agreement.ALTERED, 0.0)
    if quoted == "".join(pieces):
        return Comparison(Agreement.EXACT, 1.0)
    if len(quoted) < sum(map(len, pieces)) and _is_made_of(quoted, pieces):
        return Comparison(Agreement.PARTIAL, 1.0)
    if _is_excerpt(quoted, pieces) or _leaves_out(quotation, pieces):
        return Comparison(Agreement.EXCERPT, 1.0)
    return Comparison(Agreement.ALTERED, likeness(quoted, "".join(pieces)))


def compare_with_provision(quotation: str, provision: str, locator: Locator) -> Comparison:
    """Compare a quotation with the part of a provision that a citation names.

    Who cites an item may quote it alone or after the words that announce it; who cites a part may
    quote more than it, but not another part instead. A part that the provision does not have is
    not looked for.
    """
    narrow, wide = _cited_parts(provision, locator)
    results = [compare(quotation, part) for part in narrow]
    best = max(results, key=_rank)
    if best.is_faithful or narrow == [wide]:
        return best
    whole = compare(quotation, wide)
    if whole.is_faithful and any(bare(part) in bare(quotation) for part in narrow):
        return whole
    if best.agreement is Agreement.EXCERPT:
        return best
    return Comparison(Agreement.ALTERED, max(best.likeness, whole.likeness))


def repeats_what_changed(text: str, old: str, new: str) -> bool:
    """Return whether a text has a clause of the old provision that the new one has no longer.

    However it is given: quoted before the number or after it, or only said.

    >>> repeats_what_changed("可处五百元以下罚款。", "处五百元以下罚款。", "处一千元以下罚款。")
    True
    """
    said, kept = (_ITEM_NUMBER.sub("", bare(words)) for words in (text, new))
    clauses = (_ITEM_NUMBER.sub("", piece) for piece in _pieces(old))
    return any(
        len(clause) >= _CLAUSE and clause not in kept and clause in said for clause in clauses
    )


_SEVERAL = 2  # words of a sentence that tell which text it is about
_AROUND = 120  # characters of a sentence, before a citation and after it
_STOP = re.compile(r"[。！？；\n]")


def sentence_around(text: str, start: int, end: int) -> str:
    """Return the sentence in which a citation stands, without the citation."""
    before = _STOP.split(text[max(0, start - _AROUND) : start])[-1]
    after = _STOP.split(text[end : end + _AROUND], maxsplit=1)[0]
    return f"{before} {after}"


# 第九条（商业秘密）、第五十八条规定了撤销裁决的情形，
_OF_ONE_NUMBER = re.compile(
    r"（(?P<gist>[^（）\n]{2,24})）"
    r"|[则还也]?(?:规定|明确|要求|涉及|讲|是|为)了?的?(?P<clause>[^，。；：！？\n《第]{4,60})"
)


def words_of_one_number(text: str, end: int) -> str:
    """Return what a sentence says of the number that ends there, and of no other; "" if nothing."""
    said = _OF_ONE_NUMBER.match(text, end)
    return (said["gist"] or said["clause"]) if said else ""


def is_one_sentence(text: str, start: int, end: int) -> bool:
    """Return whether no sentence ends between two places of a text."""
    return _STOP.search(text, start, end) is None


def speaks_of(sentence: str, title: str, own: str, others: Iterable[str]) -> bool | None:
    """Return whether a sentence is about the provision that it cites; None if it does not tell.

    `own` and `others` are what the number cited says in versions of the statute called `title`.
    """
    said = {word for word in terms.words(sentence) if word not in title}
    shared, *besides = ({word for word in said if word in text} for text in (own, *others))
    if all(_tell(shared, words) for words in besides):
        return True
    return False if any(_tell(words, shared) for words in besides) else None


def _tell(words: set[str], other: set[str]) -> bool:
    """Return whether the words shared with a text tell it from another: all of its, and more."""
    return other <= words and len(words - other) >= _SEVERAL + len(other)


def changes(quotation: str, official: str) -> list[diff.Op]:
    """Return the words that a quotation changes: what is deleted is official, what is inserted not.

    What the official text says before and after the passage quoted is left out, unless nothing
    else differs; so is what goes beyond the length of any provision.
    """
    official = re.sub(r"\s+", "", official)[:_MOST_COMPARED]
    quoted = re.sub(r"\s+", "", Reading(quotation).text)[:_MOST_COMPARED]
    found = fuzz.partial_ratio_alignment(quoted, official)
    passage = official[found.dest_start : found.dest_end] if found else official
    runs = diff.diff_words(passage if len(quoted) < len(official) else official, quoted)
    if any(run.change is not diff.Change.EQUAL for run in runs):
        return runs
    return diff.diff_words(official, quoted)


# --- words without their punctuation ---------------------------------------------------------

_BLOCK_QUOTE = re.compile(r"^[^\S\n]*>+", re.MULTILINE)  # Markdown's
_ITEM_NUMBER = re.compile(r"⟨[^⟨⟩]{1,3}⟩")
# （一） and (2), which number an item; 第（一）项 is 第一项.
_BRACKETED_NUMBER = re.compile(
    r"(?P<ordinal>第)?"
    r"[（(]\s?(?P<number>[零〇一二三四五六七八九十]{1,3}|[0-9]{1,2})\s?[）)](?(ordinal)(?=[条款项目]))"
)
_TITLES_END = ("解释", "规定", "意见", "修正案")
# Between two digits a mark is a word: 1.5 is not 15, nor 1/3 or 1-3 13; but 1,000 is 1000.
_THOUSANDS = re.compile(r"(?<=[0-9])[,，](?=[0-9]{3}(?![0-9]))")
_IN_NUMBER = re.compile(r"(?<=[0-9])\s?([.．:：/／×-]|[－–—~～]{1,2})\s?(?=[0-9])")
_SAID = {".": "点", "．": "点", ":": "比", "：": "比", "/": "分", "／": "分", "×": "乘"}
# So are the signs of measuring; <80 was read as 〈80.
_NO_WORD = re.compile(r"[^\w%‰⟨⟩〈〉≥≤≧≦≠=＝±+＋℃°￥¥$€]|_|[〈〉](?![0-9])")
# Where a clause may be left out: after a stop, before an item, at a line's end. Not at 、, which
# parts the members of one clause.
_CUT = re.compile(r"[。；：，！？;:,!?\n]|……|(?=⟨)|(?<=[^0-9])\.(?![0-9])")


def bare(text: str) -> str:
    """Return the words of a text run together, item numbers marked: ⟨一⟩丧葬补助金为…."""
    return "".join(_pieces(text))


def _pieces(text: str) -> tuple[str, ...]:
    return _kept_pieces(text) if len(text) <= _MOST_COMPARED else _read_pieces(text)


def _read_pieces(text: str) -> tuple[str, ...]:
    lines = "\n".join(Reading(line).text for line in _BLOCK_QUOTE.sub("", text).split("\n"))
    read = lines.replace("％", "%").replace("〇", "零").replace("○", "零")
    read = _THOUSANDS.sub("", read)
    read = _IN_NUMBER.sub(lambda mark: _SAID.get(mark[1], "至"), read)
    read = _mark_items(read)
    pieces = (_NO_WORD.sub("", piece) for piece in _CUT.split(read))
    return tuple(piece for piece in pieces if piece)


# A text is compared with several others, a provision in many texts.
_kept_pieces = lru_cache(maxsize=2_000)(_read_pieces)


def _mark_items(text: str) -> str:
    """Mark the numbers of items: ⟨三⟩.

    After 解释 or 规定 a number is part of a title, as in 解释（一）, unless it goes on counting:
    …由国务院规定（三）….
    """
    last = 0

    def mark(number: re.Match[str]) -> str:
        nonlocal last
        if number["ordinal"]:
            return f"第{number['number']}"
        value = _value(number["number"])
        if text.endswith(_TITLES_END, 0, number.start()) and not value == last + 1 > 1:
            return number[0]
        last = value
        return f"⟨{number['number']}⟩"

    return _BRACKETED_NUMBER.sub(mark, text)


def _value(number: str) -> int:
    try:
        return numerals.parse(number)
    except ValueError:
        return 0


def _has_item_numbers(text: str) -> bool:
    return _ITEM_NUMBER.search(text) is not None


def _is_made_of(quoted: str, pieces: Sequence[str]) -> bool:
    """Return whether `quoted` is some of the pieces, whole and in order."""
    reached = {0}
    for piece in pieces:
        reached |= {at + len(piece) for at in reached if quoted.startswith(piece, at)}
    return len(quoted) in reached


# What the rest of a clause must not have: 不得, 未经, 禁止, …的除外; and no number is cut. First
# come words in which none of these denies anything.
_DENIALS = re.compile(
    "无期徒刑|无民事行为能力|没收|不可抗力|不当得利|不正当|不动产|未成年|未遂|免费|避免|监禁|拘禁"
    "|[解清消删排扣拆开]除|(?P<denies>[不未无非没勿莫毋禁免除])"
)
_NUMBER = re.compile(r"[0-9零一二三四五六七八九十百千万亿%‰]{2}")


def _is_excerpt(quoted: str, pieces: Sequence[str]) -> bool:
    """Return whether words stand in a row in a text, none torn from what denies them."""
    official = "".join(pieces)
    ends = list(accumulate(map(len, pieces), initial=0))
    at = official.find(quoted)
    while at >= 0:
        end = at + len(quoted)
        start, stop = ends[bisect_right(ends, at) - 1], ends[bisect_left(ends, end)]
        edges = (official[max(0, at - 1) : at + 1], official[end - 1 : end + 1])
        is_torn = any(map(_denies, (official[start:at], official[end:stop])))
        if not is_torn and not any(map(_NUMBER.fullmatch, edges)):
            return True
        at = official.find(quoted, at + 1)
    return False


_LEFT_OUT = re.compile(r"…+|\.{3,}|。{3,}")


def _leaves_out(quotation: str, pieces: Sequence[str]) -> bool:
    """Return whether a quotation is words in a row, then others further on, with …… between."""
    parts = [bare(part) for part in _LEFT_OUT.split(quotation)]
    parts = [part for part in parts if part]
    official, at = "".join(pieces), 0
    for part in parts:
        at = official.find(part, at) + len(part)
        if at < len(part) or not _is_excerpt(part, pieces):
            return False
    return len(parts) > 1


def _denies(words: str) -> bool:
    return any(found["denies"] for found in _DENIALS.finditer(words))


_CLAUSE = 8  # characters: shorter ones, 情节较重的, stand everywhere
_RUN = 2  # characters
_MOST_COMPARED = 4_000  # characters of a text; the longest provisions have 3,000
_MOST_TIMES = 4  # the length of the official text


def likeness(quoted: str, official: str) -> float:
    """Return how much of a quotation stands in one passage of the official text, 0–1.

    Half of it by the runs of two characters found, half by characters in order. What goes far
    beyond the length of the official text is not looked at, and counts as not found.
    """
    official = official[:_MOST_COMPARED]
    looked_at = quoted[: min(_MOST_COMPARED, _MOST_TIMES * len(official))]
    return _likeness(looked_at, official) * len(looked_at) / max(1, len(quoted))


def _likeness(quoted: str, official: str) -> float:
    found = fuzz.partial_ratio_alignment(quoted, official)
    if found is None:
        return 0.0
    spare = len(quoted) // 2
    passage = official[max(0, found.dest_start - spare) : found.dest_end + spare]
    runs = {quoted[i : i + _RUN] for i in range(max(1, len(quoted) - _RUN + 1))}
    shared = sum(run in passage for run in runs) / len(runs)
    in_order = fuzz.partial_ratio if len(quoted) <= len(official) else fuzz.ratio
    return (shared + in_order(quoted, official) / 100) / 2


# --- the part that is cited ------------------------------------------------------------------


def _rank(comparison: Comparison) -> tuple[int, float]:
    order = [Agreement.ALTERED, Agreement.EXCERPT, Agreement.PARTIAL, Agreement.EXACT]
    return order.index(comparison.agreement), comparison.likeness


def _cited_parts(provision: str, locator: Locator) -> tuple[list[str], str]:
    """Return the texts that the locator may mean, and the whole that they are part of."""
    paragraphs = split_paragraphs(provision)
    if locator.paragraph and locator.paragraph <= len(paragraphs):
        paragraphs = [paragraphs[locator.paragraph - 1]]
    if locator.item is None:
        return ["\n".join(paragraphs)], provision
    parts = []
    for paragraph in paragraphs:
        item = _item(split_items, paragraph, locator.item)
        if item and locator.subitem:
            item = _item(split_subitems, item, locator.subitem) or item
        if item:
            numbered = f"（{numerals.spell(locator.item)}）{item}"
            parts += [
                item,
                numbered,
                f"{lead(paragraph)}\n{item}",
                f"{lead(paragraph)}\n{numbered}",
            ]
    return parts or ["\n".join(paragraphs)], provision


def _item(split: Callable[[str], list[tuple[int, str]]], text: str, number: int) -> str:
    try:
        return dict(split(text)).get(number, "")
    except ValueError:
        return ""
