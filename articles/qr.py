"""QR codes of addresses that differ in a number only, without encoding each anew. Pure.

With version, mask and length fixed, every module of a QR code is a sum (XOR) over the bits of
its text: Reed–Solomon codes are linear. So the code of /hf/1199564.html is that of
/hf/0000000.html, changed by what each of its digits changes. ISO/IEC 18004.
"""

import re
from functools import lru_cache

import segno

BORDER = 2  # modules around the code
_MASK = 2  # any is valid; the same for all
_RUN = re.compile("1+")


def svg_path(before: str, number: int, after: str) -> tuple[int, str]:
    """Return the size of the code of an address, border included, and its dark modules.

    The modules are the `d` of an SVG path with a stroke of one unit.
    """
    digits = str(number)
    size, code = _code(before + "0" * len(digits) + after)
    for place, digit in enumerate(digits):
        if digit != "0":
            code ^= _difference(before, after, len(digits), place, digit)
    rows = f"{code:0{size * size}b}"
    path = "".join(
        _row(rows[start : start + size], y)
        for y, start in enumerate(range(0, size * size, size), start=BORDER)
    )
    return size + 2 * BORDER, path


@lru_cache(maxsize=4_096)
def _row(modules: str, y: int) -> str:
    return "".join(
        f"M{run.start() + BORDER} {y}.5h{run.end() - run.start()}" for run in _RUN.finditer(modules)
    )


@lru_cache(maxsize=256)
def _difference(before: str, after: str, length: int, place: int, digit: str) -> int:
    """Return the modules that change when one of the zeros becomes this digit."""
    zeros = "0" * length
    changed = zeros[:place] + digit + zeros[place + 1 :]
    return _code(before + zeros + after)[1] ^ _code(before + changed + after)[1]


@lru_cache(maxsize=64)
def _code(text: str) -> tuple[int, int]:
    """Return the modules of a text's code as one number, row by row, and their size."""
    matrix = segno.make(text, error="m", mode="byte", mask=_MASK, micro=False).matrix
    return len(matrix), int("".join("01"[module] for row in matrix for module in row), 2)
