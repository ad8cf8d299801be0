"""Every address and action of the admin, tried by those who have no right to it."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from articles import bulk_changes, history, roles
from articles.models import Article, Feedback
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_lawyer,
    make_tag,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db

KEPT = ("articles", "statutes", "lawsite", "auth")
DEEDS = ["continue", "confirm", "undo", "delete", "choose"]
MOVES = "submit recall approve return publish schedule unschedule withdraw rework review".split()


def world():
    """One row of everything; return what stands for each part of an address."""
    editor = make_user("owner", "编辑")
    article = make_article("别人的", owner=editor, authors=[make_author()], tags=["借条"])
    make_article("别人的草稿", state="draft", owner=editor)
    make_article("扔掉的", state="trashed", state_since=timezone.now(), owner=editor)
    history.begin(article.pk)
    make_version()
    make_tag("利息")
    Feedback.objects.create(
        article=article, kind="wrong", message="错", sender="x", sent_at=timezone.now()
    )
    change = bulk_changes.begin("category", "移", editor, [article.pk], category=make_category().pk)
    bulk_changes.proceed(change, 60)
    return article


def addresses():
    """Return every address of the admin, each pattern with the keys of rows that there are."""
    found = []

    def walk(patterns, prefix):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, route)
            else:
                found.append((route, pattern.name))

    walk(admin.site.get_urls(), "/admin/")
    skipped = ("logout", "login", "jsi18n", "password_change", "password_change_done")
    return [route for route, name in found if name not in skipped and "(?P<" not in route]


def filled(route, pk):
    """Return the addresses that a pattern makes."""
    names = re.findall(r"<(?:(\w+):)?(\w+)>", route)
    choices = [route]
    for kind, name in names:
        words = MOVES if name == "name" else DEEDS if name == "deed" else [str(pk)]
        part = f"<{kind}:{name}>" if kind else f"<{name}>"
        choices = [choice.replace(part, word) for choice in choices for word in words]
    return choices


def everything():
    """Return all rows of the site's own tables but the sign of having come in."""
    rows = {}
    for model in apps.get_models():
        if model._meta.app_label in KEPT and model.__name__ != "Draft":
            columns = [f.attname for f in model._meta.concrete_fields if f.name != "last_login"]
            rows[model.__name__] = sorted(map(repr, model._base_manager.values_list(*columns)))
    return rows


def signed_in(user):
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def try_everything(client, pk):
    """Ask for, and send something to, every address; return what was answered."""
    answers = {}
    sent = {
        **{"post": "yes", "note": "理由", "override": "理由", "body": "改了", "title": "改了"},
        **{"ids": str(pk), "kind": "category", "category": "1", "statute": "1", "target": "1"},
        **{"action": "delete_selected", "_selected_action": str(pk), "answer": "改了"},
        **{"at_0": "2099-01-01", "at_1": "08:00", "shown": str(pk), "_move": "publish"},
    }
    for route in addresses():
        for address in filled(route, pk):
            answers[address] = (
                client.get(address).status_code,
                client.post(address, sent).status_code,
            )
    for action in ("delete_selected", "bulk_category", "bulk_tags", "bulk_owner", "bulk_review"):
        address = "/admin/articles/article/"
        answers[action] = (200, client.post(address, sent | {"action": action}).status_code)
    return answers


@pytest.mark.parametrize("role", [None, "nobody", "作者"])
def test_who_has_no_right_changes_nothing_by_any_address_or_action(role):
    article = world()
    user = None
    if role:
        user = make_user("tried", *([role] if role in roles.ROLES else []))
    before = everything()
    answers = try_everything(signed_in(user), article.pk)
    assert len(answers) > 100
    assert everything() == before
    for address, (got, posted) in answers.items():
        assert got < 500, address
        assert posted < 500, address
    if role is None:
        assert all(got in (200, 302) for got, _ in answers.values())
        assert answers["/admin/articles/article/add/"] == (302, 302)
    if role == "nobody":
        assert answers["/admin/articles/article/"][0] == 403


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("编辑", "/admin/auth/user/add/ /admin/auth/group/ /admin/lawsite/siteprofile/"),
        (
            "审核律师",
            "/admin/auth/user/add/ /admin/articles/category/add/ /admin/lawsite/siteprofile/",
        ),
    ],
)
def test_editors_and_lawyers_do_not_manage_accounts_or_the_site(role, closed):
    world()
    client = signed_in(make_user("tried", role))
    for address in closed.split():
        assert client.get(address).status_code == 403, address
        assert client.post(address, {}).status_code == 403, address


@pytest.mark.parametrize("role", ["编辑", "审核律师", "管理员"])
def test_no_address_breaks_for_those_who_may(role):
    article = world()
    user = make_lawyer("tried") if role == "审核律师" else make_user("tried", role)
    for address, statuses in try_everything(signed_in(user), article.pk).items():
        assert max(statuses) < 500, address


def test_an_editor_approves_nothing_and_a_lawyer_publishes_nothing():
    waiting = make_article(state="in_review", published_at=None)
    ready = make_article(state="approved", published_at=None)
    editor, lawyer = make_user("editor", "编辑"), make_lawyer("lawyer")
    address = "/admin/articles/article/{}/move/{}/"
    assert signed_in(editor).post(address.format(waiting.pk, "approve")).status_code == 403
    for name in ("publish", "schedule"):
        assert signed_in(lawyer).post(address.format(ready.pk, name)).status_code == 403
    assert set(Article.objects.values_list("state", flat=True)) == {"in_review", "approved"}


def test_a_step_that_is_not_open_says_why():
    waiting = make_article(state="in_review", published_at=None)
    draft = make_article(state="draft", published_at=None)
    editor = signed_in(make_user("editor", "编辑"))
    for pk, name, reason in (
        (waiting.pk, "approve", "您没有“审核通过”的权限。"),
        (draft.pk, "schedule", "文章现在是“草稿”，不能定时发布。"),
    ):
        answer = editor.get(f"/admin/articles/article/{pk}/move/{name}/")
        assert answer.status_code == 403
        assert reason in answer.content.decode()
        assert "回到编辑台首页" in answer.content.decode()


def test_setting_up_the_roles_again_takes_away_what_does_not_belong():
    roles.set_up()
    writers = Group.objects.get(name="作者")
    writers.permissions.set(Group.objects.get(name="管理员").permissions.all())
    roles.set_up()
    assert not writers.permissions.filter(codename="delete_article").exists()
    assert Group.objects.filter(name__in=roles.ROLES).count() == 4
