"""A Z-BlogPHP moves in: ids, addresses, dates, tags, authors, pictures, words; nothing is lost."""

import base64
import io
import json
import sqlite3
from contextlib import closing
from datetime import datetime
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import publishing, redirects
from articles.importing import moving
from articles.models import Article, Author, Category, MovedArticle, Redirect, Tag
from tests.articles.importing.old_sites import (
    FIRST,
    OPTIONS,
    PARAGRAPH,
    make_zblog,
    seconds,
    serialized,
    zblog_dump,
    zblog_rows,
)
from tests.factories import BEIJING, make_article, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def move_in(tmp_path):
    """Run the command over a site of these posts; return what it wrote."""

    def move_in(*posts, options=None, arguments=(), tables=None, **values):
        path = tmp_path / "zbp.db"
        path.unlink(missing_ok=True)
        make_zblog(path, zblog_rows(*posts, options=options, **(tables or {})), **values)
        return run(str(path), *arguments)

    return move_in


def run(*arguments) -> str:
    out = io.StringIO()
    call_command("import_zblog", *arguments, stdout=out, stderr=out)
    return out.getvalue()


# --- What comes in ---------------------------------------------------------------------


def test_an_article_comes_in_with_all_that_the_database_says(move_in):
    out = move_in(
        {
            "ID": 1199564,
            "Tag": "{1}{5}{12}",
            "Title": "借条&amp;欠条",
            "Intro": "<p>手写的摘要。</p>",
            "UpdateTime": seconds(2022, 1, 2, 3, 4),
        }
    )
    article = Article.objects.get(pk=1199564)
    assert article.title == "借条&欠条"
    assert str(article.category) == "金融债务 / 民间借贷"
    assert [author.name for author in article.signers] == ["合飞律师"]
    assert sorted(article.tags.names()) == ["LPR", "借条", "诉讼时效"]
    assert article.published_at == datetime(2021, 3, 4, 9, 30, tzinfo=BEIJING)
    assert article.updated_at == datetime(2022, 1, 2, 3, 4, tzinfo=BEIJING)
    assert article.summary == "手写的摘要。"
    assert article.is_visible
    assert (
        article.body
        == "根据《中华人民共和国民法典》第六百七十五条，借款人应当按照约定的期限返还借款。"
    )
    assert "1 created" in out


def test_an_articles_neighbours_are_there_at_once(move_in):
    move_in({"ID": 1}, {"ID": 2, "PostTime": seconds(2021, 3, 5)})
    older, newer = Article.objects.get(pk=2).neighbours()
    assert older.pk == 1
    assert newer is None


@pytest.mark.parametrize(
    ("status", "state"),
    [(0, "published"), (1, "draft"), (2, "in_review"), (4, "draft"), (8, "draft")],
)
def test_each_status_has_its_state(move_in, status, state):
    move_in({"ID": 1, "Status": status})
    assert Article.objects.get().state == state


def test_an_article_of_a_day_to_come_is_scheduled(move_in):
    out = move_in({"ID": 1, "PostTime": seconds(2099, 1, 1)})
    assert not Article.objects.get().is_visible
    assert "1 articles scheduled" in out


def test_pages_come_in_as_drafts_of_their_own_category(move_in):
    move_in({"ID": 3, "Type": 1, "Title": "关于我们", "Alias": "about"})
    article = Article.objects.get(pk=3)
    assert (str(article.category), article.state) == ("单页", "draft")


def test_categories_come_in_with_their_tree_though_empty(move_in):
    move_in({"ID": 1})
    assert {str(category) for category in Category.objects.all()} == {
        "金融债务",
        "金融债务 / 民间借贷",
        "空栏目",
    }
    root = Category.objects.get(name="金融债务")
    assert (root.slug, root.intro, root.position) == ("jinrong", "借钱还钱。", 2)


def test_authors_and_tags_keep_what_their_pages_said(move_in):
    move_in({"ID": 1, "Tag": "{12}"})
    assert Author.objects.get().bio == "执业十年。"
    assert Tag.objects.get(name="诉讼时效").intro == "三年。"


def test_a_tag_without_articles_comes_in_and_one_spelled_twice_is_one(move_in, client):
    tags = [{"ID": 1, "Name": "借条"}, {"ID": 2, "Name": "LPR"}, {"ID": 3, "Name": "ｌｐｒ"}]
    out = move_in({"ID": 1, "Tag": "{1}"}, tables={"tag": tags})
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["LPR", "借条"]
    assert "ｌｐｒ：标签写作LPR" in out
    for number in (2, 3):
        assert client.get(f"/?tags={number}")["Location"] == "/tags/lpr/"


def test_a_rehearsal_tells_what_becomes_one(move_in):
    out = move_in(
        {"ID": 1, "Tag": ""},
        tables={
            "tag": [{"ID": 2, "Name": "LPR"}, {"ID": 3, "Name": "ｌｐｒ"}],
            "category": [{"ID": 1, "Name": "借贷"}, {"ID": 2, "Name": "借贷"}],
        },
        arguments=["--dry-run"],
    )
    assert "ｌｐｒ：标签写作LPR" in out
    assert "借贷：同名栏目合并" in out
    assert not Tag.objects.exists()


def test_an_author_without_articles_is_counted(move_in):
    assert "没有文章的用户 1" in move_in({"ID": 1})


@pytest.mark.parametrize(
    "intro",
    [
        "",
        f"{PARAGRAPH[:30]}<!--autointro-->",
        PARAGRAPH[:40],
        "<p>根据《中华人民共和国民法典》...</p>",
    ],
)
def test_an_intro_that_was_cut_off_the_text_is_no_summary(move_in, intro):
    move_in({"ID": 1, "Intro": intro})
    assert Article.objects.get().summary == ""


def test_words_are_the_same_and_citations_are_there_to_find(move_in):
    html = "<div><span style='color:red'>一、<b>先留证据</b></span><br>二、**再起诉**</div>"
    move_in({"ID": 1, "Content": html + "<p>&nbsp;</p>" + PARAGRAPH})
    assert Article.objects.get().body.startswith("一、**先留证据**  \n二、**再起诉**\n\n根据《")


# --- What is odd is told ---------------------------------------------------------------


def test_a_tag_column_cut_at_its_end_loses_no_whole_tag(move_in):
    column = "{1}{5}" + "{12}" * 60
    out = move_in({"ID": 1, "Tag": column[:247] + "{1"})
    assert sorted(Article.objects.get().tags.names()) == ["LPR", "借条", "诉讼时效"]
    assert "标签栏被截断" in out


def test_a_whole_number_at_the_cut_is_no_tag(move_in):
    move_in({"ID": 1, "Tag": "{5}{12"})
    assert list(Article.objects.get().tags.names()) == ["LPR"]


@pytest.mark.parametrize(
    ("post", "told"),
    [
        ({"Tag": "{99}"}, "标签99不存在"),
        ({"AuthorID": 9}, "作者9不存在"),
        ({"CateID": 9}, "栏目9不存在，归入未分类"),
        ({"Status": 7}, "状态7不明"),
        ({"PostTime": 0, "UpdateTime": 0}, "没有发布时间"),
        ({"IsTop": 2}, "置顶"),
        ({"Title": "长" * 130}, "标题超过120字"),
        ({"Content": ""}, "正文为空"),
        ({"Meta": serialized({"description": "一句话"})}, "扩展字段不保留：description=一句话"),
        ({"Meta": "a:9:{"}, "扩展字段无法读取"),
        ({"Content": '<img src="{#ZC_BLOG_HOST#}zb_users/upload/x.png">'}, "zb_users/upload/x.png"),
        ({"Content": "<p>甲</p><p>扫描二维码推送至手机访问。</p>"}, "扫描二维码"),
    ],
)
def test_what_cannot_come_as_it_was_is_told(move_in, post, told):
    assert told in move_in({"ID": 1} | post)
    assert Article.objects.count() == 1


def test_what_is_not_carried_is_counted(move_in):
    out = move_in({"ID": 1})
    assert "评论 1" in out
    assert "侧栏模块 1" in out


def test_a_body_too_long_is_named_and_the_rest_comes_in(move_in, tmp_path):
    with pytest.raises(SystemExit):
        move_in({"ID": 1, "Content": "长" * 100_001}, {"ID": 2})
    assert list(Article.objects.values_list("pk", flat=True)) == [2]


def test_a_title_too_long_is_kept_in_the_text(move_in):
    move_in({"ID": 1, "Title": "长" * 130})
    assert Article.objects.get().body.startswith("长" * 130)


def test_a_category_in_a_circle_ends_somewhere(move_in):
    categories = [{"ID": 1, "Name": "甲", "ParentID": 2}, {"ID": 2, "Name": "乙", "ParentID": 1}]
    move_in({"ID": 1, "CateID": 1}, tables={"category": categories})
    assert str(Article.objects.get().category) == "乙 / 甲"


def test_a_rule_under_many_articles_is_no_line_of_the_template(move_in):
    posts = [{"ID": n, "Content": f"<p>各不相同{n}。</p>{PARAGRAPH * 2}"} for n in range(1, 25)]
    assert "清理" not in move_in(*posts)
    assert Article.objects.filter(body__contains="第六百七十五条").count() == 24


def test_lines_under_many_articles_are_left_out_and_told(move_in):
    posts = [
        {"ID": n, "Content": f"{PARAGRAPH}<p>各不相同{n}。</p><p>本所专办借贷，电话等你来</p>"}
        for n in range(1, 25)
    ]
    out = move_in(*posts)
    assert not Article.objects.filter(body__contains="电话等你来").exists()
    assert Article.objects.filter(body__contains="各不相同").count() == 24
    assert "各篇文末重复的一行" in out
    move_in(*posts, arguments=["--keep-closings"])


def test_every_message_can_be_had_in_a_file(move_in, tmp_path):
    path = tmp_path / "report.jsonl"
    move_in({"ID": 1, "Tag": "{99}"}, arguments=["--report", str(path)])
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    assert {"kind": "note", "where": "1 第1篇", "what": "标签99不存在"} in entries


# --- Addresses -------------------------------------------------------------------------

RULES = [
    ({}, {"ID": 7}, "/post/7.html"),
    ({}, {"ID": 7}, "/?id=7"),
    ({}, {"ID": 7}, "/view.php?id=7"),
    ({"ZC_ARTICLE_REGEX": "{%host%}?id={%id%}"}, {"ID": 7}, "/?id=7"),
    (
        {"ZC_ARTICLE_REGEX": "{%host%}{%alias%}.html"},
        {"ID": 7, "Alias": "jie-tiao"},
        "/jie-tiao.html",
    ),
    ({"ZC_ARTICLE_REGEX": "{%host%}{%alias%}.html"}, {"ID": 7}, "/%E7%AC%AC7%E7%AF%87.html"),
    (
        {"ZC_ARTICLE_REGEX": "{%host%}{%alias%}.html", "ZC_POST_ALIAS_USE_ID_NOT_TITLE": True},
        {"ID": 7},
        "/7.html",
    ),
    (
        {"ZC_ARTICLE_REGEX": "{%host%}{%year%}/{%month%}/{%day%}/{%id%}/"},
        {"ID": 7},
        "/2021/03/04/7/",
    ),
    (
        {"ZC_ARTICLE_REGEX": "{%host%}{%category%}/{%id%}.html"},
        {"ID": 7, "CateID": 1},
        "/jinrong/7.html",
    ),
    (
        {"ZC_ARTICLE_REGEX": "{%host%}{%category%}/{%id%}.html"},
        {"ID": 7, "CateID": 0},
        "/%E6%9C%AA%E5%91%BD%E5%90%8D/7.html",
    ),
    (
        {"ZC_ARTICLE_REGEX": "{%host%}{%author%}/{%id%}.html"},
        {"ID": 7, "AuthorID": 2},
        "/editor/7.html",
    ),
]


@pytest.mark.parametrize(("options", "post", "asked"), RULES)
def test_an_old_address_leads_to_the_article(move_in, client, options, post, asked):
    move_in(post, options=options)
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (301, "/hf/7.html")


def test_an_address_that_stays_needs_no_redirect(move_in, client):
    move_in({"ID": 7}, options={"ZC_ARTICLE_REGEX": "{%host%}hf/{%id%}.html"})
    assert client.get("/hf/7.html").status_code == 200
    assert not Redirect.objects.filter(path="/hf/7.html").exists()


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/category-1.html", "/categories/jinrong/"),
        ("/category-1_4.html", "/categories/jinrong/"),
        ("/?cate=1", "/categories/jinrong/"),
        ("/tags-lpr.html", "/tags/lpr/"),
        ("/tags-%E5%80%9F%E6%9D%A1.html", "/tags/jie-tiao/"),
        ("/?tags=1", "/tags/jie-tiao/"),
        ("/author-1.html", "/authors/he-fei-lyu-shi/"),
        ("/feed.php", "/feeds/articles/"),
    ],
)
def test_old_lists_lead_to_ours(move_in, client, asked, page):
    move_in({"ID": 7, "Tag": "{1}{5}"})
    response = client.get(asked)
    assert response.status_code == 301
    assert client.get(response["Location"]).status_code == 200
    assert response["Location"].split("/")[1] == page.split("/")[1]


# --- Pictures and files ------------------------------------------------------------------


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "old" / "zb_users" / "upload" / "2021" / "03"
    folder.mkdir(parents=True)
    (folder / "图 1.png").write_bytes(make_image())
    (folder / "a.pdf").write_bytes(b"%PDF-1.4")
    (folder / "x.html").write_bytes(b"<script>")
    (folder / "bad.jpg").write_bytes(b"no picture")
    return tmp_path / "old"


SHOWN = '<p><img src="{#ZC_BLOG_HOST#}zb_users/upload/2021/03/图 1.png" alt="第1篇"></p>'


@pytest.mark.parametrize("part", ["", "zb_users", "zb_users/upload", "zb_users/upload/2021"])
def test_pictures_come_along_wherever_the_folder_begins(move_in, client, uploads, part):
    move_in({"ID": 1, "Content": SHOWN}, arguments=["--uploads", str(uploads / part)])
    article = Article.objects.get()
    picture = article.images.get()
    assert picture.name == "zb_users/upload/2021/03/图 1.png"
    assert picture.width == 80
    assert "<img" in article.body_html
    moved = client.get("/zb_users/upload/2021/03/%E5%9B%BE%201.png")
    assert moved["Location"].endswith(".png")
    served = client.get(moved["Location"])
    assert served.status_code == 200
    served.close()


@pytest.mark.parametrize("host", ["http://www.hefeilaws.com/", "https://hefeilaws.com/", "/", ""])
def test_pictures_are_known_by_any_address_of_the_old_host(move_in, uploads, host):
    html = f'<img src="{host}zb_users/upload/2021/03/图 1.png">'
    arguments = ["--uploads", str(uploads), "--host", "https://www.hefeilaws.com/"]
    move_in({"ID": 1, "Content": html}, arguments=arguments)
    assert Article.objects.get().images.count() == 1


@pytest.mark.parametrize("host", ["http://www.example.com/", "https://cdn.old.example/"])
def test_pictures_are_known_by_our_own_host_and_by_their_place(move_in, uploads, host):
    html = f'<img src="{host}zb_users/upload/2021/03/图 1.png">'
    move_in({"ID": 1, "Content": html}, arguments=["--uploads", str(uploads)])
    assert Article.objects.get().images.count() == 1


def test_a_title_keeps_its_signs(move_in):
    move_in({"ID": 1, "Title": "若a<b且c>d，<b>AT&amp;T</b>"})
    assert Article.objects.get().title == "若a<b且c>d，AT&T"


def test_the_mark_where_a_list_cuts_a_text_is_no_rule(move_in):
    move_in({"ID": 1, "Content": '<p>甲</p><hr class="more" /><p>乙</p>'})
    assert Article.objects.get().body == "甲\n\n乙"


def test_files_are_offered_from_media(move_in, client, uploads):
    html = '<p><a href="{#ZC_BLOG_HOST#}zb_users/upload/2021/03/a.pdf">合同</a></p>'
    move_in({"ID": 1, "Content": html}, arguments=["--uploads", str(uploads)])
    assert "[合同](/media/files/" in Article.objects.get().body
    assert client.get("/zb_users/upload/2021/03/a.pdf").status_code == 301


@pytest.mark.parametrize(
    "name", ["x.html", "../../../../../etc/passwd", "a.pdf/../x.html", "\0.png"]
)
def test_nothing_else_is_offered(move_in, uploads, name, settings):
    html = f'<p><a href="/zb_users/upload/2021/03/{name}">甲</a><img src="/{name}"></p>'
    move_in({"ID": 1, "Content": html}, arguments=["--uploads", str(uploads)])
    assert "/media/" not in Article.objects.get().body
    assert not Article.objects.get().images.exists()


def test_a_broken_picture_is_told_and_the_article_comes_in(move_in, uploads):
    html = '<img src="/zb_users/upload/2021/03/bad.jpg">' + PARAGRAPH
    out = move_in({"ID": 1, "Content": html}, arguments=["--uploads", str(uploads)])
    assert "不接收的图片：1" in out
    assert Article.objects.get().images.count() == 0


def test_a_picture_written_into_the_text_is_taken_out_of_it(move_in):
    picture = base64.b64encode(make_image()).decode()
    move_in({"ID": 1, "Content": f'<p>甲<img src="data:image/png;base64,{picture}"></p>'})
    article = Article.objects.get()
    assert article.images.get().name.startswith("inline/")
    assert "base64" not in article.body


def test_pictures_found_later_come_in_without_touching_the_words(move_in, uploads):
    move_in({"ID": 1, "Content": SHOWN + PARAGRAPH})
    Article.objects.update(body=f"改过。\n\n{Article.objects.get().body}")
    assert MovedArticle.objects.get().missing
    out = move_in({"ID": 1, "Content": SHOWN + PARAGRAPH}, arguments=["--uploads", str(uploads)])
    assert "1 updated" in out
    assert Article.objects.get().images.count() == 1
    assert Article.objects.get().body.startswith("改过。")
    assert "1 unchanged" in move_in({"ID": 1, "Content": SHOWN + PARAGRAPH})


# --- Again, and interrupted --------------------------------------------------------------


def test_a_second_run_changes_nothing_and_keeps_what_editors_changed(move_in):
    move_in({"ID": 1}, {"ID": 2})
    Article.objects.filter(pk=1).update(title="编辑改过的标题")
    before = list(Article.objects.values())
    assert "2 unchanged" in move_in({"ID": 1}, {"ID": 2})
    assert list(Article.objects.values()) == before


def test_an_article_changed_over_there_comes_in_again(move_in):
    move_in({"ID": 1})
    assert "1 updated" in move_in({"ID": 1, "Title": "新标题"})
    assert Article.objects.get().title == "新标题"


def test_what_was_deleted_here_does_not_come_back(move_in):
    move_in({"ID": 1}, {"ID": 2})
    Article.objects.get(pk=1).delete()
    assert "1 deleted here since" in move_in({"ID": 1}, {"ID": 2})
    assert Article.objects.count() == 1


def test_what_was_withdrawn_here_stays_withdrawn(move_in):
    move_in({"ID": 1})
    publishing.withdraw(Article.objects.get())
    move_in({"ID": 1, "Title": "新标题"})
    assert Article.objects.get().state == "withdrawn"


def test_a_number_already_taken_here_is_not_taken_again(move_in, client):
    own = make_article(id=7, title="本来就在")
    out = move_in({"ID": 7})
    assert "编号7已被别的文章占用" in out
    own.refresh_from_db()
    assert own.title == "本来就在"
    moved = Article.objects.exclude(pk=7).get()
    assert client.get("/post/7.html")["Location"] == moved.get_absolute_url()


def test_two_old_sites_do_not_take_each_others_articles(move_in):
    move_in({"ID": 1, "Title": "甲站"})
    move_in({"ID": 1, "Title": "乙站"}, options={"ZC_BLOG_CLSID": "0000-1111"})
    assert sorted(Article.objects.values_list("title", flat=True)) == ["乙站", "甲站"]


class Killed(BaseException):
    pass


@pytest.mark.parametrize(
    "place",
    [
        "publishing.renew",
        "publishing.announce",
        "redirects.record",
        "sign",
        "bulk.count_on_from",
        "MovedArticle.save",
    ],
)
def test_a_kill_leaves_all_of_an_article_or_nothing(move_in, monkeypatch, place):
    """Stopped in the second article at each step; the next run completes it."""
    monkeypatch.setattr(moving, "TOGETHER", 1)
    calls = []
    owner, _, name = place.rpartition(".")
    target = getattr(moving, owner) if owner else moving
    original = getattr(target, name)

    def kill_at_the_second(*args, **kwargs):
        calls.append(1)
        if len(calls) > (2 if place == "redirects.record" else 1):
            raise Killed
        return original(*args, **kwargs)

    posts = [{"ID": n, "Tag": "{1}", "Title": f"标题{n}"} for n in (1, 2, 3)]
    monkeypatch.setattr(target, name, kill_at_the_second)
    with pytest.raises(Killed):
        move_in(*posts)
    monkeypatch.undo()
    assert [article.tags.count() for article in Article.objects.all()] == [1]
    out = move_in(*posts)
    assert "2 created" in out
    assert "1 unchanged" in out
    assert Article.objects.count() == MovedArticle.objects.count() == 3


def test_a_rehearsal_keeps_nothing_and_tells_all(move_in, uploads, settings):
    post = {"ID": 1, "Tag": "{99}", "Content": SHOWN}
    out = move_in(post, arguments=["--dry-run", "--uploads", str(uploads)])
    assert "标签99不存在" in out
    assert "1 created" in out
    assert "/post/1.html：/hf/1.html" in out
    for model in (Article, Category, Tag, Author, MovedArticle, Redirect):
        assert not model.objects.exists()
    assert not settings.MEDIA_ROOT.exists()


# --- Databases ---------------------------------------------------------------------------


def test_a_database_of_the_first_release(tmp_path, client):
    rows = zblog_rows({"ID": 9, "Tag": "{1}"})
    rows["config"] = [{"Name": "system", "Value": serialized(OPTIONS)}]
    path = make_zblog(tmp_path / "old.db", rows, tables=FIRST, prefix="myblog_", post="Log")
    run(str(path))
    article = Article.objects.get(pk=9)
    assert article.published_at == datetime(2021, 3, 4, 9, 30, tzinfo=BEIJING)
    assert client.get("/post/9.html")["Location"] == "/hf/9.html"


def test_a_dump_says_the_same_as_the_database(tmp_path, move_in):
    posts = [
        {"ID": 1, "Tag": "{1}{12}", "Title": 'It\'s; \\ "一"', "Content": "<p>甲\r\n'乙'\\n</p>"},
        {"ID": 2, "Title": "007", "Status": 1},
    ]
    move_in(*posts)
    kept = list(
        Article.objects.order_by("pk").values("pk", "title", "body", "published_at", "state")
    )
    Article.objects.all().delete()
    MovedArticle.objects.all().delete()
    path = tmp_path / "dump.sql"
    path.write_bytes(zblog_dump(zblog_rows(*posts)))
    run(str(path))
    values = Article.objects.order_by("pk").values("pk", "title", "body", "published_at", "state")
    assert list(values) == kept


def test_options_may_be_broken(move_in):
    config = [{"Name": "system", "Key": "ZC_ARTICLE_REGEX", "Value": 's:99:"x";'}]
    assert "无法读取" in move_in({"ID": 1}, tables={"config": config})
    assert redirects.find("/", "id=1") == "/hf/1.html"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"** This file contains an SQLite 2.1 database **", "SQLite 2"),
        (b"\x89PNG\0", "既不是SQLite"),
        (b"SQLite format 3\0" + b"x" * 100, "SQLite"),
        (b"just words", "没有Z-BlogPHP"),
    ],
)
def test_what_is_no_such_database_is_refused(tmp_path, content, reason):
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=reason):
        run(str(path))


def test_two_blogs_in_one_database_need_a_choice(tmp_path):
    path = make_zblog(tmp_path / "x.db", zblog_rows({"ID": 1}))
    make_zblog(path, zblog_rows({"ID": 2}), prefix="two_")
    with pytest.raises(CommandError, match="--prefix"):
        run(str(path))
    run(str(path), "--prefix", "two_")
    assert Article.objects.get().pk == 2


def test_a_database_is_only_read(tmp_path):
    path = make_zblog(tmp_path / "x.db", zblog_rows({"ID": 1}))
    before = path.read_bytes()
    run(str(path))
    assert path.read_bytes() == before


def test_moments_keep_their_time(move_in):
    move_in({"ID": 1, "PostTime": seconds(2019, 12, 31, 23, 59, 58)})
    assert timezone.localtime(Article.objects.get().published_at).second == 58


# --- The site's own address ---------------------------------------------------------------


def piped(address):
    """Return an address as Z-BlogPHP keeps it since 1.7."""
    return "".join(f"{character}|" for character in address)


def test_the_mark_of_the_sites_address_is_read_wherever_it_stands(move_in, client):
    content = '<p>见<a href="{#ZC_BLOG_HOST#}?id=2">{#ZC_BLOG_HOST#}?id=2</a></p>'
    move_in(
        {"ID": 1, "Title": "从{#ZC_BLOG_HOST#}来", "Content": content},
        options={"ZC_BLOG_HOST": piped("https://www.old.cn/blog/")},
    )
    article = Article.objects.get()
    assert article.title == "从https://www.old.cn/blog/来"
    assert "[https://www.old.cn/blog/?id=2](/blog/?id=2)" in article.body
    assert client.get("/blog/post/1.html")["Location"] == "/hf/1.html"
    assert client.get("/blog/?id=1")["Location"] == "/hf/1.html"
    assert client.get("/blog/?cate=2&page=3")["Location"] == "/categories/min-jian-jie-dai/"


def test_the_address_that_the_operator_gives_comes_first(move_in, client):
    move_in(
        {"ID": 1, "Content": "<p>{#ZC_BLOG_HOST#}</p>"},
        options={"ZC_BLOG_HOST": "http://localhost/"},
        arguments=["--host", "https://www.old.cn/law"],
    )
    assert Article.objects.get().body == "https://www.old.cn/law/"
    assert client.get("/law/post/1.html")["Location"] == "/hf/1.html"


def test_an_address_of_the_programs_own_machine_is_none(move_in):
    move_in(
        {"ID": 1, "Content": '<p><a href="http://localhost/?id=1">甲</a>{#ZC_BLOG_HOST#}x</p>'},
        options={"ZC_BLOG_HOST": "http://localhost/"},
    )
    assert Article.objects.get().body == "[甲](/?id=1)/x"


# --- Files that no text shows ---------------------------------------------------------------


@pytest.mark.parametrize("by_day", [False, True])
def test_a_file_that_no_text_shows_comes_along(move_in, client, tmp_path, by_day):
    folder = tmp_path / "zb_users" / "upload" / "2019" / "03"
    folder = folder / "04" if by_day else folder
    folder.mkdir(parents=True)
    (folder / "合同 范本.pdf").write_bytes(b"%PDF-1.4")
    uploads = [
        {"ID": 1, "Name": "合同 范本.pdf", "PostTime": seconds(2019, 3, 4, 0, 30)},
        {"ID": 2, "Name": "gone.png", "PostTime": seconds(2019, 3, 4)},
    ]
    run_it = partial(
        move_in,
        {"ID": 1},
        tables={"upload": uploads},
        options={"ZC_UPLOAD_DIR_YEARMONTHDAY": by_day},
        arguments=["--uploads", str(tmp_path)],
    )
    out = run_it()
    assert "1 files that no text shows" in out
    assert "缺失的附件：1" in out
    day = "04/" if by_day else ""
    old = f"/zb_users/upload/2019/03/{day}%E5%90%88%E5%90%8C%20%E8%8C%83%E6%9C%AC.pdf"
    assert client.get(old)["Location"].endswith(".pdf")
    assert "files that no text shows" not in run_it()


def test_without_a_folder_the_files_are_counted(move_in):
    assert "上传的文件（未指明--uploads） 1" in move_in(
        {"ID": 1}, tables={"upload": [{"ID": 1, "Name": "a.pdf", "PostTime": 1}]}
    )


def test_a_database_of_the_old_encoding_is_read(tmp_path):
    path = make_zblog(tmp_path / "old.db", zblog_rows({"ID": 7}))
    with closing(sqlite3.connect(path)) as database:
        title, content = "借条怎么写".encode("gb18030"), "<p>写明金额。</p>".encode("gb18030")
        database.execute(
            "UPDATE zbp_post SET log_Title = CAST(? AS TEXT), log_Content = CAST(? AS TEXT)",
            (title, content),
        )
        database.commit()
    run(str(path))
    article = Article.objects.get(pk=7)
    assert (article.title, article.body) == ("借条怎么写", "写明金额。")


def test_a_text_cut_within_a_character_is_still_utf_8(tmp_path):
    path = make_zblog(tmp_path / "old.db", zblog_rows({"ID": 7, "Title": "借条"}))
    with closing(sqlite3.connect(path)) as database:
        cut = "<p>借款到期不还。".encode()[:-1]
        database.execute("UPDATE zbp_post SET log_Content = CAST(? AS TEXT)", (cut,))
        database.commit()
    assert "7 借条：有无法识别的文字" in run(str(path))
    assert Article.objects.get(pk=7).body.startswith("借款到期不还")


def test_a_text_of_no_known_encoding_is_told(tmp_path):
    path = make_zblog(tmp_path / "old.db", zblog_rows({"ID": 7, "Title": "借条"}))
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE zbp_post SET log_Content = CAST(X'3C703EFFFEFF' AS TEXT)")
        database.commit()
    assert "7 借条：有无法识别的文字" in run(str(path))
