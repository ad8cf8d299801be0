from hypothesis import given
from hypothesis import strategies as st

from statutes.index.snippets import mark, snippet


def shown(pieces):
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in pieces)


def test_marks_the_words_asked_for_and_joins_those_that_touch():
    assert shown(mark("民间借贷合同的利息", ["借贷", "贷合", "合同", "利息"])) == (
        "民间[借贷合同]的[利息]"
    )


def test_marks_whatever_the_width_and_the_characters():
    assert shown(mark("ＡＰＰ收集勞動信息", ["app", "劳动"])) == "[ＡＰＰ]收集[勞動]信息"


def test_a_single_character_is_not_marked():
    assert shown(mark("猫和狗", ["猫"])) == "猫和狗"


def test_shows_the_sentence_that_has_the_weightiest_words():
    text = "借款无息。" * 40 + "逾期还款的，应当支付逾期利息。" + "另行约定。" * 40
    found = shown(snippet(text, {"借款": 0.1, "逾期": 1.0, "利息": 1.0}, 60))
    assert found.startswith("……[逾期]还款的，应当支付[逾期利息]。")
    assert found.endswith("……")


def test_a_short_text_is_shown_whole():
    assert shown(snippet("约定利息。", {"利息": 1.0})) == "约定[利息]。"


@given(
    st.text(alphabet="借款利息逾期。，\n ＡＢ①㎡", max_size=400),
    st.sets(st.sampled_from(["借款", "利息", "逾期", "ab", "m2", "。，"])),
)
def test_nothing_is_lost_or_made_up(text, words):
    assert "".join(piece.text for piece in mark(text, words)) == text
    pieces = snippet(text, dict.fromkeys(words, 1.0), 50)
    joined = "".join(piece.text for piece in pieces).removeprefix("……").removesuffix("……")
    assert joined in text
    assert len(joined) <= 50
