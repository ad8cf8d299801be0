"""Two versions of a statute side by side: which provisions belong together, what changed. Pure.

What belongs together is given as pairs; here it is only put in order. A provision that became
several, or several that became one, has a chief counterpart, the most alike, beside which it is
compared; the others are named.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from rapidfuzz import fuzz

from statutes import diff, reading

PAGE_ROWS = 60  # changed rows on one page


class Kind(StrEnum):
    SAME = "未变"
    MOVED = "条号移动"  # the same words under another number
    AMENDED = "修改"
    SPLIT = "拆出"  # from one that has another counterpart
    MERGED = "并入"  # into one that has another counterpart
    ADDED = "新增"
    REMOVED = "删去"


@dataclass(frozen=True)
class Row:
    """One provision and its counterpart; `old` is None for an added, `new` for a removed one.

    `also_old` are others merged into the new one; `also_new` others that the old one went to.
    `part_of` is the old provision that an added one was split off.
    """

    old: object | None  # models.Provision
    new: object | None
    also_old: tuple = ()
    also_new: tuple = ()
    part_of: object | None = None

    @cached_property
    def kind(self) -> Kind:
        if self.old is None:
            return Kind.SPLIT if self.part_of else Kind.ADDED
        if self.new is None:
            return Kind.MERGED if self.also_new else Kind.REMOVED
        if not diff.same_words(self.old.text, self.new.text):
            return Kind.AMENDED
        return Kind.SAME if self.same_number else Kind.MOVED

    @property
    def same_number(self) -> bool:
        return bool(self.old and self.new and self.old.place == self.new.place)

    @property
    def is_changed(self) -> bool:
        return self.kind not in (Kind.SAME, Kind.MOVED)

    @property
    def label(self) -> str:
        """Both numbers, or what happened: 第十六条，第十五条."""
        old = self.old.name if self.old else self.kind.value
        new = self.new.name if self.new else self.kind.value
        return f"{old}，{new}"

    @property
    def old_remark(self) -> str:
        """What became of the old provision."""
        if self.new is None:
            return f"并入{_names(self.also_new)}" if self.also_new else "删去"
        also = f"，部分移入{_names(self.also_new)}" if self.also_new else ""
        return ("条号未变" if self.same_number else f"现为{self.new.name}") + also

    @property
    def new_remark(self) -> str:
        """Where the new provision comes from."""
        if self.old is None:
            return f"出自{self.part_of.name}" if self.part_of else "新增"
        also = f"，并入{_names(self.also_old)}" if self.also_old else ""
        return ("条号未变" if self.same_number else f"原{self.old.name}") + also

    @cached_property
    def lines(self) -> list[reading.MarkedLine]:
        """Both texts in one. What a part was split off, or merged into, is not repeated."""
        if self.part_of:
            whole = reading.changes(self.part_of.text, self.new.text)
            return [line for line in whole if not line.is_gone]
        if self.new is None and self.also_new:
            whole = reading.changes(self.old.text, self.also_new[0].text)
            return [line for line in whole if not line.is_new]
        old, new = (side.text if side else "" for side in (self.old, self.new))
        return reading.changes(old, new)

    @property
    def old_lines(self) -> list[reading.MarkedLine]:
        """The old text, what was deleted marked."""
        return reading.without(self.lines, diff.Change.INSERT)


@dataclass(frozen=True)
class Page:
    """Which page of a comparison this is. `query` is its own, as base.html wants it."""

    number: int
    total: int

    @property
    def is_first(self) -> bool:
        return self.number == 1

    @property
    def query(self) -> str:
        return "" if self.is_first else f"?page={self.number}"

    @property
    def others(self) -> list["Page"]:
        return [Page(number, self.total) for number in range(1, self.total + 1)]


@dataclass
class Block:
    """A changed row, or a run of rows whose words are the same."""

    row: Row | None = None
    folded: list[Row] = field(default_factory=list)

    @property
    def words(self) -> str:
        """第五条至第九条，5条文字未变，其中3条移动条号."""
        first, last = self.folded[0].new.name, self.folded[-1].new.name
        span = first if first == last else f"{first}至{last}"
        moved = sum(row.kind is Kind.MOVED for row in self.folded)
        return f"{span}，{len(self.folded)}条文字未变" + (
            f"，其中{moved}条移动条号" if moved else ""
        )


def count(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many provisions there are of each kind, in the order of Kind."""
    kinds = Counter(row.kind for row in rows)
    return {kind.value: kinds[kind] for kind in Kind if kinds[kind]}


def _names(provisions: Iterable) -> str:
    return "、".join(provision.name for provision in provisions)


def compare(old: Sequence, new: Sequence, pairs: Iterable[tuple[int, int]]) -> list[Row]:
    """Return the rows in the order of the new text, removed provisions after what they followed.

    `pairs` are primary keys of an old provision and of one it became.
    """
    by_old = {provision.pk: provision for provision in old}
    by_new = {provision.pk: provision for provision in new}
    successors, precedents = defaultdict(list), defaultdict(list)
    for old_pk, new_pk in pairs:
        if old_pk in by_old and new_pk in by_new:
            successors[old_pk].append(by_new[new_pk])
            precedents[new_pk].append(by_old[old_pk])
    chief_new = {pk: most_alike(by_old[pk], found) for pk, found in successors.items()}
    chief_old = {pk: most_alike(by_new[pk], found) for pk, found in precedents.items()}
    beside = {}  # new → the old one compared with it
    for provision in new:
        counterpart = chief_old.get(provision.pk)
        if counterpart and chief_new[counterpart.pk] is provision:
            beside[provision.pk] = counterpart
    shown = {counterpart.pk for counterpart in beside.values()}

    after = _removed_after(old, beside, shown)
    rows = [
        Row(provision, None, also_new=tuple(successors[provision.pk])) for provision in after[0]
    ]
    for provision in new:
        counterpart = beside.get(provision.pk)
        given = precedents[provision.pk]
        rows.append(
            Row(
                counterpart,
                provision,
                also_old=tuple(p for p in given if p is not counterpart) if counterpart else (),
                also_new=tuple(p for p in successors[counterpart.pk] if p is not provision)
                if counterpart
                else (),
                part_of=None if counterpart else chief_old.get(provision.pk),
            )
        )
        rows += [
            Row(p, None, also_new=tuple(successors[p.pk])) for p in after.get(provision.pk, ())
        ]
    return rows


def most_alike(provision, others: Sequence):
    """Return that of the others whose text is most like the provision's."""
    return max(others, key=lambda other: (fuzz.ratio(provision.text, other.text), -other.position))


def _removed_after(old: Sequence, beside: dict, shown: set[int]) -> dict[int, list]:
    """Return the old provisions without a counterpart by the new one they stand behind.

    The key is 0 for those before all others.
    """
    new_of = {counterpart.pk: pk for pk, counterpart in beside.items()}
    after = defaultdict(list, {0: []})
    last = 0
    for provision in old:
        if provision.pk in shown:
            last = new_of[provision.pk]
        else:
            after[last].append(provision)
    return after


def pages_of(rows: Sequence[Row], size: int = PAGE_ROWS) -> list[list[Block]]:
    """Cut rows into pages of `size` changed ones, the runs between them folded. Never empty."""
    pages: list[list[Block]] = [[]]
    changed = 0
    for row in rows:
        if row.is_changed:
            if changed == size:
                pages.append([])
                changed = 0
            pages[-1].append(Block(row))
            changed += 1
        elif pages[-1] and pages[-1][-1].folded:
            pages[-1][-1].folded.append(row)
        else:
            pages[-1].append(Block(folded=[row]))
    return pages
