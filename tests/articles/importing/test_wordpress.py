"""A WordPress moves in by its export: posts, pages, categories, tags, pictures, addresses."""

import io
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.importing import parse_wordpress
from articles.importing.parse_wordpress import paragraphs, read_articles, read_site
from articles.models import Article, Category, MovedArticle, Tag
from tests.articles.importing.old_sites import PARAGRAPH, cdata, wxr, wxr_item
from tests.factories import BEIJING, make_article, make_image

pytestmark = pytest.mark.django_db
LOAN = ("category", "%e5%80%9f%e8%b4%b7", "借贷")


@pytest.fixture
def move_in(tmp_path):
    def move_in(*items, arguments=(), **values):
        path = tmp_path / "export.xml"
        path.write_bytes(wxr(*items, **values))
        return run(path, *arguments)

    return move_in


def run(*arguments) -> str:
    out = io.StringIO()
    call_command("import_wordpress", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


# --- What comes in ---------------------------------------------------------------------


def test_a_post_comes_in_with_all_that_the_export_says(move_in):
    terms = [LOAN, ("category", "civil", "民事"), ("post_tag", "iou", "借条")]
    move_in(wxr_item(12, terms=terms, excerpt="手写的摘要。", title="甲 &amp;#8211; 乙"))
    article = Article.objects.get(pk=12)
    assert article.title == "甲 – 乙"
    assert str(article.category) == "民事 / 借贷"
    assert list(article.tags.names()) == ["借条"]
    assert [author.name for author in article.signers] == ["张律师"]
    assert article.published_at == datetime(2019, 3, 4, 9, 30, tzinfo=BEIJING)
    assert article.updated_at == datetime(2020, 1, 1, tzinfo=UTC)
    assert article.summary == "手写的摘要。"
    assert (
        article.body
        == "根据《中华人民共和国民法典》第六百七十五条，借款人应当按照约定的期限返还借款。"
    )


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_is_read(move_in, version):
    move_in(wxr_item(1), version=version)
    assert Article.objects.get(pk=1).is_visible


@pytest.mark.parametrize(
    ("status", "state"),
    [("publish", "published"), ("draft", "draft"), ("pending", "in_review"), ("private", "draft")],
)
def test_each_status_has_its_state(move_in, status, state):
    move_in(wxr_item(1, status=status))
    assert Article.objects.get().state == state


def test_the_first_exports_name_each_category_and_tag_twice(move_in):
    twice = "".join(
        f'<category domain="{domain}" nicename="{slug}">{cdata(name)}</category>'
        f"<category{old}>{cdata(name)}</category>"
        for domain, old, slug, name in [
            ("category", "", LOAN[1], "借贷"),
            ("tag", ' domain="tag"', "iou", "借条"),
        ]
    )
    out = move_in(wxr_item(1, terms=[], attachment="").replace("</item>", f"{twice}</item>"))
    article = Article.objects.get()
    assert str(article.category) == "民事 / 借贷"
    assert list(article.tags.names()) == ["借条"]
    assert "改为标签" not in out


def test_a_category_may_name_the_one_above_it(tmp_path):
    path = tmp_path / "export.xml"
    slug, name = cdata("civil"), cdata("民事")
    source = wxr(wxr_item(1, terms=[LOAN])).decode()
    parent = "<wp:category_parent>{}</wp:category_parent>".format
    path.write_text(source.replace(parent(slug), parent(name)))
    run(path)
    assert str(Article.objects.get().category) == "民事 / 借贷"


def test_a_scheduled_post_stays_scheduled(move_in):
    move_in(wxr_item(1, status="future", date="2099-01-01 08:00:00", gmt="2099-01-01 00:00:00"))
    assert Article.objects.get().state == "scheduled"
    assert not Article.objects.get().is_visible


def test_a_draft_has_the_moment_of_the_sites_own_clock(move_in):
    move_in(wxr_item(1, status="draft", gmt="0000-00-00 00:00:00"))
    assert Article.objects.get().published_at == datetime(2019, 3, 4, 9, 30, tzinfo=BEIJING)


def test_a_post_without_any_moment_comes_in(move_in):
    move_in(wxr_item(1, status="draft", gmt="0000-00-00 00:00:00", date="0000-00-00 00:00:00"))
    assert Article.objects.count() == 1


def test_what_is_trash_or_no_post_is_counted_and_left(move_in):
    out = move_in(
        wxr_item(1, status="trash"),
        wxr_item(2, type="nav_menu_item"),
        wxr_item(3, type="revision", status="inherit"),
        wxr_item(4, comments=3),
        wxr_item(5, type="product"),
    )
    assert list(Article.objects.values_list("pk", flat=True)) == [4]
    for words in ("回收站里的文章 1", "菜单项 1", "历史版本 1", "评论 3", "类型product 1"):
        assert words in out


def test_a_post_with_a_password_is_no_public_article(move_in):
    out = move_in(wxr_item(1, password="geheim"))
    assert Article.objects.get().state == "draft"
    assert "有密码的文章" in out


def test_further_categories_become_tags(move_in):
    out = move_in(wxr_item(1, terms=[LOAN, ("category", "labour", "劳动")]))
    article = Article.objects.get()
    assert str(article.category) == "民事 / 借贷"
    assert list(article.tags.names()) == ["劳动"]
    assert "另属栏目劳动" in out


def test_pages_come_in_as_drafts(move_in):
    move_in(wxr_item(1, type="page", terms=[]))
    assert str(Article.objects.get().category) == "单页"


def test_a_category_that_the_head_does_not_name_is_taken_from_the_post(move_in):
    move_in(wxr_item(1, terms=[("category", "x", "新栏目")]), wxr_item(2, terms=[]))
    assert [str(a.category) for a in Article.objects.order_by("pk")] == ["新栏目", "未分类"]
    assert Category.objects.get(name="借贷").intro == "借钱的事。"


def test_several_files_are_one_export(tmp_path):
    """A picture may be in another file than the post that shows it."""
    first, second = tmp_path / "1.xml", tmp_path / "2.xml"
    (tmp_path / "a.png").write_bytes(make_image())
    first.write_bytes(wxr(wxr_item(1, meta={"_thumbnail_id": 9})))
    url = "https://www.old.cn/wp-content/uploads/a.png"
    second.write_bytes(wxr(wxr_item(9, type="attachment", status="inherit", attachment=url)))
    run(first, second, "--uploads", tmp_path)
    assert Article.objects.get().cover


# --- Words -------------------------------------------------------------------------------


def test_an_article_in_two_files_comes_in_once(tmp_path):
    """Exports of two months, or of all and of one category, overlap."""
    for name, titles in (("a.xml", ["甲"]), ("b.xml", ["甲", "乙"])):
        items = [wxr_item(number, title=title) for number, title in enumerate(titles, start=1)]
        (tmp_path / name).write_bytes(wxr(*items))
    told = run(tmp_path / "a.xml", tmp_path / "b.xml")
    assert [article.title for article in Article.objects.order_by("pk")] == ["甲", "乙"]
    assert "1 甲：编号在导出文件里再次出现，只取第一份" in told


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("甲\n乙\n\n丙", "甲  \n乙\n\n丙"),
        ("甲<!--more-->\n\n<h3>乙</h3>\n丙", "甲\n\n### 乙\n\n丙"),
        ("<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>", "- 甲\n- 乙"),
        ("<strong>甲\n\n乙</strong>", "**甲**\n\n**乙**"),
        ('[caption id="a" width="3"]<img src="https://x.cn/a.png" /> 图一[/caption]',
         "![](https://x.cn/a.png) 图一"),
        ("[embed]https://v.cn/1[/embed]", "[https://v.cn/1](https://v.cn/1)"),
        ('[audio mp3="https://old.cn/a.mp3"][/audio]', "[a.mp3](/a.mp3)"),
        ("[contact-form-7 id=\"1\"]甲", '[contact-form-7 id="1"]甲'),
        ("<!-- wp:list --><ul><li>甲</li></ul><!-- /wp:list -->\n\n<!-- wp:separator --><hr/>",
         "- 甲\n\n---"),
        ("<!-- wp:quote --><blockquote><p>甲</p><cite>乙</cite></blockquote>", "> 甲\n>\n> 乙"),
        ("a ]]&gt; b ]]> c", "a ]]> b ]]> c"),
    ],
)  # fmt: skip
def test_posts_of_both_editors_become_markdown(move_in, content, body):
    move_in(wxr_item(1, content=content))
    assert Article.objects.get().body == body


def test_the_block_editors_footnotes_come_along(move_in):
    content = (
        '<!-- wp:paragraph --><p>甲<sup data-fn="ab-1" class="fn"><a href="#ab-1" id="ab-1-link">1'
        "</a></sup></p><!-- /wp:paragraph --><!-- wp:footnotes /-->"
    )
    move_in(wxr_item(1, content=content, meta={"footnotes": '[{"id":"ab-1","content":"注文"}]'}))
    assert Article.objects.get().body == "甲[^1]\n\n[^1]: 注文"


def test_a_gallery_shows_its_pictures(move_in):
    url = "https://www.old.cn/wp-content/uploads/2019/03/a.png"
    out = move_in(
        wxr_item(1, content='[gallery ids="9,10"]甲'),
        wxr_item(9, type="attachment", status="inherit", attachment=url),
    )
    assert "wp-content/uploads/2019/03/a.png" in Article.objects.get().body
    assert "缺失的图片：1" in out


@pytest.mark.parametrize("name", ["a.png", "a-300x200.png", "a-scaled.png"])
def test_a_resized_picture_is_found_by_its_original(move_in, tmp_path, name):
    (tmp_path / "up" / "2019").mkdir(parents=True)
    (tmp_path / "up" / "2019" / "a.png").write_bytes(make_image())
    content = f'<img src="http://old.cn/wp-content/uploads/2019/{name}" alt="流程">'
    move_in(wxr_item(1, content=content), arguments=["--uploads", str(tmp_path / "up")])
    assert Article.objects.get().images.count() == 1


CAPTION = '[caption id="a" width="3" caption="旧式"]<img src="https://x.cn/a.png">[/caption]'
COVER = (
    '<!-- wp:cover {"url":"https://x.cn/a.png"} --><div class="wp-block-cover" '
    'style="background-image:url(https://x.cn/a.png)"><p>甲</p></div><!-- /wp:cover -->'
)
AROUND = "甲\n\n乙\n\n<!-- wp:html -->\n<p>丙\n丁</p>\n<!-- /wp:html -->\n\n戊\n己"
CLASSIC = "<!-- wp:freeform -->\n甲\n\n乙\n<!-- /wp:freeform -->"


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (CAPTION, "![](https://x.cn/a.png) 旧式"),
        (COVER, "![](https://x.cn/a.png)\n\n甲"),
        (AROUND, "甲\n\n乙\n\n丙丁\n\n戊  \n己"),
        (CLASSIC, "甲\n\n乙"),
    ],
)
def test_what_both_editors_left_in_one_post_becomes_markdown(move_in, content, body):
    move_in(wxr_item(1, content=content))
    assert Article.objects.get().body == body


def test_a_reusable_block_is_written_where_it_is_used(move_in):
    block = "<!-- wp:paragraph --><p>请咨询律师。</p><!-- /wp:paragraph -->"
    used = '<!-- wp:block {{"ref":{}}} /-->'.format
    out = move_in(
        wxr_item(1, content=f"{used(8)}<!-- wp:latest-posts /-->{used(99)}"),
        wxr_item(8, type="wp_block", content=block + used(8)),
    )
    assert Article.objects.get().body.startswith("请咨询律师。")
    assert "由程序现算的区块不保留：latest-posts" in out
    assert "可重用区块99不在导出文件里" in out


def attachment(number, name, **values):
    url = f"https://www.old.cn/wp-content/uploads/2019/03/{name}"
    return wxr_item(number, type="attachment", status="inherit", attachment=url, **values)


def test_a_gallery_says_what_the_library_says(move_in):
    move_in(
        wxr_item(1, content="[gallery]"),
        attachment(9, "b.png", parent=1, excerpt="图<b>二</b>"),
        attachment(8, "a.png", parent=1, excerpt="图一", meta={"_wp_attachment_image_alt": "甲"}),
        attachment(7, "c.pdf", parent=1),
        attachment(6, "d.png", parent=2),
    )
    body = Article.objects.get().body
    assert body.startswith("![甲](wp-content/uploads/2019/03/a.png)")
    assert body.index("图一") < body.index("b.png") < body.index("图**二**")
    assert "c.pdf" not in body
    assert "d.png" not in body


def test_what_a_shortcode_shows_but_the_export_lacks_is_told(move_in):
    content = '[gallery ids="9,10"][playlist ids="11"][audio]'
    out = move_in(
        wxr_item(1, content=content, meta={"_thumbnail_id": 12}), attachment(11, "a%20b.mp3")
    )
    assert Article.objects.get().body == "[a b.mp3](/wp-content/uploads/2019/03/a b.mp3)".replace(
        "a b.mp3)", "a%20b.mp3)"
    )
    for words in ("附件9、10不在", "[audio]的附件不在", "特色图片12不在"):
        assert words in out


def test_a_picture_copied_by_wordpress_itself_is_the_sites_own(move_in, tmp_path):
    (tmp_path / "a.png").write_bytes(make_image())
    content = '<img src="https://i0.wp.com/www.old.cn/wp-content/uploads/a.png?resize=9&amp;ssl=1">'
    move_in(wxr_item(1, content=content), arguments=["--uploads", str(tmp_path)])
    assert Article.objects.get().images.get().name == "wp-content/uploads/a.png"


def test_a_tag_without_articles_and_a_file_that_no_text_shows_come_along(move_in, client, tmp_path):
    (tmp_path / "2019" / "03").mkdir(parents=True)
    (tmp_path / "2019" / "03" / "a.pdf").write_bytes(b"%PDF-1.4")
    move_in(wxr_item(1), attachment(9, "a.pdf"), arguments=["--uploads", str(tmp_path)])
    assert Tag.objects.get().name == "借条"
    assert client.get("/wp-content/uploads/2019/03/a.pdf")["Location"].endswith(".pdf")
    assert client.get("/tag/iou/")["Location"] == "/tags/jie-tiao/"


@pytest.mark.parametrize(
    ("others", "arguments", "hour"),
    [
        ("08:30", [], 8),
        ("09:30", [], 9),  # the clock of a site that never set its time zone
        ("08:30", ["--timezone", "Asia/Shanghai"], 1),
        ("08:30", ["--timezone", "UTC"], 9),
    ],
)
def test_a_draft_is_of_the_hour_that_the_sites_clock_told(move_in, others, arguments, hour):
    """A draft has no moment by Greenwich; its site's other posts tell how far off its clock is."""
    move_in(
        wxr_item(1, status="draft", gmt="0000-00-00 00:00:00"),
        *(wxr_item(n, gmt=f"2019-03-04 {others}:00") for n in (2, 3)),
        arguments=arguments,
    )
    moment = datetime(2019, 3, 4, hour, 30, tzinfo=UTC)
    assert Article.objects.get(pk=1).published_at == moment


# --- Addresses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    ["/2019/03/post-1/", "/2019/03/post-1", "/?p=1", "/index.php?p=1", "/2019/03/post-1/amp/"],
)
def test_an_old_address_leads_to_the_article(move_in, client, asked):
    move_in(wxr_item(1))
    assert client.get(asked)["Location"] == "/hf/1.html"


def test_a_blog_in_a_folder_has_its_addresses_there(move_in, client):
    site = "https://www.old.cn/blog"
    move_in(
        wxr_item(1, link=f"{site}/?p=1", guid=f"{site}/?p=1"),
        wxr_item(2, link=f"{site}/a/", guid=f"{site}/?p=2"),
        site=site,
    )
    for number in (1, 2):
        assert client.get(f"/blog/?p={number}")["Location"] == f"/hf/{number}.html"
    assert client.get("/blog/a/")["Location"] == "/hf/2.html"
    assert client.get("/blog/category/civil/")["Location"] == "/categories/civil/"
    for asked in ("/blog/", "/blog/?p=3"):
        assert client.get(asked).status_code == 404


@pytest.mark.parametrize(
    "asked",
    ["/category/civil/", "/category/civil/%E5%80%9F%E8%B4%B7/page/2/", "/?cat=2", "/tag/iou/",
     "/author/zhang/", "/feed/"],
)  # fmt: skip
def test_old_lists_lead_to_ours(move_in, client, asked):
    move_in(wxr_item(1, terms=[LOAN, ("post_tag", "iou", "借条")]))
    response = client.get(asked)
    assert response.status_code == 301
    assert client.get(response["Location"]).status_code == 200


def test_a_link_of_another_host_is_no_address_of_ours(move_in, client):
    move_in(wxr_item(1, link="https://evil.example/phish/"))
    assert client.get("/phish/").status_code == 404


# --- Again -------------------------------------------------------------------------------


def test_a_second_run_changes_nothing(move_in):
    move_in(wxr_item(1), wxr_item(2))
    before = list(Article.objects.values())
    assert "2 unchanged" in move_in(wxr_item(1), wxr_item(2))
    assert list(Article.objects.values()) == before


def test_a_number_already_taken_here_is_not_taken_again(move_in, client):
    make_article(id=1, title="本来就在")
    move_in(wxr_item(1))
    assert Article.objects.get(pk=1).title == "本来就在"
    moved = MovedArticle.objects.get().article
    assert client.get("/?p=1")["Location"] == moved.get_absolute_url()


# --- Broken and hostile --------------------------------------------------------------------


def test_characters_that_xml_forbids_are_passed_over(tmp_path):
    source = wxr(wxr_item(1, content="甲\x08乙\x0b丙\ufffe", title="丁&#8;戊&#x1F;"))
    path = tmp_path / "x.xml"
    path.write_bytes(b"\xef\xbb\xbf\n" + source)
    run(path)
    article = Article.objects.get()
    assert (article.body, article.title) == ("甲乙丙", "丁戊")


@pytest.mark.parametrize("chunk", [1, 5, 64])
def test_the_pieces_in_which_a_file_is_read_make_no_difference(monkeypatch, chunk):
    source = wxr(*(wxr_item(n, content=f"甲\x08&lt;{n}&#8212;&amp;\ufffe乙") for n in (1, 2)))
    zone = BEIJING
    whole = list(read_articles(read_site([io.BytesIO(source)], zone), io.BytesIO(source)))
    monkeypatch.setattr(parse_wordpress, "CHUNK", chunk)
    assert list(read_articles(read_site([io.BytesIO(source)], zone), io.BytesIO(source))) == whole


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (wxr(wxr_item(1), head='<!DOCTYPE rss [<!ENTITY a "b">]>\n'), "文档类型声明"),
        (wxr(wxr_item(1))[:-400], "损坏"),
        (b"<html><body>x</body></html>", "不是WordPress"),
        (b"<rss><channel></channel></rss>", "不是WordPress"),
        (b"PK\x03\x04", "损坏"),
        (b"", "损坏"),
    ],
)
def test_what_is_no_sound_export_is_refused(tmp_path, source, reason):
    path = tmp_path / "x.xml"
    path.write_bytes(source)
    with pytest.raises(CommandError, match=reason):
        run(path)


def test_an_entity_is_not_read(tmp_path):
    source = wxr(wxr_item(1, title="甲&xxe;乙"))
    path = tmp_path / "x.xml"
    path.write_bytes(source)
    with pytest.raises(CommandError):
        run(path)


LINE = st.lists(
    st.sampled_from(["甲", "乙 ", "<b>丙</b>", "\n", "\n\n", "<ul>\n<li>丁</li>\n</ul>"])
)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(LINE.map("".join))
def test_breaking_lines_loses_no_word(content):
    def bare(text):
        return "".join(text.replace("<br>", "").split())

    assert bare(paragraphs(content)) == bare(content)


def test_a_text_of_many_line_ends_takes_no_time(move_in):
    move_in(wxr_item(1, content="甲\n" * 4_000 + "<" * 200 + PARAGRAPH))
    assert Article.objects.count() == 1
