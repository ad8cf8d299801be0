"""Parsed versions → rows: one transaction a version; loading the same again changes nothing."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from django.db import transaction
from django.db.models import F, Q

from .. import aliases, changes, diff
from ..days import day_in_words
from ..effective_dates import known_date
from ..models import (
    Change,
    Division,
    Provision,
    Statute,
    StatuteAlias,
    StatuteVersion,
    Succession,
)
from ..repeals import REPEALS, Repeal
from ..slugs import free_slug
from .parsed import ParsedVersion, ParseError
from .text import looks_like_heading

CREATED, UNCHANGED, COMPLETED, DIFFERS = "created", "unchanged", "completed", "differs"

NEAR_DAYS = 31  # two sources date the same text by adoption and by publication
SAME_VERSION = 0.9  # share of provisions with the same words that makes texts so dated one version
MOST_PROVISIONS = 5_000  # the longest law has 1,260; to compare 5,000 with as many takes 7 s
LONGEST_PROVISION = 20_000  # characters; the longest has 6,649, and comparing takes their square
BATCH = 1_000

_LEFT_OUT = re.compile(rf"{aliases.STATE}|^(?:、?最高人民(?:法院|检察院))+")


@dataclass(frozen=True)
class Outcome:
    """What loading did. `notes` tell the editor, in Chinese, what to look at."""

    state: str  # CREATED, UNCHANGED, COMPLETED (a missing fact came in), DIFFERS (not stored)
    version: StatuteVersion
    notes: tuple[str, ...] = ()


@transaction.atomic
def load(
    parsed: ParsedVersion,
    *,
    origin: str = "",
    source_url: str = "",
    subject: str = "",
    known_until: date | None = None,
) -> Outcome:
    """Store a version, close the one before it and note what became of every provision.

    `known_until` is the day up to which the source would know of a later version.

    The same version from another source is recognised and its differences are reported, not
    stored; only facts that were unknown are taken from it. From its own source it is set right
    where headings stood as law. Raises ParseError.
    """
    _check(parsed)
    parsed = with_known_date(parsed)
    statute = _statute(parsed, subject)
    known = _same_version(statute, parsed)
    if known:
        if known_until and known_until > (known.known_until or date.min):
            known.known_until = known_until
            known.save(update_fields=["known_until"])
            changes.note(Change.Kind.STATUTE, [statute.pk])
        return _compare(known, parsed, origin)
    version = _store(statute, parsed, origin, source_url, known_until)
    settle(statute)
    version.refresh_from_db()
    return Outcome(CREATED, version, parsed.warnings)


def preview(parsed: ParsedVersion) -> tuple[StatuteVersion | None, list[diff.Link]]:
    """Return the version that this one would follow, and what would become of its provisions.

    Stores nothing. Without such a version: None and an empty list.
    """
    _check(parsed)
    statute = find_statute(parsed.title)
    before = _version_before(statute, parsed) if statute else None
    if before is None:
        return None, []
    return before, diff.align(list(before.provisions.all()), parsed.provisions)


def with_known_date(parsed: ParsedVersion) -> ParsedVersion:
    """Take the day of effect from effective_dates.py where the source does not tell it."""
    known = known_date(parsed.title, parsed.promulgated_on)
    if parsed.effective_from or known is None:
        return parsed
    return replace(parsed, effective_from=known.effective_from, effective_basis=known.source)


def find_statute(title: str) -> Statute | None:
    """Return the statute that this full title names.

    A short name is not enough: prose may mean by it a statute that is not the one loaded.
    """
    named = Statute.objects.filter(aliases__name=aliases.normalise(title)).first()
    if named and _core(named.title) == _core(title):
        return named
    return Statute.objects.filter(title=_one_line(title)).first()


def _core(title: str) -> str:
    """Return a title without what sources add or leave out: the state's name, the court's."""
    return _LEFT_OUT.sub("", aliases.normalise(title))


def _one_line(title: str) -> str:
    return " ".join(title.split())


# --- Recognising ---------------------------------------------------------------------


def _check(parsed: ParsedVersion) -> None:
    if not aliases.normalise(parsed.title):
        raise ParseError("没有标题")
    if len(parsed.title) > 300:
        raise ParseError("标题超过300个字符")
    if len(parsed.provisions) > MOST_PROVISIONS:
        raise ParseError(f"超过{MOST_PROVISIONS}条")
    seen = set()
    for provision in parsed.provisions:
        place = (provision.number, provision.suffix)
        if place in seen:
            raise ParseError(f"条号重复：{provision.label}", provision.line)
        if len(provision.text) > LONGEST_PROVISION:
            raise ParseError(f"{provision.label}超过{LONGEST_PROVISION}个字符", provision.line)
        seen.add(place)


def _statute(parsed: ParsedVersion, subject: str) -> Statute:
    """Return the parsed version's statute, made if it is new; fill what was not known of it."""
    statute = find_statute(parsed.title)
    if statute is None:
        statute = make_statute(parsed.title, parsed.kind)
        for repeal in REPEALS:
            if aliases.normalise(repeal.title) == aliases.normalise(parsed.title):
                _apply_repeal(repeal)
        statute.refresh_from_db()
    known = {
        "issuer": statute.issuer or parsed.issuer,
        "subject": statute.subject or subject,
        "repeal_source": statute.repeal_source or parsed.ended,
    }
    if parsed.kind in Statute.Kind.values and not statute.versions.exists():
        known["kind"] = parsed.kind  # known until now from what repealed it only
    if any(getattr(statute, field) != value for field, value in known.items()):
        Statute.objects.filter(pk=statute.pk).update(**known)
        statute.refresh_from_db()
        set_periods(statute)
    return statute


def make_statute(title: str, kind: str) -> Statute:
    """Create a statute with the name by which it is found again."""
    title = _one_line(title)
    short = title.removeprefix(aliases.STATE)
    statute = Statute.objects.create(
        title=title,
        short_title=short,
        slug=free_slug(short, lambda slug: Statute.objects.filter(slug=slug).exists()),
        kind=kind if kind in Statute.Kind.values else Statute.Kind.OTHER,
    )
    StatuteAlias.objects.update_or_create(
        name=aliases.normalise(title),
        defaults={"statute": statute, "origin": StatuteAlias.Origin.RULE},
    )
    changes.note(Change.Kind.STATUTE, [statute.pk])
    return statute


def _same_version(statute: Statute, parsed: ParsedVersion) -> StatuteVersion | None:
    """Return the stored version that the parsed one is: of the same day, or of the same words."""
    versions = list(statute.versions.all())
    digest = text_digest(parsed)
    for version in versions:
        if version.text_digest == digest:
            return version
    for version in versions:
        if version.promulgated_on and version.promulgated_on == parsed.promulgated_on:
            return version
    for version in versions:
        if _is_near(version.promulgated_on, parsed.promulgated_on):
            same = len(parsed.provisions) - len(_differences(version, parsed))
            if same >= SAME_VERSION * max(len(parsed.provisions), version.provision_count):
                return version
    return None


def _is_near(one: date | None, other: date | None) -> bool:
    return bool(one and other and abs((one - other).days) <= NEAR_DAYS)


def text_digest(parsed: ParsedVersion) -> str:
    """Return a hash of the provisions' words, the same whatever the width, marks and spaces."""
    digest = hashlib.sha256()
    for provision in parsed.provisions:
        digest.update(f"{provision.number}-{provision.suffix}\n".encode())
        digest.update(_bare(provision.text).encode())
    if not parsed.provisions:
        digest.update(_bare(parsed.body.joined()).encode())
    return digest.hexdigest()


def _bare(text: str) -> str:
    """Return the words of a text without marks and spaces, one width for all."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


def _differences(version: StatuteVersion, parsed: ParsedVersion) -> list[str]:
    """Return the numbers of the parsed provisions whose words differ from the stored ones."""
    stored = {
        (number, suffix): _bare(text)
        for number, suffix, text in version.provisions.values_list("number", "suffix", "text")
    }
    if not stored and not parsed.provisions:
        return [] if version.text_digest == text_digest(parsed) else ["正文"]
    differing = [
        provision.label
        for provision in parsed.provisions
        if stored.pop((provision.number, provision.suffix), None) != _bare(provision.text)
    ]
    return differing + [f"第{number}条（来源中没有）" for number, _ in stored]


def _compare(version: StatuteVersion, parsed: ParsedVersion, origin: str) -> Outcome:
    """Report how a source's text of a stored version differs; take missing facts from it."""
    notes = []
    differing = _differences(version, parsed)
    if differing and version.source == origin[:200] and _headings_were_law(version, parsed):
        return _set_right(version, parsed)
    if differing:
        some = "、".join(differing[:5]) + ("等" if len(differing) > 5 else "")
        notes.append(f"与已存文本有{len(differing)}处不同：{some}。保留已存文本。")
    missing = _missing(version, parsed)
    if missing:
        for field, value in missing.items():
            setattr(version, field, value)
        if version.effective_from:
            version.effective_until = version.effective_from  # until set_periods has seen it
        version.save()
        settle(version.statute)
        version.refresh_from_db()
    given, stored = parsed.effective_from, version.effective_from
    if "effective_from" in missing:
        notes.append(f"补上施行日期{day_in_words(given)}（{parsed.effective_basis}）。")
    elif given and stored and given != stored:
        notes.append(
            f"施行日期不同：已存{day_in_words(stored)}，来源为{day_in_words(given)}。保留已存日期。"
        )
    if differing:
        return Outcome(DIFFERS, version, tuple(notes))
    return Outcome(COMPLETED if missing else UNCHANGED, version, tuple(notes))


def _missing(version: StatuteVersion, parsed: ParsedVersion) -> dict:
    """Return the facts that the parsed version has and the stored one lacks."""
    facts = {
        "promulgated_on": parsed.promulgated_on,
        "effective_from": parsed.effective_from,
        "label": parsed.label,
        "document_number": parsed.document_number[:100],
    }
    missing = {
        field: value for field, value in facts.items() if value and not getattr(version, field)
    }
    enacted = missing.get("promulgated_on") or version.promulgated_on
    begins = missing.get("effective_from") or version.effective_from
    taken = version.statute.versions.exclude(pk=version.pk).filter(promulgated_on=enacted)
    if taken.exists() or (enacted and begins and begins < enacted):
        missing = {
            field: missing[field] for field in missing if not field.endswith(("_on", "_from"))
        }
    if "effective_from" in missing:
        missing["effective_basis"] = parsed.effective_basis[:300]
    return missing


# --- Setting right -------------------------------------------------------------------


def _headings_were_law(version: StatuteVersion, parsed: ParsedVersion) -> bool:
    """Whether the stored text says what the parsed one does but for headings below provisions.

    A reader of before took what stands above the next provision for the end of this one.
    """
    stored = {
        (number, suffix): text
        for number, suffix, text in version.provisions.values_list("number", "suffix", "text")
    }
    if len(stored) != len(parsed.provisions):
        return False
    below: list[str] = []
    for provision in parsed.provisions:
        text = stored.get((provision.number, provision.suffix), "")
        if text != provision.text:
            if not text.startswith(f"{provision.text}\n"):
                return False
            below += text.removeprefix(f"{provision.text}\n").split("\n")
    return bool(below) and all(looks_like_heading(line) for line in below)


def _set_right(version: StatuteVersion, parsed: ParsedVersion) -> Outcome:
    """Store the parsed texts and headings in the place of a version's own.

    What becomes of its provisions is found anew, but for what a person confirmed.
    """
    version.provisions.update(division=None)
    version.divisions.all().delete()
    divisions = _store_divisions(version, parsed)
    read = {(provision.number, provision.suffix): provision for provision in parsed.provisions}
    provisions = list(version.provisions.all())
    differing = 0
    for provision in provisions:
        said = read[provision.number, provision.suffix]
        differing += provision.text != said.text
        provision.text = said.text
        provision.division = None if said.division is None else divisions[said.division]
    Provision.objects.bulk_update(provisions, ["text", "division"], BATCH)
    version.text_digest = text_digest(parsed)
    version.save(update_fields=["text_digest"])
    beside = Q(old__version=version) | Q(new__version=version)
    suggested = Succession.objects.filter(beside, confirmed_at=None)
    # The other parts of a provision of which a person confirmed one: nothing suggests them again.
    spared = list(suggested.filter(old__successions__confirmed_at__isnull=False).distinct())
    suggested.delete()
    settle(version.statute)
    Succession.objects.bulk_create(spared, ignore_conflicts=True)
    version.refresh_from_db()
    note = f"{differing}条的末尾曾把编、章的标题当作条文，已改正。"
    return Outcome(COMPLETED, version, (note,))


# --- Storing -------------------------------------------------------------------------


def _version_before(statute: Statute, parsed: ParsedVersion) -> StatuteVersion | None:
    """Return the stored version that the parsed one follows, or is."""
    place = _place(parsed.promulgated_on, parsed.effective_from)
    earlier = (
        version
        for version in statute.versions.in_order().reverse()
        if _place(version.promulgated_on, version.effective_from) <= place
    )
    return next(earlier, None)


def _place(promulgated_on: date | None, effective_from: date | None) -> tuple[date, date]:
    """Return what versions are ordered by; unknown days come first, as `in_order` has them."""
    return promulgated_on or date.min, effective_from or date.min


def _store(
    statute: Statute,
    parsed: ParsedVersion,
    origin: str,
    source_url: str,
    known_until: date | None,
) -> StatuteVersion:
    version = StatuteVersion.objects.create(
        statute=statute,
        label=parsed.label,
        promulgated_on=parsed.promulgated_on,
        effective_from=parsed.effective_from,
        effective_until=parsed.effective_from,  # no day yet: set_periods gives it its period
        effective_basis=parsed.effective_basis[:300],
        document_number=parsed.document_number[:100],
        source=origin[:200],
        source_url=source_url,
        known_until=known_until,
        header="\n".join(parsed.header),
        preamble=parsed.body.preamble,
        attachment=parsed.body.attachment,
        provision_count=len(parsed.provisions),
        text_digest=text_digest(parsed),
    )
    divisions = _store_divisions(version, parsed)
    Provision.objects.bulk_create(
        (
            Provision(
                version=version,
                division=None if provision.division is None else divisions[provision.division],
                position=position,
                number=provision.number,
                suffix=provision.suffix,
                label=provision.label[:40],
                text=provision.text,
            )
            for position, provision in enumerate(parsed.provisions)
        ),
        BATCH,
    )
    return version


def _store_divisions(version: StatuteVersion, parsed: ParsedVersion) -> list[Division]:
    divisions: list[Division] = []
    for position, division in enumerate(parsed.divisions):
        divisions.append(
            Division.objects.create(
                version=version,
                parent=None if division.parent is None else divisions[division.parent],
                position=position,
                level=division.level,
                kind=division.kind,
                number=division.number,
                heading=division.heading[:500],
                text=division.text,
            )
        )
    return divisions


def set_periods(statute: Statute) -> None:
    """Give every version of a statute the end of its period.

    A version ends when one promulgated later has effect, or the statute is repealed. One followed
    by a version whose date is unknown ends with that one's promulgation: from there on nothing is
    claimed. Nor is anything claimed of the last text of a statute that ended nobody knows when.
    """
    versions = sorted(
        statute.versions.all(),
        key=lambda version: version.promulgated_on or version.effective_from or date.min,
    )
    # First no version has a day, so that none overlaps another on the way.
    statute.versions.update(effective_until=F("effective_from"))
    for place, version in enumerate(versions):
        if version.effective_from is None:
            continue
        known = [v.effective_from for v in versions[place + 1 :] if v.effective_from]
        ends = known + [v.promulgated_on for v in versions[place + 1 :] if not v.effective_from]
        if statute.repealed_on:
            known.append(statute.repealed_on)
            ends.append(statute.repealed_on)
        elif statute.repeal_source and not ends:
            ends.append(version.effective_from)
        until = max(min(ends), version.effective_from) if ends else None
        StatuteVersion.objects.filter(pk=version.pk).update(
            effective_until=until, is_end_known=until is None or until in known
        )


# --- What became of provisions ---------------------------------------------------------


def settle(statute: Statute) -> None:
    """Bring periods and successions in line with the versions that the statute has now."""
    set_periods(statute)
    for before, after in pairwise(statute.versions.in_order()):
        _link(before, after)
    for ended in [statute, *statute.replaced.all()]:
        last = ended.versions.in_order().last()
        if last:
            _link(last, _replacement(ended))
    changes.note(Change.Kind.STATUTE, [statute.pk])


def _replacement(statute: Statute) -> StatuteVersion | None:
    """Return the text that replaced a repealed statute: the first with effect since then."""
    if not statute.repealed_on or not statute.replaced_by:
        return None
    still = Q(effective_until=None) | Q(effective_until__gt=statute.repealed_on)
    versions = statute.replaced_by.versions.filter(still).exclude(effective_from=None)
    return versions.order_by("effective_from").first()


def _link(before: StatuteVersion, after: StatuteVersion | None) -> None:
    """Store what became of each provision of one version in the next, unless that was done.

    What leads elsewhere goes; what a person confirmed stays.
    """
    stored = Succession.objects.filter(old__version=before)
    suggested = stored.filter(confirmed_at=None)
    if after and suggested.filter(new__version=after).exists():
        return
    suggested.delete()
    old = list(before.provisions.all())
    new = list(after.provisions.all()) if after else []
    if not old or not new:
        return
    decided = set(stored.filter(Q(new=None) | Q(new__version=after)).values_list("old", flat=True))
    Succession.objects.bulk_create(
        (
            Succession(
                old=old[link.old],
                new=None if link.new is None else new[link.new],
                relation=link.relation.value,
                likeness=link.likeness,
            )
            for link in diff.align(old, new)
            if link.old is not None and old[link.old].pk not in decided
        ),
        BATCH,
    )


def note_successions(successions) -> None:
    """Let what rests on these rows, which a person has entered or confirmed, be looked at anew."""
    statutes = successions.values_list("old__version__statute", flat=True)
    changes.note(Change.Kind.STATUTE, sorted(set(statutes)))


@transaction.atomic
def remove(version: StatuteVersion) -> None:
    """Take a version out again; the one before it lasts until the one after begins."""
    statute = version.statute
    version.delete()
    settle(statute)


# --- What holds for all statutes -------------------------------------------------------


def apply_repeals(repeals: Sequence[Repeal] = REPEALS) -> int:
    """Make the statutes of repeals.py known as ended; return how many changed.

    A repeal that an editor entered differently stays.
    """
    return sum(_apply_repeal(repeal) for repeal in repeals)


@transaction.atomic
def _apply_repeal(repeal: Repeal) -> bool:
    statute = find_statute(repeal.title) or make_statute(repeal.title, repeal.kind)
    if statute.repealed_on:
        return False
    statute.repealed_on = repeal.repealed_on
    statute.repeal_source = repeal.source
    if repeal.replaced_by:
        statute.replaced_by = find_statute(repeal.replaced_by) or make_statute(
            repeal.replaced_by, repeal.kind
        )
    statute.save()
    settle(statute)
    return True


@transaction.atomic
def refresh_aliases() -> list[str]:
    """Give every statute the names that follow from its title; return the names refused.

    A name that could mean two statutes means neither; what editors added stays.
    """
    statutes = {s.title: s for s in Statute.objects.only("pk", "title", "repealed_on")}
    ended = {title for title, statute in statutes.items() if statute.repealed_on}
    assigned = aliases.assign(statutes, ended)
    wanted = {name: statutes[title].pk for name, title in assigned.titles.items()}
    stored = {alias.name: alias for alias in StatuteAlias.objects.all()}
    outdated = [
        alias.pk
        for name, alias in stored.items()
        if alias.origin == StatuteAlias.Origin.RULE and wanted.get(name) != alias.statute_id
    ]
    StatuteAlias.objects.filter(pk__in=outdated).delete()
    gone = set(outdated)
    kept = {name for name, alias in stored.items() if alias.pk not in gone}
    new = {name: pk for name, pk in wanted.items() if name not in kept}
    StatuteAlias.objects.bulk_create(
        (
            StatuteAlias(name=name, statute_id=pk, origin=StatuteAlias.Origin.RULE)
            for name, pk in new.items()
        ),
        BATCH,
    )
    renamed = {alias.statute_id for alias in stored.values() if alias.pk in gone}
    changes.note(Change.Kind.STATUTE, sorted(renamed | set(new.values())))
    return sorted(assigned.refused)
