"""What of a text's citations one click can put right, and by which edits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from . import reading
from .assessing import Assessment, place_of
from .citations.comparing import Agreement, compare, compare_with_provision
from .citations.corrections import Aim, Edit, is_certain, overlap, renumbered, requoted
from .citations.quotations import Manner
from .citations.whereabouts import Standing
from .locators import Locator
from .models import Provision
from .resolver import Library, library
from .verdicts import Fate, Question, State

_MOST_READ = 400_000  # characters read in all to make certain; what is left is offered later


@dataclass(frozen=True)
class Correction:
    """One click: edits, and the places (assessing.place_of) which then state the law of today."""

    label: str
    edits: tuple[Edit, ...]
    aims: tuple[Aim, ...]
    renewed: tuple[tuple[str, str], ...] = ()


def corrections(
    text: str, assessments: Sequence[Assessment], *, today: date
) -> dict[int, list[Correction]]:
    """Return what can be corrected of each citation, by its position; what is gravest first.

    Under -1 stands what renews all numbers that have moved, if there are several.
    """
    law = library()
    found: dict[int, list[Correction]] = {}
    moved: list[Correction] = []
    left = _MOST_READ
    citations = [assessment.citation for assessment in assessments]
    order = sorted(range(len(assessments)), key=lambda at: (-assessments[at].verdict.attention, at))
    for position in order:
        for correction in _of_one(text, position, assessments[position], law, today):
            left -= len(text)
            if left < 0:
                return found
            if not is_certain(text, citations, correction.edits, correction.aims, law.names):
                continue
            if assessments[position].verdict.state is State.RENUMBERED:
                moved.append(correction)
            if not _collides(correction, assessments):
                found.setdefault(position, []).append(correction)
    if len(moved) > 1:
        together = _together(moved)
        is_clear = not (_collides(together, assessments) or overlap(together.edits))
        if is_clear and is_certain(text, citations, together.edits, together.aims, law.names):
            found[-1] = [together]
    return found


def _of_one(
    text: str, position: int, assessment: Assessment, law: Library, today: date
) -> Iterator[Correction]:
    state, questions = assessment.verdict.state, assessment.verdict.questions
    if assessment.citation.locator is None or Question.GUESS in questions:
        return
    made = []
    if state in (State.RENUMBERED, State.REPEALED):
        made = [_moved(text, position, assessment)]
    elif state in (State.MISQUOTED, State.MISSING):
        made = [_to_its_words(text, position, assessment, law, today)]
        if state is State.MISQUOTED:
            made.append(_its_words(text, position, assessment))
    elif state is State.AMENDED or {Question.WORDS, Question.EXCERPT} & set(questions):
        made = [_its_words(text, position, assessment)]
    elif Question.VERSION in questions:
        made = _from_other_versions(text, position, assessment)
    yield from (correction for correction in made if correction)


def _moved(text: str, position: int, assessment: Assessment) -> Correction | None:
    """Bring a number to where its content stands today, and with it the words if they changed."""
    found, quotation = assessment.resolved, assessment.quotation
    now, locator = found.now, found.now_locator
    if now is None or locator is None:
        return None
    edit, name = _number_edit(text, assessment, now, locator)
    if edit is None:
        return None
    edits, official, also = [edit], "", ""
    if quotation and quotation.is_claimed:
        if not compare_with_provision(quotation.text, now.text, locator).is_faithful:
            words = _words_edit(text, assessment, now, locator)
            if words is None:
                return None
            edits.append(words)
            also = "，引文改为现行原文"
        official = now.text
    statute = now.version.statute.title
    return Correction(
        f"改为{name}{also}",
        tuple(edits),
        (Aim(position, statute, locator, official),),
        (_place(statute, locator),),
    )


def _from_other_versions(
    text: str, position: int, assessment: Assessment
) -> Iterator[Correction | None]:
    """Bring a number to where the content stands today that it had in another version."""
    places = set()
    for other in assessment.resolved.otherwise:
        if other.fate is Fate.RENUMBERED and other.now_locator not in places:
            places.add(other.now_locator)
            yield _moved(text, position, replace(assessment, resolved=other))


def _to_its_words(
    text: str, position: int, assessment: Assessment, law: Library, today: date
) -> Correction | None:
    """Let a citation name the place where the words quoted really stand, if they hold today."""
    quotation, match = assessment.quotation, assessment.match
    if match is None or assessment.standing is not Standing.ELSEWHERE:
        return None
    statute = match.version.statute
    line = law.line(statute, today)
    is_alone = len(quotation.citations) == 1
    holds = line.current == match.version and not line.is_repealed
    if not (is_alone and holds and compare(quotation.text, match.text).is_faithful):
        return None
    locator = match.place
    cited = assessment.citation.locator
    if cited.paragraph or cited.item:
        part = reading.most_alike(match.place, match.text, quotation.text)
        if compare_with_provision(quotation.text, match.text, part).is_faithful:
            locator = part
    edit, name = _number_edit(text, assessment, match, locator)
    if edit is None:
        return None
    return Correction(
        f"改为引文所在的{name}",
        (edit,),
        (Aim(position, statute.title, locator, match.text),),
        (_place(statute.title, locator),),
    )


def _its_words(text: str, position: int, assessment: Assessment) -> Correction | None:
    """Let a quotation have the words of what it is given for, as they are today."""
    found, quotation, citation = assessment.resolved, assessment.quotation, assessment.citation
    provision = found.now or found.then
    if provision is None or quotation is None or quotation.manner is Manner.STATED:
        return None
    locator = found.now_locator or citation.locator
    if locator != citation.locator:
        return None
    comparison = compare_with_provision(quotation.text, provision.text, locator)
    is_amended = assessment.verdict.state is State.AMENDED  # what was added may matter
    if comparison.agreement is Agreement.EXACT or (comparison.is_faithful and not is_amended):
        return None
    edit = _words_edit(text, assessment, provision, locator)
    if edit is None:
        return None
    return Correction(
        f"引文改为{locator}原文",
        (edit,),
        (Aim(position, citation.statute, locator, provision.text),),
    )


def _number_edit(
    text: str, assessment: Assessment, to: Provision, locator: Locator
) -> tuple[Edit | None, str]:
    statute = to.version.statute
    title = "" if statute == assessment.resolved.statute else statute.name
    edit = renumbered(text, assessment.citation, locator, title)
    return edit, f"《{title}》{locator}" if title else str(locator)


def _words_edit(
    text: str, assessment: Assessment, provision: Provision, locator: Locator
) -> Edit | None:
    quotation = assessment.quotation
    if len(quotation.citations) != 1:
        return None
    return requoted(text, quotation, provision.place, provision.text, locator)


def _place(statute: str, locator: Locator) -> tuple[str, str]:
    return statute, locator.whole.fragment


def _collides(correction: Correction, assessments: Sequence[Assessment]) -> bool:
    """Return whether another citation of a renewed place means the text of another day."""
    changed = {aim.position for aim in correction.aims}
    for position, assessment in enumerate(assessments):
        then, now = assessment.resolved.then, assessment.resolved.now
        if position in changed or place_of(assessment.citation) not in correction.renewed:
            continue
        is_of_today = then is not None and now is not None and then.version == now.version
        if not is_of_today:
            return True
    return False


def _together(moved: Sequence[Correction]) -> Correction:
    return Correction(
        f"把{len(moved)}处旧条号一并更新",
        tuple(edit for each in moved for edit in each.edits),
        tuple(aim for each in moved for aim in each.aims),
        tuple(place for each in moved for place in each.renewed),
    )
