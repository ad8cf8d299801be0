"""Parsed versions become rows: once, whole, with their periods and successions."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection

from statutes import effective_dates
from statutes.importing import load
from statutes.importing.parsed import ParsedDivision, ParseError
from statutes.models import (
    Division,
    Provision,
    Statute,
    StatuteAlias,
    StatuteVersion,
    Succession,
)
from statutes.repeals import Repeal
from tests.factories import make_parsed, make_statute, make_version

pytestmark = pytest.mark.django_db

LAW = "中华人民共和国甲法"

# Three texts of it: the second puts a provision in, which moves the others.
FIRST_TEXT = (
    "为了规范养犬行为，保障公民健康和人身安全，制定本法。",
    "饲养犬只应当到公安机关办理登记，领取养犬登记证。",
    "携带犬只外出应当束犬绳，由成年人牵领。",
    "违反本法规定的，由公安机关处二百元以下罚款。",
)
SECOND_TEXT = (
    FIRST_TEXT[0],
    "居民委员会、村民委员会协助开展养犬管理的宣传教育工作。",
    *FIRST_TEXT[1:],
)
THIRD_TEXT = (*SECOND_TEXT[:-1], "违反本法规定的，由公安机关处五百元以下罚款，并没收犬只。")

FIRST = {
    "provisions": FIRST_TEXT,
    "promulgated_on": date(2010, 3, 1),
    "effective_from": date(2010, 7, 1),
}
SECOND = {
    "provisions": SECOND_TEXT,
    "promulgated_on": date(2015, 3, 1),
    "effective_from": date(2015, 7, 1),
    "label": "修正",
}
THIRD = {
    "provisions": THIRD_TEXT,
    "promulgated_on": date(2020, 3, 1),
    "effective_from": date(2020, 7, 1),
    "label": "修订",
}


def rows():
    """Everything that loading could change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Statute, StatuteAlias, StatuteVersion, Division, Provision, Succession)
    ]


def periods():
    versions = StatuteVersion.objects.in_order()
    return [
        (str(v.promulgated_on), str(v.effective_from), str(v.effective_until)) for v in versions
    ]


def became(old: StatuteVersion, new: StatuteVersion | None = None):
    """What each provision of a version became: (old number, new number, relation)."""
    found = Succession.objects.filter(old__version=old).select_related("old", "new")
    if new:
        found = found.filter(new__version=new)
    return [
        (s.old.number, s.new.number if s.new else None, s.relation)
        for s in found.order_by("old__position", "new__position")
    ]


# --- A version comes in --------------------------------------------------------------------


def test_a_version_is_stored_whole():
    parsed = make_parsed(
        "中华人民共和国甲法",
        provisions=["为了甲，制定本法。", "第二条之一 乙：\n（一）丙；\n（二）丁。"],
        divisions=[
            ParsedDivision(1, "编", 1, "第一编 总则", None),
            ParsedDivision(2, "章", 1, "第一章 通则", 0, "章下的话。"),
        ],
        issuer="全国人民代表大会常务委员会",
        document_number="主席令第1号",
        header=("2020年3月1日通过",),
        effective_basis="条文：2020-07-01起施行",
    )
    provisions = tuple(replace(p, division=1) for p in parsed.provisions)
    body = replace(parsed.body, provisions=provisions, preamble="序言。", attachment="附表")
    outcome = load.load(replace(parsed, body=body), origin="甲法.md", subject="行政法")

    assert outcome.state == load.CREATED
    version = outcome.version
    statute = version.statute
    assert (statute.title, statute.name) == ("中华人民共和国甲法", "甲法")
    assert (statute.kind, statute.subject) == ("法律", "行政法")
    assert statute.issuer == "全国人民代表大会常务委员会"
    assert (version.label, version.document_number) == ("制定", "主席令第1号")
    assert (version.preamble, version.attachment) == ("序言。", "附表")
    assert (version.header, version.source) == ("2020年3月1日通过", "甲法.md")
    assert version.effective_basis == "条文：2020-07-01起施行"
    assert version.provision_count == 2
    assert [(d.heading, d.parent and d.parent.heading) for d in version.divisions.all()] == [
        ("第一编 总则", None),
        ("第一章 通则", "第一编 总则"),
    ]
    last = version.provisions.get(number=2, suffix=1)
    assert last.division.text == "章下的话。"
    assert last.paragraphs == ["乙：\n（一）丙；\n（二）丁。"]
    assert Statute.objects.called("中华人民共和国甲法").get() == statute


def test_what_the_parser_doubted_is_told():
    outcome = load.load(make_parsed(warnings=("条号不连续：第三条之后是第五条",)))
    assert outcome.notes == ("条号不连续：第三条之后是第五条",)


def test_loading_the_same_again_changes_nothing():
    texts = [make_parsed(**values) for values in (FIRST, SECOND, THIRD)]
    for parsed in texts:
        load.load(parsed)
    before = rows()
    for parsed in texts:
        assert load.load(parsed).state == load.UNCHANGED
    assert rows() == before


def test_a_version_is_one_transaction():
    make_version(**FIRST)
    failing = connection.execute_wrapper(_no_writing_to("statutes_succession"))
    with failing, pytest.raises(DatabaseError):
        make_version(**THIRD)
    assert StatuteVersion.objects.count() == 1
    assert Provision.objects.count() == len(FIRST_TEXT)
    assert periods() == [("2010-03-01", "2010-07-01", "None")]
    assert make_version(**THIRD).provision_count == len(THIRD_TEXT)


def _no_writing_to(table):
    """A database that fails when it is to write to this table."""

    def execute(run, sql, parameters, many, context):
        if sql.startswith("INSERT") and table in sql:
            raise DatabaseError("disk full")
        return run(sql, parameters, many, context)

    return execute


@pytest.mark.parametrize(
    ("parsed", "reason", "line"),
    [
        (make_parsed(provisions=["第三条 甲。", "第三条 乙。"]), "条号重复：第三条", 2),
        (
            make_parsed(provisions=["第三条之一 甲。", "丙。", "第三条之一 乙。"]),
            "条号重复：第三条之一",
            3,
        ),
        (make_parsed("《》"), "没有标题", 0),
        (make_parsed("甲" * 301), "标题超过300个字符", 0),
        (make_parsed(provisions=["甲。"] * 5_001), "超过5000条", 0),
        (make_parsed(provisions=["甲。", "乙" * 20_001]), "第2条超过20000个字符", 2),
    ],
    ids=[
        "number twice",
        "suffix twice",
        "no title",
        "long title",
        "too many provisions",
        "too long",
    ],
)
def test_what_cannot_be_a_law_is_refused_whole(parsed, reason, line):
    with pytest.raises(ParseError) as error:
        load.load(parsed)
    assert (error.value.reason, error.value.line) == (reason, line)
    assert not Statute.objects.exists()


def test_words_longer_than_their_columns_go_in():
    version = load.load(
        make_parsed(
            document_number="号" * 300,
            effective_basis="依" * 500,
            divisions=[ParsedDivision(1, "章", 1, "章" * 900, None)],
            kind="不知什么",
        ),
        origin="来" * 400,
    ).version
    assert version.statute.kind == "其他"
    assert version.source == "来" * 200


# --- The same version from another source --------------------------------------------------


def test_other_punctuation_and_width_are_the_same_words():
    make_version(provisions=["甲（以下称“乙”）：\n（一）丙；", "第十五条 ２０日。"])
    before = rows()
    other = make_parsed(provisions=["甲(以下称「乙」):\n (一) 丙;", "第十五条 20日 。"])
    outcome = load.load(other, origin="another source")
    assert (outcome.state, outcome.notes) == (load.UNCHANGED, ())
    assert rows() == before


def test_the_same_title_is_recognised_however_written():
    make_version("最高人民法院关于适用《中华人民共和国甲法》的解释")
    make_version("最高人民法院关于适用〈中华人民共和国甲法〉的解释")
    load.refresh_aliases()
    make_version("最高人民法院关于适用《甲法》的解释")
    assert StatuteVersion.objects.count() == Statute.objects.count() == 1


def test_differing_words_are_reported_and_not_stored():
    make_version(provisions=["甲。", "乙。", "丙。"])
    before = rows()
    outcome = load.load(make_parsed(provisions=["甲。", "乙乙。", "第四条 丁。"]))
    assert outcome.state == load.DIFFERS
    assert outcome.notes == (
        "与已存文本有3处不同：第2条、第四条、第3条（来源中没有）。保留已存文本。",
    )
    assert rows() == before


BOOKS = tuple(
    ParsedDivision(level=1, kind="编", number=number, heading=heading, parent=None)
    for number, heading in ((1, "第一编 总则"), (2, "第二编 分则"))
)
HEADINGS_READ_AS_LAW = (FIRST_TEXT[0], f"{FIRST_TEXT[1]}\n第二编 分 则\n附 则", *FIRST_TEXT[2:])


def parted(texts):
    """The first law, its headings read as such: the second book begins with the third provision."""
    parsed = make_parsed(**FIRST | {"provisions": texts, "divisions": BOOKS})
    provisions = tuple(
        replace(provision, division=int(place > 1))
        for place, provision in enumerate(parsed.body.provisions)
    )
    return replace(parsed, body=replace(parsed.body, provisions=provisions))


def test_headings_that_stood_as_law_go_where_they_belong(admin_user):
    load.load(make_parsed(**FIRST | {"provisions": HEADINGS_READ_AS_LAW}), origin="甲库")
    load.load(make_parsed(**SECOND), origin="甲库")
    kept = {provision.pk: provision.label for provision in Provision.objects.all()}
    confirmed = Succession.objects.get(old__label="第1条")
    Succession.objects.filter(pk=confirmed.pk).update(confirmed_at="2026-01-01T00:00Z")
    other_part = Succession.objects.create(
        old=confirmed.old,
        new=Provision.objects.get(version__label="修正", number=2),
        relation=Succession.Relation.SPLIT,
    )
    assert Succession.objects.get(old__label="第2条", old__version__label="制定").likeness < 1
    outcome = load.load(parted(FIRST_TEXT), origin="甲库")
    assert outcome.state == load.COMPLETED
    assert outcome.notes == ("1条的末尾曾把编、章的标题当作条文，已改正。",)
    provisions = list(outcome.version.provisions.all())
    assert tuple(provision.text for provision in provisions) == FIRST_TEXT
    assert [provision.division.heading for provision in provisions] == [
        *["第一编 总则"] * 2,
        *["第二编 分则"] * 2,
    ]
    assert {provision.pk: provision.label for provision in Provision.objects.all()} == kept
    assert Succession.objects.get(old__label="第2条", old__version__label="制定").likeness == 1
    assert set(Succession.objects.filter(old__label="第1条")) == {confirmed, other_part}
    assert Succession.objects.count() == len(FIRST_TEXT) + 1
    assert load.load(parted(FIRST_TEXT), origin="甲库").state == load.UNCHANGED


@pytest.mark.parametrize(
    ("stored", "origin"),
    [
        (HEADINGS_READ_AS_LAW, "乙库"),
        ((FIRST_TEXT[0], f"{FIRST_TEXT[1]}\n犬只应当免疫。", *FIRST_TEXT[2:]), "甲库"),
        ((FIRST_TEXT[0], f"{FIRST_TEXT[1]}犬", *FIRST_TEXT[2:]), "甲库"),
        ((*HEADINGS_READ_AS_LAW, "第五条 犬只应当免疫。"), "甲库"),
    ],
    ids=["another source", "more law", "a word more", "a provision more"],
)
def test_a_text_is_set_right_by_its_own_source_and_for_headings_only(stored, origin):
    load.load(make_parsed(**FIRST | {"provisions": stored}), origin="甲库")
    before = rows()
    assert load.load(parted(FIRST_TEXT), origin=origin).state == load.DIFFERS
    assert rows() == before


def test_many_differences_are_counted():
    make_version(provisions=["甲。"] * 9)
    outcome = load.load(make_parsed(provisions=["乙。"] * 9))
    assert outcome.notes == (
        "与已存文本有9处不同：第1条、第2条、第3条、第4条、第5条等。保留已存文本。",
    )


def test_a_text_without_provisions_differs_too():
    def of(text, **values):
        parsed = make_parsed("关于甲的批复", provisions=(), **values)
        return replace(parsed, body=replace(parsed.body, preamble=text))

    load.load(of("甲是乙。"))
    assert load.load(of("甲，是乙")).state == load.UNCHANGED
    outcome = load.load(of("甲是丙。"))
    assert outcome.state == load.DIFFERS
    assert outcome.notes == ("与已存文本有1处不同：正文。保留已存文本。",)
    near = load.load(of("甲是丁。", promulgated_on=date(2020, 3, 20)))
    assert near.state == load.CREATED


def test_a_missing_date_is_taken_from_another_source():
    version = make_version(effective_from=None, effective_basis="没有写明本版本的施行日期")
    outcome = load.load(
        make_parsed(effective_from=date(2020, 7, 1), effective_basis="数据包：2020-07-01起施行")
    )
    assert outcome.state == load.COMPLETED
    assert outcome.notes == ("补上施行日期2020年7月1日（数据包：2020-07-01起施行）。",)
    version.refresh_from_db()
    assert version.effective_basis == "数据包：2020-07-01起施行"
    assert version.is_in_force(date(2020, 7, 1))


def test_a_missing_label_number_and_day_of_promulgation_are_taken():
    bare = {"promulgated_on": None, "label": "", "effective_from": None}
    version = make_version(**FIRST | bare)
    make_version(**SECOND)
    outcome = load.load(make_parsed(**FIRST, document_number="主席令第1号"))
    assert outcome.state == load.COMPLETED
    version.refresh_from_db()
    assert (version.label, version.document_number) == ("制定", "主席令第1号")
    assert periods() == [
        ("2010-03-01", "2010-07-01", "2015-07-01"),
        ("2015-03-01", "2015-07-01", "None"),
    ]


def test_facts_that_contradict_each_other_are_not_taken():
    version = make_version(promulgated_on=date(2025, 10, 28), effective_from=None, label="")
    outcome = load.load(
        make_parsed(promulgated_on=None, effective_from=date(2017, 6, 1), label="修正")
    )
    assert (outcome.state, outcome.notes) == (load.COMPLETED, ())
    version.refresh_from_db()
    assert (version.label, version.effective_from) == ("修正", None)


def test_a_conflict_of_dates_is_reported():
    version = make_version(effective_from=date(2020, 7, 1))
    outcome = load.load(make_parsed(effective_from=date(2020, 8, 1)))
    assert outcome.state == load.UNCHANGED
    assert outcome.notes == ("施行日期不同：已存2020年7月1日，来源为2020年8月1日。保留已存日期。",)
    version.refresh_from_db()
    assert version.effective_from == date(2020, 7, 1)


def test_near_dates_of_the_same_text_are_one_version():
    texts = [f"第{number}条 各不相同的规定{'甲' * number}。" for number in range(1, 21)]
    make_version(provisions=texts)
    slightly = [*texts[:-1], "第20条 与原来不同的一条。"]
    outcome = load.load(make_parsed(provisions=slightly, promulgated_on=date(2020, 3, 31)))
    assert outcome.state == load.DIFFERS
    assert StatuteVersion.objects.count() == 1


def test_near_dates_of_different_texts_are_two_versions():
    make_version(provisions=["甲。", "乙。"])
    make_version(provisions=["甲。", "丙。"], promulgated_on=date(2020, 3, 20))
    assert StatuteVersion.objects.count() == 2


def test_distant_dates_of_nearly_the_same_text_are_two_versions():
    texts = [f"第{number}条 各不相同的规定{'甲' * number}。" for number in range(1, 21)]
    make_version(provisions=texts)
    make_version(provisions=[*texts[:-1], "第20条 改了。"], promulgated_on=date(2020, 6, 1))
    assert StatuteVersion.objects.count() == 2


def test_what_was_not_known_of_the_statute_is_filled_in():
    statute = make_statute(kind="法律")
    version = load.load(make_parsed(kind="行政法规", issuer="国务院"), subject="经济法").version
    assert version.statute == statute
    assert (version.statute.issuer, version.statute.subject) == ("国务院", "经济法")
    assert version.statute.kind == "行政法规"
    load.load(make_parsed(kind="法律", issuer="他人", **SECOND), subject="社会法")
    statute.refresh_from_db()
    assert (statute.kind, statute.issuer, statute.subject) == ("行政法规", "国务院", "经济法")


def test_a_statute_whose_names_an_editor_changed_is_found_by_its_title():
    version = make_version(**FIRST)
    version.statute.aliases.all().delete()
    assert make_version(**SECOND).statute == version.statute


# --- Days that are known from elsewhere ----------------------------------------------------

KNOWN = effective_dates.KnownDate(
    "中华人民共和国甲法", date(2020, 3, 1), date(2020, 9, 1), "《关于修改〈甲法〉的决定》"
)


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setattr(
        load,
        "known_date",
        lambda title, on: KNOWN if (title, on) == (KNOWN.title, KNOWN.promulgated_on) else None,
    )


@pytest.mark.usefixtures("known")
def test_a_known_date_is_taken_where_the_source_tells_none():
    version = make_version(effective_from=None)
    assert version.effective_from == date(2020, 9, 1)
    assert version.effective_basis == "《关于修改〈甲法〉的决定》"
    assert version.is_in_force(date(2020, 9, 1))


@pytest.mark.usefixtures("known")
def test_the_date_of_the_source_comes_first():
    assert make_version(effective_from=date(2020, 7, 1)).effective_from == date(2020, 7, 1)
    other = make_version("中华人民共和国乙法", effective_from=None)
    assert other.effective_from is None


def test_a_date_known_since_completes_what_is_stored(request):
    version = make_version(effective_from=None)
    request.getfixturevalue("known")
    assert load.load(make_parsed(effective_from=None)).state == load.COMPLETED
    version.refresh_from_db()
    assert version.effective_from == date(2020, 9, 1)
    assert load.load(make_parsed(effective_from=None)).state == load.UNCHANGED


# --- Periods -------------------------------------------------------------------------------

ORDERS = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]


@pytest.mark.parametrize("order", ORDERS)
def test_a_version_ends_where_the_next_begins_whatever_came_first(order):
    for index in order:
        make_version(**(FIRST, SECOND, THIRD)[index])
    assert periods() == [
        ("2010-03-01", "2010-07-01", "2015-07-01"),
        ("2015-03-01", "2015-07-01", "2020-07-01"),
        ("2020-03-01", "2020-07-01", "None"),
    ]


@pytest.mark.parametrize("order", ORDERS)
def test_an_undated_version_ends_what_is_claimed_of_the_one_before(order):
    for index in order:
        make_version(**(FIRST, SECOND | {"effective_from": None}, THIRD)[index])
    assert periods() == [
        ("2010-03-01", "2010-07-01", "2015-03-01"),
        ("2015-03-01", "None", "None"),
        ("2020-03-01", "2020-07-01", "None"),
    ]
    gap = date(2017, 1, 1)
    assert not StatuteVersion.objects.in_force(gap).exists()
    assert StatuteVersion.objects.in_force(date(2015, 2, 28)).exists()
    assert StatuteVersion.objects.in_force(date(2020, 7, 1)).exists()


def test_the_newest_version_without_a_date_is_not_followed_by_the_old_one():
    make_version(**FIRST)
    make_version(**SECOND | {"effective_from": None})
    assert not StatuteVersion.objects.in_force(date(2026, 11, 23)).exists()


def test_a_version_replaced_before_its_first_day_never_has_effect():
    make_version(**FIRST | {"effective_from": date(2021, 1, 1)})
    second = make_version(**SECOND | {"effective_from": date(2016, 1, 1)})
    assert not StatuteVersion.objects.in_force(date(2015, 12, 31)).exists()
    for on in (date(2016, 1, 1), date(2021, 1, 1), date(2026, 1, 1)):
        assert list(StatuteVersion.objects.in_force(on)) == [second]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_nothing_is_claimed_of_a_statute_that_ended_nobody_knows_when(order):
    ended = "数据包标注为已废止，废止日期不明"
    texts = (FIRST, FIRST | {"effective_from": None, "ended": ended})
    for index in order:
        version = make_version(**texts[index])
    assert not StatuteVersion.objects.in_force(date(2011, 1, 1)).exists()
    assert version.effective_from == date(2010, 7, 1)
    assert version.statute.repeal_source == ended
    before = rows()
    for index in order:
        make_version(**texts[index])
    assert rows() == before
    load.apply_repeals([Repeal(LAW, date(2019, 1, 1), "《乙法》第九条")])
    assert StatuteVersion.objects.in_force(date(2018, 12, 31)).exists()
    assert not StatuteVersion.objects.in_force(date(2019, 1, 1)).exists()


def test_two_versions_of_the_same_first_day_do_not_overlap():
    make_version(**FIRST | {"effective_from": date(2015, 7, 1)})
    second = make_version(**SECOND)
    assert list(StatuteVersion.objects.in_force(date(2016, 1, 1))) == [second]


def test_an_undated_version_without_promulgation_claims_nothing():
    make_version(**FIRST)
    make_version(**SECOND | {"effective_from": None, "promulgated_on": None})
    assert StatuteVersion.objects.in_force(date(2016, 1, 1)).count() == 1


# --- What became of provisions -------------------------------------------------------------

FIRST_TO_SECOND = [
    (1, 1, "unchanged"),
    (2, 3, "renumbered"),
    (3, 4, "renumbered"),
    (4, 5, "renumbered"),
]
SECOND_TO_THIRD = [
    (1, 1, "unchanged"),
    (2, 2, "unchanged"),
    (3, 3, "unchanged"),
    (4, 4, "unchanged"),
    (5, 5, "amended"),
]


@pytest.mark.parametrize("order", ORDERS)
def test_each_version_leads_to_the_next_whatever_came_first(order):
    for index in order:
        make_version(**(FIRST, SECOND, THIRD)[index])
    first, second, third = StatuteVersion.objects.in_order()
    assert became(first) == FIRST_TO_SECOND
    assert became(second) == SECOND_TO_THIRD
    assert became(third) == []


def test_a_provision_that_only_the_version_between_has_is_not_called_repealed():
    gone = "第九条 养犬协会的章程报公安机关备案，每年公布账目。"
    first = make_version(**FIRST | {"provisions": [*FIRST_TEXT, gone]})
    third = make_version(**THIRD)
    assert (9, None, "repealed") in became(first)
    second = make_version(**SECOND | {"provisions": [*SECOND_TEXT, gone]})
    assert (9, 9, "unchanged") in became(first)
    assert (9, None, "repealed") not in became(first)
    assert (9, None, "repealed") in became(second)
    assert became(first, third) == []


def test_what_a_person_confirmed_survives(admin_user):
    first, third = make_version(**FIRST), make_version(**THIRD)
    confirmed = Succession.objects.get(old__version=first, old__number=4)
    Succession.objects.filter(pk=confirmed.pk).update(new=third.provisions.get(number=3))
    confirmed.refresh_from_db()
    confirmed.confirm(admin_user)
    second = make_version(**SECOND)
    confirmed.refresh_from_db()
    assert confirmed.new == third.provisions.get(number=3)
    assert became(first, third) == [(4, 3, "renumbered")]
    assert became(first, second) == FIRST_TO_SECOND


def test_a_succession_confirmed_within_a_pair_is_not_suggested_again(admin_user):
    first, second = make_version(**FIRST), make_version(**SECOND)
    kept = Succession.objects.get(old__version=first, old__number=4)
    kept.confirm(admin_user)
    Succession.objects.exclude(pk=kept.pk).delete()
    load.settle(first.statute)
    assert became(first, second) == FIRST_TO_SECOND
    assert Succession.objects.get(old__version=first, old__number=4).pk == kept.pk


def test_a_version_taken_out_leaves_the_others_joined():
    first, second, third = (make_version(**values) for values in (FIRST, SECOND, THIRD))
    load.remove(second)
    assert periods() == [
        ("2010-03-01", "2010-07-01", "2020-07-01"),
        ("2020-03-01", "2020-07-01", "None"),
    ]
    assert became(first, third)[0] == (1, 1, "unchanged")
    load.remove(third)
    assert periods() == [("2010-03-01", "2010-07-01", "None")]
    assert became(first) == []


# --- Statutes that ended -------------------------------------------------------------------

CONTRACTS = {
    "title": "中华人民共和国合同法",
    "provisions": FIRST_TEXT,
    "promulgated_on": date(1999, 3, 15),
    "effective_from": date(1999, 10, 1),
}
CODE = {
    "title": "中华人民共和国民法典",
    "provisions": SECOND_TEXT,
    "promulgated_on": date(2020, 5, 28),
    "effective_from": date(2021, 1, 1),
}
REPEAL = Repeal(
    "中华人民共和国合同法",
    date(2021, 1, 1),
    "《中华人民共和国民法典》第一千二百六十条",
    "中华人民共和国民法典",
)


def repeal():
    return load.apply_repeals([REPEAL])


STEPS = {
    "old, new, repeal": (CONTRACTS, CODE, repeal),
    "new, old, repeal": (CODE, CONTRACTS, repeal),
    "old, repeal, new": (CONTRACTS, repeal, CODE),
    "new, repeal, old": (CODE, repeal, CONTRACTS),
    "repeal, old, new": (repeal, CONTRACTS, CODE),
    "repeal, new, old": (repeal, CODE, CONTRACTS),
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_an_old_provision_leads_into_the_law_that_replaced_its_own(steps):
    for step in steps:
        step() if callable(step) else make_version(**step)
    old = StatuteVersion.objects.get(statute__title="中华人民共和国合同法")
    new = StatuteVersion.objects.get(statute__title="中华人民共和国民法典")
    assert became(old) == became(old, new) == FIRST_TO_SECOND
    assert old.effective_until == date(2021, 1, 1)
    assert not old.is_in_force(date(2021, 1, 1))
    assert new.effective_until is None
    assert old.statute.replaced_by == new.statute


def test_it_leads_to_the_text_in_force_when_the_law_ended():
    make_version(**CONTRACTS)
    repeal()
    later = make_version(
        **CODE | {"promulgated_on": date(2024, 1, 1), "effective_from": date(2024, 7, 1)}
    )
    old = StatuteVersion.objects.get(statute__title="中华人民共和国合同法")
    assert became(old, later)
    provisions = [*SECOND_TEXT[:4], "违反本法规定的，由公安机关处三百元以下罚款。"]
    code = make_version(**CODE | {"provisions": provisions})
    assert became(old, code)
    assert became(old, later) == []
    assert became(code, later)


def test_an_end_is_known_without_any_text():
    assert repeal() == 1
    ended = load.find_statute("中华人民共和国合同法")
    assert ended.is_repealed(date(2021, 1, 1))
    assert ended.repeal_source == "《中华人民共和国民法典》第一千二百六十条"
    assert ended.replaced_by.title == "中华人民共和国民法典"


def test_applying_repeals_again_changes_nothing():
    assert repeal() == 1
    before = rows()
    assert repeal() == 0
    assert rows() == before


def test_a_law_that_ended_is_known_to_have_ended_as_soon_as_its_text_comes_in():
    contracts = make_version(**CONTRACTS)
    assert contracts.statute.is_repealed(date(2021, 1, 1))
    assert not contracts.is_in_force(date(2021, 1, 1))
    assert contracts.ends_on == date(2021, 1, 1)


def test_an_end_that_nobody_knows_is_told_to_nobody():
    first = make_version(promulgated_on=date(2010, 1, 1), effective_from=date(2010, 5, 1))
    make_version(
        promulgated_on=date(2015, 1, 1), effective_from=None, provisions=("另一条。", "又一条。")
    )
    first.refresh_from_db()
    assert first.effective_until == date(2015, 1, 1)  # from there on nothing is claimed
    assert first.ends_on is None


def test_a_version_remembers_how_far_its_source_reaches():
    parsed = make_parsed()
    version = load.load(parsed, known_until=date(2025, 4, 19)).version
    assert load.load(parsed, known_until=date(2024, 1, 1)).version.known_until == date(2025, 4, 19)
    load.load(parsed, known_until=date(2026, 8, 1))
    version.refresh_from_db()
    assert version.known_until == date(2026, 8, 1)


def test_what_an_editor_entered_about_a_repeal_stays():
    make_statute(
        "中华人民共和国合同法", repealed_on=date(2020, 12, 31), repeal_source="编辑：另有依据"
    )
    assert repeal() == 0
    statute = load.find_statute("中华人民共和国合同法")
    assert statute.repealed_on == date(2020, 12, 31)
    assert statute.repeal_source == "编辑：另有依据"
    assert statute.replaced_by is None


def test_a_repeal_taken_back_leads_nowhere_any_more():
    old = make_version(**CONTRACTS)
    make_version(**CODE)
    repeal()
    assert became(old)
    Statute.objects.filter(pk=old.statute_id).update(
        repealed_on=None, repeal_source="", replaced_by=None
    )
    load.settle(Statute.objects.get(pk=old.statute_id))
    assert became(old) == []
    old.refresh_from_db()
    assert old.effective_until is None


# --- Names ---------------------------------------------------------------------------------


def names():
    return dict(StatuteAlias.objects.values_list("name", "statute__title"))


def test_every_statute_gets_the_names_that_follow_from_its_title():
    make_statute("中华人民共和国民事诉讼法")
    load.refresh_aliases()
    assert {"中华人民共和国民事诉讼法", "民事诉讼法", "民诉法"} <= set(names())
    assert set(StatuteAlias.objects.values_list("origin", flat=True)) == {"rule"}


def test_a_name_that_could_mean_two_means_neither():
    make_statute("最高人民法院关于适用《中华人民共和国行政诉讼法》若干问题的解释")
    load.refresh_aliases()
    assert "行政诉讼法解释" in names()
    make_statute("最高人民法院关于适用《中华人民共和国行政诉讼法》的解释")
    assert "行政诉讼法解释" in load.refresh_aliases()
    assert "行政诉讼法解释" not in names()


def test_what_an_editor_called_a_statute_stays():
    make_statute("中华人民共和国民事诉讼法")
    other = make_statute("中华人民共和国乙法")
    other.aliases.create(name="民诉法")
    other.aliases.create(name="乙规")
    load.refresh_aliases()
    assert names()["民诉法"] == names()["乙规"] == "中华人民共和国乙法"
    assert names()["民事诉讼法"] == "中华人民共和国民事诉讼法"


def test_refreshing_names_again_changes_nothing():
    for title in ("中华人民共和国民事诉讼法", "中华人民共和国民法典", "甲条例（试行）"):
        make_statute(title)
    first = load.refresh_aliases()
    before = rows()
    assert load.refresh_aliases() == first
    assert rows() == before


def test_names_follow_a_corrected_title():
    statute = make_statute("中华人民共和国民事诉松法")
    load.refresh_aliases()
    Statute.objects.filter(pk=statute.pk).update(title="中华人民共和国民事诉讼法")
    load.refresh_aliases()
    assert "民诉法" in names()
    assert not any("诉松" in name for name in names())


# --- Preview -------------------------------------------------------------------------------


def test_a_preview_stores_nothing():
    first = make_version(**FIRST)
    make_version(**THIRD)
    before = rows()
    found, links = load.preview(make_parsed(**SECOND))
    assert found == first
    assert [link.relation.value for link in links].count("renumbered") == 3
    assert rows() == before


def test_a_preview_of_a_new_law_has_nothing_to_compare():
    assert load.preview(make_parsed()) == (None, [])
    make_version(**SECOND)
    assert load.preview(make_parsed(**FIRST)) == (None, [])


def test_a_preview_refuses_what_loading_would():
    with pytest.raises(ParseError, match="条号重复"):
        load.preview(make_parsed(provisions=["第三条 甲。", "第三条 乙。"]))


def test_a_text_on_trial_and_its_successor_are_two_statutes():
    trial = load.load(make_parsed("某某管理办法（试行）")).version.statute
    load.refresh_aliases()
    assert load.find_statute("某某管理办法") is None
    assert load.load(make_parsed("某某管理办法")).version.statute != trial
