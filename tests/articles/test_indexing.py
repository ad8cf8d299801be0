from datetime import timedelta

import pytest
from django.utils import timezone

from articles import indexing
from tests.factories import make_article, make_author, make_category


@pytest.mark.django_db
def test_a_document_holds_the_visible_words_and_the_facets(django_assert_num_queries):
    root = make_category("金融债务")
    child = make_category("民间借贷", parent=root)
    author = make_author()
    article = make_article(
        "借条怎么写", body="**年利率**要写明。", category=child, authors=[author], tags=["借条"]
    )
    with django_assert_num_queries(6):
        [document] = indexing.documents([article.pk])
    assert document.key == article.pk
    assert "借条" in document.title
    assert "利率" in document.body
    assert document.more == ["借条"]
    assert set(document.facets) == {
        f"category:{child.pk}",
        f"author:{author.pk}",
        f"tag:{article.tags.get().pk}",
        "year:2026",
    }
    assert document.moment == int(article.published_at.timestamp())


@pytest.mark.django_db
def test_only_published_articles_have_documents_scheduled_ones_too():
    coming = make_article(published_at=timezone.now() + timedelta(days=1))
    hidden = [make_article(state=state).pk for state in ("draft", "in_review", "withdrawn")]
    found = indexing.documents([coming.pk, *hidden, 999_999])
    assert [document.key for document in found] == [coming.pk]


def test_the_words_of_a_body_are_those_a_reader_sees():
    html = (
        "<h2>利息</h2><p>见<a href='/x'>第十条</a><span class='citation-aid'>官方文本</span>。"
        "</p><ul><li>一</li><li>二</li></ul><pre>三</pre>"
    )
    assert indexing.text_of(html) == "利息\n见第十条。\n一\n二\n三"
    assert indexing.text_of("") == ""
