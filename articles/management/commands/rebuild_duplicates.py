"""Find the near-duplicates among all articles, for old stock."""

import os
import time

from django.core.management.base import BaseCommand

from articles import duplicates
from articles.walking import walk

PROGRESS_SECONDS = 5


class Command(BaseCommand):
    help = "Find near-duplicates among all articles. Interrupted, it goes on where it stopped."

    def add_arguments(self, parser):
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument("--groups", type=int, default=20, help="largest groups to print")

    def handle(self, *, processes, groups, **options):
        for name, work, store in duplicates.PASSES:
            told_at = time.monotonic()
            for last in walk(name, work, store, processes):
                if time.monotonic() - told_at > PROGRESS_SECONDS:
                    told_at = time.monotonic()
                    self.stdout.write(f"{name}: up to id {last}")
        found = duplicates.report()
        articles = sum(len(group) for group in found)
        self.stdout.write(f"{len(found):,} groups of near-duplicates, {articles:,} articles")
        for group in found[:groups]:
            numbers = ", ".join(str(pk) for pk in group[:20])
            self.stdout.write(f"{len(group):,} articles: {numbers}{', …' * (len(group) > 20)}")
