"""Versions: one for each change of words, compared in Chinese, brought back whole."""

import pytest

from articles import history, images, moves, publishing
from articles.models import Article, ArticleImage
from articles.moves import MoveError
from statutes.diff import Change
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_citation,
    make_image,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user("editor", "编辑")


def say(article, body, by, **values):
    history.begin(article.pk)
    article.body = body
    for name, value in values.items():
        setattr(article, name, value)
    publishing.refresh(article, by=by)


def test_what_nobody_changed_is_stored_once():
    article = make_article()
    publishing.refresh(article)
    assert not history.versions(article.pk).exists()


def test_the_first_change_keeps_the_text_before_it(editor):
    article = make_article(body="甲说。")
    say(article, "乙说。", editor)
    newest, oldest = history.versions(article.pk)
    assert (oldest.body, oldest.history_user) == ("甲说。", None)
    assert (newest.body, newest.history_user) == ("乙说。", editor)


def test_saving_the_same_words_makes_no_version(editor):
    article = make_article()
    say(article, "乙说。", editor)
    for _ in range(3):
        publishing.refresh(article, by=editor)
    article.state = "withdrawn"
    publishing.refresh(article, by=editor)
    assert history.versions(article.pk).count() == 2


def test_a_version_holds_none_of_the_derived_columns():
    columns = {field.name for field in Article.history.model._meta.fields}
    assert {"title", "body", "tag_names", "signers", "pictures"} <= columns
    assert not {"body_html", "contents", "terms", "excerpt", "published_at", "state"} & columns


def test_differences_are_marked_in_whole_words(editor):
    article = make_article(body="借款人应当在五日内返还借款。", tags=["借条"])
    say(article, "借款人应当在十日内返还借款。", editor, title="怎样返还借款？")
    newest, oldest = history.versions(article.pk)
    title, body = history.compare(history.words_in(oldest), history.words_in(newest))
    assert (title.label, body.label) == ("标题", "正文")
    marked = [(op.change, op.text) for op in body.ops if op.change != Change.EQUAL]
    assert [change for change, _ in marked] == [Change.DELETE, Change.INSERT]
    assert marked[0][1].startswith("五日")


def test_texts_too_long_to_compare_are_only_said_to_differ(editor, monkeypatch):
    monkeypatch.setattr(history, "MAX_COMPARED", 10)
    old = history.words_of(make_article(body="甲" * 20))
    (change,) = history.compare(old, old | {"body": "乙" * 20})
    assert (change.label, change.ops) == ("正文", [])


def test_restoring_brings_back_words_tags_authors_pictures_and_category(editor):
    first, second = make_author("林知远"), make_author("陈思齐")
    category = make_category("民间借贷")
    picture = images.store(make_image())
    article = make_article(
        "旧题", body="旧文。![步](a.png)", category=category, tags=["借条"], authors=[first, second]
    )
    ArticleImage.objects.create(article=article, name="a.png", file=picture.name)
    publishing.refresh(article)
    before = history.words_of(article)
    history.begin(article.pk)
    article.bylines.all().delete()
    article.images.all().delete()
    article.tags.set(["离婚"])
    say(article, "新文。", editor, title="新题", category=make_category())
    oldest = history.versions(article.pk).last()
    moves.restore_version(article.pk, oldest.history_id, editor)
    article = Article.objects.get()
    assert history.words_of(article) == before
    assert picture.name in article.body_html
    assert history.versions(article.pk).count() == 3
    assert "恢复到" in history.versions(article.pk).first().history_change_reason
    assert article.was_updated


def test_restoring_passes_over_what_exists_no_more(editor):
    gone, category = make_author(), make_category()
    article = make_article(authors=[gone], category=category)
    say(article, "新文。", editor, category=make_category())
    article.bylines.all().delete()
    gone.delete()
    category.delete()
    oldest = history.versions(article.pk).last()
    moves.restore_version(article.pk, oldest.history_id, editor)
    assert Article.objects.get().category_id == article.category_id


def test_the_version_of_another_article_is_not_restored(editor):
    article, other = make_article(), make_article()
    say(other, "别的文章。", editor)
    with pytest.raises(MoveError):
        moves.restore_version(article.pk, history.versions(other.pk).first().history_id, editor)


def test_a_writer_restores_nothing_in_a_published_article():
    writer = make_user("writer", "作者")
    article = make_article(owner=writer)
    say(article, "新文。", writer)
    with pytest.raises(MoveError):
        moves.restore_version(article.pk, history.versions(article.pk).last().history_id, writer)


def test_a_wrong_text_does_not_come_back_to_the_public(editor, monkeypatch):
    article = make_article(body="旧文。")
    say(article, "新文。", editor)
    oldest = history.versions(article.pk).last()
    refresh = publishing.refresh

    def cite(article, **why):
        rendered = refresh(article, **why)
        make_citation(article, "missing")
        return rendered

    monkeypatch.setattr(publishing, "refresh", cite)
    with pytest.raises(moves.UnsoundError):
        moves.restore_version(article.pk, oldest.history_id, editor)
    assert Article.objects.get().body == "新文。"


def test_the_seal_changes_with_words_tags_and_state_only(editor):
    article = make_article(tags=["借条"])
    seal = history.seal(article)
    publishing.refresh(article)
    assert history.seal(Article.objects.get()) == seal
    article.tags.add("利息")
    other = history.seal(article)
    article.state = "withdrawn"
    assert len({seal, other, history.seal(article)}) == 3
