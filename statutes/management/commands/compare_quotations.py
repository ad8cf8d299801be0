"""manage.py compare_quotations: do words agree with the newest text of a provision?"""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from statutes.assessing import label_words
from statutes.locators import Locator


class Command(BaseCommand):
    help = "Compare quotations, as JSON Lines, with the newest texts in the database."

    def add_arguments(self, parser):
        parser.add_argument("file", help='lines of {"id", "citation", "quote_text"}; - for input')

    def handle(self, *, file, **options):
        today = timezone.localdate()
        for number, line in enumerate(_lines(file), start=1):
            if not line.strip():
                continue
            try:
                question = json.loads(line)
                citation, words = question["citation"], question["quote_text"]
                law, key = citation["law"], question["id"]
                locator = Locator(
                    citation["article"],
                    citation.get("article_suffix") or 0,
                    citation.get("paragraph"),
                    citation.get("item"),
                )
                if not (isinstance(law, str) and isinstance(words, str)):
                    raise TypeError
            except (ValueError, KeyError, TypeError, AttributeError):
                raise CommandError(
                    f'{file}:{number}: not a line of {{"id", "citation", "quote_text"}}'
                ) from None
            label, place = label_words(words, law, locator, today=today)
            belongs = place and {
                "law": place.version.statute.title,
                "article": place.number,
                "article_suffix": place.suffix,
            }
            row = {"id": key, "label": label, "belongs_to": belongs}
            self.stdout.write(json.dumps(row, ensure_ascii=False))


def _lines(file: str) -> list[str]:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig").split("\n")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CommandError(f"{file}: not UTF-8 at byte {error.start}") from None
