"""An editor in a process of its own: reads what to do from its standard input, one line each."""

import json
import os
import sys
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawsite.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from articles import publishing  # noqa: E402
from articles.models import Article, Category  # noqa: E402

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


DEEDS = {deed.__name__: deed for deed in (write, write_many, amend, withdraw, republish)}

if __name__ == "__main__":
    for line in sys.stdin:
        order = json.loads(line)
        DEEDS[order.pop("do")](**order)
        print("true", flush=True)
