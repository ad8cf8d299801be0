"""Relate all articles anew."""

import os
import time

from django.core.management.base import BaseCommand

from articles.models import Article
from articles.relating_all import relate_all
from statutes.analysing import analyse, forget_small

PROGRESS_SECONDS = 5


class Command(BaseCommand):
    help = "Compute every related list anew. Interrupted, it goes on where it stopped."

    def add_arguments(self, parser):
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)

    def handle(self, *, processes, **options):
        start = told_at = time.monotonic()
        newest = Article.objects.order_by("-pk").values_list("pk", flat=True).first()
        forget_small()
        for last in relate_all(processes):
            if time.monotonic() - told_at > PROGRESS_SECONDS:
                told_at = time.monotonic()
                self.stdout.write(f"up to id {last} of {newest}")
        analyse()
        seconds = time.monotonic() - start
        self.stdout.write(f"All articles related in {seconds:,.0f} s.")
