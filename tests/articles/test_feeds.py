"""The Atom feed, as a feed reader reads it."""

from datetime import datetime, timedelta

import feedparser
import pytest
from django.conf import settings
from django.utils import timezone

from tests.factories import make_article, make_articles, make_author, make_category, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client):
    def read():
        response = client.get("/feeds/articles/")
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = feedparser.parse(
            response.content, response_headers={"content-type": response["Content-Type"]}
        )
        assert not feed.bozo, feed.get("bozo_exception")
        return feed

    return read


def test_a_reader_finds_no_fault_with_it(read):
    make_site(site_name="普法知识库", description="法律常识。", original_notice="不得转载。")
    make_article("没有借条", authors=[make_author("林知远")], tags=["借条"], summary="摘要。")
    feed = read()
    assert feed.version == "atom10"
    assert feed.feed.title == "普法知识库"
    assert feed.feed.subtitle == "法律常识。"
    assert feed.feed.rights == "不得转载。"
    assert feed.feed.link == f"{settings.SITE_URL}/"
    assert feed.feed.id == f"{settings.SITE_URL}/"
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["self"] == f"{settings.SITE_URL}/feeds/articles/"


def test_an_entry_says_what_the_article_says(read):
    article = make_article(
        "借条 < 转账 & 录音？",
        authors=[make_author("林知远"), make_author("沈砚秋")],
        tags=["借条", "民间借贷"],
        summary="摘要。",
    )
    entry = read().entries[0]
    assert entry.title == "借条 < 转账 & 录音？"
    assert entry.link == entry.id == f"{settings.SITE_URL}/hf/{article.pk}.html"
    assert entry.summary == "摘要。"
    assert entry.author == "林知远律师、沈砚秋律师"
    assert sorted(tag.term for tag in entry.tags) == ["借条", "民间借贷"]
    assert entry.published == entry.updated
    assert datetime.fromisoformat(entry.published) == article.published_at


def test_the_feed_holds_the_newest_thirty_visible_articles(read):
    category = make_category()
    make_articles(32, category=category)
    make_article("草稿", state="draft", published_at="2027-01-01T00:00+08:00")
    make_article("定时", published_at=timezone.now() + timedelta(days=400))
    assert [entry.title for entry in read().entries] == [f"第{n}篇" for n in range(32, 2, -1)]


def test_no_address_in_it_comes_from_the_request(client):
    make_article()
    response = client.get("/feeds/articles/", headers={"host": "evil.example"})
    assert "evil.example" not in response.content.decode()


def test_an_empty_site_has_a_feed(read):
    assert read().entries == []
