"""Tags as editors type them: Chinese separators, one spelling whatever the width or case."""

import pytest

from articles.models import Tag
from articles.tags import fold, join_tags, parse_tags
from tests.factories import make_article, make_tag

TAGS = "/admin/articles/tag/"


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


def test_a_tag_by_itself_gets_its_address_from_its_name_and_keeps_it(admin_client):
    added = admin_client.post(f"{TAGS}add/", {"name": "　彩礼返还", "slug": "", "intro": ""})
    tag = Tag.objects.get(name="彩礼返还")
    changed = admin_client.post(
        f"{TAGS}{tag.pk}/change/", {"name": "彩礼", "slug": "", "intro": "聘礼的返还。"}
    )
    tag.refresh_from_db()
    assert (added.status_code, changed.status_code) == (302, 302)
    assert (tag.name, tag.slug, tag.intro) == ("彩礼", "cai-li-fan-huan", "聘礼的返还。")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("彩礼、嫁妆", "一次填写一个标签"),
        ("lpr", "已有标签“LPR”"),
        ("彩" * 41, "标签最多40个字"),
        ("，", "一次填写一个标签"),
    ],
)
def test_a_tag_that_no_article_could_name_is_refused(admin_client, name, told):
    make_tag("LPR")
    response = admin_client.post(f"{TAGS}add/", {"name": name, "slug": "", "intro": ""})
    assert told in response.content.decode()
    assert Tag.objects.count() == 1


@pytest.mark.parametrize("name", ["彩礼、嫁妆", "彩" * 60, "lpr"])
def test_a_tag_that_came_with_a_name_of_its_own_can_still_be_introduced(admin_client, name):
    make_tag("LPR")
    tag = make_tag(name)
    admin_client.post(f"{TAGS}{tag.pk}/change/", {"name": name, "slug": "", "intro": "聘礼。"})
    tag.refresh_from_db()
    assert (tag.name, tag.intro) == (name, "聘礼。")


def test_the_form_of_a_tag_names_its_address_as_others_do(admin_client):
    page = admin_client.get(f"{TAGS}add/").content.decode()
    assert "网址名" in page
    assert "唯一标识" not in page + admin_client.get(TAGS).content.decode()
