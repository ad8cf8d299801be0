"""Citations at the desk: what the form shows of each, and what one click sets right."""

import json
from collections.abc import Callable, Sequence

from django.utils import timezone

from statutes import reading
from statutes.assessing import Assessment, key_of
from statutes.citations import comparing
from statutes.citations.comparing import compare_with_provision
from statutes.correcting import Correction, corrections
from statutes.models import Provision
from statutes.verdicts import Attention, State

from .. import cited
from ..models import Article

MOST_RENEWED = 500
MOST_SHOWN = 300

Offset = Callable[[int], int]  # a place in the article's body → in the browser's text


def renewed(values) -> list[tuple[str, str]]:
    """Return the places whose numbers the form says were brought to today's text; see citing."""
    try:
        places = json.loads(values.get("desk-renewed", "") or "[]")
    except (ValueError, RecursionError):
        return []
    if not isinstance(places, list):
        return []
    return [
        (place[0], place[1])
        for place in places[:MOST_RENEWED]
        if isinstance(place, list) and len(place) == 2 and all(isinstance(p, str) for p in place)
    ]


def look(article: Article, assessments: Sequence[Assessment], offset: Offset) -> dict:
    """Return what the panel shows of an article's citations as they were assessed."""
    today = timezone.localdate()
    found = corrections(article.body, assessments, today=today)
    stored = _stored(article)
    rows = [
        _row(article, assessment, found.get(position, ()), stored, offset)
        for position, assessment in enumerate(assessments)
    ]
    rows.sort(key=lambda row: -row["attention"])
    return {
        "citations": rows[:MOST_SHOWN],
        "left_out": max(0, len(rows) - MOST_SHOWN),
        "wanting": sum(row["attention"] > Attention.UNKNOWN for row in rows),
        "together": [_button(article.body, each, offset) for each in found.get(-1, ())],
    }


def _stored(article: Article) -> dict:
    """Return the article's stored citations by their words. One query."""
    if article.pk is None:
        return {}
    rows = article.citations.select_related("checked_by")
    return {(row.text, row.quotation): row for row in rows}


def _row(
    article: Article,
    assessment: Assessment,
    found: Sequence[Correction],
    stored: dict,
    offset: Offset,
) -> dict:
    citation, verdict, quotation = assessment.citation, assessment.verdict, assessment.quotation
    row = stored.get(key_of(article.body, citation, quotation))
    state = verdict.state
    law = cited.describe(assessment)
    return {
        "attention": verdict.attention,
        "weight": verdict.attention.label if verdict.attention else "没有问题",
        "state": state.value if state else "question",
        "label": state.label if state else Attention.QUESTION.label,
        "text": " ".join(article.body[citation.start : citation.end].split()),
        "title": citation.statute or citation.title,
        "place": f"body:{offset(citation.start)}-{offset(citation.end)}",
        "questions": [question.label for question in verdict.questions],
        "law": law,
        "is_unknown": state is State.UNKNOWN and assessment.resolved.statute is None,
        "words": _words(assessment),
        "match": assessment.match,
        "corrections": [_button(article.body, each, offset) for each in found],
        "check": row.pk if row and verdict.can_be_settled and not assessment.is_checked else None,
        "checked_on": row.checked_on if row and assessment.is_checked else None,
        "checked_by": row.checked_by if row and assessment.is_checked else None,
        "stated_on": assessment.stated_on,
    }


def _words(assessment: Assessment) -> list:
    """Return the quotation against the official text, as runs of words; empty where they agree."""
    found, quotation = assessment.resolved, assessment.quotation
    provision: Provision | None = found.then or found.now
    locator = assessment.citation.locator
    if quotation is None or provision is None or assessment.standing is None:
        return []
    if compare_with_provision(quotation.text, provision.text, locator).is_faithful:
        return []
    lines = reading.part(provision.place, provision.text, locator)
    lines = lines or reading.lines_of(provision.place, provision.text)
    return comparing.changes(quotation.text, "\n".join(line.text for line in lines))


def _button(body: str, correction: Correction, offset: Offset) -> dict:
    """Return a correction as the browser takes it."""
    edits = [
        {
            "start": offset(edit.start),
            "end": offset(edit.end),
            "was": body[edit.start : edit.end],
            "text": edit.text,
        }
        for edit in sorted(correction.edits, key=lambda edit: edit.start)
    ]
    return {
        "label": correction.label,
        "edits": json.dumps(edits, ensure_ascii=False),
        "renewed": json.dumps(correction.renewed, ensure_ascii=False),
    }
