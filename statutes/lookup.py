"""Find the provision that someone has in mind: 民法典1032, 刑法133之一, or words of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Length

from .aliases import normalise
from .locators import Locator, parse_label
from .models import Provision, Statute, StatuteAlias
from .reading import Line, lines_of
from .timeline import Standing, timeline

MOST = 20  # results
STATUTES = 6  # that one name may mean
LONGEST = 100  # characters of a query

_PLACE = re.compile(
    r"""第?(?P<number>[〇零一二三四五六七八九十百千两\d]{1,9})条?
    (?P<rest>(?:之[一二三四五六七八九十\d]{1,3})?(?:第?[（(]?[一二三四五六七八九十百\d]{1,5}[)）]?[款项目]){0,3})$""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Found:
    """A statute, or a provision of it (or a part of that), as one would cite it."""

    statute: Statute
    standing: str  # of the statute on the day
    place: Locator | None = None
    provision: Provision | None = None

    @property
    def citation(self) -> str:
        return f"《{self.statute.name}》{self.place.label if self.place else ''}"

    @property
    def lines(self) -> list[str]:
        """The official words of the part that is named, a 款 or 项 a line."""
        if not self.provision:
            return []
        lines = lines_of(self.provision.place, self.provision.text)
        return [line.text for line in _part(lines, self.place)]


def look_up(query: str, on: date) -> list[Found]:
    """Return what a query may mean, the likeliest first; empty if nothing is asked."""
    words = [normalise(word) for word in re.split(r"[\s\0，、；]+", query[:LONGEST])]
    words = [word for word in words if word]
    if not words:
        return []
    name, place = _read("".join(words))
    statutes = _called(name) if name else []
    if statutes and place:
        return _provisions(statutes, place, on)
    if statutes:
        return _openings(statutes, on)
    return _by_words(words, on)


def _read(query: str) -> tuple[str, Locator | None]:
    """Cut a query into a statute's name and a place in it."""
    found = _PLACE.search(query)
    if not found or not found.start():
        return query, None
    try:
        return query[: found.start()], parse_label(f"第{found['number']}条{found['rest']}")
    except ValueError:
        return query, None


def _called(name: str) -> list[Statute]:
    """Return the statutes of this name; else those whose name begins with or holds it."""
    exact = list(Statute.objects.called(name))
    if exact:
        return exact
    aliases = StatuteAlias.objects.select_related("statute").order_by(Length("name"), "name")
    for condition in (Q(name__startswith=name), Q(name__contains=name)):
        rows = aliases.filter(condition)[: 4 * STATUTES]
        if found := list(dict.fromkeys(alias.statute for alias in rows)):
            return found[:STATUTES]
    return []


def _provisions(statutes: list[Statute], place: Locator, on: date) -> list[Found]:
    """Return the provisions of this number in the texts to read today; the statute without."""
    results = []
    for statute, shown, standing in _texts(statutes, on):
        provision = shown and shown.provisions.at(place).first()
        if provision and _part(lines_of(provision.place, provision.text), place):
            results.append(Found(statute, standing, place, provision))
        elif provision:
            results.append(Found(statute, standing, provision.place, provision))
    return results


def _openings(statutes: list[Statute], on: date) -> list[Found]:
    """Return statutes to cite as a whole, the first with its first provisions."""
    texts = list(_texts(statutes, on))
    results = [Found(statute, standing) for statute, _, standing in texts]
    statute, shown, standing = texts[0]
    for provision in shown.provisions.all()[: MOST - len(results)] if shown else ():
        results.append(Found(statute, standing, provision.place, provision))
    return results


def _texts(statutes: Iterable[Statute], on: date):
    for statute in statutes:
        times = timeline(statute.versions.in_order(), statute.repealed_on, on)
        yield statute, times.shown, times.in_words(times.standing)


def _by_words(words: list[str], on: date) -> list[Found]:
    """Return provisions in force that hold all words; 民法典隐私 looks into 民法典 first."""
    provisions = Provision.objects.in_force(on).filter(version__statute__repealed_on=None)
    named, rest = _named_first(words[0])
    if named:
        within = provisions.filter(version__statute=named)
        if found := _holding(within, [rest, *words[1:]]):
            return found
    return _holding(provisions, words)


def _holding(provisions, words: list[str]) -> list[Found]:
    for word in filter(None, words):
        provisions = provisions.filter(text__contains=word)
    rows = provisions.select_related("version__statute").order_by("version_id", "position")
    return [
        Found(row.version.statute, Standing.IN_FORCE.value, row.place, row) for row in rows[:MOST]
    ]


def _named_first(word: str) -> tuple[Statute | None, str]:
    """Return the statute whose whole name begins a word, the longest, and what follows it."""
    beginnings = [word[:length] for length in range(len(word), 1, -1)]
    aliases = StatuteAlias.objects.filter(name__in=beginnings).order_by(Length("name").desc())
    longest = aliases.select_related("statute").first()
    return (longest.statute, word[len(longest.name) :]) if longest else (None, word)


def _part(lines: list[Line], place: Locator) -> list[Line]:
    """Return the lines of the part that `place` names, with those that stand in it."""
    if place.is_article:
        return lines
    chosen: list[Line] = []
    inside = False
    for line in lines:
        if line.fragment:
            inside = any(
                name == place.fragment or name.startswith(f"{place.fragment}-")
                for name in (line.fragment, line.short)
            )
        if inside:
            chosen.append(line)
    return chosen
