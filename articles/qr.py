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
_RUN = re.compile("0+|1+")


def svg_path(before: str, number: int, after: str) -> tuple[int, str]:
    """Return the size of the code of an address, border included, and its dark modules.

    The modules are the `d` of an SVG path with a stroke of one unit.
    """
    digits = str(number)
    size, code = _code(before + "0" * len(digits) + after)
    for place, digit in enumerate(digits):
        if digit != "0":
            code ^= _difference(before, after, len(digits), place, digit)
    width = _row_bytes(size)
    drawn = code.to_bytes(size * width, "big")
    rows = [
        "".join([_STROKES[byte] for byte in drawn[start : start + width]])
        for start in range(0, len(drawn), width)
    ]
    return size + 2 * BORDER, f"M{BORDER} {BORDER}.5" + f"m-{8 * width} 1".join(rows)


def _row_bytes(size: int) -> int:
    """Return in how many bytes a row of modules stands, the last filled up with light ones."""
    return (size + 7) // 8


def _strokes(byte: int) -> str:
    """Return how a pen draws eight modules and ends behind them."""
    runs = _RUN.findall(f"{byte:08b}")
    return "".join(f"h{len(run)}" if run[0] == "1" else f"m{len(run)} 0" for run in runs)


_STROKES = [_strokes(byte) for byte in range(256)]


@lru_cache(maxsize=256)
def _difference(before: str, after: str, length: int, place: int, digit: str) -> int:
    """Return the modules that change when one of the zeros becomes this digit."""
    zeros = "0" * length
    changed = zeros[:place] + digit + zeros[place + 1 :]
    return _code(before + zeros + after)[1] ^ _code(before + changed + after)[1]


@lru_cache(maxsize=64)
def _code(text: str) -> tuple[int, int]:
    """Return the size of a text's code and its modules as one number, row by row."""
    matrix = segno.make(text, error="m", mode="byte", mask=_MASK, micro=False).matrix
    size = len(matrix)
    rows = ("".join("01"[module] for module in row) for row in matrix)
    return size, int("".join(row.ljust(8 * _row_bytes(size), "0") for row in rows), 2)
