"""Show what the page cache holds, and how much of the work it does."""

from django.conf import settings
from django.core.management.base import BaseCommand

from lawsite.generation import release
from lawsite.page_store import PageStore

ANSWERED = ["hit", "updating", "failed"]  # without the site
MADE = ["made", "renewed", "not kept"]
LABELS = {
    "hit": "ready",
    "updating": "old, while another made it anew",
    "failed": "old, because the site failed",
    "made": "made for the first time",
    "renewed": "made anew after a change",
    "not kept": "no page to keep (404 and the like)",
    "passed on": "never for the cache (admin, search, files)",
}


class Command(BaseCommand):
    help = "Show what the page cache holds and its hit rate since this release was started."

    def handle(self, **options):
        if not settings.PAGE_CACHE_SIZE:
            self.stdout.write("The page cache is off (PAGE_CACHE_MB=0, or DEBUG).")
            return
        store = PageStore(settings.PAGE_CACHE_DIR, release(), settings.PAGE_CACHE_SIZE)
        counts = store.counts()
        pages, size = store.size()
        self.stdout.write(f"Generation {store.generation() or 'unknown'}")
        self.stdout.write(
            f"{pages:,} pages, {size / 2**20:,.1f} of {settings.PAGE_CACHE_SIZE / 2**20:,.0f} MiB"
        )
        for name, label in LABELS.items():
            self.stdout.write(f"{counts[name]:>12,}  {label}")
        asked = sum(counts[name] for name in ANSWERED + MADE)
        if asked:
            rate = sum(counts[name] for name in ANSWERED) / asked
            self.stdout.write(f"Hit rate of the site's own door: {rate:.1%}. nginx counts its own.")
