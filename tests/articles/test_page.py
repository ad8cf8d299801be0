"""Whatever a reader can see of an article changes on its page at once."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from lxml.html import HtmlElement, document_fromstring

from articles import cards, publishing
from articles.models import Article, RelatedArticle
from lawsite.models import SiteProfile
from tests.articles.test_citing import new_law, old_law, on
from tests.factories import (
    make_article,
    make_articles,
    make_author,
    make_category,
    make_site,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    """The middle one of five, with all that a page prints of others."""
    make_site(site_name="普法知识库", original_notice="原创声明")
    category = make_category("借条", parent=make_category("民间借贷"))
    articles = make_articles(5, category=category)
    middle = articles[2]
    middle.bylines.create(author=make_author("林知远"))
    middle.tags.add("证据")
    RelatedArticle.objects.create(article=middle, related=articles[0], shared_terms=["第1篇"])
    cards.keep([articles[0].pk])
    middle.reviewer = make_author("沈砚秋")
    middle.reviewed_on = date(2026, 3, 1)
    middle.save()
    return middle


def rename_the_author(article):
    author = article.signers[0]
    author.name = "林致远"
    author.save()
    return "林知远", "林致远"


def rename_the_reviewer(article):
    article.reviewer.name = "沈墨"
    article.reviewer.save()
    return "沈砚秋", "沈墨"


def rename_the_tag(article):
    tag = article.tags.get()
    tag.name = "举证"
    tag.save()
    return ">证据<", ">举证<"


def rename_the_category(article):
    article.category.name = "欠条"
    article.category.save()
    return "借条", "欠条"


def move_the_category(article):
    article.category.parent = make_category("合同纠纷")
    article.category.save()
    return "民间借贷", "合同纠纷"


def change_the_firm(article):
    profile = SiteProfile.objects.get()
    profile.firm_name = "乙律师事务所"
    profile.save()
    return "北京某某律师事务所", "乙律师事务所"


def change_the_notice(article):
    profile = SiteProfile.objects.get()
    profile.original_notice = "另一份声明"
    profile.save()
    return "原创声明", "另一份声明"


def change_a_neighbours_title(article):
    Article.objects.filter(title="第2篇").update(title="换了题目")
    return "第2篇", "换了题目"


def withdraw_a_neighbour(article):
    publishing.withdraw(Article.objects.get(title="第4篇"))
    return "第4篇", "第5篇"


def publish_a_neighbour(article):
    make_article("新来的", published_at=article.published_at + timedelta(seconds=1))
    return '下一篇：</b><a href="/hf/', "新来的"


def change_a_related_title(article):
    Article.objects.filter(title="第1篇").update(title="相关的换了题目")
    return "第1篇</mark>", "相关的换了题目"


def change_its_own_words(article):
    article.title, article.body = "自己换了题目", "换了正文。"
    publishing.refresh(article)
    return "第3篇", "换了正文。"


CHANGES = [
    rename_the_author,
    rename_the_reviewer,
    rename_the_tag,
    rename_the_category,
    move_the_category,
    change_the_firm,
    change_the_notice,
    change_a_neighbours_title,
    withdraw_a_neighbour,
    publish_a_neighbour,
    change_a_related_title,
    change_its_own_words,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_shows_at_once(client, article, change):
    before = client.get(article.get_absolute_url()).content.decode()
    old, new = change(Article.objects.get(pk=article.pk))
    after = client.get(article.get_absolute_url()).content.decode()
    assert old in before
    assert new not in before
    assert new in after
    if change is not publish_a_neighbour:
        assert old not in after


def test_a_related_article_goes_when_it_is_withdrawn(client, article):
    assert "的相关文章" in client.get(article.get_absolute_url()).content.decode()
    publishing.withdraw(Article.objects.get(title="第1篇"))
    Article.objects.filter(title="第1篇").update(state="withdrawn")
    assert "的相关文章" not in client.get(article.get_absolute_url()).content.decode()


def test_an_article_to_come_appears_beside_others_when_its_moment_has_come(client, article):
    soon = timezone.now() + timedelta(hours=1)
    later = make_article("将来的", published_at=soon)
    RelatedArticle.objects.create(article=article, related=later)
    assert "将来的" not in client.get(article.get_absolute_url()).content.decode()
    Article.objects.filter(pk=later.pk).update(published_at=timezone.now() - timedelta(seconds=1))
    assert "将来的" in client.get(article.get_absolute_url()).content.decode()


def test_a_law_that_was_amended_is_told_once_it_was_checked(client):
    old_law()
    text = "《治安处罚示例法》第二条有规定。"
    article = make_article(body=text, published_at=on(2024), reviewed_on=date(2024, 3, 1))
    publishing.refresh(article)
    before = client.get(article.get_absolute_url()).content.decode()
    assert "引用法条" in before
    assert "法规时效提示" not in before
    new_law()
    call_command("check_citations", "--all")
    after = client.get(article.get_absolute_url()).content.decode()
    assert "法规时效提示" in after
    assert "一千元" in after


def qr_code_on(page) -> HtmlElement:
    (svg,) = document_fromstring(page.content.decode()).xpath("//svg[@role='img']")
    return svg


def test_a_qr_code_is_an_image_with_words(client, article):
    svg = qr_code_on(client.get(article.get_absolute_url()))
    assert svg.get("aria-label") == "本文网址的二维码"
    assert svg.get("style") is None
    other = qr_code_on(client.get(Article.objects.get(title="第1篇").get_absolute_url()))
    assert svg.find("path").get("d") != other.find("path").get("d")
