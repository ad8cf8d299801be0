"""Near-duplicates: found on saving, whatever notices and law the texts share; settled by hand."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from articles import duplicates, publishing
from articles.models import Article, ArticleCitation, ArticleWindow, Checkpoint, NearDuplicate
from tests.articles.test_overlap import chinese
from tests.factories import article_file, make_article, make_category, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def category():
    return make_category("民间借贷")


def near(article):
    """Return the article's near-duplicates as {other: percent}."""
    return {pair.other_id: pair.percent for pair in article.duplicates.all()}


def said(category, body, **values):
    return make_article(body=body, category=category, **values)


def cite(article, text, provision):
    """Let an article cite a provision as a resolver would."""
    return ArticleCitation.objects.create(
        article=article,
        position=0,
        start=0,
        end=1,
        text="第一条",
        title="甲法",
        provision=provision,
        current=provision,
        quotation=text,
        state="current",
        assessed_on=date(2026, 3, 1),
    )


# --- Found on saving -------------------------------------------------------------------


def test_a_copy_is_found_both_ways(category):
    text = chinese(1, 1_000)
    old = said(category, text + chinese(2, 1_000))
    new = said(category, text)
    assert near(new) == {old.pk: 100}
    assert near(old) == {new.pk: 50}


def test_a_copy_lightly_edited_is_found(category):
    text = chinese(3, 1_500)
    old = said(category, text)
    edited = list(text)
    edited[7::25] = "改" * len(edited[7::25])
    new = said(category, "".join(edited))
    assert near(new)[old.pk] >= 90


@pytest.mark.parametrize("state", ["draft", "in_review", "withdrawn"])
def test_an_article_that_is_not_public_counts_too(category, state):
    text = chinese(4, 600)
    old = said(category, text, state=state)
    assert near(said(category, text, state="draft")) == {old.pk: 100}


def test_texts_on_other_matters_are_not_near(category):
    said(category, chinese(5, 1_000))
    half = said(category, chinese(5, 400) + chinese(6, 700))
    assert near(half) == {}
    assert not NearDuplicate.objects.exists()


@pytest.mark.parametrize("body", ["借条。", "甲" * 99, "---", "![a](b)"])
def test_a_text_too_short_to_judge_is_near_to_none(category, body):
    articles = [said(category, body) for _ in range(2)]
    assert near(articles[1]) == {}
    assert not ArticleWindow.objects.exists()


@pytest.mark.parametrize(
    "body", ["甲" * 100_000, chinese(7, 100_000), "甲乙\n" * 4_000], ids=["one", "long", "two"]
)
def test_hostile_texts_are_compared_like_others(category, body):
    old = said(category, body)
    assert near(said(category, body)) == {old.pk: 100}


def test_a_changed_text_is_looked_at_anew(category):
    text, other_text = chinese(8, 800), chinese(9, 800)
    one, other, article = (said(category, body) for body in (text, other_text, text))
    assert near(article) == {one.pk: 100}
    article.body = other_text
    publishing.refresh(article)
    assert near(article) == {other.pk: 100}
    assert near(one) == {}
    article.body = "撤回"
    publishing.refresh(article)
    assert not NearDuplicate.objects.exists()


def test_an_article_deleted_leaves_no_trace(category):
    text = chinese(10, 800)
    articles = [said(category, text) for _ in range(2)]
    articles[0].delete()
    assert near(articles[1]) == {}
    assert set(ArticleWindow.objects.values_list("article", flat=True)) == {articles[1].pk}


def test_what_cannot_be_rendered_changes_no_window(category):
    article = said(category, chinese(11, 800))
    before = set(ArticleWindow.objects.values_list("pk", flat=True))
    article.body = "[" * 4_000
    with pytest.raises(publishing.RenderError):
        publishing.refresh(article)
    assert set(ArticleWindow.objects.values_list("pk", flat=True)) == before


# --- What does not count ---------------------------------------------------------------


def test_a_notice_that_very_many_share_does_not_count(category, monkeypatch):
    monkeypatch.setattr(duplicates, "COMMON", 5)
    notice = chinese("notice", 700)
    articles = [said(category, chinese(f"own{n}", 800) + notice) for n in range(9)]
    assert near(articles[-1]) == {}
    copy = said(category, articles[3].body)
    assert near(copy) == {articles[3].pk: 100}
    partly = said(category, chinese("own4", 800)[:600] + chinese("new", 200) + notice)
    assert 70 <= near(partly)[articles[4].pk] <= 80


def test_a_text_that_very_many_have_is_still_a_copy(category, monkeypatch):
    monkeypatch.setattr(duplicates, "COMMON", 5)
    text = chinese("copied", 900)
    articles = [said(category, text) for _ in range(12)]
    assert len(near(articles[-1])) >= 5
    assert set(near(articles[-1]).values()) == {100}
    assert duplicates.report() == [[article.pk for article in articles]]


def test_quoted_law_does_not_count(category):
    law = chinese("law", 900)
    provision = make_version(provisions=(law,)).provisions.get()
    one = said(category, chinese("one", 300) + law)
    two = Article(title="二", body=chinese("two", 300) + law, category=category)
    two.save()
    cite(two, "", provision)
    duplicates.refresh(two)
    assert near(two) == {}, "three quarters of it stand in the other, but they are law"
    copy = Article(title="三", body=one.body, category=category)
    copy.save()
    cite(copy, "", provision)
    duplicates.refresh(copy)
    assert near(copy)[one.pk] == 100


def test_words_quoted_wrongly_are_a_quotation_too(category):
    words = chinese("misquoted", 900)
    provision = make_version().provisions.first()
    said(category, chinese("one", 300) + words)
    two = Article(title="二", body=chinese("two", 300) + words, category=category)
    two.save()
    cite(two, words, provision)
    duplicates.refresh(two)
    assert near(two) == {}


# --- Cost ------------------------------------------------------------------------------


@pytest.mark.parametrize("others", [1, 30])
def test_looking_costs_a_constant_number_of_queries(category, others, django_assert_num_queries):
    text = chinese(12, 3_000)
    for number in range(others):
        said(category, text + chinese(number, 300))
    article = Article(pk=10_000, title="新", body=text, category=category)
    with django_assert_num_queries(5):
        assert duplicates.find(article)


def test_a_text_unchanged_costs_one_query(category, django_assert_num_queries):
    article = said(category, chinese(13, 3_000))
    said(category, article.body)
    with django_assert_num_queries(3):  # of which two open and close the transaction
        duplicates.refresh(article)


def test_a_window_of_very_many_articles_is_read_no_further_than_needed(category, monkeypatch):
    monkeypatch.setattr(duplicates, "COMMON", 3)
    articles = [said(category, chinese(14, 200)) for _ in range(8)]
    digests = list(articles[0].windows.values_list("digest", flat=True))
    holders = duplicates.articles_with(digests, [articles[0].pk])
    assert all(found == [article.pk for article in articles[1:5]] for found in holders.values())


# --- Settled by an editor --------------------------------------------------------------


def test_what_an_editor_let_stand_stays_so_and_is_not_reported(category, admin_user):
    text = chinese(15, 800)
    one, other = (said(category, text) for _ in range(2))
    assert duplicates.report() == [[one.pk, other.pk]]
    duplicates.settle(one.pk, other.pk, admin_user.pk)
    assert duplicates.report() == []
    other.body = text + chinese(16, 200)
    publishing.refresh(other)
    assert near(one) == {other.pk: 100}
    assert duplicates.report() == []
    duplicates.settle(other.pk, one.pk, None)
    assert duplicates.report() == [[one.pk, other.pk]]


# --- Old stock -------------------------------------------------------------------------


def rebuild():
    out = StringIO()
    call_command("rebuild_duplicates", processes=1, stdout=out)
    return out.getvalue()


def pairs():
    return set(NearDuplicate.objects.values_list("article", "other", "share"))


def test_all_are_found_anew(category, monkeypatch):
    monkeypatch.setattr("articles.walking.BATCH", 3)
    texts = [chinese(number, 700) for number in (17, 18, 17, 19, 18, 17, 20)]
    articles = [said(category, text) for text in texts]
    before = pairs()
    windows = set(ArticleWindow.objects.values_list("digest", "article"))
    ArticleWindow.objects.filter(article__gt=articles[2].pk).delete()
    NearDuplicate.objects.filter(article__gt=articles[2].pk).delete()
    assert "2 groups of near-duplicates, 5 articles" in rebuild()
    assert pairs() == before
    assert set(ArticleWindow.objects.values_list("digest", "article")) == windows
    assert not Checkpoint.objects.exists()
    rebuild()
    assert pairs() == before


def test_a_rebuild_cut_short_goes_on_where_it_stopped(category, monkeypatch):
    monkeypatch.setattr("articles.walking.BATCH", 2)
    articles = [said(category, chinese(21, 700)) for _ in range(6)]
    before = pairs()
    NearDuplicate.objects.all().delete()
    asked = []
    find_batch = duplicates.find_batch

    def dying(ids):
        asked.extend(ids)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return find_batch(ids)

    def surviving(ids):
        asked.extend(ids)
        return find_batch(ids)

    def passes(find):
        return [duplicates.PASSES[0], ("near-duplicates", find, duplicates.store_batch)]

    monkeypatch.setattr("articles.workers.AHEAD", 1)
    monkeypatch.setattr(duplicates, "PASSES", passes(dying))
    with pytest.raises(KeyboardInterrupt):
        rebuild()
    asked.clear()
    monkeypatch.setattr(duplicates, "PASSES", passes(surviving))
    rebuild()
    assert asked == [article.pk for article in articles[2:]]
    assert pairs() == before


def test_an_import_names_the_near_duplicates_it_brought(category, tmp_path):
    text = chinese(22, 800)
    old = said(category, text)
    for name, body in (("a", text), ("b", chinese(23, 800))):
        (tmp_path / f"{name}.md").write_text(article_file(body, title=name))
    out = StringIO()
    call_command("import_articles", tmp_path, stdout=out)
    new = Article.objects.get(title="a")
    assert f"article {new.pk}: 100 % of this stands in {old.pk}" in out.getvalue()
    assert "2 articles have near-duplicates" in out.getvalue()
    again = StringIO()
    call_command("import_articles", tmp_path, stdout=again)
    assert "near-duplicates" not in again.getvalue()
