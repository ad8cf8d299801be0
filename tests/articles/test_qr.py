"""QR codes put together from differences are those that an encoder makes."""

import re

import pytest
import segno

from articles import qr


@pytest.mark.parametrize("number", [1, 7, 42, 999, 1199564, 1000000, 9876543210, 2**63 - 1])
@pytest.mark.parametrize("before", ["https://www.example.com/hf/", "http://127.0.0.1:8000/a/b/"])
def test_a_code_is_what_an_encoder_makes_of_the_address(before, number):
    size, path = qr.svg_path(before, number, ".html")
    address = f"{before}{number}.html"
    matrix = segno.make(address, error="m", mode="byte", mask=2, micro=False).matrix
    assert size == len(matrix) + 4
    assert drawn_by(path) == {
        (x + 2, y + 2) for y, row in enumerate(matrix) for x, module in enumerate(row) if module
    }


def drawn_by(path: str) -> set[tuple[int, int]]:
    """Return the modules that a pen goes over, as SVG's path data move it."""
    drawn, x, y = set(), 0, 0.0
    for command, first, second in re.findall(r"([Mmh])(-?\d+)(?: ([\d.]+))?", path):
        if command == "M":
            x, y = int(first), float(second)
        elif command == "m":
            x, y = x + int(first), y + float(second)
        else:
            drawn |= {(x + step, int(y)) for step in range(int(first))}
            x += int(first)
    return drawn
