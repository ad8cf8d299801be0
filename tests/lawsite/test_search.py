"""One question over articles, provisions and statutes."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles import publishing
from articles.models import ArticleCitation
from lawsite import models, search
from lawsite.indexing import SOURCES
from lawsite.models import Synonym
from lawsite.search import Narrowing, ask
from statutes.importing import load
from statutes.index import engine, following
from tests.factories import BEIJING, make_article, make_category, make_statute, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(engine, "RELOAD_SECONDS", 0)


@pytest.fixture
def laws():
    """A small library: of each law a few provisions."""
    make_version(
        "中华人民共和国民法典",
        provisions=(
            "第六百七十五条 借款人应当按照约定的期限返还借款。",
            "第一千零三十二条 自然人享有隐私权。",
        ),
    )
    make_version(
        "中华人民共和国劳动合同法",
        provisions=("用人单位应当及时足额支付劳动报酬。", "为了完善劳动合同制度，制定本法。"),
    )
    make_version(
        "中华人民共和国刑法", provisions=("第一百三十三条之一 醉酒驾驶机动车的，处拘役。",)
    )
    make_version("中华人民共和国甲法", provisions=("盗掘古墓的，处罚款。",))
    load.refresh_aliases()


def build():
    for source in SOURCES:
        following.build(source)


def provisions(answer):
    return [str(found.provision) for found in answer.provisions]


def asked_for(answer):
    return [str(found.provision) for found in answer.asked_for]


def titles(answer):
    return [found.article.title for found in answer.articles]


def shown(pieces):
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in pieces)


# --- Provisions by their number ---------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("民法典1032", "《民法典》第一千零三十二条"),
        ("民法典第1032条", "《民法典》第一千零三十二条"),
        ("《民法典》第一千零三十二条第一款", "《民法典》第一千零三十二条"),
        ("民法典一千零三十二", "《民法典》第一千零三十二条"),
        ("民法典 １０３２", "《民法典》第一千零三十二条"),
        ("刑法第一百三十三条之一", "《刑法》第一百三十三条之一"),
        ("勞動合同法第1條", "《劳动合同法》第一条"),
        ("民法典一千零三十二条", "《民法典》第一千零三十二条"),
        ("民法典第1032条是什么", "《民法典》第一千零三十二条"),
        ("第1032条民法典", "《民法典》第一千零三十二条"),
        ("MinFaDian 1032", "《民法典》第一千零三十二条"),
        ("刑法133之一", "《刑法》第一百三十三条之一"),
    ],
)
def test_a_provision_is_found_by_its_number_however_it_is_typed(laws, question, found):
    build()
    assert asked_for(ask(question)) == [found]


def test_a_provision_asked_for_comes_with_the_articles_that_explain_it(laws):
    article, other = make_article("偷看手机犯法吗"), make_article("借条怎么写")
    provision = ask_database("民法典", 1032)
    ArticleCitation.objects.filter(article__in=[article, other]).delete()
    ArticleCitation.objects.create(
        article=article,
        position=0,
        start=0,
        end=1,
        text="第一千零三十二条",
        title="民法典",
        statute=provision.version.statute,
        current=provision,
        state="current",
        assessed_on=date(2026, 1, 1),
    )
    build()
    answer = ask("民法典1032")
    assert [found.article for found in answer.explaining] == [article]
    assert answer.asked_for[0].explained == 1


@pytest.mark.parametrize(
    ("question", "is_all"),
    [
        ("民法典1032条是什么意思？", True),
        ("请问如何理解《民法典》第1032条的规定", True),
        ("民法典第1032条 借条", False),
        ("民法典第1032条怎么写借条", False),
    ],
)
def test_who_asks_what_a_provision_says_is_shown_it_and_nothing_besides(laws, question, is_all):
    make_article("借条怎么写")
    build()
    answer = ask(question)
    assert asked_for(answer) == ["《民法典》第一千零三十二条"]
    assert (not answer.articles) == is_all


def ask_database(name, number):
    return search.Provision.objects.get(version__statute__short_title=name, number=number)


def test_a_number_that_there_is_not_is_said_to_be_missing(laws):
    build()
    answer = ask("民法典1600条")
    assert answer.missing == ["《民法典》第一千六百条"]
    assert not answer.asked_for


# --- Provisions and statutes by words ---------------------------------------------------


def test_everyday_words_lead_to_the_words_of_the_law(laws):
    build()
    assert provisions(ask("老板不发工资"))[0] == "《劳动合同法》第一条"


def test_editors_add_synonyms_and_turn_them_off(laws):
    build()
    assert provisions(ask("摸金校尉")) == []
    Synonym.objects.create(said="摸金校尉", meaning="盗掘古墓")
    assert provisions(ask("摸金校尉")) == ["《甲法》第一条"]
    Synonym(said="老板", meaning="").save()
    assert Synonym.meanings()[2]["老板"]["老板",] == ()


def test_synonyms_are_put_together_once_for_many_questions_and_again_when_changed(monkeypatch):
    put_together = []
    monkeypatch.setattr(models, "_with_changes", put_together.append)
    for meaning in ("盗掘古墓", "古墓葬"):
        Synonym.objects.update_or_create(said="摸金校尉", defaults={"meaning": meaning})
        Synonym.meanings()
        Synonym.meanings()
    way = ("摸金校尉",)
    assert put_together == [((way, ("盗掘古墓",)),), ((way, ("古墓葬",)),)]


def test_a_synonym_may_allow_several_words_in_a_place_and_any_order():
    synonym = Synonym(said="工钱 | 薪水|+公司|", meaning="劳动报酬")
    synonym.full_clean()
    synonym.save()
    assert synonym.said == "工钱|薪水+公司"
    meanings = Synonym.meanings()[2]["公司"]
    assert meanings["公司", "工钱"] == meanings["公司", "薪水"] == ("劳动报酬",)


@pytest.mark.parametrize("said", ["车|房", "|+|", "+".join(["甲|乙|丙"] * 4)])
def test_a_synonym_of_one_character_or_of_endless_ways_is_refused(said):
    with pytest.raises(ValidationError, match="说法"):
        Synonym(said=said, meaning="机动车").full_clean()


def test_a_synonym_that_grows_too_long_when_written_plainly_is_refused():
    with pytest.raises(ValidationError, match="太长"):
        Synonym(said="㍿" * 60, meaning="公司").full_clean()


def test_the_text_that_has_the_words_comes_first_and_is_marked(laws):
    build()
    found = ask("借款期限").provisions[0]
    assert str(found.provision) == "《民法典》第六百七十五条"
    assert "[借款]人" in shown(found.text)
    assert found.standing == "现行有效"


def test_a_long_word_is_marked_whole(laws):
    make_version("中华人民共和国乙法", provisions=("承运人应当签发提货单。",))
    load.refresh_aliases()
    build()
    assert "[承运人]" in shown(ask("承运人").provisions[0].text)


def test_what_is_meant_is_marked_by_its_words_not_across_their_seams(laws):
    make_version("中华人民共和国乙法", provisions=("工资应当以货币形式按月支付给劳动者本人。",))
    load.refresh_aliases()
    Synonym.objects.create(said="开钱", meaning="以货币形式按月支付给劳动者本人")
    build()
    text = shown(ask("厂里从不开钱").provisions[0].text)
    assert "应当以[货币形式]按月[支付" in text


def test_a_long_provision_that_says_all_of_the_question_comes_before_a_short_one(laws):
    long = "船长应当记录航行日志。" * 40 + "船舶碰撞的，船长应当施救，并且报告港口。"
    make_version("中华人民共和国乙法", provisions=("船舶碰撞的，报告碰撞。", long))
    load.refresh_aliases()
    build()
    assert provisions(ask("船舶碰撞，船长施救并报告港口"))[0] == "《乙法》第二条"


def test_of_provisions_with_the_same_words_one_that_others_refer_to_comes_first(laws):
    make_version("中华人民共和国乙法", provisions=("倒卖古钱的，处罚款。",))
    make_version("中华人民共和国丙法", provisions=("倒卖古钱的，处罚款。",))
    make_version("丁条例", provisions=("依照《中华人民共和国丙法》第一条处罚。",), kind="行政法规")
    load.refresh_aliases()
    build()
    assert provisions(ask("倒卖古钱"))[:2] == ["《丙法》第一条", "《乙法》第一条"]


def test_what_a_repealed_law_said_is_not_found(laws):
    make_version("中华人民共和国旧法", provisions=("押当铺应当登记。",))
    statute = load.find_statute("中华人民共和国旧法")
    statute.repealed_on, statute.repeal_source = date(2021, 1, 1), "依据"
    statute.save()
    load.settle(statute)
    build()
    assert provisions(ask("押当铺登记")) == []


@pytest.mark.parametrize("question", ["劳动合同法", "laodonghetongfa", "ldhtf", "勞動合同法"])
def test_a_statute_is_found_by_its_names_its_pinyin_and_their_beginnings(laws, question):
    build()
    assert [found.statute.name for found in ask(question).statutes][:1] == ["劳动合同法"]


def test_a_story_does_not_show_statutes_that_it_does_not_name(laws):
    make_statute("中华人民共和国乙法")
    build()
    assert ask("老板拖欠我三个月工资还打人怎么办").statutes == []


def test_a_slip_is_noticed(laws):
    make_article("民间借贷的利息")
    build()
    assert ask("劳动和同法").spelling == "劳动合同法"
    assert ask("劳动合同法").spelling == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("法规及其", ""),
        ("对支付不服怎么办", ""),
        ("上班路上被车撞了算不算工伤", ""),
        ("捡到别人的手机不还犯不犯法", ""),
        ("我是被告，收到传票没去开庭", ""),
        ("欠钱不还法院判了还是不给", ""),
        ("网袋逾期", "网贷逾期"),
        ("取保侯审要交钱吗", "取保候审要交钱吗"),
        ("取报候审", "取保候审"),
    ],
)
def test_common_words_are_no_slips_of_what_people_ask_about(laws, typed, meant):
    build()
    assert ask(typed).spelling == meant


def test_a_misspelt_citation_shows_no_other_provisions_unless_they_are_asked_for(laws):
    build()
    answer = ask("劳动和同法第2条")
    assert answer.spelling == "劳动合同法第2条"
    assert provisions(answer) == []
    assert provisions(ask("劳动和同法第2条", Narrowing(kind="provisions")))
    assert provisions(ask("劳动和同法 报酬"))


# --- Articles ---------------------------------------------------------------------------


def test_articles_are_found_by_title_and_text_none_of_the_words_must_be_there():
    loan = make_article("借条怎么写", body="写明金额和利息。")
    make_article("离婚要多久", body="冷静期三十日。")
    build()
    answer = ask("朋友借钱不还，借条上没写利息怎么办")
    assert titles(answer)[0] == loan.title
    assert "[借条]" in shown(answer.articles[0].title)
    assert "[利息]" in shown(answer.articles[0].text)


def test_a_scheduled_article_appears_at_its_moment_and_a_withdrawn_one_never(monkeypatch):
    later = timezone.now() + timedelta(hours=2)
    coming = make_article("彩礼怎么退", published_at=later)
    gone = make_article("彩礼怎么算")
    build()
    publishing.withdraw(gone)  # the index has not heard of it yet
    assert titles(ask("彩礼")) == []
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert titles(ask("彩礼")) == [coming.title]


def test_articles_are_narrowed_by_branch_of_categories_by_year_and_by_statute(laws):
    root = make_category("债务")
    leaf = make_category("借贷", parent=root)
    one = make_article("借条甲", category=leaf, published_at=datetime(2025, 5, 1, tzinfo=BEIJING))
    two = make_article("借条乙", published_at=datetime(2026, 1, 1, 0, 30, tzinfo=BEIJING))
    build()
    assert titles(ask("借条", Narrowing(category=root))) == [one.title]
    assert titles(ask("借条", Narrowing(year=2026))) == [two.title]
    assert ask("借条", Narrowing(year=2025)).provisions == []
    statute = load.find_statute("中华人民共和国刑法")
    assert titles(ask("借条", Narrowing(statute=statute))) == []
    assert provisions(ask("处拘役的借款", Narrowing(statute=statute))) == [
        "《刑法》第一百三十三条之一"
    ]


def test_articles_are_paged_and_the_last_page_says_so():
    for number in range(25):
        make_article(f"借条之{number}")
    build()
    pages = [ask("借条", page=number) for number in (1, 2, 3)]
    assert [len(answer.articles) for answer in pages] == [10, 10, 5]
    assert [answer.has_more for answer in pages] == [True, True, False]
    assert len({title for answer in pages for title in titles(answer)}) == 25


# --- What cannot be answered --------------------------------------------------------------


def test_without_indexes_it_says_that_it_is_not_ready():
    answer = ask("借条")
    assert not answer.is_ready
    assert answer.is_empty


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "？？！！",
        "\x00\x01",
        "《" * 300,
        "第一条" * 100,
        '" OR 1=1 --',
        "title:借款 AND (body:*",
        "a" * 100_000,
        "借" * 100_000,
        "𠮷野家\U0001f600",
        "\ud800",
    ],
)
def test_hostile_questions_are_answered_calmly(laws, question):
    make_article("借条")
    build()
    assert ask(question).is_ready


def test_the_number_of_queries_does_not_grow_with_what_is_found(
    laws, django_assert_max_num_queries
):
    for number in range(12):
        make_article(f"借款还款{number}")
    build()
    ask("借款")
    with django_assert_max_num_queries(8):
        ask("借款不还怎么办")
