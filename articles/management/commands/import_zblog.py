"""Move in from Z-BlogPHP."""

from contextlib import closing

from articles.importing.commands import MovingCommand
from articles.importing.databases import open_tables
from articles.importing.zblog import ZBlogDatabase


class Command(MovingCommand):
    help = (
        "Import a Z-BlogPHP: its SQLite file, a .sql dump of its database, or the running "
        "database as mysql://user:password@host/name. Safe to interrupt and to run again."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("database", metavar="DATABASE")
        parser.add_argument("--prefix", help="of its tables' names; found by itself if it can be")

    def run(self, report, stack, options):
        tables = stack.enter_context(closing(open_tables(options["database"])))
        database = ZBlogDatabase(tables, options["prefix"])
        blog, site = database.read(options["host"])
        for problem in database.problems:
            report.tell("problem", "", problem)
        return self.move(
            report,
            site,
            database.articles(blog),
            options,
            total=database.count(),
            sample=database.sample(blog),
        )
