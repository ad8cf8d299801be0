"""Hints that only the site knows: twin titles, links that lead nowhere, pictures not there."""

from importlib import import_module

import pytest
from django.apps import apps

from articles import checking, citing, publishing
from articles.models import Article, RestrictedTerm
from tests.factories import make_article, make_author, make_category, make_tag, make_version

pytestmark = pytest.mark.django_db


def messages(body="正文。", title="怎样要回没有借条的借款", **values):
    article = Article(title=title, body=body, summary="答" * 80, **values)
    rendered = publishing.render_article(article)
    return [hint.message for hint in checking.check(article, rendered)]


def test_a_good_article_gives_no_hint():
    assert messages() == []


def test_a_title_used_twice_names_the_other_article():
    twin = make_article("没有借条，怎样要回借款？")
    assert messages(title=twin.title) == [f"已有同名文章（编号{twin.pk}）"]
    make_article("已经撤下的一篇老文章", state="withdrawn")
    assert messages(title="已经撤下的一篇老文章") == []


def test_an_article_is_no_twin_of_itself():
    article = make_article("没有借条，怎样要回借款？", summary="答" * 80)
    rendered = publishing.render_article(article)
    assert checking.check(article, rendered) == []


def test_links_into_the_site_that_lead_nowhere_are_named(settings):
    settings.SITE_URL = "https://law.example.com"
    there = make_article()
    draft = make_article(state="draft")
    category, author = make_category(slug="loans"), make_author(slug="lin")
    tag = make_tag("借条", slug="jietiao")
    version = make_version()
    statute = version.statute.get_absolute_url()
    good = [
        there.get_absolute_url(),
        f"https://law.example.com{there.get_absolute_url()}",
        f"{there.get_absolute_url()}#先留证据",
        category.get_absolute_url(),
        author.get_absolute_url(),
        tag.get_absolute_url(),
        statute,
        f"{statute}1/",
        "https://www.gov.cn/",
        "mailto:a@example.com",
        "#先留证据",
        "/",
    ]
    bad = {
        draft.get_absolute_url(): "文章不在线上",
        "/hf/999999.html": "文章不在线上",
        f"/hf/{'9' * 19}.html": "文章不在线上",
        "/categories/nothing/": "没有这一页",
        "/authors/nobody/": "没有这一页",
        "/statutes/no-law/": "没有这一页",
        f"{statute}77/": "这部法规没有这一条",
        "/nowhere/": "没有这个网址",
        "https://law.example.com/nowhere2/": "没有这个网址",
        "/admin/articles/article/": "编辑台的网址",
        "/media/images/none.png": "没有这个文件",
        "/media/../settings.py": "没有这个文件",
        "www.gov.cn": "以https://开头",
        "#没有的一节": "这一节在本文里没有",
    }
    body = "## 先留证据\n\n" + "\n\n".join(f"[一份材料](<{target}>)" for target in good)
    assert [message for message in messages(body) if "打不开" in message] == []
    found = messages("\n\n".join(f"[一份材料](<{target}>)" for target in bad))
    for target, why in bad.items():
        assert [m for m in found if f"“{target}”" in m and why in m], (target, why, found)


@pytest.mark.parametrize("target", ["", "https://", "http://"])
def test_a_link_without_an_address_is_named(target):
    assert "链接还没有网址" in messages(f"[一份材料]({target})")


def test_a_broken_link_is_marked_in_the_text():
    article = Article(
        title="甲", summary="答" * 80, body="见[这篇文章](/hf/5.html)，[又见](/hf/5.html)"
    )
    hints = checking.check(article, publishing.render_article(article))
    broken = next(hint for hint in hints if "打不开" in hint.message)
    assert [article.body[p.start : p.end] for p in broken.places] == ["/hf/5.html"] * 2


def test_links_cost_a_bounded_number_of_queries(django_assert_max_num_queries):
    links = [
        f"[甲乙](/hf/{n}.html) [丙丁](/tags/t{n}/) [戊己](/statutes/s{n}/{n}/)"
        for n in range(1, 60)
    ]
    article = Article(title="甲", body="\n\n".join(links))
    rendered = publishing.render_article(article)
    with django_assert_max_num_queries(7):
        checking.check(article, rendered)


def test_a_citation_of_what_is_not_there_comes_first_and_is_marked():
    make_version("中华人民共和国甲乙法").statute.aliases.get_or_create(name="甲乙法")
    body = "《甲乙法》第一条没有错，《甲乙法》第九十九条没有这一条。"
    article = Article(title="怎样要回没有借条的借款", body=body, summary="答" * 80)
    rendered = publishing.render_article(article)
    first, *others = checking.check(article, rendered, citing.assess(article))
    assert first.message == "“《甲乙法》第九十九条”：条文不存在"
    assert [body[p.start : p.end] for p in first.places] == ["《甲乙法》第九十九条"]
    assert not [hint for hint in others if "第一条" in hint.message]


def test_a_body_of_the_past_is_named_with_its_successor():
    found = messages("可以向银保监会投诉，也可以再向银保监会投诉。")
    assert [m for m in found if "“银保监会”自2023年" in m and "国家金融监督管理总局" in m]


def test_a_picture_that_is_not_there_is_named():
    assert "图片“steps.png”没有上传，读者看不到" in messages("![三个步骤](steps.png)")


def test_a_body_that_cannot_be_rendered_comes_first():
    article = Article(title="甲", body="[" * 4_000)
    first = checking.check(article, None, error="正文的方括号过多")[0]
    assert first.message == "正文的方括号过多，不能保存"


def test_the_list_of_restricted_words_is_the_editors():
    if not RestrictedTerm.objects.exists():  # a test with transactions of its own emptied it
        import_module("articles.migrations.0008_restricted_terms_seed").fill(apps, None)
    assert RestrictedTerm.objects.filter(words="包赢", rule__contains="第十条第五项").exists()
    assert any("包赢" in message for message in messages("本所官司包赢。"))
    RestrictedTerm.objects.filter(words="包赢").update(is_active=False)
    assert not any("包赢" in message for message in messages("本所官司包赢。"))
    RestrictedTerm.objects.create(words="躺赢", rule="我们自己的规矩", unless="躺赢学、躺赢客")
    assert any("躺赢" in message for message in messages("官司躺赢。"))
    assert not any("躺赢" in message for message in messages("不读躺赢学。"))
