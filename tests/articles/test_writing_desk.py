"""Writing at the desk: who may, what the form shows of the article, what it keeps."""

import random

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles import drafts, images, publishing
from articles.importing import opened
from articles.models import Article, ArticleImage, Draft
from tests.articles.importing.test_word import make_docx
from tests.articles.importing.test_word import p as paragraph
from tests.articles.test_admin import form
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_image,
    make_tag,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db

DESK = "/admin/articles/article/"
JSON = {"headers": {"Accept": "application/json"}}


def member(*permissions, name="作者甲", is_staff=True):
    """Return the client of a member of staff with these permissions on articles."""
    user = get_user_model().objects.create_user(name, password="pw", is_staff=is_staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def look(client, **values):
    return client.post(f"{DESK}look/", {"title": "标题", "body": "正文", **values}, **JSON)


# --- Who may ------------------------------------------------------------------------------

VIEWS = [("look", "post"), ("pictures", "post"), ("keep", "post"), ("provisions", "get")]
VIEWS += [("word", "post")]


@pytest.mark.parametrize(("view", "method"), VIEWS)
def test_a_stranger_is_asked_to_log_in(client, view, method):
    response = getattr(client, method)(f"{DESK}{view}/")
    assert response.status_code == 302
    assert "/admin/login/" in response["Location"]


@pytest.mark.parametrize(("view", "method"), VIEWS)
def test_staff_without_the_right_is_refused(view, method):
    for permissions in ([], ["view_article"], ["change_author"]):
        client = member(*permissions, name="乙" + "".join(permissions))
        assert getattr(client, method)(f"{DESK}{view}/").status_code == 403


@pytest.mark.parametrize("view", ["look", "pictures", "keep"])
def test_one_who_may_add_may_not_touch_what_is_there(view):
    article = make_article()
    client = member("add_article")
    assert client.post(f"{DESK}{view}/", {"desk-article": article.pk}).status_code in (403, 404)


@pytest.mark.parametrize("pk", ["0", "-1", "x", "9" * 30, "1 OR 1=1"])
def test_an_article_that_is_not_there_is_not_found(admin_client, pk):
    assert look(admin_client, **{"desk-article": pk}).status_code == 404


@pytest.mark.parametrize(("view", "method"), VIEWS)
def test_only_the_right_method_is_answered(admin_client, view, method):
    wrong = admin_client.get if method == "post" else admin_client.post
    assert wrong(f"{DESK}{view}/").status_code == 405


def test_posts_need_the_forms_token(admin_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    for view in ("look", "pictures", "keep", "discard"):
        assert client.post(f"{DESK}{view}/").status_code == 403


def test_one_who_may_only_view_gets_no_desk():
    writer = make_user("writer", "作者")
    article = make_article(owner=writer)  # published: not the writer's to change any more
    client = Client()
    client.force_login(writer, "django.contrib.auth.backends.ModelBackend")
    text = client.get(f"{DESK}{article.pk}/change/").content.decode()
    assert "desk-pane" not in text
    assert article.title in text


def test_the_form_brings_its_scripts_and_a_place_for_what_they_show(admin_client):
    text = admin_client.get(f"{DESK}add/").content.decode()
    for part in ("js/desk-base.js", "js/desk-keeping.js", "css/desk.css", 'class="desk-pane"'):
        assert part in text


# --- Preview and hints ------------------------------------------------------------------------


def prose(page: str) -> str:
    """Return what stands in the page's body of the article."""
    return page.partition('<div class="prose">\n')[2].partition("\n</div>\n")[0]


def test_the_preview_shows_what_is_typed_and_saves_nothing(admin_client):
    article = make_article()
    before = Article.objects.values().get()
    values = {"desk-article": article.pk, "title": "新的标题", "body": "新的正文"}
    answer = look(admin_client, **values).json()
    assert "<h1>新的标题</h1>" in answer["preview"]
    assert prose(answer["preview"]) == "<p>新的正文</p>"
    assert answer["length"] == 4
    assert Article.objects.values().get() == before


def test_a_body_that_cannot_be_rendered_says_why(admin_client):
    answer = look(admin_client, body="[" * 4_000).json()
    assert answer["preview"] is None
    assert "方括号过多" in answer["error"]
    assert "方括号过多" in answer["hints"]


def test_markup_in_the_form_is_harmless(admin_client):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    answer = look(admin_client, title=evil, body=evil, summary=evil).json()
    for part in ("preview", "hints"):
        assert "<script>" not in answer[part]
        assert "onerror=" not in answer[part].replace("onerror=alert(1)&gt;", "")


def test_places_count_as_browsers_do(admin_client):
    body = "  \r\n𠮷𠮷\r\n\r\n![](a.png)"
    answer = look(admin_client, body=body).json()
    typed = body.replace("\r\n", "\n").encode("utf-16-le")
    start, end = (typed.index(part.encode("utf-16-le")) // 2 for part in ("![", ")"))
    assert f"body:{start}-{end + 1}" in answer["hints"]


def test_without_script_the_form_opens_preview_and_hints_as_a_page(admin_client):
    values = {"title": "标题", "body": "正文\n\n![](a.png)"}
    text = admin_client.post(f"{DESK}look/", values).content.decode()
    assert "srcdoc=" in text
    assert "图片没有文字说明" in text


def test_the_preview_may_not_be_larger_than_a_request(admin_client):
    response = look(admin_client, body="字" * 2_000_000)
    assert response.status_code == 400


def test_a_look_costs_a_bounded_number_of_queries(admin_client, django_assert_max_num_queries):
    article = make_article(tags=["借条", "借款"])
    with django_assert_max_num_queries(16):
        look(admin_client, **{"desk-article": article.pk, "body": "![甲](a.png)\n\n正文" * 50})


WORDS = "借款 合同 自贷款人提供借款时成立 《民法典》第六百七十九条 治安法第四十二条 2,000元 LPR 𠮷"


def document(seed: int, pictures: list[str]) -> str:
    """Return a body with whatever an editor may write, and some of what none should."""
    choose = random.Random(seed)

    def sentence():
        words = "".join(choose.choices(WORDS.split(), k=choose.randint(2, 9)))
        mark = choose.choice(["{}", "{}", "**{}**", "*{}*", "`{}`", "[{}](/hf/7.html)", "{}[^1]"])
        return mark.format(words) + choose.choice("。；！\n")

    def block():
        text = "".join(sentence() for _ in range(choose.randint(1, 4))).strip()
        line = text.replace("\n", " ")
        return choose.choice(
            [
                text,
                text,
                f"{'#' * choose.randint(1, 6)} {line}",
                f"- {line}\n- {line}\n  1. {line}",
                f"1. {line}\n2. {line}",
                f"> {line}\n>\n> ——《民法典》",
                f"表一　{line}\n\n| 项目 | 说明 |\n|---|---:|\n| {line} | 1 |",
                f"![{line[:9]}]({choose.choice(pictures)} '图一 说明')",
                f"```\n{text}\n```",
                f"（一）{line}\n（二）{line}",
                f"<div style='color:red'><b>{line}</b></div><script>alert(1)</script>",
                f"    {line}",
                "---",
            ]
        )

    blocks = [block() for _ in range(choose.randint(1, 14))]
    ending = "\n\n[^1]: 见《民法典》第一条。" if choose.random() < 0.5 else ""
    newline = choose.choice(["\n", "\r\n"])
    return (choose.choice(["", "\n", "  "]) + "\n\n".join(blocks) + ending).replace("\n", newline)


@pytest.mark.parametrize("part", range(10))
def test_the_preview_is_the_published_body_for_200_documents(admin_client, part):
    make_version("中华人民共和国民法典")
    category = make_category()
    stored = images.store(make_image(400, 300)).name
    shown = 0
    for seed in range(part * 20, part * 20 + 20):
        values = form(
            category, body=document(seed, [stored, "没有.png", "https://a.example/b.png"])
        )
        article = None
        if seed % 2:
            article = make_article("旧的标题", category=category, state="draft")
            values["desk-article"] = article.pk
        preview = look(admin_client, **values).json()["preview"]
        at = f"{article.pk}/change/" if article else "add/"
        assert admin_client.post(DESK + at, values).status_code == 302
        article = Article.objects.get(pk=article.pk) if article else Article.objects.latest("pk")
        publishing.publish(article)
        public = admin_client.get(article.get_absolute_url()).content.decode()
        assert prose(preview), seed
        assert prose(preview) == prose(public), seed
        shown += stored in prose(public)
    assert shown


# --- Provisions -----------------------------------------------------------------------------


def test_a_provision_is_found_to_be_cited(admin_client):
    make_version("中华人民共和国甲法", provisions=("为了甲，制定本法。", "乙应当登记。"))
    (found,) = admin_client.get(f"{DESK}provisions/", {"q": "甲法2"}).json()["results"]
    assert found["citation"] == "《甲法》第二条"
    assert found["lines"] == ["乙应当登记。"]


# --- Pictures -------------------------------------------------------------------------------


def upload(client, content, name="a.png", **values):
    file = SimpleUploadedFile(name, content, "image/png")
    return client.post(f"{DESK}pictures/", {"file": file, **values})


def test_a_picture_is_stored_shown_and_adopted_when_the_article_is_saved(admin_client):
    name = upload(admin_client, make_image(300, 200)).json()["name"]
    body = f"![三个步骤]({name})"
    assert f"/media/{name}" in look(admin_client, body=body).json()["preview"]
    admin_client.post(f"{DESK}add/", form(make_category(), body=body))
    image = ArticleImage.objects.get()
    assert (image.name, image.width, image.height) == (name, 300, 200)
    article = image.article
    assert f"/media/{name}" in article.body_html
    publishing.refresh(article)
    assert ArticleImage.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "不是"), (b"<svg onload=alert(1)>", "不是"), (make_image(500, 500)[:-40], "损坏")],
)
def test_what_is_no_picture_is_refused_in_words(admin_client, content, words):
    response = upload(admin_client, content)
    assert response.status_code == 400
    assert words in response.json()["error"]


def test_a_picture_too_large_is_refused(admin_client, monkeypatch):
    monkeypatch.setattr(images, "MAX_BYTES", 10)
    assert "超过" in upload(admin_client, make_image()).json()["error"]


@pytest.mark.parametrize("name", ["images/../../etc/passwd", "covers/ab/x.png", "images/zz/a.png"])
def test_only_names_that_the_storage_gave_are_taken_for_pictures(name):
    article = make_article(body=f"![甲]({name})")
    assert "<img" not in article.body_html
    assert not article.images.exists()


# --- Word files ---------------------------------------------------------------------------


def word_file(content, name="借条怎么写.docx"):
    return {"file": SimpleUploadedFile(name, content)}


def test_a_word_file_is_read_into_the_form(admin_client):
    content = make_docx(paragraph("先看借条。") + paragraph("再看转账。"))
    answer = admin_client.post(f"{DESK}word/", word_file(content), **JSON).json()
    assert answer["title"] == "借条怎么写"
    assert answer["markdown"] == "先看借条。\n\n再看转账。"
    assert (answer["pictures"], answer["notes"]) == (0, [])
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no zip", "不是Word文件"), (b"", "不是Word文件"), (make_docx(""), "没有文字")],
)
def test_what_is_no_word_file_is_refused_in_words(admin_client, content, words):
    response = admin_client.post(f"{DESK}word/", word_file(content), **JSON)
    assert response.status_code == 400
    assert words in response.json()["error"]


def test_a_word_file_too_large_is_refused(admin_client, monkeypatch):
    monkeypatch.setattr(opened, "MAX_BYTES", 100)
    content = make_docx(paragraph("先看借条。"))
    response = admin_client.post(f"{DESK}word/", word_file(content), **JSON)
    assert "文件超过" in response.json()["error"]


# --- Kept drafts ------------------------------------------------------------------------------


def keep(client, **values):
    return client.post(f"{DESK}keep/", {"desk-key": "k1", "body": "写了一半", **values})


def test_what_is_typed_for_a_new_article_is_kept_and_offered_again(admin_client):
    category = make_category()
    assert keep(admin_client, title="新文章", category=category.pk, tags="借条").json()["kept_at"]
    keep(admin_client, title="新文章", category=category.pk, tags="借条", body="写了更多")
    draft = Draft.objects.get()
    text = admin_client.get(f"{DESK}add/").content.decode()
    assert "“新文章”还没有保存" in text
    page = admin_client.get(f"{DESK}add/", {"recover": draft.pk})
    text = page.content.decode()
    for words in ("新文章", "写了更多", "借条", f'value="{category.pk}" selected', "已恢复"):
        assert words in text
    assert f'name="desk-key" value="{draft.key}"' in text


def test_saving_forgets_the_kept_draft(admin_client):
    keep(admin_client, title="新文章")
    admin_client.post(f"{DESK}add/", form(make_category(), **{"desk-key": "k1"}))
    assert not Draft.objects.exists()


def test_a_form_that_cannot_be_saved_keeps_its_draft(admin_client):
    keep(admin_client, title="新文章")
    response = admin_client.post(
        f"{DESK}add/", form(make_category(), title="", **{"desk-key": "k1"})
    )
    assert Draft.objects.count() == 1
    assert 'name="desk-key" value="k1"' in response.content.decode()


def test_changes_of_an_article_are_kept_apart_from_it(admin_client):
    article = make_article(tags=["借条"])
    saved = {"title": article.title, "category": article.category_id, "tags": "借条"}
    values = {"desk-article": article.pk, "desk-basis": drafts.digest(article), **saved}
    assert keep(admin_client, body="改了", **values).json()["kept_at"]
    assert Draft.objects.get().article == article
    page = admin_client.get(f"{DESK}{article.pk}/change/", {"recover": Draft.objects.get().pk})
    assert "改了" in page.content.decode()
    article.refresh_from_db()
    assert article.body != "改了"
    assert keep(admin_client, **values | {"body": article.body}).json()["kept_at"] == ""
    assert not Draft.objects.exists()


def test_one_is_told_that_someone_saved_since(admin_client):
    article = make_article()
    basis = {"desk-article": article.pk, "desk-basis": drafts.digest(article)}
    keep(admin_client, title=article.title, **basis)
    address = f"{DESK}{article.pk}/change/"
    assert "此后这篇文章被保存过" not in admin_client.get(address).content.decode()
    Article.objects.update(body="别人改的")
    assert "此后这篇文章被保存过" in admin_client.get(address).content.decode()


def test_drafts_are_their_writers_own(admin_client):
    other = member("add_article", "change_article")
    keep(other, title="别人的")
    draft = Draft.objects.get()
    assert "别人的" not in admin_client.get(f"{DESK}add/").content.decode()
    assert "别人的" not in admin_client.get(f"{DESK}add/", {"recover": draft.pk}).content.decode()
    admin_client.post(f"{DESK}discard/", {"draft": draft.pk})
    assert Draft.objects.exists()
    other.post(f"{DESK}discard/", {"draft": draft.pk})
    assert not Draft.objects.exists()


@pytest.mark.parametrize("pk", ["", "x", "0", "9" * 18, "9" * 40, "²"])
def test_a_draft_that_is_not_there_changes_nothing(admin_client, pk):
    assert admin_client.get(f"{DESK}add/", {"recover": pk}).status_code == 200
    assert admin_client.post(f"{DESK}discard/", {"draft": pk}).status_code == 302


def test_an_empty_form_is_not_kept(admin_client):
    assert keep(admin_client, body=" ").json()["kept_at"] == ""
    assert not Draft.objects.exists()


def test_what_is_kept_is_bounded(admin_client):
    for number in range(drafts.MOST + 3):
        keep(admin_client, **{"desk-key": f"k{number}", "title": f"第{number}篇"})
    assert Draft.objects.count() == drafts.MOST
    assert not Draft.objects.filter(key="k0").exists()
    keep(admin_client, **{"desk-key": "x" * 500, "title": "\0长" * 300_000})
    assert len(Draft.objects.latest("pk").fields["title"]) <= drafts.LONGEST
    assert "\0" not in Draft.objects.latest("pk").fields["title"]


def test_a_tag_may_be_offered_by_a_kept_draft(admin_client):
    make_tag("借条")
    keep(admin_client, tags="借条、<b>")
    page = admin_client.get(f"{DESK}add/", {"recover": Draft.objects.get().pk}).content.decode()
    assert "借条、&lt;b&gt;" in page


def rows(*authors, prefix="bylines"):
    """Return the form's rows of authors: (author, position, is deleted)."""
    fields = {f"{prefix}-TOTAL_FORMS": len(authors)}
    for number, (author, position, *is_deleted) in enumerate(authors):
        fields[f"{prefix}-{number}-author"] = author.pk
        fields[f"{prefix}-{number}-position"] = position
        if any(is_deleted):
            fields[f"{prefix}-{number}-DELETE"] = "on"
    return fields


def test_the_authors_of_a_new_article_are_kept(admin_client):
    one, two = make_author("甲律师"), make_author("乙律师")
    values = {"title": "新的", "desk-key": "k", **rows((one, 1), (two, 0))}
    admin_client.post(f"{DESK}keep/", values)
    page = admin_client.get(f"{DESK}add/", {"recover": Draft.objects.get().pk})
    forms = page.context["inline_admin_formsets"][0].formset.forms
    assert [form.initial.get("author") for form in forms] == [two.pk, one.pk, None]
    assert "乙律师" in page.content.decode()


def test_changed_authors_of_an_article_are_kept_apart_from_it(admin_client):
    old, stays, new = (make_author(name) for name in ("旧律师", "原律师", "新律师"))
    article = make_article(authors=[old, stays], state="draft")
    basis = {"desk-article": article.pk, "desk-basis": drafts.digest(article)}
    saved = {"title": article.title, "body": article.body, "category": article.category_id}
    unchanged = basis | saved | rows((old, 0), (stays, 1))
    admin_client.post(f"{DESK}keep/", unchanged)
    assert not Draft.objects.exists(), "as it is saved"
    changed = rows((old, 0, True), (stays, 0), (new, 1))
    admin_client.post(f"{DESK}keep/", basis | saved | changed)
    page = admin_client.get(f"{DESK}{article.pk}/change/", {"recover": Draft.objects.get().pk})
    forms = page.context["inline_admin_formsets"][0].formset.forms
    shown = [
        (form.initial.get("author"), form.initial.get("position"), form.initial.get("DELETE"))
        for form in forms
    ]
    assert shown == [
        *((old.pk, 0, True), (stays.pk, 0, False), (new.pk, 1, None)),
        (None, None, None),
    ]
    assert article.bylines.count() == 2


@pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 30, "1.5", ""])
def test_rows_of_nonsense_are_not_kept(admin_client, nonsense):
    values = {"title": "新的", "desk-key": "k", "bylines-0-author": nonsense}
    admin_client.post(f"{DESK}keep/", values)
    assert Draft.objects.get().fields[drafts.ROWS] == []
