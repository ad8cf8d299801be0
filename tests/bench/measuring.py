"""How figures are taken and told."""

import io
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from statistics import median, quantiles
from typing import NamedTuple

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from lawsite import urls

HELLO = "/hello/"
# What `startproject` puts before a view.
DEFAULT_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


class Row(NamedTuple):
    """A figure. `yardstick` names what it is to be read against, `measure` is that one's figure."""

    what: str
    value: float
    unit: str
    yardstick: str = ""
    measure: float | None = None
    wanted: str = ""  # what it is to be: "≤ 100", "ratio ≤ 12"


def milliseconds(action: Callable[[], object], rounds: int = 200) -> float:
    """Return the median time of one call, by the clock."""
    return median(times(action, rounds, time.perf_counter))


def times(action, rounds: int, clock) -> list[float]:
    action()
    taken = []
    for _ in range(rounds):
        start = clock()
        action()
        taken.append((clock() - start) * 1000)
    return taken


def p95(taken: list[float]) -> float:
    return quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]


@contextmanager
def hello_view():
    """Give the site a view that says hello, as the first of its addresses."""
    pattern = path(HELLO.strip("/") + "/", lambda request: HttpResponse("hello"))
    urls.urlpatterns.insert(0, pattern)
    try:
        yield
    finally:
        urls.urlpatterns.remove(pattern)


def plain_django() -> WSGIHandler:
    """Return a handler with Django's default middleware and nothing of ours."""
    with override_settings(MIDDLEWARE=DEFAULT_MIDDLEWARE):
        return WSGIHandler()


def answer(handler: WSGIHandler, address: str, **headers: str) -> tuple[str, bytes]:
    """Ask a handler as a server does, without a client's own work; return status and body."""
    location, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": location,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **headers,
    }
    statuses: list[str] = []
    response = handler(environ, lambda status, headers, error=None: statuses.append(status))
    body = b"".join(response)
    response.close()
    return statuses[0], body


def costs(handler: WSGIHandler, addresses: Iterable[str], clock, **headers: str) -> list[float]:
    """Return the milliseconds of each address asked for once. All must be found."""
    taken = []
    for address in addresses:
        start = clock()
        status, _ = answer(handler, address, **headers)
        taken.append((clock() - start) * 1000)
        assert status.startswith("200"), f"{address}: {status}"
    return taken
