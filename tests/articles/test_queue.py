"""What waits for whom on the admin's first page, bounded however much there is."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import moves, queue, reviews
from articles.models import Article, Feedback, Tally
from tests.factories import (
    make_article,
    make_category,
    make_citation,
    make_lawyer,
    make_statute,
    make_user,
    make_version,
)
from tests.visible import visible_text

pytestmark = pytest.mark.django_db


def desk(user):
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def first_page(user):
    response = desk(user).get("/admin/")
    assert response.status_code == 200
    return visible_text(response.content)


@pytest.fixture
def editor():
    return make_user("editor", "编辑")


def test_each_sees_the_work_that_waits_for_them(editor):
    writer, lawyer = make_user("writer", "作者"), make_lawyer("lawyer")
    make_article("待审的", state="in_review")
    make_article("待发布的", state="approved", published_at=None)
    make_article("自己的草稿", state="draft", owner=writer)
    make_article("别人的草稿", state="draft")
    day = timezone.now() + timedelta(days=1)
    make_article("排期的", state="scheduled", published_at=day)
    text = first_page(writer)
    assert "自己的草稿" in text
    for other in ("待审的", "待发布的", "排期的", "别人的草稿", "读者反馈"):
        assert other not in text
    assert "待审的" in first_page(lawyer)
    assert "待发布的" not in first_page(lawyer)
    for title in ("待审的", "待发布的", "排期的"):
        assert title in first_page(editor)


def test_stale_citations_are_grouped_by_the_amendment(editor):
    version = make_version(
        "中华人民共和国治安管理处罚法",
        promulgated_on=date(2025, 6, 27),
        effective_from=date(2026, 1, 1),
        label="修订",
    )
    ended = make_statute("中华人民共和国合同法")
    articles = [make_article(f"第{n}篇") for n in range(3)]
    for article in articles:
        for state in ("renumbered", "amended"):
            make_citation(article, state, statute=version.statute, since=date(2026, 1, 1))
    make_citation(articles[0], "repealed", statute=ended, since=date(2021, 1, 1))
    make_citation(articles[0], "current", statute=ended)
    make_citation(articles[0], "unknown", title="某某管理办法")
    text = first_page(editor)
    assert "治安管理处罚法 2025年修订：3篇文章" in text
    assert "自2026年1月1日起" in text
    assert "合同法 失效：1篇文章" in text
    assert text.count("改正条号") == 1, "only where numbers have moved"
    assert "《某某管理办法》：1篇文章引用" in text
    stale = f"/admin/articles/article/?stale={version.statute_id}-2026-01-01"
    found = desk(editor).get(stale).context["cl"].result_list
    assert {article.pk for article in found} == {article.pk for article in articles}
    for nonsense in ("x", "1-x", "9" * 40, f"{version.statute_id}-2026-13-01", "\0"):
        response = desk(editor).get("/admin/articles/article/", {"stale": nonsense})
        assert response.status_code in (200, 302)


def test_a_large_site_counts_outside_the_page(editor, monkeypatch):
    make_citation(make_article(), "unknown", title="某某管理办法")
    monkeypatch.setattr(queue, "FEW", 0)
    assert "某某管理办法" not in first_page(editor)
    queue.count()
    assert "某某管理办法" in first_page(editor)
    assert Tally.objects.count() == 1


def test_a_schedule_that_was_missed_is_told(editor):
    moment = timezone.now() - timedelta(hours=1)
    make_article("迟到的", state="scheduled", published_at=moment)
    assert "work_due" in first_page(editor)
    moves.publish_due()
    assert "work_due" not in first_page(editor)


def test_feedback_waits_until_it_is_dealt_with(editor):
    article = make_article()
    waiting = Feedback.objects.create(
        article=article, kind="wrong", message="不对", sender="x", sent_at=timezone.now()
    )
    assert f"内容有误：{article.title}" in first_page(editor)
    waiting.handled_at = timezone.now()
    waiting.save()
    assert "内容有误：" not in first_page(editor)


# --- Review dates ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_so_many_months_later(day, months, expected):
    assert reviews.months_later(day, months) == expected


def test_an_article_is_due_after_the_interval_of_its_category_or_the_site(editor, settings):
    settings.REVIEW_MONTHS = 6
    old = timezone.now() - timedelta(days=400)
    make_article("过期的", published_at=old)
    make_article("刚核对的", published_at=old, reviewed_on=timezone.localdate())
    make_article("不必核对的", published_at=old, category=make_category(review_months=0))
    make_article("两年一次的", published_at=old, category=make_category(review_months=24))
    text = first_page(editor)
    assert "过期的" in text
    for title in ("刚核对的", "不必核对的", "两年一次的"):
        assert title not in text
    found = desk(editor).get("/admin/articles/article/?due=1").context["cl"].result_list
    assert [article.title for article in found] == ["过期的"]


def test_a_new_interval_sets_the_dates_anew_and_goes_on_where_it_was_broken_off(
    monkeypatch, settings
):
    monkeypatch.setattr(reviews, "BATCH", 2)
    settings.REVIEW_MONTHS = 12
    category = make_category()
    for _ in range(5):
        make_article(category=category)
    category.review_months = 0
    category.save()
    reviews.begin(category)
    assert not reviews.proceed(seconds=-1)
    assert Article.objects.filter(review_due_on=None).count() == 2
    assert reviews.proceed()
    assert Article.objects.filter(review_due_on=None).count() == 5


# --- However much there is ---------------------------------------------------------------


def test_the_first_page_costs_the_same_however_much_waits(editor):
    client = desk(editor)

    def fill(number):
        for index in range(number):
            article = make_article(state="in_review", owner=make_user())
            make_article(state="draft", owner=editor)
            make_citation(article, "unknown", title=f"办法{index}{number}")
            make_citation(article, "amended", statute=make_statute(f"法{index}{number}"))
            Feedback.objects.create(
                article=article, kind="wrong", message="错", sender="x", sent_at=timezone.now()
            )

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/").status_code == 200
        return len(queries)

    fill(2)
    cost()
    few = cost()
    fill(7)
    assert cost() <= few <= 45
