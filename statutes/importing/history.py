"""The history of a statute as its header tells it: adopted, promulgated, amended, in force. Pure.

A header is lines such as

    1991年4月9日 第七届全国人民代表大会第四次会议通过
    2007年10月28日 第十届…《关于修改〈中华人民共和国民事诉讼法〉的决定》第一次修正
    2024年1月1日 施行

or the same between parentheses in one paragraph, as printed below a title. Lines wrap anywhere.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from statutes import numerals
from statutes.importing.parsed import ParsedEvent

_DAY = r"(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日"
# A date that opens an event, wherever it stands: （2023年12月29日…, 根据2009年…, 发布 自1999年…
_EVENT = re.compile(rf"(?:^|(?<=[\s（(。，；、据自])){_DAY}")
_LONGEST_EVENT = 400  # characters; more is no event but a text
_LEADS_OVER = re.compile(r"(?:根据|(?:，该修正)?自)$")

# What an event is, by its last words; the first that is found decides.
_KINDS = (
    ("施行", re.compile(r"(?:^|起|之日)(?:施行|实施|生效|执行)$")),
    ("修正", re.compile(r"(?:修正|修改)$|通过的《.*(?:修正案|决定)(?:（.{1,3}）)?》$")),
    ("修订", re.compile(r"修订(?:发布)?$")),
    ("批准", re.compile(r"批准$")),
    ("通过", re.compile(r"通过$|会议$")),
    ("公布", re.compile(r"(?:公布|发布|颁布|印发)(?:施行)?$|令第\d+号$")),
)

_NUMBER = re.compile(
    r"(?:法释|法发|高检发释字|高检发|[一-鿿]{1,6}发|[一-鿿]{1,6}字)\s?[〔［\[(（]\d{4}[〕］\])）]\s?第?\d+号"
)
_DECREE = re.compile(rf"[一-鿿、]{{0,30}}令\s?第?\s?(?:\d+|{numerals.CHINESE})\s?号")

# Two courts that adopt one interpretation do so within months of each other.
_ONE_ADOPTION = timedelta(days=365)

_COURTS = ("最高人民法院", "最高人民检察院")
_CONGRESS = re.compile(r"全国人民代表大会(?:常务委员会)?")


def events_of(header: Iterable[str]) -> list[ParsedEvent]:
    """Return the events of a header in its order; what no date opens joins the event before."""
    text = _one_paragraph(header)
    dates = [(match, on) for match in _EVENT.finditer(text) if (on := _day(match))]
    starts = [match.start() for match, _ in dates]
    events = []
    for (match, on), end in zip(dates, [*starts[1:], len(text)], strict=False):
        words = _trimmed(text[match.end() : end])
        if re.search(r"(?:公布|发布)之日\s?起?施行$", words):
            events.append(ParsedEvent(on, _trimmed(words), "公布"))
            events.append(ParsedEvent(on, "公布之日施行", "施行"))
        else:
            events.append(ParsedEvent(on, words, _kind(words)))
        if re.search(r"公布施行$", words):
            events.append(ParsedEvent(on, "公布施行", "施行"))
    return events


def label_of(title: str, events: Sequence[ParsedEvent]) -> str:
    """Return what this version is: 修正案, or by its newest change 制定, 修正 or 修订; "" unknown.

    A 修订 by a 决定 changes single articles, so it is a 修正 in all but name; an interpretation
    adopted a second time, years later, was amended then.
    """
    if re.search(r"修正案(?:（.*）)?$", title):
        return "修正案"
    changes = [event for event in events if event.kind in ("修正", "修订")]
    if changes:
        newest = max(changes, key=lambda event: event.on)
        return "修正" if "决定》" in newest.text else newest.kind
    adopted = [event.on for event in events if event.kind == "通过"]
    if adopted and max(adopted) - min(adopted) > _ONE_ADOPTION:
        return "修正"
    return "制定" if enacted_on(events) else ""


def enacted_on(events: Iterable[ParsedEvent]) -> date | None:
    """Return the day of the first event that made the statute."""
    made = (event.on for event in events if event.kind in ("通过", "公布", "批准"))
    return min(made, default=None)


def kind_of(title: str, kind: str) -> str:
    """Return what a document is by its title, or `kind`, what its source holds."""
    if re.search(r"修正案(?:（.*）)?$", title):
        return "修正案"
    if title.startswith("全国人民代表大会") and title.endswith("的解释"):
        return "立法解释"
    if kind != "司法解释" and re.search(r"的(?:决定|决议)$", title):
        return "决定"
    return kind


def issuer_of(title: str, events: Sequence[ParsedEvent], kind: str) -> str:
    """Return who made it, "" if it cannot be read: by the title, else by the first event."""
    courts = [court for court in _COURTS if court in title.partition("关于")[0]]
    if courts:
        return "、".join(courts)
    if match := _CONGRESS.match(title):
        return match[0]
    for event in events:
        if match := _CONGRESS.search(event.text):
            return match[0]
        courts = [court for court in _COURTS if court in event.text]
        if courts and kind == "司法解释":
            return "、".join(courts)
    if kind == "行政法规":
        return "国务院"
    return ""


def document_number(header: Iterable[str], preamble: str = "") -> str:
    """Return 法释〔2020〕26号 or 国务院令第786号, the last one the header names; "" if none."""
    text = _one_paragraph(header)
    found = _NUMBER.findall(text) or _NUMBER.findall(preamble[:400]) or _DECREE.findall(text)
    return found[-1].strip() if found else ""


def _one_paragraph(header: Iterable[str]) -> str:
    """Join wrapped lines; full-width digits, which some headers have, become plain."""
    text = " ".join(line.strip() for line in header)
    return "".join(unicodedata.normalize("NFKC", c) if c.isdecimal() else c for c in text)


def _trimmed(words: str) -> str:
    """Cut what leads over to the next event: 修订  根据; a closing parenthesis of the whole."""
    words = "".join(words.split())
    words = _LEADS_OVER.sub("", words).strip("，。；、").rstrip("（(")
    unopened = words.count("）") + words.count(")") - words.count("（") - words.count("(")
    return words[:-1] if unopened > 0 and words[-1:] in ("）", ")") else words


def _kind(words: str) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.search(words[-_LONGEST_EVENT:])), "")


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
