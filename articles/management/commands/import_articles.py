"""Import articles from Markdown files with a YAML header."""

import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from articles import duplicates
from articles.importing.load import ArticleImportError, Catalogue, import_file
from articles.publishing import announced_together

BATCH = 100  # files a transaction: each alone may fail, all together enter lists and sitemaps
PROGRESS_SECONDS = 5


class Command(BaseCommand):
    help = "Import Markdown files with a YAML header. Idempotent by id; bad files are named."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder")

    def handle(self, *, paths, **options):
        for path in paths:
            if not path.exists():
                raise CommandError(f"{path}: no such file or folder")
        files = [file for path in paths for file in self.files(path)]
        counts = dict.fromkeys(("created", "updated", "unchanged", "failed"), 0)
        catalogue = Catalogue()
        newest = duplicates.newest()
        told_at = time.monotonic()
        for start in range(0, len(files), BATCH):
            with announced_together():
                for done, file in enumerate(files[start : start + BATCH], start=start + 1):
                    try:
                        counts[import_file(file, catalogue)] += 1
                    except ArticleImportError as failure:
                        counts["failed"] += 1
                        self.stderr.write(str(failure))
                    if time.monotonic() - told_at > PROGRESS_SECONDS:
                        told_at = time.monotonic()
                        self.stdout.write(f"{done:,} of {len(files):,} files")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # both databases plan by what they know of their tables
        self.stdout.write(", ".join(f"{count:,} {name}" for name, count in counts.items()))
        for line in duplicates.summary(since=newest):
            self.stdout.write(line)
        if counts["failed"]:
            sys.exit(1)

    @staticmethod
    def files(path: Path) -> list[Path]:
        return sorted(path.rglob("*.md")) if path.is_dir() else [path]
