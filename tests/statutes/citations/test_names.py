"""Which statute a name means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.citations.names import Names, plain_number, without_year
from tests.statutes.citations.library import NAMES

NAME = st.text("甲乙丙", min_size=2, max_size=5)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("依据劳动合同法", "劳动合同法"),
        ("依据中华人民共和国劳动合同法", "中华人民共和国劳动合同法"),
        ("依据劳动合同法实施条例", "劳动合同法实施条例"),
        ("依据《劳动合同法》", "《劳动合同法》"),
        ("依据关于适用《民事诉讼法》的解释", "关于适用《民事诉讼法》的解释"),
        ("依据", None),
        ("", None),
    ],
)
def test_finds_the_longest_name_at_the_end(text, name):
    found = NAMES.ending_at(text, len(text))
    assert (found and text[found.start :]) == name


@given(st.dictionaries(NAME, NAME, max_size=20), st.text("甲乙丙", max_size=12))
def test_finds_what_a_slow_search_finds(titles, text):
    endings = [name for name in titles if text.endswith(name)]
    found = Names(titles).ending_at(text, len(text))
    assert (found and text[found.start :]) == max(endings, key=len, default=None)


@pytest.mark.parametrize(
    "name",
    [
        "证券投资法",  # too short to guess
        "最高人民法院关于适用《中华人民共和国行政诉讼法》的解释",  # another law
        "最高人民法院关于适用《中华人民共和国公司法》若干问题的规定（四）",  # another part
        "关于适用《公司法》若干问题的补充规定（三）",
        "浙江省物业管理条例",
    ],
)
def test_does_not_take_one_title_for_another(name):
    assert NAMES.guess(name) == ""


def test_guesses_nothing_that_could_be_two_statutes():
    titles = ["关于适用《公司法》若干问题的规定（三）", "关于适用《破产法》若干问题的规定（三）"]
    names = Names({title.replace("《", "").replace("》", ""): title for title in titles})
    assert names.guess("关于适用若干问题的规定（三）") == ""


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("法释[2020]17号", "法释〔2020〕17号"),
        ("（2015）第16号司法解释", "法释〔2015〕16号"),
        ("中华人民共和国国务院令第174号", "国务院令174号"),
        ("国务院令第174号", "国务院令174号"),
    ],
)
def test_compares_numbers_of_documents(written, plain):
    assert plain_number(written) == plain


def test_takes_the_year_from_a_title():
    assert without_year("公司法（2018修正）") == ("公司法", 2018)
    assert without_year("公司法若干问题的规定（三）") == ("公司法若干问题的规定（三）", None)
