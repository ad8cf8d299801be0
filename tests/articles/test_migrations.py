"""What migrations do to the rows that are there."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from articles.models import Article
from tests.factories import make_article, make_articles, make_citation

texts_last = import_module("articles.migrations.0018_texts_last")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's table stays as it is")
@pytest.mark.django_db(transaction=True)  # the table is not written anew within another one
@pytest.mark.parametrize("number", [0, 1])
def test_no_id_is_given_again_once_articles_are_written_anew(number):
    for article in make_articles(number):
        make_citation(article)
    gone = make_article().pk
    Article.objects.get(pk=gone).delete()
    state = MigrationLoader(connection).project_state()

    with connection.schema_editor() as editor:
        texts_last.write_anew(state.apps, editor)

    assert [article.citations.count() for article in Article.objects.all()] == [1] * number
    assert make_article().pk > gone
