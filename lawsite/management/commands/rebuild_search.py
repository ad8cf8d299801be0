"""Build the search indexes anew while the old ones serve."""

import time

from django.core.management.base import BaseCommand

from lawsite.indexing import SOURCES
from statutes.index import following

PROGRESS_SECONDS = 5
NAMES = [source.name for source in SOURCES]


class Command(BaseCommand):
    help = (
        "Build the search indexes anew; the old ones serve until each is ready. Safe at any time."
    )

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", metavar="INDEX", help=f"of {', '.join(NAMES)}")
        parser.add_argument(
            "--workers",
            type=int,
            default=following.BUILDERS,
            help="processes that read (%(default)s)",
        )

    def handle(self, *, names, workers, **options):
        for name in set(names) - set(NAMES):
            self.stderr.write(f"There is no index {name!r}: {', '.join(NAMES)}.")
            raise SystemExit(2)
        for source in SOURCES:
            if not names or source.name in names:
                self.build(source, workers)

    def build(self, source, workers):
        began = told_at = time.monotonic()

        def progress(done, rows):
            nonlocal told_at
            if time.monotonic() - told_at > PROGRESS_SECONDS:
                told_at = time.monotonic()
                rate = done / (told_at - began)
                self.stdout.write(f"{source.name}: {done:,} of {rows:,} rows, {rate:,.0f} a second")

        size = following.build(source, workers=workers, progress=progress)
        seconds = time.monotonic() - began
        self.stdout.write(f"{source.name}: {size:,} documents in {seconds:,.0f} s")
