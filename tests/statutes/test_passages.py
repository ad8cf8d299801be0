"""Where words stand: an index in a file, kept right as laws come in."""

from datetime import date

import pytest

from statutes import passages
from statutes.models import Provision
from tests.factories import make_version

pytestmark = pytest.mark.django_db

RULE = "饲养动物干扰他人正常生活的，处警告；警告后不改正的，处二百元以上五百元以下罚款。"
OTHER = "相邻权利人之间应当按照有利生产、方便生活的原则处理相邻关系。"


@pytest.fixture(autouse=True)
def _laws():
    make_version("甲示例法", provisions=["无关的规定，不必理会。", RULE])


def names(words):
    return [str(found) for found in passages.passages().candidates(words)]


def test_words_lead_to_their_provision():
    assert names(RULE[:20])[0] == "《甲示例法》第二条"


def test_a_law_that_came_in_later_is_found_too():
    assert names(OTHER) == []
    make_version("乙示例法", provisions=[OTHER])
    assert names(OTHER) == ["《乙示例法》第一条"]


def test_only_what_is_asked_for_is_looked_through():
    other = make_version("乙示例法", provisions=[RULE]).statute
    index = passages.passages()
    found = index.candidates(RULE, passages.of_statute(other))
    assert [str(provision) for provision in found] == ["《乙示例法》第一条"]


@pytest.mark.parametrize("content", [b"", b"\0" * 5, b"\0" * 7])
def test_a_damaged_file_is_made_anew(settings, content):
    passages.build()
    settings.PASSAGES_FILE.write_bytes(content)
    assert names(RULE) == ["《甲示例法》第二条"]


def test_what_was_taken_out_is_not_found():
    version = make_version("乙示例法", provisions=[OTHER])
    assert names(OTHER)
    version.delete()
    assert names(OTHER) == []


def test_words_that_stand_nowhere_are_not_found():
    assert names("") == []
    assert names("完全没有在任何法律里出现过的一串文字而已") == []


def test_who_says_all_of_some_words_is_told_from_who_says_a_part():
    said_twice = "饲养动物干扰他人正常生活的，处警告；警告后不改正的，由居民委员会劝阻。"
    statute = make_version("乙示例法", provisions=[said_twice, RULE]).statute
    found = passages.passages().holding_most(RULE, statute)
    assert RULE in [text for _, text in found]
    days = {"promulgated_on": date(2026, 1, 1), "effective_from": date(2026, 3, 1)}
    make_version("乙示例法", provisions=[f"新法：{RULE}"], **days)
    found = passages.passages().holding_most(RULE, statute)
    assert found[0][1] == f"新法：{RULE}", "the newest text first"
    found = passages.passages().holding_most(RULE[:20] + OTHER, statute)
    assert found == []


def test_more_than_one_query_can_ask_for_come_in_order():
    """The newest version first, one without a day last, each in the order of its text."""
    days = [None, date(2021, 7, 1), date(2023, 7, 1)]
    for year, day in enumerate(days, start=2019):
        version = make_version(
            provisions=[f"{year}年的规定。"], promulgated_on=date(year, 3, 1), effective_from=day
        )
        Provision.objects.bulk_create(
            Provision(version=version, position=n, number=n, label=f"第{n}条", text=f"{n}：{RULE}")
            for n in range(2, 122)
        )

    found = passages.passages().holding_most(RULE, version.statute)

    rows = Provision.objects.select_related("version").in_bulk([pk for pk, _ in found])
    assert [(rows[pk].version.effective_from, rows[pk].number, text) for pk, text in found] == [
        (day, n, f"{n}：{RULE}") for day in (*days[:0:-1], None) for n in range(2, 122)
    ]
