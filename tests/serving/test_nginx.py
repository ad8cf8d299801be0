"""The nginx of deploy/ serves the files of the cache, and asks the site for the rest."""

import re

import pytest

from tests.serving.machines import Client, wait_until

FILE = "nginx; hit"


@pytest.fixture(autouse=True)
def _a_page_that_is_ready(site, nginx):
    site.client.get("/hf/1.html")
    wait_until(lambda: nginx.get("/hf/1.html").how == FILE, "a page served from its file")


@pytest.mark.parametrize("coding", ["br", "gzip", "gzip, deflate, br, zstd"])
@pytest.mark.parametrize("path", ["/", "/hf/1.html", "/categories/jin-rong-zhai-wu/", "/statutes/"])
def test_a_file_has_the_headers_and_bytes_of_the_page(site, nginx, path, coding):
    site.client.get(path)
    own, file = site.client.get(path, coding=coding), nginx.get(path, coding=coding)
    assert (own.status, file.status, file.how) == (200, 200, FILE)
    assert file.text == own.text
    different = {"server", "date", "cache-status", "connection"}
    assert {name: value for name, value in file.headers.items() if name not in different} == {
        name: value for name, value in own.headers.items() if name not in different
    }


def test_validators_of_one_are_known_to_the_other(site, nginx):
    for one, other in ((site.client, nginx), (nginx, site.client)):
        known = one.get("/hf/1.html").headers
        assert other.get("/hf/1.html", If_None_Match=known["etag"]).status == 304
        assert other.get("/hf/1.html", If_Modified_Since=known["last-modified"]).status == 304
        assert other.get("/hf/1.html", If_None_Match='"x"').status == 200


def test_parts_and_heads_are_right(site, nginx):
    whole = nginx.get("/hf/1.html")
    for client in (site.client, nginx):
        head = client.get("/hf/1.html", method="HEAD")
        assert (head.status, head.body) == (200, b"")
        assert head.headers["content-length"] == str(len(whole.body))
        part = client.get("/hf/1.html", Range="bytes=2-5", If_Range=whole.headers["etag"])
        assert (part.status, part.body) == (206, whole.body[2:6])
        assert part.headers["content-range"] == f"bytes 2-5/{len(whole.body)}"
        assert client.get("/hf/1.html", Range="bytes=999999-").status == 416
        assert client.get("/hf/1.html", Range="bytes=2-5", If_Range='"x"').status == 200


@pytest.mark.parametrize(
    "how",
    [
        {"Cookie": "sessionid=abc"},
        {"Cookie": "a=b; sessionid=abc"},
        {"Cookie": "sessionid=1", "path": "/hf/1.html?"},
        {"Cookie": "sessionid=:11br"},
        {"coding": "identity"},
        {"coding": "br;q=0"},
        {"path": "/hf/1.html?utm_source=x"},
        {"path": "/hf/%31.html"},
        {"path": "/hf/1.html?"},
        {"path": "/robots.txt"},
        {"path": "/admin/login/"},
    ],
)
def test_what_no_file_can_answer_is_asked_of_the_site(nginx, how):
    path = how.pop("path", "/hf/1.html")
    reply = nginx.get(path, **how)
    assert reply.status == 200
    assert reply.how != FILE


def test_a_page_of_the_past_is_never_served(site, nginx):
    site.edit("amend", number=1, title="换了题目")
    wait_until(lambda: "换了题目" in nginx.get("/hf/1.html").text, "the change", patience=10)
    assert nginx.get("/hf/1.html").how == FILE
    site.edit("withdraw", number=40)
    wait_until(lambda: nginx.get("/hf/40.html").status == 410, "the withdrawal", patience=10)


@pytest.mark.parametrize(
    "path",
    [
        "/../../../etc/passwd",
        "/hf/../../current/pages/.before",
        "/.before",
        "/%2e%2e/%2e%2e/store",
        "/hf/1.html%00.br",
        "/hf/1.html.br",
        "/hf//1.html",
        "//hf/1.html",
        "/hf/./1.html",
        "/hf/" + "a" * 3000,
        "/hf/1.html/",
        "/current/pages/x",
    ],
)
def test_hostile_addresses_find_no_file(nginx, path):
    client = Client(nginx.port)  # nginx may close the connection
    reply = client.get(path)
    assert reply.status in (400, 404, 410, 414, 301), reply.how
    assert "root:" not in reply.text


def test_another_method_reaches_the_site_with_its_body(nginx):
    page = nginx.get("/admin/login/")
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    cookie = page.headers["set-cookie"].partition(";")[0]
    nginx._connection.request(
        "POST",
        "/admin/login/",
        body=f"csrfmiddlewaretoken={token}&username=a&password=b",
        headers={
            "Host": nginx.host,
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://{nginx.host}/admin/login/",
        },
    )
    response = nginx._connection.getresponse()
    assert (response.status, "errornote" in response.read().decode()) == (200, True)
    assert nginx.get("/hf/1.html", method="POST").status in (403, 405)


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE"])
def test_the_site_answers_methods_that_files_do_not_know(site, nginx, method):
    for path in ("/hf/1.html", "/statutes/", "/admin/login/"):
        own = site.client.get(path, method=method)
        assert nginx.get(path, method=method).status == own.status
        assert own.status in (200, 403, 405)


@pytest.mark.parametrize("path", ["/hf/1.html?a=%2F&b=1", "/search/?q=%E5%80%9F%E6%9D%A1"])
def test_the_site_is_asked_what_was_asked(site, nginx, path):
    assert nginx.get(path).text == site.client.get(path).text


def test_static_files_are_served_for_ever_and_compressed(site, nginx):
    sheet = re.search(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', nginx.get("/").text)[1]
    reply = nginx.get(sheet, coding="gzip")
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["content-encoding"] == "gzip"
    assert reply.headers["content-type"].startswith("text/css")
    assert nginx.get("/static/nothing.css").status == 404
    assert nginx.get("/media/nothing.png").status == 404


def test_the_site_hears_who_asks(site, nginx):
    log = site.folder / "nginx" / "access.log"
    wait_until(lambda: '"nginx; hit"' in log.read_text(), "a line in the log", patience=10)


def test_other_headers_than_nginx_sends_are_in_another_folder(site, nginx):
    """A setting changed and nginx not yet told: nginx finds no file, and asks the site."""
    generations = site.folder / "data" / "pages" / "current" / "pages"
    words = {path.name for path in generations.iterdir() if path.is_dir()}
    conf = (site.folder / "nginx" / "nginx.conf").read_text()
    assert words == {re.search(r"/current/pages/(\w+)\$uri", conf)[1]}
