"""Bodies and institutions of the law that no longer exist, and what they are called now. Pure.

Our own compilation. Each entry names the instrument that it follows from and the first day of the
new name. What is not known for certain is left out: local bodies whose names differ by place, such
as 旅游局 and 物价局; bodies whose plate was kept, such as 国家海洋局 and 国家乡村振兴局; and short
names that mean a company's department as well, such as 人事部 and 监察部.

An author who says who issued a document, or what happened years ago, names the body of then and
is right: 2019年银保监会发布的《…》, 原银监会, 银保监会令2020年第9号 are no slips.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import NamedTuple

from statutes.citations import grammar
from statutes.citations.reading import Reading, reading_of


@dataclass(frozen=True)
class Renaming:
    """The end of a name. `names` are its forms in prose, the official one first."""

    names: tuple[str, ...]
    successor: str  # what does its work now; "" if nothing does
    since: date  # the first day of the new name
    source: str
    # Else only a hint to the editor: a term, a successor that varies by case, or a name that
    # statutes in force still have, such as 工商行政管理部门.
    for_readers: bool = True


_DECIDED_IN_2003 = "《第十届全国人民代表大会第一次会议关于国务院机构改革方案的决定》", "2003-03-10"
_DECIDED_IN_2008 = (
    "《第十一届全国人民代表大会第一次会议关于国务院机构改革方案的决定》",
    "2008-03-15",
)
_DECIDED_IN_2013 = (
    "《第十二届全国人民代表大会第一次会议关于国务院机构改革和职能转变方案的决定》",
    "2013-03-14",
)
_DECIDED_IN_2018 = (
    "《第十三届全国人民代表大会第一次会议关于国务院机构改革方案的决定》",
    "2018-03-17",
)
# Its part on local bodies: all to be done by the end of March 2019.
_LOCAL_BY_2019 = "《深化党和国家机构改革方案》（2018年）第七部分", "2019-03-31"
_TAX_OFFICES = "《国税地税征管体制改革方案》（2018年）", "2018-07-20"
_DECIDED_IN_2023 = "《党和国家机构改革方案》（2023年）"

_MARKET = "国家市场监督管理总局"
_LOCAL_MARKET = "市场监督管理局"
_FINANCE = "国家金融监督管理总局"


def _renamed(
    decided: tuple[str, str], names: str, successor: str, for_readers: bool = True
) -> Renaming:
    source, day = decided
    return Renaming(tuple(names.split()), successor, date.fromisoformat(day), source, for_readers)


RENAMINGS: tuple[Renaming, ...] = (
    # 2003
    _renamed(_DECIDED_IN_2003, "对外贸易经济合作部 外经贸部", "商务部"),
    _renamed(_DECIDED_IN_2003, "国家发展计划委员会", "国家发展和改革委员会"),
    # 2008
    _renamed(_DECIDED_IN_2008, "劳动和社会保障部", "人力资源和社会保障部"),
    _renamed(_DECIDED_IN_2008, "国家环境保护总局 国家环保总局", "环境保护部"),
    _renamed(_DECIDED_IN_2008, "建设部", "住房和城乡建设部"),
    _renamed(_DECIDED_IN_2008, "信息产业部", "工业和信息化部"),
    # 2013
    _renamed(_DECIDED_IN_2013, "铁道部", "国家铁路局"),
    _renamed(_DECIDED_IN_2013, "卫生部", "国家卫生和计划生育委员会"),
    _renamed(_DECIDED_IN_2013, "国家人口和计划生育委员会", "国家卫生和计划生育委员会"),
    _renamed(_DECIDED_IN_2013, "国家食品药品监督管理局", "国家食品药品监督管理总局"),
    _renamed(_DECIDED_IN_2013, "国家电力监管委员会 电监会", "国家能源局"),
    _renamed(_DECIDED_IN_2013, "新闻出版总署", "国家新闻出版广电总局"),
    # 2018
    _renamed(
        ("《第十三届全国人民代表大会第一次会议关于国务院机构改革方案的决定》", "2018-04-08"),
        "中国银行业监督管理委员会 中国银监会 银监会",
        "中国银行保险监督管理委员会",
    ),
    _renamed(
        ("《第十三届全国人民代表大会第一次会议关于国务院机构改革方案的决定》", "2018-04-08"),
        "中国保险监督管理委员会 中国保监会 保监会",
        "中国银行保险监督管理委员会",
    ),
    _renamed(
        _DECIDED_IN_2018,
        "国家工商行政管理总局 国家工商行政管理局 国家工商总局 国家工商局 工商总局",
        _MARKET,
    ),
    _renamed(_DECIDED_IN_2018, "国家质量监督检验检疫总局 国家质检总局 质检总局", _MARKET),
    _renamed(
        _DECIDED_IN_2018,
        "国家食品药品监督管理总局 国家食药监总局 国家食药总局 食药监总局",
        f"{_MARKET}（药品为国家药品监督管理局）",
    ),
    _renamed(_DECIDED_IN_2018, "国土资源部 国土部", "自然资源部"),
    _renamed(_DECIDED_IN_2018, "环境保护部 环保部", "生态环境部"),
    _renamed(_DECIDED_IN_2018, "农业部", "农业农村部"),
    _renamed(_DECIDED_IN_2018, "文化部", "文化和旅游部"),
    _renamed(_DECIDED_IN_2018, "国家旅游局", "文化和旅游部"),
    _renamed(
        _DECIDED_IN_2018,
        "国家卫生和计划生育委员会 国家卫生计生委 国家卫计委 卫计委",
        "国家卫生健康委员会",
    ),
    _renamed(
        _DECIDED_IN_2018,
        "国家安全生产监督管理总局 国家安监总局 安监总局",
        "应急管理部",
    ),
    _renamed(_DECIDED_IN_2018, "国务院法制办公室 国务院法制办", "司法部"),
    _renamed(_DECIDED_IN_2018, "国家林业局", "国家林业和草原局"),
    _renamed(
        _DECIDED_IN_2018,
        "国家新闻出版广播电影电视总局 国家新闻出版广电总局 新闻出版广电总局",
        "国家广播电视总局（新闻出版、电影由中央宣传部管理）",
    ),
    _renamed(_DECIDED_IN_2018, "国家监察部", "国家监察委员会"),
    _renamed(
        ("《中华人民共和国监察法》", "2018-03-20"),
        "反贪污贿赂局 反贪局 反渎职侵权局",
        "监察委员会",
        for_readers=False,
    ),
    # bodies of provinces, cities and counties
    _renamed(_LOCAL_BY_2019, "工商行政管理局 工商局", _LOCAL_MARKET),
    _renamed(
        _LOCAL_BY_2019,
        "工商行政管理机关 工商行政管理部门 工商部门",
        "市场监督管理部门",
        for_readers=False,
    ),
    _renamed(_LOCAL_BY_2019, "质量技术监督局 质监局", _LOCAL_MARKET),
    _renamed(_LOCAL_BY_2019, "食品药品监督管理局 食药监局 食药局", _LOCAL_MARKET),
    _renamed(_LOCAL_BY_2019, "国土资源局 国土局", "自然资源局"),
    _renamed(
        _LOCAL_BY_2019,
        "国土资源主管部门 国土资源部门",
        "自然资源主管部门",
        for_readers=False,
    ),
    _renamed(_LOCAL_BY_2019, "环境保护局 环保局", "生态环境局"),
    _renamed(
        _LOCAL_BY_2019,
        "环境保护行政主管部门 环境保护主管部门",
        "生态环境主管部门",
        for_readers=False,
    ),
    _renamed(_LOCAL_BY_2019, "安全生产监督管理局 安监局", "应急管理局"),
    _renamed(
        _LOCAL_BY_2019,
        "卫生和计划生育委员会 卫生和计划生育局 卫计局",
        "卫生健康委员会（局）",
    ),
    _renamed(_TAX_OFFICES, "国家税务局 国税局", "税务局"),
    _renamed(_TAX_OFFICES, "地方税务局 地税局", "税务局"),
    _renamed(
        ("《中华人民共和国消防法》（2019年修正）", "2019-04-23"),
        "公安机关消防机构 公安消防机构 公安消防部门",
        "消防救援机构",
        for_readers=False,
    ),
    _renamed(
        ("《中华人民共和国专利法》（2020年修正）", "2021-06-01"),
        "专利复审委员会 专利复审委",
        "国家知识产权局",
    ),
    # 2023
    _renamed(
        (_DECIDED_IN_2023, "2023-05-18"),
        "中国银行保险监督管理委员会 中国银保监会 银保监会",
        _FINANCE,
    ),
    _renamed((_DECIDED_IN_2023, "2023-07-20"), "银保监局", f"{_FINANCE}的监管局"),
    _renamed(
        (_DECIDED_IN_2023, "2023-03-16"),
        "国务院金融稳定发展委员会 金稳委",
        "中央金融委员会",
    ),
    # institutions of the law
    _renamed(
        ("《城市生活无着的流浪乞讨人员救助管理办法》", "2003-08-01"),
        "收容遣送",
        "救助管理",
        for_readers=False,
    ),
    _renamed(
        ("《全国人民代表大会常务委员会关于废止有关劳动教养法律规定的决定》", "2013-12-28"),
        "劳动教养 劳教所 劳教人员",
        "",
        for_readers=False,
    ),
    _renamed(
        ("《中华人民共和国刑法修正案（九）》", "2015-11-01"),
        "嫖宿幼女罪",
        "强奸罪",
        for_readers=False,
    ),
    _renamed(("《居住证暂行条例》", "2016-01-01"), "暂住证", "居住证", for_readers=False),
    _renamed(
        (
            "《全国人民代表大会常务委员会关于废止有关收容教育法律规定和制度的决定》",
            "2019-12-29",
        ),
        "收容教育",
        "",
        for_readers=False,
    ),
    _renamed(
        ("《中华人民共和国刑法修正案（十一）》", "2021-03-01"),
        "收容教养",
        "专门矫治教育",
        for_readers=False,
    ),
    _renamed(
        (
            "《全国人民代表大会常务委员会关于修改〈中华人民共和国人口与计划生育法〉的决定》",
            "2021-08-20",
        ),
        "社会抚养费",
        "",
        for_readers=False,
    ),
)

_MOST = 10_000  # in one text

_BY_NAME = {name: renaming for renaming in RENAMINGS for name in renaming.names}


class Renamed(NamedTuple):
    """An old name in a text, at character offsets into the text as written, end excluded."""

    start: int
    end: int
    name: str  # as in `Renaming.names`
    successor: str  # on the day asked about: 银监会 became 银保监会, and that another
    renaming: Renaming  # the last one before that day
    for_readers: bool  # not of 怀宁县国土局, a party to a case: which body succeeded it varies


def find_renamed(text: str, on: date) -> list[Renamed]:
    """Return the names in `text` that had ended on a day, in order, where they are slips.

    Asked with today, what a reader should be told; with the day whose law the text states, what
    its author could have known. Titles in 《》 and words in quotation marks are not the author's.
    """
    return list(islice(_find(reading_of(text), on), _MOST))


def _find(reading: Reading, on: date) -> Iterator[Renamed]:
    text = reading.text
    for found in _TOKEN.finditer(text):
        name = found["name"]
        if name is None or _BY_NAME[name].since > on:
            continue
        first, last = _BY_NAME[name], _last(_BY_NAME[name], on)
        start, end = found.span("name")
        if not _is_of_its_time(text, start, end, first.since, last.successor):
            is_local = last.successor.endswith("局") and _OF_ONE_PLACE.search(
                text, max(0, start - 3), start
            )
            for_readers = first.for_readers and not is_local
            yield Renamed(*reading.written(start, end), name, last.successor, last, for_readers)


def _last(renaming: Renaming, on: date) -> Renaming:
    """Follow a name through what became of its successors until that day."""
    following = _BY_NAME.get(renaming.successor)
    return _last(following, on) if following and following.since <= on else renaming


# --- a name and what stands around it --------------------------------------------------------


def _form(name: str) -> str:
    """Return the pattern of a name: not 农业部 in 农业部门, 企业文化部 or 卫生部长."""
    if not name.endswith("部"):
        return name
    before = r"(?<![一-鿿])|(?<=[由经向和与及或对据报])|(?<=国务院)|(?<=国家)|(?<=共和国)"
    is_ambiguous = len(name) <= 3
    return (rf"(?:{before})" if is_ambiguous else "") + rf"{name}(?![门分队落位件长署级])"


_FIRST = "".join(sorted({name[0] for name in _BY_NAME}))
_NAMES = "|".join(_form(name) for name in sorted(_BY_NAME, key=len, reverse=True))
_TOKEN = re.compile(
    rf"{grammar.TITLE}|[“「][^“”「」\n]{{0,1000}}[”」]|(?=[{_FIRST}])(?P<name>{_NAMES})"
)

# 怀宁国土局, 杭州市环保局; but 向环保局, 当地工商局, 市环保局.
_NO_PLACE = "所该本各当级向到去由经在找和与或及地至从被是如叫报让请的为若跟"
_OF_ONE_PLACE = re.compile(rf"[一-鿿](?<![{_NO_PLACE}])(?:[省市县区旗州]|(?<![省市县区旗州]))$")
_REACH = 60  # characters of its sentence on either side
_SENTENCE_END = re.compile(r"[。！？；\n]")
_FORMERLY = re.compile(
    r"(?:(?<![太中还平高草])原(?:来的|有的|）)?|(?<![目当此以之日从])前|时任|当时的|彼时的|旧称|曾称"
    r"|(?:撤销|更名|改革|合并)前的|已(?:经)?(?:撤销|更名|合并)的)(?:中国|国家)?$"
)
_BECAME = re.compile(
    r"[）]?[（，]?(?:现(?:为|称|名|改|更|已)|今(?:为|称)|后(?:更|改|并)|即现在?的?|已(?:经)?(?:更|改|并|撤|不|被|整合|合并)"
    r"|更名|改名|改称|并入|撤销|不再保留|合并|被(?:撤|废|整合)|整合|废止|取消|时期|时代|制度(?:已|被|的?废))"
)
# 银保监会、工信部等部门联合发布的《…》, 银保监会令2020年第9号: who issued a document is a fact.
_ISSUED = re.compile(
    r"(?:办公厅)?(?:令|公告|《|〔|[^。！？；，\n《》]{0,24}(?:发布|印发|公布|颁布|制定|出台|下发|发文|批复))"
)
_YEAR = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:年(?:(?P<month>[0-9]{1,2})月)?|〕)")


def _is_of_its_time(text: str, start: int, end: int, since: date, successor: str) -> bool:
    """Return whether the sentence speaks of the body of then, or says what became of it."""
    before, after = _sentence_around(text, start, end)
    if _FORMERLY.search(before) or _BECAME.match(after) or _ISSUED.match(after):
        return True
    sentence = before + after
    if successor and successor.partition("（")[0] in sentence:
        return True
    return any(_is_earlier(mark, since) for mark in _YEAR.finditer(sentence))


def _sentence_around(text: str, start: int, end: int) -> tuple[str, str]:
    *_, before = _SENTENCE_END.split(text[max(0, start - _REACH) : start])
    after, *_ = _SENTENCE_END.split(text[end : end + _REACH])
    return before, after


def _is_earlier(mark: re.Match[str], since: date) -> bool:
    year, month = int(mark["year"]), int(mark["month"] or 1)
    return (year, month) < (since.year, since.month)
