"""A citation as it is typed into a search box → as prose has it. Pure: no Django.

`find_citations` reads prose. Who types leaves out what can be left out: 民法典1032, 刑法287之二,
minfadian 1032; or begins with the number: 第1032条民法典.
"""

import re
from collections.abc import Callable

from statutes import numerals
from statutes.terms import query_words

_NUMBER = numerals.NUMERAL
_IN_LETTERS = re.compile(r"^(?P<letters>[a-z][a-z' ]*)(?=第?\s*[0-9])")
_NUMBER_FIRST = re.compile(
    rf"^(?P<sign>第)?\s*(?P<number>{_NUMBER})\s*(?P<unit>条)?(?:之(?P<suffix>{_NUMBER}))?"
    r"[\s,的]*《?(?P<name>[^《》]+)》?$"
)
# 刑法一百三十三条, 民法典1032 隐私权: after what names end with, for 有三条路 names nothing.
_SIGN_LEFT_OUT = re.compile(
    rf"(?<=[》法典例定则释])\s*(?:(?P<number>{_NUMBER})\s*条"
    r"|(?P<bare>[0-9]{2,4})(?=\s+(?![年月天日次人个元万块岁])))"
)
# 民法典1032, 民诉:第147, 刑法287之二, 刑法287-2, 民法典1032-1034: all after a name.
_UNIT_LEFT_OUT = re.compile(
    rf"(?<=[》一-鿿])(?<![之条第])[\s:#]*(?P<sign>第)?\s*(?P<number>{_NUMBER})"
    rf"(?:之(?P<suffix>{_NUMBER})|\s*[-~至]\s*第?(?P<last>{_NUMBER}))?$"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")  # 公司法2023, 2024公司法: of a version, no provision


def written_out(question: str, spelt: Callable[[str], str], is_name: Callable[[str], bool]) -> str:
    """Return a plain question with the citation that it is, or ends with, written in full.

    `spelt` gives the name that is written so in pinyin, or ""; `is_name` tells whether a
    statute has such a name.

    >>> written_out("我想看民法典1032", lambda letters: "", lambda name: False)
    '我想看民法典第1032条'
    """
    if begun := _IN_LETTERS.match(question):
        name = spelt(re.sub("[^a-z]", "", begun["letters"]))
        question = name + question[begun.end() :] if name else question
    turned = _NUMBER_FIRST.match(question)
    if turned and is_name(turned["name"]):
        number = turned["number"]
        if turned["sign"] or turned["unit"] or (number.isdigit() and not _YEAR.fullmatch(number)):
            return turned["name"] + _place(number, turned["suffix"])
    question = _SIGN_LEFT_OUT.sub(_with_sign, question)
    return _UNIT_LEFT_OUT.sub(_in_full, question)


# What is said around a citation by those who only want to know what it says.
_WHAT_IT_SAYS = re.compile(
    "怎么|怎样|如何|什么|应该|理解|解读|解释|解析|释义|意思|含义|内容|规定|全文|原文|条文|请问|查询|[我想看查找的是了呢吗]"
)


def asks_for_more(rest: str) -> bool:
    """Return whether a question asks for more than the provision that it cites.

    >>> asks_for_more("怎么理解？"), asks_for_more("怎么赔偿？")
    (False, True)
    """
    return bool(query_words(_WHAT_IT_SAYS.sub(" ", rest)))


def _with_sign(found: re.Match) -> str:
    if found["bare"] and _YEAR.fullmatch(found["bare"]):
        return found[0]
    return _place(found["number"] or found["bare"])


def _in_full(found: re.Match) -> str:
    number, last = found["number"], found["last"]
    if not found["sign"] and _YEAR.fullmatch(number):
        return found[0]
    if last and _is_after(number, last):
        return f"{_place(number)}至{_place(last)}"
    return _place(number, found["suffix"] or last)


def _place(number: str, suffix: str | None = None) -> str:
    return f"第{number}条" + (f"之{suffix}" if suffix else "")


def _is_after(number: str, last: str) -> bool:
    try:
        return numerals.parse(last) > numerals.parse(number)
    except ValueError:
        return False
