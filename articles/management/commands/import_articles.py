"""Import articles from Markdown files with a YAML header."""

import os
import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles import duplicates, relating_all
from articles.importing.load import CREATED, UNCHANGED, UPDATED, import_files
from statutes.analysing import analyse

FAILED = "failed"
PROGRESS_SECONDS = 5


class Command(BaseCommand):
    help = (
        "Import Markdown files with a YAML header. Idempotent by id; bad files are named. "
        "Interrupted, it goes on when it is run again."
    )

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument(
            "--unrelated", action="store_true", help="leave related lists to a later run"
        )

    def handle(self, *, paths, processes, unrelated, **options):
        for path in paths:
            if not path.exists():
                raise CommandError(f"{path}: no such file or folder")
        files = list(dict.fromkeys(file for path in paths for file in self.files(path)))
        counts = dict.fromkeys((CREATED, UPDATED, UNCHANGED, FAILED), 0)
        newest = duplicates.newest()
        told_at = time.monotonic()
        for done, (_, outcome) in enumerate(import_files(files, processes), start=1):
            if outcome in counts:
                counts[outcome] += 1
            else:
                counts[FAILED] += 1
                self.stderr.write(str(outcome))
            if time.monotonic() - told_at > PROGRESS_SECONDS:
                told_at = time.monotonic()
                self.stdout.write(f"{done:,} of {len(files):,} files")
        analyse()
        if not unrelated:
            relating_all.catch_up(processes, tell=self.stdout.write)
        self.stdout.write(", ".join(f"{count:,} {name}" for name, count in counts.items()))
        for line in duplicates.summary(since=newest):
            self.stdout.write(line)
        if counts[FAILED]:
            sys.exit(1)

    @staticmethod
    def files(path: Path) -> list[Path]:
        return sorted(path.rglob("*.md")) if path.is_dir() else [path]
