"""Of which days a text tells."""

from datetime import date

import pytest

from statutes.citations.told import days_told


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2023年5月，两家公司发生纠纷。", [date(2023, 5, 1)]),
        ("2019年8月3日立案，2020年判决。", [date(2019, 8, 3), date(2020, 1, 1)]),
        ("2024年3月，派出所依据当时施行的规定处罚了他。", [date(2024, 3, 1)]),
        ("2023年2月30日、2023年13月", []),
    ],
)
def test_reads_days_months_and_years(text, days):
    assert [told.day for told in days_told(text)] == days


@pytest.mark.parametrize(
    "text",
    [
        "该法自2026年1月1日起施行。",
        "2025年6月27日，常委会会议修订通过了该法。",
        "2018年10月26日公布的决定",
        "2018年《公司法》",
        "2018年版公司法",
    ],
)
def test_the_days_on_which_laws_are_made_or_begin_are_none_of_facts(text):
    assert days_told(text) == []
