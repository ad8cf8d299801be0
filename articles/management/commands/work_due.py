"""Do what is due though nobody is there: publish, ask the day's law, go on with bulk changes."""

import os
import time
from datetime import timedelta

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connections
from django.utils import timezone

from articles import bulk_changes, feedback, moves, queue, rechecking, reviews
from statutes.processes import is_running

COUNTED = timedelta(minutes=10)
CLEARED = timedelta(days=1)


class Command(BaseCommand):
    help = (
        "Publish what is due, assess citations on a new day, go on with bulk changes, count the "
        "work queue, empty the trash. "
        "Safe to run twice at once and to kill at any moment."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help="go on until the process that started this one ends",
        )
        parser.add_argument(
            "--with", type=int, metavar="PID", dest="server", help="end when this process has ended"
        )

    def handle(self, every=None, server=None, **options):
        parent = os.getppid()
        counted = cleared = None
        while True:
            now = timezone.now()
            try:
                published, held = moves.publish_due()
                bulk_changes.proceed_all()
                reviews.proceed(seconds=10)
                if counted is None or now - counted > COUNTED:
                    queue.count()
                    counted = now
                if cleared is None or now - cleared > CLEARED:
                    gone, forgotten = moves.purge_trash(), feedback.forget()
                    cleared = now
                    self.stdout.write(f"Purged {gone} articles, {forgotten} contacts of readers.")
                if published or held or every is None:
                    self.stdout.write(f"Published {published}, held back for review {held}.")
                # Last: an article that cannot be assessed keeps nothing else waiting.
                rechecking.proceed(seconds=10)
            except Exception as error:
                # A database that is away for a moment must not end the clock.
                if every is None:
                    raise
                self.stderr.write(f"{type(error).__name__}: {error}")
                connections.close_all()
            if every is None:
                return
            close_old_connections()
            ends = time.monotonic() + every
            while time.monotonic() < ends:
                if os.getppid() != parent or (server and not is_running(server)):
                    return
                time.sleep(min(1, every))
