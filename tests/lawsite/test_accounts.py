"""Accounts at the desk: who may come in, and in which roles."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from lxml.html import fromstring

from articles import roles
from tests.factories import make_user

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"


def page_of(account):
    return f"/admin/auth/user/{account.pk}/change/"


@pytest.fixture
def keeper(client):
    client.force_login(make_user("keeper", roles.KEEPER), BACKEND)
    return client


def test_roles_are_ticked(keeper):
    account = make_user("新人")
    page = fromstring(keeper.get(page_of(account)).content)
    boxes = page.xpath('//input[@name="groups"]')
    assert {box.get("type") for box in boxes} == {"checkbox"}
    assert not page.xpath('//*[@name="user_permissions"]')
    editors = Group.objects.get(name=roles.EDITOR)
    values = {"username": "新人", "is_active": "on", "is_staff": "on", "groups": [editors.pk]}
    assert keeper.post(page_of(account), values).status_code == 302
    assert set(account.groups.all()) == {editors}


def test_saving_an_account_leaves_its_password_and_single_permissions(keeper):
    account = User.objects.create_user("新人", password="长长的密码一二三", is_staff=True)
    permission = Group.objects.get(name=roles.EDITOR).permissions.first()
    account.user_permissions.add(permission)
    values = {"username": "新人", "is_active": "on", "is_staff": "on"}
    assert keeper.post(page_of(account), values).status_code == 302
    account.refresh_from_db()
    assert account.check_password("长长的密码一二三")
    assert list(account.user_permissions.all()) == [permission]


def test_the_desk_has_only_the_tags_that_articles_have():
    names = [model._meta.label for model in admin.site._registry if model.__name__ == "Tag"]
    assert names == ["articles.Tag"]
