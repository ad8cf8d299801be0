"""What a question may have meant: names typed wrong by sound or by a character. Pure.

Chinese is typed by sound, so most slips are words of the same sound: 取保侯审 for 取保候审. Much
that is right sounds like something else, too. A part of a question is taken for a slip only where
its words fall apart: where characters stand alone, or in words that no text has.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache

from rapidfuzz import fuzz, process

from statutes import numerals
from statutes.pinyin import pinyin
from statutes.terms import known_words, plain

LONGEST = 24  # characters of a question that is looked at
WINDOW = range(10, 1, -1)  # characters that may be one misspelt name
LEAST_NEAR = 4  # characters of a name that may differ by one
NEAR = 74.0  # least likeness, of 100: one character of four
NEAR_SOUND = 86.0  # of letters


class Vocabulary:
    """What people look for, by its sound; names of laws by their likeness as well."""

    def __init__(self, laws: Iterable[str], words: Iterable[str] = ()) -> None:
        self._laws = {name for name in laws if 1 < len(name) <= LONGEST}
        self._names = self._laws | {word for word in words if 1 < len(word) <= LONGEST}
        self._by_letters: dict[str, str] = {}
        self._by_sound: dict[str, str] = {}
        for name in sorted(self._names, key=lambda name: (len(name), name)):
            letters = pinyin(name)
            self._by_letters.setdefault("".join(letters), name)
            self._by_sound.setdefault(_sound(letters), name)
        self._all = "\n".join(self._names)
        self._long = sorted(name for name in self._laws if len(name) >= LEAST_NEAR)

    def better(self, question: str, is_said: Callable[[str], bool]) -> str:
        """Return the question as it was probably meant; "" if it may well be right as it is.

        `is_said` tells whether two characters stand together in any text: where they do, nothing
        is taken for a slip, unless all of the question sounds like a law, or a number follows.
        """
        question = plain(question).strip()
        if not 1 < len(question) <= LONGEST or question in self._all:
            return ""
        if question.isascii():
            return self._nearly_spelt("".join(question.split()))
        if len(question) >= LEAST_NEAR:
            name = self._by_sound.get(_sound(pinyin(question)))
            if name in self._laws:
                return name
        is_said = cache(is_said)
        return self._by_same_sound(question, is_said) or self._by_likeness(question, is_said)

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

    def _by_same_sound(self, question: str, is_said: Callable[[str], bool]) -> str:
        sounds = [_sound(pinyin(character)) for character in question]
        cuts, loose = _read(question, is_said)
        loose -= self._named(question)
        for width in WINDOW:
            for start in range(len(question) - width + 1):
                end = start + width
                meant = self._by_sound.get("".join(sounds[start:end]))
                if not meant or len(meant) != width or not {start, end} <= cuts:
                    continue
                slips = {i for i in range(start, end) if question[i] != meant[i - start]}
                if not slips or 2 * len(slips) > width:
                    continue
                if not slips <= loose and not len(question) == width >= LEAST_NEAR:
                    continue
                beside = {i for slip in slips for i in (slip - 1, slip) if start <= i < end - 1}
                if _IS_CITED.match(question, end) or not all(
                    is_said(question[i : i + 2]) for i in beside
                ):
                    return question[:start] + meant + question[end:]
        return ""

    def _named(self, question: str) -> set[int]:
        """Return the places of laws named rightly: of 行诉解释, which sounds like 刑诉解释."""
        return {
            place
            for width in WINDOW
            for start in range(len(question) - width + 1)
            if question[start : start + width] in self._laws
            for place in range(start, start + width)
        }

    def _by_likeness(self, question: str, is_said: Callable[[str], bool]) -> str:
        if all(map(is_said, _PAIR.findall(question))):
            return ""
        found = process.extractOne(question, self._long, scorer=fuzz.ratio, score_cutoff=NEAR)
        if not found or _characters(found[0]) in _characters(question):
            return ""
        same_number = _NUMBER.findall(found[0]) == _NUMBER.findall(question)
        return found[0] if same_number else ""


# What follows the name of a law, whatever else the characters before it may say: 公司发第十六条.
_IS_CITED = re.compile(rf"\s*第?{numerals.NUMERAL}条")

# Two characters that could stand together in a text; no word of one goes across a bracket.
_PAIR = re.compile("(?=([㐀-䶿一-鿿]{2}))")
_NUMBER = re.compile(numerals.NUMERAL)


def _characters(name: str) -> str:
    """Return a name without brackets: 解释（三） is 解释三."""
    return "".join(filter(str.isalnum, plain(name)))


def _read(question: str, is_said: Callable[[str], bool]) -> tuple[set[int], set[int]]:
    """Return between which characters a question can be cut, and which are of no word.

    A word of the dictionary that no text has is none here: 网袋 for 网贷.
    """
    cuts, loose, start = {0}, set(), 0
    for word in known_words(question):
        end = start + len(word)
        cuts.add(end)
        if len(word) == 1 or (len(word) == 2 and not is_said(word)):
            loose |= set(range(start, end))
        start = end
    return cuts, loose


# What many do not tell apart in speaking, and so in typing.
_SAME_SOUNDS = [("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an")]


def _sound(syllables: Iterable[str]) -> str:
    sound = " ".join(syllables).lower()
    for said, meant in _SAME_SOUNDS:
        sound = sound.replace(said, meant)
    return f"{sound} "
