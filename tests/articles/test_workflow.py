"""Who may do what to an article in which state: the table of the desk."""

import pytest

from articles.models import Article
from articles.workflow import (
    MOVES,
    Person,
    Right,
    label,
    may_edit,
    may_move,
    may_restore,
    may_trash,
    moves,
    restored_state,
)

WRITER = Person(frozenset({Right.WRITE}), owns=True)
COLLEAGUE = Person(frozenset({Right.WRITE}))
EDITOR = Person(frozenset({Right.WRITE, Right.EDIT, Right.PUBLISH}))
LAWYER = Person(frozenset({Right.WRITE, Right.EDIT, Right.APPROVE}))
STRANGER = Person(frozenset())
STATES = list(Article.State.values)


@pytest.mark.parametrize(
    ("state", "writer", "editor", "lawyer"),
    [
        ("draft", "submit", "submit", "submit"),
        ("in_review", "recall", "recall return", "recall approve return"),
        ("approved", "", "return publish schedule", "return"),
        ("scheduled", "", "unschedule", ""),
        ("published", "", "withdraw", "review"),
        ("withdrawn", "", "publish rework", "rework"),
        ("trashed", "", "", ""),
    ],
)
def test_the_steps_offered(state, writer, editor, lawyer):
    for person, expected in ((WRITER, writer), (EDITOR, editor), (LAWYER, lawyer)):
        assert [move.name for move in moves(state, person)] == expected.split()
    assert moves(state, COLLEAGUE) == moves(state, STRANGER) == []


@pytest.mark.parametrize("state", STATES)
def test_words_are_changed_in_draft_by_their_writer_and_until_withdrawn_by_editors(state):
    assert may_edit(state, WRITER) == (state == "draft")
    assert may_edit(state, EDITOR) == may_edit(state, LAWYER)
    assert may_edit(state, EDITOR) == (state not in ("withdrawn", "trashed"))
    assert not may_edit(state, COLLEAGUE)
    assert not may_edit(state, STRANGER)


def test_nobody_approves_their_own_article_unless_the_firm_has_one_lawyer():
    own = Person(LAWYER.rights, owns=True)
    assert may_move("approve", "in_review", LAWYER)
    assert not may_move("approve", "in_review", own)
    assert may_move("approve", "in_review", own, own_eyes_suffice=True)
    assert not may_move("approve", "in_review", WRITER, own_eyes_suffice=True)


@pytest.mark.parametrize("state", STATES)
def test_who_throws_away_and_brings_back(state):
    assert may_trash(state, WRITER) == (state == "draft")
    assert may_trash(state, EDITOR) == (state != "trashed")
    assert may_trash(state, LAWYER) == (state not in ("published", "scheduled", "trashed"))
    assert not may_trash(state, COLLEAGUE)
    assert may_restore(state, WRITER) == (state == "draft")
    assert restored_state(state) in ("draft", "withdrawn"), "nothing becomes public by itself"


def test_every_state_that_a_step_knows_is_one_of_an_article():
    for move in MOVES.values():
        assert {*move.sources, move.target} <= set(STATES)
        assert label(move.name) == move.label
        assert move.help.endswith("。")


def test_no_step_leads_to_the_public_but_by_approval():
    reachable = {"draft"}
    while True:
        more = {
            move.target
            for name, move in MOVES.items()
            if name != "approve" and move.sources & reachable
        }
        if more <= reachable:
            break
        reachable |= more
    assert reachable == {"draft", "in_review"}
