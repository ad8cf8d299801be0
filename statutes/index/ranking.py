"""What the words of a question weigh. Pure: no Django.

The engine adds up, for each document, BM25 times the weight of each term it has. Here is decided
which words of a question are asked for at all, and with what weight.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from statutes.lay_words import ByLongestPart
from statutes.terms import STOP_WORDS, plain, query_words

# What people say around their question, whatever it is about.
FILLERS = STOP_WORDS | frozenset(
    """
    我们 他们 你们 自己 现在 之前 以前 以后 当时 就是 但是 没有 一直 因为 所以 这个 那个 这样
    那样 什么 怎么 怎样 如何 为什么 什么时候 时候 知道 觉得 认为 想要 想问 请问 咨询 问一下 问下
    一下 这种 那种 今年 去年 明年 今天 昨天 明天 一个 一次 一年 两年 三年 半年 几个 多少 可以
    能不能 是不是 有没有 可不可以 应该 需要 还是 或者 如果 的话 而且 不过 只是 只有 还有 已经
    刚刚 然后 后来 结果 于是 最后 最近 目前 其实 真的 非常 比较 大概 左右 问题 情况 事情 东西
    方面 关于 对于 根据 按照 通过 进行 发生 出现 开始 继续 希望 打算 准备 可能 一定 必须 不能
    不会 不是 不要 不想 不了 不到 会不会 要不要 算不算 属于 办法 处理 怎么办 解决 帮忙 谢谢 你好
    您好 律师 法律 规定 合法 违法 合理 责任 权利 有权 相关 具体 主要 一般 其他 另外 别人 对方
    人家 有人 某某 小明 小红 小李 小王 朋友 家里 一起 一样 同意 要求 说明 告诉 联系 找到 拿到
    看到 听说 发现 因此 由于 虽然 即使 以及 并且 或是 直接 马上 赶紧 到底 究竟 反正 总之 至今
    至于
    """.split()
)
FILLER_WEIGHT = 0.1
NUMBER_WEIGHT = 0.3  # of 2013 or 15000: what happened to one person
LONG_WEIGHT = 0.6  # of 劳动合同: 劳动 and 合同, which it is made of, are asked for as well

MOST_WORDS = 40  # of one question: the rest of a long story says little and costs time
TOO_COMMON = 0.35  # share of documents beyond which a word tells nothing,
COMMON_WEIGHT = 0.05  # or nearly


def asked(question: str) -> dict[str, float]:
    """Return the words of a question with what each tells of what it is about: 0–1.

    Fillers and numbers tell little, but are not lost: there may be nothing else.
    """
    words = query_words(question)
    for word in words:
        if word in FILLERS:
            words[word] *= FILLER_WEIGHT
        elif word.replace(".", "").isdigit():
            words[word] *= NUMBER_WEIGHT
        elif len(word) > 2 and word > "\u3000":
            words[word] *= LONG_WEIGHT
    return words


def weigh(
    words: Mapping[str, float], frequencies: Mapping[str, int], size: int, most: int = MOST_WORDS
) -> dict[str, float]:
    """Return the words worth asking for, weightiest first, with their weights.

    `words`: how much each tells, as `asked` has it; `frequencies`: how many of the `size`
    documents have it. Words that no document has are left out, and of many the least telling.
    """
    weighed = {}
    for word, weight in words.items():
        frequency = frequencies.get(word, 0)
        if frequency:
            is_common = frequency > TOO_COMMON * size and len(words) > 1
            weighed[word] = weight * (COMMON_WEIGHT if is_common else 1.0)
    telling = sorted(weighed, key=lambda word: -weighed[word] * idf(frequencies[word], size))
    return {word: weighed[word] for word in telling[:most]}


def affordable(
    weights: Mapping[str, float], frequencies: Mapping[str, int], documents: int
) -> dict[str, float]:
    """Return the weightiest words that no more than so many documents have, added up.

    The first at least. What the index takes for a question is bounded so, however many documents
    there are: of more, rarer words suffice.

    >>> affordable({"押金": 1.0, "合同": 0.5, "门锁": 0.2}, {"押金": 9, "合同": 99, "门锁": 1}, 10)
    {'押金': 1.0, '门锁': 0.2}
    """
    chosen: dict[str, float] = {}
    left = documents
    for word, weight in weights.items():
        if frequencies[word] <= left or not chosen:
            chosen[word] = weight
            left -= frequencies[word]
    return chosen


def idf(frequency: int, size: int) -> float:
    """Return how telling a word is that `frequency` of `size` documents have, as BM25 has it."""
    return math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))


# --- A closer look at what was found ----------------------------------------------------

LENGTH_COUNTS = 0.85  # 0: a long text may have the words anywhere; 1: in proportion
USUAL_LENGTH = 600  # characters
SHORT_LENGTH = 200  # below which a text is not better for being shorter
RARITY_COUNTS = 0.6  # of the question's words: 1 would let the one rarest decide for all


def shares(weights: Mapping[str, float], frequencies: Mapping[str, int], size: int):
    """Return which share of a question each of its words is: what it tells, and how rare it is.

    >>> shares({"押金": 1.0, "房东": 1.0}, {"押金": 5, "房东": 5}, 100)
    {'押金': 0.5, '房东': 0.5}
    """
    telling = {
        word: weight * idf(frequencies[word], size) ** RARITY_COUNTS
        for word, weight in weights.items()
    }
    total = sum(telling.values()) or 1.0
    return {word: told / total for word, told in telling.items()}


def said(text: str, shares: Mapping[str, float]) -> float:
    """Return how much of a question a text says, 0–1.

    That a text repeats one word does not make it an answer; that it has the others does.
    """
    found = 0.0
    for word, share in shares.items():
        if word in text:
            found += share
    return found


def covered(text: str, shares: Mapping[str, float], in_lead: float = 0.0, lead: int = 0) -> float:
    """Return how much of a question a text says, for its length; about 0–1.

    What it says in its first `lead` characters counts `in_lead` besides, whatever its length.
    """
    found = at_once = 0.0
    for word, share in shares.items():
        place = text.find(word)
        if place >= 0:
            found += share
            if place + len(word) <= lead:
                at_once += share
    length = max(len(text), SHORT_LENGTH) / USUAL_LENGTH
    return found / (1 - LENGTH_COUNTS + LENGTH_COUNTS * length) + in_lead * at_once


# --- From what people say to what the law says ----------------------------------------

MEANT = 0.8  # weight of a word of the law that stands for what was said,
SAID_BY_LAW = 0.6  # times this where the law says that itself, so that it is found without
MEANT_IN_ALL = 12  # words of one meaning that count in full; of a longer one each counts less
LEAST_SPECIFIC = 0.5  # of one character; each further one of what was said makes it surer by
MORE_SPECIFIC = 0.1


def meant(
    question: str, meanings: ByLongestPart, is_of_law: Callable[[str], bool] = lambda said: False
) -> dict[str, float]:
    """Return the words of the law that a question means without saying them, with weights.

    `is_of_law` tells whether something said is a word of the law already.

    >>> meant("老板跑了", {2: {"老板": {("老板",): ("用人单位",)}}})["用人单位"] > 0.5
    True
    """
    said = plain(question)
    sure: dict[str, float] = {}
    for parts, laws in _told(said, meanings):
        if all(part in said for part in parts):
            specific = min(1.0, LEAST_SPECIFIC + MORE_SPECIFIC * sum(map(len, parts)))
            if all(map(is_of_law, parts)):
                specific *= SAID_BY_LAW
            for law in laws:
                sure[law] = max(specific, sure.get(law, 0.0))
    words: dict[str, float] = {}
    for law, specific in sure.items():
        of_law = _words_of(law)
        share = MEANT * specific * min(1.0, MEANT_IN_ALL / max(1, len(of_law)))
        for word, wordness in of_law.items():
            words[word] = max(share * wordness, words.get(word, 0.0))
    return words


def _told(said: str, meanings: ByLongestPart) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield the meanings whose longest part is said, each once; the others may not be."""
    for length, by_part in meanings.items():
        pieces = [said[start : start + length] for start in range(len(said) - length + 1)]
        for piece in dict.fromkeys(pieces):
            ways = by_part.get(piece)
            if ways:
                yield from ways.items()


@lru_cache(maxsize=10_000)
def _words_of(law: str) -> dict[str, float]:
    """Return the real words of a meaning, without the seams between them."""
    words = query_words(law).items()
    return {word: weight for word, weight in words if weight >= 0.5 and word not in STOP_WORDS}
