"""The desk by each role: what its pages offer, and what happens to two people at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import history, publishing
from articles.models import Article
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_citation,
    make_lawyer,
    make_user,
)
from tests.visible import visible_text

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"
LIST = "/admin/articles/article/"


def signed_in(user):
    client = Client()
    client.force_login(user, BACKEND)
    return client


def page(article, tail="change/"):
    return f"{LIST}{article.pk}/{tail}"


def form(article, **values):
    """Return what the article's form sends, opened now; None leaves a field out."""
    fields = {
        "seal": history.seal(Article.objects.get(pk=article.pk)),
        "title": article.title,
        "category": article.category_id,
        "tags": "、".join(article.tags.names()),
        "summary": article.summary,
        "body": article.body,
        "origin": article.origin,
        **{
            f"{prefix}-{key}": 0
            for prefix in ("bylines", "images", "related")
            for key in ("TOTAL_FORMS", "INITIAL_FORMS")
        },
    }
    return {key: value for key, value in (fields | values).items() if value is not None}


@pytest.fixture
def writer():
    return make_user("writer", "作者")


@pytest.fixture
def editor():
    return make_user("editor", "编辑")


@pytest.fixture
def lawyer():
    return make_lawyer("lawyer")


# --- Each role ---------------------------------------------------------------------------


def test_a_writer_sees_own_articles_only(writer):
    own, other = make_article("自己的", owner=writer), make_article("别人的")
    client = signed_in(writer)
    text = client.get(LIST).content.decode()
    assert "自己的" in text
    assert "别人的" not in text
    assert client.get(page(own)).status_code == 200
    for tail in ("change/", "history/", "delete/", "move/withdraw/"):
        assert client.get(page(other, tail)).status_code in (302, 404)


def test_a_published_article_is_read_not_changed_by_its_writer(writer):
    article = make_article(owner=writer)
    client = signed_in(writer)
    text = client.get(page(article)).content.decode()
    assert 'name="_save"' not in text
    assert 'name="_move"' not in text
    assert client.post(page(article), form(article, body="改了")).status_code == 403
    assert Article.objects.get().body == article.body


def test_the_buttons_are_those_of_the_state_and_the_role(writer, editor, lawyer):
    article = make_article(state="draft", owner=writer)
    seen = {}
    for state in ("draft", "in_review", "approved", "published"):
        Article.objects.update(state=state)
        for user in (writer, editor, lawyer):
            text = signed_in(user).get(page(article)).content.decode()
            seen[state, user.username] = [
                word
                for word in ("送审", "取回修改", "审核通过", "退回修改", "定时发布", "撤下")
                if f"{word}</button>" in text or f"{word}</a>" in text
            ]
    assert seen["draft", "writer"] == ["送审"]
    assert seen["in_review", "writer"] == ["取回修改"]
    assert seen["in_review", "lawyer"] == ["取回修改", "审核通过", "退回修改"]
    assert seen["approved", "editor"] == ["退回修改", "定时发布"]
    assert seen["published", "editor"] == ["撤下"]
    assert seen["published", "writer"] == []


def test_saving_and_sending_to_review_is_one_click(writer):
    article = make_article(state="draft", owner=writer)
    values = form(article, body="改好了。", _move="submit")
    response = signed_in(writer).post(page(article), values, follow=True)
    assert "现在是“待审”" in response.content.decode()
    article.refresh_from_db()
    assert (article.state, article.body) == ("in_review", "改好了。")


def test_a_new_article_goes_to_review_at_once(writer):
    category = make_category()
    article = Article(title="新的", category=category, body="正文。")
    values = form_of_new(article) | {"_move": "submit"}
    signed_in(writer).post(f"{LIST}add/", values)
    article = Article.objects.get()
    assert (article.state, article.owner) == ("in_review", writer)
    assert [event.move for event in article.events.all()] == ["submit", "create"]


def form_of_new(article):
    counts = {
        f"{prefix}-{key}": 0
        for prefix in ("bylines", "images", "related")
        for key in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    words = {"title": article.title, "category": article.category_id, "body": article.body}
    return words | {"origin": "original"} | counts


def test_a_lawyer_approves_past_a_wrong_citation_with_a_reason(writer, lawyer):
    article = make_article(state="in_review", owner=writer)
    make_citation(article, "misquoted", "《民法典》第一千零三十二条", quotation="隐私不受侵犯")
    client = signed_in(lawyer)
    assert "隐私不受侵犯" in client.get(page(article, "move/approve/")).content.decode()
    response = client.post(page(article, "move/approve/"), {"override": ""})
    assert "请先改正引用" in response.content.decode()
    client.post(page(article, "move/approve/"), {"override": "引自草案。"})
    article.refresh_from_db()
    assert (article.state, article.reviewer) == ("approved", lawyer.author)
    assert "引自草案。" in client.get(page(article, "history/")).content.decode()


def test_an_editor_schedules_by_a_date_in_beijing_time(editor):
    article = make_article(state="approved", published_at=None)
    day = timezone.localdate() + timedelta(days=2)
    client = signed_in(editor)
    move = page(article, "move/schedule/")
    assert "晚于现在" in client.post(move, {"at_0": "2020-01-01", "at_1": "08:00"}).content.decode()
    for nonsense in ("x", "9999-99-99", "\0", ""):
        assert client.post(move, {"at_0": nonsense, "at_1": "x"}).status_code == 200
    client.post(move, {"at_0": day.isoformat(), "at_1": "08:00"})
    article.refresh_from_db()
    assert article.state == "scheduled"
    assert timezone.localtime(article.published_at).hour == 8


def test_an_approved_article_that_is_changed_goes_back_to_review(editor):
    article = make_article(state="approved", published_at=None)
    client = signed_in(editor)
    client.post(page(article), form(article))
    assert Article.objects.get().state == "approved"
    response = client.post(page(article), form(article, body="另一说法。"), follow=True)
    assert "审核后才能发布" in response.content.decode()
    assert Article.objects.get().state == "in_review"


def test_a_change_that_makes_a_public_article_wrong_is_refused_as_typed(editor, monkeypatch):
    refresh = publishing.refresh

    def cite(article, **why):
        rendered = refresh(article, **why)
        make_citation(article, "missing")
        return rendered

    article = make_article()
    monkeypatch.setattr(publishing, "refresh", cite)
    response = signed_in(editor).post(page(article), form(article, body="依第九千条。"))
    text = response.content.decode()
    assert "请先改正引用" in text
    assert "依第九千条。" in text
    assert Article.objects.get().body == article.body


# --- Two people at once ------------------------------------------------------------------


def test_the_second_saving_is_told_and_nothing_is_lost(editor, lawyer):
    article = make_article(body="借款人应当在五日内返还。")
    first, second = signed_in(editor), signed_in(lawyer)
    assert 'name="seal"' in first.get(page(article)).content.decode()
    opened = form(article)
    first.post(page(article), opened | {"body": "借款人应当在十日内返还。"})
    response = second.post(page(article), opened | {"body": "借款人可以在五日内返还。"})
    text = visible_text(response.content.decode())
    assert "editor" in text
    assert "这次没有保存" in text
    assert "可以" in text
    assert "十日" in text
    assert "借款人可以在五日内返还。" in response.content.decode()
    assert Article.objects.get().body == "借款人应当在十日内返还。"
    # Knowing that, the second saves once more; the first's words stay in the history.
    again = opened | {"body": "借款人可以在五日内返还。"}
    again["seal"] = response.context["adminform"].form["seal"].value()
    assert second.post(page(article), again).status_code == 302
    bodies = [version.body for version in history.versions(article.pk)]
    assert bodies == [
        "借款人可以在五日内返还。",
        "借款人应当在十日内返还。",
        "借款人应当在五日内返还。",
    ]


def test_a_step_taken_meanwhile_is_told_too(editor, lawyer):
    article = make_article(state="in_review", published_at=None)
    opened = form(article)
    signed_in(lawyer).post(page(article, "move/approve/"), {})
    response = signed_in(editor).post(page(article), opened | {"body": "改。"})
    assert "这次没有保存" in response.content.decode()
    assert Article.objects.get().state == "approved"


def test_a_rendering_meanwhile_is_no_change(editor):
    article = make_article()
    opened = form(article)
    article.save()
    assert signed_in(editor).post(page(article), opened | {"body": "改。"}).status_code == 302


# --- Versions and the trash, by hand -----------------------------------------------------


def test_an_editor_sees_the_difference_and_restores(editor):
    article = make_article(body="借款人应当在五日内返还。")
    client = signed_in(editor)
    client.post(page(article), form(article, body="借款人应当在十日内返还。"))
    text = client.get(page(article, "history/")).content.decode()
    assert "保存了文字" in text
    oldest = history.versions(article.pk).last()
    version = page(article, f"history/{oldest.history_id}/")
    text = client.get(version).content.decode()
    assert "<del>五日" in text
    assert "<ins>十日" in text
    client.post(f"{version}restore/")
    assert Article.objects.get().body == "借款人应当在五日内返还。"


def test_hostile_words_are_only_words_in_the_history(editor):
    article = make_article(body="<script>alert(1)</script>")
    client = signed_in(editor)
    client.post(page(article), form(article, body="<img src=x onerror=alert(2)>", title="<b>甲"))
    for version in history.versions(article.pk):
        text = client.get(page(article, f"history/{version.history_id}/")).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "<b>甲" not in client.get(page(article, "history/")).content.decode()


def test_an_editor_throws_away_and_brings_back(editor):
    article = make_article("误删的文章")
    client = signed_in(editor)
    assert "三十天内可以恢复" in client.get(page(article, "delete/")).content.decode()
    client.post(page(article, "delete/"), {"post": "yes"})
    assert Article.objects.get().state == "trashed"
    assert not client.get(f"{LIST}?q={article.pk}").context["cl"].result_list
    assert "误删的文章" in client.get(f"{LIST}trash/").content.decode()
    assert client.get(page(article, "restore/")).status_code == 405
    client.post(page(article, "restore/"))
    assert Article.objects.get().state == "withdrawn"


def test_several_are_thrown_away_at_once_but_none_that_one_may_not(editor, lawyer):
    articles = [make_article(), make_article(state="draft")]
    chosen = {"action": "delete_selected", "_selected_action": [a.pk for a in articles]}
    text = signed_in(lawyer).post(LIST, chosen).content.decode()
    assert "您不能删除" in text
    signed_in(lawyer).post(LIST, chosen | {"post": "yes"})
    assert Article.objects.kept().count() == 2
    signed_in(editor).post(LIST, chosen | {"post": "yes"})
    assert Article.objects.kept().count() == 0


def test_the_trash_shows_a_writer_only_their_own(writer, editor):
    make_article("别人的", state="trashed", state_since=timezone.now())
    own = make_article("自己的", state="trashed", state_since=timezone.now(), owner=writer)
    text = signed_in(writer).get(f"{LIST}trash/").content.decode()
    assert "自己的" in text
    assert "别人的" not in text
    assert signed_in(writer).post(page(own, "restore/")).status_code == 302


@pytest.mark.parametrize("path", ["trash/", "{}/history/", "{}/change/", ""])
def test_each_page_costs_the_same_however_much_there_is(editor, path):
    article = make_article()
    client = signed_in(editor)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST + path.format(article.pk)).status_code == 200
        return len(queries)

    def fill(number):
        for index in range(number):
            make_article(state="trashed", state_since=timezone.now(), owner=make_user())
            make_article(owner=make_user(), authors=[make_author()])
            client.post(page(article), form(article, body=f"第{index}次，{number}。"))

    fill(2)
    cost()
    few = cost()
    fill(6)
    assert cost() <= few


# --- The record --------------------------------------------------------------------------


def test_the_audit_list_tells_who_did_what_and_changes_nothing(editor):
    article = make_article("被撤下的")
    signed_in(editor).post(page(article, "move/withdraw/"), {})
    keeper = signed_in(make_user("keeper", "管理员"))
    text = keeper.get("/admin/admin/logentry/").content.decode()
    assert "被撤下的" in text
    assert "撤下" in text
    assert keeper.get("/admin/admin/logentry/add/").status_code == 403
    assert signed_in(editor).get("/admin/admin/logentry/").status_code == 403
