"""Tags as editors type them: Chinese separators, one spelling whatever the width or case."""

import pytest

from articles.models import Tag
from articles.tags import fold, join_tags, parse_tags
from tests.factories import make_article


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("民间借贷，借条", ["民间借贷", "借条"]),
        ("民间借贷、借条；诉讼时效", ["民间借贷", "借条", "诉讼时效"]),
        ("民间借贷,借条;诉讼时效", ["民间借贷", "借条", "诉讼时效"]),
        ("民间借贷\n借条", ["民间借贷", "借条"]),
        ("，、；民间借贷，，、 、", ["民间借贷"]),
        (" 民间借贷 ， 借条 ", ["民间借贷", "借条"]),
        ("借条，民间借贷，借条", ["借条", "民间借贷"]),
        ("ＬＰＲ，lpr，LPR", ["LPR"]),
        ("P2P 网贷", ["P2P 网贷"]),  # a space parts nothing
        ("Ｐ２Ｐ　网贷", ["P2P 网贷"]),
        ("", []),
        (None, []),
    ],
)
def test_reads_tags_as_editors_write_them(typed, tags):
    assert parse_tags(typed) == tags


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("Ｐ２Ｐ", "P2P"),
        ("  借   条 ", "借 条"),
        ("借\n条", "借 条"),
        ("（一）", "(一)"),
        ("　", ""),
    ],
)
def test_folds_a_tag_to_its_one_spelling(tag, expected):
    assert fold(tag) == expected
    assert fold(fold(tag)) == fold(tag)


def test_what_a_form_shows_reads_back_as_the_same_tags():
    names = ["民间借贷", "P2P 网贷", "LPR"]
    assert parse_tags(join_tags([Tag(name=name) for name in names])) == names


@pytest.mark.django_db
def test_a_tag_in_another_case_is_the_same_tag():
    make_article(tags=["LPR"])
    make_article(tags=["lpr"])
    assert [tag.name for tag in Tag.objects.all()] == ["LPR"]


@pytest.mark.django_db
def test_a_tags_address_is_in_pinyin_and_its_own():
    article = make_article(tags=["借条", "解调", "！"])
    slugs = {tag.name: tag.slug for tag in article.tags.all()}
    assert slugs["借条"] == "jie-tiao"
    assert slugs["！"] == "tag"
    assert len(set(slugs.values())) == 3
