"""The door in front of Django: what is kept, for whom, how long, and in which form it is sent."""

import gzip
import shutil
import threading
from datetime import timedelta
from email.utils import formatdate
from io import BytesIO
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import brotli
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError
from django.utils import timezone
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles import publishing, redirects
from articles.models import Article
from lawsite import generation, page_cache
from lawsite.models import SiteProfile
from lawsite.page_cache import PageCache, Watch, is_for_everybody, key_of
from lawsite.page_store import PageStore
from lawsite.views import AWAY
from statutes import changes
from tests.factories import make_article, make_author, make_site, make_version

MB = 1024 * 1024
PUBLIC = ("Cache-Control", "public, max-age=60")
HTML = ("Content-Type", "text/html; charset=utf-8")


class Site:
    """A site of one's own behind the door: counts what it is asked, answers as it is told."""

    def __init__(self):
        self.asked = []
        self.status = "200 OK"
        self.headers = [HTML, PUBLIC]
        self.body = "<p>一</p>".encode() * 50
        self.is_away = False
        self.wait = lambda: None

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        self.wait()
        if self.is_away:
            environ[AWAY] = True
            start_response("503 Service Unavailable", [HTML, ("Retry-After", "30")])
            return ["正在恢复".encode()]
        start_response(self.status, list(self.headers))
        return [self.body]


class Door:
    """The cache in front of a site, with a client's manners."""

    def __init__(self, folder, site):
        self.site = site
        self.store = PageStore(folder, "release", 64 * MB)
        self.cache = PageCache(site, self.store)
        self.change()

    def change(self):
        """Let the site be in a new generation."""
        seen = self.store.generation()
        number = int(seen.partition("-")[0] or 0) + 1
        self.store.move_to(f"{number}-0-20260101", seen=seen)

    def get(self, address="/", method="GET", **headers):
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "www.example.com",
            "SERVER_NAME": "www.example.com",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "203.0.113.9",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
        }
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        return Reply(page_cache.ask(self.cache, environ))


class Reply:
    def __init__(self, answer):
        self.status, headers, self.body = answer
        self.headers = {name.lower(): value for name, value in headers}
        assert len(self.headers) == len(headers), "no header twice"

    @property
    def how(self):
        return self.headers.get("cache-status", "")


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def door(tmp_path, site):
    return Door(tmp_path, site)


HIT, MISS, STALE = "lawsite; hit", "lawsite; fwd=miss; stored", "lawsite; fwd=stale; stored"

# --- What is kept -----------------------------------------------------------------------


def test_a_page_is_made_once_and_then_needs_no_site(door, site):
    first, second = door.get(), door.get()
    assert (first.how, second.how) == (MISS, HIT)
    assert len(site.asked) == 1
    assert first.body == second.body == site.body
    del first.headers["cache-status"], second.headers["cache-status"]
    assert first.headers == second.headers


def test_a_change_makes_every_page_anew_when_it_is_asked_for(door, site):
    door.get()
    door.change()
    site.body = b"new"
    assert (door.get().body, door.get().how) == (b"new", HIT)
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    "headers",
    [
        [HTML],
        [HTML, ("Cache-Control", "private")],
        [HTML, ("Cache-Control", "public, no-cache")],
        [HTML, PUBLIC, ("Set-Cookie", "a=b")],
        [HTML, PUBLIC, ("Vary", "Cookie")],
        [HTML, PUBLIC, ("Vary", "*")],
        [HTML, PUBLIC, ("Vary", "Accept-Encoding, Accept-Language")],
    ],
)
def test_what_does_not_say_that_it_is_for_everybody_is_not_kept(door, site, headers):
    site.headers = headers
    assert door.get().body == door.get().body == site.body
    assert len(site.asked) == 2


@pytest.mark.parametrize("status", ["301 Moved Permanently", "404 Not Found", "410 Gone"])
def test_what_is_no_page_is_not_kept_and_ends_the_page_that_was(door, site, status):
    door.get("/hf/1.html")
    door.change()
    site.status = status
    assert door.get("/hf/1.html").status == int(status[:3])
    site.status = "500 Internal Server Error"
    assert door.get("/hf/1.html").status == 500, "the page withdrawn does not come back"


def test_a_page_is_made_for_a_request_that_holds_nothing_of_the_clients(door, site):
    door.get(
        "/?utm_source=<script>",
        host="localhost:99",
        cookie="theme=dark",
        user_agent="evil",
        x_forwarded_host="evil.example",
        accept_encoding="br",
        authorization="Basic eA==",
        if_none_match='"x"',
    )
    asked = site.asked[0]
    assert {name: value for name, value in asked.items() if name.startswith("HTTP_")} == {
        "HTTP_HOST": "www.example.com",
        "HTTP_X_FORWARDED_PROTO": "http",
    }
    assert (asked["QUERY_STRING"], asked["REMOTE_ADDR"]) == ("", "127.0.0.1")


# --- For whom ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "environ",
    [
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "OPTIONS"},
        {"HTTP_COOKIE": "theme=dark; sessionid=abc"},
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": ""},
        {"SCRIPT_NAME": "/elsewhere"},
        {"PATH_INFO": "/hf/%2e%2e/1.html"},
        {"PATH_INFO": "/../etc/passwd"},
        {"PATH_INFO": "/hf/./1.html"},
        {"PATH_INFO": "/hf/.."},
        {"PATH_INFO": "//hf/1.html"},
        {"PATH_INFO": "/hf/1.html\0.br"},
        {"PATH_INFO": "/hf/1.html\n"},
        {"PATH_INFO": "/hf/\xe7\xac\xac"},
        {"PATH_INFO": "/" + "a" * 300},
    ],
)
def test_a_request_like_this_is_the_sites_alone(environ, settings):
    settings.ALLOWED_HOSTS = ["www.example.com"]
    page_cache.is_our_host.cache_clear()
    plain = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "www.example.com"}
    assert is_for_everybody(plain)
    assert not is_for_everybody(plain | environ)
    page_cache.is_our_host.cache_clear()


def test_an_https_site_keeps_plain_http_for_its_redirect(settings):
    settings.IS_HTTPS = True
    plain = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "www.example.com"}
    assert not is_for_everybody(plain)
    assert not is_for_everybody(plain | {"HTTP_X_FORWARDED_PROTO": "http"})
    assert is_for_everybody(plain | {"HTTP_X_FORWARDED_PROTO": "https"})


@pytest.mark.parametrize(
    ("address", "query", "key"),
    [
        ("/", "utm_source=x", "/"),
        ("/hf/1.html", "page=2&from=singlemessage", "/hf/1.html"),
        ("/statutes/", "page=2&after=1-a&spm=1", "/statutes/?after=1-a&page=2"),
        ("/statutes/", "kind=%E6%B3%95%E5%BE%8B", "/statutes/?kind=%E6%B3%95%E5%BE%8B"),
        ("/statutes/", "kind=" + "x" * 400, None),
        ("/admin/", "", None),
        ("/health/", "", None),
        ("/media/a.png", "", None),
        ("/nowhere/", "", None),
    ],
)
def test_an_address_has_one_spelling(address, query, key):
    assert key_of(address, query) == key


def test_tracking_parameters_multiply_nothing(door, site):
    for number in range(20):
        assert door.get(f"/?utm_id={number}&{number}").body == site.body
    assert len(site.asked) == 1
    assert door.store.size()[0] == 1


def test_who_has_a_session_sees_what_the_site_says_now(door, site):
    door.get()
    site.body = b"draft"
    assert door.get(cookie="sessionid=abc").body == b"draft"
    assert door.get().body != b"draft"


HOSTILE = st.one_of(
    st.text(st.characters(max_codepoint=255), max_size=300),
    st.lists(st.sampled_from(["/", "..", ".", "%2e", "\0", "hf", "1.html", "~", "@"])).map("".join),
)


@given(path=HOSTILE, query=st.text(st.characters(max_codepoint=255), max_size=300))
@example(path="/..", query="")
@example(path="/hf/../../current", query="page=\0")
@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None
)
def test_no_address_reaches_a_file_outside_the_store(tmp_path, path, query):
    site = Site()
    door = Door(tmp_path / "pages", site)
    assert door.get(f"{path.replace('?', '')}?{query}").status == 200
    assert {entry.name for entry in tmp_path.iterdir()} == {"pages"}
    assert {entry.name for entry in (tmp_path / "pages").iterdir()} == {"release"}
    assert {entry.name for entry in (tmp_path / "pages" / "release").iterdir()} <= {
        *("pages", "moved", "generations", "store", "locks", "counts")
    }


# --- In which form ----------------------------------------------------------------------


def test_each_form_says_what_it_is(door, site):
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
    etags = set()
    for coding in unpack:
        reply = door.get(**{"accept_encoding": coding} if coding else {})
        assert reply.headers.get("content-encoding") == coding
        assert unpack[coding](reply.body) == site.body
        assert reply.headers["content-length"] == str(len(reply.body))
        assert reply.headers["vary"] == "Accept-Encoding"
        etags.add(reply.headers["etag"])
    assert len(etags) == 3


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_a_hit_is_the_same_whatever_was_asked_before(door, coding):
    def ask(method="GET", **headers):
        return door.get("/hf/1.html", method, accept_encoding=coding, **headers)

    def told(reply):
        return reply.status, reply.headers, reply.body

    ask()
    first = ask()
    assert first.how == "lawsite; hit"
    for others in (
        lambda: ask("HEAD"),
        lambda: ask(range="bytes=0-9"),
        lambda: ask(if_none_match=first.headers["etag"]),
        lambda: ask(if_none_match='"another"'),
        lambda: door.get("/hf/1.html", accept_encoding="gzip, br"),
    ):
        others()
        assert told(ask()) == told(first)
    assert door.cache.counts["hit"] == 11
    door.change()
    door.site.body += b"<p>2</p>"
    assert ask().how == "lawsite; fwd=stale; stored"
    assert told(ask()) != told(first)


def test_head_is_get_without_the_body(door):
    got, head = door.get(), door.get(method="HEAD")
    got.headers["cache-status"] = HIT
    assert (head.body, head.headers) == (b"", got.headers)


def test_who_has_the_page_need_not_load_it_again(door):
    etag, modified = (door.get().headers[name] for name in ("etag", "last-modified"))
    for headers in (
        {"if_none_match": etag},
        {"if_none_match": f'"x", W/{etag}'},
        {"if_none_match": "*"},
        {"if_modified_since": modified},
    ):
        reply = door.get(**headers)
        assert (reply.status, reply.body) == (304, b"")
        assert reply.headers["etag"] == etag
    for headers in (
        {"if_none_match": '"x"'},
        {"if_none_match": '"x"', "if_modified_since": modified},
        {"if_none_match": etag, "accept_encoding": "br"},
        {"if_modified_since": formatdate(0, usegmt=True)},
        {"if_modified_since": "yesterday"},
        {"if_modified_since": "Mon, 01 Jan 99999 00:00:00 GMT"},
    ):
        assert door.get(**headers).status == 200, headers


def test_a_page_made_anew_with_the_same_words_need_not_be_loaded_again(door):
    etag = door.get().headers["etag"]
    door.change()
    reply = door.get(if_none_match=etag)
    assert (reply.status, reply.how) == (304, STALE)


def test_a_part_is_of_the_page_the_client_knows(door):
    whole = door.get(accept_encoding="br")
    etag, modified = whole.headers["etag"], whole.headers["last-modified"]

    def part(**headers):
        return door.get(accept_encoding="br", range="bytes=2-5", **headers)

    for reply in (part(), part(if_range=etag), part(if_range=modified)):
        assert (reply.status, reply.body) == (206, whole.body[2:6])
        assert reply.headers["content-range"] == f"bytes 2-5/{len(whole.body)}"
    for reply in (part(if_range='"x"'), part(if_range=f"W/{etag}"), part(if_range="x")):
        assert (reply.status, reply.body) == (200, whole.body)
    beyond = door.get(range="bytes=99999-")
    assert (beyond.status, beyond.body) == (416, b"")
    assert beyond.headers["content-range"].startswith("bytes */")


def test_what_is_not_kept_is_compressed_all_the_same(door, site):
    site.status = "404 Not Found"
    reply = door.get(accept_encoding="gzip")
    assert gzip.decompress(reply.body) == site.body
    assert reply.headers["content-length"] == str(len(reply.body))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"HTTP_IF_NONE_MATCH": "*"}, {"HTTP_RANGE": "bytes=0-1"}, {"HTTP_RANGE": "bytes=9999-"}],
)
def test_the_door_keeps_to_the_rules_of_its_protocol(door, method, headers):
    for _ in range(2):  # a page made, a page kept
        environ = {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": "/", **headers}
        environ["QUERY_STRING"] = ""
        setup_testing_defaults(environ)
        environ["HTTP_HOST"] = "www.example.com"
        parts = validator(door.cache)(environ, lambda status, headers, error=None: bytes)
        list(parts)
        parts.close()


# --- While it is made anew ----------------------------------------------------------------


def answers(number, ask):
    """Let this many clients ask at once; return a function that waits for their replies."""
    replies = []
    threads = [threading.Thread(target=lambda: replies.append(ask())) for _ in range(number)]
    for thread in threads:
        thread.start()

    def wait():
        for thread in threads:
            thread.join()
        return replies

    return wait


def test_one_request_makes_a_page_that_many_want(door, site):
    begun, go_on = threading.Event(), threading.Event()
    site.wait = lambda: (begun.set(), go_on.wait(10))
    wait = answers(8, door.get)
    begun.wait(10)
    go_on.set()
    assert {reply.body for reply in wait()} == {site.body}
    assert len(site.asked) == 1


def test_while_one_makes_it_anew_others_get_the_old_page(door, site, monkeypatch):
    monkeypatch.setattr(page_cache, "GRACE", 60)
    old = door.get().body
    door.change()
    begun, go_on = threading.Event(), threading.Event()
    site.body, site.wait = b"new", lambda: (begun.set(), go_on.wait(10))
    wait = answers(1, door.get)
    begun.wait(10)
    reply = door.get()
    assert (reply.body, reply.how) == (old, "lawsite; hit; detail=updating")
    assert reply.headers["cache-control"] == "no-cache", "nobody may keep it"
    go_on.set()
    assert [reply.body for reply in wait()] == [b"new"]
    assert door.get().body == b"new"


@pytest.mark.parametrize("changes", [1, 2])
def test_no_old_page_outlives_its_grace(door, site, monkeypatch, changes):
    monkeypatch.setattr(page_cache, "GRACE", 0 if changes == 1 else 60)
    door.get()
    for _ in range(changes):  # a page two changes old was wrong before the last one
        door.change()
    begun, go_on = threading.Event(), threading.Event()
    site.body, site.wait = b"new", lambda: (begun.set(), go_on.wait(10))
    makes = answers(1, door.get)
    begun.wait(10)
    waits = answers(3, door.get)
    go_on.set()
    assert {reply.body for reply in makes() + waits()} == {b"new"}
    assert len(site.asked) == 2


# --- When the site fails ------------------------------------------------------------------


def test_the_old_page_is_served_when_the_site_fails(door, site):
    old = door.get().body
    door.change()
    site.status, site.body = "500 Internal Server Error", b"failed"
    reply = door.get()
    assert (reply.status, reply.body, reply.how) == (200, old, "lawsite; hit; detail=site-failed")
    assert reply.headers["cache-control"] == "no-cache"
    assert door.get("/hf/1.html").status == 500, "never made: there is none"
    site.status, site.body = "200 OK", b"well"
    assert door.get().body == b"well", "tried again at the next request"


def test_while_the_database_is_away_one_tries_and_others_hear_at_once(door, site):
    door.get("/")
    door.change()
    site.is_away = True
    assert door.get("/").status == 200, "the old page"
    reply = door.get("/hf/1.html")
    assert (reply.status, reply.headers["retry-after"]) == (503, "30")
    begun, go_on = threading.Event(), threading.Event()
    site.wait = lambda: (begun.set(), go_on.wait(10))
    wait = answers(1, lambda: door.get("/hf/2.html"))
    begun.wait(10)
    asked = len(site.asked)
    for address, method in (("/hf/3.html", "GET"), ("/search/", "GET"), ("/admin/", "POST")):
        reply = door.get(address, method=method)
        assert (reply.status, reply.headers["retry-after"]) == (503, "30")
    assert len(site.asked) == asked, "nobody waits for a database that is away"
    go_on.set()
    wait()
    site.is_away = False
    assert door.get("/hf/3.html").status == 200, "all is well after its return"
    assert door.get("/admin/", method="POST").status == 200


def test_files_and_health_need_no_database(door, site):
    site.is_away = True
    door.get("/hf/1.html")
    site.is_away = False
    door.cache._is_away = True
    with door.cache._trying:
        for address in ("/static/css/site.css", "/media/a.png", "/health/"):
            assert door.get(address).status == 200, address


def test_a_full_disk_costs_only_time(door, site, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    monkeypatch.setattr(page_cache, "PATIENCE", 0)
    for _ in range(2):
        reply = door.get()
        assert (reply.status, reply.body) == (200, site.body)
    shutil.rmtree(door.store.root / "locks")
    assert door.get().body == site.body


# --- The site itself, and the watch -------------------------------------------------------


@pytest.fixture
def real(tmp_path, kept_connection):
    """The door in front of the real site; `real.look()` is what the watch does once a second."""
    door = Door(tmp_path, get_wsgi_application())
    door.look = Watch(door.store, door.cache.counts).look
    door.look()
    return door


def test_every_kind_of_public_page_is_kept(real):
    article = make_article(authors=[make_author()], tags=["借条"])
    statute = make_version().statute
    real.look()
    addresses = [
        *("/", article.get_absolute_url(), article.get_absolute_url() + ".md", "/categories/"),
        *(article.category.get_absolute_url(), article.tags.get().get_absolute_url()),
        *("/authors/", article.signers[0].get_absolute_url(), "/feeds/articles/"),
        *("/statutes/", statute.get_absolute_url(), f"{statute.get_absolute_url()}1/"),
        *("/statutes/changes/", "/feeds/changes/", "/sitemap.xml", "/sitemaps/pages.xml"),
        *("/sitemaps/articles-0.xml", "/robots.txt", "/llms.txt"),
    ]
    for address in addresses:
        first, second = real.get(address), real.get(address)
        assert (first.status, first.how, second.how) == (200, MISS, HIT), address
        assert first.body == second.body
        assert "set-cookie" not in first.headers


def test_a_kept_page_is_what_the_site_itself_says(real, client):
    article = make_article()
    real.look()
    for address in ("/", article.get_absolute_url()):
        kept, own = real.get(address), client.get(address, headers={"host": "www.example.com"})
        assert kept.body == own.content
        for name in ("Cache-Control", "Content-Security-Policy", "Content-Type", "Vary"):
            assert kept.headers[name.lower()] == own[name]


def test_what_needs_a_session_or_is_no_page_is_not_kept(real):
    for address in ("/admin/login/", "/health/", "/nowhere/", "/hf/1.html", "/media/x.png"):
        real.get(address)
        real.get(address)
    assert real.store.size()[0] == 0


def test_an_address_of_the_past_still_leads_to_its_page(real):
    article = make_article()
    redirects.record([("/?id=12", article.get_absolute_url())])
    real.get("/")
    reply = real.get("/?id=12")
    assert (reply.status, reply.headers["location"]) == (301, article.get_absolute_url())


def test_publishing_amending_and_withdrawing_show_at_the_next_look(real):
    article = make_article(state=Article.State.DRAFT, title="原题")
    address = article.get_absolute_url()
    real.look()
    assert real.get(address).status == 404
    publishing.publish(article)
    real.look()
    assert "原题" in real.get(address).body.decode()
    article.title = "新题"
    publishing.refresh(article)
    real.look()
    assert "新题" in real.get(address).body.decode()
    publishing.withdraw(article)
    real.look()
    assert real.get(address).status == 410


def test_a_scheduled_article_comes_at_its_time(real, monkeypatch):
    now = timezone.now()
    article = make_article(title="定时发布的文章", published_at=now + timedelta(hours=1))
    real.look()
    generation = real.store.generation()
    assert "定时发布的文章" not in real.get("/").body.decode()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=1, seconds=1))
    real.look()
    assert real.store.generation() != generation
    assert "定时发布的文章" in real.get("/").body.decode()
    assert real.get(article.get_absolute_url()).status == 200


def test_midnight_is_a_change_since_law_begins_and_ends_by_days(real, monkeypatch):
    generation = real.store.generation()
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    real.look()
    assert real.store.generation() > generation


def test_the_firms_record_changes_on_every_page(real):
    make_site(telephone="0571-00000000")
    real.look()
    assert "0571-00000000" in real.get("/").body.decode()
    SiteProfile.objects.update(telephone="0571-11111111")  # as another process does it:
    changes.note("site", [1])  # what this one remembers is not told
    real.look()
    assert "0571-11111111" in real.get("/").body.decode()


def test_a_look_costs_two_small_questions(real, django_assert_num_queries):
    with django_assert_num_queries(2):
        real.look()


def test_an_article_withdrawn_does_not_come_back_while_the_site_fails(real, monkeypatch):
    kept, withdrawn = make_article(), make_article()
    real.look()
    for article in (kept, withdrawn):
        assert real.get(article.get_absolute_url()).status == 200
    publishing.withdraw(withdrawn)
    real.look()

    def fail(*args):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr("articles.views.reading.find", fail)
    assert real.get(kept.get_absolute_url()).how == "lawsite; hit; detail=site-failed"
    reply = real.get(withdrawn.get_absolute_url())
    assert (reply.status, reply.headers["retry-after"]) == (503, "30")
    assert "请过半分钟再打开" in reply.body.decode()
    assert reply.headers["cache-control"] == "no-store"


def test_a_database_away_leaves_the_generation_as_it_was(real, monkeypatch, caplog):
    def fail():
        raise OperationalError("the connection is lost")

    generation = real.store.generation()
    monkeypatch.setattr("lawsite.generation.newest", fail)
    monkeypatch.setattr("lawsite.page_cache.connection.close", lambda: None)
    real.look()
    assert real.store.generation() == generation
    assert "does not say whether the site changed" in caplog.text


def test_an_editor_keeps_no_public_page(client):
    client.cookies["sessionid"] = "abc"
    assert client.get("/robots.txt")["Cache-Control"] == "private, no-cache"


def test_a_release_is_the_same_for_the_same_code_and_settings(monkeypatch):
    first = generation.release()
    assert generation.release() == first
    monkeypatch.setattr("lawsite.settings.SITE_URL", "https://elsewhere.example")
    assert generation.release() != first


def test_a_developers_machine_has_no_page_cache():
    assert page_cache.in_front_of(page_cache.ask) is page_cache.ask
