"""A real Chromium before the running site."""

import os

import pytest
from django.core.management import call_command
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


@pytest.fixture
def visit(chromium, site):
    """Open a page as a reader: visit(path, viewport=PHONE, **context options).

    What the reader's browser complains of fails the test that saw it; that a page it asked
    for is not there is no complaint.
    """
    contexts, complaints = [], []

    def open_page(path, viewport=PHONE, **options):
        context = chromium.new_context(viewport=viewport, **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: NOT_FOUND in message.text or complaints.append(message.text)
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.foreign = []
        page.on(
            "request",
            lambda request: request.url.startswith(site) or page.foreign.append(request.url),
        )
        page.goto(site + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints
