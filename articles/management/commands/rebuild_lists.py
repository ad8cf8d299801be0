"""Make the lists of articles and the sitemaps anew."""

import time

from django.core.management.base import BaseCommand

from articles import lists, sitemaps
from articles.models import Article, ArticleList, ListPage
from statutes.analysing import analyse

PROGRESS_SECONDS = 5


class Command(BaseCommand):
    help = (
        "Make anew what is kept of lists (counts, pages) and of sitemaps. Readers see the old ones "
        "until it is done; numbers of pages may change where articles were withdrawn."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-missing", action="store_true", help="only where articles have no lists yet"
        )

    def handle(self, *, if_missing, **options):
        if if_missing and (
            ArticleList.objects.exists()
            or not Article.objects.filter(state=Article.State.PUBLISHED).exists()
        ):
            return
        start = told_at = time.monotonic()
        done = 0
        for done in lists.rebuild():
            if time.monotonic() - told_at > PROGRESS_SECONDS:
                told_at = time.monotonic()
                self.stdout.write(f"{done:,} articles read")
        sections = sitemaps.rebuild()
        analyse()
        self.stdout.write(
            f"{done:,} articles on {ListPage.objects.count():,} pages, {sections:,} sitemaps "
            f"in {time.monotonic() - start:,.1f} s"
        )
