"""Names of statutes: by rule, by table, refused."""

import pytest

from statutes.aliases import ABBREVIATIONS, aliases_of, assign, counts_anew, normalise
from tests.statutes.sources import law_file, laws_folder, packaged_laws

CODE = "中华人民共和国民法典"
MARRIAGE = "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）"
COMPANY = "最高人民法院关于适用《中华人民共和国公司法》若干问题的规定（三）"
CIVIL_PROCEDURE = "最高人民法院关于适用《中华人民共和国民事诉讼法》的解释"
TWO_COURTS = "最高人民法院、最高人民检察院关于办理环境污染刑事案件适用法律若干问题的解释"
EXECUTION = "最高人民法院关于人民法院执行工作若干问题的规定（试行）"
MEDICAL = "最高人民法院关于审理医疗损害责任纠纷案件适用法律若干问题的解释"
ONLINE = "最高人民法院关于审理网络消费纠纷案件适用法律若干问题的规定（一）"
TRADE_MARKS = "最高人民法院关于审理商标民事纠纷案件适用法律若干问题的解释"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (CODE, "民法典"),
        (CODE, "《中华人民共和国民法典》"),
        ("中华人民共和国刑事诉讼法", "刑诉法"),
        ("中华人民共和国民事诉讼法", "民诉法"),
        ("中华人民共和国消费者权益保护法", "消法"),
        ("中华人民共和国道路交通安全法", "道交法"),
        ("中华人民共和国治安管理处罚法", "治安处罚法"),
        (MARRIAGE, "最高人民法院关于适用〈民法典〉婚姻家庭编的解释(一)"),
        (MARRIAGE, "关于适用《民法典》婚姻家庭编的解释（一）"),
        (MARRIAGE, "民法典婚姻家庭编解释（一）"),
        (MARRIAGE, "民法典婚姻家庭编解释一"),
        (MARRIAGE, "《民法典》婚姻家庭编司法解释（一）"),
        (MARRIAGE, "婚姻家庭编解释（一）"),
        (MARRIAGE, "婚姻家庭编司法解释一"),
        (COMPANY, "公司法司法解释（三）"),
        (COMPANY, "公司法解释三"),
        (CIVIL_PROCEDURE, "民事诉讼法解释"),
        (CIVIL_PROCEDURE, "民诉法司法解释"),
        (CIVIL_PROCEDURE, "民诉解释"),
        (TWO_COURTS, "关于办理环境污染刑事案件适用法律若干问题的解释"),
        (TWO_COURTS, "最高人民法院 最高人民检察院关于办理环境污染刑事案件适用法律若干问题的解释"),
        (TWO_COURTS, "最高人民法院、最高人民检察院关于办理环境污染刑事案件适用法律问题的解释"),
        (EXECUTION, "最高人民法院关于人民法院执行工作若干问题的规定"),
        (EXECUTION, "执行工作规定"),
        ("中华人民共和国刑法修正案（十二）", "刑法修正案（十二）"),
        (MEDICAL, "医疗损害责任解释"),
        (MEDICAL, "医疗损害责任纠纷司法解释"),
        (ONLINE, "网络消费司法解释（一）"),
        (ONLINE, "网络消费纠纷司法解释一"),
    ],
)
def test_knows_the_names_of_a_statute(title, name):
    assert normalise(name) in aliases_of(title)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (CODE, "民法"),
        (CODE, "中华人民共和国"),
        ("中华人民共和国公司法", "公司法解释"),
        ("中华人民共和国刑事诉讼法", "诉讼法"),
        (MARRIAGE, "民法典"),
        (MEDICAL, "医疗损害责任"),
        (ONLINE, "网络消费规定（一）"),
        (TRADE_MARKS, "商标解释"),
    ],
)
def test_does_not_invent_names(title, name):
    assert normalise(name) not in aliases_of(title)


def test_begins_with_the_title():
    assert aliases_of(CODE)[0] == CODE


def test_refuses_a_name_that_could_mean_two():
    old = "最高人民法院关于适用《中华人民共和国行政诉讼法》若干问题的解释"
    new = "最高人民法院关于适用《中华人民共和国行政诉讼法》的解释"
    names = assign([old, new])
    assert names.refused["行政诉讼法解释"] == (old, new)
    assert "行政诉讼法解释" not in names.titles
    assert names.titles[normalise("关于适用行政诉讼法的解释")] == new


def test_a_title_is_stronger_than_a_rule():
    names = assign(["民诉法", "中华人民共和国民事诉讼法"])
    assert names.titles["民诉法"] == "民诉法"


def test_the_table_gives_no_name_twice():
    names = [name for row in ABBREVIATIONS.values() for name in row]
    assert len(names) == len(set(names))
    assert not set(names) & set(ABBREVIATIONS)
    assert all(normalise(name) == name for name in [*names, *ABBREVIATIONS])


# Known to the editors, but in neither source: repealed, or no legislation.
NOT_AT_HAND = {
    "民法总则",
    "民法通则",
    "最高人民法院关于限制被执行人高消费及有关消费的若干规定",
    "全国法院民商事审判工作会议纪要",
}


def test_every_abbreviation_means_a_statute_at_hand():
    titles = {law_file(str(path)).title for path in _paths()}
    titles |= {version.title for version in packaged_laws()[0]}
    names = assign(sorted(titles)).titles
    assert {title for title in ABBREVIATIONS if title not in names} == NOT_AT_HAND
    missing = [
        abbreviation
        for title, row in ABBREVIATIONS.items()
        if title not in NOT_AT_HAND
        for abbreviation in row
        if abbreviation not in names
    ]
    assert missing == []


def _paths():
    folder = laws_folder()
    return [
        path.relative_to(folder).with_suffix("")
        for path in folder.rglob("*.md")
        if path.name != "README.md"
    ]


def test_a_short_name_means_the_statute_that_has_not_ended():
    ended = "最高人民法院关于适用《中华人民共和国行政诉讼法》若干问题的解释"
    living = "最高人民法院关于适用《中华人民共和国行政诉讼法》的解释"
    assert "行诉法解释" in assign([ended, living]).refused
    assert assign([ended, living], {ended}).titles["行诉法解释"] == living


def test_knows_the_first_interpretation_of_a_new_series():
    cases = "最高人民法院关于审理劳动争议案件适用法律"
    new = f"{cases}问题的解释（一）"
    assert counts_anew(f"{cases}若干问题的解释（二）", new)
    assert counts_anew(f"{cases}若干问题的解释", new)
    assert not counts_anew(
        "最高人民法院关于适用《中华人民共和国婚姻法》若干问题的解释（二）", MARRIAGE
    )
    assert not counts_anew("中华人民共和国合同法", CODE)
