"""The table of verdicts, over every combination of what can be found out about a citation."""

from itertools import product

import pytest

from statutes.citations.whereabouts import Standing
from statutes.verdicts import ERRORS, NOTICED, Fate, Origin, Question, State, assess

STANDINGS = [None, *Standing]
FAITHFUL = [None, Standing.EXACT, Standing.PARTIAL]
UNFAITHFUL = [Standing.ALTERED, Standing.ELSEWHERE, Standing.NOWHERE]
EVERYTHING = list(product(Origin, Fate, STANDINGS, [False, True], [(), *((q,) for q in Question)]))


@pytest.mark.parametrize("is_checked", [False, True])
def test_every_combination_has_a_state_or_a_question(is_checked):
    for origin, fate, standing, is_claimed, doubts in EVERYTHING:
        verdict = assess(
            origin,
            fate,
            standing,
            is_claimed=is_claimed,
            doubts=doubts,
            is_checked=is_checked,
        )
        assert verdict.state is not None or verdict.questions


@pytest.mark.parametrize(
    ("fate", "state"),
    [
        (Fate.SAME, State.CURRENT),
        (Fate.AMENDED, State.AMENDED),
        (Fate.RENUMBERED, State.RENUMBERED),
        (Fate.ENDED, State.REPEALED),
        (Fate.COMING, State.COMING),
        (Fate.UNCERTAIN, None),
    ],
)
@pytest.mark.parametrize("origin", [Origin.PROVISION, Origin.STATUTE])
@pytest.mark.parametrize("standing", FAITHFUL)
def test_what_agrees_is_what_became_of_it(origin, fate, state, standing):
    assert assess(origin, fate, standing, is_claimed=True).state is state


@pytest.mark.parametrize("standing", UNFAITHFUL)
def test_wrong_words_given_as_the_laws_own_are_a_misquotation(standing):
    verdict = assess(Origin.PROVISION, Fate.SAME, standing, is_claimed=True)
    assert verdict.state is State.MISQUOTED
    assert verdict.questions == (Question.WORDS,)


@pytest.mark.parametrize("is_claimed", [True, False])
def test_an_excerpt_given_as_the_laws_words_is_a_question_and_no_misquotation(is_claimed):
    verdict = assess(Origin.PROVISION, Fate.SAME, Standing.EXCERPT, is_claimed=is_claimed)
    assert verdict.state is State.CURRENT
    assert verdict.questions == ((Question.EXCERPT,) if is_claimed else ())


@pytest.mark.parametrize("standing", [Standing.ALTERED, Standing.NOWHERE])
def test_words_that_may_be_the_authors_own_are_a_question_only(standing):
    verdict = assess(Origin.PROVISION, Fate.SAME, standing, is_claimed=False)
    assert verdict.state is State.CURRENT
    assert verdict.questions == (Question.WORDS,)


def test_a_number_whose_statement_is_another_numbers_words_is_not_called_current():
    verdict = assess(Origin.PROVISION, Fate.SAME, Standing.ELSEWHERE, is_claimed=False)
    assert verdict.state is None
    assert verdict.questions == (Question.WORDS,)
    found_right = assess(Origin.PROVISION, Fate.SAME, Standing.ELSEWHERE, is_checked=True)
    assert found_right.state is State.CURRENT


@pytest.mark.parametrize("fate", [Fate.AMENDED, Fate.RENUMBERED, Fate.ENDED, Fate.COMING])
def test_that_a_law_moved_or_ended_weighs_more_than_wrong_words(fate):
    verdict = assess(Origin.PROVISION, fate, Standing.ALTERED, is_claimed=True)
    assert verdict.state in NOTICED
    assert Question.WORDS in verdict.questions


@pytest.mark.parametrize(
    ("origin", "fate", "state"),
    [
        *((Origin.UNKNOWN, fate, State.UNKNOWN) for fate in Fate),
        *((Origin.TEXTLESS, fate, State.UNKNOWN) for fate in Fate if fate is not Fate.ENDED),
        (Origin.TEXTLESS, Fate.ENDED, State.REPEALED),
        (Origin.ABSENT, Fate.SAME, State.MISSING),
        (Origin.ABSENT, Fate.ENDED, State.REPEALED),
        (Origin.ABSENT, Fate.UNCERTAIN, None),
    ],
)
@pytest.mark.parametrize("standing", STANDINGS)
def test_what_is_not_there_is_said_so(origin, fate, state, standing):
    assert assess(origin, fate, standing, is_claimed=True).state is state


def test_nothing_uncertain_is_called_current():
    for origin, standing, is_claimed in product(Origin, STANDINGS, [False, True]):
        verdict = assess(origin, Fate.UNCERTAIN, standing, is_claimed=is_claimed)
        assert verdict.state is not State.CURRENT


@pytest.mark.parametrize("doubt", [Question.VERSION, Question.PART])
def test_what_speaks_of_another_rule_keeps_a_provision_from_being_called_current(doubt):
    verdict = assess(Origin.PROVISION, Fate.SAME, doubts=(doubt,))
    assert verdict.state is None
    assert verdict.questions == (doubt,)


@pytest.mark.parametrize("fate", [Fate.AMENDED, Fate.RENUMBERED])
def test_what_speaks_of_another_version_is_not_said_to_have_changed(fate):
    verdict = assess(Origin.PROVISION, fate, doubts=(Question.VERSION,))
    assert (verdict.state, verdict.questions) == (None, (Question.VERSION,))
    assert assess(Origin.PROVISION, fate, doubts=(Question.PART,)).state in NOTICED


def test_a_guessed_name_is_never_told_a_reader():
    verdict = assess(Origin.PROVISION, Fate.SAME, doubts=(Question.GUESS,))
    assert verdict.state is State.CURRENT
    assert not verdict.may_be_told


def test_what_a_person_found_right_is_no_question_and_no_misquotation():
    verdict = assess(
        Origin.PROVISION,
        Fate.SAME,
        Standing.ALTERED,
        is_claimed=True,
        doubts=(Question.GUESS, Question.STALE),
        is_checked=True,
    )
    assert verdict.state is State.CURRENT
    assert verdict.questions == (Question.STALE,)


def test_a_person_cannot_call_current_what_ended():
    for fate in (Fate.ENDED, Fate.AMENDED, Fate.RENUMBERED, Fate.COMING):
        assert assess(Origin.PROVISION, fate, is_checked=True).state in NOTICED


def test_errors_and_notices_are_different_things():
    assert not set(ERRORS) & set(NOTICED)
    assert State.CURRENT not in (*ERRORS, *NOTICED)
