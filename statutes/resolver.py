"""Citations + date → provisions: which text a citation means, and what became of it.

    find_citations(text, library().names) → resolve(citations, on=…, today=…) → verdicts.assess

A citation means the text of its day. From there it is followed, by the stored Succession rows, to
what stands in its place today. The statutes and their versions are a few thousand short rows and
are kept in memory until one of them changes; a text costs a constant number of queries more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Max, Q

from . import changes, diff, reading
from .aliases import counts_anew
from .citations.find import Citation
from .citations.names import Names
from .citations.naming import Edition
from .locators import Locator
from .models import Change, Provision, Statute, StatuteAlias, StatuteVersion, Succession
from .timeline import Standing, Timeline, timeline
from .verdicts import Fate, Origin, Question

_MOST_STEPS = 12  # versions between a citation and today
_SURE = 0.6  # likeness from which a successor that nobody confirmed is believed


# --- what is kept in memory ----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Library:
    """All statutes with their names and versions, without their texts. Each is itself alone."""

    names: Names
    statutes: dict[str, Statute]  # by title
    versions: dict[int, tuple[StatuteVersion, ...]]  # by primary key of the statute, oldest first
    version: dict[int, StatuteVersion]  # by its own primary key
    _lines: dict[tuple[int, date], Timeline] = field(default_factory=dict)

    def line(self, statute: Statute, on: date) -> Timeline:
        """Return a statute's versions as seen on a day."""
        key = statute.pk, on
        if key not in self._lines:
            if len(self._lines) > 20_000:
                self._lines.clear()
            versions = self.versions.get(statute.pk, ())
            self._lines[key] = timeline(versions, statute.repealed_on, on)
        return self._lines[key]


_kept: dict[str, tuple[object, Library]] = {}


def library() -> Library:
    """Return the library as it is now: one query, more only after a change of law."""
    state = changes.newest(Change.Kind.STATUTE)
    if "library" not in _kept or _kept["library"][0] != state:
        _kept["library"] = state, _read()
    return _kept["library"][1]


def _read() -> Library:
    statutes = {statute.pk: statute for statute in Statute.objects.select_related("replaced_by")}
    versions: dict[int, list[StatuteVersion]] = defaultdict(list)
    large = "header", "preamble", "attachment"
    for version in StatuteVersion.objects.defer(*large).in_order():
        version.statute = statutes[version.statute_id]
        versions[version.statute_id].append(version)
    aliases = StatuteAlias.objects.values_list("name", "statute")
    numbers = {
        version.document_number: version.statute.title
        for rows in versions.values()
        for version in rows
        if version.document_number
    }
    return Library(
        Names({name: statutes[pk].title for name, pk in aliases}, numbers),
        {statute.title: statute for statute in statutes.values()},
        {pk: tuple(rows) for pk, rows in versions.items()},
        {version.pk: version for rows in versions.values() for version in rows},
    )


# --- resolving -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Resolved:
    """What a citation leads to.

    `then` is the provision of the legal date and `now` what holds in its place today, at
    `now_locator`; either is None where it is not known. `since` is the day on which that changed.
    `otherwise` is what the citation leads to if its author meant the text of another version, the
    newest first: so it is when the words quoted are those of the version before.
    """

    citation: Citation
    origin: Origin
    fate: Fate = Fate.UNCERTAIN
    statute: Statute | None = None
    line: Timeline | None = None  # today
    then: Provision | None = None
    now: Provision | None = None
    now_locator: Locator | None = None
    since: date | None = None
    doubts: tuple[Question, ...] = ()
    otherwise: tuple["Resolved", ...] = ()


def resolve(
    citations: Sequence[Citation],
    *,
    on: date | Sequence[date],
    today: date,
    law: Library | None = None,
) -> list[Resolved]:
    """Return what each citation leads to, as of the day `on`, one for all or one for each."""
    law = law or library()
    days = [on] * len(citations) if isinstance(on, date) else list(on)
    return _Resolver(citations, days, today, law).resolved()


class _Resolver:
    def __init__(self, citations, days, today: date, law: Library) -> None:
        self._cited = list(zip(citations, days, strict=True))
        self._today = today
        self._law = law
        self._named = [law.statutes.get(citation.statute) for citation in citations]
        self._provisions = self._load_cited()
        self._onward = self._load_successions()
        self._partial = self._load_partial()

    def resolved(self) -> list[Resolved]:
        return [
            self._resolve(citation, day, statute)
            for (citation, day), statute in zip(self._cited, self._named, strict=True)
        ]

    # --- queries -------------------------------------------------------------------------------

    def _load_cited(self) -> dict[tuple[int, int, int], list[Provision]]:
        """Return the provisions cited, in every version, by statute, number and suffix."""
        wanted: set[tuple[int, int, int]] = set()
        numbers: dict[int, set[int]] = defaultdict(set)  # of each version
        for (citation, _), statute in zip(self._cited, self._named, strict=True):
            if statute and citation.locator:
                locator = citation.locator
                wanted.add((statute.pk, locator.article, locator.suffix))
                for version in self._law.versions.get(statute.pk, ()):
                    numbers[version.pk].add(locator.article)
        found: dict[tuple[int, int, int], list[Provision]] = defaultdict(list)
        for provision in _numbered(numbers):
            version = provision.version = self._law.version[provision.version_id]
            key = version.statute_id, provision.number, provision.suffix
            if key in wanted:
                found[key].append(provision)
        return found

    def _load_successions(self) -> dict[int, list[tuple[Succession, Provision | None]]]:
        """Return the steps onward from the provisions cited, as far as they lead."""
        onward: dict[int, list[tuple[Succession, Provision | None]]] = {}
        reached = [p for found in self._provisions.values() for p in found]
        for _ in range(_MOST_STEPS):
            start = [p.pk for p in reached if p.pk not in onward and self._goes_on(p)]
            if not start:
                break
            for pk in start:
                onward[pk] = []
            reached = []
            for step in Succession.objects.filter(old__in=start).select_related("new"):
                if step.new:
                    step.new.version = self._law.version[step.new.version_id]
                    reached.append(step.new)
                onward[step.old_id].append((step, step.new))
        return onward

    def _goes_on(self, provision: Provision) -> bool:
        """Return whether there is a later text in which a provision may have a successor."""
        version = provision.version
        own = self._law.versions[version.statute_id]
        return version != own[-1] or version.statute.replaced_by_id is not None

    def _load_partial(self) -> set[int]:
        """Return the versions without a number that was cited that do not hold all their text."""
        lacking = set()
        for (citation, day), statute in zip(self._cited, self._named, strict=True):
            if statute and citation.locator and statute.pk in self._law.versions:
                version = self._version_meant(citation, statute, day)
                if version and not self._at(statute, citation.locator, version):
                    lacking.add(version.pk)
        if not lacking:
            return lacking
        whole = (
            Provision.objects.filter(version__in=lacking)
            .order_by()
            .values("version")
            .annotate(last=Max("number"), numbers=Count("number", distinct=True))
        )
        return lacking - {row["version"] for row in whole if row["last"] == row["numbers"]}

    # --- one citation --------------------------------------------------------------------------

    def _resolve(self, citation: Citation, day: date, statute: Statute | None) -> Resolved:
        if statute is None:
            return Resolved(citation, Origin.UNKNOWN)
        line = self._law.line(statute, self._today)
        known = Resolved(citation, Origin.STATUTE, statute=statute, line=line)
        if citation.is_misspelt or _may_be_its_successor(statute, day):
            known = replace(known, doubts=(Question.GUESS,))
        if not line.versions:
            return self._as_a_whole(replace(known, origin=Origin.TEXTLESS))
        if citation.locator is None:
            return self._as_a_whole(known)
        return self._provision(known, day)

    def _as_a_whole(self, known: Resolved) -> Resolved:
        """Return what a statute named alone is today."""
        line, statute = known.line, known.statute
        if line.is_repealed:
            return replace(known, fate=Fate.ENDED, since=statute.repealed_on)
        if line.standing is Standing.IN_FORCE:
            return self._by_source(replace(known, fate=Fate.SAME))
        if line.standing is Standing.COMING:
            begins = line.coming[0].effective_from
            return replace(known, fate=Fate.COMING, since=begins)
        return replace(known, doubts=(*known.doubts, Question.UNDATED))

    def _provision(self, known: Resolved, day: date) -> Resolved:
        citation, statute, line = known.citation, known.statute, known.line
        key = statute.pk, citation.locator.article, citation.locator.suffix
        by_version = {p.version_id: p for p in self._provisions.get(key, ())}
        version = self._version_meant(citation, statute, day)
        then = by_version.get(version.pk) if version else None
        is_named = citation.version_year or citation.edition not in (None, Edition.NEWEST)
        if then is None and not is_named:
            announced = (
                v for v in self._law.line(statute, day).coming if (v.promulgated_on or day) <= day
            )
            then = next((by_version[v.pk] for v in announced if v.pk in by_version), None)
        known = replace(known, origin=Origin.PROVISION)
        others = [by_version[v.pk] for v in reversed(line.versions) if v.pk in by_version]
        otherwise = tuple(self._follow(known, other) for other in others if other is not then)
        known = replace(known, otherwise=otherwise)
        if then:
            return self._follow(known, then)
        if version is None:
            now = by_version.get(line.current.pk) if line.current else None
            if line.is_repealed:
                return replace(known, fate=Fate.ENDED, since=statute.repealed_on)
            doubt = Question.BASIS if line.current else Question.UNDATED
            return replace(known, now=now, doubts=(*known.doubts, doubt))
        known = replace(known, origin=Origin.ABSENT)
        if line.is_repealed:
            return replace(known, fate=Fate.ENDED, since=statute.repealed_on)
        if version.pk in self._partial:
            return replace(known, doubts=(*known.doubts, Question.GAP))
        return replace(known, fate=Fate.SAME)

    def _version_meant(
        self, citation: Citation, statute: Statute, day: date
    ) -> StatuteVersion | None:
        """Return the version that an author names, else that in force on the day.

        Named by its year, （2018修正）, or that in force at the year's end; or as the new or the
        old one: 旧公司法 is what held until the text of the day, or of the year, took its place;
        of a law that has ended its last. Of 当时的公司法 only a day told can tell, and what a new
        number is given beside may be of any text before the newest.
        """
        own = self._law.versions[statute.pk]
        year, edition = citation.version_year, citation.edition
        if edition is Edition.THEN:
            told_on = citation.told_on and min(citation.told_on, day)
            return self._law.line(statute, told_on).current if told_on else None
        meant = self._law.line(statute, day).current
        if year:
            named = [v for v in own if v.promulgated_on and v.promulgated_on.year == year]
            known = [v for v in named if v.promulgated_on <= day]
            if named and not known:
                return None  # the text before it, or that year's, put in later?
            begun = any(v.effective_from and v.effective_from.year == year for v in own)
            if citation.is_of_amendment and not named and not begun:
                return None  # a text that is not at hand
            end = min(day, date(year, 12, 31))
            meant = known[-1] if known else self._law.line(statute, end).current
        elif edition or _has_ended(statute, day):
            announced = [v for v in own if v.promulgated_on and v.promulgated_on <= day]
            newest = announced[-1] if announced else meant
            if edition is Edition.EARLIER:
                return meant if meant is not newest else None
            meant = newest
        if edition is Edition.FORMER and meant and not _has_ended(statute, day):
            until = meant.effective_from
            meant = next((v for v in own if until and v.effective_until == until), None)
        return meant

    def _at(self, statute: Statute, locator: Locator, version: StatuteVersion) -> Provision | None:
        found = self._provisions.get((statute.pk, locator.article, locator.suffix), ())
        return next((p for p in found if p.version_id == version.pk), None)

    # --- what became of it ---------------------------------------------------------------------

    def _follow(self, known: Resolved, then: Provision) -> Resolved:
        """Return what became of the provision cited."""
        known = replace(known, then=then)
        if not _has_part(then, known.citation.locator):
            known = replace(known, doubts=(*known.doubts, Question.PART))
        line, statute = known.line, known.statute
        if then.version in line.coming:
            begins = then.version.effective_from
            return replace(known, fate=Fate.COMING, now=then, since=begins)
        target = self._text_of_today(statute, line)
        if line.is_repealed:
            now, _, is_sure = self._walk(then, target)
            found = now if now and now.version == target and is_sure else None
            return self._moved(replace(known, fate=Fate.ENDED, since=statute.repealed_on), found)
        if target is None:
            return replace(known, doubts=(*known.doubts, Question.UNDATED))
        now, changed, is_sure = self._walk(then, target)
        if now is None:
            return replace(known, fate=Fate.ENDED, since=changed)
        if now.version != target:
            now = self._at(statute, known.citation.locator, target)
            if now is None or not diff.same_words(then.text, now.text):
                return replace(known, now=now, doubts=(*known.doubts, Question.SUCCESSOR))
        if not is_sure and not _is_same(then, now, known.citation.locator):
            return replace(self._moved(known, now), doubts=(*known.doubts, Question.SUCCESSOR))
        fate = Fate.RENUMBERED
        if now.place == then.place:
            same = _is_same(then, now, known.citation.locator)
            fate = Fate.SAME if same else Fate.AMENDED
        since = None if fate is Fate.SAME else changed
        return self._by_source(self._moved(replace(known, fate=fate, since=since), now))

    def _text_of_today(self, statute: Statute, line: Timeline) -> StatuteVersion | None:
        if not line.is_repealed:
            return line.current
        heir = statute.replaced_by
        return self._law.line(heir, self._today).current if heir else None

    def _walk(
        self, start: Provision, target: StatuteVersion | None
    ) -> tuple[Provision | None, date | None, bool]:
        """Follow a provision towards the text of today, each time to what is most like it.

        Returns where that leads, None if it was deleted; the day of the first change on the
        way; and whether every step is sure.
        """
        here, changed, is_sure = start, None, True
        for _ in range(_MOST_STEPS):
            if here.version == target:
                break
            steps = [
                (step, new)
                for step, new in self._onward.get(here.pk, ())
                if new is None or not self._is_to_come(new.version)
            ]
            if not steps:
                break
            step, new = max(steps, key=lambda found: (found[1] is not None, found[0].likeness))
            if new is None:
                return None, changed or self._day_of_next(here.version), is_sure
            is_sure &= step.confirmed_at is not None or step.likeness >= _SURE
            if changed is None and (step.likeness < 1 or new.place != here.place):
                changed = new.version.effective_from
            here = new
        return here, changed, is_sure

    def _is_to_come(self, version: StatuteVersion) -> bool:
        return version.effective_from is not None and version.effective_from > self._today

    def _day_of_next(self, version: StatuteVersion) -> date | None:
        own = self._law.versions[version.statute_id]
        following = own[own.index(version) + 1 :]
        return following[0].effective_from if following else version.statute.repealed_on

    def _moved(self, known: Resolved, now: Provision | None) -> Resolved:
        if now is None:
            return known
        locator = known.citation.locator
        return replace(known, now=now, now_locator=_part_now(known.then, locator, now))

    def _by_source(self, known: Resolved) -> Resolved:
        if known.line.is_stale:
            return replace(known, doubts=(*known.doubts, Question.STALE))
        return known


def _has_ended(statute: Statute, day: date) -> bool:
    return statute.repealed_on is not None and statute.repealed_on <= day


def _may_be_its_successor(statute: Statute, day: date) -> bool:
    """Return whether the name of a statute that had ended may mean a newer one by then."""
    heir = statute.replaced_by if _has_ended(statute, day) else None
    return heir is not None and counts_anew(statute.title, heir.title)


_ASKED = 200  # conditions of one query


def _numbered(numbers: dict[int, set[int]]) -> Iterator[Provision]:
    """Yield the provisions of versions that have these numbers, of each version its own."""
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)  # versions, by their numbers
    for version, wanted in numbers.items():
        alike[tuple(sorted(wanted))].append(version)
    conditions = [Q(version__in=versions, number__in=wanted) for wanted, versions in alike.items()]
    for start in range(0, len(conditions), _ASKED):
        some = reduce(or_, conditions[start : start + _ASKED])
        yield from Provision.objects.filter(some)


def statutes_changed(since: int, days: tuple[date, date]) -> set[int]:
    """Return the statutes on which verdicts rest that may be right no longer.

    Those noted in the log after line `since`; those of which a version, or which themselves, begin
    or end after the first of the two days and by the second; and those whose source has grown old.
    """
    after, until = days
    noted = Change.objects.filter(kind=Change.Kind.STATUTE, pk__gt=since)
    found = set(noted.values_list("key", flat=True))
    law = library()
    for statute in law.statutes.values():
        edges = [statute.repealed_on]
        for version in law.versions.get(statute.pk, ()):
            edges += [version.effective_from, version.effective_until]
        if (
            any(edge and after < edge <= until for edge in edges)
            or law.line(statute, after).is_stale != law.line(statute, until).is_stale
        ):
            found.add(statute.pk)
    return found


# --- parts of a provision ------------------------------------------------------------------------


def _has_part(provision: Provision, locator: Locator) -> bool:
    return locator.is_article or bool(reading.part(provision.place, provision.text, locator))


def _is_same(then: Provision, now: Provision, locator: Locator) -> bool:
    """Return whether the part cited has the same words in both texts, at the same place."""
    if diff.same_words(then.text, now.text):
        return True
    if locator.is_article:
        return False
    old, new = (_words(reading.part(p.place, p.text, locator)) for p in (then, now))
    return bool(old) and diff.same_words(old, new)


def _part_now(then: Provision, locator: Locator, now: Provision) -> Locator:
    """Return where in its new place the part cited stands: 第五十条第一款第五项."""
    if locator.is_article or diff.same_words(then.text, now.text):
        return replace(locator, article=now.number, suffix=now.suffix)
    part = reading.part(then.place, then.text, locator)
    return reading.most_alike(now.place, now.text, _words(part)) if part else now.place


def _words(lines: Iterable[reading.Line]) -> str:
    return "\n".join(line.text for line in lines)
