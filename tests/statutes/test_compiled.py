"""Queries put together once answer as those put together anew."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import OperationalError, connection

from articles.models import Article
from statutes.compiled import A_MOMENT, A_NUMBER, FEW_NUMBERS, NUMBERS, Compiled
from tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


def test_a_query_is_asked_again_with_other_values(django_assert_num_queries):
    first, second = make_article("甲"), make_article("乙")
    one = Compiled(Article, lambda pk: Article.objects.filter(pk=pk), pk=A_NUMBER)
    for article in (first, second, first):
        with django_assert_num_queries(1):
            assert [found.title for found in one(pk=article.pk)] == [article.title]
    assert one(pk=10**15) == []


def test_related_rows_and_moments_are_read_as_ever(django_assert_num_queries):
    category = make_category("子", parent=make_category("父"))
    article = make_article(category=category)
    before = Compiled(
        Article,
        lambda at: Article.objects.visible(at).select_related("category__parent"),
        at=A_MOMENT,
    )
    assert before(at=datetime(2000, 1, 1, tzinfo=UTC)) == []
    with django_assert_num_queries(1):
        found = before(at=datetime(2027, 1, 1, tzinfo=UTC))[0]
        assert found == article
        assert str(found.category) == "父 / 子"
        assert found.published_at == article.published_at
        assert found.contents == article.contents


def test_a_list_of_numbers_may_be_shorter_than_its_example_but_not_longer():
    first, second, third = make_article("甲"), make_article("乙"), make_article("丙")
    some = Compiled(
        Article,
        lambda ids, others: (
            Article.objects.filter(pk__in=ids).exclude(pk__in=others).order_by("pk")
        ),
        ids=NUMBERS,
        others=FEW_NUMBERS,
    )
    assert some(ids=[first.pk, third.pk], others=[second.pk]) == [first, third]
    assert some(ids=[first.pk, second.pk, third.pk], others=[third.pk]) == [first, second]
    assert some(ids=[], others=[third.pk]) == []
    with pytest.raises(ValueError, match="others"):
        some(ids=[first.pk], others=list(range(len(FEW_NUMBERS) + 1)))


def test_a_value_without_a_place_is_noticed():
    lost = Compiled(Article, lambda pk: Article.objects.all(), pk=A_NUMBER)
    with pytest.raises(ValueError, match="pk"):
        lost(pk=1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps its plans by itself")
def test_the_server_keeps_the_plan_of_what_is_asked_again():
    article = make_article("甲")
    one = Compiled(
        Article,
        lambda pk, at: Article.objects.visible(at).filter(pk=pk),
        pk=A_NUMBER,
        at=A_MOMENT,
    )
    for day in range(1, 6):
        assert one(pk=article.pk, at=datetime(2027, 1, day, tzinfo=UTC)) == [article]
        assert one(pk=article.pk, at=datetime(2000, 1, day, tzinfo=UTC)) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans + custom_plans FROM pg_prepared_statements")
        assert (8,) in cursor.fetchall()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps its plans by itself")
@pytest.mark.django_db(transaction=True)
def test_a_plan_outlives_a_migration_that_widens_a_column():
    article = make_article("甲")
    one = Compiled(Article, lambda pk: Article.objects.filter(pk=pk), pk=A_NUMBER)
    length = Article._meta.get_field("title").max_length

    def set_length(characters):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE articles_article ALTER title TYPE varchar({characters})")

    for _ in range(4):
        one(pk=article.pk)
    set_length(length + 1)
    try:
        assert [one(pk=article.pk) for _ in range(5)] == [[article]] * 5
        with connection.cursor() as cursor:
            cursor.execute("SELECT generic_plans + custom_plans FROM pg_prepared_statements")
            assert cursor.fetchall() == [(3,)]  # made anew with the third question
    finally:
        set_length(length)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's file is always there")
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_closed_between_requests_is_made_anew(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)  # kept, as in production
    article = make_article("甲")
    one = Compiled(Article, lambda pk: Article.objects.filter(pk=pk), pk=A_NUMBER)
    assert one(pk=article.pk) == [article]
    end_connection()
    with pytest.raises(OperationalError):  # in the midst of a request nothing is asked twice
        one(pk=article.pk)
    connection.close_if_unusable_or_obsolete()  # as Django does between requests
    assert one(pk=article.pk) == [article]
    connection.close_if_unusable_or_obsolete()
    end_connection()
    assert one(pk=article.pk) == [article]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's file is always there")
@pytest.mark.django_db(transaction=True)
def test_a_server_that_went_away_between_requests_is_told_from_other_failures(monkeypatch):
    def refuse(_):
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)
    connection.close()
    article = make_article("甲")
    one = Compiled(Article, lambda pk: Article.objects.filter(pk=pk), pk=A_NUMBER)
    assert one(pk=article.pk) == [article]
    connection.close_if_unusable_or_obsolete()
    end_connection()
    with monkeypatch.context() as away:
        away.setattr(connection, "get_new_connection", refuse)
        with pytest.raises(OperationalError):  # Django's, which is answered by 503
            one(pk=article.pk)
    assert one(pk=article.pk) == [article]


def end_connection():
    """Let the server close the connection, as when it is started anew."""
    pid = connection.connection.info.backend_pid
    with psycopg.connect(connection.connection.info.dsn) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
