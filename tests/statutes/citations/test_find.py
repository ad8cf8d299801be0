"""Citations in legal prose: every form that authors use, and what only looks like one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.citations.find import find_citations
from statutes.citations.naming import Edition
from statutes.citations.places import read_places
from tests.statutes.citations.library import NAMES, short


def cited(text: str, self_title: str = "") -> list[str]:
    """Return what a text cites, as a lawyer writes it: 民法典第八条第二款."""
    return [
        short(citation.statute or f"?{citation.title}") + str(citation.locator or "")
        for citation in find_citations(text, NAMES, self_title)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《中华人民共和国民法典》第八条", "民法典第八条"),
        ("《民法典》第八条", "民法典第八条"),
        ("民法典第八条", "民法典第八条"),
        ("民法典的第八条", "民法典第八条"),
        ("我国《民法典》中的第八条", "民法典第八条"),
        ("民法商法类中的证券法的第五条", "证券法第五条"),
        ("《民法商法类中的证券法》的第五条", "证券法第五条"),
        ("刑诉法第十六条", "刑事诉讼法第十六条"),
        ("消法第五十五条", "消费者权益保护法第五十五条"),
        ("《民法典》（2020年5月28日公布）第八条", "民法典第八条"),
        ("根据2021年1月1日起施行的《民法典》第八条", "民法典第八条"),
        ("《民法典》人格权编第997条", "民法典第九百九十七条"),
        ("《民法典》第三编第二章第五百零二条", "民法典第五百零二条"),
        ("刑法分则第九章渎职罪第三百九十七条", "刑法第三百九十七条"),
        ("《民法典》（第八条）", "民法典第八条"),
        ("“民法典”第八条", "民法典第八条"),
        ("《民法典第八条》", "民法典第八条"),
        ("公司法（2018）第八条", "公司法第八条"),
        ("公司法（2018修正）第八条", "公司法第八条"),
        ("新《公司法》第八条", "公司法第八条"),
        ("原合同法第八条", "合同法第八条"),
        ("民法典（总则编）第八条", "民法典第八条"),
        ("刑法修正案（十一）第三条", "刑法修正案（十一）第三条"),
        ("香港特别行政区基本法第三条", "香港特别行政区基本法第三条"),
        (
            "最高人民法院关于适用《中华人民共和国民事诉讼法》的解释第九十条",
            "关于适用《民事诉讼法》的解释第九十条",
        ),
        (
            "《最高人民法院关于适用&lt;中华人民共和国民事诉讼法&gt;的解释》第九十条",
            "关于适用《民事诉讼法》的解释第九十条",
        ),
        ("民法典婚姻家庭编解释一第五条", "关于适用《民法典》婚姻家庭编的解释（一）第五条"),
        ("《公司法司法解释》（三）第五条", "关于适用《公司法》若干问题的规定（三）第五条"),
    ],
)
def test_finds_the_name(text, expected):
    assert cited(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("民法典第1032条", "民法典第一千零三十二条"),
        ("民法典第１０３２条第２款", "民法典第一千零三十二条第二款"),
        ("民法典第 1032 条 第 2 款", "民法典第一千零三十二条第二款"),
        ("民法典1032条", "民法典第一千零三十二条"),
        ("刑法第133-1条", "刑法第一百三十三条之一"),
        ("刑法第133条之1", "刑法第一百三十三条之一"),
        ("民法典第l35条", "民法典第一百三十五条"),
        ("刑法第一百三十四条之一第二项", "刑法第一百三十四条之一第二项"),
        ("刑法第一百三十三条之一之规定", "刑法第一百三十三条之一"),
        ("刑法第二百九十三条之一以及有关规定", "刑法第二百九十三条之一"),
        ("刑法第六十七条之一般规定", "刑法第六十七条"),
        ("刑法第二百三十四条之三分之一", "刑法第二百三十四条"),
        ("刑法第五条第（二）项", "刑法第五条第二项"),
        ("刑法第五条（二）规定", "刑法第五条第二项"),
        ("刑法第五条第二款第（一）项第3目", "刑法第五条第二款第一项第3目"),
        ("刑法第三十八条条第一款", "刑法第三十八条第一款"),
        ("刑法第302第1款", "刑法第三百零二条第一款"),
        ("《劳动法》第五十工资应当以货币形式支付", "劳动法第五十条"),
        ("工伤保险条例第十五条（一）在工作时间", "工伤保险条例第十五条"),
    ],
)
def test_reads_the_number(text, expected):
    assert cited(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第三条", ["第三条"]),
        ("第三条、第五条和第八条", ["第三条", "第五条", "第八条"]),
        ("第四十七、第四十八和第五十条", ["第四十七条", "第四十八条", "第五十条"]),
        ("第47条、48条", ["第四十七条", "第四十八条"]),
        ("第234、275条", ["第二百三十四条", "第二百七十五条"]),
        ("第一、二条", ["第一条", "第二条"]),
        ("第六条至第八条", ["第六条", "第七条", "第八条"]),
        (
            "第一百三十四条至第一百三十五条之一",
            ["第一百三十四条", "第一百三十五条", "第一百三十五条之一"],
        ),
        ("第一条第一款、第二款", ["第一条第一款", "第一条第二款"]),
        (
            "第一条第二款第三至五项",
            ["第一条第二款第三项", "第一条第二款第四项", "第一条第二款第五项"],
        ),
        ("第一条第（一）项至第（二）项", ["第一条第一项", "第一条第二项"]),
        ("第一条第（一）、（三）项", ["第一条第一项", "第一条第三项"]),
        ("第一条第（一）（三）项", ["第一条第一项", "第一条第三项"]),
        ("第一条第二项和第三条", ["第一条第二项", "第三条"]),
        ("第一条至第九万条", ["第一条", "第九万条"]),
        ("第二款", []),
        ("第4.2条", []),
        ("第零条", []),
    ],
)
def test_expands_lists_and_ranges(text, expected):
    assert [str(place.locator) for place in read_places(text, 0)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "《民法典》第八条民事主体从事民事活动。第九条民事主体应当有利于节约资源。",
            ["民法典第八条", "民法典第九条"],
        ),
        ("根据《民法典》第八条……\n\n另外，根据第九条……", ["民法典第八条", "民法典第九条"]),
        (
            "民法典第八条、第九条和刑法第三条、第四条",
            ["民法典第八条", "民法典第九条", "刑法第三条", "刑法第四条"],
        ),
        ("民法典1032、1033条", ["民法典第一千零三十二条", "民法典第一千零三十三条"]),
        ("民法典第3条-5条", ["民法典第三条", "民法典第四条", "民法典第五条"]),
        ("《刑法》第25条第1、4款", ["刑法第二十五条第一款", "刑法第二十五条第四款"]),
        (
            "劳动合同法及其实施条例第十条",
            ["劳动合同法", "劳动合同法实施条例第十条"],
        ),
        (
            "《劳动合同法》第三条，该法实施条例第十条",
            ["劳动合同法第三条", "劳动合同法实施条例第十条"],
        ),
        (
            "民事诉讼法和相关司法解释第九十条",
            ["民事诉讼法", "关于适用《民事诉讼法》的解释第九十条"],
        ),
        ("刑法及相关司法解释第九十条", ["刑法", "?刑法司法解释第九十条"]),
        (
            "依照《民法典》的规定，该法第三条、同法第五条",
            ["民法典", "民法典第三条", "民法典第五条"],
        ),
        ("《物业管理条例》第三条、《条例》第五条", ["物业管理条例第三条", "物业管理条例第五条"]),
        ("物业管理条例第三条，本条例第五条", ["物业管理条例第三条", "物业管理条例第五条"]),
        (
            "《劳动合同法》第四十六条规定：“劳动者依照本法第三十八条解除劳动合同的”",
            ["劳动合同法第四十六条", "劳动合同法第三十八条"],
        ),
        (
            "《刑法》第九十六条第一款规定：“违反国家规定。”第二款规定：“本法所称……”",
            ["刑法第九十六条第一款", "刑法第九十六条第二款"],
        ),
        (  # a law named inside the text of another does not take over
            "《劳动法》第十条依照《刑法》的规定处理。第十二条劳动者就业。",
            ["劳动法第十条", "刑法", "劳动法第十二条"],
        ),
        ("## 《民法典》\n第六条规定", ["民法典第六条"]),
        (  # the heading of a chapter is no contract
            "民法典第三条规定\n\n第九章 买卖合同\n第五条买卖合同是",
            ["民法典第三条", "民法典第五条"],
        ),
        (
            "《最高人民法院关于审理劳动争议案件适用法律若干问题的解释（三）》第四条，解释一第8条",
            [
                "关于审理劳动争议案件适用法律若干问题的解释（三）第四条",
                "关于审理劳动争议案件适用法律若干问题的解释第八条",
            ],
        ),
    ],
)
def test_gives_a_number_without_a_name_to_its_law(text, expected):
    assert cited(text) == expected


def test_reads_the_short_names_that_a_text_defines():
    interpretation = "关于适用《民法典》婚姻家庭编的解释（一）"
    text = (
        "《最高人民法院关于适用〈中华人民共和国民法典〉婚姻家庭编的解释（一）》"
        "（法释〔2020〕22号，以下简称“婚家编解释”）第五条；婚家编解释第六条"
    )
    assert cited(text) == [f"{interpretation}第五条", f"{interpretation}第六条"]


def test_this_law_is_the_document_itself_unless_another_is_quoted():
    own = "最高人民法院关于适用《中华人民共和国民事诉讼法》的解释"
    text = "依照本解释第三条和民事诉讼法第五条；刑法第六条规定：“本法第七条”"
    assert cited(text, own) == [
        "关于适用《民事诉讼法》的解释第三条",
        "民事诉讼法第五条",
        "刑法第六条",
        "刑法第七条",
    ]
    assert cited("依照本《解释》第三条", own) == ["关于适用《民事诉讼法》的解释第三条"]
    assert cited("实施第一条规定的行为", own) == ["关于适用《民事诉讼法》的解释第一条"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《劳动争议仲裁调解法》第五条", "劳动争议调解仲裁法第五条"),
        (
            "《关于审理交通事故损害赔偿案件适用法律若干问题的解释》第三条",
            "关于审理道路交通事故损害赔偿案件适用法律若干问题的解释第三条",
        ),
        ("《行政协议案件司法解释》第十六条", "关于审理行政协议案件若干问题的规定第十六条"),
        (
            "关于审理城镇房屋租赁合同纠纷案件司法解释第六条",
            "关于审理城镇房屋租赁合同纠纷案件具体应用法律若干问题的解释第六条",
        ),
        (
            "《最高人民法院关于适用〈中某人民共和国民事诉讼法〉的解释》第九十条",
            "关于适用《民事诉讼法》的解释第九十条",
        ),
    ],
)
def test_recognises_a_misquoted_title_and_says_so(text, expected):
    assert cited(text) == [expected]
    assert [citation.is_misspelt for citation in find_citations(text, NAMES)] == [True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《行政协议司法解释》第十六条", "关于审理行政协议案件若干问题的规定第十六条"),
        (
            "关于审理城镇房屋租赁合同纠纷司法解释第六条",
            "关于审理城镇房屋租赁合同纠纷案件具体应用法律若干问题的解释第六条",
        ),
    ],
)
def test_an_interpretation_called_by_its_cases_is_not_misquoted(text, expected):
    assert cited(text) == [expected]
    assert [citation.is_misspelt for citation in find_citations(text, NAMES)] == [False]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("《工伤鉴定程序》第三条", "工伤鉴定程序"),
        ("杭州市物业管理条例第五条", "杭州市物业管理条例"),
        ("《杭州市物业管理条例》第五条", "杭州市物业管理条例"),
        ("依照担保法第五条", "担保法"),
        ("《最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释》第九十条", None),
    ],
)
def test_keeps_a_name_that_it_does_not_know(text, title):
    (citation,) = find_citations(text, NAMES)
    assert (citation.statute, citation.is_misspelt) == ("", False)
    assert title is None or citation.title == title


@pytest.mark.parametrize(
    "text",
    [
        "合同第十二条约定",
        "该协议第3条",
        "《租赁协议》第六条第一项",
        "签订《补充协议书》，第六条第一项载明",
        "《民法典》第八条；双方合同约定，第五条……",
        "公司章程第十条",
        "《员工手册》第6节第3条",
        "机动车第三者责任保险条款第26条",
        "《机动车辆保险条款（2009）版》第一章第十二条",
        "合同第4.2条",
        "撤销一审判决第一项、第二项",
        "第一条短信是他发的",
        "《民法典》第八条；第一条微博、第一条件、第二条款",
        "第八条没有名字",
        "公司法人，劳动法律、法规，合同法律规范",
        "公司法务、公司法律顾问、民法典型案例、证券法制",
        "（2007）朝民初字第18230号",
        "《行政处罚决定书》第三条",
    ],
)
def test_what_is_no_statute_is_not_cited(text):
    assert [c for c in cited(text) if c not in ("民法典第八条",)] == []


def test_a_contract_ends_what_the_text_was_speaking_of():
    assert cited("《民法典》第八条。《租赁合同》签订后，第九条载明") == ["民法典第八条"]
    assert cited("《民法典》第八条。签署《知情同意书》后，第九条规定") == [
        "民法典第八条",
        "民法典第九条",
    ]


def test_the_tail_of_contract_law_is_no_anaphor():
    assert cited("劳动法第一条，合同法第二条") == ["劳动法第一条", "合同法第二条"]


def test_the_old_law_of_a_year_is_that_of_the_year():
    for text in (
        "旧《公司法》2018年版第十六条",
        "旧《公司法》（2018年修正）第十六条",
        "原《公司法》（主席令〔2018〕15号）第十六条",
    ):
        (found,) = find_citations(text, NAMES)
        assert (found.version_year, found.edition) == (2018, None), text


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("旧公司法第十六条", Edition.FORMER),
        ("原《公司法》第十六条", Edition.FORMER),
        ("修订前的《公司法》第十六条", Edition.FORMER),
        ("公司法（旧法）第十六条", Edition.FORMER),
        ("新《公司法》第十六条", Edition.NEWEST),
        ("新修订的公司法第十六条", Edition.NEWEST),
        ("公司法（修订后）第十六条", Edition.NEWEST),
        ("依照旧《公司法》第十六条", Edition.FORMER),
        ("依旧《公司法》第十六条", None),
        ("一切照旧《公司法》第十六条", None),
        ("太原《公司法》第十六条", None),
        ("新旧《公司法》第十六条", None),
        ("更新《公司法》第十六条", None),
        ("现行公司法第十六条", None),
        ("老公司法第十六条", Edition.FORMER),
        ("敬老《公司法》第十六条", None),
        ("旧版《公司法》第十六条", Edition.FORMER),
        ("以前的《公司法》第十六条", Edition.FORMER),
        ("从前，《公司法》第十六条", None),
        ("2024年7月1日之前的公司法第十六条", Edition.FORMER),
        ("在修订之前，《公司法》第十六条", Edition.FORMER),
        ("已失效的《公司法》第十六条", Edition.FORMER),
        ("（修订前）《公司法》第十六条", Edition.FORMER),
        ("公司法第十六条（旧法）", Edition.FORMER),
        ("公司法第十六条（已修改）", Edition.EARLIER),
        ("《公司法》修订前第十六条", Edition.FORMER),
        ("《公司法》旧法第十六条", Edition.FORMER),
        ("《公司法》修订后的第十五条", Edition.NEWEST),
        ("当时有效的公司法第十六条", Edition.THEN),
        ("案发时，《公司法》第十六条", Edition.THEN),
        ("签约时的《公司法》第十六条", Edition.THEN),
        ("行为时有效的《公司法》第十六条", Edition.THEN),
        ("公司法第十六条（签约时）", Edition.THEN),
        ("签约时，《公司法》第十六条", None),
        ("法院审理时适用《公司法》第十六条", None),
        ("已被修改的《公司法》第十六条", Edition.FORMER),
        ("已修订的《公司法》第十六条", None),
        ("当时他依据《公司法》第十六条", None),
    ],
)
def test_reads_whether_the_old_or_the_new_law_is_meant(text, edition):
    assert [c.edition for c in find_citations(text, NAMES)] == [edition]


def test_old_and_new_numbers_side_by_side_are_of_the_text_they_are_told_of():
    text = "《公司法》旧法第十六条、新法第十五条。旧法第二十条现为第二十一条，第三条调整为第四条。"
    former, newest = Edition.FORMER, Edition.NEWEST
    found = [c for c in find_citations(text, NAMES) if c.locator]
    assert [short(c.statute) + str(c.locator) for c in found] == [
        f"公司法第{number}条" for number in ("十六", "十五", "二十", "二十一", "三", "四")
    ]
    assert [c.edition for c in found] == [former, newest, former, newest, Edition.EARLIER, newest]


def test_what_a_new_number_is_given_beside_is_of_an_earlier_text():
    for text in (
        "《公司法》第十六条（现第十五条）",
        "公司法第十六条，现为第十五条",
        "公司法第十六条（修订后为第十五条）",
        "公司法第十六条变更为第十五条",
    ):
        old, new = find_citations(text, NAMES)
        assert (old.edition, new.edition) == (Edition.EARLIER, Edition.NEWEST), text
    for text in ("公司法第十六条。实践中发现第十五条", "公司法第十六条体现第十五条的精神"):
        assert [c.edition for c in find_citations(text, NAMES)] == [None, None], text


def test_a_law_announced_anew_is_spoken_of_in_its_new_text():
    text = "《公司法》第三条没有变。新修订的《公司法》自明年起施行，其第四条是新的。"
    assert [c.edition for c in find_citations(text, NAMES)][-1] is Edition.NEWEST


def test_a_law_in_parentheses_does_not_take_over():
    text = "依照《公司法》第八条（原民法典第九条）、第十条判决"
    assert cited(text) == ["公司法第八条", "民法典第九条", "公司法第十条"]
    text = "公司法第八条（原民法典第九条、劳动法第三条）写得明白。第十条也是。"
    assert cited(text) == ["公司法第八条", "民法典第九条", "劳动法第三条", "公司法第十条"]


def test_the_day_told_in_a_paragraph_goes_with_its_citations():
    first = "2023年5月，双方签约。依《公司法》第十六条，合同有效。现行《公司法》第十五条亦同。"
    text = first + "\n\n《公司法》第三条。"
    days = [c.told_on for c in find_citations(text, NAMES)]
    assert days == [date(2023, 5, 1), None, None]
    (since,) = find_citations("2018年10月26日起施行的《公司法》第十六条", NAMES)
    assert since.told_on == date(2018, 10, 26)


def test_that_law_is_the_text_told_with_it_else_the_one_named():
    text = "旧《公司法》第十六条、该法第二十条。修订后，该法第十五条；2018年修正的同法第三条"
    found = find_citations(text, NAMES)
    assert [c.edition for c in found] == [Edition.FORMER, Edition.FORMER, Edition.NEWEST, None]
    assert found[-1].version_year == 2018


def test_reads_that_a_law_was_amended_in_the_year():
    amended = (
        "《公司法》（2018年修正）第三条",
        "2018年修正的《公司法》第三条",
        "公司法第三条（2018修正）",
        "《公司法（2018修正）》第三条",
    )
    only_dated = "《公司法》（2018年）第三条", "2018年《公司法》第三条", "公司法（2018年版）第三条"
    for texts, is_amended in ((amended, True), (only_dated, False)):
        for text in texts:
            (found,) = find_citations(text, NAMES)
            assert (found.version_year, found.is_of_amendment) == (2018, is_amended), text


def test_a_table_of_the_old_and_the_new_law_is_read_by_its_columns():
    text = (
        "| 事项 | 旧法 | 2023年《公司法》 |\n|---|---|---|\n"
        "| 担保 | 《公司法》第十六条 | 《公司法》第十五条 |\n| 转让 | 第七十一条 | 第八十四条 |\n"
        "\n公司法第三条"
    )
    found = [c for c in find_citations(text, NAMES) if c.locator]
    assert [(c.edition, c.version_year) for c in found] == [
        (Edition.FORMER, None),
        (None, 2023),
        (Edition.FORMER, None),
        (None, 2023),
        (None, None),
    ]


@pytest.mark.parametrize(
    "head",
    [
        "旧法",
        "原公司法",
        "老公司法",
        "原规定",
        "修订前",
        "旧司法解释",
        "旧公司法条文",
        "公司法（原）",
    ],
)
def test_a_head_that_names_the_old_law_is_one(head):
    text = f"| {head} |\n|---|\n| 《公司法》第十六条 |\n"
    assert find_citations(text, NAMES)[-1].edition is Edition.FORMER


@pytest.mark.parametrize(
    "head",
    """
    原告主张 原因 法条原文 原则 老人权益 原审法院 新旧对照 2023年数据 2022年计算方法
    草原法 原子能法 老年人权益保障法 养老服务条例 太原市物业管理条例
    """.split(),
)
def test_a_head_in_which_old_is_only_part_of_a_word_names_no_law(head):
    (found,) = find_citations(f"| {head} |\n|---|\n| 《公司法》第十六条 |\n", NAMES)
    assert (found.edition, found.version_year) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "| 法律 | 条 |\n|---|---|\n| 《民法典》 | 第八条 |\n| 《刑法》 | 第三条 |\n",
        "|法律|事|条|\n|---|---|---|\n|《民法典》|甲|第八条|\n|《刑法》|乙|第三条|\n",
        "<tr><td>《民法典》</td><td>第八条</td></tr><tr><td>《刑法》</td><td>第三条</td></tr>",
    ],
)
def test_a_number_in_a_cell_is_of_the_law_in_the_cell_before(text):
    numbered = [c for c in find_citations(text, NAMES) if c.locator]
    assert [(short(c.statute), c.locator.article) for c in numbered] == [("民法典", 8), ("刑法", 3)]


def test_a_number_without_a_name_is_of_the_law_at_the_head_of_its_column():
    text = (
        "《公司法》第二条。\n\n| 《民法典》 | 旧《公司法》 |\n|---|---|\n"
        "| 第八条 | 第十六条、《刑法》第五条，第六条 |\n"
    )
    found = [c for c in find_citations(text, NAMES) if c.start > text.index("---")]
    assert [(short(c.statute), c.locator.article, c.edition) for c in found] == [
        ("民法典", 8, None),
        ("公司法", 16, Edition.FORMER),
        ("刑法", 5, None),
        ("刑法", 6, None),
    ]


def test_a_table_below_another_has_a_head_of_its_own():
    text = (
        "| 旧法 |\n|:---|\n| 《公司法》第十六条 |\n| 第三条 |\n\n"
        "| 事项 |\n|:-:|\n| 《公司法》第十五条 |\n"
    )
    former = Edition.FORMER
    assert [c.edition for c in find_citations(text, NAMES)] == [former, former, None]


def test_an_old_number_told_beside_a_new_one_does_not_take_over():
    text = "《公司法》第十五条即原第十六条。第三条；旧法第十六条写得明白，第二十条也是。"
    editions = [c.edition for c in find_citations(text, NAMES)]
    assert editions == [None, Edition.FORMER, None, Edition.FORMER, Edition.FORMER]


def test_a_draft_is_no_law():
    assert cited("《民法典》第八条；公司法修订草案第六条") == ["民法典第八条", "公司法"]
    assert cited("《公司法（2022征求意见稿）》第九条") == ["?公司法第九条"]


def test_clauses_of_a_contract_after_a_comma_are_none_of_a_law():
    assert cited("依据《民法典》第八条。合同中，第六条是违约金，第七条是定金。") == ["民法典第八条"]


def test_a_law_is_not_meant_by_the_name_of_another_kind():
    """该解释第五条 after the Civil Code alone belongs to a document that the text does not name."""
    assert cited("《民法典》第八条。该解释第五条、本办法第三条；该法第九条、该规定第十条") == [
        "民法典第八条",
        "?该解释第五条",
        "?本办法第三条",
        "民法典第九条",
        "民法典第十条",
    ]


def test_an_order_told_with_its_year_is_no_clause_of_the_law_before_it():
    assert cited("《民法典》第八条；银保监会令2020年第9号第三条") == [
        "民法典第八条",
        "?银保监会令2020年第9号第三条",
    ]


def test_reads_the_version_and_the_number_of_a_document():
    (by_mark,) = find_citations("《公司法（2018修正）》第十六条", NAMES)
    (by_aside,) = find_citations("《公司法》（2018年修正）第十六条", NAMES)
    (by_year,) = find_citations("2018年修正的《公司法》第十六条", NAMES)
    (none,) = find_citations("2021年1月1日起施行的《民法典》第八条", NAMES)
    assert [c.version_year for c in (by_mark, by_aside, by_year, none)] == [2018, 2018, 2018, None]
    (bare,) = find_citations("公司法（2018修正）第十六条", NAMES)
    assert bare.version_year == 2018
    for text in (
        "2018年《公司法》第十六条",
        "2018年公司法第十六条",
        "《公司法》2018年版第十六条",
        "2018年的《公司法》第十六条",
        "2018公司法第十六条",
        "18年公司法第十六条",
        "《公司法》2018修正第十六条",
        "《公司法》2018年第十六条",
        "《公司法》第十六条（2018年修正）",
        "公司法第十六条第一款（2018版）",
    ):
        assert [c.version_year for c in find_citations(text, NAMES)] == [2018], text
    (by_issue,) = find_citations("《公司法》（主席令〔2018〕15号）第十六条", NAMES)
    assert by_issue.version_year == 2018
    (by_number,) = find_citations("根据法释[2020]22号第三条", NAMES)
    assert by_number.document_number == "法释[2020]22号"
    assert by_number.statute.endswith("婚姻家庭编的解释（一）")


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("见《民法典》第八条。", ["《民法典》第八条"]),
        ("**《民法典》**第八条", ["《民法典》**第八条"]),
        ("[《民法典》第八条](/statutes/minfadian/8/)", ["《民法典》第八条"]),
        ("《民法典》</span>第八条", ["《民法典》</span>第八条"]),
        (
            "《中华人民共\n和国民法典》第一千\n零三十二条",
            ["《中华人民共\n和国民法典》第一千\n零三十二条"],
        ),
        ("刑法第三条、第五条第二款", ["刑法第三条", "第五条第二款"]),
        ("刑法第三条至第四条", ["刑法第三条至第四条"] * 2),
        ("违反《民法典》的规定", ["《民法典》"]),
    ],
)
def test_offsets_slice_to_the_text_as_written(text, spans):
    assert [text[c.start : c.end] for c in find_citations(text, NAMES)] == spans


def test_says_which_citations_have_no_name_of_their_own():
    text = "刑法第三条、第五条，该法第六条，第七条"
    implied = [citation.is_implied for citation in find_citations(text, NAMES)]
    assert implied == [False, True, True, True]


# --- any text at all ---------------------------------------------------------------------------

PIECES = st.sampled_from(
    """
    《 》 〈 〉 （ ） “ ” 民法典 刑法 合同 条例 解释 本法 该法 同法 第 一 十 百 3 条 款 项 之 、
    和 至 规定 的 以下简称 ** [ ]( ) <p> </ &lt; 〔2020〕 号 。 ： ，
    """.split()
) | st.sampled_from(" \n")


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=80).map("".join)))
def test_any_text_is_read_and_offsets_are_in_order(text):
    citations = find_citations(text, NAMES)
    assert all(0 <= c.start < c.end <= len(text) for c in citations)
    assert [c.start for c in citations] == sorted(c.start for c in citations)
    for citation in citations:
        assert text[citation.start] not in " \n*<["
        assert text[citation.end - 1] not in " \n*>]("


@given(st.lists(PIECES, max_size=40).map("".join))
def test_a_text_in_front_moves_the_offsets_only(text):
    front = "。\n\n《补充协议》\n\n"
    moved = find_citations(front + text, NAMES)
    assert all(c.start >= len(front) for c in moved)
