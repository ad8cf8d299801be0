"""Parsed versions → rows: one transaction a version; loading the same again changes nothing."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from .. import aliases, diff
from ..models import (
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

CREATED, UNCHANGED, COMPLETED, DIFFERS = "created", "unchanged", "completed", "differs"

NEAR_DAYS = 31  # two sources date the same text by adoption and by publication
SAME_VERSION = 0.9  # share of provisions with the same words that makes texts so dated one version
MOST_PROVISIONS = 30_000
BATCH = 1_000


@dataclass(frozen=True)
class Outcome:
    """What loading did. `notes` tell the editor, in Chinese, what to look at."""

    state: str  # CREATED, UNCHANGED, COMPLETED (a missing fact came in), DIFFERS (not stored)
    version: StatuteVersion
    notes: tuple[str, ...] = ()


@transaction.atomic
def load(
    parsed: ParsedVersion, *, origin: str = "", source_url: str = "", subject: str = ""
) -> Outcome:
    """Store a version, close the one before it and note what became of every provision.

    The same version from another source is recognised and its differences are reported, not
    stored; only facts that were unknown are taken from it. Raises ParseError.
    """
    _check(parsed)
    statute = _statute(parsed, subject)
    known = _same_version(statute, parsed)
    if known:
        return _compare(known, parsed)
    before, after = _neighbours(statute, parsed)
    version = _store(statute, parsed, origin, source_url)
    set_periods(statute)
    if before and after:
        Succession.objects.filter(
            old__version=before, new__version=after, confirmed_at=None
        ).delete()
    if before:
        link(before, version)
    if after:
        link(version, after)
    link_replacements(statute)
    version.refresh_from_db()
    return Outcome(CREATED, version, parsed.warnings)


def preview(parsed: ParsedVersion) -> tuple[StatuteVersion | None, list[diff.Link]]:
    """Return the version that this one would follow, and what would become of its provisions.

    Stores nothing. Without such a version: None and an empty list.
    """
    _check(parsed)
    statute = find_statute(parsed.title)
    before, _ = _neighbours(statute, parsed) if statute else (None, None)
    if before is None:
        return None, []
    return before, diff.align(list(before.provisions.all()), parsed.provisions)


def find_statute(title: str) -> Statute | None:
    """Return the statute that this full title names."""
    return Statute.objects.filter(aliases__name=aliases.normalise(title)).first()


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
        seen.add(place)


def _statute(parsed: ParsedVersion, subject: str) -> Statute:
    """Return the parsed version's statute, made if it is new; fill what was not known of it."""
    statute = find_statute(parsed.title)
    if statute is None:
        return make_statute(parsed.title, parsed.kind, issuer=parsed.issuer, subject=subject)
    missing = {
        "issuer": statute.issuer or parsed.issuer,
        "subject": statute.subject or subject,
    }
    if any(getattr(statute, field) != value for field, value in missing.items()):
        Statute.objects.filter(pk=statute.pk).update(**missing)
        statute.refresh_from_db()
    return statute


def make_statute(title: str, kind: str, issuer: str = "", subject: str = "") -> Statute:
    """Create a statute with the name by which it is found again."""
    title = " ".join(title.split())
    short = title.removeprefix(aliases.STATE)
    statute = Statute.objects.create(
        title=title,
        short_title=short,
        slug=free_slug(short, lambda slug: Statute.objects.filter(slug=slug).exists()),
        kind=kind if kind in Statute.Kind.values else Statute.Kind.OTHER,
        issuer=issuer,
        subject=subject,
    )
    StatuteAlias.objects.update_or_create(
        name=aliases.normalise(title),
        defaults={"statute": statute, "origin": StatuteAlias.Origin.RULE},
    )
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
    differing = [
        provision.label
        for provision in parsed.provisions
        if stored.pop((provision.number, provision.suffix), None) != _bare(provision.text)
    ]
    return differing + [f"第{number}条（来源中没有）" for number, _ in stored]


def _compare(version: StatuteVersion, parsed: ParsedVersion) -> Outcome:
    """Report how another source's text of a stored version differs; take missing facts from it."""
    notes = []
    differing = _differences(version, parsed)
    if differing:
        some = "、".join(differing[:5]) + ("等" if len(differing) > 5 else "")
        notes.append(f"与已存文本有{len(differing)}条不同：{some}。保留已存文本。")
    given, stored = parsed.effective_from, version.effective_from
    completed = given and not stored and given >= (version.promulgated_on or given)
    if completed:
        version.effective_from = version.effective_until = given
        version.effective_basis = parsed.effective_basis
        version.save(update_fields=["effective_from", "effective_until", "effective_basis"])
        set_periods(version.statute)
        notes.append(f"补上施行日期{given}（{parsed.effective_basis}）。")
    elif given and stored and given != stored:
        notes.append(f"施行日期不同：已存{stored}，来源为{given}。保留已存日期。")
    if not version.label and parsed.label:
        version.label = parsed.label
        version.save(update_fields=["label"])
        completed = True
    if differing:
        return Outcome(DIFFERS, version, tuple(notes))
    return Outcome(COMPLETED if completed else UNCHANGED, version, tuple(notes))


# --- Storing -------------------------------------------------------------------------


def _neighbours(
    statute: Statute, parsed: ParsedVersion
) -> tuple[StatuteVersion | None, StatuteVersion | None]:
    """Return the stored versions just before and just after the parsed one."""
    place = _place(parsed.promulgated_on, parsed.effective_from)
    before = after = None
    for version in statute.versions.in_order():
        if _place(version.promulgated_on, version.effective_from) <= place:
            before = version
        elif after is None:
            after = version
    return before, after


def _place(promulgated_on: date | None, effective_from: date | None) -> tuple[date, date]:
    """Return what versions are ordered by; unknown days come first, as `in_order` has them."""
    return promulgated_on or date.min, effective_from or date.min


def _store(statute: Statute, parsed: ParsedVersion, origin: str, source_url: str) -> StatuteVersion:
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
        header="\n".join(parsed.header),
        preamble=parsed.body.preamble,
        attachment=parsed.body.attachment,
        provision_count=len(parsed.provisions),
        text_digest=text_digest(parsed),
    )
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


def set_periods(statute: Statute) -> None:
    """Give every version of a statute the end of its period.

    A version ends when the next begins, or the statute is repealed. One followed by a version
    whose date is unknown ends with that one's promulgation: from there on nothing is claimed.
    """
    versions = list(statute.versions.in_order())
    dated = sorted(
        (version for version in versions if version.effective_from),
        key=lambda version: (version.effective_from, version.promulgated_on or date.min),
    )
    undated = [v.promulgated_on for v in versions if not v.effective_from and v.promulgated_on]
    # First no version has a day, so that none overlaps another on the way.
    for version in dated:
        StatuteVersion.objects.filter(pk=version.pk).update(effective_until=version.effective_from)
    for version, following in zip(dated, [*dated[1:], None], strict=False):
        ends = [following.effective_from] if following else []
        ends += [on for on in undated if on > (version.promulgated_on or version.effective_from)]
        ends += [statute.repealed_on] if statute.repealed_on else []
        until = max(min(ends), version.effective_from) if ends else None
        StatuteVersion.objects.filter(pk=version.pk).update(effective_until=until)


# --- What became of provisions ---------------------------------------------------------


def link(before: StatuteVersion, after: StatuteVersion) -> None:
    """Store what became of each provision of one version in another. Confirmed rows stay."""
    old, new = list(before.provisions.all()), list(after.provisions.all())
    if not old or not new:
        return
    decided = set(
        Succession.objects.filter(old__version=before, new__version=after).values_list(
            "old_id", flat=True
        )
    )
    Succession.objects.bulk_create(
        (
            Succession(
                old=old[found.old],
                new=None if found.new is None else new[found.new],
                relation=found.relation.value,
                likeness=found.likeness,
            )
            for found in diff.align(old, new)
            if found.old is not None and old[found.old].pk not in decided
        ),
        BATCH,
        ignore_conflicts=True,
    )


def link_replacements(statute: Statute) -> None:
    """Lead from the last text of repealed statutes to the text that replaced them."""
    ended = [statute] if statute.replaced_by_id else []
    for old in [*ended, *statute.replaced.select_related("replaced_by")]:
        last = old.versions.in_order().last()
        following = (
            old.replaced_by.versions.exclude(effective_from=None)
            .filter(effective_from__gte=old.repealed_on)
            .order_by("effective_from")
            .first()
        )
        if last and following and not _is_linked(last):
            link(last, following)


def _is_linked(version: StatuteVersion) -> bool:
    return Succession.objects.filter(old__version=version).exists()


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
    set_periods(statute)
    link_replacements(statute)
    return True


@transaction.atomic
def refresh_aliases() -> list[str]:
    """Give every statute the names that follow from its title; return the names refused.

    A name that could mean two statutes means neither; what editors added stays.
    """
    statutes = {statute.title: statute for statute in Statute.objects.only("pk", "title")}
    assigned = aliases.assign(statutes)
    wanted = {name: statutes[title].pk for name, title in assigned.titles.items()}
    stored = {alias.name: alias for alias in StatuteAlias.objects.all()}
    outdated = [
        alias.pk
        for name, alias in stored.items()
        if alias.origin == StatuteAlias.Origin.RULE and wanted.get(name) != alias.statute_id
    ]
    StatuteAlias.objects.filter(pk__in=outdated).delete()
    kept = {name for name, alias in stored.items() if alias.pk not in set(outdated)}
    StatuteAlias.objects.bulk_create(
        (
            StatuteAlias(name=name, statute_id=pk, origin=StatuteAlias.Origin.RULE)
            for name, pk in wanted.items()
            if name not in kept
        ),
        BATCH,
    )
    return sorted(assigned.refused)
