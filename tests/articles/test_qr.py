"""QR codes put together from differences are those that an encoder makes."""

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
    drawn = set()
    for move in path.split("M")[1:]:
        place, length = move.split("h")
        x, y = place.split(" ")
        drawn |= {(int(x) + step, int(float(y))) for step in range(int(length))}
    assert drawn == {
        (x + 2, y + 2) for y, row in enumerate(matrix) for x, module in enumerate(row) if module
    }
