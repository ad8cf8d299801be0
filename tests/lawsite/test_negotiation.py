"""What a client takes of a page, as its headers say."""

import pytest

from lawsite.negotiation import preferred, wanted


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br;q=0,gzip;q=0", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("br;q=x", "identity"),
        ("brotli, x-br", "identity"),
        (";;,,", "identity"),
    ],
)
def test_the_client_says_which_form_it_takes(accepted, coding):
    assert preferred(accepted) == coding


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-4", (206, 0, 5)),
        ("bytes=95-", (206, 95, 100)),
        ("bytes=-5", (206, 95, 100)),
        ("bytes=-500", (206, 0, 100)),
        ("bytes=90-999", (206, 90, 100)),
        ("bytes=100-", (416, 0, 0)),
        ("bytes=-0", (416, 0, 0)),
        ("bytes=5-4", (200, 0, 100)),
        ("bytes=-", (200, 0, 100)),
        ("bytes=0-1,5-6", (200, 0, 100)),
        ("items=0-1", (200, 0, 100)),
        ("bytes=٠-٤", (200, 0, 100)),
        ("bytes=" + "9" * 500 + "-", (200, 0, 100)),
    ],
)
def test_a_client_may_want_a_part(asked, part):
    environ = {"REQUEST_METHOD": "GET", "HTTP_RANGE": asked}
    assert wanted(environ, 100, '"a"', 1000) == part
