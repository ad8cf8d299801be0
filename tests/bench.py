"""Benchmarks: each figure beside its yardstick from the same run, since machines are noisy.

Run by `make bench` on a scratch SQLite database.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import django

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


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="lawsite-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "lawsite.settings"
    os.environ["ALLOWED_HOSTS"] = "*"
    os.environ.pop("DATABASE_URL", None)
    os.environ["DEBUG"] = ""
    django.setup()

    from django.conf import settings
    from django.core.management import call_command
    from django.http import HttpResponse
    from django.test import Client
    from django.urls import path
    from markdown import markdown

    from articles import publishing, rendering
    from articles.models import Article
    from lawsite import urls

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    urls.urlpatterns.append(path("hello/", lambda request: HttpResponse("hello")))
    call_command("migrate", verbosity=0)
    start = time.perf_counter()
    call_command("load_demo", stdout=open(os.devnull, "w"))
    imported = Article.objects.count() / (time.perf_counter() - start)

    client = Client()
    article = Article.objects.visible().order_by("-length").first()
    hello = clock(lambda: client.get("/hello/"))
    bare = clock(lambda: markdown(article.body, extensions=["tables", "footnotes"]))
    rows = [
        ("article page", clock(lambda: client.get(article.get_absolute_url())), "hello view", hello),
        ("home page", clock(lambda: client.get("/")), "hello view", hello),
        ("category page", clock(lambda: client.get("/categories/finance/")), "hello view", hello),
        (
            "render an article",
            clock(lambda: rendering.render(article.body, title=article.title)),
            "python-markdown alone",
            bare,
        ),
        ("publish an article", clock(lambda: publishing.refresh(article), 50), "hello view", hello),
    ]
    print(f"{'what':22}{'ms':>9}   {'yardstick':24}{'ms':>9}{'ratio':>9}")
    for name, value, yardstick, measure in rows:
        print(f"{name:22}{value:9.2f}   {yardstick:24}{measure:9.2f}{value / measure:9.1f}")
    print(f"import with pictures: {imported:.0f} articles a second")


if __name__ == "__main__":
    main()
