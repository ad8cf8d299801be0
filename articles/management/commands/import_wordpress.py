"""Move in from WordPress."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import CommandError

from articles.importing.commands import MovingCommand
from articles.importing.old import host_of
from articles.importing.parse_wordpress import read_articles, read_site


class Command(MovingCommand):
    help = (
        "Import a WordPress by its export files (WXR; all files of one export together). "
        "Safe to interrupt and to run again."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--timezone", help="of the old site, for drafts' moments; else as its posts tell it"
        )

    def run(self, report, stack, options):
        try:
            zone = ZoneInfo(options["timezone"]) if options["timezone"] else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise CommandError(f"{options['timezone']}: no such time zone") from None
        files = options["files"]
        for file in files:
            if not file.is_file():
                raise CommandError(f"{file}: no such file")
        blog = read_site(self.opened(files), zone)
        site = blog.site()
        if name := host_of(options["host"]):
            site.hosts.add(name)
        return self.move(
            report,
            site,
            self.articles(blog, files, report),
            options,
            total=blog.posts,
            sample=self.sample(blog, files),
        )

    @staticmethod
    def opened(files):
        for path in files:
            with path.open("rb") as file:
                yield file

    def articles(self, blog, files, report=None):
        """Yield each article once: files of two exports may overlap."""
        seen: set[str] = set()
        for file in self.opened(files):
            for article in read_articles(blog, file):
                if article.key not in seen:
                    seen.add(article.key)
                    yield article
                elif report:
                    again = f"{article.key} {article.title}"
                    report.tell("note", again, "编号在导出文件里再次出现，只取第一份")

    def sample(self, blog, files):
        """Yield some thousand articles from all over the files."""
        step = max(1, blog.posts // 1_000)
        for number, article in enumerate(self.articles(blog, files)):
            if number % step == 0:
                yield article
