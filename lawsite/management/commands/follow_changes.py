"""Keep this machine's search indexes in step with the site: the process behind the search."""

import signal

from django.conf import settings
from django.core.management.base import BaseCommand

from lawsite.indexing import SOURCES
from statutes.index import following
from statutes.processes import is_running


class Command(BaseCommand):
    help = (
        "Follow the log of changes and keep the search indexes in step; build them if missing. "
        "One process a machine: a second one ends at once."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="catch up and end")
        parser.add_argument(
            "--with",
            type=int,
            metavar="PID",
            dest="server",
            help="end when this process has ended",
        )

    def handle(self, *, once, server, **options):
        with following.only_writer(settings.SEARCH_DIR) as is_only:
            if not is_only:
                self.stdout.write("Another process follows the changes on this machine.")
                return
            if once:
                self.stdout.write(f"{following.catch_up(SOURCES):,} changes followed")
            else:
                self.follow(server)

    def follow(self, server):
        stopped = []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
        signal.signal(signal.SIGINT, lambda *_: stopped.append(True))

        def still():
            return not stopped and (server is None or is_running(server))

        following.follow(SOURCES, still=still)
