"""What readers and caches get: statuses, headers, the number of queries."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from lxml.html import fromstring

from articles import lists, sitemaps
from articles.models import Article
from lawsite.models import SiteProfile
from tests.factories import (
    make_article,
    make_articles,
    make_author,
    make_category,
    make_image,
    make_site,
    make_tag,
)

pytestmark = pytest.mark.django_db


def page_of(response):
    assert response.status_code == 200
    return fromstring(response.content.decode())


def words(element):
    return " ".join(element.text_content().split())


# --- Which pages are there -------------------------------------------------------------


def test_an_article_has_its_address_by_its_id(client):
    article = make_article(id=1199564, title="频繁骚扰短信怎么办？")
    assert article.get_absolute_url() == "/hf/1199564.html"
    page = page_of(client.get("/hf/1199564.html"))
    assert [words(h1) for h1 in page.iter("h1")] == ["频繁骚扰短信怎么办？"]


@pytest.mark.parametrize(
    ("state", "status"),
    [("draft", 404), ("in_review", 404), ("withdrawn", 410), ("published", 200)],
)
@pytest.mark.parametrize("end", ["", ".md"])
def test_only_a_published_article_is_shown(client, state, status, end):
    article = make_article(state=state)
    response = client.get(article.get_absolute_url() + end)
    assert response.status_code == status
    assert ("先留证据" in response.content.decode()) == (status == 200)


@pytest.mark.parametrize("end", ["", ".md"])
def test_a_scheduled_article_is_not_found_before_its_time(client, end):
    article = make_article(published_at=timezone.now() + timedelta(hours=1))
    assert client.get(article.get_absolute_url() + end).status_code == 404
    Article.objects.update(published_at=timezone.now() - timedelta(seconds=1))
    assert client.get(article.get_absolute_url() + end).status_code == 200


def test_a_draft_without_a_date_is_not_found(client):
    article = make_article(state="draft", published_at=None)
    assert client.get(article.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/hf/1.html",
        "/hf/0.html",
        f"/hf/{2**63 - 1}.html",
        f"/hf/{2**63}.html",
        f"/hf/{10**40}.html",
        "/hf/1.htm",
        "/hf/1.html/",
        "/hf/-1.html",
        "/hf/１.html",
        "/hf/1.html.md",
        "/hf/",
        "/categories/none/",
        "/tags/none/",
        "/authors/none/",
        "/categories/%E4%B8%AD/",
        "/nothing",
    ],
)
def test_what_was_never_there_is_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_not_there_shows_ways_on(client, status):
    category = make_category("金融债务")
    article = make_article(category=category, state="withdrawn" if status == 410 else "draft")
    response = client.get(article.get_absolute_url())
    page = fromstring(response.content.decode())
    links = {link.get("href") for link in page.iter("a")}
    assert response.status_code == status
    assert {"/", "/categories/", category.get_absolute_url()} <= links
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert page.xpath("//link[@rel='canonical']") == []


def test_a_tag_without_visible_articles_is_not_found(client):
    tag = make_tag("民间借贷")
    make_article(tags=["民间借贷"], state="draft")
    assert client.get(tag.get_absolute_url()).status_code == 404


# --- Lists -----------------------------------------------------------------------------


@pytest.fixture
def shelves():
    """A category, a tag and an author that hold one visible article and some that are not."""
    category, author, tag = make_category("民间借贷"), make_author("林知远"), make_tag("借条")
    common = {"category": category, "authors": [author], "tags": ["借条"]}
    make_article("看得见的文章", **common)
    make_article("草稿", state="draft", **common)
    make_article("撤下的", state="withdrawn", **common)
    make_article("定时的", published_at=timezone.now() + timedelta(days=1), **common)
    return [category.get_absolute_url(), tag.get_absolute_url(), author.get_absolute_url()]


def test_lists_show_visible_articles_only(client, shelves):
    for path in ["/", "/feeds/articles/", *shelves]:
        text = client.get(path).content.decode()
        assert "看得见的文章" in text
        for title in ("草稿", "撤下的", "定时的"):
            assert title not in text, path


def test_a_category_shows_the_articles_of_the_categories_below_it(client):
    root = make_category("金融债务")
    leaf = make_category("借条", parent=make_category("民间借贷", parent=root))
    make_article("深处的文章", category=leaf)
    make_article("别处的文章", category=make_category("婚姻家庭"))
    text = client.get(root.get_absolute_url()).content.decode()
    assert "深处的文章" in text
    assert "别处的文章" not in text


def test_a_list_is_newest_first(client):
    category = make_category()
    make_articles(3, category=category)
    page = page_of(client.get(category.get_absolute_url()))
    assert [words(h2) for h2 in page.xpath("//article//h2")] == ["第3篇", "第2篇", "第1篇"]


def test_a_tag_page_is_indexed_only_with_an_intro_and_five_articles(client):
    tag = make_tag("借条", intro="借条怎样写才有用。")
    for _ in range(4):
        make_article(tags=["借条"])
    noindex = "//meta[@name='robots'][@content='noindex,follow']"
    assert page_of(client.get(tag.get_absolute_url())).xpath(noindex)
    make_article(tags=["借条"])
    assert not page_of(client.get(tag.get_absolute_url())).xpath(noindex)
    tag.intro = ""
    tag.save()
    assert page_of(client.get(tag.get_absolute_url())).xpath(noindex)


def test_every_page_has_one_heading_and_its_own_canonical_address(client, shelves):
    article = Article.objects.visible().get().get_absolute_url()
    for path in ["/", article, "/categories/", "/authors/", *shelves]:
        page = page_of(client.get(path, {"utm_source": "x"}))
        assert len(page.xpath("//h1")) == 1, path
        assert page.xpath("//link[@rel='canonical']/@href") == [settings.SITE_URL + path]
        assert page.xpath("//html/@lang") == ["zh-CN"]


# --- The article's page ----------------------------------------------------------------


def test_the_article_page_says_what_the_product_promises(client):
    make_site(site_name="普法知识库", original_notice="未经许可不得转载。")
    root = make_category("金融债务")
    category = make_category("民间借贷", parent=root)
    author = make_author("林知远")
    older, article, newer = (
        make_article(
            title, category=category, authors=[author], published_at=f"2026-03-1{day}T09:30+08:00"
        )
        for day, title in enumerate(["转账记录", "没有借条", "利息上限"])
    )
    text = words(page_of(client.get(article.get_absolute_url())).find("body"))
    for line in [
        "当前位置：首页 > 金融债务 > 民间借贷 > 正文内容",
        "《没有借条》，本文为林知远律师原创，未经授权禁止转载，个案情况不同，建议咨询专业律师制定方案。",
        "扫描二维码推送至手机访问。",
        "版权声明：未经许可不得转载。",
        f"本文链接：{settings.SITE_URL}/hf/{article.pk}.html",
        "返回列表",
        "上一篇：转账记录",
        "下一篇：利息上限",
        "没有借条的相关文章",
    ]:
        assert line in text
    assert "没有更早的文章了..." in client.get(older.get_absolute_url()).content.decode()
    assert "没有最新的文章了..." in client.get(newer.get_absolute_url()).content.decode()


def test_a_reprint_names_its_source_and_not_the_firm(client):
    make_site(original_notice="原创声明", reprint_notice="转载声明")
    article = make_article(
        origin="reprint", source_name="最高人民法院", source_url="https://www.court.gov.cn/1"
    )
    page = page_of(client.get(article.get_absolute_url()))
    text = words(page)
    assert "转载自最高人民法院。" in text
    assert "版权声明：转载声明" in text
    assert "原创" not in text
    assert page.xpath("//a[@href='https://www.court.gov.cn/1']")


def test_an_article_as_markdown_points_to_its_page(client):
    article = make_article("没有借条", body="**证据**很重要", authors=[make_author("林知远")])
    response = client.get(article.get_absolute_url() + ".md")
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["X-Robots-Tag"] == "noindex"
    canonical = f"{settings.SITE_URL}/hf/{article.pk}.html"
    assert response["Link"] == f'<{canonical}>; rel="canonical"'
    text = response.content.decode()
    assert text.startswith("# 没有借条\n")
    assert "**证据**很重要" in text
    assert "作者：林知远律师" in text


# --- Headers ---------------------------------------------------------------------------


@pytest.fixture
def public_paths(shelves):
    article = Article.objects.visible().get().get_absolute_url()
    return [
        *("/", article, f"{article}.md", "/categories/", "/authors/", *shelves),
        *("/feeds/articles/", "/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/articles-0.xml"),
        *("/robots.txt", "/llms.txt"),
    ]


def test_public_pages_may_be_kept_by_any_cache(client, public_paths):
    for path in public_paths:
        response = client.get(path)
        assert response.status_code == 200, path
        directives = {part.strip() for part in response["Cache-Control"].split(",")}
        assert {
            "public",
            "max-age=60",
            "stale-while-revalidate=600",
            "stale-if-error=86400",
            "no-transform",
        } <= directives, path
        assert "Set-Cookie" not in response.headers, path
        assert not response.cookies, path
        assert "Cookie" not in response.get("Vary", ""), path


def test_public_pages_are_the_same_for_an_editor(admin_client, client, public_paths):
    for path in public_paths:
        response = admin_client.get(path)
        assert response.content == client.get(path).content
        assert "Cookie" not in response.get("Vary", "")


def test_a_page_that_has_not_changed_is_not_sent_again(client, public_paths):
    for path in public_paths:
        etag = client.get(path)["ETag"]
        again = client.get(path, headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b""), path
        assert "Set-Cookie" not in again.headers


def test_a_changed_page_has_another_etag(client):
    article = make_article()
    before = client.get(article.get_absolute_url())["ETag"]
    Article.objects.update(title="换了题目")
    response = client.get(article.get_absolute_url(), headers={"if-none-match": before})
    assert response.status_code == 200
    assert response["ETag"] != before


def test_every_response_carries_the_policy(client, public_paths):
    for path in [*public_paths, "/nothing", "/health/", "/admin/login/"]:
        response = client.get(path)
        policy = response["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "object-src 'none'" in policy
        assert "base-uri 'none'" in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"


def test_pages_hold_nothing_inline_and_ask_no_third_party(client, public_paths):
    for path in public_paths:
        response = client.get(path)
        if not response["Content-Type"].startswith("text/html"):
            continue
        page = fromstring(response.content.decode())
        for script in page.iter("script"):
            assert script.get("type") == "application/ld+json" or script.get("src"), path
        assert not page.xpath("//style | //@style | //@*[starts-with(name(), 'on')]"), path
        loaded = page.xpath("//script/@src | //img/@src | //link[@rel='stylesheet']/@href")
        assert all(address.startswith(("/static/", "/media/")) for address in loaded), path
        assert "csrf" not in response.content.decode().lower()


def test_head_answers_as_get_without_a_body(client, public_paths):
    for path in public_paths:
        response = client.head(path)
        assert (response.status_code, response.content) == (200, b""), path
        assert response["Content-Type"] == client.get(path)["Content-Type"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_public_pages_can_only_be_read(client, public_paths, method):
    for path in [*public_paths, "/health/"]:
        assert getattr(client, method)(path).status_code == 405, path


# --- Queries ---------------------------------------------------------------------------


def site_of(number):
    """Return a full article amid `number` others, each with authors, tags and a cover."""
    root = make_category("金融债务")
    category = make_category("民间借贷", parent=make_category("借款", parent=root))
    authors = [make_author(f"作者{index}号") for index in range(3)]
    for index in range(number):
        make_article(
            f"借条与转账记录{index}",
            category=category,
            authors=authors[: index % 3 + 1],
            tags=["民间借贷", "借条", f"标签{index}"],
            published_at=f"2026-03-12T09:{index:02}+08:00",
        )
    Article.objects.update(cover="images/a.png", cover_width=9, cover_height=9)
    middle = Article.objects.order_by("id")[number // 2]
    middle.reviewer = authors[2]
    middle.reviewed_on = "2026-03-01"
    middle.save()
    return middle


@pytest.mark.parametrize("number", [3, 60])
def test_an_article_page_costs_at_most_six_queries(client, number, django_assert_max_num_queries):
    make_site()
    article = site_of(number)
    SiteProfile.forget()
    with django_assert_max_num_queries(6):
        response = client.get(article.get_absolute_url())
    cards = page_of(response).xpath("//article[@class='article-card']")
    assert len(cards) == min(number - 1, 8)
    with django_assert_max_num_queries(6):
        client.get(article.get_absolute_url() + ".md")


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 8),
        ("/categories/", 2),
        ("/categories/jin-rong-zhai-wu/", 9),
        ("/categories/min-jian-jie-dai/", 9),
        ("/tags/jie-tiao/", 6),
        ("/authors/", 2),
        ("/authors/zuo-zhe-0-hao/", 6),
        ("/archive/", 2),
        ("/archive/2026/", 2),
        ("/archive/2026/03/", 7),
        ("/feeds/articles/", 4),
        ("/sitemap.xml", 4),
        ("/sitemaps/articles-0.xml", 2),
        ("/nothing", 3),  # one asks where an old address leads
    ],
)
def test_a_list_costs_the_same_however_many_articles_there_are(
    client, path, most, django_assert_max_num_queries, django_assert_num_queries
):
    make_site()
    site_of(3)
    SiteProfile.forget()
    with django_assert_max_num_queries(most) as small:
        client.get(path)
    category = Article.objects.first().category
    for article in make_articles(60, category=category):
        article.tags.add("借条")
        article.bylines.create(author=category.articles.first().signers[0])
        lists.place([article.pk])
        sitemaps.renew([article.pk])
    SiteProfile.forget()
    with django_assert_num_queries(len(small)):
        client.get(path)


# --- Uploads ---------------------------------------------------------------------------


def test_a_stored_picture_is_served_for_ever(client, settings):
    from_editor = make_image()
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "a.png").write_bytes(from_editor)
    response = client.get("/media/a.png")
    assert b"".join(response.streaming_content) == from_editor
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["../secret-key", "%2e%2e/secret-key", "..%2fsecret-key", "", "images/", "a\x00b", "/etc"],
)
def test_nothing_but_a_picture_is_served(client, settings, path):
    (settings.MEDIA_ROOT / "images").mkdir(parents=True)
    (settings.MEDIA_ROOT.parent / "secret-key").write_text("secret")
    response = client.get(f"/media/{path}")
    assert response.status_code in (400, 404)
    assert b"secret" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["/hf/0{}.html", "/hf/00{}.html.md"])
def test_an_address_with_leading_zeros_is_not_there(client, form):
    article = make_article()
    assert client.get(form.format(article.pk)).status_code == 404


@pytest.mark.django_db
def test_only_a_named_lawyer_has_reviewed_what_a_machine_helped_to_write(client):
    article = make_article(ai_assisted=True, reviewed_on=date(2026, 3, 1))
    said = client.get(article.get_absolute_url()).content.decode()
    assert "本文含人工智能辅助生成内容" in said
    assert "已经律师审核" not in said
    reviewed = make_article(ai_assisted=True, reviewer=make_author("审核人"))
    assert (
        "本文含人工智能辅助生成内容，已经律师审核"
        in client.get(reviewed.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize(
    ("telephone", "link"),
    [
        ("0571-8888 0000", '<a href="tel:057188880000">0571-8888 0000</a>'),
        ("+86 571 88880000", '<a href="tel:+8657188880000">+86 571 88880000</a>'),
        ("0571-88880000转8001", "电话：0571-88880000转8001"),
        ("88880000、88880001", "电话：88880000、88880001"),
    ],
)
def test_an_article_says_once_how_to_reach_the_firm(client, telephone, link):
    make_site(telephone=telephone, address="杭州市某路1号")
    page = client.get(make_article().get_absolute_url()).content.decode()
    card = page.partition("firm-card")[2].partition("</section>")[0]
    assert link in card
    assert "杭州市某路1号" in card
    assert page.count("firm-card") == 1


def test_a_firm_that_says_nothing_of_itself_has_no_card(client):
    make_site()
    assert "firm-card" not in client.get(make_article().get_absolute_url()).content.decode()
