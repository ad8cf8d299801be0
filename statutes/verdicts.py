"""Cited provision + what became of it + quotation → one state, or a question. Pure.

A state is a claim, and is made only of what was compared. What is not certain is a question to
the editor; the reader is told nothing of it.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from statutes.citations.whereabouts import Standing


class _Labelled(StrEnum):
    """Values with a Chinese name."""

    def __new__(cls, value: str, label: str):
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class State(_Labelled):
    """What a citation is today; its table of meanings is the product's core promise."""

    CURRENT = "current", "有效"
    AMENDED = "amended", "已修改"
    RENUMBERED = "renumbered", "条号已变"
    REPEALED = "repealed", "已废止"
    COMING = "coming", "尚未施行"
    MISQUOTED = "misquoted", "引文不符"
    MISSING = "missing", "条文不存在"
    UNKNOWN = "unknown", "未收录"


# What readers are told of before the body, and what keeps an article from being published.
NOTICED = (State.AMENDED, State.RENUMBERED, State.REPEALED, State.COMING)
ERRORS = (State.MISSING, State.MISQUOTED)


class Question(_Labelled):
    """What a person should look at, by weight."""

    GUESS = "guess", "名称与已收录的法规不尽相同，请确认所指"
    SUCCESSOR = "successor", "后来的文本中与之对应的条文不能确定，请核对沿革"
    VERSION = "version", "文中所述更像另一版本的这一条，请核对条号"
    BASIS = "basis", "没有法律基准日当时的文本，无法与现行文本比较"
    UNDATED = "undated", "现行文本的施行日期未经核实"
    GAP = "gap", "所收文本不全，不能断定没有这一条"
    PART = "part", "这一条里没有所引的款或项，请核对"
    WORDS = "words", "文中的话与条文有出入"
    EXCERPT = "excerpt", "引文只是条文中一句话的一部分，请核对文意是否完整"
    STALE = "stale", "文本来源较旧，以后有无修改未经核实"


class Attention(IntEnum):
    """How much a citation wants a person, the least first."""

    NONE = 0, "无"
    UNKNOWN = 1, "未收录"
    QUESTION = 2, "待核对"
    CHANGED = 3, "法律已变"
    ERROR = 4, "须改正"

    def __new__(cls, value: int, label: str):
        member = int.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


# With one of these a citation is not even linked: which law is meant is not certain.
_UNTOLD = (Question.GUESS,)

# With one of these another rule seems to be meant than the one under this number.
_OF_ANOTHER_RULE = (Question.VERSION, Question.PART)


class Origin(StrEnum):
    """What a citation leads to as of the article's legal date."""

    UNKNOWN = "no statute of this name"
    TEXTLESS = "a statute without any text"
    STATUTE = "a statute named alone"
    ABSENT = "a text that has no such number"
    PROVISION = "a provision, or no text of that day but one of today"


class Fate(StrEnum):
    """What that is today."""

    SAME = "the same words under the same number"
    AMENDED = "other words under the same number"
    RENUMBERED = "under another number"
    ENDED = "no longer in force"
    COMING = "not yet in force"
    UNCERTAIN = "not known for certain"


@dataclass(frozen=True)
class Verdict:
    """`state` is None where nothing can be claimed; then there is a question."""

    state: State | None
    questions: tuple[Question, ...] = ()

    @property
    def may_be_told(self) -> bool:
        """Whether a reader may be told it, or even led to the law."""
        return self.state is not None and not set(self.questions) & set(_UNTOLD)

    @property
    def can_be_settled(self) -> bool:
        """Whether a person who looked at it may find it right: not what moved, ended or is none."""
        is_open = bool(set(self.questions) - {Question.STALE})
        return self.state in (None, State.AMENDED, State.MISQUOTED) or (
            self.state is State.CURRENT and is_open
        )

    @property
    def attention(self) -> Attention:
        """How much it wants a person. That a source is old is nothing a person can settle."""
        if self.state in ERRORS:
            return Attention.ERROR
        if self.state in NOTICED:
            return Attention.CHANGED
        if self.state is None or set(self.questions) - {Question.STALE}:
            return Attention.QUESTION
        return Attention.UNKNOWN if self.state is State.UNKNOWN else Attention.NONE


def assess(
    origin: Origin,
    fate: Fate,
    standing: Standing | None = None,
    *,
    is_claimed: bool = False,
    doubts: tuple[Question, ...] = (),
    is_checked: bool = False,
) -> Verdict:
    """Return the verdict on one citation. Total: every combination has one.

    `standing` is how its quotation agrees with the provision, None without a quotation;
    `is_claimed` whether the words are given as the law's own. `doubts` are what resolving left
    open. `is_checked`: a person has looked since the law last changed, and found it right.
    """
    unfaithful = standing in (Standing.ALTERED, Standing.ELSEWHERE, Standing.NOWHERE)
    if unfaithful:
        doubts += (Question.WORDS,)
    if standing is Standing.EXCERPT and is_claimed:
        doubts += (Question.EXCERPT,)
    if is_checked:
        doubts = tuple(doubt for doubt in doubts if doubt is Question.STALE)
    is_of_another = set(doubts) & set(_OF_ANOTHER_RULE) or (
        standing is Standing.ELSEWHERE and not is_claimed and not is_checked
    )
    if fate is Fate.SAME and is_of_another:
        fate = Fate.UNCERTAIN
    if fate in (Fate.AMENDED, Fate.RENUMBERED) and Question.VERSION in doubts:
        fate = Fate.UNCERTAIN  # of another text than the one that became this
    state = _state(origin, fate, unfaithful and is_claimed and not is_checked)
    if state is None and not doubts:
        doubts = (Question.SUCCESSOR,)
    return Verdict(state, tuple(question for question in Question if question in doubts))


_OF_FATE = {
    Fate.AMENDED: State.AMENDED,
    Fate.RENUMBERED: State.RENUMBERED,
    Fate.ENDED: State.REPEALED,
    Fate.COMING: State.COMING,
    Fate.UNCERTAIN: None,
}


def _state(origin: Origin, fate: Fate, is_misquoted: bool) -> State | None:
    """What readers must know first: that a law ended or moved weighs more than wrong words."""
    if origin is Origin.UNKNOWN:
        return State.UNKNOWN
    if origin is Origin.TEXTLESS:
        return State.REPEALED if fate is Fate.ENDED else State.UNKNOWN
    if origin is Origin.ABSENT:
        return {Fate.ENDED: State.REPEALED, Fate.UNCERTAIN: None}.get(fate, State.MISSING)
    if fate is Fate.SAME:
        return State.MISQUOTED if is_misquoted else State.CURRENT
    return _OF_FATE[fate]
