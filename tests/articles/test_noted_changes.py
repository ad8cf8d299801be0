"""Whatever a reader can see leaves a line in the log of changes, written with it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import Article
from statutes.models import Change
from tests.factories import make_article, make_author, make_category, make_site, make_tag

pytestmark = pytest.mark.django_db


def noted():
    lines = list(Change.objects.order_by("pk").values_list("kind", "key"))
    Change.objects.all().delete()
    return lines


def test_publishing_amending_and_withdrawing_are_noted():
    article = make_article()
    assert noted() == [("article", article.pk)]
    publishing.refresh(article)
    assert noted() == [("article", article.pk)]
    publishing.withdraw(article)
    assert noted() == [("article", article.pk)]


def test_a_draft_that_never_had_a_day_is_nobodys_business():
    draft = make_article(state=Article.State.DRAFT, published_at=None)
    assert noted() == []
    publishing.publish(draft)
    assert noted() == [("article", draft.pk)]


def test_a_scheduled_article_and_one_taken_back_to_draft_are_noted():
    article = make_article(published_at=timezone.now() + timedelta(days=1))
    assert noted() == [("article", article.pk)]
    article.state = Article.State.DRAFT
    publishing.refresh(article)
    assert noted() == [("article", article.pk)]


def test_a_failed_change_leaves_no_line():
    article = make_article()
    noted()
    article.body = "> " * 5_000
    with pytest.raises(publishing.RenderError):
        publishing.refresh(article)
    assert noted() == []


def test_the_sites_record_is_noted():
    make_site()
    assert noted() == [("site", 1)]


@pytest.mark.parametrize(
    ("model", "make"),
    [("category", make_category), ("author", make_author), ("tag", lambda: make_tag("借条"))],
)
def test_what_editors_change_and_delete_is_noted(admin_client, model, make):
    row = make()
    page = reverse(f"admin:articles_{model}_change", args=[row.pk])
    values = {"name": "新名", "slug": row.slug, "position": 1}
    assert admin_client.post(page, values).status_code == 302
    assert noted() == [("site", row.pk)]
    page = reverse(f"admin:articles_{model}_delete", args=[row.pk])
    assert admin_client.post(page, {"post": "yes"}).status_code == 302
    assert noted() == [("site", row.pk)]


def test_a_deleted_article_is_noted(admin_client):
    articles = [make_article(), make_article("另一篇")]
    noted()
    page = reverse("admin:articles_article_delete", args=[articles[0].pk])
    assert admin_client.post(page, {"post": "yes"}).status_code == 302
    assert noted() == [("article", articles[0].pk)]
    chosen = {"action": "delete_selected", "_selected_action": [articles[1].pk], "post": "yes"}
    assert (
        admin_client.post(reverse("admin:articles_article_changelist"), chosen).status_code == 302
    )
    assert noted() == [("article", articles[1].pk)]
