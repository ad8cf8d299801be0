"""What every parser makes of its source: one version of one statute. Pure.

The parsers differ only in what they read; `load.py` sees nothing but these.
"""

from dataclasses import dataclass, replace
from datetime import date


class ParseError(ValueError):
    """A source that cannot be read, with the line (from 1; 0 if none is meant) and the reason."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class ParsedEvent:
    """One line of a statute's history: 2012年10月26日 …《关于修改…的决定》修正."""

    on: date
    text: str  # without the date
    kind: str  # 通过 批准 公布 修正 修订 施行, or "" where the line does not say


@dataclass(frozen=True)
class ParsedDivision:
    """A heading above the provisions."""

    level: int  # 1 at the top
    kind: str  # 编 分编 章 节, or "" as in 序言 or 一、管辖
    number: int | None
    heading: str  # whole: 第一章 总则
    parent: int | None  # index in the list of divisions
    text: str = ""  # words below the heading that no provision holds, as in 序言


@dataclass(frozen=True)
class ParsedProvision:
    """A 条, or what is cited as one: the 三、 of an amendment, the `31.` of old rules."""

    number: int
    suffix: int  # 之一 = 1
    label: str  # as written: 第十六条, 三、, 31.
    text: str  # lines joined by "\n": 款, and 项 beginning with （一）
    division: int | None  # index in the list of divisions
    line: int = 0  # where it begins in the source


@dataclass(frozen=True)
class Body:
    """The text of a statute, in its order: preamble, divisions with provisions, attachment."""

    preamble: str = ""
    divisions: tuple[ParsedDivision, ...] = ()
    provisions: tuple[ParsedProvision, ...] = ()
    attachment: str = ""
    warnings: tuple[str, ...] = ()

    def joined(self) -> str:
        """Return the whole text again, a line a line, numbers and headings included."""
        parts = [self.preamble]
        shown = 0
        for provision in self.provisions:
            until = 0 if provision.division is None else provision.division + 1
            parts += map(_division_text, self.divisions[shown:until])
            shown = max(shown, until)
            parts.append(f"{provision.label} {provision.text}")
        parts += map(_division_text, self.divisions[shown:])
        parts.append(self.attachment)
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True)
class ParsedVersion:
    """A statute as of one enactment or amendment.

    `effective_from` is None where the source does not tell; `effective_basis` says in Chinese
    where the date comes from, or why there is none, for the editor who has to decide.
    """

    title: str  # with 中华人民共和国, as printed
    kind: str  # 宪法 法律 修正案 立法解释 决定 行政法规 司法解释 部门规章
    label: str  # 制定 修正 修订 修正案, or "" if unknown
    promulgated_on: date | None
    effective_from: date | None
    body: Body
    effective_basis: str = ""
    issuer: str = ""
    document_number: str = ""  # 法释〔2020〕26号
    ended: str = ""  # what says that the statute ended, but not when
    book: str = ""  # 物权编: the part of a statute that the source holds, if not the whole
    header: tuple[str, ...] = ()  # the lines between title and text, as written
    events: tuple[ParsedEvent, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def provisions(self) -> tuple[ParsedProvision, ...]:
        return self.body.provisions

    @property
    def divisions(self) -> tuple[ParsedDivision, ...]:
        return self.body.divisions

    def joined(self) -> str:
        """Return everything the source says, in its order."""
        head = [self.title, self.book, *self.header]
        return "\n".join([*filter(None, head), self.body.joined()])


def nested(division: ParsedDivision, below: int, offset: int) -> ParsedDivision:
    """Return `division` one level down, below the one at index `below`, its parents moved."""
    parent = below if division.parent is None else division.parent + offset
    return replace(division, level=division.level + 1, parent=parent)


def _division_text(division: ParsedDivision) -> str:
    return "\n".join(filter(None, (division.heading, division.text)))
