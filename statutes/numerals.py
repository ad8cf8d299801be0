"""Chinese numerals ↔ numbers, as statutes and those who cite them write them. Pure.

Statutes spell numbers with units (一百三十三); prose also sets digit beside digit
(一三三, 二〇二五) or writes 133 and １３３. All of these are read, the first is written.
"""

LARGEST = 99_999

DIGITS = "零一二三四五六七八九"
UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}

# Pieces for the regular expressions of other modules: 一百三十三, 二〇二五; 133, １３３.
CHINESE = r"[零〇○一二两三四五六七八九十百千万]{1,9}"
ARABIC = r"[0-9０-９]{1,5}"
NUMERAL = rf"(?:{CHINESE}|{ARABIC})"

_STANDARD = str.maketrans({"〇": "零", "○": "零", "两": "二"})
_HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def parse(text: str) -> int:
    """Return the number that `text` spells, from 0 to 99,999.

    >>> parse("一百三十三"), parse("二〇二五"), parse("１３３")
    (133, 2025, 133)

    Raises ValueError naming `text` if it is anything else: 一百五 (150 to the ear, 105 to a
    careless eye), 二十十, 007, mixtures such as 1百.
    """
    for read in (_read_arabic, _read_digits, _read_units):
        number = read(text)
        if number is not None and number <= LARGEST:
            return number
    raise ValueError(f"not a number up to {LARGEST}: {text!r}")


def spell(number: int) -> str:
    """Return `number` in Chinese, with units: 十, 一百一十, 一千零三十二, 一万零一.

    Raises ValueError outside 0 to 99,999.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"not a number up to {LARGEST}: {number!r}")
    spelled = ""
    skipped_a_unit = False
    rest = number
    for sign, unit in [*reversed(UNITS.items()), ("", 1)]:
        digit, rest = divmod(rest, unit)
        if digit == 0:
            skipped_a_unit = bool(spelled)
            continue
        spelled += "零" * skipped_a_unit + DIGITS[digit] + sign
        skipped_a_unit = False
    return (spelled.removeprefix("一") if 10 <= number < 20 else spelled) or "零"


def _read_arabic(text: str) -> int | None:
    """Read 133 or １３３."""
    plain = text.translate(_HALF_WIDTH)
    return int(plain) if plain.isascii() and plain.isdecimal() and _no_leading_zero(plain) else None


def _read_digits(text: str) -> int | None:
    """Read one digit beside the other: 七, 一三三, 二〇二五."""
    values = [DIGITS.find(sign) for sign in text.translate(_STANDARD)]
    if not values or len(values) > 5 or -1 in values:
        return None
    plain = "".join(map(str, values))
    return int(plain) if _no_leading_zero(plain) else None


def _read_units(text: str) -> int | None:
    """Read 一百三十三, if that is also how the number is spelled."""
    standard = text.translate(_STANDARD)
    total = digit = 0
    for sign in standard:
        if sign in DIGITS:
            digit = DIGITS.index(sign)
        elif sign in UNITS:
            total += max(digit, 1) * UNITS[sign]
            digit = 0
        else:
            return None
    number = total + digit
    if number > LARGEST or _without_optional_one(spell(number)) != _without_optional_one(standard):
        return None
    return number


def _without_optional_one(spelled: str) -> str:
    """Make 一十五 and 一百一十 equal to 十五 and 一百十: both are written."""
    return spelled.replace("一十", "十")


def _no_leading_zero(plain: str) -> bool:
    return len(plain) == 1 or plain[0] != "0"
