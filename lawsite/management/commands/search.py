"""manage.py search: what the search page would show."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand

from lawsite import search
from lawsite.indexing import SOURCES
from statutes import json_lines
from statutes.index import following

RESULTS = 20  # of one kind, for machines
PATIENCE = 30  # seconds to wait for the process that follows the changes


class Command(BaseCommand):
    help = "Print what the search page would show."

    def add_arguments(self, parser):
        parser.add_argument(
            "query",
            nargs="?",
            default="-",
            help="a question; a file with .jsonl, or -: lines of {id, query}",
        )
        parser.add_argument("--json", action="store_true", help="for machines")
        parser.add_argument("--kind", choices=["provisions", "articles"], help="of this kind only")

    def handle(self, *, query, kind, **options):
        be_current()
        kind = kind or ""
        if json_lines.holds(query):
            for _, question in json_lines.questions(query, "query"):
                answer = _ask(question["query"], kind)
                row = {"id": question["id"], "results": list(_results(answer))}
                self.stdout.write(json_lines.dump(row))
            return
        answer = _ask(query, kind)
        if options["json"]:
            row = {"query": query, "results": list(_results(answer))}
            self.stdout.write(json_lines.dump(row))
            return
        for line in _in_words(answer):
            self.stdout.write(line)


def be_current():
    """Build indexes that are missing and follow all changes, unless another process does."""
    with following.only_writer(settings.SEARCH_DIR) as is_only:
        if is_only:
            following.catch_up(SOURCES)
            return
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if all(following.standing(source) == "ok" for source in SOURCES):
            return
        time.sleep(0.1)


def _ask(query: str, kind: str) -> search.Answer:
    size = RESULTS if kind else search.PAGE_SIZE
    return search.ask(query, search.Narrowing(kind=kind), size=size)


def _results(answer: search.Answer):
    for found in [*answer.asked_for, *answer.provisions]:
        provision = found.provision
        yield {
            "law": provision.version.statute.title,
            "article": provision.number,
            "suffix": provision.suffix,
            "url": found.url,
            "title": str(provision),
        }
    for found in answer.articles:
        article = found.article
        yield {"article_id": article.pk, "url": found.url, "title": article.title}


def _in_words(answer: search.Answer):
    if not answer.is_ready:
        yield "The indexes are not built yet: manage.py rebuild_search"
    if answer.spelling:
        yield f"你是不是要找：{answer.spelling}"
    groups = [
        ("法条", [(str(f.provision), f) for f in [*answer.asked_for, *answer.provisions]]),
        ("法规", [(f.statute.title, f) for f in answer.statutes]),
        ("文章", [(f.article.title, f) for f in answer.articles]),
    ]
    for heading, found in groups:
        if found:
            yield heading
        for title, result in found:
            yield f"  {title}  {result.url}"
    if answer.is_empty and answer.is_ready:
        yield "没有找到。"
