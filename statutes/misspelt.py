"""What a question may have meant: names typed wrong by sound or by a character. Pure.

Chinese is typed by sound, so most slips are words of the same sound: 民间借袋 for 民间借贷.
"""

from collections.abc import Callable, Iterable

from rapidfuzz import fuzz, process

from statutes.pinyin import pinyin
from statutes.terms import plain

LONGEST = 24  # characters of a question that is looked at
WINDOW = range(10, 1, -1)  # characters that may be one misspelt name
LEAST_NEAR = 4  # characters of a name that may differ by one
NEAR = 74.0  # least likeness, of 100: one character of four
NEAR_SOUND = 86.0  # of letters


class Vocabulary:
    """Names that people look for, by their sound."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name for name in names if 1 < len(name) <= LONGEST}
        self._by_letters: dict[str, str] = {}
        self._by_sound: dict[str, str] = {}
        for name in sorted(self._names, key=lambda name: (len(name), name)):
            letters = pinyin(name)
            self._by_letters.setdefault("".join(letters), name)
            self._by_sound.setdefault(_sound(letters), name)
        self._all = "\n".join(self._names)
        self._long = sorted(name for name in self._names if len(name) >= LEAST_NEAR)

    def better(self, question: str, is_said: Callable[[str], bool]) -> str:
        """Return the question as it was probably meant; "" if it may well be right as it is.

        `is_said` tells whether two characters stand together in any text: where they do, nothing
        is taken for a slip, unless all of the question sounds like a name.
        """
        question = plain(question).strip()
        if not 1 < len(question) <= LONGEST or question in self._all:
            return ""
        if question.isascii():
            return self._nearly_spelt("".join(question.split()))
        if len(question) >= LEAST_NEAR and (name := self._by_sound.get(_sound(pinyin(question)))):
            return name
        strange = [i for i in range(len(question) - 1) if not is_said(question[i : i + 2])]
        if not strange:
            return ""
        return self._by_same_sound(question, strange) or self._by_likeness(question)

    def spelt(self, letters: str) -> str:
        """Return the name that is written so in pinyin; "" if none."""
        return self._by_letters.get(letters, "")

    def _nearly_spelt(self, letters: str) -> str:
        if not letters.isalpha() or len(letters) < LEAST_NEAR or letters in self._by_letters:
            return ""
        found = process.extractOne(
            letters, self._by_letters.keys(), scorer=fuzz.ratio, score_cutoff=NEAR_SOUND
        )
        return self._by_letters[found[0]] if found else ""

    def _by_same_sound(self, question: str, strange: list[int]) -> str:
        sounds = [_sound(pinyin(character)) for character in question]
        for width in WINDOW:
            for start in range(len(question) - width + 1):
                meant = self._by_sound.get("".join(sounds[start : start + width]))
                inside = any(start - 1 <= i < start + width for i in strange)
                if meant and inside and meant != question[start : start + width]:
                    return question[:start] + meant + question[start + width :]
        return ""

    def _by_likeness(self, question: str) -> str:
        found = process.extractOne(question, self._long, scorer=fuzz.ratio, score_cutoff=NEAR)
        return found[0] if found and found[0] not in question else ""


# What many do not tell apart in speaking, and so in typing.
_SAME_SOUNDS = [("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an")]


def _sound(syllables: Iterable[str]) -> str:
    sound = " ".join(syllables).lower()
    for said, meant in _SAME_SOUNDS:
        sound = sound.replace(said, meant)
    return f"{sound} "
