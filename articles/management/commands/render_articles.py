"""Render stored articles anew, after a change of the renderer."""

import time

from django.core.management.base import BaseCommand
from django.db import transaction

from articles import citing
from articles.models import Article
from articles.publishing import RenderError, render_article

BATCH = 200
PROGRESS_SECONDS = 5
COLUMNS = [*citing.COLUMNS, "contents", "excerpt", "length", "terms"]


class Command(BaseCommand):
    help = "Render articles anew from their Markdown. Safe to interrupt: --from goes on."

    def add_arguments(self, parser):
        parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="all if none is given")
        parser.add_argument("--from", type=int, default=0, dest="start", metavar="ID")

    def handle(self, *, ids, start, **options):
        articles = Article.objects.filter(pk__gte=start).order_by("pk")
        if ids:
            articles = articles.filter(pk__in=ids)
        rendered = failed = 0
        last, told_at = start - 1, time.monotonic()
        while last is not None:
            last, errors, count = self.render_batch(articles.filter(pk__gt=last))
            rendered += count
            failed += len(errors)
            for error in errors:
                self.stderr.write(error)
            if last and time.monotonic() - told_at > PROGRESS_SECONDS:
                told_at = time.monotonic()
                self.stdout.write(f"{rendered:,} rendered, up to id {last}")
        self.stdout.write(f"{rendered:,} rendered, {failed:,} failed")

    @staticmethod
    @transaction.atomic
    def render_batch(articles) -> tuple[int | None, list[str], int]:
        """Render the first BATCH articles; return the last id (None at the end), errors, count.

        The rows are locked, so that no editor's change is overwritten by older words.
        """
        batch = list(articles.select_for_update().prefetch_related("images")[:BATCH])
        good, errors = [], []
        for article in batch:
            try:
                render_article(article)
                citing.store(article, citing.assess(article))
                good.append(article)
            except RenderError as error:
                errors.append(f"article {article.pk}: {error}")
        Article.objects.bulk_update(good, COLUMNS)
        return (batch[-1].pk if batch else None), errors, len(good)
