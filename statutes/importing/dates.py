"""When a version took effect, as far as its own words tell. Pure.

The traps: the text of a 修正 repeats the day of the first enactment in its last provision (本法自
2017年6月1日起施行, in a text of 2025), and so it does with 自公布之日起施行. A day before the
promulgation is no day of this version; and what is not certain stays unknown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from statutes.days import day_in_words
from statutes.importing.parsed import Body, ParsedEvent

# 本法自2026年1月1日起施行
_FROM_DAY = re.compile(
    r"自\s?(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日\s?起?"
    r"(?:开始)?(?:正式)?(?:施行|实施|执行|生效)"
)
# 本条例自公布之日起施行
_FROM_PROMULGATION = re.compile(r"自(?:公布|发布|颁布|通过)之日起?(?:施行|实施|执行|生效)")
# After the clause on entry into force stand few provisions: 本法施行前…
_LAST_PROVISIONS = 3


@dataclass(frozen=True)
class EffectiveDate:
    """A day, None if unknown; where it comes from, or why it is unknown; what is doubtful."""

    on: date | None
    basis: str
    warnings: tuple[str, ...] = ()


def effective_date(
    body: Body, promulgated_on: date | None, label: str, events: Sequence[ParsedEvent] = ()
) -> EffectiveDate:
    """Return when this version took effect: by its header, else by its text, else unknown."""
    named = [event.on for event in events if event.kind == "施行"]
    said = days_in_text(body)
    warnings: list[str] = []
    for days, where in ((named, "题注"), (said, "条文")):
        if promulgated_on is None:
            break
        fitting = [day for day in days if day >= promulgated_on]
        if fitting:
            return EffectiveDate(
                fitting[-1], f"{where}：{day_in_words(fitting[-1])}起施行", tuple(warnings)
            )
        if days:
            warnings.append(
                f"{where}的施行日期{day_in_words(days[-1])}早于公布日期，属于以前的版本"
            )
    if promulgated_on is None:
        if label in ("制定", "") and said:
            return EffectiveDate(said[-1], f"条文：{day_in_words(said[-1])}起施行", tuple(warnings))
        return EffectiveDate(None, "公布日期不明", tuple(warnings))
    if takes_effect_when_promulgated(body):
        if label in ("制定", "修订", "修正案") and _is_published(promulgated_on, events):
            return EffectiveDate(promulgated_on, "条文：自公布之日起施行", tuple(warnings))
        return EffectiveDate(
            None,
            "条文的“自公布之日起施行”可能是首次公布之日，本次修改的施行日期不明",
            tuple(warnings),
        )
    return EffectiveDate(None, "没有写明本版本的施行日期", tuple(warnings))


def _is_published(on: date, events: Sequence[ParsedEvent]) -> bool:
    """Return whether the day is that of publication, as far as the header tells.

    The congress publishes what it adopts the same day; a ministry's meeting or a court's
    committee does not.
    """
    that_day = [event for event in events if event.on == on and event.kind != "施行"]
    adopted_only = {event.kind for event in that_day} <= {"通过", "批准"}
    return not that_day or not adopted_only or any("人民代表大会" in e.text for e in that_day)


def days_in_text(body: Body) -> list[date]:
    """Return the days of entry into force that the closing words give, the best one last."""
    for text in _closing_texts(body):
        days = []
        for match in _FROM_DAY.finditer(text):
            try:
                days.append(date(int(match["year"]), int(match["month"]), int(match["day"])))
            except ValueError:
                continue
        if days:
            return days[::-1]  # the first named is the statute's own, later ones are exceptions
    return []


def takes_effect_when_promulgated(body: Body) -> bool:
    """Return whether the closing words say 自公布之日起施行."""
    return any(_FROM_PROMULGATION.search(text) for text in _closing_texts(body))


def _closing_texts(body: Body) -> list[str]:
    """The last provisions, the last one first; the whole text if there are none."""
    if body.provisions:
        return [provision.text for provision in reversed(body.provisions[-_LAST_PROVISIONS:])]
    return [body.joined()]
