"""Finding the provision that someone has in mind."""

from datetime import date

import pytest

from statutes.lookup import MOST, look_up
from statutes.models import Statute
from tests.factories import make_statute, make_version

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)


def found(query):
    return [each.citation for each in look_up(query, TODAY)]


@pytest.fixture
def law():
    provisions = (
        "为了甲，制定本法。",
        "乙应当登记。\n有下列情形之一的，不予登记：\n（一）没有住所；\n（二）没有负责人。",
        "第二条之一　丙的登记，适用前条。",
        "丁依法处理隐私。",
    )
    statute = make_version("中华人民共和国甲法", provisions=provisions).statute
    statute.aliases.create(name="甲法")
    return statute


@pytest.mark.parametrize(
    ("query", "citation"),
    [
        ("甲法2", "《甲法》第二条"),
        ("甲法第二条", "《甲法》第二条"),
        ("《中华人民共和国甲法》第2条", "《甲法》第二条"),
        ("甲法 第二条 ", "《甲法》第二条"),
        ("甲法第二条之一", "《甲法》第二条之一"),
        ("甲法2之一", "《甲法》第二条之一"),
        ("甲法第二条第二款第（一）项", "《甲法》第二条第二款第一项"),
        ("甲法第二条第九款", "《甲法》第二条"),
    ],
)
def test_names_and_numbers_as_people_type_them(law, query, citation):
    assert found(query) == [citation]


def test_the_words_are_those_of_the_part_named(law):
    assert look_up("甲法2第2款", TODAY)[0].lines == [
        "有下列情形之一的，不予登记：",
        "（一）没有住所；",
        "（二）没有负责人。",
    ]
    assert look_up("甲法2第2款第2项", TODAY)[0].lines == ["（二）没有负责人。"]


def test_a_name_alone_offers_the_law_and_its_beginning(law):
    assert found("甲法")[:3] == ["《甲法》", "《甲法》第一条", "《甲法》第二条"]
    assert found("甲")[0] == "《甲法》"


@pytest.mark.parametrize("query", ["隐私", "处理 隐私", "甲法隐私", "甲法 处理 隐私"])
def test_words_of_the_provision_find_it(law, query):
    assert found(query) == ["《甲法》第三条"]


def test_the_text_of_today_is_offered_with_what_the_law_is():
    make_version("中华人民共和国乙法", provisions=("旧文。",))
    dates = {"promulgated_on": date(2026, 1, 1), "effective_from": date(2026, 7, 1)}
    make_version("中华人民共和国乙法", provisions=("新文。",), label="修订", **dates)
    (today,) = look_up("乙法1", TODAY)
    assert (today.lines, today.standing) == (["新文。"], "现行有效")
    (before,) = look_up("乙法1", date(2026, 6, 1))
    assert before.lines == ["旧文。"]
    Statute.objects.update(repealed_on=date(2026, 10, 1), repeal_source="某决定")
    (ended,) = look_up("乙法1", TODAY)
    assert ended.standing == "已废止"


def test_a_law_without_text_can_be_cited_as_a_whole():
    make_statute("中华人民共和国丙法")
    assert found("丙法") == ["《丙法》"]
    assert found("丙法3") == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "《》",
        "第条",
        "1032",
        "甲法0",
        "甲法99999999999",
        "x" * 10_000,
        "%",
        "_",
        "'\"\\\0",
    ],
)
def test_what_means_nothing_finds_nothing(law, query):
    assert found(query) == []


def test_results_are_bounded():
    make_version("中华人民共和国丁法", provisions=[f"同样的话{n}。" for n in range(60)])
    assert len(found("同样的话")) == MOST
    assert len(found("丁法")) == MOST
