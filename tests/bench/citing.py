"""What an article's citations cost: on publication, and when the law has changed."""

from django.db import transaction
from django.utils import timezone

from articles import citing, publishing
from articles.models import Article, Category
from statutes.models import Statute
from tests.bench.measuring import Row, milliseconds

NEEDS_DATASET = False
CITATIONS = 20


def rows():
    with transaction.atomic():
        article = _article(quoted=True)
        plain = _article(quoted=False)
        publishing.refresh(article)
        yield Row(
            f"publish an article with {CITATIONS} citations and quotations",
            milliseconds(lambda: publishing.refresh(article), 20),
            "ms",
            "the same words without a law",
            milliseconds(lambda: publishing.refresh(plain), 20),
            "≤ 150",
        )
        today = timezone.localdate()
        once = milliseconds(lambda: citing.reassess(article.pk, today), 20)
        yield Row(
            "re-assess its citations", 60_000 / once, "articles a minute", "", None, "≥ 2,000"
        )
        transaction.set_rollback(True)


def _article(*, quoted: bool) -> Article:
    """Return an article that quotes every fiftieth provision of the Civil Code, one not quite."""
    version = Statute.objects.called("民法典").get().versions.latest("pk")
    name = "《民法典》" if quoted else "某某规则"
    paragraphs = [
        f"{name}{provision.name}规定：“{provision.text.splitlines()[0]}”这一条怎样理解？\n"
        for provision in version.provisions.filter(position__in=range(0, 50 * CITATIONS, 50))
    ]
    paragraphs[3] = paragraphs[3].replace("应当", "可以").replace("不得", "可以")
    return Article.objects.create(
        title="二十条法律一次读完",
        body="\n".join(paragraphs),
        category=Category.objects.first() or Category.objects.create(name="量"),
        state=Article.State.PUBLISHED,
        published_at=timezone.now(),
    )
