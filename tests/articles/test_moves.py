"""The way of an article on real rows: steps, overrides, schedules, the trash."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles import history, moves, publishing
from articles.models import Article
from articles.moves import MoveError, UnsoundError, move
from tests.factories import make_article, make_citation, make_lawyer, make_user

pytestmark = pytest.mark.django_db

TOMORROW = timedelta(days=1)


@pytest.fixture
def writer():
    return make_user("writer", "作者")


@pytest.fixture
def editor():
    return make_user("editor", "编辑")


@pytest.fixture
def lawyer():
    return make_lawyer("lawyer")


@pytest.fixture
def draft(writer):
    return make_article(state="draft", published_at=None, owner=writer)


def approved(draft, writer, lawyer):
    move(draft.pk, "submit", writer)
    return move(draft.pk, "approve", lawyer)


def steps(article):
    return [(event.move, event.by and event.by.username) for event in article.events.all()][::-1]


# --- From draft to public ----------------------------------------------------------------


def test_an_article_goes_from_its_writer_over_the_lawyer_to_the_public(
    draft, writer, editor, lawyer
):
    approved(draft, writer, lawyer)
    article = move(draft.pk, "publish", editor)
    article.refresh_from_db()
    assert article.is_visible
    assert article.reviewer == lawyer.author
    assert article.reviewed_on == timezone.localdate()
    assert not article.was_updated
    assert steps(article) == [("submit", "writer"), ("approve", "lawyer"), ("publish", "editor")]


def test_the_page_names_the_reviewer_and_the_day(client, draft, writer, editor, lawyer):
    approved(draft, writer, lawyer)
    move(draft.pk, "publish", editor)
    page = client.get(draft.get_absolute_url()).content.decode()
    assert lawyer.author.signature in page
    assert timezone.localdate().isoformat() in page


def test_a_step_that_is_not_open_changes_nothing(draft, writer, editor, lawyer):
    for name, user in [
        ("publish", editor),
        ("approve", lawyer),
        ("schedule", editor),
        ("withdraw", editor),
        ("submit", make_user("other", "作者")),
    ]:
        with pytest.raises(MoveError):
            move(draft.pk, name, user, at=timezone.now() + TOMORROW)
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not draft.events.exists()


def test_the_same_step_is_not_taken_twice(draft, writer):
    move(draft.pk, "submit", writer)
    with pytest.raises(MoveError, match="待审"):
        move(draft.pk, "submit", writer)


def test_an_article_that_is_gone_is_said_to_be_gone(writer):
    with pytest.raises(MoveError, match="不存在"):
        move(987, "submit", writer)


def test_a_lawyer_without_licence_number_or_link_approves_nothing(draft, writer):
    move(draft.pk, "submit", writer)
    unlinked = make_user("unlinked", "审核律师")
    with pytest.raises(MoveError, match="权限"):
        move(draft.pk, "approve", unlinked)


def test_one_approves_ones_own_article_only_where_the_firm_has_one_lawyer(settings):
    lawyer = make_lawyer("alone")
    article = make_article(state="draft", published_at=None, owner=lawyer)
    move(article.pk, "submit", lawyer)
    with pytest.raises(MoveError, match="另一位律师"):
        move(article.pk, "approve", lawyer)
    settings.SELF_REVIEW = True
    assert move(article.pk, "approve", lawyer).state == "approved"


def test_to_return_takes_a_reason_and_the_writer_reads_it(draft, writer, lawyer, client):
    move(draft.pk, "submit", writer)
    with pytest.raises(MoveError, match="理由"):
        move(draft.pk, "return", lawyer, note="  ")
    move(draft.pk, "return", lawyer, note="第二段缺出处。")
    client.force_login(writer, "django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/admin/articles/article/{draft.pk}/change/").content.decode()
    assert "第二段缺出处。" in page


# --- Citations that stand in the way -----------------------------------------------------


@pytest.mark.parametrize("state", ["missing", "misquoted", "renumbered"])
def test_no_lawyer_approves_a_wrong_citation_unawares(draft, writer, lawyer, state, monkeypatch):
    make_citation(draft, state)
    move(draft.pk, "submit", writer)
    with pytest.raises(UnsoundError, match="第六百七十五条"):
        move(draft.pk, "approve", lawyer)
    draft.refresh_from_db()
    assert (draft.state, draft.reviewer) == ("in_review", None)
    move(draft.pk, "approve", lawyer, override="引用的是征求意见稿。")
    event = draft.events.get(move="approve")
    assert "征求意见稿" in event.note
    assert event.by == lawyer
    assert len(event.overridden) == 1


def wrongly_cited(monkeypatch, state="misquoted"):
    """Let citing find one wrong citation in every article that is refreshed."""
    refresh = publishing.refresh

    def cite(article, **why):
        rendered = refresh(article, **why)
        article.citations.all().delete()
        make_citation(article, state)
        return rendered

    monkeypatch.setattr(publishing, "refresh", cite)


def test_nothing_wrong_is_published_by_an_editor(draft, writer, editor, lawyer, monkeypatch):
    approved(draft, writer, lawyer)
    wrongly_cited(monkeypatch)
    with pytest.raises(UnsoundError):
        move(draft.pk, "publish", editor)
    draft.refresh_from_db()
    assert (draft.state, draft.published_at) == ("approved", None)


def test_what_the_lawyer_let_pass_is_published(draft, writer, editor, lawyer, monkeypatch):
    wrongly_cited(monkeypatch)
    make_citation(draft, "misquoted")
    move(draft.pk, "submit", writer)
    move(draft.pk, "approve", lawyer, override="摘自草案。")
    assert move(draft.pk, "publish", editor).is_visible


# --- On time -----------------------------------------------------------------------------


def scheduled(draft, writer, editor, lawyer, at=None):
    approved(draft, writer, lawyer)
    return move(draft.pk, "schedule", editor, at=at or timezone.now() + TOMORROW)


def test_a_scheduled_article_is_published_on_time_and_once(
    client, draft, writer, editor, lawyer, capsys
):
    article = scheduled(draft, writer, editor, lawyer)
    at = article.published_at
    call_command("publish_due")
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert moves.publish_due(at - timedelta(seconds=1)) == (0, 0)
    Article.objects.update(published_at=timezone.now() - timedelta(minutes=3))
    call_command("publish_due")
    call_command("publish_due")
    assert "Published 1, held back for review 0." in capsys.readouterr().out
    assert client.get(draft.get_absolute_url()).status_code == 200
    article.refresh_from_db()
    assert not article.was_updated
    assert steps(article)[-1] == ("publish", None)
    assert len(steps(article)) == 4


def test_what_is_due_but_wrong_by_then_goes_back_to_review(
    draft, writer, editor, lawyer, monkeypatch
):
    scheduled(draft, writer, editor, lawyer)
    Article.objects.update(published_at=timezone.now())
    wrongly_cited(monkeypatch, "missing")
    assert moves.publish_due() == (0, 1)
    assert moves.publish_due() == (0, 0)
    draft.refresh_from_db()
    assert (draft.state, draft.published_at) == ("in_review", None)
    event = draft.events.first()
    assert (event.move, event.by) == ("hold", None)
    assert "第六百七十五条" in event.note


def test_a_date_that_has_passed_is_no_schedule(draft, writer, editor, lawyer):
    approved(draft, writer, lawyer)
    for at in (None, timezone.now() - TOMORROW):
        with pytest.raises(MoveError, match="晚于现在"):
            move(draft.pk, "schedule", editor, at=at)


def test_a_schedule_is_taken_back(draft, writer, editor, lawyer):
    scheduled(draft, writer, editor, lawyer)
    article = move(draft.pk, "unschedule", editor)
    assert (article.state, article.published_at) == ("approved", None)


def test_the_first_date_and_the_address_stay_whatever_happens(draft, writer, editor, lawyer):
    approved(draft, writer, lawyer)
    first = move(draft.pk, "publish", editor)
    at, address = first.published_at, first.get_absolute_url()
    move(draft.pk, "withdraw", editor)
    move(draft.pk, "rework", editor)
    move(draft.pk, "submit", writer)
    move(draft.pk, "approve", lawyer)
    with pytest.raises(MoveError, match="首次发布"):
        move(draft.pk, "schedule", editor, at=timezone.now() + TOMORROW)
    again = move(draft.pk, "publish", editor)
    again.refresh_from_db()
    assert (again.published_at, again.get_absolute_url()) == (at, address)


# --- The trash ---------------------------------------------------------------------------


def test_a_thrown_away_article_leaves_the_public_and_comes_back_withdrawn(client, editor):
    article = make_article(owner=editor)
    moves.trash(article.pk, editor)
    assert client.get(article.get_absolute_url()).status_code == 410
    assert article not in Article.objects.kept()
    back = moves.restore_from_trash(article.pk, editor)
    assert back.state == "withdrawn"
    assert move(article.pk, "publish", editor).published_at == article.published_at


def test_a_draft_comes_back_as_a_draft_to_its_writer(client, draft, writer):
    moves.trash(draft.pk, writer)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert moves.restore_from_trash(draft.pk, writer).state == "draft"


def test_a_writer_throws_away_no_published_article_and_no_others_draft(writer):
    for article in (make_article(owner=writer), make_article(state="draft")):
        with pytest.raises(MoveError):
            moves.trash(article.pk, writer)


def test_the_trash_is_emptied_after_thirty_days(editor, draft, writer):
    kept, old = draft, make_article(owner=editor)
    history.begin(old.pk)
    for article, user in ((kept, writer), (old, editor)):
        moves.trash(article.pk, user)
    day = timezone.now() + timedelta(days=30, minutes=1)
    Article.objects.filter(pk=kept.pk).update(state_since=timezone.now() + TOMORROW)
    assert moves.purge_trash() == 0
    assert moves.purge_trash(day) == 1
    assert moves.purge_trash(day) == 0
    assert list(Article.objects.all()) == [kept]
    assert not history.versions(old.pk).exists()
