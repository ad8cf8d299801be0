"""What a style sheet asks for is there: a browser says nothing of a name it does not know."""

import re
from pathlib import Path

import pytest

SHEETS = sorted((Path(__file__).parent.parent / "static" / "css").glob("*.css"))
KNOWN = {"decimal", "disc", "simp-chinese-informal"}  # counter styles of every browser


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_counter_style_that_is_used_is_defined(sheet):
    text = sheet.read_text("utf-8")
    used = set(re.findall(r"counter\([^,()]+,\s*([\w-]+)\)", text))
    defined = set(re.findall(r"@counter-style\s+([\w-]+)", text))
    assert used <= defined | KNOWN
