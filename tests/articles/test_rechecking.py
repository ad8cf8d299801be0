"""Stored citations after the law has changed: assessed anew where it matters, and counted."""

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles import bulk_changes, rechecking
from articles.models import ArticleCitation, CitationCheck, CitedProvision
from statutes.importing import load
from tests.articles.test_citing import PURPOSE, TODAY, new_law, old_law, on, states
from tests.factories import make_article, make_version

pytestmark = pytest.mark.django_db


def test_loading_a_version_changes_exactly_the_articles_that_rest_on_it():
    old_law()
    make_version("中华人民共和国无关示例法")
    load.refresh_aliases()
    planted = {
        "《治安处罚示例法》第一条。": "current",
        "《治安处罚示例法》第二条。": "renumbered",
        "《治安处罚示例法》第三条。": "repealed",
        "《治安处罚示例法》第四条。": "amended",
        "《治安处罚示例法》第九十条。": "missing",
        f"《治安处罚示例法》第四条规定：“{PURPOSE}”": "amended",
        "《无关示例法》第二条。": "current",
        "《没有这部条例》第三条。": "unknown",
        "没有引用。": None,
    }
    articles = {body: make_article(body=body, published_at=on(2020)) for body in planted}
    list(rechecking.recheck(today=TODAY))
    new_law()
    *_, run = rechecking.recheck(today=TODAY)
    assert run.articles == 6
    for body, state in planted.items():
        assert states(articles[body]) == ([state] if state else []), body
    assert run.moves == {
        "current renumbered": 1,
        "current repealed": 1,
        "current amended": 1,
        "misquoted amended": 1,
    }


def test_an_unknown_statute_that_came_in_is_known_at_the_next_check():
    article = make_article(body="《后来示例条例》第二条。", published_at=on(2022))
    list(rechecking.recheck(today=TODAY))
    make_version("后来示例条例")
    load.refresh_aliases()
    list(rechecking.recheck(today=TODAY))
    assert states(article) == ["current"]


def test_a_day_on_which_a_version_begins_is_noticed_without_any_import():
    old_law()
    new_law()
    article = make_article(body="《治安处罚示例法》第二条。", published_at=on(2020))
    list(rechecking.recheck(today=date(2025, 12, 31), everything=True))
    assert states(article) == ["current"]
    *_, run = rechecking.recheck(today=date(2026, 1, 1))
    assert states(article) == ["renumbered"]
    *_, run = rechecking.recheck(today=date(2026, 1, 2))
    assert run.articles == 0


def test_an_interrupted_check_goes_on_where_it_stopped(monkeypatch):
    old_law()
    for _ in range(5):
        make_article(body="《治安处罚示例法》第二条。", published_at=on(2020))
    monkeypatch.setattr(rechecking, "BATCH", 2)
    runs = rechecking.recheck(today=TODAY)
    next(runs)
    runs.close()
    *_, run = rechecking.recheck(today=TODAY)
    assert run.articles == 5
    assert CitationCheck.objects.count() == 1


def test_the_most_cited_provisions_are_counted_by_public_articles(client):
    old_law()
    for body in ("《治安处罚示例法》第二条。", "《治安处罚示例法》第二条、第三条。"):
        make_article(body=body, published_at=on(2020))
    make_article(body="《治安处罚示例法》第三条。", state="draft", published_at=None)
    rechecking.count()
    counted = [(str(c.provision), c.articles) for c in CitedProvision.objects.most_cited()]
    assert counted == [("《治安处罚示例法》第二条", 2), ("《治安处罚示例法》第三条", 1)]
    assert "2篇文章讲到" in client.get("/").content.decode()


def test_a_new_day_is_asked_once_and_after_a_break_from_where_it_was(monkeypatch):
    old_law()
    new_law()
    for _ in range(3):
        make_article(body="《治安处罚示例法》第二条。", published_at=on(2020))
    list(rechecking.recheck(today=date(2025, 12, 31)))
    local = timezone.localdate
    day = date(2026, 1, 1)
    monkeypatch.setattr(timezone, "localdate", lambda at=None: local(at) if at else day)
    monkeypatch.setattr(rechecking, "BATCH", 2)
    assert not rechecking.proceed(seconds=0)
    assert rechecking.proceed()
    assert set(ArticleCitation.objects.values_list("state", flat=True)) == {"renumbered"}
    run = CitationCheck.objects.latest("pk")
    assert (run.articles, run.checked_on) == (3, day)
    assert rechecking.proceed()
    assert CitationCheck.objects.latest("pk") == run


def test_what_is_due_on_a_new_day_includes_its_law():
    old_law()
    article = make_article(body="《治安处罚示例法》第二条。", published_at=on(2020))
    list(rechecking.recheck(today=date(2025, 12, 31)))
    assert states(article) == ["current"]
    new_law()
    call_command("work_due")
    assert states(article) == ["renumbered"]


def test_an_article_that_cannot_be_assessed_holds_nothing_else_up(monkeypatch):
    def fail(**known):
        raise ValueError("an article that cannot be read")

    done = []
    monkeypatch.setattr(rechecking, "proceed", fail)
    monkeypatch.setattr(bulk_changes, "proceed_all", lambda: done.append("bulk changes"))
    with pytest.raises(ValueError, match="cannot be read"):
        call_command("work_due")
    assert done == ["bulk changes"]
