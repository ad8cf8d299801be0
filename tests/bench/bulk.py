"""Bulk work: files in, rows in, lists anew."""

import io
import tempfile
import time
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from articles.models import Article
from tests.bench.measuring import Row

FILES = 400


class _UndoneError(Exception):
    pass


def rows():
    yield Row("import_articles", _import(), "articles/s", wanted="≥ 150, ≥ 250")
    yield Row("rebuild_lists", _seconds("rebuild_lists"), "s")


def _import() -> float:
    """Return how many articles a second come in from files; they are taken out again."""
    sample = Article.objects.visible().select_related("category").order_by("-pk")[:FILES]
    with tempfile.TemporaryDirectory() as folder:
        for number, article in enumerate(sample):
            text = (
                f"---\ntitle: {number} {article.title}\ncategory: 导入/{number % 20}\n"
                f"tags: [{', '.join(article.tags.names())}]\n"
                f"author: {article.bylines.first().author.name}\n"
                f"published_at: {article.published_at:%Y-%m-%d %H:%M}\nstatus: published\n---\n"
            )
            Path(folder, f"{number:05}.md").write_text(text + article.body)
        try:
            with transaction.atomic():
                taken = _seconds("import_articles", folder)
                raise _UndoneError
        except _UndoneError:
            return FILES / taken


def _seconds(*command: str) -> float:
    start = time.perf_counter()
    call_command(*command, stdout=io.StringIO(), stderr=io.StringIO())
    return time.perf_counter() - start
