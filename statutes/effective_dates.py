"""Since when versions have effect, where the loaded sources do not say. Pure.

The national database often gives an amended law the date of its first enactment, so a version
has no date until someone reads the instrument that amended it. For each entry here the
instrument was read, or the order that promulgated it, or what independent registers quote from
it. What could not be verified is left out: unknown is honest, and a wrong date harms.

What has effect 自公布之日 has it on the day by which the version is called; the decisions here
were promulgated on the day they were adopted.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from .aliases import STATE, normalise
from .days import day_in_words

_CONGRESS = "全国人民代表大会"
_STANDING_COMMITTEE = _CONGRESS + "常务委员会"
_COURT = "最高人民法院"
_ARMY_ELECTIONS = "中国人民解放军选举全国人民代表大会和县级以上地方各级人民代表大会代表的办法"


@dataclass(frozen=True)
class KnownDate:
    """A version, by its full title and the day it was promulgated, and its first day in force."""

    title: str
    promulgated_on: date
    effective_from: date
    source: str


def _with_state(laws: str) -> list[str]:
    return [STATE + law for law in laws.split()]


def _by(instrument: str, passed: str, start: str, titles: list[str]) -> Iterator[KnownDate]:
    """What one instrument gives all that it amends; without `start`, its own day."""
    promulgated_on = date.fromisoformat(passed)
    effective_from = date.fromisoformat(start) if start else promulgated_on
    when = f"自{day_in_words(effective_from)}" if start else "自公布之日"
    source = f"《{instrument}》（{day_in_words(promulgated_on)}）：{when}起施行"
    for title in titles:
        yield KnownDate(title, promulgated_on, effective_from, source)


def _decision(
    amends: str, passed: str, start: str = "", laws: str = "", by: str = _STANDING_COMMITTEE
) -> Iterator[KnownDate]:
    """A decision that amends laws. Names are without 中华人民共和国; `laws` are those it amends.

    >>> next(_decision("公司法", "2018-10-26")).source
    '《全国人民代表大会常务委员会关于修改〈中华人民共和国公司法〉的决定》（2018年10月26日）：自公布之日起施行'
    """
    names, many = re.fullmatch(r"(.*?)(等[^等]+部法律)?", amends).groups(default="")
    named = "、".join(f"〈{law}〉" for law in _with_state(names.replace("、", " ")))
    instrument = f"{by}关于修改{named}{many}的决定"
    return _by(instrument, passed, start, _with_state(laws or names.replace("、", " ")))


def _cabinet(regulation: str, passed: str, start: str) -> Iterator[KnownDate]:
    """A decision of the State Council that amends one regulation, named by its full title."""
    return _by(f"国务院关于修改〈{regulation}〉的决定", passed, start, [regulation])


def _by_the_court(amends: str, passed: str, start: str, titles: str) -> Iterator[KnownDate]:
    """A decision of the Supreme People's Court; names are without 最高人民法院关于."""
    about = _COURT + "关于"
    instrument = f"{about}修改〈{about}{amends}的决定"
    return _by(instrument, passed, start, [about + title for title in titles.split()])


def _read() -> Iterator[KnownDate]:
    """What was read, by the day on which it was promulgated."""
    # These say so themselves, in their last article.
    for title, promulgated, start in (
        ("普通高等学校设置暂行条例", "1986-12-15", ""),
        (f"{STATE}民用航空器适航管理条例", "1987-05-04", "1987-06-01"),
        (f"{STATE}尘肺病防治条例", "1987-12-03", ""),
        (f"{STATE}海上航行警告和航行通告管理规定", "1993-01-11", "1993-02-01"),
        ("公安机关适用继续盘问规定", "2004-07-12", "2004-10-01"),
        (f"实施《{STATE}反外国制裁法》的规定", "2025-03-23", ""),
    ):
        yield from _by(title, promulgated, start, [title])
    yield from _decision("全国人民代表大会常务委员会议事规则", "2009-04-24")
    yield from _by(
        f"{_STANDING_COMMITTEE}关于修改部分法律的决定",
        "2009-08-27",
        "",
        _with_state("""
            人民警察警衔条例 人民防空法 全民所有制工业企业法 归侨侨眷权益保护法 教师法
            矿山安全法 矿产资源法 进出境动植物检疫法 集会游行示威法
        """),
    )
    yield from _cabinet("工伤保险条例", "2010-12-20", "2011-01-01")
    yield from _decision("居民身份证法", "2011-10-29", "2012-01-01")
    yield from _decision("人民警察法", "2012-10-26", "2013-01-01")
    yield from _decision("国家赔偿法", "2012-10-26", "2013-01-01")
    yield from _decision("监狱法", "2012-10-26", "2013-01-01")
    yield from _decision("治安管理处罚法", "2012-10-26", "2013-01-01")
    yield from _decision("劳动合同法", "2012-12-28", "2013-07-01")
    yield from _cabinet("信息网络传播权保护条例", "2013-01-30", "2013-03-01")
    yield from _cabinet("计算机软件保护条例", "2013-01-30", "2013-03-01")
    yield from _decision("消费者权益保护法", "2013-10-25", "2014-03-15")
    yield from _decision("保险法等五部法律", "2014-08-31", laws="政府采购法")
    yield from _decision("立法法", "2015-03-15", by=_CONGRESS)
    yield from _decision("计量法等五部法律", "2015-04-24", laws="保险法 烟草专卖法")
    # Of these six laws, only 环境影响评价法 has another day (2016-09-01).
    yield from _decision("节约能源法等六部法律", "2016-07-02", laws="水法 航道法 防洪法")
    yield from _decision("民事诉讼法、行政诉讼法", "2017-06-27", "2017-07-01", laws="行政诉讼法")
    yield from _decision("水污染防治法", "2017-06-27", "2018-01-01")
    yield from _decision(
        "法官法等八部法律", "2017-09-01", "2018-01-01", laws="仲裁法 公证法 律师法 行政复议法"
    )
    yield from _decision(
        "会计法等十一部法律",
        "2017-11-04",
        "2017-11-05",
        laws="会计法 公路法 境外非政府组织境内活动管理法 文物保护法 母婴保健法 海洋环境保护法",
    )
    yield from _decision("招标投标法、计量法", "2017-12-27", "2017-12-28", laws="招标投标法")
    yield from _decision("国境卫生检疫法等六部法律", "2018-04-27", laws="国境卫生检疫法")
    yield from _decision("个人所得税法", "2018-08-31", "2019-01-01")
    yield from _decision("公司法", "2018-10-26")
    yield from _decision("刑事诉讼法", "2018-10-26")
    yield from _decision(
        "野生动物保护法等十五部法律",
        "2018-10-26",
        laws="""
        公共图书馆法 农业机械化促进法 农产品质量安全法 大气污染防治法 妇女权益保障法
        循环经济促进法 旅游法 残疾人保障法 环境保护税法 船舶吨税法 节约能源法 计量法
        野生动物保护法 防沙治沙法
        """,
    )
    yield from _decision(
        "劳动法等七部法律",
        "2018-12-29",
        laws="""
        劳动法 民办教育促进法 环境噪声污染防治法 环境影响评价法 老年人权益保障法
        职业病防治法
        """,
    )
    yield from _decision("产品质量法等五部法律", "2018-12-29", laws="产品质量法 义务教育法 预算法")
    yield from _decision("农村土地承包法", "2018-12-29", "2019-01-01")
    yield from _decision("村民委员会组织法、城市居民委员会组织法", "2018-12-29")
    yield from _by(
        "国务院关于修改部分行政法规的决定",
        "2019-03-02",
        "",
        [
            *_with_state("发票管理办法 国际海运条例 招标投标法实施条例"),
            *_with_state("进出口商品检验法实施条例 道路运输条例"),
            "军人抚恤优待条例",
        ],
    )
    yield from _decision(
        "建筑法等八部法律",
        "2019-04-23",
        laws="反不正当竞争法 城乡规划法 建筑法 电子签名法 行政许可法 车船税法",
    )
    yield from _decision("建筑法等八部法律", "2019-04-23", "2019-11-01", laws="商标法")
    yield from _decision("土地管理法、城市房地产管理法", "2019-08-26", "2020-01-01")
    yield from _by(
        "国务院关于修改和废止部分行政法规的决定",
        "2020-03-27",
        "",
        [f"{STATE}船员条例", "人工影响天气管理条例", "城市供水条例", "护士条例"],
    )
    yield from _decision("专利法", "2020-10-17", "2021-06-01")
    yield from _decision("国徽法", "2020-10-17", "2021-01-01")
    yield from _decision("国旗法", "2020-10-17", "2021-01-01")
    yield from _decision("著作权法", "2020-11-11", "2021-06-01")
    yield from _by(f"{STATE}刑法修正案（十一）", "2020-12-26", "2021-03-01", [f"{STATE}刑法"])
    yield from _by_the_court(
        "在民事审判工作中适用〈中华人民共和国工会法〉若干问题的解释〉等二十七件民事类司法解释",
        "2020-12-29",
        "2021-01-01",
        """
        在审理经济纠纷案件中涉及经济犯罪嫌疑若干问题的规定
        在民事审判工作中适用《中华人民共和国工会法》若干问题的解释
        审理买卖合同纠纷案件适用法律问题的解释
        审理人身损害赔偿案件适用法律若干问题的解释
        审理利用信息网络侵害人身权益民事纠纷案件适用法律若干问题的规定
        审理医疗损害责任纠纷案件适用法律若干问题的解释
        审理商品房买卖合同纠纷案件适用法律若干问题的解释
        审理城镇房屋租赁合同纠纷案件具体应用法律若干问题的解释
        审理建筑物区分所有权纠纷案件适用法律若干问题的解释
        审理旅游纠纷案件适用法律若干问题的规定
        审理民事案件适用诉讼时效制度若干问题的规定
        审理民间借贷案件适用法律若干问题的规定
        审理涉及农村土地承包纠纷案件适用法律问题的解释
        审理涉及农村土地承包经营纠纷调解仲裁案件适用法律若干问题的解释
        审理涉及国有土地使用权合同纠纷案件适用法律问题的解释
        审理物业服务纠纷案件适用法律若干问题的解释
        审理环境侵权责任纠纷案件适用法律若干问题的解释
        审理生态环境损害赔偿案件的若干规定（试行）
        审理矿业权纠纷案件适用法律若干问题的解释
        审理融资租赁合同纠纷案件适用法律问题的解释
        审理道路交通事故损害赔偿案件适用法律若干问题的解释
        审理铁路运输损害赔偿案件若干问题的解释
        确定民事侵权精神损害赔偿责任若干问题的解释
        """,
    )
    yield from _by_the_court(
        "破产企业国有划拨土地使用权应否列入破产财产等问题的批复〉等二十九件商事类司法解释",
        "2020-12-29",
        "2021-01-01",
        """
        审理与企业改制相关的民事纠纷案件若干问题的规定
        审理信用证纠纷案件若干问题的规定
        审理军队、武警部队、政法机关移交、撤销企业和与党政机关脱钩企业相关纠纷案件若干问题的规定
        审理外商投资企业纠纷案件若干问题的规定（一）
        审理存单纠纷案件的若干规定
        审理无正本提单交付货物案件适用法律若干问题的规定
        审理期货纠纷案件若干问题的规定
        审理期货纠纷案件若干问题的规定（二）
        审理海上保险纠纷案件若干问题的规定
        审理海上货运代理纠纷案件若干问题的规定
        审理海事赔偿责任限制相关纠纷案件的若干规定
        审理涉台民商事案件法律适用问题的规定
        审理独立保函纠纷案件若干问题的规定
        审理票据纠纷案件若干问题的规定
        审理船舶油污损害赔偿纠纷案件若干问题的规定
        审理船舶碰撞和触碰案件财产损害赔偿的规定
        审理船舶碰撞纠纷案件若干问题的规定
        适用《中华人民共和国企业破产法》若干问题的规定（三）
        适用《中华人民共和国企业破产法》若干问题的规定（二）
        适用《中华人民共和国保险法》若干问题的解释（三）
        适用《中华人民共和国保险法》若干问题的解释（二）
        适用《中华人民共和国保险法》若干问题的解释（四）
        适用《中华人民共和国公司法》若干问题的规定（五）
        适用《中华人民共和国公司法》若干问题的规定（四）
        适用《中华人民共和国涉外民事关系法律适用法》若干问题的解释（一）
        """,
    )
    yield from _by_the_court(
        "审理侵犯专利权纠纷案件应用法律若干问题的解释（二）〉等十八件知识产权类司法解释",
        "2020-12-29",
        "2021-01-01",
        """
        人民法院对注册商标权进行财产保全的解释
        北京、上海、广州知识产权法院案件管辖的规定
        商标法修改决定施行后商标案件管辖和法律适用问题的解释
        审理不正当竞争民事案件应用法律若干问题的解释
        审理侵害信息网络传播权民事纠纷案件适用法律若干问题的规定
        审理侵害植物新品种权纠纷案件具体应用法律问题的若干规定
        审理侵犯专利权纠纷案件应用法律若干问题的解释（二）
        审理商标授权确权行政案件若干问题的规定
        审理商标案件有关管辖和法律适用范围问题的解释
        审理商标民事纠纷案件适用法律若干问题的解释
        审理因垄断行为引发的民事纠纷案件应用法律若干问题的规定
        审理技术合同纠纷案件适用法律若干问题的解释
        审理植物新品种纠纷案件若干问题的解释
        审理注册商标、企业名称与在先权利冲突的民事纠纷案件若干问题的规定
        审理涉及计算机网络域名民事纠纷案件适用法律若干问题的解释
        审理涉及驰名商标保护的民事纠纷案件应用法律若干问题的解释
        审理著作权民事纠纷案件适用法律若干问题的解释
        """,
    )
    yield from _by_the_court(
        "人民法院民事调解工作若干问题的规定〉等十九件民事诉讼类司法解释",
        "2020-12-29",
        "2021-01-01",
        """
        中国公民申请承认外国法院离婚判决程序问题的规定
        人民法院受理申请承认外国法院离婚判决案件有关问题的规定
        人民法院民事调解工作若干问题的规定
        依据国际公约和双边司法协助条约办理民商事案件司法文书送达和调查取证司法协助请求的规定
        军事法院管辖民事案件若干问题的规定
        审理消费民事公益诉讼案件适用法律若干问题的解释
        审理涉及公证活动相关民事案件的若干规定
        审理环境民事公益诉讼案件适用法律若干问题的解释
        对与证券交易所监管职能相关的诉讼案件管辖与受理问题的规定
        涉外民商事案件诉讼管辖若干问题的规定
        诉讼代理人查阅民事案件材料的规定
        适用《中华人民共和国民事诉讼法》审判监督程序若干问题的解释
        适用《中华人民共和国民事诉讼法》的解释
        适用简易程序审理民事案件的若干规定
        """,
    )
    # Amended at the same meeting, and in none of the other four decisions.
    yield from _by_the_court(
        "人民法院扣押铁路运输货物若干问题的规定〉等十八件执行类司法解释",
        "2020-12-29",
        "2021-01-01",
        """
        人民法院办理执行异议和复议案件若干问题的规定
        人民法院办理财产保全案件若干问题的规定
        人民法院扣押铁路运输货物若干问题的规定
        人民法院执行工作若干问题的规定（试行）
        人民法院民事执行中拍卖、变卖财产的规定
        人民法院民事执行中查封、扣押、冻结财产的规定
        人民法院能否对信用证开证保证金采取冻结和扣划措施问题的规定
        委托执行若干问题的规定
        审理拒不执行判决、裁定刑事案件适用法律若干问题的解释
        执行和解若干问题的规定
        执行担保若干问题的规定
        民事执行中变更、追加当事人若干问题的规定
        民事执行中财产调查若干问题的规定
        适用《中华人民共和国民事诉讼法》执行程序若干问题的解释
        """,
    )
    yield from _decision("全国人民代表大会组织法", "2021-03-11", "2021-03-12", by=_CONGRESS)
    yield from _decision("全国人民代表大会议事规则", "2021-03-11", "2021-03-12", by=_CONGRESS)
    yield from _decision(
        "道路交通安全法等八部法律",
        "2021-04-29",
        laws="""
        广告法 民用航空法 海关法 消防法 草原法 进出口商品检验法 道路交通安全法 食品安全法
        """,
    )
    yield from _decision("教育法", "2021-04-29", "2021-04-30")
    yield from _by(
        f"{_STANDING_COMMITTEE}关于修改〈{_ARMY_ELECTIONS}〉的决定",
        "2021-04-29",
        "2021-04-30",
        [_ARMY_ELECTIONS],
    )
    yield from _decision("安全生产法", "2021-06-10", "2021-09-01")
    yield from _decision("人口与计划生育法", "2021-08-20")
    yield from _decision("审计法", "2021-10-23", "2022-01-01")
    yield from _decision("工会法", "2021-12-24", "2022-01-01")
    yield from _decision("民事诉讼法", "2021-12-24", "2022-01-01")
    yield from _decision("种子法", "2021-12-24", "2022-03-01")
    yield from _decision(
        "地方各级人民代表大会和地方各级人民政府组织法", "2022-03-11", "2022-03-12", by=_CONGRESS
    )
    yield from _decision("全国人民代表大会常务委员会议事规则", "2022-06-24", "2022-06-25")
    yield from _decision("反垄断法", "2022-06-24", "2022-08-01")
    yield from _decision("对外贸易法", "2022-12-30")
    yield from _decision("立法法", "2023-03-13", "2023-03-15", by=_CONGRESS)
    yield from _decision("民事诉讼法", "2023-09-01", "2024-01-01")
    yield from _by(f"{STATE}刑法修正案（十二）", "2023-12-29", "2024-03-01", [f"{STATE}刑法"])
    yield from _decision("慈善法", "2023-12-29", "2024-09-05")
    yield from _decision("农业技术推广法、未成年人保护法、生物安全法", "2024-04-26")
    yield from _decision("会计法", "2024-06-28", "2024-07-01")
    yield from _decision("统计法", "2024-09-13")
    yield from _decision("各级人民代表大会常务委员会监督法", "2024-11-08")
    yield from _cabinet("全国年节及纪念日放假办法", "2024-11-10", "2025-01-01")
    yield from _decision("监察法", "2024-12-25", "2025-06-01")
    yield from _decision(
        "全国人民代表大会和地方各级人民代表大会代表法", "2025-03-11", "2025-03-12", by=_CONGRESS
    )
    yield from _decision("注册会计师法", "2026-06-26", "2027-01-01")


KNOWN_DATES: tuple[KnownDate, ...] = tuple(
    sorted(_read(), key=lambda known: (known.promulgated_on, known.title))
)

_BY_VERSION: Mapping[tuple[str, date], KnownDate] = {
    (normalise(known.title), known.promulgated_on): known for known in KNOWN_DATES
}


def known_date(title: str, promulgated_on: date | None) -> KnownDate | None:
    """Return what is known of this version, called by its full title in whatever width."""
    if promulgated_on is None:
        return None
    return _BY_VERSION.get((normalise(title), promulgated_on))
