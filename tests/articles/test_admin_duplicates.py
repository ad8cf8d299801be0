"""Near-duplicates at the desk: told on saving, side by side, in groups, settled."""

import pytest
from django.contrib.auth.models import Permission, User

from articles.models import Article, NearDuplicate
from tests.articles.test_admin import ADD, change, form
from tests.articles.test_overlap import chinese
from tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db

GROUPS = "/admin/articles/nearduplicate/"
TEXT = chinese("text", 600)


@pytest.fixture
def category():
    return make_category("民间借贷")


@pytest.fixture
def old(category):
    return make_article("旧文", body=TEXT, category=category)


def compare(one, other):
    return f"{GROUPS}{one.pk}/{other.pk}/"


def test_the_editor_is_told_after_saving_and_on_the_form(admin_client, category, old):
    body = TEXT[:500] + chinese("new", 100)
    page = admin_client.post(ADD, form(category, body=body), follow=True).content.decode()
    new = Article.objects.latest("pk")
    assert "本文83% 见于《旧文》" in page
    assert f'href="{compare(new, old)}"' in page
    assert "本文83% 见于《旧文》" in admin_client.get(change(new)).content.decode()
    assert (
        "对照两篇"
        not in admin_client.post(
            change(new), form(category, body=chinese("other", 600)), follow=True
        ).content.decode()
    )


def test_two_texts_stand_side_by_side_with_what_they_share_marked(admin_client, category, old):
    new = make_article("新文", body="# 一\n\n" + TEXT[:300] + "<b>", category=category)
    page = admin_client.get(compare(new, old)).content.decode()
    assert page.count('<mark class="in-common">' + TEXT[:300]) == 2
    assert "&lt;b&gt;" in page
    assert "<strong>50%</strong>" in page


def test_any_two_articles_can_be_compared(admin_client, category, old):
    other = make_article(body="借条。", category=category)
    page = admin_client.get(compare(other, old))
    assert page.status_code == 200
    assert "<strong>0%</strong>" in page.content.decode()
    assert admin_client.get(f"{GROUPS}{old.pk}/999999/").status_code == 404


def test_the_list_shows_groups_the_largest_first(admin_client, category, old):
    for body in (TEXT, chinese("pair", 300), TEXT, chinese("pair", 300)):
        make_article(body=body, category=category)
    page = admin_client.get(GROUPS)
    assert [group.size for group in page.context["groups"]] == [3, 2]
    assert f'href="{compare(Article.objects.get(pk=old.pk + 1), old)}"' in page.content.decode()


@pytest.mark.parametrize("number", [2, 12])
def test_the_list_costs_a_constant_number_of_queries(
    admin_client, category, old, number, django_assert_num_queries
):
    for seed in range(number):
        make_article(body=TEXT, category=category)
        make_article(body=chinese(seed // 2, 300), category=category)
    admin_client.get(GROUPS)  # what Django keeps of its content types
    with django_assert_num_queries(6):
        admin_client.get(GROUPS)


def test_a_pair_is_let_stand_and_asked_after_again(admin_client, admin_user, category, old):
    new = make_article(body=TEXT, category=category)
    settle = compare(new, old) + "settle/"
    assert admin_client.get(settle).status_code == 405
    page = admin_client.post(settle, follow=True).content.decode()
    assert "两篇可以并存" in page
    assert set(NearDuplicate.objects.values_list("settled_by", flat=True)) == {admin_user.pk}
    assert "没有近似的文章" in admin_client.get(GROUPS).content.decode()
    admin_client.post(settle, {"again": ""})
    assert not NearDuplicate.objects.exclude(settled_by=None).exists()


@pytest.mark.parametrize("permissions", [[], ["view_article"]])
def test_who_may_not_change_articles_sees_none_of_it(client, category, old, permissions):
    new = make_article(body=TEXT, category=category)
    user = User.objects.create_user("实习生", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    for address in (GROUPS, compare(new, old)):
        assert client.get(address).status_code == 403
    assert client.post(compare(new, old) + "settle/").status_code == 403
    assert not NearDuplicate.objects.exclude(settled_by=None).exists()


def test_without_any_the_list_says_so(admin_client):
    assert "没有近似的文章" in admin_client.get(GROUPS).content.decode()
    assert admin_client.get(GROUPS + "?p=abc").status_code == 200
    assert admin_client.get(GROUPS + "?p=99").status_code == 200
