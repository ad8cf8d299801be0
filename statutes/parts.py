"""The parts of one provision: its 款, their 项, and the 目 of those. Pure: no Django."""

import re

from statutes import numerals

# （一）, (一): at the start of a line, or inside one after the words that announce it.
_ITEM = re.compile(
    rf"(?:^|(?<=[：:；;。]))[^\S\n]*[（(](?P<number>{numerals.CHINESE})[）)]\s*", re.MULTILINE
)
# 1. １． 1、 (1) （1） at the start of a line; not 1.5.
_SUBITEM = re.compile(
    rf"^[^\S\n]*(?:(?P<dotted>{numerals.ARABIC})[.．、](?![0-9０-９])"
    rf"|[（(](?P<bracketed>{numerals.ARABIC})[）)])\s*",
    re.MULTILINE,
)


def split_paragraphs(text: str) -> list[str]:
    """Return the 款 of a provision, each with the lines of its items.

    >>> split_paragraphs("有下列情形的：\\n（一）解散；\\n（二）破产。\\n前款规定…")
    ['有下列情形的：\\n（一）解散；\\n（二）破产。', '前款规定…']

    Every line opens a paragraph except an item, a subitem and a row of a table; and a line
    that stands between two items counting on belongs to the first of them.
    """
    paragraphs: list[list[str]] = []
    open_items: dict[re.Pattern[str], tuple[int, int]] = {}  # marker → (its number, paragraph)
    for line in text.split("\n"):
        marked = _line_number(line)
        if marked is None:
            if line.startswith("|") and paragraphs:
                paragraphs[-1].append(line)
            else:
                paragraphs.append([line])
            continue
        pattern, number = marked
        last, home = open_items.get(pattern, (0, -1))
        if number > 1 and number == last + 1:
            for between in paragraphs[home + 1 :]:
                paragraphs[home].extend(between)
            del paragraphs[home + 1 :]
        if paragraphs:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
        open_items[pattern] = (number, len(paragraphs) - 1)
        if pattern is _ITEM:
            open_items.pop(_SUBITEM, None)
    return ["\n".join(lines) for lines in paragraphs]


def split_items(paragraph: str) -> list[tuple[int, str]]:
    """Return the 项 of one paragraph as (number, text), in order.

    >>> split_items("有下列情形之一的：（一）解散；（二）破产。")
    [(1, '解散；'), (2, '破产。')]

    Empty if the paragraph has none. Items carry bracketed Chinese numerals: 《立法法》（2023年
    修正）第六十五条第二款; in older rules that have none, (1) or `1.` stand in their place.
    Raises ValueError if their numbers do not count up from one.
    """
    if _ITEM.search(paragraph):
        return _split(paragraph, _ITEM)
    return _split(paragraph, _SUBITEM)


def split_subitems(item: str) -> list[tuple[int, str]]:
    """Return the 目 of one item's text as (number, text), in order; empty if it has none.

    >>> split_subitems("下列证件：\\n1.护照；\\n2.签证。")
    [(1, '护照；'), (2, '签证。')]

    Raises ValueError if their numbers do not count up from one.
    """
    return _split(item, _SUBITEM)


def lead(paragraph: str) -> str:
    """Return the words of a paragraph, or of an item, before its first part.

    >>> lead("有下列情形之一的：（一）解散；（二）破产。")
    '有下列情形之一的：'
    """
    first = _ITEM.search(paragraph) or _SUBITEM.search(paragraph)
    return (paragraph[: first.start()] if first else paragraph).strip()


def _split(text: str, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    marks = list(pattern.finditer(text))
    numbers = [_number_of(mark) for mark in marks]
    if numbers != list(range(1, len(marks) + 1)):
        raise ValueError(f"parts do not count up from one: {numbers} in {text[:40]!r}")
    return [
        (number, text[mark.end() : following.start() if following else None].strip())
        for number, mark, following in zip(numbers, marks, [*marks[1:], None], strict=False)
    ]


def _line_number(line: str) -> tuple[re.Pattern[str], int] | None:
    """Return which kind of part a line opens, and its number."""
    for pattern in (_ITEM, _SUBITEM):
        if mark := pattern.match(line):
            return pattern, _number_of(mark)
    return None


def _number_of(mark: re.Match[str]) -> int:
    return numerals.parse(next(filter(None, mark.groups())))
