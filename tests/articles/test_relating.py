"""Related lists from the index: law and rare words found among many, both directions, all anew."""

from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles import indexing, publishing, relating, relating_all
from articles.models import Article, CardWords, Checkpoint, RelatedArticle
from articles.relatedness import Match
from statutes import changes
from statutes.index.engine import Index, IndexFailedError
from statutes.index.opened import index
from tests.articles.test_overlap import chinese
from tests.broken import cut_short
from tests.factories import make_article, make_category, make_version

pytestmark = pytest.mark.django_db

LOAN = "借条证明借款。没有借条，转账记录也证明借款，借条、转账记录都要保存。"
DIVORCE = "离婚时抚养权归谁？抚养权看孩子的利益，离婚协议约定抚养权。"
WORK = "加班要付加班费，加班费按工资计算，公司拖欠工资可以仲裁，仲裁不收费。"


@pytest.fixture(autouse=True)
def _an_index_of_its_own(settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"
    relating._known.clear()


def reindex():
    """Bring the index up to date, as the follower does."""
    ids = Article.objects.values_list("pk", flat=True)
    with indexing.articles_index().rebuilding() as writer:
        writer.add(indexing.documents(ids))
        writer.commit(changes.stamp())
    index.cache_clear() if hasattr(index, "cache_clear") else None
    relating._known.clear()


def related(article):
    return [Article(pk=card.pk) for card in article.related_list()]


def law(number=1):
    """Return words that cite the provision of this number of the law of these tests."""
    return f"依照《甲法》第{'一二三'[number - 1]}条的规定办理。"


@pytest.fixture
def statute():
    return make_version(provisions=(chinese(1, 60), chinese(2, 60)))


def rebuild():
    out = StringIO()
    call_command("rebuild_related", processes=1, stdout=out)
    return out.getvalue()


def lists():
    fields = ("article", "related", "rank", "shared_terms", "shared_law", "origin")
    return sorted(RelatedArticle.objects.values_list(*fields), key=str)


def scores():
    rows = RelatedArticle.objects.values_list("article", "related", "score")
    return {(article, other): score for article, other, score in rows}


# --- Candidates ------------------------------------------------------------------------


def test_an_article_of_another_category_without_tags_is_found_by_its_words():
    there = make_article(body=LOAN)
    for _ in range(3):
        make_article("离婚后孩子归谁", body=DIVORCE)
    reindex()
    here = make_article(body=LOAN)
    assert related(here) == [there]
    assert related(there) == [here]


def test_articles_that_cite_the_same_provision_are_related_and_say_so(statute):
    loan = make_article("借", body=LOAN + law())
    for number in range(4):
        make_article(f"其他{number}", body=DIVORCE)
    reindex()
    work = make_article("班", body=WORK + law())
    assert related(work) == [loan]
    assert work.related_list()[0].shared_law == "《甲法》第一条"
    assert loan.related_list()[0].shared_law == "《甲法》第一条"
    assert loan.related_list()[0].shared_terms == []


def test_the_reader_sees_the_law_that_two_articles_share(client, statute):
    category = make_category()
    loan, _ = (make_article(body=body + law(), category=category) for body in (LOAN, WORK))
    assert "同引《甲法》第一条" in client.get(loan.get_absolute_url()).content.decode()


def test_a_rare_provision_weighs_more_than_one_that_many_cite(statute):
    others = [
        make_article(f"篇{n}", body=chinese(n, 90) + law(1) + (law(2) if n == 3 else ""))
        for n in range(8)
    ]
    reindex()
    article = make_article("新", body=chinese(99, 90) + law(1) + law(2))
    assert related(article)[0] == others[3]


def test_what_is_not_public_is_no_candidate():
    tomorrow = timezone.now() + timedelta(days=1)
    hidden = [make_article(body=LOAN, published_at=tomorrow)]
    hidden += [make_article(body=LOAN, state=state) for state in ("draft", "withdrawn")]
    make_article(body=DIVORCE)
    reindex()
    publishing.withdraw(gone := make_article(body=LOAN))
    article = make_article(body=LOAN)
    assert not {entry.pk for entry in related(article)} & {one.pk for one in (*hidden, gone)}


def test_without_an_index_the_newest_of_category_and_tags_are_compared():
    category = make_category()
    here, tagged, elsewhere = (
        make_article(body=LOAN, **values)
        for values in ({"category": category}, {"tags": ["借条"]}, {})
    )
    article = make_article(body=LOAN, category=category, tags=["借条"])
    assert set(related(article)) == {here, tagged}
    assert elsewhere not in related(article)


def test_with_a_damaged_index_an_article_is_published_all_the_same():
    old = make_article(body=LOAN)
    reindex()
    cut_short(indexing.articles_index())
    assert related(make_article(body=LOAN, category=old.category)) == [old]


def test_an_index_that_fails_in_the_midst_of_a_publication_does_not_break_it(monkeypatch):
    old = make_article(body=LOAN)
    reindex()

    def fail(*_, **__):
        raise IndexFailedError("unknown compressor id 183")

    for question in ("search", "frequencies"):
        monkeypatch.setattr(Index, question, fail)
    assert related(make_article(body=LOAN, category=old.category)) == [old]


# --- Near-duplicates -------------------------------------------------------------------


@pytest.fixture
def copied():
    """A text long enough to be called a copy, and another on the same matter."""
    return LOAN + chinese(5, 400), LOAN + chinese(6, 400)


def test_of_near_duplicates_one_is_listed(copied):
    category = make_category()
    twins = [make_article(body=copied[0], category=category) for _ in range(3)]
    article = make_article(body=copied[1], category=category)
    assert related(article) == [twins[2]]
    assert [related(twin) for twin in twins] == [[article]] * 3


def test_a_list_keeps_one_of_several_copies(copied):
    category = make_category()
    article = make_article(body=copied[1], category=category)
    for _ in range(3):
        make_article("借条", body=copied[0], category=category)
        assert len(related(article)) == 1


# --- All anew --------------------------------------------------------------------------


@pytest.fixture
def many(statute):
    """Articles on three matters, cited law, a near-duplicate, a draft, a pin and a ban."""
    category = make_category()
    articles = [
        make_article(
            f"{body[:2]}{number}",
            body=body + chinese(number, 150) + (law() if number % 4 == 0 else ""),
            category=category,
            tags=tags,
        )
        for number, (body, tags) in enumerate(
            [(LOAN, ["借条"]), (DIVORCE, ["离婚"]), (WORK, [])] * 5
        )
    ]
    make_article("借条", body=articles[0].body, category=category)
    make_article("借条", body=LOAN, category=category, state="draft")
    articles[0].related.filter(related=articles[3]).delete()
    articles[0].related.create(related=articles[3], origin="banned")
    articles[0].related.create(related=articles[1], origin="pinned")
    reindex()
    return articles


def test_all_anew_is_as_one_by_one(many):
    for article in Article.objects.all():
        relating.relate(article)
    for article in Article.objects.all():
        relating.relate(article)
    one_by_one, scored = lists(), scores()
    assert len(one_by_one) > 30
    assert "All articles related" in rebuild()
    assert lists() == one_by_one
    assert scores() == pytest.approx(scored, abs=0.002)
    assert not Checkpoint.objects.exists()


def test_the_words_of_what_is_listed_are_kept(many):
    """And those of a site whose lists were made before they were: at its next publication."""
    CardWords.objects.all().delete()
    relating.relate(many[0])
    kept = set(CardWords.objects.values_list("pk", flat=True))
    assert kept == {many[0].pk, *many[0].related.computed().values_list("related", flat=True)}
    many[0].title = "另一个题目"
    publishing.refresh(many[0])
    assert many[0].card_words.title.split("\x1f") == ["另", "一个", "题目"]
    rebuild()
    assert CardWords.objects.count() == Article.objects.count()


def test_what_editors_decided_stays(many):
    rebuild()
    shown = related(many[0])
    assert shown[0] == many[1]
    assert many[3] not in shown
    assert many[0].related.get(related=many[3]).origin == "banned"


def test_cut_short_it_goes_on_where_it_stopped(many, monkeypatch):
    rebuild()
    before = lists()
    RelatedArticle.objects.computed().delete()
    monkeypatch.setattr("articles.walking.BATCH", 3)
    monkeypatch.setattr("articles.workers.AHEAD", 1)
    asked = []
    related_of = relating_all.related_of

    def dying(folder, ids):
        asked.extend(ids)
        if len(asked) > 6:
            raise KeyboardInterrupt
        return related_of(folder, ids)

    monkeypatch.setattr(relating_all, "related_of", dying)
    with pytest.raises(KeyboardInterrupt):
        rebuild()
    done = asked[:6]
    asked.clear()

    def surviving(folder, ids):
        asked.extend(ids)
        return related_of(folder, ids)

    monkeypatch.setattr(relating_all, "related_of", surviving)
    rebuild()
    assert not set(done) & set(asked)
    assert lists() == before


def test_vectors_that_a_killed_process_left_are_removed(many, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    left = tmp_path / "vectors" / "tmpa1b2c3"
    left.mkdir(parents=True)
    (left / "entries.npy").write_bytes(b"\0" * 1_000)
    rebuild()
    assert list((tmp_path / "vectors").iterdir()) == []


def test_where_two_run_the_second_begins_when_the_first_has_ended(many, monkeypatch, tmp_path):
    asked = []

    @contextmanager
    def waited():
        asked.append(Checkpoint.objects.filter(name=relating_all.SINCE).exists())
        yield tmp_path

    monkeypatch.setattr(relating_all, "_folder", waited)
    rebuild()
    assert asked == [False], "what the first one is to delete is not yet taken for its own"


def test_what_was_published_meanwhile_is_related_too(many, monkeypatch):
    store = relating_all.store
    made = []

    def slow(ids, rows):
        if not made:
            made.append(make_article("借条新", body=LOAN + chinese(77, 150)))
        store(ids, rows)

    monkeypatch.setattr(relating_all, "store", slow)
    rebuild()
    assert related(made[0])
    assert RelatedArticle.objects.filter(related=made[0]).exists()


def test_what_was_withdrawn_meanwhile_enters_no_list(many, monkeypatch):
    store = relating_all.store

    def slow(ids, rows):
        publishing.withdraw(many[6])
        store(ids, rows)

    monkeypatch.setattr(relating_all, "store", slow)
    rebuild()
    assert not RelatedArticle.objects.computed().filter(related=many[6]).exists()
    assert not many[6].related.computed().exists()


# --- After bulk work -------------------------------------------------------------------


def published_later(many):
    """Publish articles whose lists are postponed, and let the index know of them."""
    relating_all.postpone()
    new = [
        make_article(f"新{number}", body=body + chinese(90 + number, 150) + law(), tags=tags)
        for number, (body, tags) in enumerate([(LOAN, ["借条"]), (DIVORCE, ["离婚"])] * 2)
    ]
    new.append(make_article("新借条", body=many[0].body))
    reindex()
    return new


def test_what_is_owed_is_made_as_one_by_one(many, monkeypatch):
    new = published_later(many)
    for _ in range(2):
        for article in Article.objects.order_by("pk"):
            relating.relate(article)
    one_by_one, scored = lists(), scores()
    assert RelatedArticle.objects.filter(article__in=many, related__in=new).count() > 5
    RelatedArticle.objects.computed().filter(article__in=new).delete()
    RelatedArticle.objects.computed().filter(related__in=new).delete()
    for article in many:  # whose places the new ones took
        relating.relate(article)
    RelatedArticle.objects.computed().filter(related__in=new).delete()
    monkeypatch.setattr(relating_all, "FEW", 0)
    monkeypatch.setattr(relating_all, "MANY", 1)
    monkeypatch.setattr(relating_all, "TOGETHER", 2)
    relating_all.catch_up()
    assert scores() == pytest.approx(scored, abs=0.002)
    assert lists() == one_by_one
    assert not Checkpoint.objects.exists()


@pytest.mark.parametrize(("few", "many_is"), [(500, 1), (0, 0.01)])
def test_few_are_made_one_by_one_and_very_many_with_all_others(many, monkeypatch, few, many_is):
    new = published_later(many)
    RelatedArticle.objects.computed().delete()
    monkeypatch.setattr(relating_all, "FEW", few)
    monkeypatch.setattr(relating_all, "MANY", many_is)
    relating_all.catch_up()
    assert all(related(article) for article in new)
    assert not Checkpoint.objects.exists()


def test_what_is_owed_stays_owed_where_the_index_does_not_come(many, monkeypatch):
    new = published_later(many)
    RelatedArticle.objects.computed().delete()
    changes.note("article", [new[0].pk])
    monkeypatch.setattr(relating_all, "FEW", 0)
    monkeypatch.setattr(relating_all, "SECONDS", 0)
    told = []
    relating_all.catch_up(tell=told.append)
    assert "rebuild_related" in told[0]
    assert not related(new[0])
    assert "All articles related" in rebuild()
    assert related(new[0])
    assert not Checkpoint.objects.exists(), "all anew: nothing is owed any more"


def test_all_anew_needs_no_index():
    alike = [make_article(f"借条{number}", body=LOAN + chinese(number, 150)) for number in range(3)]
    RelatedArticle.objects.all().delete()
    rebuild()
    assert related(alike[0]) == alike[:0:-1]


# --- What leaves a list ----------------------------------------------------------------


def test_a_list_whose_last_entry_is_not_its_least_loses_nothing_to_a_newcomer():
    """As one is whose free place was filled with an article unknown before."""
    article, first, least, filled, new = (make_article(f"第{number}篇") for number in range(5))
    RelatedArticle.objects.computed().delete()
    for rank, (other, score) in enumerate([(first, 0.6), (least, 0.3), (filled, 0.35)]):
        RelatedArticle.objects.create(article=article, related=other, rank=rank, score=score)
    relating.enter({new.pk: [Match(article.pk, 0.32, ())]}, {}, {})
    assert related(article) == [first, filled, new, least]


@pytest.fixture
def alike():
    """More articles on one matter than a list shows, each a little less like the first."""
    category = make_category()
    articles = [
        make_article(
            f"借条{number}", body=LOAN + chinese(number, 120 + 20 * number), category=category
        )
        for number in range(RelatedArticle.SHOWN + 3)
    ]
    reindex()
    rebuild()
    return articles


def test_the_next_best_takes_the_place_of_a_withdrawn_article(alike):
    gone = related(alike[0])[2]
    before = related(alike[0])
    publishing.withdraw(gone)
    after = related(alike[0])
    assert after[:7] == [one for one in before if one != gone]
    assert len(after) == RelatedArticle.SHOWN
    assert gone not in after
    assert len(set(after)) == RelatedArticle.SHOWN
    for article in set(alike) - {gone}:
        ranks = article.related.computed().in_order().values_list("rank", flat=True)
        assert list(ranks) == list(range(RelatedArticle.SHOWN))


def test_the_next_best_takes_the_place_of_an_article_that_speaks_of_something_else_now(alike):
    changed = related(alike[0])[2]
    changed.title, changed.body, changed.category = "加班", WORK, make_category("劳动")
    publishing.refresh(changed)
    assert changed not in related(alike[0])
    assert len(related(alike[0])) == RelatedArticle.SHOWN


def test_what_was_withdrawn_a_moment_ago_takes_no_place(alike):
    """The index hears of it a little later."""
    listed = related(alike[0])
    waiting = [one for one in alike[1:] if one not in listed]
    for gone in (*waiting, listed[0]):
        publishing.withdraw(gone)
    assert related(alike[0]) == listed[1:]


def test_what_editors_banned_does_not_take_a_place_that_became_free(alike):
    listed = related(alike[0])
    waiting = [one for one in alike[1:] if one not in listed]
    for banned in waiting:
        alike[0].related.create(related=banned, origin="banned")
    publishing.withdraw(listed[0])
    assert set(related(alike[0])) == set(listed[1:])


def test_a_copy_of_what_is_listed_does_not_take_a_place_that_became_free(copied):
    category = make_category()
    article = make_article(body=copied[1], category=category)
    twins = [make_article("借条", body=copied[0], category=category) for _ in range(2)]
    other = make_article("借条", body=LOAN + chinese(7, 300), category=category)
    reindex()
    rebuild()
    publishing.withdraw(other)
    assert len(set(related(article)) & set(twins)) == 1
    assert len(related(article)) == 1


# --- Cost ------------------------------------------------------------------------------


@pytest.mark.parametrize("others", [3, 30])
def test_relating_costs_a_constant_number_of_queries(
    statute, others, django_assert_max_num_queries
):
    category = make_category()
    for number in range(others):
        make_article(f"借{number}", body=LOAN + law(), category=category)
    reindex()
    article = make_article(body=LOAN + law(), category=category, tags=["借条"])
    with django_assert_max_num_queries(27):
        relating.relate(article)
    with django_assert_max_num_queries(18):
        relating.take_out(article)


@pytest.mark.parametrize("body", ["", "甲" * 100_000, "。" * 50, "§1 #2 _"], ids=str.__len__)
def test_hostile_texts_are_related_to_nothing_and_harm_nothing(body):
    make_article(body=LOAN)
    reindex()
    article = make_article("？", body=body or "-", tags=["§1", "# 2", "a b"])
    assert related(article) == []
    reindex()
    rebuild()
