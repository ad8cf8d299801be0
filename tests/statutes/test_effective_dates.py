from datetime import date, timedelta

import pytest

from statutes.aliases import STATE, normalise
from statutes.effective_dates import KNOWN_DATES, known_date


def test_each_version_is_known_once():
    versions = [(normalise(known.title), known.promulgated_on) for known in KNOWN_DATES]
    assert len(versions) == len(set(versions))


def test_the_table_is_sorted():
    assert list(KNOWN_DATES) == sorted(
        KNOWN_DATES, key=lambda known: (known.promulgated_on, known.title)
    )


@pytest.mark.parametrize("known", KNOWN_DATES, ids=lambda known: known.title)
def test_no_version_has_effect_before_it_is_promulgated_or_years_later(known):
    assert known.promulgated_on <= known.effective_from
    assert known.effective_from - known.promulgated_on <= timedelta(days=2 * 365)


@pytest.mark.parametrize("known", KNOWN_DATES, ids=lambda known: known.title)
def test_the_source_names_the_instrument_its_day_and_what_it_says(known):
    instrument, said = known.source.split("》（")
    day, when = said.split("）：")
    promulgated, start = (
        f"{day.year}年{day.month}月{day.day}日"
        for day in (known.promulgated_on, known.effective_from)
    )
    assert instrument.startswith("《")
    assert day == promulgated
    on_promulgation = known.effective_from == known.promulgated_on
    assert when == ("自公布之日起施行" if on_promulgation else f"自{start}起施行")


@pytest.mark.parametrize(
    ("title", "promulgated_on", "effective_from"),
    [
        ("治安管理处罚法", date(2012, 10, 26), date(2013, 1, 1)),
        ("保险法", date(2015, 4, 24), date(2015, 4, 24)),
        ("产品质量法", date(2018, 12, 29), date(2018, 12, 29)),
        ("劳动合同法", date(2012, 12, 28), date(2013, 7, 1)),
        ("公司法", date(2018, 10, 26), date(2018, 10, 26)),
        ("商标法", date(2019, 4, 23), date(2019, 11, 1)),
        ("建筑法", date(2019, 4, 23), date(2019, 4, 23)),
        ("刑法", date(2020, 12, 26), date(2021, 3, 1)),
        ("刑法", date(2023, 12, 29), date(2024, 3, 1)),
        ("民事诉讼法", date(2021, 12, 24), date(2022, 1, 1)),
    ],
)
def test_an_amended_law_is_found_by_title_and_day(title, promulgated_on, effective_from):
    known = known_date(STATE + title, promulgated_on)
    assert known.effective_from == effective_from


def test_the_source_reads_as_a_citation():
    assert known_date(f"{STATE}治安管理处罚法", date(2012, 10, 26)).source == (
        "《全国人民代表大会常务委员会关于修改〈中华人民共和国治安管理处罚法〉的决定》"
        "（2012年10月26日）：自2013年1月1日起施行"
    )


@pytest.mark.parametrize(
    "title",
    [
        "最高人民法院关于适用《中华人民共和国公司法》若干问题的规定（五）",
        "最高人民法院关于适用〈中华人民共和国公司法〉若干问题的规定(五)",
        " 最高人民法院关于适用中华人民共和国公司法若干问题的规定（五） ",
    ],
)
def test_a_title_is_compared_in_any_width_and_brackets(title):
    assert known_date(title, date(2020, 12, 29)).effective_from == date(2021, 1, 1)


def test_only_the_full_title_is_compared():
    assert known_date("治安管理处罚法", date(2012, 10, 26)) is None


@pytest.mark.parametrize("promulgated_on", [None, date(2005, 8, 28)])
def test_another_version_of_the_law_is_unknown(promulgated_on):
    assert known_date(f"{STATE}治安管理处罚法", promulgated_on) is None
