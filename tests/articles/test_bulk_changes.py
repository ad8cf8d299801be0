"""Many articles changed at once: shown before, whole or not at all for each, and back."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from lxml.html import fromstring

from articles import bulk_changes, history, taxonomy
from articles.bulk_changes import Kind, corrections
from articles.models import Article, BulkChange, Category, Redirect, Tag
from statutes.citations.find import find_citations
from statutes.resolver import library
from tests.factories import (
    make_article,
    make_articles,
    make_category,
    make_lawyer,
    make_tag,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"
OLD = ("为了维护秩序，制定本法。", "发送淫秽、侮辱、恐吓信息，干扰他人正常生活的，处五日以下拘留。")
NEW = (
    "为了维护秩序，制定本法。",
    "在铁路线路上行走或者抢越铁路，影响行车安全的，处警告或者罚款。",
    "发送淫秽、侮辱、恐吓信息，干扰他人正常生活的，处五日以下拘留。",
)
BODY = "骚扰短信违法。依据《甲法》第二条，可以处罚。又见《甲法》第二条与第一条。"


@pytest.fixture
def editor():
    return make_user("editor", "编辑")


@pytest.fixture
def law():
    return revised(OLD, NEW)


def revised(old, new):
    """Return a statute of 2012 that was revised in 2026."""
    make_version(provisions=old, promulgated_on=date(2012, 1, 1), effective_from=date(2012, 3, 1))
    version = make_version(
        provisions=new,
        promulgated_on=date(2026, 6, 1),
        effective_from=date(2026, 7, 1),
        label="修订",
    )
    return version.statute


def cite(article, law, fragment="article-2"):
    """Store an article's renumbered citations, as citing does."""
    article.citations.all().delete()
    for position, found in enumerate(find_citations(article.body, library().names)):
        words = article.body[found.start : found.end]
        own = found.locator.fragment
        article.citations.create(
            position=position,
            start=found.start,
            end=found.end,
            text=words,
            title="甲法",
            statute=law,
            fragment=own,
            state="renumbered" if own == fragment else "current",
            assessed_on=date(2026, 7, 2),
        )
    return article


def renumber(law, editor, number=3):
    own = find_citations("《甲法》第二条", library().names)[0].locator.fragment
    articles = [cite(make_article(f"第{n}篇", body=BODY), law, own) for n in range(number)]
    change = bulk_changes.begin(Kind.RENUMBER, "改正条号：甲法", editor, statute=law.pk)
    bulk_changes.proceed(change, 60)
    return articles, change


def bodies():
    return list(Article.objects.order_by("pk").values_list("body", flat=True))


# --- Renumbered citations ----------------------------------------------------------------


def test_each_moved_number_is_corrected_and_no_other(law, editor):
    (article,), change = renumber(law, editor, 1)
    assert change.state == "ready"
    edits = change.items.get().after["edits"]
    assert [(edit["old"], edit["new"]) for edit in edits] == [
        ("《甲法》第二条", "《甲法》第三条"),
        ("《甲法》第二条", "《甲法》第三条"),
    ]
    assert Article.objects.get().body == BODY, "nothing happens before it is confirmed"
    bulk_changes.confirm(change)
    bulk_changes.proceed(change, 60)
    article.refresh_from_db()
    assert article.body == (
        "骚扰短信违法。依据《甲法》第三条，可以处罚。又见《甲法》第三条与第一条。"
    )
    assert article.was_updated
    assert "第三条" in article.body_html
    assert set(article.citations.values_list("state", flat=True)) == {"current"}
    newest = history.versions(article.pk).first()
    assert (newest.history_user, newest.history_change_reason) == (editor, "改正条号：甲法")


@pytest.mark.parametrize(
    "body",
    [
        "旧《甲法》第二条已经失效。",
        "《甲法》（2012年制定）第二条已经失效。",
        "《甲法》第二条规定：“发送信息，干扰生活的，处五百元以下的罚款。”",
        "> 发送信息，干扰生活的，处五百元以下的罚款。\n>\n> ——《甲法》第二条",
        "依据《甲法》第二条，发送信息的，处五百元以下的罚款。",
    ],
)
def test_a_number_beside_words_of_the_old_law_is_left_to_a_person(body):
    """《甲法》第三条 does not say so: the new number would make a false quotation of it."""
    old = ("制定本法。", "发送信息，干扰生活的，处五百元以下的罚款。")
    new = ("制定本法。", "在铁路上行走的，处警告。", "发送信息，干扰生活的，处一千元以下的罚款。")
    statute = revised(old, new)
    article = make_article(published_at=timezone.now().replace(year=2020), body=body)
    cite(article, statute)
    assert corrections(article, statute.pk) == []
    article.body = "依据《甲法》第二条，可以处罚。"
    article.save()
    cite(article, statute)
    assert [edit["new"] for edit in corrections(article, statute.pk)] == ["《甲法》第三条"]


def test_one_undo_brings_every_article_back(law, editor):
    articles, change = renumber(law, editor)
    bulk_changes.confirm(change)
    bulk_changes.proceed(change, 60)
    assert change.state == "done"
    bulk_changes.undo(change)
    bulk_changes.proceed(change, 60)
    assert change.state == "undone"
    assert bodies() == [BODY] * 3
    assert set(change.items.values_list("state", flat=True)) == {"undone"}
    states = articles[0].citations.order_by("position").values_list("state", flat=True)
    assert list(states) == ["renumbered", "renumbered", "current"]


def test_an_article_changed_meanwhile_is_left_alone_and_named(law, editor):
    articles, change = renumber(law, editor)
    Article.objects.filter(pk=articles[1].pk).update(body="甲" + BODY)
    bulk_changes.confirm(change)
    bulk_changes.proceed(change, 60)
    states = list(change.items.order_by("pk").values_list("state", flat=True))
    assert states == ["applied", "skipped", "applied"]
    assert "有了改动" in change.items.get(state="skipped").reason
    Article.objects.filter(pk=articles[2].pk).update(body="完全另写。")
    bulk_changes.undo(change)
    bulk_changes.proceed(change, 60)
    assert bodies() == [BODY, "甲" + BODY, "完全另写。"]
    assert change.items.filter(state="kept").count() == 1


def test_what_an_editor_unticks_stays(law, editor):
    _, change = renumber(law, editor)
    items = list(change.items.order_by("pk"))
    shown = {item.pk for item in items}
    bulk_changes.exclude(change, shown - {items[0].pk}, shown)
    bulk_changes.confirm(change)
    bulk_changes.proceed(change, 60)
    assert bodies()[0] == BODY
    assert "第三条" in bodies()[1]


def test_what_the_resolver_does_not_know_for_certain_is_not_corrected(law):
    own = find_citations("《甲法》第二条", library().names)[0].locator.fragment
    article = make_article(body="《甲法》第九十条")
    assert corrections(cite(article, law, own), law.pk) == []
    article = cite(make_article(body="《甲法》第一条"), law, "x")
    article.citations.update(state="renumbered")
    assert corrections(article, law.pk) == []


# --- Breaking off ------------------------------------------------------------------------


def test_it_goes_on_where_it_was_broken_off(law, editor, monkeypatch):
    _, change = renumber(law, editor)
    bulk_changes.confirm(change)
    apply = bulk_changes._change
    calls = []

    def broken(*args):
        calls.append(args)
        apply(*args)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(bulk_changes, "_change", broken)
    with pytest.raises(KeyboardInterrupt):
        bulk_changes.proceed(change, 60)
    assert [("第三条" in body) for body in bodies()] == [True, False, False]
    monkeypatch.setattr(bulk_changes, "_change", apply)
    assert bulk_changes.proceed_all(60) == 1
    assert all("第三条" in body for body in bodies())


BEGIN = """
import django, json, os, sys
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from articles import bulk_changes, moves, publishing
from articles.models import Article, ArticleEvent, BulkItem
"""
KILLED = (
    BEGIN
    + """
steps = 0
def traced(frame, event, argument):
    global steps
    steps += 1
    if steps == int(sys.argv[2]):
        os.kill(os.getpid(), 9)
real = publishing.refresh
def refresh(article, **why):
    sys.setprofile(traced)
    try:
        return real(article, **why)
    finally:
        sys.setprofile(None)
publishing.refresh = refresh
moves.publish_due()
bulk_changes.proceed_all(60)
"""
)
FINISHED = (
    BEGIN
    + """
def tell():
    print(json.dumps({
        "moved": [a.pk for a in Article.objects.filter(category__name="新栏目").order_by("pk")],
        "noted": [i.article_id for i in BulkItem.objects.filter(state="applied").order_by("pk")],
        "due": Article.objects.get(title="到时发布").state,
        "events": ArticleEvent.objects.filter(move="publish").count(),
    }))
tell()
moves.publish_due()
bulk_changes.proceed_all(60)
tell()
"""
)


def database_for_others(folder) -> str:
    """Return the name of the tests' database for another process; SQLite's is copied to a file."""
    if connection.vendor == "postgresql":
        return connection.settings_dict["NAME"]
    connection.ensure_connection()
    file = sqlite3.connect(folder / "copy.sqlite3")
    connection.connection.backup(file)
    file.close()
    return str(folder / "copy.sqlite3")


def in_another_process(code: str, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "lawsite.settings"},
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", [1, 4_000, 16_000, 50_000])
def test_killed_at_any_moment_all_or_nothing_of_each_article_is_done(moment, tmp_path):
    """A process is killed -9 in the midst of an article, after so many calls of functions."""
    editor = make_user("editor", "编辑")
    target = make_category("新栏目")
    articles = [make_article(f"第{n}篇", tags=["借条"]) for n in range(4)]
    make_article("到时发布", state="scheduled", published_at=timezone.now())
    change = bulk_changes.begin(
        Kind.CATEGORY, "移动", editor, [a.pk for a in articles], category=target.pk
    )
    bulk_changes.proceed(change, 60)
    bulk_changes.confirm(change)
    name = database_for_others(tmp_path)
    killed = in_another_process(KILLED, name, str(moment))
    assert killed.returncode in (0, -signal.SIGKILL), killed.stderr.decode()
    if moment == 1:
        assert killed.returncode == -signal.SIGKILL
    finished = in_another_process(FINISHED, name)
    assert finished.returncode == 0, finished.stderr.decode()
    then, now = (json.loads(line) for line in finished.stdout.splitlines())
    assert then["moved"] == then["noted"], "each article's change and its note are one"
    assert (then["due"] == "published") == (then["events"] == 1)
    assert (now["due"], now["events"]) == ("published", 1)
    assert now["moved"] == now["noted"] == sorted(article.pk for article in articles)


# --- Categories, tags, owners, reviews ---------------------------------------------------


def run(change):
    bulk_changes.proceed(change, 60)
    bulk_changes.confirm(change)
    bulk_changes.proceed(change, 60)
    return change


def test_articles_move_to_another_category_and_back(editor):
    old, new = make_category(), make_category("新栏目")
    articles = [make_article(category=old), make_article(category=new)]
    change = run(
        bulk_changes.begin(Kind.CATEGORY, "移动", editor, [a.pk for a in articles], category=new.pk)
    )
    assert change.items.count() == 1, "one stood there already"
    assert Article.objects.filter(category=new).count() == 2
    bulk_changes.undo(change)
    bulk_changes.proceed(change, 60)
    assert Article.objects.filter(category=new).count() == 1


def test_tags_come_and_go(editor):
    article = make_article(tags=["借条", "利息"])
    change = run(
        bulk_changes.begin(
            Kind.TAGS, "标签", editor, [article.pk], add=["LPR"], remove=["利息", "没有的"]
        )
    )
    assert set(article.tags.names()) == {"借条", "LPR"}
    bulk_changes.undo(change)
    bulk_changes.proceed(change, 60)
    assert set(article.tags.names()) == {"借条", "利息"}


def test_a_lawyer_marks_articles_as_reviewed_but_not_those_with_moved_numbers():
    lawyer = make_lawyer("lawyer")
    good, bad = make_article(), make_article()
    bad.citations.create(
        position=0,
        start=0,
        end=1,
        text="甲",
        title="甲",
        state="renumbered",
        assessed_on="2026-07-01",
    )
    change = run(bulk_changes.begin(Kind.REVIEW, "核对", lawyer, [good.pk, bad.pk]))
    good.refresh_from_db()
    assert good.reviewer == lawyer.author
    assert "请先改正引用" in change.items.get(article=bad).reason
    bulk_changes.undo(change)
    bulk_changes.proceed(change, 60)
    good.refresh_from_db()
    assert (good.reviewer, good.reviewed_on) == (None, None)
    assert [event.label for event in good.events.all()] == ["撤销核对", "核对无误"]


def test_a_user_without_the_right_changes_nothing_even_by_a_prepared_change():
    writer = make_user("writer", "作者")
    article = make_article(owner=writer)
    change = run(
        bulk_changes.begin(Kind.CATEGORY, "移", writer, [article.pk], category=make_category().pk)
    )
    assert change.items.get().state == "skipped"


# --- Merging -----------------------------------------------------------------------------


def test_a_tag_is_merged_into_another_its_address_leads_on_and_all_comes_back(client, editor):
    source, target = make_tag("网络借贷"), make_tag("网贷")
    article = make_article(tags=["网络借贷", "借条"])
    old, new = source.get_absolute_url(), target.get_absolute_url()
    kind, parameters = taxonomy.merge_parameters(source, target)
    change = run(bulk_changes.begin(kind, "合并", editor, **parameters))
    assert set(article.tags.names()) == {"网贷", "借条"}
    assert not Tag.objects.filter(name="网络借贷").exists()
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, new)
    bulk_changes.undo(change)
    bulk_changes.proceed(change, 60)
    assert set(article.tags.names()) == {"网络借贷", "借条"}
    assert client.get(old).status_code == 200


def test_a_category_is_merged_and_comes_back(client, editor):

    source, target = make_category("旧栏目"), make_category("新栏目")
    make_article(category=source)
    old = source.get_absolute_url()
    kind, parameters = taxonomy.merge_parameters(source, target)
    change = run(bulk_changes.begin(kind, "合并", editor, **parameters))
    assert Article.objects.get().category == target
    assert client.get(old)["Location"] == target.get_absolute_url()
    bulk_changes.undo(change)
    bulk_changes.proceed(change, 60)
    assert Article.objects.get().category == Category.objects.get(name="旧栏目")
    assert not Redirect.objects.exists()


# --- In the admin ------------------------------------------------------------------------


def test_an_editor_sees_every_change_confirms_and_takes_back(law, editor):
    _, change = renumber(law, editor)
    client = Client()
    client.force_login(editor, BACKEND)
    text = client.get(change.get_absolute_url()).content.decode()
    assert text.count("<del>《甲法》第二条</del><ins>《甲法》第三条</ins>") == 6
    do = f"/admin/articles/bulkchange/{change.pk}/do/"
    assert client.get(f"{do}confirm/").status_code == 405
    client.post(f"{do}confirm/")
    bulk_changes.proceed_all(60)
    assert all("第三条" in body for body in bodies())
    assert "全部撤销" in client.get(change.get_absolute_url()).content.decode()
    client.post(f"{do}undo/")
    bulk_changes.proceed_all(60)
    assert bodies() == [BODY] * 3


def test_what_is_unticked_when_an_editor_confirms_stays(law, editor):
    _, change = renumber(law, editor)
    client = Client()
    client.force_login(editor, BACKEND)
    page = fromstring(client.get(change.get_absolute_url()).content.decode())
    (form,) = page.xpath("//form[@id='chosen']")
    pressed_by_enter, confirm = page.xpath(
        "//*[@form='chosen'] | //form[@id='chosen']//*[@type='submit' or self::button]"
    )
    assert pressed_by_enter.get("value") == "记下本页的选择"
    assert "确认" in confirm.text
    values = form.form_values()
    first = next(value for name, value in values if name == "kept")
    client.post(
        confirm.get("formaction"),
        {
            name: [v for key, v in values if key == name and (name, v) != ("kept", first)]
            for name in ("shown", "kept")
        },
    )
    bulk_changes.proceed_all(60)
    assert bodies()[0] == BODY
    assert "第三条" in bodies()[1]


def test_the_lists_actions_ask_show_and_apply(editor):
    category = make_category("新栏目")
    articles = make_articles(3)
    client = Client()
    client.force_login(editor, BACKEND)
    chosen = {"action": "bulk_category", "_selected_action": [a.pk for a in articles[:2]]}
    text = client.post("/admin/articles/article/", chosen).content.decode()
    assert "所选2篇文章" in text
    values = {"kind": "category", "ids": ",".join(str(a.pk) for a in articles[:2])}
    ask = "/admin/articles/bulkchange/ask/"
    for nonsense in ({"ids": "x"}, {"ids": ""}, {"category": "9" * 30}, {"category": ""}):
        response = client.post(ask, values | {"category": category.pk} | nonsense)
        assert response.status_code == 200
    assert "所选2篇文章" in client.post(ask, values | {"category": ""}).content.decode()
    assert client.post(ask, values | {"kind": "x"}).status_code == 404
    client.post(ask, values | {"category": category.pk})
    change = BulkChange.objects.get()
    client.post(f"/admin/articles/bulkchange/{change.pk}/do/confirm/")
    assert Article.objects.filter(category=category).count() == 2
