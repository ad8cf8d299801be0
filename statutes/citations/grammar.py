"""The language of citations: what each piece looks like. Pure.

Patterns are read over `Reading.text`: no space, no markup, half-width digits, full-width
parentheses. Every repetition has a bound, and none can be divided in two ways, so that work grows
with the length of the text and not faster.
"""

import re
from functools import lru_cache

from statutes import numerals

HAN = "[一-鿿]"
# 一百三十三, 133, and the slip l35 with the letter.
NUMBER = rf"(?:{numerals.CHINESE}|[0-9lI][0-9]{{0,4}})"


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.VERBOSE)


# --- the number ----------------------------------------------------------------------------

LIST_MARK = r"(?:、|和|及|以及|或者?|与|暨|，(?=第)|(?<=）)(?=（))"
RANGE_MARK = r"(?:至|到|—{1,2}|[-－–~～])"
_BETWEEN = rf"(?:{LIST_MARK}|{RANGE_MARK})"

# What a bare （二） must be followed by to be an item; else it opens the text quoted, as in
# 第十五条（一）在工作时间….
_AFTER_ITEM = r"(?=[，。、；：）（”的之和及或与至所中\n]|规定|项|$)"

# One step of a locator: 第一百三十三条之一, 第二款, 第（三）项, （三）, 第1目.
STEP = _pattern(
    rf"""
    (?P<ordinal>第)?
    (?P<bracket>（)?(?P<number>{NUMBER})(?(bracket)）)
    (?:
        (?P<unit>条{{1,2}}|款|项|目)            # 条条 is a slip
        (?:(?<=条)之(?P<suffix>{NUMBER})(?![分般切定些旦]))?   # 第六十七条之一般规定
      | (?(bracket){_AFTER_ITEM}|(?!))          # （二）规定
      | (?(ordinal)(?=第{NUMBER}(?P<missing>款|项))|(?!))   # 第302第1款: 条 is missing
      | (?=(?:{_BETWEEN}第?（?{NUMBER}）?){{1,20}}(?P<shared>条|款|项))  # 第一、二条; 第三至五项
    )
    """
)

JOIN = _pattern(rf"(?P<list>{LIST_MARK})|(?P<range>{RANGE_MARK})")

# 《劳动法》第五十工资应当…: only straight after a known title. 第五十届, 第十二次 are none.
ARTICLE_WITHOUT_UNIT = _pattern(
    rf"第(?P<number>{NUMBER})(?![章节编篇部次版届号期个名位份年月日天步方者类种阶层级批分修案])(?={HAN})"
)

# What 第N条 counts when it is no article: 第一条短信, 第一条件, 第二条款.
ORDINAL = _pattern(
    r"款(?![项第，。、；：]|规定)|件|例(?!外)|线|街|路|船|生产|短信|微博|微信|消息|信息|新闻|建议|裂缝"
    r"|评论|视频|动态|回复|留言|弹幕|广告"
)

# --- the name ------------------------------------------------------------------------------

# What a statute can be called by its kind alone, and the kind that is: 该司法解释 is an 解释.
_LAWS = "法典 法律 法"
_OTHERS = """
    条例 办法 规定 司法解释 解释 实施细则 细则 规则 决定 意见 通知 批复 答复 纪要 安排
    通则 总则 公约 修正案
"""
KINDS = frozenset(f"{_LAWS} {_OTHERS}".split())
LOCAL_KINDS = ("条例", "办法", "规定", "细则", "规则")


@lru_cache(maxsize=64)
def kind(noun: str) -> str:
    """Return the noun without what it can be left without: 法典 → 法, 司法解释 → 解释."""
    return "法" if noun.startswith("法") else noun.removeprefix("司法").removeprefix("实施")


def _either(words: str) -> str:
    return "|".join(words.split())


PART = r"（?[一二三四五六七八九十]{1,3}）?"

NOUN_AT_END = _pattern(
    rf"(?P<noun>{_either(_LAWS)}|{_either(_OTHERS)})(?:（[^（）]{{1,8}}）|{PART})?$"
)
PART_AT_END = _pattern(rf"{PART}$")
NUMBERED_NOUN = _pattern(rf"(?:司法)?解释(?P<part>{PART})$")
COURT = _pattern("最高人民法院|最高人民检察院")
PLACE_NAME = _pattern(rf"{HAN}{{1,8}}(?:省|市|县|自治[区州县]|特区|开发区)")

# 法 at the end of a word of its own: not 公司法人, 公司法务, 劳动法律, 方法, 司法, 管理法规, 法定.
_LAW = r"(?<![方办依执违合非枉守普])(?<!(?<!公)司)法(?![人律院官庭学定制治理令警务])(?!规(?!定))"

# What a title in 《》 or a bare name is told by.
TITLE = r"《(?P<title>[^《》\n]{1,160}(?:《[^《》\n]{1,80}》[^《》\n]{0,80}){0,2})》"

# 《公司法司法解释》（三）第五条, whose part stands outside the brackets
PART_OUTSIDE = _pattern(
    rf"(?<=(?:解释|规定|意见)》)（[一二三四五六七八九十]{{1,3}}）(?=[的之中]{{0,2}}第{NUMBER}条)"
)

# 《民法典第五百零九条》
NUMBER_WITHIN = _pattern(rf"第{NUMBER}条")

# Between a title and its number: （以下简称《安排》）（法释〔2020〕26号）, but not （第八条）.
ASIDE = _pattern(
    rf"(?:（(?![^（）]{{0,40}}第{NUMBER}条)(?:[^（）\n]|（[^（）\n]{{0,40}}）){{1,100}}）){{0,3}}"
)

# 》的第五条, 中的第, 人格权编第997条, 分则第九章第, 》第三章渎职罪第
GLUE = _pattern(
    rf"""
    [”’」』》〉]{{0,2}} (?:\|(?!\n))? [，：]? \n?   # | 《民法典》 | 第五条 |
    (?:(?:其|之|当)?中|里|上)?的?
    (?:
        第{NUMBER}(?:编|分编|章|节)[^，。；、：（）《》“”\n第编]{{0,15}}  # 第九章渎职罪
      | [^，。；、：（）《》“”\n第编则]{{0,10}}(?:编|分则|总则|附则|通则)   # 人格权编, 分则
    ){{0,4}}
    (?:(?:之|当)?中的?|里的?|的|之)?
    （?
    """
)

# （2018修正）, （2018年10月26日修正）, （2021年版）
VERSION = _pattern(
    r"（(?P<year>(?:19|20)\d\d)年?(?:\d{1,2}月(?:\d{1,2}日)?)?(?:第[一二三四五六七八九]次)?"
    r"(?:修正|修订|修改|公布|制定|通过|版|文本|施行)?(?:案|版|文本|本)?）"
)

# 《公司法》2018年版第十六条, 《公司法》2018修正第十六条; straight after a title.
VERSION_AFTER = _pattern(
    r"(?P<year>(?:19|20)\d\d)年?(?:(?:修正|修订|修改)?(?:版|文本|本)|修正|修订|(?<=年))的?(?=第)"
)

# 2018年修正的《公司法》, 2018年版公司法, 2018年的公司法, 2018公司法, 18年公司法, 97刑法;
# 2021年1月1日起施行的 tells no version.
VERSION_BEFORE = _pattern(
    r"(?P<year>(?:19|20)\d\d)"
    r"(?:年?(?:(?:\d{1,2}月(?:\d{1,2}日)?)?新?(?:修正|修订|修改)(?:[之以]?[前后])?|版)的?，?|年的?)?$"
    r"|(?<![0-9])(?P<short>[7-9][0-9]年?版?的?|[012][0-9]年版?的?)$"
)
# 2013年1月1日起施行的《治安管理处罚法》
IN_FORCE_SINCE = _pattern(
    r"(?P<year>(?:19|20)\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日起?(?:开始|正式)?"
    r"(?:施行|实施|生效)的$"
)
# 旧公司法, 2023年修订前的《公司法》, 公司法（修订前）, 2024年7月1日前的公司法, 以前的公司法;
# 新公司法, 新修订的《公司法》, 修订后的公司法; 当时有效的《公司法》, 案发时的《公司法》
_FORMER = (
    r"(?:(?<![还复太中草高平])原|(?<!新)(?<!仍)(?<!依)(?<![^依]照)(?<![陈破])旧|(?<![养敬尊古新])老"
    r"|上一)版?|(?:修正|修订|修改|废止)[之以]?前"
    r"|(?:曾经|已经?(?:被(?:修正|修订|修改)|被?废止|失效))(?=的)|(?:[年月日][之以]?前|以前|先前|从前|此前|之前|过去)(?=的)"
)
_NEWEST = r"(?<![创更革刷翻])新(?:修正|修订|修改|版)?|(?:修正|修订|修改)[之以]?后"
_HELD = "(?:有效|施行|实施|适用|生效|执行)"
# 事故发生时，《道路交通安全法》第七十条 is said of any accident; 事故发生时的 of one.
_THEN = (
    rf"(?:(?:当时|彼时|案发时|事发时)(?:的|仍|还|正|所)?{_HELD}?"
    rf"|(?:行为|发生|签约|订立|签订|立案|处罚|判决|审理)时(?:仍|还|正|所)?{_HELD}?(?=[的）]))"
)
_EDITION = rf"(?:(?P<former>{_FORMER})|(?P<newest>{_NEWEST})|(?P<then>{_THEN}))"
EDITION_BEFORE = _pattern(rf"{_EDITION}的?）?(?:(?<=[前后时])，)?$")
EDITION = _pattern(rf"（{_EDITION}的?[法版]?）")
VERSION_BEFORE_ENDS = tuple("正订改版的年原旧老前新后时效行施用），0123456789")
# 第十六条（2018年）, 第十六条（旧法）, 第十六条（已修改）; straight after a number.
VERSION_OF_NUMBER = _pattern(
    rf"{VERSION.pattern}|{EDITION.pattern}"
    r"|（(?P<earlier>现?已经?被?(?:修正|修订|修改|废止|失效|删除|调整))）"
)

# 现行《公司法》, 目前的公司法: whenever its facts were; straight before a name.
TODAY = _pattern(r"(?:现行|现在|目前|如今|当前|今天|现)有?效?的?$")

# （原婚姻法第三十二条、收养法第六条）, which do not take over from the law before.
OPENED_BEFORE = _pattern(r"（[^（）。；：\n]{0,60}$")
CLOSED_AFTER = _pattern(r"[^（）。；：\n]{0,60}）")

# 现行法第四十二条: of the law of the day, be a newer one announced; straight before a number.
IN_FORCE = ("现行", "现行的", "现行法", "现行法的", "现行法律", "现行法律的")

# From 第四十二条 to 第五十条 in 第四十二条（现为第五十条）.
SAME_CLAUSE = _pattern(r"[^。；！？\n]{0,30}")

# 旧法第四十二条, 修订后为第五十条, 现为第五十条: a number of the law spoken of, in another text
# than the number before; straight before a number.
_MADE = "修正|修订|修改"
EDITION_OF_NUMBER = _pattern(
    rf"""
    (?: (?P<former> (?:{_FORMER})法? | (?:{_MADE})前的?法律?)
      | (?P<then> {_THEN}的?法律?)
      | (?P<newest> (?:{_NEWEST})法? | (?:{_MADE})后的?法律?
          | 现行法律? | (?P<moved> [之此其]?后(?=[为是]) | (?<![发出体实呈展表涌])[现今][已在]?为?
              | (?:调整|变更|修改|顺延|改|变|移)[为至到]))
    )
    (?:[的为是即]|规定在|规定于)?$
    """
)

# 〔2020〕17号, [2019]254号, （2015）第16号司法解释, 令第174号, whose issuer stands before; not the
# number of a case: （2007）朝民初字第18230号.
_DOCUMENT_NUMBER = (
    r"(?:[〔\[【（](?:19|20)\d\d[〕\]】）]第?\d{1,5}号(?:司法解释)?"
    r"|(?:令|公告)(?:(?:19|20)\d\d年)?第?\d{1,4}号)"
)
DOCUMENT_NUMBER = _pattern(_DOCUMENT_NUMBER)
YEAR_OF_NUMBER = _pattern(r"(?:19|20)\d\d(?=[〕\]】）年])")

# （以下简称《安排》）, （以下简称“人格权解释”）, （下称民法典）, and the title before it.
DEFINITION = _pattern(
    rf"""
    {TITLE}
    (?:（[^（）\n]{{1,60}}）)?
    (?:（(?:[^（）\n]{{1,60}}[，；、])?|，)           # （法释〔2020〕22号，以下简称…）
    (?:以下|下)?(?:统|均)?(?:简称|称)为?
    [“《‘「]?(?P<short>[^“”《》‘’「」（）\n，。、]{{1,30}}(?:（[^（）\n]{{1,4}}）)?)[”》’」]?
    """
)

# 《民法典（草案）》, 公司法修订草案第六条: what was never law.
DRAFT = _pattern("草案|征求意见稿|送审稿|审议稿|讨论稿|建议稿")

# What a year is told with if the law was amended in it, and not only in force.
AMENDED = _pattern("修正|修订|修改")
# The head of a column of a table: 旧法, 原婚姻法, 旧公司法条文, 修订前, 2018年《公司法》, 新法;
# 新旧对照 is of both, 原告主张, 原因, 草原法, 老年人权益保障法 and 2023年数据 are of neither.
_OF_LAW = r"(?:(?<![方做说执])(?<!(?<!公)司)法|条例|规定|解释)(?:条文|内容|原文)?）?$"
_OLD_ONE = (
    r"(?:(?<![还复太中草高平])原(?!子能)|旧|(?<![养敬尊古])老(?!年))"
    rf"(?=$|[条版规《）]|法(?![院人定])|文本|(?![告因则审理])[^|]{{1,8}}{_OF_LAW})"
)
_DATED = rf"(?:19|20)\d\d(?=年?(?:$|[版修）《]|文本|[^|]{{0,8}}{_OF_LAW}))"
HEAD_OF_COLUMN = _pattern(
    rf"^[^新旧]{{0,12}}?(?:(?P<year>{_DATED})(?!年?[^|]{{0,4}}[前后])"
    rf"|(?P<former>{_OLD_ONE}|修[正订改][之以]?前)"
    r"|(?P<newest>新|现行|现|修[正订改][之以]?后))[^新旧]{0,12}$"
)

# What ends before a name begins: a sign, 根据, 违反了, 的.
_BEFORE_NAME = r"""
    [^一-鿿（）〔〕0-9]
    | (?=[根依按遵参比适违符触援引属构认承实如基对以及因所其了的即据将仅于为由我现有修新]) (?:
        根据 | 依据 | 依照 | 按照 | 遵照 | 参照 | 比照 | 适用 | 违反 | 符合 | 触犯 | 援引 | 引用
        | 遵守 | 属于 | 构成 | 认定为? | 承担 | 实施(?!细则|办法|条例) | 如无 | 基于 | 对于
        | 以及 | 及其 | 因此 | 因而 | 所以 | 其中
        | 了 | 的 | 即 | 按 | 据 | 依(?!法)
        | 以 | 将 | 仅 | (?<!关)于 | 对(?!外) | (?<!行)为 | (?<!自)由
        | 我国 | 现行 | 有效 | (?:修改|修订|修正)[后前] | 新修[订改正]
    )
"""
LAST_BEFORE_NAME = _pattern(rf"[\s\S]{{0,100}}(?:{_BEFORE_NAME})")
# 《市场监督管理总局类中的食品生产经营监督检查管理办法》
MISPLACED_SUBJECT = _pattern(r"[^《》〈〉]{2,12}类中的")
# A name that no list has, straight before a number: 婚姻法, 杭州市物业管理条例, 关于…的司法解释.
UNKNOWN_NAME = _pattern(
    rf"""
    (?:最高人民法院|最高人民检察院|两高)?
    关于[^，。；：《》“”\n]{{4,80}}(?:解释|规定|意见|批复)(?:{PART})?
    | {HAN}{{1,30}}(?:{_LAW}典?|条例|办法|细则|规则|通则|总则|解释(?:{PART})?)
    """
)

# --- words that stand for a name -------------------------------------------------------------

_NOUN = rf"法典|法(?![律院人官定规学])|{_either(_OTHERS)}"
SELF = rf"本(?P<self>{_NOUN})"
THAT = rf"(?:该|此|这部|同一部|上述|前述|(?<![合不相共])同)(?P<that>法律(?=第)|{_NOUN})"

# 劳动合同法及其实施条例, 该法实施细则, 民事诉讼法和相关司法解释: named by the law it belongs to.
DERIVED = _pattern(
    rf"(?:及|和|与|其|[该本同此]法)(?:其|相关|有关|配套|的){{0,3}}"
    rf"(?P<noun>实施(?:条例|细则|办法)|司法解释(?:{PART})?)$"
)

# --- what is no statute ----------------------------------------------------------------------

_CONTRACTS = (
    "合同|合同书|协议|协议书|条款|章程|手册|规约|责任书|保单|保险单|约定书?|承诺书|意向书|备忘录|须知|守则"
    "|遗嘱|(?:业主|管理|村民|居民)公约|乡规民约|村规民约"
)
_PAPERS = (
    "判决书?|裁定书?|调解书|裁决书?|通知书|告知书|同意书|决定书|认定书|保证书|计划书|说明书|标书|订单"
    "|(?:许可|产权|房产|使用|登记|资格)证|声明|清单|函|借条|欠条|收条|报告|方案"
)
_EDITION = r"(?:（[^（）\n]{0,20}）)?版?"  # 《机动车辆保险条款（2009）版》
CONTRACT_TITLE = _pattern(rf"(?:{_CONTRACTS}){_EDITION}$")
PAPER_TITLE = _pattern(rf"(?:{_PAPERS}){_EDITION}$")
# 合同第十二条, 该协议中的第3条, 保险条款附件一第三条, 合同约定第三条; straight before the number.
CLAUSE = _pattern(
    rf"(?:{_CONTRACTS}|{_PAPERS})[》”]?{_EDITION}(?:附件{PART})?"
    rf"(?:第{NUMBER}[编章节])?(?:(?:之)?中|里)?的?约?定?的?\Z"
    r"|(?:合同|协议|章程|条款)书?[之其]?[中里内]，\Z"
    rf"|(?:{DRAFT.pattern})）?》?的?\Z"
    rf"|(?:合同|协议)书?[^。；《》\n]{{0,12}}(?:约定|载明|写明|其中)[^。；《》\n]{{0,3}}\Z"
)
# 第三条还约定; straight after the number.
STIPULATED = _pattern(r"[的中还也亦又明确就已所之]{0,4}约定")

# --- what follows a number ---------------------------------------------------------------------

# 规定, 之规定, 的: the sentence goes on about the provision. Any other words are its text.
_TELLS = """
    规定 载明 指出 明确 确立 作出 蕴含 体现 追究 说 讲 提到 写明 写得 写了 列出 列举 列了 给了 给出
    告诉 区分 指向
"""
TOLD = _pattern(
    rf"""
    [的之，。、；）”》和及与或更又把] | 至 | 等 | $
    | (?:明确|首次|专门|还|也|都|亦|已|均|分别|所|中|里|已经|就此)?(?:{_either(_TELLS)})
    | [中里所] (?!介|央|国|华|外|有|得|称) | 来(?!源) | 是 | 为(?:由|准|据|依据) | 以来 | 关于
    | 还 | 也
    | (?:对|就|用)[^。\n]{{1,60}}(?:作了|作出|进行了?|做了|予以)[^。\n]{{0,12}}规定
    """
)
# A law named alone takes over in 根据《…》, 《…》规定：, 《…解释》：.
ANNOUNCES = _pattern(r"[”》]?的?(?:相关|有关)?规定[：，]|：|如下")
NAME_ENDS = _pattern(r"\n|\|(?!\n)")  # a line, a cell of a table before another
ACCORDING_TO = ("根据", "依据", "依照", "按照")
# In 《》 and on no list, this is a law all the same.
SURELY_LAW = ("法", "条例", "法典")

# --- the whole ---------------------------------------------------------------------------------

# Most characters begin none of these, and are passed over at once.
_BEGINS = r"《〔\[【（令第0-9本该此这同上前“”「」" + "".join(sorted({word[0] for word in KINDS}))

TOKEN = _pattern(
    rf"""
    (?=[{_BEGINS}]) (?:
    {TITLE}
    | (?P<document>{_DOCUMENT_NUMBER})
    | (?P<article>第(?={NUMBER})  # and 民法典1032条, 民法典1032、1033条
        | (?<=[法典例定释则》）])(?=(?:[0-9]{{1,4}}[、和及至-]){{0,20}}[0-9]{{1,4}}条))
    | {SELF}
    | {THAT}
    | (?P<kind>{_LAW}(?:典(?![型礼故范当]))?|(?:{_either(_OTHERS)})(?:{PART})?)
    | (?P<open>[“「])
    | (?P<close>[”」]))
    """
)
