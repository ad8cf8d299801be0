import json
import time
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.urls import reverse

from lawsite.indexing import SOURCES
from lawsite.management.commands import search
from statutes.importing import load
from statutes.index import engine, following
from tests.broken import cut_short
from tests.factories import make_article, make_category, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _built(monkeypatch):
    monkeypatch.setattr(engine, "RELOAD_SECONDS", 0)
    make_version(
        "中华人民共和国民法典",
        provisions=("第六百七十五条 借款人应当返还借款。\n贷款人可以催告。",),
    )
    load.refresh_aliases()
    make_article("<b>借条</b>怎么写", category=make_category("债务", slug="zhaiwu"))
    for source in SOURCES:
        following.build(source)


def page(client, **parameters):
    response = client.get(reverse("search"), parameters)
    return response, response.content.decode()


def test_results_are_grouped_marked_and_escaped(client):
    response, html = page(client, q="借条 借款")
    assert response.status_code == 200
    assert '<h2 class="section-title" id="provisions">法条</h2>' in html
    assert '<h2 class="section-title" id="articles">文章</h2>' in html
    assert "&lt;b&gt;<mark>借条</mark>&lt;/b&gt;怎么写" in html
    assert "<mark>借款</mark>人应当返还<mark>借款</mark>" in html


def test_search_pages_are_never_indexed_nor_kept_for_others(client):
    response, html = page(client, q="借条")
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"] == "private, max-age=60"
    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html
    assert not response.cookies
    assert "Disallow: /search/" in client.get("/robots.txt").content.decode()


def test_a_provision_asked_for_stands_there_in_full(client):
    _, html = page(client, q="民法典675")
    assert "你找的条文" in html
    assert '<p class="law-text">贷款人可以催告。</p>' in html
    assert "/statutes/min-fa-dian/675/" in html
    _, html = page(client, q="民法典676")
    assert "现行文本中没有《民法典》第六百七十六条。" in html


def test_the_items_of_a_provision_asked_for_stand_on_lines_of_their_own(client):
    make_version(
        "中华人民共和国甲法",
        provisions=("第五条 有下列情形的：\n（一）解散；\n（二）破产。\n另一款。",),
    )
    load.refresh_aliases()
    _, html = page(client, q="甲法第五条")
    assert '<p class="law-text">有下列情形的：</p>' in html
    assert '<p class="law-text law-item">（二）破产。</p>' in html
    assert '<p class="law-text">另一款。</p>' in html
    assert 'id="article-' not in html  # two laws may be asked for at once


def test_an_excerpt_of_law_has_no_space_where_a_line_ended(client):
    _, html = page(client, q="催告 借款")
    assert "返还<mark>借款</mark>。贷款人可以<mark>催告</mark>" in html


def test_nothing_found_still_shows_a_way_on(client):
    _, html = page(client, q="zzzz")
    assert "没有找到“zzzz”" in html
    assert "去掉筛选条件" not in html
    _, html = page(client, q="zzzz", year="2020")
    assert "去掉筛选条件" in html
    assert "查看全部栏目" in html
    assert "债务" in html
    _, html = page(client)
    assert "没有找到" not in html


def test_a_slip_is_offered_mended(client):
    _, html = page(client, q="明法典")
    assert '你是不是要找：<a href="?q=%E6%B0%91%E6%B3%95%E5%85%B8">民法典</a>' in html


def test_filters_keep_the_question_and_nonsense_narrows_nothing(client):
    _, html = page(client, q="借条", kind="articles")
    assert 'href="?q=%E5%80%9F%E6%9D%A1&amp;kind=articles&amp;category=zhaiwu"' in html
    assert 'id="provisions"' not in html
    response, html = page(
        client, q="借条", kind="x", category="' or", statute="\x00", year="abc", page="-1"
    )
    assert response.status_code == 200
    assert "怎么写" in html


def test_the_number_of_queries_is_constant(client, django_assert_max_num_queries):
    page(client, q="借条")
    with django_assert_max_num_queries(14):
        page(client, q="借款 借条")


def test_the_box_is_on_every_page_and_works_without_scripts(client):
    for path in ("/", "/statutes/", "/nowhere/"):
        html = client.get(path).content.decode()
        assert 'action="/search/"' in html
        assert 'name="q"' in html
    assert client.post("/search/").status_code == 405


def test_hints_are_the_first_results(client):
    response = client.get(reverse("search-hints"), {"q": "民法典675"})
    assert response["X-Robots-Tag"] == "noindex"
    assert response.json()["hints"][0] == {
        "kind": "法条",
        "title": "《民法典》第六百七十五条",
        "url": "/statutes/min-fa-dian/675/",
    }
    assert client.get(reverse("search-hints")).json() == {"hints": []}


def test_one_reader_may_not_search_without_end(client, settings):
    codes = [page(client, q="借条")[0].status_code for _ in range(settings.SEARCH_RATE[0] + 1)]
    assert codes[-2:] == [200, 429]
    response, html = page(client, q="借条")
    assert response["Retry-After"] == "60"
    assert "搜索太频繁" in html
    other = client.get(reverse("search"), {"q": "借条"}, REMOTE_ADDR="203.0.113.7")
    assert other.status_code == 200


# --- manage.py search --------------------------------------------------------------------


def run(capsys, *arguments, **options):
    call_command("search", *arguments, **options)
    return capsys.readouterr().out


def test_the_command_prints_what_the_page_shows(capsys):
    out = run(capsys, "借条 民法典675")
    assert "《民法典》第六百七十五条  /statutes/min-fa-dian/675/" in out
    assert "<b>借条</b>怎么写" in out
    assert "没有找到" in run(capsys, "zzzz")


def test_the_command_answers_machines(capsys):
    [result] = json.loads(run(capsys, "民法典675", json=True, kind="provisions"))["results"]
    assert result == {
        "law": "中华人民共和国民法典",
        "article": 675,
        "suffix": 0,
        "url": "/statutes/min-fa-dian/675/",
        "title": "《民法典》第六百七十五条",
    }
    [result] = json.loads(run(capsys, "借条", json=True, kind="articles"))["results"]
    assert result.keys() == {"article_id", "url", "title"}


def test_the_command_reads_lines_and_finds_what_was_published_just_now(capsys, tmp_path):
    article = make_article("彩礼怎么退")
    file = tmp_path / "questions.jsonl"
    file.write_text('{"id": 5, "query": "彩礼"}\n\n{"id": "b", "query": ""}\n')
    out = run(capsys, str(file), kind="articles").split("\n")
    assert json.loads(out[0])["id"] == 5
    assert json.loads(out[0])["results"][0]["article_id"] == article.pk
    assert json.loads(out[1]) == {"id": "b", "results": []}
    file.write_text('{"id": 5}\n')
    with pytest.raises(Exception, match=":1: not a line of"):
        run(capsys, str(file))


def test_the_command_waits_for_who_mends_a_damaged_index(capsys, settings, monkeypatch):
    cut_short(SOURCES[0].index)
    pause = SimpleNamespace(monotonic=time.monotonic, sleep=lambda _: following.build(SOURCES[0]))
    monkeypatch.setattr(search, "time", pause)
    with following.only_writer(settings.SEARCH_DIR):
        assert "<b>借条</b>怎么写" in run(capsys, "借条")


@pytest.mark.parametrize("name", ["articles", "provisions", "statutes"])
def test_while_an_index_is_damaged_a_search_says_so_and_shows_ways_on(client, name):
    cut_short(next(source.index for source in SOURCES if source.name == name))
    response, html = page(client, q="借条 借款")
    assert response.status_code == 200
    assert "搜索正在准备，请稍后再试。" in html
    assert reverse("articles:category", args=["zhaiwu"]) in html
    hints = client.get(reverse("search-hints"), {"q": "借条 借款"})
    assert hints.status_code == 200
    assert isinstance(hints.json()["hints"], list)


def test_health_says_how_the_search_stands(client):
    def standing():
        response = client.get("/health/")
        assert response.status_code == 200, "it is no reason to send readers elsewhere"
        return response.json()["search"]

    assert standing() == dict.fromkeys(("articles", "provisions", "statutes"), "ok")
    make_article("欠条怎么写")
    cut_short(SOURCES[2].index)
    assert standing() == {
        "articles": "1 change behind",
        "statutes": "1 change behind",
        "provisions": "failed",
    }
    (SOURCES[0].index.folder / "current").unlink()
    assert standing()["articles"] == "missing"


def test_health_says_so_when_the_folder_of_an_index_cannot_be_read(client, monkeypatch):
    def refuse(_):
        raise PermissionError("Permission denied")

    monkeypatch.setattr(engine.Index, "exists", refuse)
    response = client.get("/health/")
    assert response.status_code == 200
    assert set(response.json()["search"].values()) == {"failed"}
