"""One state of a citation from what was found out about it. Pure."""

from enum import StrEnum


class State(StrEnum):
    """What a citation is today; its table of meanings is the product's core promise."""

    CURRENT = "current", "有效"
    AMENDED = "amended", "已修改"
    RENUMBERED = "renumbered", "条号已变"
    REPEALED = "repealed", "已废止"
    COMING = "coming", "尚未施行"
    MISQUOTED = "misquoted", "引文不符"
    MISSING = "missing", "条文不存在"
    UNKNOWN = "unknown", "未收录"

    def __new__(cls, value: str, label: str):
        state = str.__new__(cls, value)
        state._value_ = value
        state.label = label
        return state
