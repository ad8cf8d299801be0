"""Synthetic articles look like real ones to everything that reads articles."""

import random
from collections import Counter

import pytest

from articles.generating.prose import LONGEST_TITLE, Mention, learn, write, zipf
from articles.rendering import render

LAW = [
    "自然人之间的借款合同，自贷款人提供借款时成立；借款利息不得预先在本金中扣除。",
    "借款人应当按照约定的期限返还借款，没有约定期限的，贷款人可以催告借款人在合理期限内返还。",
    "保证合同是为保障债权的实现，保证人和债权人约定，债务人不履行到期债务时，保证人履行债务的合同。",
    "抵押权人在债务履行期限届满前，与抵押人约定债务人不履行到期债务时抵押财产归债权人所有的，只能就抵押财产优先受偿。",
    "租赁合同的内容一般包括租赁物的名称、数量、用途、租赁期限、租金及其支付期限和方式、租赁物维修等条款。",
    "承租人应当按照约定的方法使用租赁物，承租人经出租人同意，可以将租赁物转租给第三人。",
    "夫妻双方自愿离婚的，应当签订书面离婚协议，并亲自到婚姻登记机关申请离婚登记。",
    "遗产按照下列顺序继承：第一顺序为配偶、子女、父母，第二顺序为兄弟姐妹、祖父母、外祖父母。",
]
MENTIONS = [
    Mention(1, "《民法典》第六百七十九条"),
    Mention(2, "《民法典》第六百七十条", "借款的利息不得预先在本金中扣除。"),
]


@pytest.fixture(scope="module")
def topic():
    return learn("民法典", LAW)


def drafts(topic, number, mentions=MENTIONS):
    return [
        write(topic, [topic], mentions, 900, random.Random(seed).random) for seed in range(number)
    ]


def test_an_article_is_stored_as_rendering_would_leave_it(topic):
    for draft in drafts(topic, 30):
        rendered = render(draft.body, title=draft.title)
        assert draft.html == rendered.html
        assert draft.excerpt == rendered.excerpt
        assert draft.length == len("".join(rendered.text.split()))
        assert [(h.level, h.id, h.text) for h in rendered.contents] == [
            (h["level"], h["id"], h["text"]) for h in draft.contents
        ]


def test_mentions_stand_where_it_says(topic):
    for draft in drafts(topic, 30):
        assert {mention.key for mention in draft.mentions} == {1, 2}
        for mention in draft.mentions:
            said = MENTIONS[mention.key - 1]
            assert draft.body[mention.start : mention.end] == said.text
            if said.quotation:
                quoted = slice(mention.quotation_start, mention.quotation_end)
                assert draft.body[quoted] == said.quotation == mention.quotation


def test_a_title_and_tags_name_what_the_text_speaks_of(topic):
    for draft in drafts(topic, 30):
        assert draft.tags
        assert draft.tags[0] in draft.title
        assert set(draft.tags) <= draft.terms.keys()
        assert len(draft.title) <= LONGEST_TITLE


def test_the_same_chance_writes_the_same_article(topic):
    assert drafts(topic, 3) == drafts(topic, 3)


def test_a_few_subjects_are_common_and_most_are_rare(topic):
    having = Counter(tag for draft in drafts(topic, 300, ()) for tag in draft.tags)
    spread = sorted(having.values(), reverse=True)
    assert len(spread) > 20
    assert spread[0] > 5 * spread[len(spread) // 2]


def test_zipf_prefers_the_first_as_the_law_says():
    chance = random.Random(1).random
    counts = Counter(zipf(range(100), chance) for _ in range(20_000))
    assert set(counts) <= set(range(100))
    assert counts[0] > 1.3 * counts[1] > 1.3 * counts[3]


def test_too_few_words_are_no_topic():
    assert learn("甲法", ["为了甲，制定本法。"]) is None
