import pytest

from statutes.citations.typed import asks_for_more, written_out

LETTERS = {"minfadian": "民法典", "xingfa": "刑法"}
NAMES = {"民法典", "刑法"}


def written(typed):
    return written_out(typed, lambda letters: LETTERS.get(letters, ""), NAMES.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("民法典1032", "民法典第1032条"),
        ("民法典 第一千零三十二", "民法典第一千零三十二条"),
        ("《民法典》:1032", "《民法典》第1032条"),
        ("我想看民法典1032", "我想看民法典第1032条"),
        ("刑法一百三十三条之一", "刑法第一百三十三条之一"),
        ("刑法287之二", "刑法第287条之二"),
        ("第2000条民法典", "民法典第2000条"),
        ("十条 刑法", "刑法第十条"),
        ("刑法287-2", "刑法第287条之2"),
        ("民法典1032-1034", "民法典第1032条至第1034条"),
        ("民法典1032至1034", "民法典第1032条至第1034条"),
        ("minfadian 1032", "民法典第1032条"),
        ("min fa dian第1032条", "民法典第1032条"),
        ("第1032条民法典", "民法典第1032条"),
        ("1032民法典", "民法典第1032条"),
        ("民法典1032 隐私权", "民法典第1032条 隐私权"),
        ("民法典 1032 隐私权", "民法典第1032条 隐私权"),
        ("刑法 264 盗窃", "刑法第264条 盗窃"),
        ("287条之二 《刑法》", "刑法第287条之二"),
        ("民法典一千零三十二条是什么", "民法典第一千零三十二条是什么"),
    ],
)
def test_what_was_left_out_is_put_in(typed, meant):
    assert written(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "民法典第1032条",
        "刑法第一百三十三条之一",
        "我有三条路可走",
        "iphone 15坏了怎么退",
        "12个月的工资 没发",
        "办法1000万 怎么办",
        "2条狗打架",
        "第三条路",
        "公司法2023",
        "刑法 2020",
        "2024民法典",
        "2023 刑法",
        "xingfa那2023",
        "刑法2020 修正",
        "十 刑法",
        "民法典规定 一 年几天",
        "违法 2 次怎么办",
        "违法 12 次怎么办",
        "",
    ],
)
def test_what_is_whole_or_no_citation_stays_as_it_is(typed):
    assert written(typed) == typed


@pytest.mark.parametrize("rest", ["", "怎么理解？", "的全文", "请问 是什么意思", "规定了什么内容"])
def test_who_asks_what_a_provision_says_asks_for_no_more(rest):
    assert not asks_for_more(rest)


@pytest.mark.parametrize("rest", ["怎么赔偿", "隐私权", "怎么办", "赔多少钱是合理的"])
def test_who_says_what_happened_asks_for_more(rest):
    assert asks_for_more(rest)
