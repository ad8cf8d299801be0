"""Publish what was scheduled and is due."""

from django.core.management.base import BaseCommand

from articles import moves


class Command(BaseCommand):
    help = "Publish the scheduled articles whose moment has come; run it every minute."

    def handle(self, **options):
        published, held = moves.publish_due()
        self.stdout.write(f"Published {published}, held back for review {held}.")
