"""Synthetic articles in the database: whole, reproducible, fit for every list."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from articles.generating import rows
from articles.models import Article, ArticleCitation, Author, Category, Tag
from statutes.models import Change
from tests.articles.generating.test_prose import LAW
from tests.factories import make_article, make_version

UNTIL = date(2026, 11, 1)

pytestmark = pytest.mark.django_db(transaction=True)  # rows are written between processes


@pytest.fixture
def _laws(monkeypatch):
    monkeypatch.setattr(rows, "BATCH", 20)
    monkeypatch.setattr(rows, "LEAST_PROVISIONS", len(LAW))
    for title in ("中华人民共和国甲法", "中华人民共和国乙法"):
        make_version(title, provisions=LAW)


def generate(number, **options):
    options = {"seed": 1, "until": UNTIL, "processes": 2} | options
    return list(rows.generate(number, **options))


@pytest.mark.usefixtures("_laws")
def test_articles_are_whole():
    made = make_article()
    assert generate(50) == [20, 40, 50]
    new = Article.objects.filter(pk__gt=made.pk)
    assert new.count() == 50
    public = new.visible()
    assert public.count() > 40
    for article in public:
        assert article.title
        assert article.signers
        assert article.tags.all()
        assert article.contents
        assert article.terms
        assert article.published_at.year >= 2012
        article.full_clean(exclude=["cover"])
    newest = max(new.values_list("pk", flat=True))
    assert make_article().pk > newest, "ids go on after them"


@pytest.mark.usefixtures("_laws")
def test_citations_lead_to_provisions_of_the_articles_day():
    generate(60)
    citations = ArticleCitation.objects.select_related("article", "provision__version", "statute")
    assert len(citations) > 20
    for citation in citations:
        article = citation.article
        assert article.body[citation.start : citation.end] == citation.text
        assert citation.provision.version.is_in_force(article.legal_date)
        assert citation.provision.version.statute == citation.statute
        assert citation.locator.article == citation.provision.number
        if citation.quotation:
            assert citation.quotation in citation.provision.text


@pytest.mark.usefixtures("_laws")
def test_a_citation_is_called_what_became_of_its_provision():
    make_version(
        "中华人民共和国甲法",
        provisions=["本法调整借款。", *LAW],
        promulgated_on=date(2024, 1, 1),
        effective_from=date(2024, 7, 1),
        label="修订",
    )
    generate(200)
    old = ArticleCitation.objects.filter(
        statute__title="中华人民共和国甲法", provision__version__effective_until__isnull=False
    )
    assert old.exists()
    for citation in old:
        assert citation.state == "renumbered"
        assert citation.since == date(2024, 7, 1)
        assert citation.current.number == citation.provision.number + 1


@pytest.mark.usefixtures("_laws")
def test_the_same_seed_makes_the_same_words():
    generate(30)
    first = list(Article.objects.order_by("pk").values_list("title", "body", "published_at"))
    for model in (Article, Tag, Author):
        model.objects.all().delete()
    generate(30, processes=1)
    assert list(Article.objects.order_by("pk").values_list("title", "body", "published_at")) == (
        first
    )
    Article.objects.all().delete()
    generate(30, seed=2)
    assert first[0][1] not in Article.objects.values_list("body", flat=True)


@pytest.mark.usefixtures("_laws")
def test_readers_caches_hear_of_them_once():
    generate(50)
    assert Change.objects.filter(kind="site").count() == 1
    assert not Change.objects.filter(kind="article").exists()


@pytest.mark.usefixtures("_laws")
def test_the_command_tells_how_fast_it_was():
    out = io.StringIO()
    call_command("generate_articles", "25", "--processes", "1", stdout=out)
    assert out.getvalue().startswith("25 articles in ")
    assert "a second" in out.getvalue()
    assert Category.objects.roots().count() > 10


def test_without_laws_there_is_nothing_to_say():
    with pytest.raises(CommandError, match="import some first"):
        call_command("generate_articles", "5")
    with pytest.raises(CommandError, match="at least 1"):
        call_command("generate_articles", "0")
