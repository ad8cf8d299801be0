"""Move in Word files."""

from dataclasses import replace
from pathlib import Path

from django.core.management.base import CommandError

from articles.importing.commands import MovingCommand
from articles.importing.old import UNSORTED, OldSite
from articles.importing.parse_word import WordError, parse_word

MAX_BYTES = 50_000_000
READ = {".docx", ".docm", ".dotx"}
OTHERS = {".doc", ".wps", ".rtf", ".odt"}  # what a firm's folder also holds


class Command(MovingCommand):
    help = (
        "Import Word files (.docx), or folders of them, as drafts; a folder's name is the "
        "category. Safe to interrupt and to run again: a file is known by its place."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--category", help="names from the root down, parted by /")
        parser.add_argument("--author", default="", help="who signs the articles")

    def run(self, report, stack, options):
        files = []
        for path in options["paths"]:
            if not path.exists():
                raise CommandError(f"{path}: no such file or folder")
            found = sorted(path.rglob("*")) if path.is_dir() else [path]
            root = path if path.is_dir() else path.parent
            found = [file for file in found if file.is_file() and not file.name.startswith("~$")]
            files += [(file, root) for file in found if file.suffix.lower() in READ or file == path]
            for file in found:
                if file.suffix.lower() in OTHERS and file != path:
                    report.tell("skipped", str(file.relative_to(root)), "请先另存为.docx")
        unread = []
        articles = self.articles(files, report, options, unread)
        failed = self.move(report, OldSite("word"), articles, options, total=len(files))
        return failed + len(unread)

    @staticmethod
    def articles(files, report, options, unread):
        for file, root in files:
            place = file.relative_to(root)
            folders = tuple(part for part in place.parts[:-1])
            if options["category"]:
                folders = tuple(filter(None, options["category"].split("/")))
            try:
                if file.stat().st_size > MAX_BYTES:
                    raise WordError("文件超过50MB")
                article = parse_word(
                    file.read_bytes(),
                    key=str(file.resolve())[-200:],
                    name=file.stem,
                    category=folders or (UNSORTED,),
                )
            except (WordError, OSError) as error:
                unread.append(file)
                report.tell("failed", str(place), str(error))
                continue
            authors = (options["author"],) if options["author"] else ()
            yield replace(article, authors=authors)
