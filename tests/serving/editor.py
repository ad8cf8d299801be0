"""An editor in a process of its own: reads what to do from its standard input, one line each."""

import json
import os
import sys
from collections import defaultdict
from datetime import date, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawsite.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles import bulk_changes, publishing  # noqa: E402
from articles.models import (  # noqa: E402
    Article,
    ArticleCitation,
    ArticleEvent,
    ArticleImage,
    ArticleWindow,
    Authorship,
    BulkChange,
    BulkItem,
    Category,
    Listing,
    TaggedArticle,
)
from statutes.models import Change  # noqa: E402
from tests.factories import make_article, make_lawyer, make_version  # noqa: E402

BODY = "自然人之间的借款合同，自贷款人提供借款时成立。\n\n## 先留证据\n\n转账记录要保存原件。"


def write(number, title="题", wait=0):
    """Write and publish an article; in `wait` seconds."""
    category, _ = Category.objects.get_or_create(name="金融债务")
    when = timezone.now() + timedelta(seconds=wait)
    article = Article(
        id=number,
        title=title,
        body=f"{BODY}\n\n第{number}篇。",
        category=category,
        published_at=when,
    )
    article.save()
    publishing.publish(article)


def write_many(first, last):
    for number in range(first, last + 1):
        write(number, f"第{number}篇")


def amend(number, title):
    article = Article.objects.get(pk=number)
    article.title = title
    publishing.refresh(article)


def withdraw(number):
    publishing.withdraw(Article.objects.get(pk=number))


def republish(number):
    publishing.publish(Article.objects.get(pk=number))


# --- The desk ------------------------------------------------------------------------------

OLD = ("为了维护秩序，制定本法。", "发送侮辱、恐吓信息，干扰他人正常生活的，处五日以下拘留。")
NEW = (OLD[0], "在铁路线路上行走，影响行车安全的，处警告或者罚款。", OLD[1])
CITING = "骚扰短信违法。依据《甲法》第二条，可以处罚。又见《甲法》第二条与第一条。\n\n这是第{n}篇。"


def open_desk():
    """Let there be a law whose numbers have moved, and a person with every right; return the
    cookie of their session."""
    make_version(provisions=OLD, promulgated_on=date(2012, 1, 1), effective_from=date(2012, 3, 1))
    revised = {"promulgated_on": date(2026, 6, 1), "effective_from": date(2026, 7, 1)}
    make_version(provisions=NEW, label="修订", **revised)
    client = Client()
    user = make_lawyer("律师", "管理员")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _several(number, **values):
    category, _ = Category.objects.get_or_create(name="金融债务")
    return [
        make_article(f"第{n}篇", body=CITING.format(n=n), category=category, **values)
        for n in range(1, number + 1)
    ]


def approve_several(number):
    """Write articles that wait to be published; return their ids."""
    return [article.pk for article in _several(number, state="approved", published_at=None)]


def schedule_several(number):
    """Write articles whose moment has come; return their ids."""
    now = timezone.now()
    return [article.pk for article in _several(number, state="scheduled", published_at=now)]


def prepare_replacing(number):
    """Write articles with old numbers and prepare their correction; return its id and theirs."""
    ids = [article.pk for article in _several(number, tags=["骚扰"])]
    law = ArticleCitation.objects.filter(article=ids[0], state="renumbered").first().statute_id
    change = bulk_changes.begin(
        "renumber", "改正条号", User.objects.get(username="律师"), statute=law
    )
    bulk_changes.proceed(change, 60)
    return change.pk, ids


def stage_of(change):
    return BulkChange.objects.get(pk=change).state


def tell():
    """Return every row that is an article's own, by the article's id."""
    told = defaultdict(list)
    for model, key in OWN.items():
        rows = model.objects.order_by("pk")
        if model is Change:
            rows = rows.filter(kind=Change.Kind.ARTICLE)
        for row in rows.values():
            told[row[key]].append(f"{model.__name__} {row}")
    return told


# What others' publication adds to (related articles, near-duplicates) is left out.
OWN = {
    Article: "id",
    Article.history.model: "id",
    Listing: "article_id",
    TaggedArticle: "content_object_id",
    Change: "key",
} | dict.fromkeys(
    (ArticleEvent, Authorship, ArticleImage, ArticleCitation, ArticleWindow, BulkItem),
    "article_id",
)

DEEDS = {
    deed.__name__: deed
    for deed in (
        *(write, write_many, amend, withdraw, republish),
        *(open_desk, approve_several, schedule_several, prepare_replacing, stage_of, tell),
    )
}

if __name__ == "__main__":
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(DEEDS[order.pop("do")](**order)), flush=True)
