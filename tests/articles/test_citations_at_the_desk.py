"""The panel of an article's citations: states, both texts, corrections, what one checked."""

import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from articles import publishing
from articles.models import ArticleCitation
from statutes import correcting
from statutes.assessing import assess_text
from tests.articles.test_admin import form
from tests.articles.test_citing import (
    ANIMALS,
    NOISE,
    TODAY,
    new_law,
    old_law,
    on,
    states,
)
from tests.articles.test_writing_desk import DESK, JSON, look, member
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

LAW = "《治安处罚示例法》"
QUOTED = f"{LAW}第四条规定：“{ANIMALS}”"


@pytest.fixture
def laws():
    old_law()
    new_law()


def panel(client, article=None, **values):
    """Return the panel's items by the words of each citation, as parsed HTML."""
    if article:
        values = {"desk-article": article.pk, "body": article.body} | values
    answer = look(client, **values).json()
    root = BeautifulSoup(answer["cited"], "lxml")
    return root, {li.select_one("[data-places]").text: li for li in root.select("li")}


def corrected(body, button):
    """Return the body as the browser leaves it after a click."""
    edits = json.loads(button["data-edits"])
    units = body.encode("utf-16-le")
    for edit in reversed(edits):
        start, end = 2 * edit["start"], 2 * edit["end"]
        assert units[start:end].decode("utf-16-le") == edit["was"]
        units = units[:start] + edit["text"].encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le")


# --- Corrections ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "label", "expected"),
    [
        (
            f"按{LAW}第二条第二项处理。",
            "改为第三条第一款第二项",
            f"按{LAW}第三条第一款第二项处理。",
        ),
        (f"按{LAW}第2条处理，见第２条。", "把2处旧条号一并更新", f"按{LAW}第3条处理，见第３条。"),
        (
            f"{LAW}第二条规定：“有下列行为之一的，处五日以下拘留或者五百元以下罚款”。",
            "改为第三条，引文改为现行原文",
            f"{LAW}第三条规定：“有下列行为之一的，处五日以下拘留或者一千元以下罚款”。",
        ),
        (
            f"{LAW}第四条规定：“{NOISE}”",
            "引文改为第四条原文",
            f"{LAW}第四条规定：“{NOISE[:-1]}；拒不改正的，处五百元以下罚款。”",
        ),
    ],
)
def test_a_click_makes_it_current(laws, body, label, expected, admin_client):
    article = make_article(body=body, published_at=on(2020))
    root, _ = panel(admin_client, article, body=f"\n 😀{body}")
    (button,) = [each for each in root.select("[data-edits]") if each.text == label]
    assert corrected(f"\n 😀{body}", button) == f"\n 😀{expected}"
    values = {"body": f"😀{expected}", "desk-renewed": button["data-renewed"]}
    _, items = panel(admin_client, article, **values)
    assert {item["class"][0] for item in items.values()} == {"current"}
    response = admin_client.post(
        f"{DESK}{article.pk}/change/", form(article.category, **values), follow=True
    )
    assert response.status_code == 200
    assert set(states(article)) == {"current"}
    publishing.refresh(article.__class__.objects.get(pk=article.pk))
    assert set(states(article)) == {"current"}


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("改为引文所在的第三条", f"{LAW}第三条规定：“{ANIMALS}”"),
        ("引文改为第四条原文", f"{LAW}第四条规定：“{NOISE}”"),
    ],
)
def test_a_misquotation_gets_its_place_or_its_words(admin_client, label, expected):
    old_law()
    article = make_article(body=QUOTED, published_at=on(2020))
    root, items = panel(admin_client, article)
    item = items[f"{LAW}第四条"]
    assert item["class"] == ["misquoted"]
    assert "引文实际在《治安处罚示例法》第三条" in item.text
    (button,) = [each for each in root.select("[data-edits]") if each.text == label]
    assert corrected(QUOTED, button) == expected
    _, items = panel(
        admin_client, article, body=expected, **{"desk-renewed": button["data-renewed"]}
    )
    assert {each["class"][0] for each in items.values()} == {"current"}


def test_an_old_number_in_a_new_article_is_a_question_that_one_click_answers(laws, admin_client):
    body = f"多次发送侮辱信息，干扰他人正常生活的，按{LAW}第二条处理。"
    article = make_article(body=body, published_at=on(2026))
    root, items = panel(admin_client, article)
    assert "请核对条号" in items[f"{LAW}第二条"].text
    (button,) = root.select("[data-edits]")
    assert button.text == "改为第三条"
    renewed = {"body": corrected(body, button), "desk-renewed": button["data-renewed"]}
    _, items = panel(admin_client, article, **renewed)
    assert items[f"{LAW}第三条"]["class"] == ["current"]


@pytest.mark.parametrize(
    "body",
    [
        f"{LAW}第二条至第四条。",  # one span for three
        # whoever reads 第三条 as of 2020 means animals: both numbers cannot be told apart
        f"{LAW}第二条第二项；{LAW}第三条。",
        f"{LAW}第九十条。",
        "《没有这部条例》第三条。",
    ],
)
def test_what_is_not_certain_has_no_click(laws, admin_client, body):
    article = make_article(body=body, published_at=on(2020))
    root, items = panel(admin_client, article)
    assert items
    assert not root.select("[data-edits]")


def test_reading_to_make_certain_has_an_end(laws, monkeypatch):
    text = f"{LAW}第二条。" * 30
    assessments = assess_text(text, on=on(2020).date(), today=TODAY)
    monkeypatch.setattr(correcting, "_MOST_READ", 3 * len(text))
    found = correcting.corrections(text, assessments, today=TODAY)
    assert sorted(found) == [0, 1, 2]


# --- What is shown --------------------------------------------------------------------------


def test_errors_come_first_and_each_says_what_it_is(laws, admin_client):
    body = (
        f"{LAW}第一条，《没有这部条例》第三条，{LAW}第四条。\n\n{LAW}第二条第二项，{LAW}第九十条。"
    )
    article = make_article(body=body, published_at=on(2020))
    root, items = panel(admin_client, article)
    assert [item["class"][0] for item in items.values()] == [
        *("missing", "amended", "renumbered", "unknown", "current"),
    ]
    assert [strong.text for strong in root.select("li strong")][:1] == ["条文不存在"]
    amended = items[f"{LAW}第四条"]
    assert "拒不改正的" in "".join(ins.text for ins in amended.select(".told, ins"))
    unknown = items["《没有这部条例》第三条"]
    assert unknown.select_one('a[href="/admin/statutes/statuteversion/import/"]')
    assert not amended.select("[data-edits]")


def test_the_preview_has_links_and_notices_as_published(laws, admin_client, client):
    article = make_article(body=f"按{LAW}第二条第二项，向银保监会投诉。", published_at=on(2020))
    answer = look(admin_client, **{"desk-article": article.pk, "body": article.body}).json()
    preview = BeautifulSoup(answer["preview"], "lxml")
    page = BeautifulSoup(client.get(article.get_absolute_url()).content, "lxml")
    for part in (".prose", ".validity-notice", ".cited-provisions"):
        assert preview.select_one(part).decode() == page.select_one(part).decode()


def test_an_unsaved_article_states_the_law_of_today(laws, admin_client):
    _, items = panel(admin_client, body=f"{LAW}第三条和第九十条。")
    assert [item["class"][0] for item in items.values()] == ["missing", "current"]


def test_markup_in_citations_is_harmless(laws, admin_client):
    evil = "《<img src=x onerror=alert(1)>条例》第三条规定：“<script>alert(1)</script>" + "字" * 20
    answer = look(admin_client, body=f"{evil}”\n\n{LAW}第四条规定：“<b onclick=x>{ANIMALS}</b>”")
    cited = answer.json()["cited"]
    assert "<script" not in cited
    assert "<img" not in cited
    assert "<b " not in cited


@pytest.mark.parametrize(
    "hostile", ["[", "{}", '"x"', "[[1,2]]", "[[]]", '[["a"]]', "[" * 9_000, "[[null,null]]"]
)
def test_hostile_places_are_passed_over(laws, admin_client, hostile):
    article = make_article(body=f"{LAW}第一条。", published_at=on(2020))
    _, items = panel(admin_client, article, **{"desk-renewed": hostile})
    assert [item["class"][0] for item in items.values()] == ["current"]


def test_looking_costs_the_same_however_many_citations_there_are(
    laws, admin_client, django_assert_max_num_queries
):
    article = make_article(body=f"{LAW}第二条。\n\n" * 40, published_at=on(2020))
    panel(admin_client, article)
    with django_assert_max_num_queries(26):
        panel(admin_client, article)


# --- Checked by me ----------------------------------------------------------------------------


def check(client, article, citation, **values):
    sent = {"desk-article": article.pk, "citation": citation, **values}
    return client.post(f"{DESK}check/", sent, **JSON)


def test_what_one_checked_is_current_and_names_who_and_when(laws, admin_client, admin_user):
    article = make_article(body=f"{LAW}第四条。", published_at=on(2020))
    _, items = panel(admin_client, article)
    (button,) = items[f"{LAW}第四条"].select("[data-check]")
    assert check(admin_client, article, button["data-check"]).status_code == 200
    assert states(article) == ["current"]
    _, items = panel(admin_client, article)
    assert f"{admin_user}于" in items[f"{LAW}第四条"].text
    article.refresh_from_db()
    assert not article.law_notices


def test_a_checked_article_is_saved_without_a_conflict(laws, admin_client):
    article = make_article(body=f"{LAW}第四条。", published_at=on(2020))
    page = admin_client.get(f"{DESK}{article.pk}/change/")
    seal = page.context["adminform"].form.initial["seal"]
    check(admin_client, article, article.citations.get().pk)
    values = form(article.category, title=article.title, body=f"{LAW}第四条！", seal=seal, tags="")
    assert admin_client.post(f"{DESK}{article.pk}/change/", values).status_code == 302


@pytest.mark.parametrize("body", [f"{LAW}第二条。", f"{LAW}第九十条。", "《没有这部条例》第三条。"])
def test_what_must_be_corrected_cannot_be_called_checked(laws, admin_client, body):
    article = make_article(body=body, published_at=on(2020))
    root, _ = panel(admin_client, article)
    assert not root.select("[data-check]")
    assert check(admin_client, article, article.citations.get().pk).status_code == 400
    assert not ArticleCitation.objects.exclude(checked_on=None)


@pytest.mark.parametrize("pk", ["", "x", "0", "-1", "9" * 40, "1 OR 1=1"])
def test_a_citation_that_is_not_the_articles_is_refused(laws, admin_client, pk):
    article = make_article(body=f"{LAW}第四条。", published_at=on(2020))
    other = make_article(body=f"{LAW}第四条。", published_at=on(2020))
    for value in (pk, other.citations.get().pk):
        assert check(admin_client, article, value).status_code == 400
    assert check(admin_client, article, pk, **{"desk-article": ""}).status_code == 400
    assert states(other) == ["amended"]


def test_who_may_not_change_the_article_may_not_check_it(laws, client):
    writer = make_user("writer", "作者")
    article = make_article(body=f"{LAW}第四条。", published_at=on(2020), owner=writer)
    pk = article.citations.get().pk
    assert check(client, article, pk).status_code == 302  # to the door
    own = Client()
    own.force_login(writer, "django.contrib.auth.backends.ModelBackend")
    assert check(own, article, pk).status_code == 403  # published: not the writer's any more
    for permissions in ([], ["view_article"], ["add_article"]):
        stranger = member(*permissions, name="丙" + "".join(permissions))
        assert check(stranger, article, pk).status_code in (403, 404)
    assert states(article) == ["amended"]


def test_checking_needs_post_and_the_forms_token(laws, admin_client, admin_user):
    assert admin_client.get(f"{DESK}check/").status_code == 405
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    assert client.post(f"{DESK}check/").status_code == 403
