"""近期法律变动: versions that take effect and statutes that end, newest first."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.db.models import Count, F, Q

from .models import Statute, StatuteVersion, Succession

# A version's long texts, which no list needs.
LONG_TEXTS = ("header", "preamble", "attachment")


@dataclass(frozen=True)
class Counts:
    """How many provisions a version changed, by what became of them."""

    amended: int = 0
    renumbered: int = 0  # with the same words
    added: int = 0
    removed: int = 0

    @property
    def summary(self) -> str:
        """修改45条，新增30条; "" if nothing changed."""
        parts = {
            "修改": self.amended,
            "新增": self.added,
            "删去": self.removed,
            "仅移动条号": self.renumbered,
        }
        return "，".join(f"{verb}{count}条" for verb, count in parts.items() if count)


@dataclass(frozen=True)
class Change:
    """One event: `version` took or takes effect `on` a day, or, without it, the statute ended."""

    on: date
    has_come: bool
    statute: Statute
    version: StatuteVersion | None = None
    before: StatuteVersion | None = None  # the version that this one replaced
    counts: Counts | None = None

    @property
    def is_repeal(self) -> bool:
        return self.version is None

    @property
    def key(self) -> str:
        """Its place in the list, as addresses write it: 2026-01-01-v12."""
        kind, row = ("r", self.statute) if self.is_repeal else ("v", self.version)
        return f"{self.on}-{kind}{row.pk}"

    @property
    def verb(self) -> str:
        verb = "废止" if self.is_repeal else "施行"
        return f"起{verb}" if self.has_come else f"起将{verb}"

    @property
    def summary(self) -> str:
        """What changed, in a sentence or two; "" if nothing is known of it."""
        if self.is_repeal:
            by = f"，由《{self.statute.replaced_by.name}》代替" if self.statute.replaced_by else ""
            return f"依据{self.statute.repeal_source}{by}。"
        changed = self.counts.summary if self.counts else ""
        return f"与{self.before.name}相比：{changed}。" if changed else ""

    def get_absolute_url(self) -> str:
        return (self.statute if self.is_repeal else self.version).get_absolute_url()


_KEY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-([vr])([0-9]{1,15})")


def newest(size: int, on: date, before: str = "") -> list[Change]:
    """Return the newest changes, those to come included; with `before`, those after that key.

    `on` is the day from which it is said what has come. Raises ValueError for a key that is
    none. Four queries.
    """
    day, kind, pk = _read_key(before) if before else (date.max, "", 0)
    earlier_version = earlier_repeal = Q()
    if kind == "v":
        earlier_version = Q(effective_from__lt=day) | Q(effective_from=day, pk__lt=pk)
        earlier_repeal = Q(repealed_on__lte=day)
    elif kind == "r":
        earlier_version = Q(effective_from__lt=day)
        earlier_repeal = Q(repealed_on__lt=day) | Q(repealed_on=day, pk__lt=pk)
    versions = (
        StatuteVersion.objects.exclude(effective_from=None)
        .filter(earlier_version)
        .order_by("-effective_from", "-pk")
        .select_related("statute")
        .defer(*LONG_TEXTS)[:size]
    )
    repeals = (
        Statute.objects.exclude(repealed_on=None)
        .filter(earlier_repeal)
        .order_by("-repealed_on", "-pk")
        .select_related("replaced_by")[:size]
    )
    changes = [
        *_of_versions(list(versions), on),
        *(Change(s.repealed_on, s.repealed_on <= on, s) for s in repeals),
    ]
    changes.sort(key=attrgetter("on"), reverse=True)  # stable: versions before repeals of a day
    return changes[:size]


def _of_versions(versions: Sequence[StatuteVersion], on: date) -> Iterable[Change]:
    siblings = defaultdict(list)
    statutes = {version.statute_id for version in versions}
    for version in (
        StatuteVersion.objects.filter(statute__in=statutes).in_order().defer(*LONG_TEXTS)
    ):
        siblings[version.statute_id].append(version)
    before = {}
    for version in versions:
        line = siblings[version.statute_id]
        place = line.index(version)
        before[version.pk] = line[place - 1] if place else None
    counts = count_changes([(before[v.pk], v) for v in versions if before[v.pk]])
    for version in versions:
        yield Change(
            version.effective_from,
            version.effective_from <= on,
            version.statute,
            version,
            before[version.pk],
            counts.get(version.pk),
        )


def count_changes(
    steps: Sequence[tuple[StatuteVersion, StatuteVersion]],
) -> dict[int, Counts]:
    """Return, by the new version's primary key, what each step changed; nothing if not stored."""
    step_of = {(old.pk, new.pk): new for old, new in steps}
    new_of = {old.pk: new.pk for old, new in steps}
    moved = Q(old__number=F("new__number"), old__suffix=F("new__suffix"))
    rows = (
        Succession.objects.filter(old__version__in=new_of)
        .values_list("old__version", "new__version")
        .annotate(
            amended=Count("new", filter=Q(likeness__lt=1), distinct=True),
            renumbered=Count("new", filter=Q(likeness__gte=1) & ~moved, distinct=True),
            reached=Count("new", distinct=True),
            removed=Count("old", filter=Q(new=None), distinct=True),
        )
        .order_by()
    )
    found, removed = {}, {}
    for old_pk, new_pk, amended, renumbered, reached, gone in rows:
        if new_pk is None:
            removed[new_of[old_pk]] = gone
        elif (old_pk, new_pk) in step_of:
            added = max(step_of[old_pk, new_pk].provision_count - reached, 0)
            found[new_pk] = (amended, renumbered, added)
    return {pk: Counts(*counted, removed.get(pk, 0)) for pk, counted in found.items()}


def _read_key(key: str) -> tuple[date, str, int]:
    found = _KEY.fullmatch(key)
    if not found:
        raise ValueError(f"not a place in the list of changes: {key!r}")
    return date.fromisoformat(found[1]), found[2], int(found[3])
