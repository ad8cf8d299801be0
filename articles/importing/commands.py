"""What the commands of moving in have in common: options, a rehearsal, a report."""

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from . import besides
from .moving import FAILED, move_all, repeated_closings
from .old import MovingError, OldArticle, OldSite, host_of
from .report import Report
from .run import Run
from .uploads import Uploads

RELATED_AT_ONCE = 500  # articles; more are faster related all together


class MovingCommand(BaseCommand):
    """A command that moves articles in from an old system."""

    def add_arguments(self, parser):
        parser.add_argument(
            "--uploads",
            action="append",
            default=[],
            type=Path,
            metavar="FOLDER",
            help="the old site's folder, or its upload folder, for pictures and files",
        )
        parser.add_argument("--host", default="", help="the old site's address: https://www.a.cn/")
        parser.add_argument(
            "--dry-run", action="store_true", help="do everything, keep nothing, tell all"
        )
        parser.add_argument("--report", type=Path, help="write every message there, a line each")
        parser.add_argument(
            "--keep-closings",
            action="store_true",
            help="keep lines that stand at the end of many articles",
        )

    def handle(self, **options):
        for folder in options["uploads"]:
            if not folder.is_dir():
                raise CommandError(f"{folder}: no such folder")
        with ExitStack() as stack:
            file = None
            if options["report"]:
                file = stack.enter_context(options["report"].open("w", encoding="utf-8"))
            report = Report(self.stdout, file)
            try:
                failed = self.run(report, stack, options)
            except MovingError as error:
                raise CommandError(str(error)) from None
        if failed:
            sys.exit(1)

    def run(self, report: Report, stack: ExitStack, options) -> int:
        """Move everything in; return how many articles failed."""
        raise NotImplementedError

    def move(
        self,
        report: Report,
        site: OldSite,
        articles: Iterable[OldArticle],
        options,
        *,
        total: int = 0,
        sample: Iterable[OldArticle] = (),
    ) -> int:
        site.hosts.add(host_of(settings.SITE_URL))  # a site that moves in keeps its name
        closings = frozenset() if options["keep_closings"] else self.closings(report, sample)
        run = Run(
            site,
            uploads=Uploads(options["uploads"]),
            closings=closings,
            is_rehearsal=options["dry_run"],
            relates=total <= RELATED_AT_ONCE,
            tell=report.tell,
        )
        besides.prepare(run)
        for done, _ in enumerate(move_all(run, articles), start=1):
            report.progress(done, total)
        besides.finish(run)
        if options["dry_run"]:
            self.stdout.write("试运行：什么都没有保存。")
        elif not run.relates:
            self.stdout.write("接着请执行 rebuild_related，算出相关文章。")
        report.summary(run.counts, site.left_out)
        return run.counts[FAILED]

    def closings(self, report: Report, sample: Iterable[OldArticle]) -> frozenset[str]:
        found = repeated_closings(sample)
        for line, count in found.items():
            report.tell("closing line", f"{count}篇", line)
        return frozenset(found)
