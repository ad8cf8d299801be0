"""Addresses for Chinese names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.slugs import pinyin_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("民间借贷", "min-jian-jie-dai"),
        ("P2P网贷", "p2p-wang-dai"),
        ("林知远", "lin-zhi-yuan"),
        ("婚姻 / 家庭", "hun-yin-jia-ting"),
        ("劳动法（2026）", "lao-dong-fa-2026"),
        ("LPR", "lpr"),
        ("？！", ""),
        ("", ""),
    ],
)
def test_a_name_is_written_in_pinyin(name, slug):
    assert pinyin_slug(name) == slug


def test_a_long_name_is_cut_between_syllables():
    assert pinyin_slug("民间借贷", max_length=11) == "min-jian"
    assert pinyin_slug("a" * 100, max_length=10) == "a" * 10


@given(st.text(max_size=80))
def test_any_name_gives_a_slug_that_an_address_can_hold(name):
    slug = pinyin_slug(name)
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug)
    assert len(slug) <= 60
