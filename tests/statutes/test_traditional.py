import pytest

from statutes.traditional import simplify


@pytest.mark.parametrize(
    ("written", "simplified"),
    [
        ("勞動合同法", "劳动合同法"),
        ("離婚後財產分割", "离婚后财产分割"),
        ("著作權法", "著作权法"),
        ("民法典", "民法典"),
        ("ABC 123", "ABC 123"),
    ],
)
def test_characters_are_simplified_one_for_one(written, simplified):
    assert simplify(written) == simplified
    assert len(simplify(written)) == len(written)
