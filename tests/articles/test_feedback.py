"""A reader says what is wrong: no account, no cookie, bounded, and it lands at the desk."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from articles import feedback
from articles.models import Article, Feedback
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def page(article):
    return f"/hf/{article.pk}/feedback/"


def filled(client, article, **values):
    token = client.get(page(article)).context["form"].initial["token"]
    fields = {
        "kind": "outdated",
        "message": "第三段的条文已经修改。",
        "consent": "on",
        "token": token,
    }
    return {key: value for key, value in (fields | values).items() if value is not None}


def send(client, article, **values):
    return client.post(page(article), filled(client, article, **values))


@pytest.fixture
def article():
    return make_article()


def test_the_article_leads_to_the_form_and_neither_sets_a_cookie(article):
    client = Client(enforce_csrf_checks=True)
    text = client.get(article.get_absolute_url()).content.decode()
    assert f'href="{page(article)}"' in text
    response = client.get(page(article))
    assert "noindex" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert "checked" not in response.content.decode(), "consent is not ticked for anyone"
    assert "已经收到" in send(client, article).content.decode()
    assert not client.cookies


def test_what_a_reader_wrote_is_kept_without_an_address(client, article):
    send(client, article, contact="13800000000", REMOTE_ADDR="x")
    kept = Feedback.objects.get()
    assert (kept.article, kept.kind, kept.contact) == (article, "outdated", "13800000000")
    assert "127.0.0.1" not in kept.sender


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"consent": None}, "请先勾选同意"),
        ({"message": "错"}, "至少"),
        ({"message": "字" * 2_001}, "2000"),
        ({"message": "\0" * 9}, "不允许"),
        ({"kind": "x"}, "选项"),
        ({"kind": None}, "必填"),
        ({"contact": "1" * 101}, "100"),
        ({"token": "x"}, "打开得太久"),
        ({"token": None}, "打开得太久"),
    ],
)
def test_what_is_missing_or_hostile_is_said_and_not_kept(client, article, values, words):
    response = send(client, article, **values)
    assert words in response.content.decode()
    assert not Feedback.objects.exists()


def test_the_token_of_another_article_does_not_count(client, article):
    token = client.get(page(make_article())).context["form"].initial["token"]
    send(client, article, token=token)
    assert not Feedback.objects.exists()


def test_a_machine_that_fills_every_field_is_thanked_and_forgotten(client, article):
    assert "已经收到" in send(client, article, website="http://x").content.decode()
    assert not Feedback.objects.exists()


def test_one_sender_one_article_and_the_whole_site_are_bounded(client, article, monkeypatch):
    for _ in range(feedback.A_SENDER[0]):
        send(client, article)
    response = send(client, article)
    assert response.status_code == 429
    assert Feedback.objects.count() == feedback.A_SENDER[0]
    monkeypatch.setattr(feedback, "EVERYBODY", (5, timedelta(hours=1)))
    assert feedback.is_too_much(make_article(), "someone else")
    Feedback.objects.update(sent_at=timezone.now() - timedelta(hours=2))
    assert not feedback.is_too_much(article, sender("127.0.0.1"))


def test_senders_are_told_apart_by_network_and_lead_to_nobody():
    assert sender("2001:db8::1") == sender("2001:db8::ffff")
    assert sender("10.0.0.1") != sender("10.0.0.2")
    assert len(sender("x" * 5_000)) == 64


def sender(address):
    return feedback.sender_of(RequestFactory().get("/", REMOTE_ADDR=address))


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("withdrawn", 410)])
def test_only_public_articles_take_feedback(client, state, status):
    article = make_article(state=state)
    assert client.get(page(article)).status_code == status
    assert client.post(page(article), {}).status_code == status
    assert client.get("/hf/9223372036854775808/feedback/").status_code == 404
    assert client.put(page(article)).status_code == 405


def test_contacts_are_forgotten_after_the_time_that_was_promised(client, article):
    send(client, article, contact="13800000000")
    assert feedback.forget() == 0
    assert feedback.forget(timezone.now() + timedelta(days=181)) == 1
    assert Feedback.objects.get().contact == ""


def test_an_editor_deals_with_it_and_hostile_words_are_only_words(client, article):
    send(client, article, message="<script>alert(1)</script>")
    editor = make_user("editor", "编辑")
    client.force_login(editor, "django.contrib.auth.backends.ModelBackend")
    kept = Feedback.objects.get()
    for path in (
        "/admin/",
        "/admin/articles/feedback/",
        f"/admin/articles/feedback/{kept.pk}/change/",
    ):
        assert "<script>alert" not in client.get(path).content.decode()
    client.post(f"/admin/articles/feedback/{kept.pk}/change/", {"answer": "已更正。"})
    kept.refresh_from_db()
    assert (kept.handled_by, kept.answer) == (editor, "已更正。")
    assert Article.objects.get() == article
