"""manage.py cite: the citations in a text, with their verdicts."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from statutes import json_lines
from statutes.assessing import Assessment, assess_text


class Command(BaseCommand):
    help = "Print the citations in a text with their verdicts."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", help="a text; with .jsonl, lines of {id, text, self_title}; - for JSON Lines in"
        )
        parser.add_argument("--json", action="store_true", help="for machines")
        parser.add_argument("--on", metavar="DATE", help="the day whose law it states: today")

    def handle(self, *, file, json: bool, on, **options):
        today = timezone.localdate()
        try:
            day = date.fromisoformat(on) if on else today
        except ValueError:
            raise CommandError(f"--on is no date like 2026-01-31: {on!r}") from None
        if json_lines.holds(file):
            for _, question in json_lines.questions(file, "text"):
                self.stdout.write(_answer(question, day, today))
            return
        text = json_lines.read(file)
        found = assess_text(text, on=day, today=today)
        if json:
            self.stdout.write(json_lines.dump({"citations": [_as_json(a, text) for a in found]}))
            return
        for assessment in found:
            self.stdout.write(_in_words(assessment, text))


def _answer(question: dict, day: date, today: date) -> str:
    text = question["text"]
    found = assess_text(text, on=day, today=today, self_title=str(question.get("self_title") or ""))
    return json_lines.dump(
        {
            "id": question["id"],
            "citations": [_as_json(a, text) for a in found if a.citation.locator],
            "law_mentions": [_as_json(a, text) for a in found if not a.citation.locator],
        }
    )


def _as_json(assessment: Assessment, text: str) -> dict:
    citation, found = assessment.citation, assessment.resolved
    row = {
        "start": citation.start,
        "end": citation.end,
        "text": text[citation.start : citation.end],
        "law": citation.statute or citation.title,
    }
    if locator := citation.locator:
        row |= {
            "article": locator.article,
            "article_suffix": locator.suffix,
            "paragraph": locator.paragraph,
            "item": locator.item,
            "subitem": locator.subitem,
        }
    row |= {
        "state": assessment.verdict.state,
        "questions": list(assessment.verdict.questions),
        "since": found.since and found.since.isoformat(),
        "now": found.now
        and f"{found.now.version.statute.title}{found.now_locator or found.now.place}",
        "agreement": assessment.standing,
        "match": assessment.match and str(assessment.match),
    }
    if assessment.quotation:
        row["quotation"] = [assessment.quotation.start, assessment.quotation.end]
    return row


def _in_words(assessment: Assessment, text: str) -> str:
    citation, found, verdict = assessment.citation, assessment.resolved, assessment.verdict
    words = [
        f"{text[citation.start : citation.end]}：{verdict.state.label if verdict.state else '待核'}"
    ]
    if found.now and found.now is not found.then:
        words.append(
            f"现为《{found.now.version.statute.name}》{found.now_locator or found.now.place}"
        )
    if found.since:
        words.append(f"自{found.since.isoformat()}起")
    if assessment.match:
        words.append(f"引文见{assessment.match}")
    words += [question.label for question in verdict.questions]
    return "；".join(words)
