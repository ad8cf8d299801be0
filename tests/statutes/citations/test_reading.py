"""A text without its markup, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.citations.reading import Reading


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("**《民法典》**第 8 条", "《民法典》第8条"),
        ("[《民法典》](/a)第八条[^1]", "《民法典》第八条"),
        ("《民法典》</span>第八条&nbsp;规定", "《民法典》第八条规定"),
        ("&lt;民法典&gt;第１０条(一)", "〈民法典〉第10条（一）"),
        ("第一千\n零三十二条", "第一千零三十二条"),
        ("第一句。\n第二句", "第一句。\n第二句"),
        ("第九章 买卖合同\n第五条", "第九章买卖合同\n第五条"),
        ("第三条、\n第五条", "第三条、第五条"),
        ("<p>一</p><p>二</p>", "\n一\n二\n"),
        ("一\n\n\n二", "一\n二"),
        ("条文\n- 一项", "条文\n-一项"),
        ("a < b [注]", "a〈b[注]"),
    ],
)
def test_reads_what_a_reader_sees(written, text):
    assert Reading(written).text == text


@given(st.text("一二 \n*<>p/[](a)&lt;１", max_size=60))
def test_leads_back_to_what_was_written(written):
    reading = Reading(written)
    for at, character in enumerate(reading.text):
        start, end = reading.written(at, at + 1)
        assert end == start + 1
        assert reading.read(start) == at
        if character in "一二pal":
            assert written[start] == character
