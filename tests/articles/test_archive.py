"""Years and months of publication."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_article

pytestmark = pytest.mark.django_db


def text_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_months_are_those_of_beijing(client):
    make_article("元旦零点", published_at="2026-01-01T00:10+08:00")
    make_article("除夕", published_at="2025-12-31T23:50+08:00")
    assert "元旦零点" in text_of(client, "/archive/2026/01/")
    assert "除夕" in text_of(client, "/archive/2025/12/")
    assert 'href="/archive/2025/12/"' in text_of(client, "/archive/2026/01/")
    assert 'href="/archive/2026/01/"' in text_of(client, "/archive/2025/12/")


def test_a_year_counts_its_months(client):
    for day in ("2026-01-05", "2026-03-01", "2026-03-31"):
        make_article(published_at=f"{day}T09:30+08:00")
    make_article(published_at="2024-05-05T09:30+08:00")
    text = text_of(client, "/archive/2026/")
    assert text.index("3月</a> <small>2篇") < text.index("1月</a> <small>1篇")
    assert "2024" not in text
    years = text_of(client, "/archive/")
    assert years.index("2026年</a> <small>3篇") < years.index("2024年</a> <small>1篇")


@pytest.mark.parametrize(
    "path",
    [
        *("2025/", "2026/02/", "2026/13/", "2026/00/", "2026/3/", "0000/", "99999/", "2026/03/01/"),
        *("9999/12/", "2026/03/?page=9"),
    ],
)
def test_a_time_in_which_nothing_was_published_is_not_found(client, path):
    make_article()
    assert client.get("/archive/2026/03/").status_code == 200
    assert client.get(f"/archive/{path}").status_code == 404


def test_a_month_to_come_is_not_shown(client):
    coming = timezone.localtime() + timedelta(days=62)
    make_article(published_at=coming)
    assert "篇</small>" not in text_of(client, "/archive/")
    assert client.get(f"/archive/{coming:%Y/%m}/").status_code == 404
