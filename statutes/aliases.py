"""The names by which prose calls a statute. Pure.

Most follow from the title by rule: 中华人民共和国民法典 is 民法典; an interpretation is called with
or without the court, with or without 《》 inside, or briefly by the law it applies:
民法典婚姻家庭编解释（一）. The rest, 消法 or 道交法, is a table. Names are compared as `normalise`
leaves them, and a name that could mean two statutes is refused: `assign` says which.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

STATE = "中华人民共和国"

# Titles without 中华人民共和国, as `normalise` leaves them → what else they are called.
ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    # 法律
    "刑事诉讼法": ("刑诉法",),
    "民事诉讼法": ("民诉法",),
    "行政诉讼法": ("行诉法",),
    "治安管理处罚法": ("治安处罚法", "治安法", "治安管理法"),
    "消费者权益保护法": ("消法", "消保法", "消费者保护法"),
    "道路交通安全法": ("道交法", "交通安全法", "道路安全法"),
    "道路交通安全法实施条例": ("道交法实施条例", "道交条例"),
    "机动车交通事故责任强制保险条例": ("交强险条例",),
    "反不正当竞争法": ("反法",),
    "劳动争议调解仲裁法": ("调解仲裁法", "劳动调解仲裁法", "劳动仲裁法"),
    "农村土地承包法": ("土地承包法", "农地承包法"),
    "农村土地承包经营纠纷调解仲裁法": ("农地纠纷仲裁法",),
    "个人信息保护法": ("个保法",),
    "数据安全法": ("数安法",),
    "网络安全法": ("网安法",),
    "妇女权益保障法": ("妇保法",),
    "未成年人保护法": ("未保法", "未成年保护法"),
    "预防未成年人犯罪法": ("预防未成年犯罪法",),
    "老年人权益保障法": ("老年法", "老年权益保障法"),
    "涉外民事关系法律适用法": ("法律适用法", "涉外法律适用法"),
    "城市房地产管理法": ("房地产管理法", "房地产法"),
    "个人所得税法": ("个税法",),
    "企业所得税法": ("企税法",),
    "税收征收管理法": ("税收征管法", "征管法"),
    "公务员法": (),
    "突发事件应对法": ("突发事件法",),
    "反家庭暴力法": ("反家暴法",),
    "反电信网络诈骗法": ("反诈法", "反电诈法"),
    "企业破产法": ("破产法",),
    "合伙企业法": ("合伙法",),
    "证券投资基金法": ("基金法",),
    "银行业监督管理法": ("银监法",),
    "中国人民银行法": ("人民银行法", "央行法"),
    "政府信息公开条例": ("信息公开条例",),
    "海事诉讼特别程序法": ("海诉法",),
    "出境入境管理法": ("出入境管理法",),
    "固体废物污染环境防治法": ("固废法",),
    "劳动合同法实施条例": ("劳动合同条例",),
    "民用航空法": ("航空法",),
    "民法总则": ("民总",),
    "民法通则": ("民通",),
    # 司法解释及有关文件
    "最高人民法院关于适用民法典时间效力的若干规定": ("民法典时间效力规定", "时间效力规定"),
    "最高人民法院关于适用民法典有关担保制度的解释": (
        "民法典担保制度解释",
        "担保制度解释",
        "民法典担保解释",
    ),
    "最高人民法院关于适用民法典合同编通则若干问题的解释": (
        "民法典合同编通则解释",
        "合同编通则解释",
    ),
    "最高人民法院关于审理人身损害赔偿案件适用法律若干问题的解释": (
        "人损解释",
        "人身损害赔偿解释",
        "人身损害赔偿司法解释",
    ),
    "最高人民法院关于确定民事侵权精神损害赔偿责任若干问题的解释": (
        "精神损害赔偿解释",
        "精神损害赔偿司法解释",
    ),
    "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）": (
        "劳动争议解释（一）",
        "劳动争议司法解释（一）",
        "新劳动争议司法解释（一）",
    ),
    "最高人民法院关于审理民间借贷案件适用法律若干问题的规定": (
        "民间借贷规定",
        "民间借贷解释",
        "民间借贷司法解释",
    ),
    "最高人民法院关于审理建设工程施工合同纠纷案件适用法律问题的解释（一）": (
        "建工解释（一）",
        "建设工程解释（一）",
        "建设工程施工合同解释（一）",
        "建设工程施工合同司法解释（一）",
    ),
    "最高人民法院关于审理道路交通事故损害赔偿案件适用法律若干问题的解释": (
        "道交解释",
        "道路交通事故解释",
        "交通事故司法解释",
        "道交司法解释",
        "道路交通事故损害赔偿司法解释",
    ),
    "最高人民法院关于审理商品房买卖合同纠纷案件适用法律若干问题的解释": (
        "商品房买卖合同解释",
        "商品房买卖合同司法解释",
    ),
    "最高人民法院关于审理买卖合同纠纷案件适用法律问题的解释": (
        "买卖合同解释",
        "买卖合同司法解释",
    ),
    "最高人民法院关于民事诉讼证据的若干规定": ("民事证据规定", "民事诉讼证据规定", "证据规定"),
    "最高人民法院关于人民法院执行工作若干问题的规定": ("执行工作规定", "执行规定"),
    "最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定": (
        "查封扣押冻结规定",
        "查扣冻规定",
    ),
    "最高人民法院关于人民法院办理执行异议和复议案件若干问题的规定": (
        "执行异议复议规定",
        "异议复议规定",
    ),
    "最高人民法院关于民事执行中变更、追加当事人若干问题的规定": (
        "变更追加规定",
        "变更追加当事人规定",
    ),
    "最高人民法院关于公布失信被执行人名单信息的若干规定": ("失信被执行人规定", "失信规定"),
    "最高人民法院关于限制被执行人高消费及有关消费的若干规定": ("限制高消费规定", "限高规定"),
    "人民检察院刑事诉讼规则": ("高检规则", "检察院刑事诉讼规则", "刑事诉讼规则"),
    "全国法院民商事审判工作会议纪要": ("九民纪要", "九民会议纪要"),
}

_QUOTES = re.compile(r"[\s《》〈〉<>＜＞“”\"]|&lt;|&gt;")
_TO_FULL_WIDTH = str.maketrans("()", "（）")
_COURT = re.compile(r"(?:最高人民法院|最高人民检察院|公安部|司法部|国家安全部|[、]|等)+(?=关于)")
_TRIAL = re.compile(r"（(?:试行|暂行)）$")
# 关于适用民法典婚姻家庭编的解释（一）, 关于适用公司法若干问题的规定（三）
_APPLIES = re.compile(
    r"关于(?:适用|执行)(?P<law>[一-鿿]{1,20}?法典?[一-鿿]{0,8}?)"
    r"(?:若干问题)?的(?P<form>解释|规定)(?P<part>（[一二三四五六七八九十]{1,3}）)?$"
)
# 关于审理医疗损害责任纠纷案件适用法律若干问题的解释, 关于审理网络消费纠纷案件…的规定（一）
_TRIES = re.compile(
    r"关于审理(?:涉及?|因)?(?P<cases>[一-鿿、]{2,20}?)(?:民事|刑事|行政)?(?P<suit>纠纷)?案件"
    r"(?:具体)?(?:[适应]用法律)?的?(?:若干)?(?:问题)?的?(?:若干)?(?P<form>解释|规定)"
    r"(?P<part>（[一二三四五六七八九十]{1,3}）)?$"
)
_PART_AT_END = re.compile(r"（[一二三四五六七八九十]{1,3}）$")
TELLING = 4  # characters of 买卖合同 in 买卖合同解释: 商标解释, 刑事司法解释 may be any


@dataclass(frozen=True)
class Aliases:
    """Names and the titles they mean; names refused, each with the titles it could mean."""

    titles: Mapping[str, str]
    refused: Mapping[str, tuple[str, ...]]


def normalise(name: str) -> str:
    """Return a name as names are compared: no space, no 《》〈〉, full-width parentheses.

    Two courts are named with 、 between them, as some sources print with space only.
    """
    bare = _QUOTES.sub("", name).translate(_TO_FULL_WIDTH)
    return re.sub(r"(?<=法院)(?=最高人民检察院)|(?<=检察院)(?=最高人民法院|公安部)", "、", bare)


def aliases_of(title: str) -> list[str]:
    """Return the names that the rules and the table give a statute, normalised, its title first.

    >>> aliases_of("中华人民共和国消费者权益保护法")[:3]
    ['中华人民共和国消费者权益保护法', '消费者权益保护法', '消法']
    """
    full = normalise(title)
    short = full.replace(STATE, "") if full.startswith(("最高", STATE)) else full
    names = [full]
    for name in _with_and_without_trial(full, short):
        names.append(name)
        names += ABBREVIATIONS.get(name, ())
        without_court = _COURT.sub("", name)
        names += [without_court, _without_some(name), _without_some(without_court)]
        names += _by_the_law_applied(without_court) + _by_the_cases_tried(without_court)
    return list(dict.fromkeys(name for name in names if name != STATE))


def assign(titles: Iterable[str], ended: Collection[str] = ()) -> Aliases:
    """Return which name means which of these statutes; `ended` are the titles of repealed ones.

    A name claimed by several is refused, unless it is the title of one of them, or only one
    of them has not ended: prose calls the law of today by the short name. Rules on trial go by
    their title alone once the same title stands without （试行）.
    """
    claims: dict[str, list[str]] = defaultdict(list)
    own: dict[str, str] = {}
    for title in dict.fromkeys(titles):
        own.setdefault(normalise(title), title)
    for key, title in own.items():
        is_succeeded = _TRIAL.search(key) and _TRIAL.sub("", key) in own
        for name in aliases_of(title):
            if name == key or (name not in own and not is_succeeded):
                claims[name].append(title)
    meant, refused = {}, {}
    for name, claimed in claims.items():
        living = [title for title in claimed if title not in ended]
        if len(claimed) == 1 or len(living) == 1:
            meant[name] = (living or claimed)[0]
        else:
            refused[name] = tuple(claimed)
    return Aliases(meant, refused)


def counts_anew(title: str, successor: str) -> bool:
    """Return whether an interpretation was replaced by the first of a new series of its name.

    解释 and 解释（二） on labour disputes ended with 解释（一） of 2020. Who names 解释（二） since
    may mean the second of the new series.
    """
    first = _PART_AT_END.sub("", normalise(title)) + "（一）"
    return _without_some(first) == _without_some(normalise(successor))


def _with_and_without_trial(full: str, short: str) -> list[str]:
    """…规定（试行） is cited without （试行） too."""
    return list(dict.fromkeys([short, _TRIAL.sub("", short), _TRIAL.sub("", full)]))


def _without_some(name: str) -> str:
    """适用法律若干问题 and 适用法律问题 are mistaken for each other all the time."""
    return name.replace("若干问题的", "问题的").replace("的若干规定", "的规定")


def _by_the_law_applied(name: str) -> list[str]:
    """民法典婚姻家庭编解释（一）, …司法解释（一）, …解释一; 民诉法解释, 民诉解释."""
    match = _APPLIES.fullmatch(name)
    if match is None:
        return []
    law, form = match["law"], match["form"]
    part = match["part"] or ""
    parts = [part, part.strip("（）")] if part else [""]
    laws = [law, *ABBREVIATIONS.get(law, ())]
    if law.endswith("编"):
        laws.append(law.removeprefix("民法典"))  # 婚姻家庭编解释（一）
    laws += [short.removesuffix("法") for short in laws[1:] if len(short) > 2]
    forms = ["解释", "司法解释"] if form == "解释" or part else ["规定"]
    return [f"{law}{form}{part}" for law in laws for form in forms for part in parts]


def _by_the_cases_tried(name: str) -> list[str]:
    """医疗损害责任解释, 医疗损害责任纠纷司法解释; 网络消费司法解释（一）, …司法解释一."""
    match = _TRIES.fullmatch(name)
    if match is None:
        return []
    cases, part = match["cases"].removesuffix("的").removesuffix("相关"), match["part"] or ""
    if len(cases) < TELLING:
        return []
    forms = ["司法解释", "解释"] if match["form"] == "解释" else ["司法解释"]
    stems = [cases, cases + "纠纷"] if match["suit"] else [cases]
    parts = [part, part.strip("（）")] if part else [""]
    return [f"{stem}{form}{part}" for stem in stems for form in forms for part in parts]
