"""Citations lead to the text of their day, and from there to what holds today."""

from datetime import date

import pytest

from statutes import resolver
from statutes.citations.find import find_citations
from statutes.importing import load
from statutes.locators import Locator
from statutes.models import Statute, Succession
from statutes.resolver import resolve
from statutes.verdicts import Fate, Origin, Question
from tests.factories import make_statute, make_version

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)
OLD, NEW = date(2012, 10, 26), date(2025, 6, 27)
MESSAGES = (
    "有下列行为之一的，处五日以下拘留或者五百元以下罚款；情节较重的，处五日以上十日以下拘留，"
    "可以并处五百元以下罚款：\n（一）写恐吓信或者以其他方法威胁他人人身安全的；\n"
    "（二）多次发送淫秽、侮辱、恐吓或者其他信息，干扰他人正常生活的。"
)
ANIMALS = "饲养动物，干扰他人正常生活的，处警告；警告后不改正的，处二百元以上五百元以下罚款。"
TRACKS = "擅自进入铁路防护网或者火车来临时在铁路线路上行走坐卧，影响行车安全的，处警告。"
PURPOSE = "为维护社会治安秩序，保障公共安全，制定本法。"


@pytest.fixture
def punishments():
    """A law whose second provision became the third, and whose second is another rule today."""
    title = "中华人民共和国治安处罚示例法"
    make_version(
        title,
        provisions=[PURPOSE, MESSAGES, ANIMALS],
        promulgated_on=OLD,
        effective_from=date(2013, 1, 1),
        label="修正",
    )
    amended = MESSAGES.replace("五百元", "一千元")
    return make_version(
        title,
        provisions=[PURPOSE, TRACKS, amended, ANIMALS],
        promulgated_on=NEW,
        effective_from=date(2026, 1, 1),
        label="修订",
    ).statute


def find(text):
    load.refresh_aliases()
    return find_citations(text, resolver.library().names)


def one(text, on, today=TODAY):
    (resolved,) = resolve(find(text), on=on, today=today)
    return resolved


def test_a_citation_means_the_text_of_its_day(punishments):
    before = one("《治安处罚示例法》第二条", date(2025, 12, 31))
    after = one("《治安处罚示例法》第二条", date(2026, 1, 1))
    assert before.then.text == MESSAGES
    assert after.then.text == TRACKS


def test_a_moved_provision_is_followed_to_its_new_number(punishments):
    resolved = one("《治安处罚示例法》第二条", date(2020, 1, 1))
    assert resolved.fate is Fate.RENUMBERED
    assert resolved.now.place == Locator(3)
    assert resolved.since == date(2026, 1, 1)
    assert resolved.now_locator == Locator(3)


def test_the_item_cited_is_found_in_its_new_place(punishments):
    resolved = one("《治安处罚示例法》第二条第二项", date(2020, 1, 1))
    assert resolved.now_locator == Locator(3, paragraph=1, item=2)


def test_before_the_change_it_is_still_the_same(punishments):
    resolved = one("《治安处罚示例法》第二条", date(2020, 1, 1), today=date(2025, 12, 31))
    assert resolved.fate is Fate.SAME
    assert resolved.since is None


def test_what_did_not_change_is_the_same(punishments):
    resolved = one("《治安处罚示例法》第一条", date(2020, 1, 1))
    assert resolved.fate is Fate.SAME
    assert resolved.now.version.promulgated_on == NEW


def test_the_other_texts_are_at_hand_for_who_quotes_them(punishments):
    resolved = one("《治安处罚示例法》第二条", date(2026, 3, 1))
    (other,) = resolved.otherwise
    assert other.then.text == MESSAGES
    assert (other.fate, other.now.place) == (Fate.RENUMBERED, Locator(3))


def test_a_version_that_an_author_names_is_meant(punishments):
    resolved = one("《治安处罚示例法》（2012修正）第二条", date(2026, 3, 1))
    assert resolved.then.text == MESSAGES


@pytest.mark.parametrize(
    "written",
    [
        "2012年《治安处罚示例法》第二条",
        "2019年《治安处罚示例法》第二条",  # in force that year
        "旧《治安处罚示例法》第二条",
        "2025年修订前的治安处罚示例法第二条",
        "《治安处罚示例法》（修订前）第二条",
    ],
)
def test_the_old_law_is_meant_where_the_author_says_so(punishments, written):
    assert one(written, date(2026, 3, 1)).then.text == MESSAGES


def test_the_new_law_is_meant_before_it_is_in_force(punishments):
    resolved = one("新《治安处罚示例法》第二条", date(2025, 8, 1), today=date(2025, 8, 1))
    assert (resolved.then.text, resolved.fate) == (TRACKS, Fate.COMING)


def test_a_year_names_no_version_that_was_not_made_yet(punishments):
    resolved = one("2025年《治安处罚示例法》第二条", date(2025, 3, 1))
    assert (resolved.then, resolved.doubts) == (None, (Question.BASIS,))


@pytest.mark.parametrize(
    "written", ["旧《治安处罚示例法》第四条", "《治安处罚示例法》（2012年修正）第四条"]
)
def test_a_number_that_only_the_new_law_has_is_none_of_the_old(punishments, written):
    resolved = one(written, date(2025, 8, 1), today=date(2025, 8, 1))
    assert (resolved.then, resolved.origin) == (None, Origin.ABSENT)


def test_the_old_law_that_has_ended_means_its_last_text(punishments):
    punishments.repealed_on, punishments.repeal_source = date(2026, 8, 1), "决定"
    punishments.save()
    after = date(2026, 9, 1)
    assert one("原《治安处罚示例法》第二条", after, today=after).then.text == TRACKS


@pytest.mark.parametrize(
    "written", ["2006年《治安处罚示例法》第二条", "《治安处罚示例法》（2006年修正）第二条"]
)
def test_a_version_named_that_is_not_held_is_not_taken_for_another(punishments, written):
    resolved = one(written, date(2026, 3, 1))
    assert (resolved.then, resolved.doubts) == (None, (Question.BASIS,))


def test_the_second_of_a_series_that_counts_anew_is_not_taken_for_the_old_one():
    """劳动争议解释（二） of 2006 ended with 解释（一） of 2020; in 2025 came another."""
    new, old = "示例案件适用法律问题的解释（一）", "示例案件适用法律若干问题的解释（二）"
    court, ended = "最高人民法院关于审理", date(2021, 1, 1)
    heir = make_version(court + new, promulgated_on=date(2020, 12, 29), effective_from=ended)
    make_statute(court + old, repealed_on=ended, replaced_by=heir.statute, repeal_source="决定")
    before = one(f"《{court}{old}》第三条", date(2019, 5, 1))
    after = one(f"《{court}{old}》第三条", date(2026, 3, 1))
    assert (before.fate, before.doubts) == (Fate.ENDED, ())
    assert (after.fate, after.doubts) == (Fate.ENDED, (Question.GUESS,))


def test_a_number_that_the_law_does_not_have_is_absent(punishments):
    resolved = one("《治安处罚示例法》第九十条", date(2026, 3, 1))
    assert (resolved.origin, resolved.fate) == (Origin.ABSENT, Fate.SAME)


@pytest.mark.parametrize(
    ("part", "is_there"),
    [
        ("", True),
        ("第一款", True),
        ("第（二）项", True),
        ("第一款第二项", True),
        ("第二款", False),
        ("第三项", False),
        ("第二款第一项", False),
    ],
)
def test_a_part_that_the_provision_does_not_have_is_a_question(punishments, part, is_there):
    resolved = one(f"《治安处罚示例法》第三条{part}", date(2026, 3, 1))
    assert (Question.PART not in resolved.doubts) == is_there


def test_a_text_with_gaps_proves_no_number_absent():
    make_version("飞行示例规则", provisions=["第一条 甲。", "第十一条 乙。", "第二十条 丙。"])
    resolved = one("《飞行示例规则》第五条", date(2026, 3, 1))
    assert resolved.fate is Fate.UNCERTAIN
    assert Question.GAP in resolved.doubts


def test_a_day_without_text_is_a_question(punishments):
    resolved = one("《治安处罚示例法》第二条", date(2006, 3, 1))
    assert resolved.then is None
    assert resolved.fate is Fate.UNCERTAIN
    assert Question.BASIS in resolved.doubts


def test_a_text_whose_date_is_unknown_is_never_in_force():
    make_version("无期示例办法", effective_from=None)
    resolved = one("《无期示例办法》第二条", date(2026, 3, 1))
    assert resolved.fate is Fate.UNCERTAIN
    assert Question.UNDATED in resolved.doubts


def test_a_coming_provision_has_its_day():
    make_version("将来示例法", promulgated_on=date(2026, 10, 1), effective_from=date(2027, 1, 1))
    resolved = one("《将来示例法》第二条", date(2026, 11, 1))
    assert resolved.fate is Fate.COMING
    assert resolved.since == date(2027, 1, 1)


def test_a_repealed_statute_without_text_names_what_replaced_it():
    code = make_version("示例民法典").statute
    make_statute("示例合同法", repealed_on=date(2021, 1, 1), repeal_source="示例", replaced_by=code)
    resolved = one("《示例合同法》第五十二条", date(2018, 3, 1))
    assert (resolved.origin, resolved.fate) == (Origin.TEXTLESS, Fate.ENDED)
    assert resolved.since == date(2021, 1, 1)
    assert resolved.statute.replaced_by == code


def test_a_repealed_provision_leads_to_its_place_in_the_new_law():
    rule = "因重大误解订立的合同，当事人一方有权请求人民法院或者仲裁机构变更或者撤销。"
    old = make_version(
        "示例合同法",
        provisions=[PURPOSE, rule],
        promulgated_on=date(1999, 3, 15),
        effective_from=date(1999, 10, 1),
    ).statute
    code = make_version("示例民法典", provisions=["甲。", "乙。", rule, PURPOSE]).statute
    Statute.objects.filter(pk=old.pk).update(
        repealed_on=date(2021, 1, 1), repeal_source="示例", replaced_by=code
    )
    old.refresh_from_db()
    load.settle(old)
    resolved = one("《示例合同法》第二条", date(2018, 3, 1))
    assert resolved.fate is Fate.ENDED
    assert str(resolved.now) == "《示例民法典》第三条"


def test_a_successor_that_nobody_is_sure_of_is_a_question(punishments):
    Succession.objects.filter(old__text=MESSAGES).update(likeness=0.4)
    load.note_successions(Succession.objects.all())
    resolved = one("《治安处罚示例法》第二条", date(2020, 1, 1))
    assert resolved.fate is Fate.UNCERTAIN
    assert Question.SUCCESSOR in resolved.doubts
    assert resolved.now.place == Locator(3)


def test_a_statute_named_alone_is_what_it_is_today(punishments):
    resolved = one("依照《治安处罚示例法》的规定", date(2020, 1, 1))
    assert (resolved.origin, resolved.fate) == (Origin.STATUTE, Fate.SAME)


def test_a_text_costs_the_same_however_many_citations_it_has(
    punishments, django_assert_max_num_queries
):
    few = find("《治安处罚示例法》第二条")
    many = find("。".join(f"《治安处罚示例法》第{n}条" for n in (1, 2, 3, 4, 90) * 20))
    resolver.library()
    for citations in (few, many):
        with django_assert_max_num_queries(4):
            resolve(citations, on=date(2020, 1, 1), today=TODAY)


def test_the_library_is_read_once_until_the_law_changes(punishments, django_assert_num_queries):
    resolver.library()
    with django_assert_num_queries(1):
        assert "中华人民共和国治安处罚示例法" in resolver.library().statutes
    make_version("新示例法")
    assert "新示例法" in resolver.library().statutes
