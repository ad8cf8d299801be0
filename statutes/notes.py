"""What stands beside each provision of a text, in a few words, and what is said of the text."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.urls import reverse

from .days import day_in_words
from .locators import Locator
from .models import Provision, Statute, StatuteVersion, Succession
from .timeline import Timeline

_ORIGINS = 2  # in other statutes, named beside a provision; its own page names them all


class Note(NamedTuple):
    """A remark of a few words, with the page that tells more."""

    text: str
    url: str


class _Step(NamedTuple):
    """One Succession row, as far as a remark needs it: the other side and how alike it is."""

    here: int  # primary key of the provision with the remark
    version: int
    place: Locator | None
    likeness: float
    statute: str
    slug: str

    @property
    def url(self) -> str:
        return reverse("statutes:provision", args=[self.slug, self.place])


def of_provisions(
    line: Timeline, version: StatuteVersion, provisions: Sequence[Provision]
) -> dict[int, list[Note]]:
    """Return the remarks beside the provisions of a version, by primary key. Two queries.

    The text to read today says what each provision was before; an older text, what it became.
    """
    remarks: dict[int, list[Note]] = defaultdict(list)
    if version == line.shown or version in line.coming:
        _add_origins(remarks, line, version, provisions)
    if version != line.current:
        _add_ends(remarks, line, version, provisions)
    return remarks


def _add_origins(remarks, line: Timeline, version: StatuteVersion, provisions) -> None:
    before = line.before(version)
    origins = defaultdict(list)
    for step in _steps(version, "new", "old"):
        origins[step.here].append(step)
    linked = {step.version for steps in origins.values() for step in steps}
    for provision in provisions:
        own = [step for step in origins[provision.pk] if before and step.version == before.pk]
        moved = [step for step in own if step.place != provision.place]
        words = ""
        if moved:
            words = "原" + "、".join(step.place.label for step in moved)
            if any(step.likeness < 1 for step in own):
                words += "，有修改"
        elif any(step.likeness < 1 for step in own):
            words = f"{version.name}有修改"
        elif before and before.pk in linked and not own:
            words = f"{version.name}新增"
        if words:
            here = reverse("statutes:provision", args=[version.statute.slug, provision.place])
            remarks[provision.pk].append(Note(words, f"{here}#history"))
        foreign = [step for step in origins[provision.pk] if step.slug != version.statute.slug]
        for step in foreign[:_ORIGINS]:
            origin = f"源自《{step.statute}》{step.place.label}"
            remarks[provision.pk].append(Note(origin, step.url))
        if len(foreign) > _ORIGINS:
            here = reverse("statutes:provision", args=[version.statute.slug, provision.place])
            remarks[provision.pk].append(Note(f"等{len(foreign)}条", f"{here}#history"))


def _add_ends(remarks, line: Timeline, version: StatuteVersion, provisions) -> None:
    names = {v.pk: v.name for v in line.versions}
    place = line.versions.index(version)
    following = line.versions[place + 1].name if place + 1 < len(line.versions) else ""
    places = {provision.pk: provision.place for provision in provisions}
    for step in _steps(version, "old", "new"):
        if step.place is None:
            if following:
                remarks[step.here].append(Note(f"{following}删去", ""))
        elif step.slug != version.statute.slug:
            remarks[step.here].append(Note(f"现见《{step.statute}》{step.place.label}", step.url))
        elif step.place != places[step.here]:
            words = f"{names[step.version]}为{step.place.label}"
            remarks[step.here].append(Note(words, step.url))
        elif step.likeness < 1:
            remarks[step.here].append(Note(f"{names[step.version]}有修改", f"{step.url}#history"))


def _steps(version: StatuteVersion, here: str, there: str) -> list[_Step]:
    rows = (
        Succession.objects.filter(**{f"{here}__version": version})
        .order_by(f"{there}__position")
        .values_list(
            f"{here}_id",
            f"{there}__version",
            f"{there}__number",
            f"{there}__suffix",
            "likeness",
            f"{there}__version__statute__short_title",
            f"{there}__version__statute__title",
            f"{there}__version__statute__slug",
        )
    )
    return [
        _Step(
            pk, version, Locator(number, suffix) if number else None, likeness, short or title, slug
        )
        for pk, version, number, suffix, likeness, short, title, slug in rows
    ]


def description(
    statute: Statute, line: Timeline, version: StatuteVersion | None, *, by_name: bool = False
) -> str:
    """Return what a page's description says of a text; `by_name` names the version."""
    name = f"《{statute.title}》" + (version.name if version and by_name else "")
    standing = line.standing_of(version) if version else line.standing
    parts = [f"{name}（{line.in_words(standing)}）"]
    if version and version.promulgated_on:
        parts.append(f"{day_in_words(version.promulgated_on)}公布")
    if version:
        begins = version.effective_from
        parts.append(f"{day_in_words(begins)}起施行" if begins else "施行日期未经核实")
    if version and version.provision_count:
        parts.append(f"共{version.provision_count}条")
    words = "，".join(parts) + "。"
    if version:
        words += "目录、逐条正文、历次文本与新旧对照，注明各条由何而来、有何修改。"
    else:
        words += "本站尚未收录它的文本。"
    if statute.repealed_on:
        words += f"自{day_in_words(statute.repealed_on)}起废止，依据是{statute.repeal_source}"
        words += f"，由《{statute.replaced_by.name}》代替。" if statute.replaced_by else "。"
    return words
