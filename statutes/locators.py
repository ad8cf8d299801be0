"""Which part of a statute is meant: 第一百三十三条之一第二款第三项第1目. Pure.

A locator has two written forms, and each can be read back:

- a label for people: 第一百三十三条之一第二款第三项第1目;
- a fragment for addresses: `article-133-1-p2-i3-s1`, ASCII and stable. After the number of the
  article stands the suffix, if any (之一 is 1), then p for 款, i for 项, s for 目; a level that the
  locator leaves out is left out: 第十六条第二项 is `article-16-i2`.
"""

import re
from dataclasses import dataclass
from functools import total_ordering

from statutes import numerals


@total_ordering
@dataclass(frozen=True)
class Locator:
    """One article of a statute, or a part of it. Numbers count from 1.

    In order of the text: an article comes before its parts, 第三条之一 after all of 第三条.
    """

    article: int  # 条
    suffix: int = 0  # 之一 = 1; 0 if none
    paragraph: int | None = None  # 款
    item: int | None = None  # 项
    subitem: int | None = None  # 目

    def __post_init__(self) -> None:
        parts = (self.article, self.paragraph, self.item, self.subitem)
        if self.suffix < 0 or any(part is not None and part < 1 for part in parts):
            raise ValueError(f"a part of a statute is numbered from 1: {self!r}")
        if max(self.suffix, *(part or 0 for part in parts)) > numerals.LARGEST:
            raise ValueError(f"no statute numbers beyond {numerals.LARGEST}: {self!r}")
        if self.subitem is not None and self.item is None:
            raise ValueError(f"a 目 stands in a 项: {self!r}")

    def __lt__(self, other: "Locator") -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[int, ...]:
        parts = (self.article, self.suffix, self.paragraph, self.item, self.subitem)
        return tuple(part or 0 for part in parts)

    @property
    def is_article(self) -> bool:
        """Whether it is a whole 条, not a part of one."""
        return self.paragraph is None and self.item is None

    @property
    def whole(self) -> "Locator":
        """The 条 that it is, or is part of."""
        return Locator(self.article, self.suffix)

    @property
    def fragment(self) -> str:
        """The id of this part in a page: article-133-1-p2-i3-s1."""
        fragment = f"article-{self.article}"
        if self.suffix:
            fragment += f"-{self.suffix}"
        for letter, part in (("p", self.paragraph), ("i", self.item), ("s", self.subitem)):
            if part is not None:
                fragment += f"-{letter}{part}"
        return fragment

    @property
    def label(self) -> str:
        """This part as a lawyer writes it: 第一百三十三条之一第二款第三项第1目."""
        label = article_label(self.article, self.suffix)
        if self.paragraph is not None:
            label += f"第{numerals.spell(self.paragraph)}款"
        if self.item is not None:
            label += f"第{numerals.spell(self.item)}项"
        if self.subitem is not None:
            label += f"第{self.subitem}目"
        return label

    def __str__(self) -> str:
        return self.label


def article_label(article: int, suffix: int = 0) -> str:
    """Return 第一百三十三条之一."""
    label = f"第{numerals.spell(article)}条"
    return f"{label}之{numerals.spell(suffix)}" if suffix else label


_COUNT = r"[1-9][0-9]{0,4}"

_FRAGMENT = re.compile(
    rf"""
    article-(?P<article>{_COUNT})   # article-133
    (?:-(?P<suffix>{_COUNT}))?      # -1
    (?:-p(?P<paragraph>{_COUNT}))?  # -p2
    (?:-i(?P<item>{_COUNT}))?       # -i3
    (?:-s(?P<subitem>{_COUNT}))?    # -s1
    """,
    re.VERBOSE | re.ASCII,
)


def _level(name: str, unit: str) -> str:
    """第二款, 第（二）项, （二）项 and, with space as some write it, 第 22 条."""
    return rf"第?\s?[（(]?\s?(?P<{name}>{numerals.NUMERAL})\s?[）)]?\s?{unit}"


_LABEL = re.compile(
    rf"""
    {_level("article", "条")}                        # 第一百三十三条
    (?:之(?P<suffix>{numerals.NUMERAL}))?            # 之一
    (?:{_level("paragraph", "款")})?                 # 第二款
    (?:{_level("item", "项")})?                      # 第三项
    (?:{_level("subitem", "目")})?                   # 第1目
    """,
    re.VERBOSE,
)


def parse_fragment(fragment: str) -> Locator:
    """Return the locator that `fragment` stands for. Raises ValueError naming it if none."""
    return _read(_FRAGMENT, fragment)


def parse_label(label: str) -> Locator:
    """Return the locator that `label` names, in any of the ways people write it.

    >>> parse_label("第133条之一第（二）项")
    Locator(article=133, suffix=1, paragraph=None, item=2, subitem=None)

    Raises ValueError naming `label` if it is not a locator from end to end.
    """
    return _read(_LABEL, label)


def _read(pattern: re.Pattern[str], text: str) -> Locator:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(f"not a part of a statute: {text!r}")
    try:
        parts = {level: numerals.parse(n) for level, n in match.groupdict().items() if n}
        return Locator(**parts)
    except ValueError as error:
        raise ValueError(f"not a part of a statute: {text!r}") from error
