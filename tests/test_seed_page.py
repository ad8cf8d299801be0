"""The main job on real input: the page of the shared seed folder, imported and served."""

import re

import pytest
from django.core.management import call_command

from articles.models import Article
from lawsite.models import SiteProfile

from .visible import folded, visible_text

SITE = "https://www.hefeilaws.com"

# What the page we serve does not print as the seed has it, and why.
EXCEPTIONS = {
    "title again in the body": "The seed prints its title four times; once, as h1, is enough and "
    "more is punished by search engines (CONVENTIONS 5). One of the four is an image's alt text, "
    "and the image is not in the seed.",
    "headings again": "The table of contents (PRODUCT.md 4) names each heading before the body.",
    "credit line": "PRODUCT.md sets the title in 《》.",
    "cards' second title": "The seed prints each related title twice, as alt text and as title; "
    "thumbnails are decorative (PRODUCT.md 11), so the title stands once.",
    "cards' lost letters": "The seed's highlighter lost letters in the second title and in the "
    "excerpts (CONVENTIONS 5); the whole title is used, and of the excerpt, which we cut at 120 "
    "characters, the beginning is compared.",
    "order of the cards": "The seed picks related articles at random; ours are ranked.",
}


class Seed:
    """The seed's text, read by its own structure."""

    def __init__(self, text: str):
        lines = [line.rstrip() for line in text.splitlines()]
        self.breadcrumb = lines[0]
        self.category = re.search(r">(.*?)>", self.breadcrumb)[1].strip()
        self.title = lines[2]
        credit = next(i for i, line in enumerate(lines) if "本文为" in line)
        related = next(i for i, line in enumerate(lines) if line.endswith("的相关文章"))
        self.body = lines[3:credit]
        self.furniture = [line for line in lines[credit : related + 1] if line]
        self.author = re.search(r"本文为(.*?)原创", self.furniture[0])[1]
        self.notice = self.line("版权声明").partition(":")[2]
        self.url = self.line("本文链接").partition(":")[2]
        self.id = int(re.search(r"/(\d+)\.html", self.url)[1])
        self.previous = self.line("上一篇").partition(":")[2]
        self.cards = self.read_cards([line for line in lines[related + 1 :] if line])

    def line(self, start: str) -> str:
        return next(line for line in self.furniture if line.startswith(start))

    @staticmethod
    def read_cards(lines: list[str]) -> list[tuple[str, str]]:
        """Return (title, excerpt) of the related articles: a short line begins a card, a long
        one (over 90 characters) is its excerpt; between them the title may stand again."""
        cards, titles = [], []
        for line in lines:
            if len(line) > 90:
                cards.append((titles[0], line))
                titles = []
            else:
                titles.append(line)
        return cards

    def markdown(self) -> str:
        """Return the body as its author would write it in Markdown."""
        blocks, blanks = [], 2
        for line in self.body:
            text = line.strip()
            if not text:
                blanks += 1
                continue
            if text.startswith("•"):
                text = "- " + text[1:].strip()
            elif len(text) < 25 and text[-1] not in "。.,;!" and not re.match(r"\d+\.", text):
                text = ("## " if blanks > 1 else "### ") + text
            elif text == self.title:
                text = "# " + text if not blocks else ""
            blocks.append(text)
            blanks = 0
        return "\n\n".join(block for block in blocks if block)

    def lines_to_find(self) -> list[str]:
        """Return the lines that the page must show, in order, EXCEPTIONS applied."""
        body = [re.sub(r"^\s*(?:•|\d+\.)\s*", "", line) for line in self.body]
        body = [line for line in body if line.strip() and line != self.title]
        credit = f"《{self.title}》" + self.furniture[0].removeprefix(self.title)
        return [self.breadcrumb, self.title, *body, credit, *self.furniture[1:]]


@pytest.fixture
def seed(shared):
    (file,) = (shared / "seed").glob("*.txt")
    return Seed(file.read_text("utf-8"))


@pytest.fixture
def page(seed, db, client, settings, tmp_path):
    """The seed's page as served by a site that belongs to the seed's firm."""
    settings.SITE_URL = SITE
    SiteProfile(site_name="普法知识库", firm_name=seed.author, original_notice=seed.notice).save()
    articles = [(seed.id, seed.title, seed.category, seed.markdown(), "2026-03-02 09:00")]
    articles.append((seed.id - 1, seed.previous, "婚姻家庭", "正文。", "2026-03-01 09:00"))
    articles += [
        (seed.id - 10 - number, title, seed.category, excerpt, f"2026-02-1{number} 09:00")
        for number, (title, excerpt) in enumerate(seed.cards)
    ]
    for pk, title, category, body, moment in articles:
        (tmp_path / f"{pk}.md").write_text(
            f"---\nid: {pk}\ntitle: '{title}'\ncategory: {category}\nauthor: {seed.author}\n"
            f"published_at: {moment}\n---\n{body}\n",
            "utf-8",
        )
    call_command("import_articles", tmp_path)
    assert Article.objects.visible().count() == 10
    response = client.get(f"/hf/{seed.id}.html")
    assert response.status_code == 200
    return response.content.decode()


def test_the_served_page_holds_every_line_of_the_seed_in_its_order(seed, page):
    text, position = folded(visible_text(page)), 0
    for line in map(folded, seed.lines_to_find()):
        found = text.find(line, position)
        assert found >= 0, f"not there, or not in its place: {line}"
        position = found + len(line)


def test_each_line_stands_once(seed, page):
    text = folded(visible_text(re.sub(r'(?s)<nav aria-label="本文目录">.*?</nav>', "", page)))
    inside_others = folded(seed.title)  # the credit line and the related heading name it too
    for line in map(folded, seed.lines_to_find()):
        expected = 3 if line == inside_others else 1
        assert text.count(line) == expected, line


def test_the_related_block_holds_the_eight_titles_with_their_excerpts(seed, page):
    block = folded(visible_text(page)).partition("的相关文章")[2]
    assert len(seed.cards) == 8
    for title, excerpt in seed.cards:
        assert block.count(folded(title)) == 1, title
        assert folded(excerpt)[:100] in block, title


def test_the_page_has_the_seeds_address(seed, page):
    assert f'<link rel="canonical" href="{seed.url}">' in page
    assert page.count(f'href="{seed.url}"') == 2  # canonical and 本文链接
