"""The indexes follow the log of changes: what a reader can see is what is found."""

import fcntl
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles import publishing
from articles.models import Article, ArticleCitation
from lawsite.indexing import SOURCES
from statutes import changes
from statutes.importing import load
from statutes.index import engine, following
from statutes.index.engine import Term
from statutes.index.opened import index
from statutes.models import Change, Provision
from tests.broken import cut_short
from tests.factories import make_article, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(engine, "RELOAD_SECONDS", 0)


@pytest.fixture
def follower():
    for source in SOURCES:
        following.build(source)
    with following.Follower(SOURCES) as follower:
        yield follower


def found(word, name="articles", field="title", **values):
    return [hit.key for hit in index(name).search([Term(word, 1, field)], **values)]


def note_statute(version):
    changes.note(Change.Kind.STATUTE, [version.statute_id])


def test_an_article_is_found_once_published_anew_once_changed_and_never_once_withdrawn(follower):
    article = make_article("彩礼怎么退")
    follower.catch_up()
    assert found("彩礼") == [article.pk]
    article.title = "嫁妆怎么退"
    publishing.refresh(article)
    follower.catch_up()
    assert found("彩礼") == []
    assert found("嫁妆") == [article.pk]
    publishing.withdraw(article)
    assert follower.catch_up()
    assert not follower.catch_up()
    assert found("嫁妆") == []


def test_a_deleted_article_vanishes(follower):
    article = make_article("彩礼怎么退")
    follower.catch_up()
    changes.note(Change.Kind.ARTICLE, [article.pk])
    Article.objects.all().delete()
    follower.catch_up()
    assert found("彩礼") == []


def test_a_scheduled_article_is_found_from_its_moment_on(follower):
    soon = timezone.now() + timedelta(hours=1)
    article = make_article("彩礼怎么退", published_at=soon)
    follower.catch_up()
    moment = int(soon.timestamp())
    assert found("彩礼", until=moment - 1) == []
    assert found("彩礼", until=moment) == [article.pk]


def test_only_the_text_that_is_shown_has_its_provisions_found(follower):
    old = make_version(provisions=("旧文规定质押。",))
    note_statute(old)
    follower.catch_up()
    assert found("质押", "provisions", "body") == [old.provisions.get().pk]
    new = make_version(
        provisions=("新文规定抵押。",),
        promulgated_on=date(2024, 1, 1),
        effective_from=date(2024, 7, 1),
        label="修订",
    )
    note_statute(new)
    follower.catch_up()
    assert found("质押", "provisions", "body") == []
    assert found("抵押", "provisions", "body") == [new.provisions.get().pk]
    load.remove(new)
    note_statute(old)
    follower.catch_up()
    assert found("抵押", "provisions", "body") == []
    assert found("质押", "provisions", "body") == [old.provisions.get().pk]


def test_a_text_takes_the_place_of_the_old_one_on_its_day_without_any_change(follower, monkeypatch):
    make_version(provisions=("旧文规定质押。",))
    comes = timezone.localdate() + timedelta(days=3)
    new = make_version(
        provisions=("新文规定抵押。",),
        promulgated_on=timezone.localdate(),
        effective_from=comes,
        label="修订",
    )
    note_statute(new)
    follower.catch_up()
    assert found("质押", "provisions", "body")
    monkeypatch.setattr(timezone, "localdate", lambda *_: comes)
    follower.catch_up()
    assert found("质押", "provisions", "body") == []
    assert found("抵押", "provisions", "body") == [new.provisions.get().pk]


def test_a_follower_that_starts_again_looks_at_the_days_since_the_index_was_written(
    follower, monkeypatch
):
    today, asked = timezone.localdate(), []
    follower.close()
    for source in SOURCES:
        monkeypatch.setattr(
            type(source), "turned", lambda _, *days: asked.append(days) or following.Touched()
        )
    with following.Follower(SOURCES) as another:
        another.catch_up()
    assert asked == []
    later = today + timedelta(days=3)
    monkeypatch.setattr(timezone, "localdate", lambda *_: later)
    for _ in range(2):
        with following.Follower(SOURCES) as another:
            another.catch_up()
    assert asked == [(today + timedelta(days=1), later)] * len(SOURCES)


def cite(article, provision):
    return ArticleCitation.objects.create(
        article=article,
        position=0,
        start=0,
        end=2,
        text="第一条",
        title="甲法",
        statute=provision.version.statute,
        current=provision,
        state="current",
        assessed_on=date(2026, 1, 1),
    )


def test_a_provision_is_found_by_the_words_of_the_articles_that_cite_it(follower):
    provision = make_version().provisions.first()
    note_statute(provision.version)
    article = make_article("分手后彩礼要不要退")
    cite(article, provision)
    publishing.refresh(article)
    follower.catch_up()
    if not ArticleCitation.objects.filter(article=article).exists():
        cite(article, provision)
        changes.note(Change.Kind.ARTICLE, [article.pk])
        follower.catch_up()
    assert found("彩礼", "provisions", "more") == [provision.pk]
    assert found("彩礼", facets=[[f"cites:{provision.pk}"]]) == [article.pk]
    ArticleCitation.objects.all().delete()
    changes.note(Change.Kind.ARTICLE, [article.pk])
    follower.catch_up()
    assert found("彩礼", "provisions", "more") == []


def test_a_statute_is_found_by_its_names_and_their_pinyin(follower):
    version = make_version("中华人民共和国劳动合同法")
    load.refresh_aliases()
    note_statute(version)
    follower.catch_up()
    for word in ("劳动", "laodonghetongfa", "ldhtf"):
        assert found(word, "statutes") == [version.statute_id]


def test_a_crash_before_the_commit_is_made_good_by_the_next_follower(follower, monkeypatch):
    article = make_article("彩礼怎么退")

    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine.Writer, "commit", crash)
    with pytest.raises(KeyboardInterrupt):
        follower.catch_up()
    monkeypatch.undo()
    follower.close()
    with following.Follower(SOURCES) as another:
        another.catch_up()
    assert index("articles").cursor() == changes.stamp()
    assert [hit.key for hit in index("articles").search([Term("彩礼", 1, "title")])] == [article.pk]


def test_an_index_is_written_only_where_a_change_means_something_and_knows_so_afterwards(
    follower, monkeypatch
):
    written = []
    commit = engine.Writer.commit

    def note(writer, cursor):
        written.append(writer.generation.parent.name.split("-")[0])
        commit(writer, cursor)

    monkeypatch.setattr(engine.Writer, "commit", note)
    make_article("彩礼怎么退")
    follower.catch_up()
    assert written == ["articles"]
    follower.catch_up()
    assert sorted(written) == ["articles", "provisions", "statutes"]
    assert {source.index.cursor() for source in SOURCES} == {changes.stamp()}
    follower.catch_up()
    assert len(written) == 3


@pytest.fixture
def clock(monkeypatch):
    """The follower's clock, which stands still until it is put on."""
    now = [1_000.0]
    monkeypatch.setattr(following, "monotonic", lambda: now[0])
    return now


def note_many():
    changes.note(Change.Kind.ARTICLE, range(1_000_000, 1_000_000 + following.MANY))


def test_provisions_wait_for_the_end_of_an_import_and_articles_do_not(follower, clock):
    note_statute(make_version(provisions=("旧文规定质押。",)))
    note_many()
    make_article("彩礼怎么退")
    follower.catch_up(in_time=True)
    assert found("彩礼")
    clock[0] += following.CALM / 2
    make_article("嫁妆怎么退")
    follower.catch_up(in_time=True)
    assert found("嫁妆")
    assert found("质押", "provisions", "body") == []
    clock[0] += following.CALM
    follower.catch_up(in_time=True)
    assert found("质押", "provisions", "body")


def test_provisions_wait_no_longer_where_the_log_says_that_an_import_is_over(follower, clock):
    note_statute(make_version(provisions=("旧文规定质押。",)))
    note_many()
    follower.catch_up(in_time=True)
    assert found("质押", "provisions", "body") == []
    note_many()
    changes.note(Change.Kind.OVER, [0])
    follower.catch_up(in_time=True)
    assert found("质押", "provisions", "body")


def test_a_single_change_waits_for_nothing(follower, clock):
    note_statute(make_version(provisions=("旧文规定质押。",)))
    follower.catch_up(in_time=True)
    assert found("质押", "provisions", "body")


def test_who_asks_for_all_gets_all_while_an_import_is_under_way(follower, clock):
    note_statute(make_version(provisions=("旧文规定质押。",)))
    note_many()
    follower.catch_up(in_time=True)
    follower.catch_up()
    assert found("质押", "provisions", "body")


@pytest.mark.parametrize("seconds", [0.5, following.CALM, 2 * following.CALM])
def test_however_long_an_import_takes_provisions_are_not_left_behind_for_long(
    follower, clock, seconds
):
    note_statute(make_version(provisions=("旧文规定质押。",)))
    waited = 0
    while not found("质押", "provisions", "body"):
        note_many()
        follower.catch_up(in_time=True)
        clock[0] += seconds
        waited += seconds
    assert following.PATIENCE <= waited <= following.PATIENCE + 2 * seconds


def test_changes_made_while_an_index_is_built_are_not_lost(follower):
    late = []

    def change(*_):
        if not late:
            late.append(make_article("彩礼怎么退"))

    make_article("借条")
    [articles] = [source for source in SOURCES if source.name == "articles"]
    following.build(articles, progress=change)
    follower.catch_up()
    assert found("彩礼") == [late[0].pk]
    assert len(found("借条")) == 1


def test_an_index_of_another_database_is_built_anew(follower):
    make_article()
    follower.catch_up()
    Change.objects.all().delete()
    assert following.needs_building(SOURCES[0])


# --- What fails -------------------------------------------------------------------------


@pytest.fixture
def keeper(follower, monkeypatch):
    """Who follows as long as the site runs, once all indexes are built."""
    follower.close()
    monkeypatch.setattr(following, "BUILDERS", 1)
    with following.Keeper(SOURCES) as keeper:
        yield keeper


def put_on(clock, keeper, seconds):
    """Let time pass, with a look now and then."""
    for _ in range(seconds):
        clock[0] += 1
        keeper.catch_up(in_time=True)


def test_a_damaged_index_is_built_anew_and_the_others_are_followed_meanwhile(keeper, clock):
    article = make_article("彩礼怎么退")
    cut_short(SOURCES[0].index)
    note_statute(make_version(title="中华人民共和国劳动合同法"))
    keeper.catch_up(in_time=True)
    assert found("劳动", "statutes")
    with pytest.raises(engine.IndexFailedError):
        found("彩礼")
    put_on(clock, keeper, 15)
    assert found("彩礼") == [article.pk]


def test_an_index_that_cannot_be_written_is_written_later(keeper, clock, monkeypatch):
    built = count_builds(monkeypatch)

    def fail(*_):
        raise engine.IndexFailedError("No space left on device")

    with monkeypatch.context() as full:
        full.setattr(engine.Writer, "commit", fail)
        full.setattr(following.shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
        article = make_article("彩礼怎么退")
        put_on(clock, keeper, 60)
        assert found("彩礼") == []
        assert not built, "where there is no room, none is taken for another"
    put_on(clock, keeper, 60)
    assert found("彩礼") == [article.pk]


def test_an_index_that_fails_whatever_is_done_does_not_keep_the_machine_busy(
    keeper, clock, monkeypatch
):
    tried, built = [], count_builds(monkeypatch)

    def fail(index, **_):
        tried.append(index.folder)
        raise engine.IndexFailedError("cut short")

    monkeypatch.setattr(engine.Index, "writer", fail)
    monkeypatch.setattr(engine.Index, "rebuilding", fail)
    minutes = 60
    for _ in range(minutes * 4):
        clock[0] += 15
        keeper.catch_up(in_time=True)
    assert 10 <= len(tried) / len(SOURCES) <= 20
    assert [built.count(source.name) for source in SOURCES] == [3, 3, 3]


def test_an_index_may_fail_for_months(clock):
    trouble = following.Trouble()
    for _ in range(10_000):
        clock[0] = max(clock[0], trouble.until)
        trouble.comes()
    assert trouble.until - clock[0] == following.LONGEST_REST


def test_a_disk_that_does_not_say_how_full_it_is_has_no_room(keeper, clock, monkeypatch):
    def fail(*_):
        raise OSError("Input/output error")

    built = count_builds(monkeypatch)
    monkeypatch.setattr(following.shutil, "disk_usage", fail)
    monkeypatch.setattr(engine.Writer, "commit", fail)
    make_article("彩礼怎么退")
    put_on(clock, keeper, 60)
    assert not built


def count_builds(monkeypatch):
    built, build = [], following.build

    def counted(source, **options):
        built.append(source.name)
        return build(source, **options)

    monkeypatch.setattr(following, "build", counted)
    return built


def test_the_commands_build_a_damaged_index_anew(follower):
    article = make_article("彩礼怎么退")
    follower.close()
    cut_short(SOURCES[0].index)
    call_command("follow_changes", once=True)
    assert found("彩礼") == [article.pk]


def test_what_stands_in_the_index_is_read_before_the_first_search(follower, monkeypatch):
    read = []
    monkeypatch.setattr(engine.Index, "warm", lambda index: read.append(index.folder.name))
    following.follow(SOURCES, still=lambda: False)
    assert read == [source.index.folder.name for source in SOURCES]


def test_a_generation_that_a_killed_process_left_is_removed_at_the_next_start(follower):
    articles, statutes, _ = SOURCES
    for source in (articles, statutes):
        (source.index.folder / "g-left").mkdir()
    with (statutes.index.folder / "building.lock").open("a") as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        following.follow(SOURCES, still=lambda: False)
    assert list(articles.index.folder.glob("g-*")) == [articles.index.serving()]
    assert (statutes.index.folder / "g-left").exists(), "another process may be building it"


def test_one_process_a_machine_follows(tmp_path):
    with following.only_writer(tmp_path) as first, following.only_writer(tmp_path) as second:
        assert first
        assert not second


def test_the_commands_build_what_is_missing_and_catch_up(capsys):
    article = make_article("彩礼怎么退")
    call_command("follow_changes", once=True)
    assert found("彩礼") == [article.pk]
    other = make_article("彩礼又怎么退")
    call_command("follow_changes", once=True)
    assert set(found("彩礼")) == {article.pk, other.pk}
    call_command("rebuild_search", "articles", workers=1)
    assert "articles: 2 documents" in capsys.readouterr().out
    assert set(found("彩礼")) == {article.pk, other.pk}
    with pytest.raises(SystemExit):
        call_command("rebuild_search", "nothing")


def test_counts_of_queries_do_not_grow_with_the_provisions(follower, django_assert_max_num_queries):
    version = make_version(provisions=[f"第{n}项应当登记。" for n in range(60)])
    [provisions] = [source for source in SOURCES if source.name == "provisions"]
    ids = list(Provision.objects.filter(version=version).values_list("pk", flat=True))
    list(provisions.documents(ids[:1]))  # reads once what provisions refer to
    with django_assert_max_num_queries(6):
        assert len(list(provisions.documents(ids))) == 60


def test_what_few_articles_say_of_a_provision_weighs_as_what_many_say(follower):
    """The engine takes a word for less in a long text: here all texts are of one length."""
    version = make_version(provisions=["登记的机关。", "登记的期限。"])
    statute = version.statute.name
    make_article("老赖", body=f"见《{statute}》第一条。")
    for n in range(5):
        make_article(f"老赖怎样躲债{n}", body=f"见《{statute}》第二条。")
    call_command("rebuild_search", "provisions", "--workers", "1")
    hits = index("provisions").search([Term("老赖", 1, "more")])
    assert len(hits) == 2
    assert hits[0].score == pytest.approx(hits[1].score)
