"""Names of bodies that no longer exist: where they are slips, and where the author is right."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statutes.authorities import RENAMINGS, find_renamed

TODAY = date(2026, 11, 25)


def told(text: str, on: date = TODAY) -> list[tuple[str, str]]:
    return [(renamed.name, renamed.successor) for renamed in find_renamed(text, on)]


FINANCE = "国家金融监督管理总局"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("及时向银保监会或当地金融监管部门投诉。", ("银保监会", FINANCE)),
        ("可以拨打中国银保监会的电话12378。", ("中国银保监会", FINANCE)),
        ("请向银监会举报。", ("银监会", FINANCE)),
        ("请向中国保险监督管理委员会举报。", ("中国保险监督管理委员会", FINANCE)),
        ("向当地银保监局反映。", ("银保监局", f"{FINANCE}的监管局")),
        ("到工商局查询企业登记。", ("工商局", "市场监督管理局")),
        ("国家工商总局主管全国的登记。", ("国家工商总局", "国家市场监督管理总局")),
        ("向杭州市环境保护局举报。", ("环境保护局", "生态环境局")),
        ("由国土资源部门处理。", ("国土资源部门", "自然资源主管部门")),
        ("到国税局开发票。", ("国税局", "税务局")),
        ("向环境保护部申请。", ("环境保护部", "生态环境部")),
        ("向国家环保总局申请。", ("国家环保总局", "生态环境部")),
        ("由农业部主管。", ("农业部", "农业农村部")),
        ("向**银保\n监会**投诉。", ("银保监会", FINANCE)),
        ("目前银保监会要求银行报告。", ("银保监会", FINANCE)),
        ("太原银保监局受理投诉。", ("银保监局", f"{FINANCE}的监管局")),
        ("2025年起，银保监会要求银行报告。", ("银保监会", FINANCE)),
        ("《办法》规定，应当向银保监会报告。", ("银保监会", FINANCE)),
    ],
)
def test_a_body_that_no_longer_exists_is_found(text, expected):
    assert told(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "向国家金融监督管理总局投诉。",
        "根据2019年银保监会发布的《商业银行理财子公司净资本管理办法》",
        "银保监会、工信部等部门联合制定的《网络借贷信息中介机构业务活动管理暂行办法》",
        "《商业银行股权管理暂行办法》（银监会令2018年第1号）",
        "《银保监会关于规范融资性信保业务的通知》第三条",
        "原银保监会曾多次提示。",
        "（原）银监会曾多次提示。",
        "前银保监会官员。",
        "国家金融监督管理总局（原银保监会）",
        "银保监会（现为国家金融监督管理总局）",
        "银保监会已更名。",
        "银保监会后更名为金融监管总局。",
        "2016年，银监会要求平台整改。",
        "2023年3月，银保监会要求平台整改。",
        "市场监督管理局（工商局）办理登记，市场监督管理局负责。",
        "有关规定说：“向银保监会报告”。",
        "农业部门、卫生部门和文化部分职能",
        "公司人事部、企业文化部与工程建设部",
        "卫生部长",
        "农业部队",
    ],
)
def test_what_is_right_of_its_time_is_no_slip(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2018, 4, 7), []),
        (date(2018, 4, 8), ["中国银行保险监督管理委员会"]),
        (date(2023, 5, 17), ["中国银行保险监督管理委员会"]),
        (date(2023, 5, 18), [FINANCE]),
    ],
)
def test_a_name_is_followed_to_the_one_of_the_day(on, expected):
    found = find_renamed("请向银监会举报。", on)
    assert [renamed.successor for renamed in found] == expected


def test_readers_are_told_of_bodies_and_editors_of_terms_too():
    text = (
        "向银保监会投诉。办理暂住证。向市环保局举报。怀宁国土局败诉。安徽省怀宁县国土资源局败诉。"
    )
    found = find_renamed(text, TODAY)
    assert [(renamed.name, renamed.for_readers) for renamed in found] == [
        ("银保监会", True),
        ("暂住证", False),
        ("环保局", True),
        ("国土局", False),  # a party to a case: the body of its day
        ("国土资源局", False),
    ]


def test_every_entry_names_its_source_and_no_name_stands_twice():
    names = [name for renaming in RENAMINGS for name in renaming.names]
    assert len(names) == len(set(names))
    assert all("《" in renaming.source for renaming in RENAMINGS)
    assert all(renaming.since < TODAY for renaming in RENAMINGS)
    assert not [r for r in RENAMINGS if r.for_readers and not r.successor]


def test_no_name_follows_itself():
    for renaming in RENAMINGS:
        for found in find_renamed(f"向{renaming.names[0]}申请。", TODAY):
            assert found.renaming.since >= renaming.since
            assert found.successor not in renaming.names


PIECES = (
    st.sampled_from(
        "银保监会 中国 原 现为 工商局 农业部 门 《 》 “ ” 。 2019年 发布 ** \n （ ） 国家".split()
    )
    | st.characters()
)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_offsets_slice_to_the_name_as_written(text):
    found = find_renamed(text, TODAY)
    assert [renamed.start for renamed in found] == sorted(renamed.start for renamed in found)
    for renamed in found:
        written = text[renamed.start : renamed.end]
        assert [sign for sign in written if sign in renamed.name] == list(renamed.name)


@pytest.mark.parametrize("pattern", ["《", "“", "银保监会", "原", "国家", "银保监会，", "》”"])
def test_a_long_hostile_text_is_read(pattern):
    find_renamed(pattern * (200_000 // len(pattern)), TODAY)
