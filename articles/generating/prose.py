"""Articles that nobody wrote, from the words of statutes. Pure: no Django, chance is passed in.

A topic is a statute's words and which word follows which. An article speaks of a few subjects
of its topic, chosen by Zipf's law, and says their words again and again; so words are spread
over articles as in real ones: some everywhere, most nearly nowhere, each article with its own.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

from statutes.terms import segment, telling, words

from .. import relatedness
from ..rendering import EXCERPT_LENGTH, excerpt

Chance = Callable[[], float]  # of random.Random: 0 ≤ x < 1
# What is said, its length, whether a pause ends it, its telling words, and how it may go on.
Step = tuple[str, int, bool, tuple[str, ...], list["Step"]]

STRIDE = 3  # words a step of a sentence takes at most
SUBJECTS = 5  # words an article is about
LONGEST_TITLE = 60
ASIDE = 0.08  # of the sentences are about another topic
_SHORTEST, _LONGEST = 14, 60  # characters of a sentence
_PAUSE = "，"
_NOT_PROSE = re.compile(r"[^\u3400-\u9fff、]+")

_TITLES = (
    "{0}的{1}如何认定？",
    "{0}与{1}有什么区别？",
    "{0}以后，{1}怎么处理？",
    "{0}{1}怎么办？",
    "没有{0}，{1}还有效吗？",
    "{0}涉及{1}的，要准备哪些材料？",
    "{0}、{1}和{2}：一次说清",
    "谈{0}中的{1}与{2}",
    "{0}的{1}是多久？",
    "对{0}不服，可以申请{1}吗？",
)
_HEADINGS = (
    "什么是{0}",
    "{0}的条件",
    "{0}怎样办理",
    "{0}与{1}",
    "没有{0}的后果",
    "关于{0}的几点提醒",
    "{0}由谁承担",
)
_LEADS = ("根据", "依照", "按照", "参照")


@dataclass(frozen=True)
class Topic:
    """A field of law as its articles speak of it.

    `subjects` are its telling words, commonest first; `steps` say how a sentence goes on after
    a word: with up to STRIDE more, a pause at the end at most.
    """

    name: str
    steps: dict[str, list[Step]]
    subjects: list[str]


@dataclass(frozen=True)
class Mention:
    """A citation to be written: as prose says it, and the words it may quote."""

    key: int
    text: str
    quotation: str = ""


@dataclass(frozen=True)
class Written:
    """Where a mention came to stand; offsets are into the body, end excluded."""

    key: int
    start: int
    end: int
    quotation: str = ""
    quotation_start: int | None = None
    quotation_end: int | None = None


@dataclass
class Draft:
    """An article as rendering and citing would leave it."""

    title: str
    tags: list[str]
    body: str
    html: str
    contents: list[dict]
    excerpt: str
    length: int
    terms: dict[str, float]
    mentions: list[Written] = field(default_factory=list)


def learn(name: str, texts: Iterable[str]) -> Topic | None:
    """Return what these texts speak of; None where they are too few to speak like them."""
    counts: Counter[str] = Counter()
    sequences = []
    for text in texts:
        tokens = segment(_NOT_PROSE.sub(_PAUSE, text).strip("，、"))
        counts.update(telling(tokens))
        sequences.append([*tokens, _PAUSE])
    steps: dict[str, list[Step]] = defaultdict(list)
    for sequence in sequences:
        for place, token in enumerate(sequence[:-1], start=1):
            said = sequence[place : place + STRIDE]
            if _PAUSE in said:
                said = said[: said.index(_PAUSE) + 1]
            told, text = tuple(filter(counts.__contains__, said)), "".join(said)
            steps[token].append((text, len(text), said[-1] == _PAUSE, told, steps[said[-1]]))
    subjects = [word for word, _ in counts.most_common() if steps.get(word) and len(word) < 9]
    return Topic(name, dict(steps), subjects) if len(subjects) >= 4 * SUBJECTS else None


def zipf(items: Sequence, chance: Chance):
    """Return one of the items: the n-th with a probability of about 1/n."""
    return items[int(len(items) ** chance()) - 1]


def write(
    topic: Topic, others: Sequence[Topic], mentions: Sequence[Mention], length: int, chance: Chance
) -> Draft:
    """Write an article of about `length` characters that makes these mentions."""
    subjects = list(dict.fromkeys(zipf(topic.subjects, chance) for _ in range(2 * SUBJECTS)))
    while len(subjects) < 3:
        subjects.append(topic.subjects[len(subjects) + 5])
    subjects = subjects[:SUBJECTS]
    title = _fill(_TITLES, subjects, chance)[:LONGEST_TITLE]
    writer = _Writer(topic, others, subjects, chance)
    sections = 1 + int(3 * chance())
    left = list(mentions)
    for number in range(sections + 1):
        if number:
            writer.heading(_fill(_HEADINGS, subjects[number - 1 :] + subjects, chance))
        share = math.ceil(len(left) / (sections + 1 - number))
        here, left = left[:share], left[share:]
        writer.section(here, length * (number + 1) // (sections + 1))
    tags = subjects[: 2 + int(3 * chance())]
    counts = Counter(writer.said)
    for word in words(title):
        counts[word] += relatedness.TITLE_WEIGHT
    for tag in tags:
        counts[tag] += relatedness.TAG_WEIGHT
    return Draft(
        title=title,
        tags=tags,
        body="\n\n".join(writer.markdown),
        html="\n".join(writer.html),
        contents=writer.contents,
        excerpt=excerpt(writer.opening, EXCERPT_LENGTH),
        length=writer.length,
        terms=relatedness.heaviest(counts),
        mentions=writer.mentions,
    )


def _fill(patterns: Sequence[str], subjects: Sequence[str], chance: Chance) -> str:
    return patterns[int(len(patterns) * chance())].format(*subjects)


class _Writer:
    """An article growing paragraph by paragraph, as Markdown and as the HTML it becomes."""

    def __init__(self, topic, others, subjects, chance):
        self.topic, self.others, self.subjects, self.chance = topic, others, subjects, chance
        self.markdown: list[str] = []
        self.html: list[str] = []
        self.contents: list[dict] = []
        self.mentions: list[Written] = []
        self.said: list[str] = []  # its telling words, repeats included
        self.opening = ""
        self.length = 0  # characters of text
        self.offset = 0  # where the next block begins in the body

    def heading(self, text: str) -> None:
        known = {heading["id"] for heading in self.contents}
        anchor = text if text not in known else f"{text}-{len(known) + 1}"
        self.contents.append({"level": 2, "id": anchor, "text": text})
        self._block(
            f"## {text}",
            f'<h2 id="{anchor}">{text}<a class="heading-anchor" href="#{quote(anchor)}"'
            f' aria-label="本节链接：{text}"></a></h2>',
            text,
        )

    def section(self, mentions: Sequence[Mention], until: int) -> None:
        """Write paragraphs, and now and then a list, until the article has `until` characters."""
        left = list(mentions)
        while True:
            size = 2 + int(3 * self.chance())
            after_list = self.html and self.html[-1].startswith("<ol>")  # two would be one
            if left or after_list or self.chance() > 0.12:
                self._paragraph(left.pop(0) if left else None, size)
            else:
                self._list(size)
            if self.length >= until and not left:
                return

    def _paragraph(self, mention: Mention | None, size: int) -> None:
        sentences = [self._sentence() for _ in range(size)]
        if mention:
            lead = zipf(_LEADS, self.chance)
            start = self.offset + len(lead)
            end = start + len(mention.text)
            if mention.quotation:
                sentences.insert(0, f"{lead}{mention.text}规定：“{mention.quotation}”")
                quoted = end + len("规定：“")
                self.mentions.append(
                    Written(
                        *(mention.key, start, end, mention.quotation),
                        *(quoted, quoted + len(mention.quotation)),
                    )
                )
                self.said += words(mention.quotation)
            else:
                sentences.insert(0, f"{lead}{mention.text}的规定，")
                self.mentions.append(Written(mention.key, start, end))
        text = "".join(sentences)
        self._block(text, f"<p>{escape(text, quote=False)}</p>", text)

    def _list(self, size: int) -> None:
        items = [self._sentence() for _ in range(size)]
        self._block(
            "\n".join(f"{number}. {item}" for number, item in enumerate(items, start=1)),
            "<ol>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ol>",
            "".join(items),
        )

    def _block(self, markdown: str, html: str, text: str) -> None:
        self.markdown.append(markdown)
        self.html.append(html)
        if len(self.opening) <= EXCERPT_LENGTH and not markdown.startswith("#"):
            self.opening += text
        self.length += len(text)
        self.offset += len(markdown) + 2

    def _sentence(self) -> str:
        """Return a sentence; it begins with one of the article's subjects, or anywhere."""
        chance, topic = self.chance, self.topic
        if self.others and chance() < ASIDE:
            topic = self.others[int(len(self.others) * chance())]
            word = zipf(topic.subjects, chance)
        else:
            word = zipf(self.subjects if chance() < 0.6 else topic.subjects, chance)
        said = self.said
        said.append(word)
        sentence, length, following = [word], len(word), topic.steps.get(word)
        while following:
            text, size, is_paused, telling, following = following[int(len(following) * chance())]
            length += size
            if length > _LONGEST:
                break
            sentence.append(text)
            said += telling
            if is_paused and length > _SHORTEST and chance() < 0.4:
                break
        return "".join(sentence).rstrip("，、") + "。"
