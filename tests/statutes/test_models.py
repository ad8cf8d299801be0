"""What was the law on a day, and what the database itself refuses."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from statutes.importing import load
from statutes.models import Provision, Statute, StatuteAlias, StatuteVersion, Succession
from tests.factories import make_statute, make_version

pytestmark = pytest.mark.django_db

FIRST = date(2020, 7, 1)
LAST = date(2025, 12, 31)
DAY = timedelta(days=1)
ENTERED, REVISED = date(2020, 3, 1), date(2025, 6, 27)


def store(statute, effective_from=None, effective_until=None, promulgated_on=None):
    """Store a version without the importer, which would see to its period itself."""
    return StatuteVersion.objects.create(
        statute=statute,
        effective_from=effective_from,
        effective_until=effective_until,
        promulgated_on=promulgated_on,
    )


def refused():
    """The database says no; what went before stays."""
    return pytest.raises(IntegrityError)


# --- In force on a day --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "in_force"),
    [
        (date(1990, 1, 1), False),
        (FIRST - DAY, False),
        (FIRST, True),
        (LAST, True),
        (LAST + DAY, False),
        (date(2100, 1, 1), False),
    ],
)
def test_a_version_is_in_force_from_its_first_day_to_its_last(on, in_force):
    version = store(make_statute(), FIRST, LAST + DAY)
    assert version.is_in_force(on) == in_force
    assert StatuteVersion.objects.in_force(on).exists() == in_force


def test_a_version_without_an_end_is_in_force_from_then_on():
    version = store(make_statute(), FIRST)
    for on in (FIRST, date(2100, 1, 1)):
        assert list(StatuteVersion.objects.in_force(on)) == [version]
        assert version.is_in_force(on)
    assert not version.is_in_force(FIRST - DAY)


def test_a_version_whose_date_is_unknown_is_never_in_force():
    version = store(make_statute(), promulgated_on=ENTERED)
    for on in (date(1900, 1, 1), ENTERED, date(2026, 11, 23), date(2100, 1, 1)):
        assert not StatuteVersion.objects.in_force(on).exists()
        assert not version.is_in_force(on)
    assert list(StatuteVersion.objects.undated()) == [version]
    assert not StatuteVersion.objects.not_yet_in_force(date(1900, 1, 1)).exists()


def test_nothing_is_in_force_in_a_gap():
    statute = make_statute()
    before = store(statute, date(2010, 1, 1), date(2015, 1, 1))
    after = store(statute, date(2020, 1, 1))
    assert list(StatuteVersion.objects.in_force(date(2014, 12, 31))) == [before]
    assert not StatuteVersion.objects.in_force(date(2015, 1, 1)).exists()
    assert not StatuteVersion.objects.in_force(date(2019, 12, 31)).exists()
    assert list(StatuteVersion.objects.in_force(date(2020, 1, 1))) == [after]


def test_on_the_day_of_a_change_the_new_text_holds():
    old = make_version(promulgated_on=ENTERED, effective_from=FIRST)
    new = make_version(
        promulgated_on=REVISED, effective_from=date(2026, 1, 1), provisions=["全新的规定。"]
    )
    assert list(StatuteVersion.objects.in_force(LAST)) == [old]
    assert list(StatuteVersion.objects.in_force(LAST + DAY)) == [new]


def test_a_promulgated_law_is_not_yet_in_force():
    version = make_version(promulgated_on=REVISED, effective_from=date(2026, 1, 1))
    assert list(StatuteVersion.objects.not_yet_in_force(LAST)) == [version]
    assert not StatuteVersion.objects.in_force(LAST).exists()
    assert not StatuteVersion.objects.not_yet_in_force(LAST + DAY).exists()


def test_a_repealed_law_ends_on_the_day_of_its_repeal():
    version = make_version()
    statute = version.statute
    statute.repealed_on, statute.repeal_source = date(2021, 1, 1), "《乙法》第九条"
    statute.save()
    load.settle(statute)
    assert list(StatuteVersion.objects.in_force(date(2020, 12, 31))) == [version]
    assert not StatuteVersion.objects.in_force(date(2021, 1, 1)).exists()
    assert not statute.is_repealed(date(2020, 12, 31))
    assert statute.is_repealed(date(2021, 1, 1))


def test_a_version_whose_period_is_empty_is_never_in_force():
    version = store(make_statute(), FIRST, FIRST)
    for on in (FIRST - DAY, FIRST, FIRST + DAY):
        assert not version.is_in_force(on)
        assert not StatuteVersion.objects.in_force(on).exists()


def test_provisions_are_in_force_with_their_version():
    version = make_version(promulgated_on=ENTERED, effective_from=FIRST)
    assert not Provision.objects.in_force(FIRST - DAY).exists()
    assert Provision.objects.in_force(FIRST).count() == version.provision_count == 3


# --- Two versions never overlap ------------------------------------------------------------

OVERLAPPING = [
    (date(2020, 7, 1), None),  # the same period
    (date(2020, 1, 1), None),
    (date(2030, 1, 1), None),  # begins while the other is in force
    (date(2019, 1, 1), date(2020, 7, 2)),  # one day too long
    (date(2021, 1, 1), date(2021, 1, 2)),
]


@pytest.mark.parametrize(("start", "end"), OVERLAPPING)
def test_the_database_refuses_to_insert_an_overlap(start, end):
    statute = make_statute()
    store(statute, FIRST)
    with refused(), transaction.atomic():
        store(statute, start, end)
    assert statute.versions.count() == 1


@pytest.mark.parametrize(("start", "end"), OVERLAPPING)
def test_the_database_refuses_to_change_a_version_into_an_overlap(start, end):
    statute = make_statute()
    store(statute, FIRST)
    other = store(statute, date(2015, 1, 1), date(2016, 1, 1))
    with refused(), transaction.atomic():
        StatuteVersion.objects.filter(pk=other.pk).update(effective_from=start, effective_until=end)
    other.refresh_from_db()
    assert other.effective_until == date(2016, 1, 1)


def test_the_database_refuses_an_overlap_in_bulk_and_by_another_statute():
    statute, another = make_statute("甲条例"), make_statute("乙条例")
    store(statute, FIRST)
    other = store(another, FIRST)
    with refused(), transaction.atomic():
        StatuteVersion.objects.filter(pk=other.pk).update(statute=statute)
    with refused(), transaction.atomic():
        StatuteVersion.objects.bulk_create([StatuteVersion(statute=statute, effective_from=LAST)])


def test_versions_may_follow_on_the_day_and_leave_gaps():
    statute = make_statute()
    store(statute, FIRST, LAST)
    store(statute, LAST)
    store(statute, date(2010, 1, 1), date(2011, 1, 1))
    assert statute.versions.count() == 3


def test_other_statutes_unknown_dates_and_empty_periods_do_not_overlap():
    statute = make_statute("甲条例")
    store(statute, FIRST)
    store(make_statute("乙条例"), FIRST)
    store(statute)
    store(statute)
    store(statute, FIRST, FIRST)
    store(statute, LAST, LAST)
    assert StatuteVersion.objects.count() == 6


def test_a_version_may_be_saved_again():
    version = store(make_statute(), FIRST)
    version.label = "修订"
    version.save()
    StatuteVersion.objects.update(effective_from=FIRST - DAY)


# --- What else the database refuses --------------------------------------------------------


def test_no_version_is_in_force_before_its_promulgation():
    statute = make_statute()
    with refused(), transaction.atomic():
        store(statute, date(2017, 6, 1), promulgated_on=date(2025, 10, 28))
    store(statute, date(2025, 10, 28), promulgated_on=date(2025, 10, 28))


def test_no_version_ends_before_it_begins():
    with refused(), transaction.atomic():
        store(make_statute(), FIRST, FIRST - DAY)


def test_a_statute_has_one_version_of_a_day():
    statute = make_statute("甲条例")
    store(statute, promulgated_on=ENTERED)
    with refused(), transaction.atomic():
        store(statute, promulgated_on=ENTERED)
    store(make_statute("乙条例"), promulgated_on=ENTERED)


def test_a_number_stands_once_in_a_version():
    version = make_version(provisions=["第一百三十三条 甲。", "第一百三十三条之一 乙。"])
    assert [str(p) for p in version.provisions.all()] == [
        "《甲法》第一百三十三条",
        "《甲法》第一百三十三条之一",
    ]
    with refused(), transaction.atomic():
        Provision.objects.create(version=version, position=9, number=133, suffix=1, text="丙。")
    Provision.objects.create(version=version, position=9, number=133, suffix=2, text="丙。")


def test_a_repeal_names_its_source():
    with refused(), transaction.atomic():
        make_statute(repealed_on=FIRST)


def test_a_statute_does_not_replace_itself():
    statute = make_statute()
    with refused(), transaction.atomic():
        Statute.objects.filter(pk=statute.pk).update(replaced_by=statute)


def test_a_statute_with_text_is_not_deleted():
    version = make_version()
    with pytest.raises(ProtectedError):
        version.statute.delete()


# --- Names ---------------------------------------------------------------------------------


def test_a_name_means_one_statute():
    make_statute("中华人民共和国甲法").aliases.create(name="甲规")
    other = make_statute("中华人民共和国乙法")
    with refused(), transaction.atomic():
        other.aliases.create(name="甲规")


@pytest.mark.parametrize("name", ["甲规（一）", "《甲规（一）》", "甲规(一)", " 〈甲 规（一）〉"])
def test_an_editor_is_told_which_statute_has_the_name(name):
    make_statute("中华人民共和国甲法").aliases.create(name="甲规（一）")
    alias = StatuteAlias(statute=make_statute("中华人民共和国乙法"), name=name)
    with pytest.raises(ValidationError) as error:
        alias.full_clean()
    assert error.value.message_dict["name"][0] == (
        "这个名称已指《中华人民共和国甲法》，不能同时指两部法规。"
    )


def test_a_name_is_stored_as_names_are_compared():
    alias = StatuteAlias(statute=make_statute(), name="《甲 规》(试行)")
    alias.full_clean()
    alias.save()
    assert alias.name == "甲规（试行）"
    assert Statute.objects.called("甲规(试行)").get() == alias.statute
    alias.full_clean()  # its own name is no obstacle


def test_the_statute_is_found_by_its_title_however_written():
    statute = make_statute("最高人民法院关于适用《中华人民共和国民法典》时间效力的若干规定")
    found = Statute.objects.called("最高人民法院关于适用〈中华人民共和国民法典〉时间效力的若干规定")
    assert list(found) == [statute]
    assert not Statute.objects.called("民法典").exists()


# --- What things are called ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("promulgated_on", "label", "name"),
    [
        (date(2025, 6, 27), "修订", "2025年修订"),
        (date(2018, 10, 26), "", "2018年文本"),
        (None, "", "文本"),
    ],
)
def test_a_version_is_called_by_its_year(promulgated_on, label, name):
    version = StatuteVersion(promulgated_on=promulgated_on, label=label)
    assert version.name == name


def test_versions_stand_in_order_the_undated_first():
    statute = make_statute()
    second = store(statute, date(2021, 1, 1), promulgated_on=date(2020, 12, 1))
    first = store(statute, promulgated_on=date(2019, 1, 1))
    unknown = store(statute)
    assert list(statute.versions.in_order()) == [unknown, first, second]


# --- Successions ---------------------------------------------------------------------------


@pytest.fixture
def two():
    make_version(provisions=["甲应当登记。", "乙可以申请。"])
    make_version(
        promulgated_on=REVISED,
        effective_from=REVISED,
        provisions=["甲应当登记。", "乙可以在三日内申请。"],
    )
    old, new = StatuteVersion.objects.in_order()
    Succession.objects.all().delete()
    return list(old.provisions.all()), list(new.provisions.all())


def test_a_succession_stands_once(two):
    (old, _), (new, _) = two
    Succession.objects.create(old=old, new=new, relation="unchanged", likeness=1)
    with refused(), transaction.atomic():
        Succession.objects.create(old=old, new=new, relation="amended")
    Succession.objects.create(old=old, relation="repealed")
    with refused(), transaction.atomic():
        Succession.objects.create(old=old, relation="repealed")


def test_what_has_no_successor_was_repealed(two):
    (old, _), _ = two
    with refused(), transaction.atomic():
        Succession.objects.create(old=old, relation="amended")


@pytest.mark.parametrize("likeness", [-0.01, 1.01])
def test_likeness_is_a_share(two, likeness):
    (old, _), (new, _) = two
    with refused(), transaction.atomic():
        Succession.objects.create(old=old, new=new, relation="amended", likeness=likeness)


def test_a_doubtful_succession_is_changed_little_like_and_not_confirmed(two, admin_user):
    (first, second), (new, other) = two
    doubtful = Succession.objects.create(old=first, new=other, relation="amended", likeness=0.3)
    Succession.objects.create(old=first, new=new, relation="unchanged", likeness=0.3)
    Succession.objects.create(old=second, new=other, relation="amended", likeness=0.9)
    assert list(Succession.objects.doubtful()) == [doubtful]
    doubtful.confirm(admin_user)
    assert not Succession.objects.doubtful().exists()
