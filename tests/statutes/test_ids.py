"""Ids as addresses and forms give them."""

import pytest

from statutes.ids import read_id


@pytest.mark.parametrize(
    ("text", "expected"),
    [("42", 42), ("0", 0), ("9" * 18, 10**18 - 1)],
)
def test_reads_an_id(text, expected):
    assert read_id(text) == expected


@pytest.mark.parametrize("text", ["", "-1", "4.2", " 42", "42a", "４２", "²", "9" * 19])
def test_what_is_no_id_is_none(text):
    assert read_id(text) is None
