"""Ready bytes of public pages, in front of Django: a hit costs no Django at all.

Kept right by construction. A page says in which generation it was made (generation.py), a look at
the database once a second says which is the newest; a page of an older one is made anew by one
request, while others get the old one for half a second more and then wait. Nothing of the request
but the address reaches the page: it is made for a request of our own. When the site fails, the old
page is served; while its database is away, one request at a time tries, the others hear at once
when to come back.
"""

import gzip
import hashlib
import logging
import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from typing import NamedTuple

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from articles import redirects
from statutes import changes
from statutes.public import normalise

from . import generation
from .negotiation import is_known, preferred, wanted, wants_all
from .page_store import Page, PageStore, StoredPage
from .views import AWAY

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds between two looks at the database
GRACE = 0.5  # seconds after a change became known in which an old page is still good
PATIENCE = 10.0  # seconds to wait for another request that makes the same page
MAX_ADDRESS = 200  # characters
WORTH_PACKING = 200  # bytes
MAX_PAGE = 16 * 1024 * 1024  # bytes

# Addresses that the site writes. All others are for Django to refuse.
ADDRESS = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~@-]+)*/?")

# What the server sets itself, or what depends on the form in which a page is sent.
OWN_HEADERS = {"content-length", "etag", "last-modified", "vary", "date", "server", "connection"}
OWN_HEADERS |= {"content-encoding", "transfer-encoding", "accept-ranges", "cache-status"}

REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Answer(NamedTuple):
    """What the site answered to a request of ours."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


class PageCache:
    """A WSGI application around the site's own."""

    def __init__(self, application: Callable, store: PageStore) -> None:
        self._application = application
        self._store = store
        self.counts = Counter()
        self._is_away = False  # the database
        self._trying = threading.Lock()
        self._apology: Answer | None = None

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        newest = self._store.generation()
        if not newest or not is_for_everybody(environ):
            return self._pass_on(environ, start_response, newest)
        key, query = environ["PATH_INFO"], environ.get("QUERY_STRING")
        if query:
            key = key_of(key, query)
        found = self._store.read(key, newest) if key else None
        if found and found.page.generation == newest:
            return self._send(found, environ, start_response, "hit")
        if found or (key and (query or key_of(key))):
            return self._renew(key, found, environ, start_response)
        return self._pass_on(environ, start_response, newest)

    # --- A page that must be made -----------------------------------------------------

    def _renew(self, key, old: StoredPage | None, environ, start_response):
        """Make a page, or wait for the one who does; serve the old one where that may be."""
        must_wait = not old or not self._store.was_newest(old.page.generation, within=GRACE)
        with self._store.lock(key, PATIENCE if must_wait else 0) as is_mine:
            if not is_mine and not must_wait:
                return self._send(old, environ, start_response, "updating")
            newest = self._store.generation()  # another may have made it while we waited
            found = self._store.read(key, newest)
            if found and found.page.generation == newest:
                return self._send(found, environ, start_response, "hit")
            answer = self._make(key, newest)
            if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and old:
                return self._send(old, environ, start_response, "failed")
            page = as_page(key, newest, answer)
            if page and self._keep(page, answer.body) and (made := self._store.read(key, newest)):
                return self._send(made, environ, start_response, "renewed" if old else "made")
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                self._store.drop(key)
        self.counts["not kept"] += 1
        return send_plain(answer, environ, start_response)

    def _make(self, key: str, newest: str) -> Answer:
        """Ask the site for a page, with a request of our own."""
        environ = own_request(key)
        token = changes.known.set(newest)
        try:
            with self._trial() as may_try:
                if not may_try:
                    return self._apology
                answer = ask(self._application, environ)
                self._is_away = AWAY in environ
        finally:
            changes.known.reset(token)
        if AWAY in environ:
            self._apology = answer
        return answer

    @contextmanager
    def _trial(self) -> Iterator[bool]:
        """Say whether the site may be asked: while its database is away, by one request at once."""
        if not self._is_away or not self._apology:
            yield True
        elif self._trying.acquire(blocking=False):
            try:
                yield True
            finally:
                self._trying.release()
        else:
            yield False

    def _keep(self, page: Page, body: bytes) -> bool:
        try:
            self._store.put(page, body)
        except (OSError, ValueError) as error:
            logger.warning("A page could not be stored: %s", error)
            return False
        return True

    # --- What is not for the cache ----------------------------------------------------

    def _pass_on(self, environ, start_response, newest: str):
        """Let the site answer the client's own request."""
        self.counts["passed on"] += 1
        token = changes.known.set(newest)
        try:
            return self._answer(environ, start_response)
        finally:
            changes.known.reset(token)

    def _answer(self, environ, start_response):
        if environ["PATH_INFO"].startswith((settings.STATIC_URL, settings.MEDIA_URL, "/health/")):
            return self._application(environ, start_response)  # needs no database
        with self._trial() as may_try:
            if not may_try:
                return send_plain(self._apology, environ, start_response)
            parts = self._application(environ, start_response)
            self._is_away = AWAY in environ
            return parts

    # --- Sending ----------------------------------------------------------------------

    def _send(self, found: StoredPage, environ, start_response, how: str):
        """Send a stored page in the form that the client takes, or that part of it it wants."""
        self.counts[how] += 1
        page = found.page
        coding = preferred(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if how == "hit" and coding in found.sent and wants_all(environ):
            start_response(REASONS[200], found.sent[coding].copy())
            return [found.body(coding)]
        size = {"br": page.br, "gzip": page.gzip, "identity": page.plain}[coding]
        etag = page.etag(size)
        headers = list(page.headers)
        if how in ("updating", "failed"):  # good enough for this reader, for nobody after
            headers = [pair for pair in headers if pair[0] != "Cache-Control"]
            headers.append(("Cache-Control", "no-cache"))
        headers += [
            ("Vary", "Accept-Encoding"),
            ("ETag", etag),
            ("Last-Modified", page.last_modified),
            ("Cache-Status", CACHE_STATUS[how]),
        ]
        if is_known(environ, etag, page.modified):
            start_response(REASONS[304], [h for h in headers if h[0] != "Content-Type"])
            return []
        headers.append(("Accept-Ranges", "bytes"))
        if coding != "identity":
            headers.append(("Content-Encoding", coding))
        status, start, end = 200, 0, size
        if "HTTP_RANGE" in environ:
            status, start, end = wanted(environ, size, etag, page.modified)
        if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            headers += [("Content-Range", f"bytes */{size}"), ("Content-Length", "0")]
            start_response(REASONS[status], headers)
            return []
        if status == HTTPStatus.PARTIAL_CONTENT:
            headers.append(("Content-Range", f"bytes {start}-{end - 1}/{size}"))
        headers.append(("Content-Length", str(end - start)))
        if how == "hit" and status == HTTPStatus.OK:
            found.sent[coding] = headers.copy()
        start_response(REASONS[status], headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        body = found.body(coding)
        return [body if status == HTTPStatus.OK else body[start:end]]


CACHE_STATUS = {
    "hit": "lawsite; hit",
    "made": "lawsite; fwd=miss; stored",
    "renewed": "lawsite; fwd=stale; stored",
    "updating": "lawsite; hit; detail=updating",
    "failed": "lawsite; hit; detail=site-failed",
}


def send_plain(answer: Answer, environ: dict, start_response: Callable) -> list[bytes]:
    """Send what is not stored, compressed where the client takes it."""
    headers, body = list(answer.headers), answer.body
    if (
        preferred(environ.get("HTTP_ACCEPT_ENCODING", "")) != "identity"
        and len(body) >= WORTH_PACKING
        and answer.header("content-type").startswith(("text/", "application/"))
        and not answer.header("content-encoding")
    ):
        body = gzip.compress(body, 1)
        headers = [pair for pair in headers if pair[0].lower() not in ("content-length", "etag")]
        headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
    start_response(REASONS.get(answer.status, str(answer.status)), headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


# --- Which requests are for the cache ---------------------------------------------------


def is_for_everybody(environ: dict) -> bool:
    """Whether any other reader would get the same answer: to be refused in case of doubt."""
    address = environ["PATH_INFO"]
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and len(address) <= MAX_ADDRESS
        and ADDRESS.fullmatch(address) is not None
        and not environ.get("SCRIPT_NAME")
        and not has_session(environ.get("HTTP_COOKIE"))
        and is_our_host(environ.get("HTTP_HOST", ""))
        and (environ.get("HTTP_X_FORWARDED_PROTO") == "https" or not settings.IS_HTTPS)
    )


def has_session(cookies: str | None) -> bool:
    return bool(cookies) and f"{settings.SESSION_COOKIE_NAME}=" in cookies


@lru_cache(1024)
def is_our_host(host: str) -> bool:
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def key_of(address: str, query: str = "") -> str | None:
    """Return the one spelling of a public page's address; None where there is no such page."""
    if redirects.is_entrance(address, query):
        return None
    try:
        reads = resolve(address).func.reads
    except (Resolver404, AttributeError):
        return None
    query = normalise(query, reads)
    key = f"{address}?{query}" if query else address
    return key if len(key) <= MAX_ADDRESS * 2 else None


# --- Asking the site ----------------------------------------------------------------------


def own_request(key: str) -> dict:
    """Return the request for a page that holds nothing of any client's."""
    address, _, query = key.partition("?")
    scheme, _, host = settings.SITE_URL.partition("://")
    name, _, port = host.partition(":")
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": address,
        "QUERY_STRING": query,
        "SERVER_NAME": name,
        "SERVER_PORT": port or ("443" if scheme == "https" else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "HTTP_X_FORWARDED_PROTO": scheme,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def ask(application: Callable, environ: dict) -> Answer:
    """Return the whole answer of a WSGI application."""
    begun = []

    def start_response(status, headers, error=None):
        begun[:] = [int(status[:3]), headers]

    parts = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return Answer(begun[0], begun[1], body)


def as_page(key: str, newest: str, answer: Answer) -> Page | None:
    """Return the page to store, its sizes still unknown; None for an answer that may not be."""
    varies = {name.strip().lower() for name in answer.header("vary").split(",")}
    control = {part.partition("=")[0].strip() for part in answer.header("cache-control").split(",")}
    if (
        answer.status != HTTPStatus.OK
        or not newest
        or "public" not in control
        or control & {"private", "no-store", "no-cache"}
        or answer.header("set-cookie")
        or varies - {"", "accept-encoding"}
        or answer.header("content-encoding")
        or len(answer.body) > MAX_PAGE
    ):
        return None
    headers = [(name, value) for name, value in answer.headers if name.lower() not in OWN_HEADERS]
    same = headers_word(headers)
    is_for_nginx = "?" not in key and answer.header("content-type").startswith("text/html")
    return Page(
        key=key,
        generation=newest,
        modified=0,
        digest=hashlib.blake2b(same.encode() + answer.body, digest_size=16).hexdigest(),
        headers=tuple(headers),
        plain=0,
        br=0,
        gzip=0,
        published_as=same + key if is_for_nginx else "",
    )


def headers_word(headers: list[tuple[str, str]]) -> str:
    """Return a word for these headers: nginx serves only files whose headers it sends itself."""
    return hashlib.blake2b(repr(sorted(headers)).encode(), digest_size=6).hexdigest()


# --- Looking at the database --------------------------------------------------------------


class Watch(threading.Thread):
    """Looks once a second whether the site has changed, and says so to all."""

    def __init__(self, store: PageStore, counts: Counter) -> None:
        super().__init__(name="page-cache-watch", daemon=True)
        self._store, self._counts = store, counts
        self._kept: Counter = Counter()

    def run(self) -> None:
        while True:
            began = time.monotonic()
            self.look()
            time.sleep(max(0.0, LOOK_EVERY - (time.monotonic() - began)))

    def look(self) -> None:
        """Ask the database for the newest generation; move to it, and tidy up after it."""
        seen = self._store.generation(anew=True)
        try:
            newest = generation.newest()
            if self._store.move_to(newest, seen=seen):
                self._store.drop_old_generations()
                for address in generation.addresses_gone_since(seen):
                    self._store.drop(address)
            if self._counts != self._kept:
                self._kept = self._counts.copy()
                self._store.keep_counts(self._kept)
        except DatabaseError as error:
            logger.warning("The database does not say whether the site changed: %s", error)
            connection.close()
        except Exception:
            logger.exception("The watch for changes failed once")
        finally:
            connection.close_if_unusable_or_obsolete()


def in_front_of(application: Callable) -> Callable:
    """Return the application with its page cache, where the settings want one."""
    if not settings.PAGE_CACHE_SIZE:
        return application
    store = PageStore(settings.PAGE_CACHE_DIR, generation.release(), settings.PAGE_CACHE_SIZE)
    cache = PageCache(application, store)

    def begin():
        watch = Watch(store, cache.counts)
        watch.look()  # nothing is served that another run of this release left behind
        watch.start()

    begin()
    os.register_at_fork(after_in_child=begin)
    store.take_over()
    return cache
