"""The numbers that Word only shows (一、 （一） 第一条 1.1) → words of the text. Pure: no Django.

What Markdown's lists count by themselves, 1. 2. 3. from one on, stays a list. Two lists of one
definition count on from each other unless one says where it begins (ECMA-376, 17.9).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NAMED_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_BASES = 20  # styles that a style may rest on, one after the other


def text_of(element: etree._Element | None, path: str) -> str:
    """Return the value of a property, "" without one: numPr/numId → 3."""
    place = "/".join(f"{W}{name}" for name in path.split("/"))
    found = None if element is None else element.find(place)
    return "" if found is None else found.get(f"{W}val", "")


def _whole(value: str, otherwise: int) -> int:
    return int(value) if re.fullmatch(r"\d{1,6}", value) else otherwise


# --- Styles ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    name: str = ""
    heading: int = 0  # its level, from 1; 0 for no heading
    number: str = ""  # of the list to which its paragraphs belong
    level: int | None = None


def read_styles(root: etree._Element | None) -> dict[str, Style]:
    """Return the styles of paragraphs and lists by their ids, with what they rest on."""
    found = {} if root is None else {s.get(f"{W}styleId", ""): s for s in root.iter(f"{W}style")}
    return {key: _style(key, found) for key in found}


def _style(key: str, found: dict[str, etree._Element]) -> Style:
    name = text_of(found[key], "name")
    heading, number, level = 0, "", None
    for _ in range(_BASES):
        element = found.get(key)
        if element is None:
            break
        named = _NAMED_HEADING.fullmatch(text_of(element, "name"))
        outline = text_of(element, "pPr/outlineLvl")
        heading = heading or (int(named[1]) if named else 0)
        heading = heading or (int(outline) + 1 if re.fullmatch("[0-8]", outline) else 0)
        if not number:
            number = text_of(element, "pPr/numPr/numId")
            level = _level(text_of(element, "pPr/numPr/ilvl"))
        key = text_of(element, "basedOn")
    return Style(name, heading, number, level)


def _level(value: str) -> int | None:
    return int(value) if re.fullmatch("[0-8]", value) else None


# --- Lists -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Level:
    """How one level of a list is counted and shown."""

    form: str = ""
    text: str = ""  # %1、 or （%2） or %1.%2
    start: int = 1
    restart: int | None = None  # how many of the highest levels let it begin anew; all by default
    style: str = ""  # whose paragraphs are of this level
    in_digits: bool = False  # all of its numbers

    @property
    def is_list(self) -> bool:
        """Whether Markdown's own numbers say the same."""
        return self.form == "decimal" and bool(re.fullmatch(r"%[1-9][.、．)]?", self.text))

    def begins_anew_after(self, level: int) -> bool:
        """Whether a number of a higher level lets it begin anew: 条 count on over 章."""
        return self.restart is None or level < self.restart


@dataclass
class Lists:
    """The lists of a document: number → definition, (definition, level) → how it is shown."""

    definitions: dict[str, str] = field(default_factory=dict)
    levels: dict[tuple[str, int], Level] = field(default_factory=dict)
    own: dict[tuple[str, int], Level] = field(default_factory=dict)  # of one number
    starts: dict[tuple[str, int], int] = field(default_factory=dict)  # where a number begins anew

    def level(self, number: str, level: int) -> Level | None:
        key = (self.definitions.get(number, ""), level)
        return self.own.get((number, level)) or self.levels.get(key)

    def level_of(self, number: str, style: str) -> int:
        definition = self.definitions.get(number)
        places = (
            place[1]
            for place, level in self.levels.items()
            if place[0] == definition and level.style == style
        )
        return next(places, 0)


def read_lists(root: etree._Element | None, styles: dict[str, Style]) -> Lists:
    lists = Lists()
    if root is None:
        return lists
    elsewhere = {}  # definitions that only name a style of lists
    for definition in root.findall(f"{W}abstractNum"):
        key = definition.get(f"{W}abstractNumId", "")
        if link := text_of(definition, "numStyleLink"):
            elsewhere[key] = styles.get(link, Style()).number
        for element in definition.findall(f"{W}lvl"):
            if (level := _level(element.get(f"{W}ilvl", ""))) is not None:
                lists.levels[key, level] = _read_level(element)
    for element in root.findall(f"{W}num"):
        number = element.get(f"{W}numId", "")
        lists.definitions[number] = text_of(element, "abstractNumId")
        for override in element.findall(f"{W}lvlOverride"):
            if (level := _level(override.get(f"{W}ilvl", ""))) is None:
                continue
            if start := text_of(override, "startOverride"):
                lists.starts[number, level] = _whole(start, 1)
            if (own := override.find(f"{W}lvl")) is not None:
                lists.own[number, level] = _read_level(own)
    for number, definition in lists.definitions.items():
        other = lists.definitions.get(elsewhere.get(definition, ""))
        lists.definitions[number] = other or definition
    return lists


def _read_level(element: etree._Element) -> Level:
    return Level(
        form=text_of(element, "numFmt") or "decimal",
        text=text_of(element, "lvlText"),
        start=_whole(text_of(element, "start"), 1),
        restart=_level(text_of(element, "lvlRestart")),
        style=text_of(element, "pStyle"),
        in_digits=element.find(f"{W}isLgl") is not None,
    )


# --- Counting ----------------------------------------------------------------------------


@dataclass
class _Numbered:
    """A paragraph of a list, with its number as Word shows it."""

    paragraph: etree._Element
    number: str
    level: int
    count: int
    label: str  # "" of a bullet
    is_list: bool


def write_numbers(document: etree._Element, lists: Lists, styles: dict[str, Style]) -> None:
    """Write into the text the numbers that a list of ours would not show."""
    run: list[_Numbered] = []
    for item in list(_numbered(document, lists, styles)):
        if run and not (item.is_list and run[-1].paragraph.getnext() is item.paragraph):
            _settle(run)
            run = []
        if item.is_list:
            run.append(item)
        else:
            _write(item)
    _settle(run)


def _numbered(
    document: etree._Element, lists: Lists, styles: dict[str, Style]
) -> Iterator[_Numbered]:
    counts: dict[tuple[str, int], int] = {}
    begun: set[tuple[str, int]] = set()
    for paragraph in document.iter(f"{W}p"):
        properties = paragraph.find(f"{W}pPr")
        key = text_of(properties, "pStyle")
        style = styles.get(key, Style())
        number = text_of(properties, "numPr/numId") or style.number
        at = _level(text_of(properties, "numPr/ilvl"))
        if at is None:
            at = style.level if style.level is not None else lists.level_of(number, key)
        shown = lists.level(number, at)
        if shown is None or _is_deleted(properties):
            continue
        definition = lists.definitions[number]
        if (number, at) in lists.starts and (number, at) not in begun:
            counts[definition, at] = lists.starts[number, at] - 1
        begun.add((number, at))
        counts[definition, at] = counts.get((definition, at), shown.start - 1) + 1
        for below in [k[1] for k in counts if k[0] == definition and k[1] > at]:
            if (lists.level(number, below) or Level()).begins_anew_after(at):
                del counts[definition, below]
        label = _label(shown, number, counts, lists)
        is_list = (shown.is_list or not label) and not style.heading
        yield _Numbered(paragraph, number, at, counts[definition, at], label, is_list)


def _is_deleted(properties: etree._Element | None) -> bool:
    return properties is not None and properties.find(f"{W}rPr/{W}del") is not None


def _settle(run: list[_Numbered]) -> None:
    """Write the numbers of neighbours that do not count up from one, as lists of ours do."""
    last: dict[int, int] = {}
    for item in run:
        expected = last.get(item.level, 0) + 1
        last = {level: count for level, count in last.items() if level < item.level}
        if item.label and item.count != expected:
            for each in run:
                _write(each)
            return
        if item.label:
            last[item.level] = item.count


def _label(shown: Level, number: str, counts: dict[tuple[str, int], int], lists: Lists) -> str:
    if shown.form in ("bullet", "none"):
        return shown.text if shown.form == "none" and "%" not in shown.text else ""
    parts = re.split(r"%([1-9])", shown.text)
    for place in range(1, len(parts), 2):
        at = int(parts[place]) - 1
        level = lists.level(number, at) or Level()
        count = counts.get((lists.definitions[number], at), level.start)
        parts[place] = spell(count, "decimal" if shown.in_digits else level.form)
    return "".join(parts)


def _write(item: _Numbered) -> None:
    """Take a paragraph out of its list; begin it with its number."""
    if not item.label:
        return
    properties = item.paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        item.paragraph.insert(0, properties)
    place = properties.find(f"{W}numPr")
    if place is None:
        place = etree.SubElement(properties, f"{W}numPr")
    for child in list(place):
        place.remove(child)
    etree.SubElement(place, f"{W}numId").set(f"{W}val", "0")
    run = etree.Element(f"{W}r")
    text = etree.SubElement(run, f"{W}t")
    text.text = item.label + _space_after(item.label)
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    item.paragraph.insert(1, run)


def _space_after(label: str) -> str:
    if re.search(r"[、．）。：；]\s*$", label) or not label:
        return ""
    return "　" if re.search(r"[一-鿿]$", label) else " "


# --- Spelling ----------------------------------------------------------------------------

_DIGITS = "〇一二三四五六七八九"
_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting"}
_CHINESE |= {"taiwaneseCounting", "taiwaneseCountingThousand"}
_PLACES = {"ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2"}
_CYCLES = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
    "upperLetter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}
_CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
_FORMAL = str.maketrans("一二三四五六七八九十百〇", "壹贰叁肆伍陆柒捌玖拾佰零")
_ROMAN = [(1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")]
_ROMAN += [(40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]


def spell(number: int, form: str) -> str:
    """Return a number in one of Word's forms; in digits where the form has none for it.

    >>> [spell(12, form) for form in ("chineseCounting", "upperRoman", "ideographDigital")]
    ['十二', 'XII', '一二']
    """
    if form in _CHINESE and number < 1_000:
        return chinese(number)
    if form == "chineseLegalSimplified" and number < 1_000:
        text = chinese(number).translate(_FORMAL)
        return f"壹{text}" if text.startswith("拾") else text
    if form in _PLACES:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if form in _CIRCLED and 0 < number <= 20:
        return chr(0x245F + number)
    if form in _CYCLES and 0 < number <= len(_CYCLES[form]):
        return _CYCLES[form][number - 1]
    if form in ("lowerRoman", "upperRoman") and 0 < number < 4_000:
        text = _roman(number)
        return text.upper() if form == "upperRoman" else text
    if form == "decimalZero":
        return f"{number:02}"
    if form == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def chinese(number: int) -> str:
    """Return a number below 1000 as it counts headings: 12 → 十二."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "〇"
    return text + (_DIGITS[ones] if ones or not number else "")
