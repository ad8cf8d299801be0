"""Rendering, publishing and comparing, beside what they are made of."""

from markdown import markdown
from rapidfuzz import fuzz

from articles import publishing, rendering
from articles.models import Article
from statutes import diff
from statutes.models import Statute
from tests.bench.measuring import Row, milliseconds

NEEDS_DATASET = False


def rows():
    article = Article.objects.filter(imported_digest__gt="").order_by("-length").first()
    code = list(Statute.objects.called("民法典").get().versions.latest("pk").provisions.all())
    words = [provision.text for provision in code]
    bare = milliseconds(lambda: markdown(article.body, extensions=["tables", "footnotes"]))
    rendered = milliseconds(lambda: rendering.render(article.body, title=article.title))
    yield Row("render an article", rendered, "ms", "python-markdown alone", bare)
    yield Row(
        "publish an article again",
        milliseconds(lambda: publishing.refresh(article), 50),
        "ms",
        "render it",
        rendered,
        "≤ 300",
    )
    yield Row(
        "align the Civil Code with itself",
        milliseconds(lambda: diff.align(code, code[5:]), 5),
        "ms",
        "one likeness a provision",
        milliseconds(lambda: [fuzz.ratio(text, text[5:]) for text in words], 5),
    )
