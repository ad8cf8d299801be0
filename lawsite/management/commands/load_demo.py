"""Fill an empty site with the demonstration firm and its articles."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from articles.models import Article, Category
from lawsite.models import SiteProfile

FIXTURES = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    help = "Fill an empty site with the demonstration firm; a site with content is left alone."

    def handle(self, **options):
        if not (SiteProfile.objects.exists() or Category.objects.exists()):
            call_command("loaddata", FIXTURES / "site.json", verbosity=0)
        elif not SiteProfile.objects.filter(firm_name__endswith="（演示）").exists():
            self.stdout.write("This site has content of its own: no demo loaded.")
            return
        call_command("import_articles", FIXTURES / "articles", stdout=self.stdout)
        self.stdout.write(f"The demo holds {Article.objects.visible().count()} articles.")
