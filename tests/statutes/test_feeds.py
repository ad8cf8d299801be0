"""The feed of changes of law."""

from datetime import date

import feedparser
import pytest
from django.conf import settings

from tests.factories import make_statute, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2026, 11, 23))


@pytest.fixture
def feed(client):
    make_version("甲条例", promulgated_on=date(2020, 3, 1), effective_from=date(2020, 7, 1))
    make_version("乙条例", promulgated_on=date(2026, 9, 1), effective_from=date(2027, 1, 1))
    make_version("丙条例", effective_from=None)
    make_statute("中华人民共和国丁法", repealed_on=date(2021, 1, 1), repeal_source="《戊法》第九条")
    response = client.get("/feeds/changes/")
    assert response.status_code == 200
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return parsed


def test_the_feed_tells_what_took_and_takes_effect_newest_first(feed):
    assert [entry.title for entry in feed.entries] == [
        "《乙条例》（2026年制定）2027年1月1日起将施行",
        "《丁法》2021年1月1日起废止",
        "《甲条例》（2020年制定）2020年7月1日起施行",
    ]
    assert feed.entries[1].summary == "依据《戊法》第九条。"


def test_entries_lead_to_pages_and_have_names_of_their_own(feed):
    assert [entry.link for entry in feed.entries] == [
        f"{settings.SITE_URL}/statutes/yi-tiao-li/@2026-09-01/",
        f"{settings.SITE_URL}/statutes/ding-fa/",
        f"{settings.SITE_URL}/statutes/jia-tiao-li/@2020-03-01/",
    ]
    assert len({entry.id for entry in feed.entries}) == 3


def test_no_entry_is_dated_in_the_future(feed):
    assert [entry.updated[:10] for entry in feed.entries] == [
        "2026-09-01",
        "2021-01-01",
        "2020-07-01",
    ]
