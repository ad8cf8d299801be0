"""Old addresses lead to the new ones; nothing else changes, and nothing leaves the site."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from articles import redirects
from articles.models import MovedArticle, Redirect
from tests.factories import make_article, make_category, make_user

pytestmark = pytest.mark.django_db


def moved(old, new="/hf/12.html"):
    redirects.record([(old, new)])


@pytest.mark.parametrize(
    ("old", "asked"),
    [
        ("/post/12.html", "/post/12.html"),
        ("/post/12.html", "/post/12.html?utm_source=x"),
        ("/post/12.html", "/index.php/post/12.html"),
        ("/2019/03/借条", "/2019/03/%E5%80%9F%E6%9D%A1/"),
        ("/?id=12", "/?id=12"),
        ("/?id=12", "/index.php?id=12&page=2"),
        ("/?id=12", "/view.php?id=12"),
        ("/?p=12", "/?p=12"),
        ("/blog/?p=12", "/blog/?p=12"),
        ("/blog/?p=12", "/blog/index.php?p=12&utm_source=x"),
        ("/blog/post", "/blog/post/?p=13"),
        ("/category-3.html", "/category-3_2.html"),
        ("/category-3.html", "/category-3-2.html"),
        ("/category/minshi", "/category/minshi/page/7/"),
        ("/category/minshi", "/category/minshi/2.html".replace(".html", "")),
    ],
)
def test_an_old_address_leads_to_the_new_one(client, old, asked):
    moved(old)
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (301, "/hf/12.html")


@pytest.mark.parametrize(
    "asked",
    [
        "/post/13.html",
        "/?id=13",
        "/post/%00",
        "/post/" + "x" * 3_000,
        "/post/%ff%fe",
        "/index.php?" + "&".join(f"a{n}=1" for n in range(80)),
    ],
)
def test_what_never_was_an_address_leads_nowhere(client, asked):
    moved("/post/12.html")
    assert client.get(asked).status_code in (200, 404)


def test_a_page_of_the_site_comes_before_an_old_address(client):
    article = make_article()
    moved(article.get_absolute_url(), "/hf/99.html")
    assert client.get(article.get_absolute_url()).status_code == 200


def test_the_home_page_asks_nothing_unless_an_old_parameter_is_there(client):
    moved("/?id=12")
    assert client.get("/").status_code == 200
    assert client.get("/?utm_source=baidu").status_code == 200


def test_a_miss_costs_one_query_more(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert client.get("/post/404.html").status_code == 404


def test_a_newer_redirect_replaces_an_older_one():
    moved("/a")
    moved("/a", "/hf/13.html")
    assert redirects.find("/a") == "/hf/13.html"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "hf/12.html"])
def test_no_redirect_leaves_the_site(target):
    with pytest.raises(IntegrityError):
        Redirect.objects.create(path="/a", target=target)


def test_a_target_cannot_break_the_header(client):
    moved("/a", "/tags/甲\r\nSet-Cookie: x/")
    response = client.get("/a")
    assert "Set-Cookie" not in response.headers
    assert "\n" not in response["Location"]


def test_an_address_does_not_lead_to_itself():
    moved("/hf/12.html")
    assert not Redirect.objects.exists()


def test_posting_to_an_old_address_is_not_redirected(client):
    moved("/post/12.html")
    assert client.post("/post/12.html").status_code == 404


def test_a_target_with_chinese_letters_is_encoded(client):
    category = make_category()
    url = reverse("articles:category", args=[category.slug])
    moved("/c", f"{url}#节")
    assert client.get("/c")["Location"] == f"{url}#%E8%8A%82"


# --- In the admin --------------------------------------------------------------------------

LIST = "/admin/articles/redirect/"


@pytest.fixture
def editor(client):
    client.force_login(make_user("", "编辑"), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/post/12.html", "/hf/12.html"),
        (" https://old.example/post/12.html?utm=1 ", "http://www.example.com/hf/12.html"),
        ("post/12.html/", "/hf/12.html"),
    ],
)
def test_an_editor_adds_finds_and_deletes_a_redirect(editor, old, new):
    response = editor.post(f"{LIST}add/", {"path": old, "target": new})
    assert response.status_code == 302
    assert editor.get("/post/12.html")["Location"] == "/hf/12.html"
    for query in ("/post/1", "/hf/12.html", "https://old.example/post/12.html"):
        found = editor.get(LIST, {"q": query}).context["cl"].result_list
        assert [row.path for row in found] == ["/post/12.html"]
    assert not editor.get(LIST, {"q": "/nothing"}).context["cl"].result_list
    editor.post(f"{LIST}{Redirect.objects.get().pk}/delete/", {"post": "yes"})
    assert editor.get("/post/12.html").status_code == 404


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/", "/hf/12.html"),
        ("", "/hf/12.html"),
        ("/a\x00b", "/hf/12.html"),
        ("http://[", "/hf/12.html"),
        ("/post/12.html", "https://evil.example/"),
        ("/post/12.html", "//evil.example/"),
        ("/post/12.html", "/\\evil.example/"),
        ("/post/12.html", "javascript:alert(1)"),
        ("/post/12.html", "/post/12.html"),
        ("/post/12.html", "http://["),
    ],
)
def test_what_is_no_redirect_is_named_and_not_stored(editor, old, new):
    response = editor.post(f"{LIST}add/", {"path": old, "target": new})
    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("query", ["\0", "http://[", "%", "x" * 3000])
def test_a_search_for_nonsense_finds_nothing(editor, query):
    moved("/post/12.html")
    assert editor.get(LIST, {"q": query}).status_code in (200, 302)


def test_it_is_told_which_article_came_from_where(editor):
    article = make_article()
    MovedArticle.objects.create(source="zblog", key="12", article=article, missing=["一.png"])
    page = editor.get("/admin/articles/movedarticle/", {"q": "12"}).content.decode()
    assert article.title in page
    assert "一.png" in page
    assert editor.get("/admin/articles/movedarticle/add/").status_code == 403
