import pytest

from articles.rate_limit import reader


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_reader_is_told_by_the_address_or_its_network(rf, remote, expected):
    assert reader(rf.get("/", REMOTE_ADDR=remote)) == expected
