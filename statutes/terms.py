"""Chinese text → the words it is made of. Pure: no Django.

The one place that knows the segmenter (rjieba, jieba's dictionary and algorithm).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from operator import add

import rjieba

from statutes import traditional
from statutes.aliases import ABBREVIATIONS

# Words that say nothing of what a text is about: function words, and those that every
# article on law uses.
STOP_WORDS = frozenset(
    """
    一个 一些 一定 一方 一般 一旦 一种 一次 一样 一份 一条 上述 下列 不同 不得 不是 不能 不会 不要
    不过 不仅 两个 中国 主要 之一 之后 之前 之间 也是 也要 了解 事情 什么 仍然 今天 他们 以上 以下
    以及 以后 任何 任何人 但是 你们 使用 依据 依法 依照 保留 保护 做出 作为 作出 例如 先看 关于
    其中 其他 其它 具体 具有 内容 再次 几个 几种 出现 分别 判断 制定 办法 包括 却是 原则 原因 双方
    发生 发现 另一方 只有 只是 只要 可以 可能 各自 同意 同时 后果 否则 告诉 哪个 哪些 哪里 哪怕
    因为 因此 处理 多数 多次 大家 大多 如下 如何 如果 如有 它们 完全 实际 实践 对于 对方 将会 尤其
    属于 已经 常常 常见 应当 应该 建议 引起 当事人 当时 影响 很多 必须 怎么 怎么办 怎样 情况 情形
    想要 意味着 意见 成为 我们 或者 所以 所有 所谓 手续 打算 支持 放在 方式 方法 无法 时候 是否
    是不是 更多 最后 最好 最高 有关 有些 有的 有权 有没有 本文 本法 条件 条文 根据 案件 正常 此外
    步骤 每个 比如 毕竟 没有 法律 法律法规 法院 注意 涉及 清楚 点击 然后 特别 现在 理由 由于 的话
    目前 直接 相关 相应 相当于 看到 看看 真的 知道 确实 确认 确定 第一 第一步 第三 第二 第四 等等
    签订 算是 能否 自己 自然 至少 行为 规定 解释 计算 认为 认定 讨论 证明 许多 该当 详细 说明 起来
    超过 过程 还有 还是 进行 这个 这些 这种 这里 这样 这类 通常 通过 遇到 那么 部分 都会 重要 问题
    除非 随时 需要 非常 项目 首先 中华人民共和国 人民法院 律师 法条 规则 事实 时间 日期 今年 开始
    结果 要求 提出 提供 提醒 收到 处罚法 司法解释 第一款 主张 请求 做法 说法 办理 负责 关系 人民
    国家 多少 写明 怎么样 为何
    """.split()
)

_HAS_CHINESE = re.compile(r"[㐀-䶿一-鿿]")
_NUMBER = re.compile(r"[第零〇一二三四五六七八九十百千万两\d]+[条款项章节年月日天元个次倍种份步]?$")


def segment(text: str) -> list[str]:
    """Return the text cut into words; joined they give the text back."""
    return rjieba.cut(text)


def known_words(text: str) -> list[str]:
    """Return the text cut into words that the dictionary has; what is none falls apart.

    >>> known_words("民间借袋利息")
    ['民间', '借', '袋', '利息']
    """
    return _jieba.cut(text, False)


def words(text: str) -> list[str]:
    """Return the words that tell what a text is about, in order, repeats included.

    Words of two or more characters; no stop words, no numbers, no punctuation.
    """
    return telling(segment(text))


def telling(segments: Iterable[str]) -> list[str]:
    """Return the `words` of a text that is cut already."""
    return [word for word in map(str.strip, segments) if _tells(word)]


@lru_cache(maxsize=50_000)
def _tells(word: str) -> bool:
    if len(word) < 2 or word in STOP_WORDS or _NUMBER.match(word):
        return False
    return bool(_HAS_CHINESE.search(word)) or word.isalnum()


# --- Words for the index -------------------------------------------------------------

SEAM = 0.15  # weight of 贷逾 in 网贷逾期
SEAM_OF_SINGLES = 0.5  # of 法网 beside 网|贷: a character left alone often belongs to its neighbour
LONGEST_WORD = 24  # characters of a word that is looked up as one
# What lay people write and the dictionary does not know, or cuts: 网贷 is 网 and 贷 to it.
LAY_WORDS = """
    网贷 醉驾 酒驾 毒驾 征信 彩礼 五险一金 辞退 劝退 背调 试用期 工伤 社保 医保 公积金
    房贷 车贷 首付 物业费 维权 家暴 冷暴力 净身出户 探视权 抚养权 抚养费 赡养费 法拍房
    二手房 学区房 小产权房 老赖 失信人 限高 裸贷 套路贷 砍头息 高利贷 借条 欠条 收条 逾期
    催收 爆通讯录 呼死你 网暴 人肉搜索 电信诈骗 杀猪盘 帮信罪 掩隐罪 拘留所 看守所 取保候审
    监视居住 假释 缓刑 保外就医 案底 前科 撤案 报案 立案 仲裁 劳动仲裁 调岗 降薪 加班费
    年终奖 竞业限制 N+1 经济补偿金 双倍工资 违约金 定金 订金 押金 中介费 货款 尾款 股权
    股东 挂靠 挂名 法人 代持 加盟费 退一赔三 假一赔十 碰瓷 肇事逃逸 追尾 闯红灯 酒后驾驶
    无证驾驶 交强险 商业险 误工费 护理费 伤残鉴定 伤残等级 宅基地 拆迁 征地 承包地
""".split()

_jieba = rjieba.Jieba()
for _word in [*ABBREVIATIONS, *chain(*ABBREVIATIONS.values()), *LAY_WORDS]:
    if len(_word) <= LONGEST_WORD:
        _jieba.add_word(_word, _jieba.suggest_freq(_word), "n")

_RUN = re.compile(r"[㐀-䶿一-鿿〇]+|[a-z0-9]+(?:[.+-][a-z0-9]+)*")


# What `plain` would change, small letters and punctuation apart: full width, ligatures,
# traditional characters.
_NOT_PLAIN = re.compile(
    f"[\u2e80-\u2fdf\u3200-\u33ff\uf900-\ufaff\uff0b\uff0d\uff0e\uff10-\uff19\uff1c-\uff1e\uff20-\uff5a{traditional.CHARACTERS}]"
)


def plain(text: str) -> str:
    """Return a text as it is searched: one width, small letters, simplified characters."""
    return traditional.simplify(unicodedata.normalize("NFKC", text).lower())


def searchable(text: str) -> str:
    """Return a text as `plain` leaves it, but for punctuation, which is in no word.

    Most texts are plain already, and take a thirtieth of the time.
    """
    return plain(text) if _NOT_PLAIN.search(text) else text.lower()


def index_words(text: str) -> list[str]:
    """Return all by which a text can be found, repeats included.

    Every two neighbouring characters of a Chinese run, whatever the segmenter makes of them, so
    that none of its slips hides a word; beside them the longer words of search mode; words of
    letters and digits as they stand.

    >>> index_words("网贷逾期")
    ['网贷', '贷逾', '逾期']
    """
    text = searchable(text)
    found: list[str] = []
    for run in _RUN.findall(text):
        if run[0] < "\u3000":
            found.append(run[:LONGEST_WORD])
        else:
            found += map(add, run, run[1:]) if len(run) > 1 else [run]
    found += [word for word in _jieba.cut_for_search(text) if len(word) > 2 and word > "\u3000"]
    return found


def query_words(text: str) -> dict[str, float]:
    """Return what to look for, in order of the text, each with how much it is a word: 0–1.

    A word is 1; a pair of characters across the seam of two words is less: it only counts
    where the segmenter slipped, or where the order of two words matters.
    """
    weights: dict[str, float] = {}
    for run in _RUN.findall(plain(text)):
        if run[0] < "\u3000":
            weights.setdefault(run[:LONGEST_WORD], 1.0)
            continue
        if len(run) == 1:
            weights.setdefault(run, 1.0)
            continue
        segments = _jieba.cut(run)
        whole = {word for word in _jieba.cut_for_search(run) if len(word) > 1}
        single = _singles(segments)
        for start in range(len(run) - 1):
            pair = run[start : start + 2]
            if pair in whole:
                weight = 1.0
            else:
                weight = SEAM_OF_SINGLES if single[start] or single[start + 1] else SEAM
            weights[pair] = max(weight, weights.get(pair, 0.0))
        for word in whole:
            if len(word) > 2:
                weights[word] = 1.0
    return weights


def _singles(segments: Iterable[str]) -> list[bool]:
    """Return for each character whether the segmenter left it alone."""
    return [len(word) == 1 for word in segments for _ in word]
