"""Fill a database with synthetic articles, for benchmarks."""

import time
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.generating.rows import NothingToSayError, generate

PROGRESS_SECONDS = 5


class Command(BaseCommand):
    help = (
        "Store N synthetic articles made of the words of the imported statutes, with citations, "
        "tags and dates. For benchmarks: never on a site that has readers."
    )

    def add_arguments(self, parser):
        parser.add_argument("number", type=int, metavar="N")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--until", type=date.fromisoformat, help="newest day, default today")
        parser.add_argument("--processes", type=int, help="default one a processor")

    def handle(self, *, number, seed, until, processes, **options):
        if number < 1:
            raise CommandError("N must be at least 1")
        start = told_at = stored_at = time.monotonic()
        done = 0
        try:
            for done in generate(
                number, seed=seed, until=until or timezone.localdate(), processes=processes
            ):
                stored_at = time.monotonic()
                if stored_at - told_at > PROGRESS_SECONDS:
                    told_at = stored_at
                    self.stdout.write(f"{done:,} of {number:,}")
        except NothingToSayError as reason:
            raise CommandError(str(reason)) from None
        seconds, more = stored_at - start, time.monotonic() - stored_at
        self.stdout.write(
            f"{done:,} articles in {seconds:,.1f} s, {done / seconds:,.0f} a second; "
            f"their lists and sitemaps in {more:,.1f} s more. "
            "The search index and related lists know nothing of them yet."
        )
