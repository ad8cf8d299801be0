"""From draft to public: what follows from an article's words is stored with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import images, publishing, relating
from articles.models import Article, ArticleImage, RelatedArticle
from articles.publishing import RenderError
from tests.factories import PUBLISHED_AT, make_article, make_category, make_image

pytestmark = pytest.mark.django_db

LOAN = "借条证明借款。没有借条，转账记录也证明借款，借条、转账记录都要保存。"
DIVORCE = "离婚时抚养权归谁？抚养权看孩子的利益，离婚协议约定抚养权。"


def related(article):
    return [Article(pk=card.pk) for card in article.related_list()]


def loan(title="借条与转账记录", **values):
    return make_article(title, body=LOAN, **values)


@pytest.fixture
def category():
    return make_category("民间借贷")


# --- Derived columns -------------------------------------------------------------------


def test_refresh_stores_what_follows_from_the_words():
    article = make_article(
        "没有借条", body="# 没有借条\n\n借款成立。\n\n## 先留证据\n\n保存原件。", tags=["借条"]
    )
    article.refresh_from_db()
    assert article.contents == [{"level": 2, "id": "先留证据", "text": "先留证据"}]
    assert article.excerpt == "借款成立。保存原件。"
    assert article.length == len("借款成立。先留证据保存原件。")
    assert "借条" in article.terms
    assert "<h1" not in article.body_html


def test_the_body_shows_the_articles_own_pictures(settings):
    from_editor = images.store(make_image(400, 300))
    article = make_article(body="![步骤](steps.png)")
    assert "<img" not in article.body_html
    ArticleImage.objects.create(article=article, name="steps.png", file=from_editor.name)
    publishing.refresh(article)
    assert f'src="/media/{from_editor.name}"' in article.body_html
    assert 'width="400"' in article.body_html


def test_what_cannot_be_rendered_changes_nothing():
    article = make_article()
    before = Article.objects.values().get()
    article.body = "[" * 4_000
    with pytest.raises(RenderError):
        publishing.refresh(article)
    assert Article.objects.values().get() == before


# --- Publishing and withdrawing --------------------------------------------------------


def test_publishing_makes_an_article_public_now():
    article = make_article(state="draft", published_at=None)
    before = timezone.now()
    publishing.publish(article)
    article.refresh_from_db()
    assert before <= article.published_at <= timezone.now()
    assert article.is_visible


def test_publishing_keeps_the_moment_the_article_names():
    tomorrow = timezone.now() + timedelta(days=1)
    article = make_article(state="draft", published_at=tomorrow)
    publishing.publish(article)
    article.refresh_from_db()
    assert article.published_at == tomorrow
    assert not article.is_visible


def test_a_withdrawn_article_leaves_every_list(category):
    articles = [loan(category=category) for _ in range(3)]
    publishing.withdraw(articles[0])
    assert Article.objects.get(pk=articles[0].pk).state == "withdrawn"
    assert not RelatedArticle.objects.filter(related=articles[0]).exists()
    assert not articles[0].related.exists()
    assert related(articles[1]) == [articles[2]]


# --- Related articles ------------------------------------------------------------------


def test_articles_enter_each_others_lists(category):
    old = loan(category=category)
    new = loan(category=category)
    assert related(new) == [old]
    assert related(old) == [new]
    entry = old.related.get()
    assert entry.score > 0
    assert "借条" in entry.shared_terms


def test_an_article_on_another_matter_enters_no_list(category):
    old = loan(category=category)
    new = make_article("离婚后孩子归谁", body=DIVORCE, category=category)
    assert related(old) == related(new) == []


def test_candidates_share_the_category_or_a_tag(category):
    here = loan(category=category)
    tagged = loan(tags=["借条"])
    elsewhere = loan()
    article = loan(category=category, tags=["借条"])
    assert set(related(article)) == {here, tagged}
    assert elsewhere not in related(article)


def test_candidates_are_the_newest(category):
    articles = [
        loan(category=category, published_at=PUBLISHED_AT + timedelta(days=days))
        for days in (3, 1, 2, 0)
    ]
    article = loan(category=category, published_at=PUBLISHED_AT + timedelta(days=9))
    assert relating.newest(article, 2) == {articles[0].pk, articles[2].pk}


def test_lists_hold_eight_at_most(category):
    articles = [loan(category=category) for _ in range(12)]
    for article in articles:
        assert article.related.count() == 8
        ranks = list(article.related.order_by("rank").values_list("rank", flat=True))
        assert ranks == list(range(8))


def test_a_better_article_pushes_out_the_last(category):
    first = make_article("借条", body=LOAN, category=category)
    others = [
        make_article(f"借条{number}", body="借条借条。" + DIVORCE, category=category)
        for number in range(8)
    ]
    assert set(related(first)) == set(others)
    twin = make_article("借条", body=LOAN, category=category)
    assert related(first)[0] == twin
    assert len(related(first)) == 8
    assert first.related.get(related=twin).rank == 0


def test_an_article_that_changes_its_matter_changes_its_lists(category):
    loans = [loan(category=category) for _ in range(2)]
    divorce = make_article("离婚后孩子归谁", body=DIVORCE, category=category)
    loans[0].title, loans[0].body = "离婚时孩子归谁", DIVORCE
    publishing.refresh(loans[0])
    assert related(loans[0]) == [divorce]
    assert related(divorce) == [loans[0]]
    assert related(loans[1]) == []


@pytest.mark.parametrize("state", ["draft", "in_review", "withdrawn"])
def test_an_article_that_is_not_published_leaves_the_lists(category, state):
    old, new = loan(category=category), loan(category=category)
    new.state = state
    publishing.refresh(new)
    assert related(old) == []
    assert not new.related.exists()


def test_a_draft_enters_no_list(category):
    old = loan(category=category)
    draft = loan(category=category, state="draft")
    assert not RelatedArticle.objects.exists()
    publishing.publish(draft)
    assert related(old) == [draft]


def test_a_scheduled_article_is_not_shown_before_its_time(category):
    old = loan(category=category)
    scheduled = loan(category=category, published_at=timezone.now() + timedelta(days=1))
    assert related(old) == []
    assert related(scheduled) == [old]
    Article.objects.filter(pk=scheduled.pk).update(published_at=timezone.now())
    assert related(old) == [scheduled]


def test_what_an_editor_pinned_or_banned_stays(category):
    article = loan(category=category)
    pinned = make_article("离婚后孩子归谁", body=DIVORCE)
    banned = loan(category=category)
    article.related.filter(related=banned).update(origin="banned")
    article.related.create(related=pinned, origin="pinned")
    good = loan(category=category)
    for changed in (article, banned, pinned, good):
        publishing.refresh(changed)
    assert related(article) == [pinned, good]
    assert article.related.get(related=banned).origin == "banned"
    publishing.withdraw(pinned)
    assert related(article) == [good]


def test_refreshing_again_changes_nothing(category):
    articles = [loan(f"借条{number}", category=category) for number in range(10)]
    before = [(related(article)) for article in articles]
    publishing.refresh(articles[9])
    assert [related(article) for article in articles] == before


@pytest.mark.parametrize("number", [2, 25])
def test_relating_costs_a_constant_number_of_queries(
    category, number, django_assert_max_num_queries
):
    articles = [loan(category=category) for _ in range(number)]
    with django_assert_max_num_queries(18):
        relating.relate(articles[0])
