"""Which provisions other statutes refer to."""

from datetime import date

import pytest

from statutes import resolver
from statutes.importing import load
from statutes.models import Provision
from statutes.references import references_from_others
from tests.factories import make_version

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)


def counted():
    load.refresh_aliases()
    counts = references_from_others(resolver.library(), TODAY)
    return {str(Provision.objects.get(pk=pk)): number for pk, number in counts.items()}


def test_a_provision_that_refers_twice_counts_once_and_its_own_statute_not_at_all():
    make_version("中华人民共和国甲法", provisions=("处罚款。", "依照本法第一条处罚。"))
    make_version(
        "乙规定",
        provisions=(
            "依照《中华人民共和国甲法》第一条，即甲法第一条处罚。",
            "依照《甲法》第一条、第二条处罚。",
        ),
    )
    assert counted() == {"《甲法》第一条": 2, "《甲法》第二条": 1}


def test_a_number_that_there_is_not_and_an_unknown_statute_count_for_nothing():
    make_version("中华人民共和国甲法", provisions=("处罚款。",))
    make_version("乙规定", provisions=("依照《甲法》第九条和《丙丁戊法》第一条处罚。",))
    assert counted() == {}
