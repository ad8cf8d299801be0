"""What rows must obey, which are visible, and what stands beside what."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from articles.models import (
    CATEGORY_LEVELS,
    Article,
    ArticleImage,
    ArticleQuerySet,
    Author,
    Authorship,
    Category,
    RelatedArticle,
)
from tests.factories import (
    BEIJING,
    PUBLISHED_AT,
    make_article,
    make_articles,
    make_author,
    make_category,
)

pytestmark = pytest.mark.django_db


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


# --- Constraints -----------------------------------------------------------------------


def test_a_published_article_has_a_date():
    article = make_article()
    refused(lambda: Article.objects.filter(pk=article.pk).update(published_at=None))
    Article.objects.filter(pk=article.pk).update(state="draft", published_at=None)


def test_a_reprint_names_its_source():
    article = make_article()
    refused(lambda: Article.objects.filter(pk=article.pk).update(origin="reprint"))
    Article.objects.filter(pk=article.pk).update(origin="reprint", source_name="最高人民法院")


def test_names_that_must_be_unique_are():
    root = make_category("金融债务")
    make_category("民间借贷", parent=root)
    author = make_author("林知远")
    article = make_article(authors=[author])
    refused(lambda: make_category("金融债务"))
    refused(lambda: make_category("民间借贷", parent=root))
    refused(lambda: make_author("林知远"))
    refused(lambda: Authorship.objects.create(article=article, author=author))
    make_category("民间借贷", parent=make_category("婚姻家庭"))


def test_an_image_has_one_name_in_its_article():
    one, other = make_article(), make_article()
    bare = {"name": "a.png", "width": 1, "height": 1}
    models.Model.save(ArticleImage(article=one, **bare))
    models.Model.save(ArticleImage(article=other, **bare))
    refused(lambda: models.Model.save(ArticleImage(article=one, **bare)))


def test_an_article_is_related_once_to_another_and_never_to_itself():
    one, other = make_articles(2)
    RelatedArticle.objects.create(article=one, related=other)
    refused(lambda: RelatedArticle.objects.create(article=one, related=other))
    refused(lambda: RelatedArticle.objects.create(article=one, related=one))


def test_what_articles_hang_on_cannot_be_deleted():
    author = make_author()
    article = make_article(authors=[author], reviewer=author)
    for row in (article.category, author):
        with pytest.raises(models.ProtectedError):
            row.delete()


# --- Categories ------------------------------------------------------------------------


def chain(length):
    category = None
    for level in range(length):
        category = make_category(f"第{level}级", parent=category)
    return category


def test_a_category_tree_has_at_most_four_levels():
    deepest = chain(CATEGORY_LEVELS)
    deepest.full_clean()
    with pytest.raises(ValidationError, match="栏目最多4级"):
        Category(name="再下一级", parent=deepest).full_clean()


def test_a_category_is_not_below_itself():
    leaf = chain(3)
    root = leaf.parent.parent
    for parent in (root, leaf, leaf.parent):
        root.parent = parent
        with pytest.raises(ValidationError, match="本栏目或其下级"):
            root.full_clean()


def test_moving_a_category_with_its_branches_keeps_to_four_levels():
    branch = chain(3).parent.parent
    target = make_category("另一级", parent=make_category("另一根"))
    branch.parent = target
    with pytest.raises(ValidationError, match="栏目最多4级"):
        branch.full_clean()


def test_a_categorys_path_is_free_of_queries(django_assert_num_queries):
    leaf = chain(4)
    with django_assert_num_queries(1):
        path = Category.objects.with_ancestors().get(pk=leaf.pk).path()
        assert [category.name for category in path] == ["第0级", "第1级", "第2级", "第3级"]
        assert str(path[-1]) == "第0级 / 第1级 / 第2级 / 第3级"


def test_the_tree_is_read_in_one_query_in_the_editors_order(django_assert_num_queries):
    second, first = make_category("乙", position=2), make_category("甲", position=1)
    make_category("乙下", parent=second)
    with django_assert_num_queries(1):
        tree = Category.objects.tree()
        assert [category.name for category in tree] == ["甲", "乙"]
        assert [category.name for category in tree[1].branches] == ["乙下"]
        assert tree[0].branches == []
    assert first.branch() == [first.pk]


def test_a_branch_is_the_category_and_all_below_it():
    leaf = chain(4)
    root = Category.objects.roots().get()
    other = make_category("别处")
    assert sorted(root.branch()) == sorted(
        Category.objects.exclude(pk=other.pk).values_list("pk", flat=True)
    )
    assert leaf.branch() == [leaf.pk]


def test_a_path_of_names_is_made_where_it_is_missing():
    made = Category.objects.at_path(["金融债务", "民间借贷"])
    assert Category.objects.at_path(["金融债务", "民间借贷"]) == made
    assert Category.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "slug"), [("借条", "jie-tiao"), ("P2P网贷", "p2p-wang-dai"), ("!", "n")]
)
def test_a_slug_is_made_of_pinyin(name, slug):
    assert make_category(name).slug == make_author(name).slug == slug


def test_a_slug_is_never_taken_twice_and_never_changes():
    first, second = make_author("李明"), make_author("黎明")
    assert (first.slug, second.slug) == ("li-ming", "li-ming-2")
    first.name = "王明"
    first.save()
    assert first.slug == "li-ming"


# --- Authors ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "job_title", "signature"),
    [
        ("林知远", "律师", "林知远律师"),
        ("林知远律师", "律师", "林知远律师"),
        ("编辑部", "", "编辑部"),
    ],
)
def test_an_author_signs_with_the_job_title(name, job_title, signature):
    assert Author(name=name, job_title=job_title).signature == signature


def test_authors_are_named_in_the_order_in_which_they_sign(django_assert_num_queries):
    first, second = make_author("乙"), make_author("甲")
    article = make_article(authors=[first, second])
    with django_assert_num_queries(2):
        article = Article.objects.with_authors().get(pk=article.pk)
        assert article.credit == "乙律师、甲律师"
        assert article.signers == [first, second]


# --- Visible ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "minutes", "is_visible"),
    [
        ("published", -1, True),
        ("published", 1, False),
        ("draft", -1, False),
        ("in_review", -1, False),
        ("withdrawn", -1, False),
    ],
)
def test_visible_means_published_and_its_time_has_come(state, minutes, is_visible):
    moment = timezone.now() + timedelta(minutes=minutes)
    article = make_article(state=state, published_at=moment)
    assert Article.objects.visible().exists() == article.is_visible == is_visible


def test_visible_can_be_asked_of_another_moment():
    make_article(published_at=PUBLISHED_AT)
    assert not Article.objects.visible(at=PUBLISHED_AT - timedelta(seconds=1)).exists()
    assert Article.objects.visible(at=PUBLISHED_AT).exists()


def test_lists_leave_the_large_columns_alone(django_assert_num_queries):
    make_articles(3)
    with django_assert_num_queries(2):
        article = Article.objects.for_lists()[0]
        assert article.get_deferred_fields() == set(ArticleQuerySet.LARGE)
        assert article.credit == ""


# --- Dates -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reviewed_on", "published_at", "legal_date"),
    [
        (date(2026, 3, 1), datetime(2025, 1, 1, tzinfo=BEIJING), date(2026, 3, 1)),
        (None, datetime(2025, 1, 1, 0, 30, tzinfo=BEIJING), date(2025, 1, 1)),  # not 2024 in UTC
        (None, None, None),
    ],
)
def test_the_legal_date_is_the_last_review_or_else_publication(
    reviewed_on, published_at, legal_date
):
    assert Article(reviewed_on=reviewed_on, published_at=published_at).legal_date == legal_date


@pytest.mark.parametrize(
    ("minutes", "was_updated"), [(None, False), (0, False), (-5, False), (5, True)]
)
def test_an_article_was_updated_if_that_was_after_its_publication(minutes, was_updated):
    updated_at = None if minutes is None else PUBLISHED_AT + timedelta(minutes=minutes)
    article = Article(published_at=PUBLISHED_AT, updated_at=updated_at)
    assert article.was_updated == was_updated
    assert article.modified_at == (updated_at if was_updated else PUBLISHED_AT)


@pytest.mark.parametrize(("length", "minutes"), [(0, 1), (399, 1), (1200, 3), (100_000, 250)])
def test_reading_takes_a_minute_for_400_characters(length, minutes):
    assert Article(length=length).reading_minutes == minutes


def test_a_summary_goes_before_the_excerpt():
    assert Article(summary="摘要", excerpt="摘录").description == "摘要"
    assert Article(excerpt="摘录").description == "摘录"


# --- Neighbours ------------------------------------------------------------------------


@pytest.mark.parametrize("minutes_apart", [0, 1], ids=["one moment", "a minute apart"])
def test_every_article_is_the_neighbour_of_its_neighbours(minutes_apart):
    articles = make_articles(5, minutes_apart=minutes_apart)
    for index, article in enumerate(articles):
        older, newer = article.neighbours()
        assert (older and older.pk) == (articles[index - 1].pk if index else None)
        assert (newer and newer.pk) == (articles[index + 1].pk if index < 4 else None)


def test_neighbours_are_visible_and_of_the_whole_site():
    first, draft, middle, withdrawn, last = make_articles(5)
    Article.objects.filter(pk=draft.pk).update(state="draft")
    Article.objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    Article.objects.filter(pk=last.pk).update(category=make_category("别处"))
    make_articles(1, category=first.category, minutes_apart=60 * 24 * 365 * 100)
    older, newer = middle.neighbours()
    assert (older.pk, newer.pk) == (first.pk, last.pk)
    older, newer = last.neighbours()
    assert (older.pk, newer) == (middle.pk, None)


def test_neighbours_cost_one_query(django_assert_num_queries):
    articles = make_articles(5)
    with django_assert_num_queries(1):
        older, newer = articles[2].neighbours()
        assert (older.title, newer.title) == ("第2篇", "第4篇")


def test_the_order_of_publication_is_not_that_of_ids():
    late = make_article(published_at=PUBLISHED_AT + timedelta(days=2))
    early = make_article(published_at=PUBLISHED_AT)
    middle = make_article(published_at=PUBLISHED_AT + timedelta(days=1))
    older, newer = middle.neighbours()
    assert (older.pk, newer.pk) == (early.pk, late.pk)


# --- Related list ----------------------------------------------------------------------


def relate(article, others, origin="computed"):
    for rank, other in enumerate(others):
        RelatedArticle.objects.create(article=article, related=other, rank=rank, origin=origin)


def related(article):
    return [Article(pk=card.pk) for card in article.related_list()]


def test_the_related_list_is_in_order_pinned_ones_first_banned_ones_never():
    article, *others = make_articles(6)
    relate(article, others[:3])
    relate(article, [others[4]], "pinned")
    relate(article, [others[3]], "banned")
    assert related(article) == [others[4], *others[:3]]


def test_the_related_list_holds_visible_articles_only():
    article, draft, withdrawn, scheduled, good = make_articles(5)
    relate(article, [draft, withdrawn, scheduled, good])
    Article.objects.filter(pk=draft.pk).update(state="draft")
    Article.objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    tomorrow = timezone.now() + timedelta(days=1)
    Article.objects.filter(pk=scheduled.pk).update(published_at=tomorrow)
    assert related(article) == [good]


def test_the_related_list_holds_eight_and_costs_one_query(django_assert_num_queries):
    article, *others = make_articles(12)
    relate(article, others[:9])
    relate(article, others[9:], "pinned")
    with django_assert_num_queries(1):
        entries = article.related_list()
        titles = [entry.title for entry in entries]
        assert titles == ["第11篇", "第12篇", *(f"第{number}篇" for number in range(2, 8))]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps long texts elsewhere")
def test_long_columns_stand_last_in_a_row_and_texts_behind_them():
    """A migration that adds a column to articles has to move these behind it again."""
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(cursor, Article._meta.db_table)

    columns = [column.name for column in table]
    assert set(columns[-8:-2]) == {"summary", "excerpt", *ArticleQuerySet.LARGE} - {*columns[-2:]}
    assert columns[-2:] == ["body", "body_html"]
