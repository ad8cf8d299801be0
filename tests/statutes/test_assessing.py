"""What a text says of a provision tells which one, and which version of it, its author means."""

from datetime import date

import pytest

from statutes.assessing import assess_text
from statutes.citations.whereabouts import Standing
from statutes.importing import load
from statutes.verdicts import Question, State
from tests.factories import make_version

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)
TITLE = "中华人民共和国示例法"
MEDIATION = "当事人申请仲裁前，应当先向所在地的调解委员会申请调解，并提交书面材料。"
TRACKS = "擅自进入铁路防护网，影响行车安全的，处警告，并责令其立即离开该区域。"
PERIOD = "申请人应当自知道权利被侵害之日起一年内提出书面申请，逾期不予受理。"


@pytest.fixture(autouse=True)
def _law():
    """A law whose numbers all moved by one in 2026."""
    make_version(
        TITLE,
        provisions=[MEDIATION, PERIOD],
        promulgated_on=date(2012, 10, 26),
        effective_from=date(2013, 1, 1),
    )
    make_version(
        TITLE,
        provisions=[TRACKS, MEDIATION, PERIOD],
        promulgated_on=date(2025, 6, 27),
        effective_from=date(2026, 1, 1),
        label="修订",
    )
    load.refresh_aliases()


def verdicts(text):
    found = assess_text(text, on=date(2026, 3, 1), today=TODAY)
    return [(a.verdict.state, a.verdict.questions) for a in found]


def test_a_statement_in_the_words_of_another_number_is_not_called_current():
    (found,) = assess_text(
        f"示例法第二条规定，{PERIOD}", on=date(2026, 3, 1), today=date(2026, 3, 1)
    )
    assert (found.verdict.state, found.standing) == (State.RENUMBERED, Standing.EXACT)
    (found,) = assess_text(f"示例法第一条规定，{PERIOD}", on=date(2026, 3, 1), today=TODAY)
    assert found.verdict.state is None
    assert (found.standing, found.match.text) == (Standing.ELSEWHERE, PERIOD)


def test_a_statement_in_the_authors_own_words_stays_current():
    text = "示例法第三条规定，过了一年才去申请的，对方可以说已经太晚了。"
    assert verdicts(text) == [(State.CURRENT, ())]


def test_a_few_words_out_of_a_clause_are_a_question_and_no_misquotation():
    (found,) = assess_text(
        "示例法第三条规定：“知道权利被侵害之日起一年内”。", on=date(2026, 3, 1), today=TODAY
    )
    assert (found.verdict.state, found.standing) == (State.CURRENT, Standing.EXCERPT)
    assert found.verdict.questions == (Question.EXCERPT,)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("没有先去调解委员会申请调解，不符合示例法第一条的要求。", None),
        ("示例法第一条要求的调解，调解委员会应当记录。", None),
        ("擅自进入防护网的人，可以依照示例法第一条警告。", State.CURRENT),
        ("擅自进入防护网的人不肯调解的，依照示例法第一条处理。", State.CURRENT),
        ("调解没有用。对此，示例法第一条写得很明白。", State.CURRENT),
        ("示例法第一条。", State.CURRENT),
    ],
)
def test_a_sentence_about_what_had_the_number_before_is_not_called_current(text, state):
    assert verdicts(text) == [(state, () if state else (Question.VERSION,))]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2025, 12, 1), None),  # the number of the text that was made, and not yet in force
        (date(2025, 6, 1), State.RENUMBERED),  # nobody knew that text
    ],
)
def test_who_may_mean_the_text_to_come_is_not_told_that_the_number_moved(day, state):
    text = "先去所在地的调解委员会调解，示例法第二条写得很明白。"
    (found,) = assess_text(text, on=day, today=TODAY)
    assert found.verdict.state is state
    (found,) = assess_text("一年内提出书面申请，见示例法第二条。", on=day, today=TODAY)
    assert found.verdict.state is State.RENUMBERED


def test_a_sentence_that_cites_several_numbers_tells_of_none_that_it_is_anothers():
    assert verdicts("先去调解委员会调解的，见示例法第一条、第二条。") == [(State.CURRENT, ())] * 2
    asked = (None, (Question.VERSION,))
    assert verdicts("先去调解委员会调解的，见示例法第一条。另见示例法第二条。")[0] == asked
    assert asked in verdicts("先去调解委员会调解的，见示例法第一条第一款，该法第一条写得明白。")


def test_what_stands_right_after_one_of_several_numbers_is_about_it():
    asked = (None, (Question.VERSION,))
    assert verdicts("见示例法第一条（调解委员会调解）、第三条（一年内提出申请）。")[0] == asked
    assert verdicts("示例法第一条规定了调解委员会的调解，期间见第三条。")[0] == asked
    assert verdicts("见示例法第一条（擅自进入防护网）、第三条。") == [(State.CURRENT, ())] * 2


def test_who_quotes_one_number_of_the_old_law_may_mean_it_with_the_others():
    text = f"《示例法》第一条规定：“{MEDIATION}”另见《示例法》第二条。"
    assert verdicts(text) == [(State.RENUMBERED, ()), (None, (Question.VERSION,))]


def test_who_says_which_law_is_meant_leaves_no_doubt():
    text = f"《示例法》第一条规定：“{MEDIATION}”现为新《示例法》第二条。"
    assert verdicts(text)[1] == (State.CURRENT, ())


def test_numbers_of_todays_law_leave_no_doubt():
    text = f"《示例法》第二条规定：“{MEDIATION}”另见《示例法》第三条。"
    assert verdicts(text) == [(State.CURRENT, ()), (State.CURRENT, ())]


def told(text, on=date(2026, 3, 1)):
    found = assess_text(text, on=on, today=TODAY)
    return [(a.verdict.state, a.verdict.questions) for a in found if a.citation.locator]


def test_a_number_beside_facts_of_a_day_on_which_it_said_something_else_is_a_question():
    doubt = (None, (Question.VERSION,))
    assert told("2023年5月，双方发生争议。仲裁委依《示例法》第二条驳回。") == [doubt]
    assert told("2026年2月，双方发生争议。仲裁委依《示例法》第二条驳回。")[0][0] is State.CURRENT
    assert told("2023年5月，双方发生争议。\n\n见《示例法》第二条。")[0][0] is State.CURRENT
    assert told("2023年5月，双方发生争议。现行《示例法》第二条另有要求。")[0][0] is State.CURRENT
    assert told("2013年1月1日起施行的《示例法》第二条") == [doubt]
    assert told("2026年1月1日起施行的《示例法》第二条；2013年1月1日起施行的《示例法》第二条") == [
        (State.CURRENT, ()),
        doubt,
    ]


def test_who_quotes_todays_text_beside_old_facts_leaves_no_doubt():
    text = f"2023年5月，双方发生争议。《示例法》第二条规定：“{MEDIATION}”"
    assert told(text) == [(State.CURRENT, ())]


def test_the_law_of_the_time_is_that_of_the_day_told_or_a_question():
    known = told("2023年5月，仲裁委依据当时有效的《示例法》第二条驳回了申请。")
    assert known == [(State.RENUMBERED, ())]
    assert told("仲裁委依据当时有效的《示例法》第二条驳回了申请。") == [(None, (Question.BASIS,))]
    too_old = told("2009年5月，仲裁委依据当时有效的《示例法》第二条驳回了申请。")
    assert too_old == [(None, (Question.BASIS,))]


def test_a_number_that_is_given_a_new_one_is_not_called_current():
    moved = "《示例法》第二条（现为第三条）"
    assert told(moved) == [(None, (Question.BASIS,)), (State.CURRENT, ())]
    before = told(moved, on=date(2025, 8, 1))  # made, and not yet in force
    assert before[0] == (State.RENUMBERED, ())


def test_words_quoted_before_a_number_in_parentheses_are_compared():
    (found,) = assess_text(f"“{PERIOD}”（《示例法》第二条）", on=date(2026, 3, 1), today=TODAY)
    assert (found.verdict.state, found.standing) == (State.RENUMBERED, Standing.EXACT)
    wrong = PERIOD.replace("一年", "二年")
    (found,) = assess_text(f"“{wrong}”（参见《示例法》第三条）", on=date(2026, 3, 1), today=TODAY)
    assert (found.verdict.state, found.standing) == (State.MISQUOTED, Standing.ALTERED)
    (term,) = told("这就是“逾期不再受理的规则”（《示例法》第三条）。")
    assert term[0] is State.CURRENT


def test_the_law_in_force_is_not_the_one_announced():
    text = "新《示例法》第二条；现行法第二条。"
    announced = told(text, on=date(2025, 8, 1))  # made, and not yet in force
    assert announced == [(State.CURRENT, ()), (State.RENUMBERED, ())]
    assert told(text) == [(State.CURRENT, ()), (State.CURRENT, ())]


def test_words_before_a_number_that_are_unlike_it_are_a_question_and_not_misquoted():
    asked = [(State.CURRENT, (Question.WORDS,))]
    assert told("他写明“年底之前一定还清，按月付息二分”（见《示例法》第二条）。") == asked
    assert told("《示例法》第二条规定：“年底之前一定还清，按月付息二分。”")[0][0] is State.MISQUOTED


def test_an_amendment_that_is_not_at_hand_is_a_question():
    asked = [(None, (Question.BASIS,))]
    assert told("《示例法》（2019年修正）第一条") == asked
    assert told("《示例法》（2019年）第一条") == [(State.RENUMBERED, ())]
    assert told("《示例法》（2026修正）第一条") == [(State.CURRENT, ())]  # by the year of effect


def test_the_columns_of_a_table_are_of_the_laws_that_they_head():
    table = "| 旧法 | 新法 |\n|---|---|\n| 《示例法》第一条 | 《示例法》第二条 |\n"
    assert told(table) == [(State.RENUMBERED, ()), (State.CURRENT, ())]
