"""manage.py compare_quotations: do words agree with the newest text of a provision?"""

from django.core.management.base import BaseCommand, CommandError

from statutes import json_lines
from statutes.assessing import label_words
from statutes.locators import Locator


class Command(BaseCommand):
    help = "Compare quotations, as JSON Lines, with the newest texts in the database."

    def add_arguments(self, parser):
        parser.add_argument("file", help='lines of {"id", "citation", "quote_text"}; - for input')

    def handle(self, *, file, **options):
        for where, question in json_lines.questions(file, "quote_text"):
            try:
                citation = question["citation"]
                law = citation["law"]
                locator = Locator(
                    citation["article"],
                    citation.get("article_suffix") or 0,
                    citation.get("paragraph"),
                    citation.get("item"),
                )
                if not isinstance(law, str):
                    raise TypeError
            except (ValueError, KeyError, TypeError, AttributeError):
                raise CommandError(
                    f'{where}: not a line of {{"id", "citation", "quote_text"}}'
                ) from None
            label, place = label_words(question["quote_text"], law, locator)
            belongs = place and {
                "law": place.version.statute.title,
                "article": place.number,
                "article_suffix": place.suffix,
            }
            row = {"id": question["id"], "label": label, "belongs_to": belongs}
            self.stdout.write(json_lines.dump(row))
