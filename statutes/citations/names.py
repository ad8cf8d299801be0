"""All names by which statutes are known, and what a name not among them may mean. Pure.

Built once from every alias; then a question costs a few comparisons, however many names there
are and however long the text is.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import fuzz, process

from statutes.aliases import STATE, normalise

_SHORTEST_GUESS = 8  # characters: shorter names differ by one and mean another statute
_SHORTEST_GIST = 4  # characters of a nickname that leaves out more: 婚姻家庭编解释（一）
_ALIKE = 92.0  # least likeness, of 100, of a misquoted title
_AHEAD = 2.5  # and so much more than any other statute has
_BRACKETS = re.compile("[《》〈〉]")
_CLOSING = ("》", "〉")
_MOST_BRACKETS = 8  # in one name

# 适用法律若干问题的: what a nickname leaves out of the title of an interpretation.
_FORM_WORDS = re.compile(
    r"最高人民法院|最高人民检察院|最高法院?|两高|中华人民共和国|公安部|司法部|司法解释|解释|规定"
    r"|关于|审理|办理|适用法律|(?:具体)?应用法律|适用|执行|若干|问题|案件|纠纷|的|、|等"
)
_PLACE = re.compile(r"^[一-鿿]{2,7}?(?:省|市|自治区|自治州|县)")
_TELLING = re.compile(
    r"[一二三四五六七八九十0-9]|补充|实施|细则|修改|决定|规定|解释|办法|条例|暂行|日常"
)
_LAW_APPLIED = re.compile(r"[一-鿿]{1,4}法(?![院律])")
_COURTS = re.compile("^(?:最高人民法院|最高人民检察院|、)+")
_INSIDE = re.compile("《[^《》]*》")
_PART = re.compile(r"（?([一二三四五六七八九十]{1,3})）?$")
_YEAR = re.compile(r"（(?:19|20)\d\d[^（）]{0,12}）$")


class Name(NamedTuple):
    """A known name in a text, and what it means."""

    start: int
    end: int
    statute: str  # the title


class Names:
    """Names as `aliases.normalise` leaves them → titles; numbers of documents → titles.

    >>> names = Names({"合同法": "中华人民共和国合同法", "劳动合同法": "中华人民共和国劳动合同法"})
    >>> names.ending_at("依据劳动合同法", 7).statute
    '中华人民共和国劳动合同法'
    """

    def __init__(
        self, titles: Mapping[str, str], document_numbers: Mapping[str, str] | None = None
    ) -> None:
        self._titles = dict(titles)
        self._numbers = {
            plain_number(number): title for number, title in (document_numbers or {}).items()
        }
        # Read backwards and sorted, the names that a text ends with stand right before the text,
        # but for names that begin with them: the longest is the text's neighbour or within it.
        self._backwards = sorted(name[::-1] for name in self._titles)
        self._longest = max(map(len, self._backwards), default=0)
        self._within = _beginnings(self._backwards)
        self._endings = {name[-2:] for name in self._titles}  # most ends of words are none of these

    def meant_by(self, name: str) -> str:
        """Return the title of the statute that has exactly this name; "" if none."""
        return self._titles.get(normalise(name), "")

    def all(self) -> list[str]:
        return list(self._titles)

    def numbered(self, number: str) -> str:
        """Return the title of the document with this number; "" if unknown."""
        return self._numbers.get(plain_number(number), "")

    def ending_at(self, text: str, end: int) -> Name | None:
        """Return the longest known name that ends there, 《》 inside it or around it left out."""
        ending = text[end - 2 : end] if end > 1 else ""
        if ending not in self._endings and not ending.endswith(_CLOSING):
            return None
        start = end - self._longest - _MOST_BRACKETS
        window = text[start if start > 0 else 0 : end]
        bare = _BRACKETS.sub("", window) if "》" in window or "〉" in window else window
        length = self._longest_at_end(bare)
        if not length:
            return None
        width = length if bare is window else _width(window, length)
        return Name(end - width, end, self._titles[bare[len(bare) - length :]])

    def _longest_at_end(self, text: str) -> int:
        """Return the length of the longest name that `text` ends with; 0 if none."""
        backwards = text[::-1]
        at = bisect_right(self._backwards, backwards) - 1
        while at >= 0 and not backwards.startswith(self._backwards[at]):
            at = self._within[at]
        return len(self._backwards[at]) if at >= 0 else 0

    # --- names that are not known --------------------------------------------------------------

    def guess(self, name: str) -> str:
        """Return the title that an unknown name must mean; "" if none or more than one could be.

        By its gist (劳动争议司法解释（三） → 关于审理劳动争议案件适用法律若干问题的解释（三）), by
        the same characters in another order, by a title inside that was lost (关于适用若干问题的
        规定（三）), or by all but a few characters.
        """
        plain = normalise(name)
        return (
            self._of_gist(plain)
            or _only(self._by_characters.get(_characters(plain), ()))
            or _only(self._hollow.get(_COURTS.sub("", plain), ()))
            or self._likeliest(plain)
        )

    def _of_gist(self, plain: str) -> str:
        if not re.search("解释|规定", plain):
            return ""
        gist = _gist(plain)
        titles = self._gists.get(gist, set())
        is_nickname = "解释" in plain and "关于" not in plain
        if not titles and is_nickname and len(gist) >= _SHORTEST_GIST:
            titles = set().union(*(self._gists[whole] for whole in self._gists if gist in whole))
        return _only(titles)

    def _likeliest(self, plain: str) -> str:
        if len(plain.replace(STATE, "")) < _SHORTEST_GUESS:
            return ""
        found = process.extract(
            plain, self._long_names, scorer=fuzz.ratio, score_cutoff=80, limit=8
        )
        scores: dict[str, float] = {}
        for known, score, _ in found:
            if _telling(known) == _telling(plain):
                scores.setdefault(self._titles[known], score)
        (best, score), (_, second) = [*scores.items(), ("", 0.0), ("", 0.0)][:2]
        return best if score >= _ALIKE and score - second >= _AHEAD else ""

    @cached_property
    def _long_names(self) -> list[str]:
        return [name for name in self._titles if len(name) >= _SHORTEST_GUESS]

    @cached_property
    def _gists(self) -> dict[str, set[str]]:
        gists: dict[str, set[str]] = defaultdict(set)
        for title in set(self._titles.values()):
            if "关于" in title and re.search(r"(?:解释|规定)(?:（.{1,3}）)?$", title):
                gists[_gist(normalise(title))].add(title)
        gists.pop("", None)
        return gists

    @cached_property
    def _by_characters(self) -> dict[str, set[str]]:
        same: dict[str, set[str]] = defaultdict(set)
        for name, title in self._titles.items():
            if len(name) >= _SHORTEST_GUESS:
                same[_characters(name)].add(title)
        return same

    @cached_property
    def _hollow(self) -> dict[str, set[str]]:
        hollow: dict[str, set[str]] = defaultdict(set)
        for title in set(self._titles.values()):
            if "《" in title[1:]:
                hollow[_COURTS.sub("", normalise(_INSIDE.sub("", title)))].add(title)
        return hollow


def plain_number(number: str) -> str:
    """Return 法释〔2020〕17号 however its brackets are, and for （2020）第17号司法解释."""
    year = re.search(r"[〔\[【（]((?:19|20)\d\d)[〕\]】）]第?(\d{1,5})号(司法解释)?", number)
    if year is None:
        return re.sub("中华人民共和国|第", "", number)
    issuer = "法释" if year[3] else number[: year.start()]
    return f"{issuer}〔{year[1]}〕{year[2]}号"


def without_year(title: str) -> tuple[str, int | None]:
    """Return 公司法（2018修正） as 公司法 and 2018."""
    mark = _YEAR.search(title)
    return (title[: mark.start()], int(mark[0][1:5])) if mark else (title, None)


def _gist(plain: str) -> str:
    part = _PART.search(plain)
    body = plain[: part.start()] if part else plain
    return _FORM_WORDS.sub("", body) + (f"（{part[1]}）" if part else "")


def _only(titles: Collection[str]) -> str:
    return next(iter(titles)) if len(titles) == 1 else ""


def _characters(name: str) -> str:
    return "".join(sorted(name.replace(STATE, "")))


def _telling(name: str) -> list[str]:
    """Return what makes two names differ however alike the rest is: 浙江省, （三）, 补充, 解释."""
    applied = _LAW_APPLIED.findall(name) if "关于" in name else []
    return [*_PLACE.findall(name), *_TELLING.findall(name), *applied]


def _width(window: str, length: int) -> int:
    """Return how many characters at the end of `window` hold `length` besides brackets."""
    width = 0
    while length:
        width += 1
        length -= not _BRACKETS.match(window[-width])
    opened = width < len(window) and window[-width - 1] in "《〈" and window[-1] in "》〉"
    return width + opened


def _beginnings(names: list[str]) -> list[int]:
    """Return for each of the sorted names the longest other one it begins with; -1 if none."""
    within: list[int] = []
    open_names: list[int] = []
    for number, name in enumerate(names):
        while open_names and not name.startswith(names[open_names[-1]]):
            open_names.pop()
        within.append(open_names[-1] if open_names else -1)
        open_names.append(number)
    return within
