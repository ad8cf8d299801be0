"""The way of an article from draft to public and back: who may move it, and whence. Pure: rules.

draft → in_review → approved → (scheduled →) published → withdrawn, and the trash beside it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What a person may do; roles are sets of them."""

    WRITE = "write"  # articles of their own, while they are drafts
    EDIT = "edit"  # every article
    PUBLISH = "publish"  # publish, schedule, withdraw
    APPROVE = "approve"  # as the reviewing lawyer


@dataclass(frozen=True)
class Person:
    """Whoever asks, in relation to one article."""

    rights: frozenset[Right]
    owns: bool = False

    def has(self, right: Right) -> bool:
        """Return whether the person has this right over the article."""
        if right == Right.WRITE:
            return Right.EDIT in self.rights or (self.owns and Right.WRITE in self.rights)
        return right in self.rights


@dataclass(frozen=True)
class Move:
    """A step from one of the states `sources` to `target`; `rights`: any of them will do."""

    name: str
    label: str
    sources: frozenset[str]
    target: str
    rights: tuple[Right, ...]
    needs_note: bool = False
    needs_date: bool = False
    needs_other_eyes: bool = False
    help: str = ""


def _move(name: str, label: str, sources: str, target: str, *rights: Right, **more) -> Move:
    return Move(name, label, frozenset(sources.split()), target, rights, **more)


MOVES = {
    move.name: move
    for move in (
        _move(
            *("submit", "送审", "draft", "in_review", Right.WRITE),
            help="交给审核律师。审核期间由编辑修改。",
        ),
        _move(
            *("recall", "取回修改", "in_review", "draft", Right.WRITE),
            help="回到草稿，改好后再送审。",
        ),
        _move(
            *("approve", "审核通过", "in_review", "approved", Right.APPROVE),
            needs_other_eyes=True,
            help="文章将显示您的姓名，法律核对日期为今天。",
        ),
        _move(
            *("return", "退回修改", "in_review approved", "draft"),
            *(Right.APPROVE, Right.PUBLISH),
            needs_note=True,
            help="回到草稿，说明会显示给作者。",
        ),
        _move(
            *("publish", "立即发布", "approved withdrawn", "published", Right.PUBLISH),
            help="公开这篇文章。曾经发布过的，发布时间不变。",
        ),
        _move(
            *("schedule", "定时发布", "approved", "scheduled", Right.PUBLISH),
            needs_date=True,
            help="到时自动公开，并按那一天的法律再核对一次引用。",
        ),
        _move(
            *("unschedule", "取消排期", "scheduled", "approved", Right.PUBLISH),
            help="回到待发布。",
        ),
        _move(
            *("withdraw", "撤下", "published", "withdrawn", Right.PUBLISH),
            help="读者将看到“文章已撤下”，地址保留。",
        ),
        _move(
            *("rework", "改写", "withdrawn", "draft", Right.EDIT),
            help="回到草稿，重新经过审核。",
        ),
        _move(
            *("review", "核对无误", "published", "published", Right.APPROVE),
            help="法律核对日期改为今天，审核律师为您。",
        ),
    )
}

# Steps that are no choice of the form's buttons.
TRASH, RESTORE, CREATE, RESET, HOLD = "trash", "restore", "create", "reset", "hold"
UNREVIEW = "unreview"
_OTHER_LABELS = {
    TRASH: "移入回收站",
    RESTORE: "恢复",
    CREATE: "新建",
    RESET: "改动后重新送审",
    HOLD: "到时未能发布",
    UNREVIEW: "撤销核对",
}

_EDITED_BY = {
    "draft": Right.WRITE,
    "in_review": Right.EDIT,
    "approved": Right.EDIT,
    "scheduled": Right.EDIT,
    "published": Right.EDIT,
}
# A change of words takes these back to review.
REVIEWED_AGAIN = frozenset({"approved", "scheduled"})


def label(name: str) -> str:
    """Return what a step is called; one unknown by its own name."""
    return MOVES[name].label if name in MOVES else _OTHER_LABELS.get(name, name)


def may_edit(state: str, person: Person) -> bool:
    """Return whether the person may change the words of an article in this state.

    What was withdrawn or thrown away must first come back as a draft.
    """
    return state in _EDITED_BY and person.has(_EDITED_BY[state])


def may_move(name: str, state: str, person: Person, *, own_eyes_suffice: bool = False) -> bool:
    """Return whether the person may take this step from this state."""
    move = MOVES[name]
    if state not in move.sources or not any(person.has(right) for right in move.rights):
        return False
    return own_eyes_suffice or not (move.needs_other_eyes and person.owns)


def moves(state: str, person: Person, *, own_eyes_suffice: bool = False) -> list[Move]:
    """Return the steps open to the person, in the order in which they are offered."""
    return [
        move
        for name, move in MOVES.items()
        if may_move(name, state, person, own_eyes_suffice=own_eyes_suffice)
    ]


def may_trash(state: str, person: Person) -> bool:
    """Return whether the person may throw an article away; a public one must be withdrawable."""
    if state in ("published", "scheduled"):
        return person.has(Right.PUBLISH)
    return state != "trashed" and person.has(Right.WRITE if state == "draft" else Right.EDIT)


def may_restore(before: str, person: Person) -> bool:
    """Return whether the person may bring back what was thrown away in the state `before`."""
    return may_trash(before, person)


def restored_state(before: str) -> str:
    """Return the state in which an article thrown away in the state `before` comes back.

    Nothing becomes public by coming back: that takes a step of its own.
    """
    return "withdrawn" if before in ("published", "withdrawn") else "draft"
