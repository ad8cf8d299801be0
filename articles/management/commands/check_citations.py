"""manage.py check_citations: assess every stored citation as of today."""

import sys

from django.core.management.base import BaseCommand

from articles import rechecking
from articles.models import ArticleCitation
from statutes.verdicts import ERRORS, State

MOST_NAMED = 20


class Command(BaseCommand):
    help = "Assess citations anew after the law changed; run it after an import and once a day."

    def add_arguments(self, parser):
        parser.add_argument(
            "--all", action="store_true", help="every article, not only those the law touched"
        )

    def handle(self, **options):
        run = None
        for run in rechecking.recheck(everything=options["all"]):
            if sys.stderr.isatty():
                self.stderr.write(f"\r{run.articles:,} articles", ending="")
        self.stdout.write(f"{run.articles:,} articles looked at")
        for move, number in sorted(run.moves.items(), key=lambda item: -item[1]):
            old, _, new = move.partition(" ")
            self.stdout.write(f"{number:,} {_label(old)} → {_label(new)}")
        wanting = ArticleCitation.objects.filter(state__in=ERRORS).order_by("article")
        pks = wanting.values_list("article", flat=True).distinct()
        self.stdout.write(f"{pks.count():,} articles with an error want a person")
        for pk in pks[:MOST_NAMED]:
            self.stdout.write(f"  {pk}")


def _label(state: str) -> str:
    return State(state).label if state else "待核"
