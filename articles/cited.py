"""What a page tells of each law that an article cites."""

from dataclasses import dataclass
from datetime import date

from statutes import reading
from statutes.assessing import Assessment
from statutes.diff import same_words
from statutes.models import Statute
from statutes.resolver import Resolved
from statutes.verdicts import NOTICED, State

from .models import address


@dataclass(frozen=True)
class Cited:
    """A provision, or a statute named alone, that an article cites, ready for its page.

    Kept as JSON in `Article.cited`; days are ISO dates. `lines` are the text to read today, of
    the part cited, (kind, text); `changes` its words against those of the legal date, each line
    several (ins, del or "", text).
    """

    key: tuple[int, str]  # primary key of the statute, fragment of the part cited
    statute: str  # its name as cited: 治安管理处罚法
    place: str  # 第四十二条第五项; "" for a statute named alone
    title: str  # what is shown: 《治安管理处罚法》第五十条第一款第五项
    url: str
    state: str = ""
    is_noticed: bool = False
    is_linked: bool = True
    since: str = ""
    now: str = ""  # its number today if that is another: 第五十条; 《民法典》第一百五十三条
    was: str = ""  # the version it had on the legal date, if that is not today's: 2012年修正
    is_reworded: bool = False
    is_excerpt: bool = False
    replaced_by: str = ""
    replaced_by_url: str = ""
    version: str = ""
    standing: str = ""
    effective_from: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    changes: tuple[tuple[tuple[str, str], ...], ...] = ()


def stored(law: dict) -> Cited:
    """Return an entry of `Article.cited` as a value: two that tell the same are one."""
    told = {name: law[name] for name in Cited.__dataclass_fields__ if name in law}
    return Cited(**{name: _frozen(value) for name, value in told.items()})


def _frozen(value):
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


_TAGS = {"insert": "ins", "delete": "del"}


def describe(assessment: Assessment) -> Cited | None:
    """Return what a page tells of a citation; None if it tells nothing, not even by a link."""
    found, verdict = assessment.resolved, assessment.verdict
    statute, locator, state = found.statute, assessment.citation.locator, verdict.state
    if state in (State.UNKNOWN, State.MISSING) or (state and not verdict.may_be_told):
        return None
    if statute is None or found.line is None:
        return None
    told = {
        "key": (statute.pk, locator.fragment if locator else ""),
        "statute": statute.name,
        "place": str(locator or ""),
        "title": f"《{statute.name}》{locator or ''}",
        "url": _statute_url(statute),
        "state": state.value if state else "",
        "is_noticed": state in NOTICED,
        "since": iso(found.since),
    }
    if statute.replaced_by and state is State.REPEALED:
        told["replaced_by"] = statute.replaced_by.name
        told["replaced_by_url"] = _statute_url(statute.replaced_by)
    if locator is None:
        return Cited(**told)
    if state is None or (found.now is None and found.then is None):
        told["is_linked"] = bool(found.otherwise or found.then or found.now)
        told["url"] = _provision_url(statute, locator)
        return Cited(**told)
    return Cited(**told | _provision_told(found, state))


def _provision_told(found: Resolved, state: State) -> dict:
    """Return what is told of a provision whose text is at hand."""
    citation, then = found.citation, found.then
    shown = found.now or then
    statute, version = shown.version.statute, shown.version
    locator = found.now_locator if found.now and found.now_locator else citation.locator
    told = {
        "title": f"《{statute.name}》{locator}",
        "url": _provision_url(statute, locator),
        "version": version.name,
        "effective_from": iso(version.effective_from),
        "is_excerpt": locator.paragraph is not None or locator.item is not None,
    }
    if state is not State.MISQUOTED:
        excerpt = reading.excerpt(shown.place, shown.text, locator)
        told["lines"] = tuple((line.kind, line.text) for line in excerpt)
    if state is State.CURRENT:
        told["standing"] = found.line.in_words(found.line.standing_of(version))
    if found.now is None or then is None or then.version == version:
        return told
    told["was"] = then.version.name
    if state is State.RENUMBERED or statute != found.statute:
        is_abroad = statute != found.statute
        told["now"] = f"《{statute.name}》{locator}" if is_abroad else str(locator)
    old, new = (
        "\n".join(line.text for line in reading.excerpt(p.place, p.text, part))
        for p, part in ((then, citation.locator), (shown, locator))
    )
    told["is_reworded"] = not same_words(old, new)
    if told["is_reworded"]:
        told["changes"] = tuple(
            tuple((_TAGS.get(run.change.value, ""), run.text) for run in line.runs)
            for line in reading.changes(old, new)
        )
    return told


def _statute_url(statute: Statute) -> str:
    return address("statutes:statute", statute.slug)


def _provision_url(statute: Statute, locator) -> str:
    url = address("statutes:provision", statute.slug, locator.whole)
    return url if locator == locator.whole else f"{url}#{locator.fragment}"


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""
