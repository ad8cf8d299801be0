"""How well questions are answered, on the development sets beside the project."""

import json

import pytest

from articles.models import Article
from lawsite import search
from lawsite.indexing import SOURCES
from statutes.importing import load, sources
from statutes.index import following
from tests.factories import make_article

pytestmark = pytest.mark.django_db

LAWS = ["民法典", "民法商法", "社会法", "刑法", "诉讼与非诉讼程序法", "行政法", "经济法"]


def lines(path):
    return [json.loads(line) for line in path.read_text().split("\n") if line]


@pytest.fixture
def laws(shared):
    folder = shared / "laws"
    for name in LAWS:
        if (folder / name).exists():
            for source in sources.read(str(folder / name)):
                if source.parsed:
                    load.load(source.parsed, known_until=source.known_until)
    load.refresh_aliases()


def build():
    for source in SOURCES:
        following.build(source)


def test_a_provision_that_answers_is_among_the_first_ten(shared, laws):
    build()
    questions = lines(shared / "search" / "provisions_dev.jsonl")
    hits = sum(is_found(question, 10) for question in questions)
    assert hits / len(questions) >= 0.52


def is_found(question, among):
    relevant = {(row["law"], row["article"]) for row in question["relevant"]}
    answer = search.ask(question["query"], search.Narrowing(kind="provisions"), size=among)
    found = (f.provision for f in [*answer.asked_for, *answer.provisions])
    return any((p.version.statute.title, p.number) in relevant for p in found)


def test_the_article_that_answers_comes_first(shared):
    items = lines(shared / "search" / "known_items_dev.jsonl")
    articles = {}
    for item in items:
        articles[item["id"]] = make_article("律师解答", body=item["body"])
    build()
    assert Article.objects.count() == len(items)
    ranks = [rank_of(articles[item["id"]], item["query"]) for item in items]
    assert sum(rank == 1 for rank in ranks) / len(ranks) >= 0.6
    assert sum(rank <= 10 for rank in ranks) / len(ranks) >= 0.85


def rank_of(article, question):
    answer = search.ask(question, search.Narrowing(kind="articles"), size=10)
    found = [f.article for f in answer.articles]
    return found.index(article) + 1 if article in found else 99
