"""Chinese numerals, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes import numerals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("零", 0),
        ("〇", 0),
        ("七", 7),
        ("两", 2),
        ("十", 10),
        ("一十", 10),
        ("十五", 15),
        ("二十", 20),
        ("两百", 200),
        ("一百零五", 105),
        ("一百〇五", 105),
        ("一百一十", 110),
        ("一百十", 110),
        ("一百三十三", 133),
        ("一千零三十二", 1032),
        ("一千二百六十", 1260),
        ("一万", 10_000),
        ("一万零一", 10_001),
        ("九万九千九百九十九", 99_999),
        ("一三三", 133),
        ("二〇二五", 2025),
        ("一九八二", 1982),
        ("一八四○", 1840),
        ("133", 133),
        ("１３３", 133),
        ("99999", 99_999),
    ],
)
def test_reads_every_style(text, expected):
    assert numerals.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "条", "一百五", "二十十", "十百", "百千", "零十", "一百零", "一百零十", "一零百",
        "007", "〇七", "1百", "一3", "-1", "1.5", "１００万", "十万", "100000", "一二三四五六",
        "九九九九九九", "²", "①", "一百三十三条", "壹", "Ⅳ",
    ],
)  # fmt: skip
def test_refuses_anything_else_and_names_it(text):
    with pytest.raises(ValueError, match="not a number") as caught:
        numerals.parse(text)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "零"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (1032, "一千零三十二"),
        (1100, "一千一百"),
        (10_001, "一万零一"),
        (10_100, "一万零一百"),
        (12_030, "一万二千零三十"),
    ],
)
def test_spells_as_statutes_do(number, expected):
    assert numerals.spell(number) == expected


@pytest.mark.parametrize("number", [-1, 100_000])
def test_spells_nothing_beyond_its_range(number):
    with pytest.raises(ValueError, match="not a number"):
        numerals.spell(number)


@given(st.integers(0, numerals.LARGEST))
def test_reads_back_what_it_spells(number):
    assert numerals.parse(numerals.spell(number)) == number


@given(st.integers(0, numerals.LARGEST))
def test_reads_every_style_of_digits(number):
    side_by_side = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    assert numerals.parse(side_by_side) == numerals.parse(str(number)) == number


@given(st.text(alphabet="零〇一二两三十百千万5５", max_size=12))
def test_reads_a_number_or_refuses(text):
    try:
        number = numerals.parse(text)
    except ValueError:
        return
    assert 0 <= number <= numerals.LARGEST
