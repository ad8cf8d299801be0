"""A real Chromium before the running site."""

import os
import threading
import time

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import sync_playwright

from .find_chromium import LAUNCH, find

# Playwright's event loop runs in the test's thread: Django would refuse to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PHONE = {"width": 390, "height": 844}
NOT_FOUND = "the server responded with a status of 404"
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=LAUNCH)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, settings):
    """The running site with its demo content; its address."""
    settings.SITE_URL = live_server.url
    call_command("load_demo")
    return live_server.url


def _note_requests(page, asked: set) -> None:
    """Keep in `asked` what the page asked for and was not answered yet."""
    page.on("request", lambda request: asked.add(request))
    page.on("requestfinished", lambda request: asked.discard(request))
    page.on("requestfailed", lambda request: asked.discard(request))


def _await_answers(page, asked) -> None:
    """Wait, but not for ever, until all that pages asked for is answered.

    What the server has not begun when the database's tables are emptied meets their locks.
    """
    ends = time.monotonic() + 5
    while asked and time.monotonic() < ends:
        page.wait_for_timeout(20)


@pytest.fixture
def at_rest(live_server):
    """Let the server end all that it was asked before the database's tables are emptied.

    What a page no longer waits for, as an older preview, it may only be about to begin.
    """
    yield
    ends = time.monotonic() + 10
    while _is_asked() and time.monotonic() < ends:
        time.sleep(0.02)


def _is_asked() -> bool:
    """Whether a connection is open: the server has a thread for each, named after this method."""
    return any("process_request_thread" in thread.name for thread in threading.enumerate())


@pytest.fixture
def visit(chromium, site, at_rest):
    """Open a page as a reader: visit(path, viewport=PHONE, **context options).

    What the reader's browser complains of fails the test that saw it; that a page it asked
    for is not there is no complaint.
    """
    contexts, complaints, asked = [], [], set()

    def open_page(path, viewport=PHONE, **options):
        context = chromium.new_context(viewport=viewport, **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: NOT_FOUND in message.text or complaints.append(message.text)
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        _note_requests(page, asked)
        page.foreign = []
        page.on(
            "request",
            lambda request: request.url.startswith(site) or page.foreign.append(request.url),
        )
        page.goto(site + path)
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            _await_answers(page, asked)
        context.close()
    assert not complaints


@pytest.fixture
def enter(chromium, live_server, settings, at_rest):
    """Come in as a user of the desk: enter(user)(path, viewport=DESK, **context options).

    A script's error, or anything that the policy of the site stopped, fails the test. An
    article's form is open when its preview has come once.
    """
    settings.SITE_URL = live_server.url
    contexts, complaints, asked = [], [], set()

    def complain(message):
        if "desk-pasting.js" in message.location.get("url", ""):
            return  # what was pasted has styles; they are read and not applied
        if "Content Security Policy" in message.text or "Refused" in message.text:
            complaints.append(message.text)

    def come_in(user):
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value}

        def open_page(path, viewport=DESK, **options):
            context = chromium.new_context(viewport=viewport, **options)
            contexts.append(context)
            context.add_cookies([session | {"url": live_server.url}])
            page = context.new_page()
            page.on("console", complain)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            _note_requests(page, asked)
            page.foreign = []
            page.on(
                "request",
                lambda request: (
                    request.url.startswith((live_server.url, "blob:", "about:"))
                    or page.foreign.append(request.url)
                ),
            )
            is_form = path.endswith(("/add/", "/change/"))
            if is_form and options.get("java_script_enabled", True):
                with page.expect_response("**/look/"):
                    page.goto(live_server.url + path)
            else:
                page.goto(live_server.url + path)
            return page

        return open_page

    yield come_in
    for context in contexts:
        for page in context.pages:  # leaving keeps once more, and the database goes
            page.route("**/*", lambda route: route.abort())
            _await_answers(page, asked)
        context.close()
    assert not complaints
