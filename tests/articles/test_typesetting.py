"""The form of a body: what each part that an author writes looks like on the page."""

import pytest
from lxml.html import fragment_fromstring

from articles.rendering import render
from articles.typesetting import Heading, Picture

PICTURES = {
    "images/steps.png": Picture(
        "/media/images/ab/ab.png",
        1600,
        900,
        smaller=((320, "/media/images/ab/ab-320.png"), (720, "/media/images/ab/ab-720.png")),
    ),
    "图 一.png": Picture("/media/images/cd/cd.png", 80, 60),
}


def tree(source, **options):
    """Return the rendered body as a tree under one div."""
    return fragment_fromstring(render(source, **options).html, create_parent="div")


def html(source, **options):
    """Return the rendered body without line ends: they mean nothing between blocks."""
    return render(source, **options).html.replace("\n", "")


def texts(root, path):
    return [element.text_content().strip() for element in root.findall(path)]


# --- Paragraphs and lines --------------------------------------------------------------


def test_old_systems_bold_and_italic_become_strong_and_emphasis():
    assert html("<p><b>甲</b><i>乙</i></p>") == "<p><strong>甲</strong><em>乙</em></p>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<div>甲</div>", "<p>甲</p>"),
        ("<div>甲<p>乙</p>丙</div>", "<p>甲</p><p>乙</p><p>丙</p>"),
        ("<div><div><p>甲</p></div></div>", "<p>甲</p>"),
        ('<p style="text-indent:2em">　　甲</p>', "<p>甲</p>"),
        ("<p>&nbsp;&nbsp;甲</p>", "<p>甲</p>"),
        ("<p>甲</p><p>&nbsp;</p><p>　</p><p>乙</p>", "<p>甲</p><p>乙</p>"),
        ('<p><font color="red"><span class="x">甲</span></font></p>', "<p>甲</p>"),
        ("<p>甲<br/>乙</p>", "<p>甲<br>乙</p>"),
        ("<P ALIGN=center>甲</P>", "<p>甲</p>"),
        ("<p>甲<o:p></o:p></p>", "<p>甲</p>"),
        ("<center>甲</center>", "<p>甲</p>"),
        ("<p>甲", "<p>甲</p>"),
        ("<!-- 注 --><p>甲</p>", "<p>甲</p>"),
    ],
)
def test_raw_html_of_old_systems_becomes_plain_elements(source, expected):
    assert html(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("第一行\n第二行", "<p>第一行第二行</p>"),
        ("第一行，\n第二行", "<p>第一行，第二行</p>"),
        ("第一行\nLPR 上浮", "<p>第一行LPR 上浮</p>".replace("行LPR", "行\nLPR")),
        ("the first\nthe second", "<p>the first\nthe second</p>"),
        ("中**文**\n字", "<p>中<strong>文</strong>字</p>"),
        ("中\n**文**字", "<p>中<strong>文</strong>字</p>"),
        ("**中**\n*文*", "<p><strong>中</strong><em>文</em></p>"),
        ("见[甲](/hf/1.html)\n和乙", '<p>见<a href="/hf/1.html">甲</a>和乙</p>'),
        ("换行  \n第二行", "<p>换行<br>第二行</p>"),
        ("- 第一行\n  第二行", "<ul>\n<li>第一行第二行</li>\n</ul>"),
        ("> 第一行\n> 第二行", "<blockquote>\n<p>第一行第二行</p>\n</blockquote>"),
    ],
)
def test_joined_lines_add_no_space_between_chinese_characters(source, expected):
    assert render(source).html == expected


# --- Headings --------------------------------------------------------------------------


def test_headings_begin_at_the_second_level_and_skip_none():
    rendered = render("# 甲\n\n#### 乙\n\n##### 丙\n\n# 丁\n\n### 戊")
    assert [(heading.level, heading.text) for heading in rendered.contents] == [
        (2, "甲"),
        (3, "乙"),
        (4, "丙"),
        (2, "丁"),
        (3, "戊"),
    ]
    assert "<h1" not in rendered.html


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("法院怎么判？", "法院怎么判"),
        ("一、先留证据", "一-先留证据"),
        ("Ｐ２Ｐ网贷", "s-p2p网贷"),
        ("fn-1", "s-fn-1"),  # an id of our own
        ("main", "s-main"),
        ("2026年的新法", "s-2026年的新法"),
        ("？！……", "节"),
        ("**粗**的标题", "粗的标题"),
        ("字" * 60, "字" * 40),
    ],
)
def test_anchors_are_readable(heading, anchor):
    assert render(f"## {heading}").contents[0].id == anchor


def test_anchors_are_unique():
    rendered = render("## 结论\n\n## 结论\n\n### 结论\n\n## 结论-2")
    ids = [heading.id for heading in rendered.contents]
    assert ids[:3] == ["结论", "结论-2", "结论-3"]
    assert len(set(ids)) == 4


def test_an_anchor_stays_when_other_headings_come_and_go():
    before = render("## 甲\n\n## 先留证据").contents[1]
    after = render("## 新的一节\n\n文字\n\n### 小节\n\n## 先留证据").contents[2]
    assert before.id == after.id == "先留证据"


def test_a_heading_links_to_itself_by_its_anchor():
    root = tree("## 先留证据")
    link = root.find("h2/a[@class='heading-anchor']")
    assert root.find("h2").get("id") == "先留证据"
    assert link.get("href") == "#%E5%85%88%E7%95%99%E8%AF%81%E6%8D%AE"
    assert link.get("aria-label") == "本节链接：先留证据"
    assert link.text_content() == ""


def test_contents_name_every_heading():
    assert render("## 甲\n\n### 乙").contents == (Heading(2, "甲", "甲"), Heading(3, "乙", "乙"))


@pytest.mark.parametrize("source", ["##", "## ", "<h2></h2>", "<h3> </h3>", "# <b></b>"])
def test_an_empty_heading_is_dropped(source):
    rendered = render(f"甲\n\n{source}\n\n乙")
    assert rendered.contents == ()
    assert "<h" not in rendered.html


@pytest.mark.parametrize(
    "first",
    [
        "# 没有借条，怎么办？",
        "#没有借条，怎么办？",
        "<h1>没有借条，怎么办？</h1>",
        "# 没有借条,怎么办?",
    ],
)
def test_a_title_repeated_at_the_head_of_the_body_is_dropped(first):
    rendered = render(f"{first}\n\n正文", title="没有借条，怎么办？")
    assert rendered.text == "正文"
    assert rendered.contents == ()


def test_a_first_heading_other_than_the_title_stays():
    assert render("# 先说结论\n\n正文", title="没有借条").contents[0].text == "先说结论"
    assert render("正文\n\n# 没有借条", title="没有借条").contents[0].text == "没有借条"


# --- Tables ----------------------------------------------------------------------------

TABLE = "| 期限 | 利率 |\n|:--:|--:|\n| 一年 | 3.1% |"


def test_a_table_scrolls_in_a_named_region():
    wrap = tree(TABLE).find("div")
    assert dict(wrap.attrib) == {
        "class": "table-wrap",
        "role": "region",
        "tabindex": "0",
        "aria-label": "表格1",
    }
    assert [(cell.text, cell.get("scope"), cell.get("class")) for cell in wrap.iter("th")] == [
        ("期限", "col", "center"),
        ("利率", "col", "right"),
    ]
    assert [(cell.text, cell.get("class")) for cell in wrap.iter("td")] == [
        ("一年", "center"),
        ("3.1%", "right"),
    ]


@pytest.mark.parametrize("line", ["表一　一年期的利率", "表1：一年期的利率", "表 一年期的利率"])
def test_a_line_that_names_the_table_before_it_is_its_caption(line):
    root = tree(f"前文\n\n{line}\n\n{TABLE}")
    caption = root.find("div/table/caption")
    assert caption.text_content() == line
    assert root.find("div").get("aria-labelledby") == caption.get("id") == "table-1"
    assert texts(root, "p") == ["前文"]


@pytest.mark.parametrize("line", ["表明如下。", "利率表一览", "表一"])
def test_a_paragraph_before_a_table_is_not_its_caption(line):
    root = tree(f"{line}\n\n{TABLE}")
    assert root.find("div/table/caption") is None
    assert texts(root, "p") == [line]


def test_each_table_has_an_id_of_its_own():
    root = tree(f"表一　甲\n\n{TABLE}\n\n表二　乙\n\n{TABLE}")
    assert [caption.get("id") for caption in root.iter("caption")] == ["table-1", "table-2"]


def test_a_heading_that_is_a_picture_keeps_it():
    root = tree("## ![三个步骤](images/steps.png)\n\n正文", images=PICTURES)
    assert root.find(".//img").get("alt") == "三个步骤"
    assert root.find("h2") is None


def test_old_systems_tables_keep_merged_cells():
    root = tree('<table><tr><td colspan="2" style="x" onclick="y">甲</td></tr></table>')
    assert dict(root.find(".//td").attrib) == {"colspan": "2"}


# --- Footnotes -------------------------------------------------------------------------


def test_footnotes_are_numbered_in_order_and_link_both_ways():
    root = tree("甲[^b]，乙[^a]，又甲[^b]。\n\n[^a]: 乙的注\n\n[^b]: 甲的注")
    references = root.findall("p/a[@class='footnote-ref']")
    assert [(link.text, link.get("href"), link.get("id")) for link in references] == [
        ("[1]", "#fn-1", "ref-1"),
        ("[2]", "#fn-2", "ref-2"),
        ("[1]", "#fn-1", None),
    ]
    section = root.find("section[@class='footnotes']")
    assert section.get("aria-label") == "脚注"
    notes = [root.find(f".//*[@id='fn-{number}']") for number in (1, 2)]
    assert [note.text_content() for note in notes] == ["[1]甲的注", "[2]乙的注"]
    assert [link.get("href") for link in section.iter("a")] == ["#ref-1", "#ref-2"]


def test_a_footnote_may_hold_a_list():
    root = tree("甲[^1]，乙[^2]\n\n[^1]: 分两步：\n\n    - 起诉\n    - 执行\n\n[^2]: 乙的注")
    assert texts(root, "section/ul/li") == ["起诉", "执行"]
    assert root.find(".//*[@id='fn-2']").text_content() == "[2]乙的注"


def test_a_footnote_that_nothing_calls_links_nowhere():
    section = tree("甲。\n\n[^1]: 乙的注").find("section")
    assert section.text_content().strip() == "[1]乙的注"
    assert section.find(".//a") is None


def test_a_footnote_in_a_heading_is_no_word_of_it():
    assert render("## 结论[^1]\n\n[^1]: 注").contents == (Heading(2, "结论", "结论"),)


def test_footnote_marks_are_no_words_of_the_text():
    rendered = render("借款成立[^1]。\n\n[^1]: 《民法典》第六百七十九条")
    assert rendered.text.splitlines() == ["借款成立。", "《民法典》第六百七十九条"]
    assert rendered.excerpt == "借款成立。"


def test_a_reference_without_its_footnote_is_text():
    assert html("甲[^1]。") == "<p>甲[^1]。</p>"


def test_an_author_cannot_take_a_footnotes_id():
    root = tree('甲[^1]\n\n<ol><li id="fn:1">假</li><li id="main">乙</li></ol>\n\n[^1]: 真')
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert sorted(ids) == ["fn-1", "ref-1"]
    assert "真" in root.find(".//*[@id='fn-1']").text_content()


# --- Images ----------------------------------------------------------------------------


def test_an_image_alone_in_its_paragraph_is_a_figure_with_its_caption():
    root = tree('![三个步骤](images/steps.png "图一　起诉的步骤")', images=PICTURES)
    assert dict(root.find("figure/img").attrib) == {
        "src": "/media/images/ab/ab.png",
        "alt": "三个步骤",
        "width": "1600",
        "height": "900",
        "srcset": "/media/images/ab/ab-320.png 320w, /media/images/ab/ab-720.png 720w, "
        "/media/images/ab/ab.png 1600w",
        "sizes": "(min-width: 64em) 648px, 100vw",
        "loading": "lazy",
        "decoding": "async",
    }
    assert root.find("figure/figcaption").text == "图一　起诉的步骤"


def test_an_image_among_words_stays_among_them():
    root = tree("见![印章](images/steps.png)处。", images=PICTURES)
    assert root.find("figure") is None
    assert root.find("p/img").get("loading") == "lazy"


@pytest.mark.parametrize("name", ["图%20一.png", "<图 一.png>", "%E5%9B%BE%20%E4%B8%80.png"])
def test_an_images_name_may_hold_chinese_and_spaces(name):
    image = tree(f"![印章]({name})", images=PICTURES).find("figure/img")
    assert (image.get("src"), image.get("width")) == ("/media/images/cd/cd.png", "80")
    assert image.get("srcset") is None


def test_an_image_text_that_repeats_the_title_is_left_out():
    root = tree("![没有借条](images/steps.png)", images=PICTURES, title="没有借条")
    assert root.find("figure/img").get("alt") == ""


@pytest.mark.parametrize("address", ["http://a.cn/x.png", "https://a.cn/x.png", "//a.cn/x.png"])
def test_an_image_of_another_host_becomes_a_link(address):
    rendered = render(f"![流程]({address})", images=PICTURES)
    assert "<img" not in rendered.html
    assert f'<a href="{address}">（图：流程）</a>' in rendered.html
    assert rendered.missing_images == ()


def test_a_missing_image_is_reported_and_described():
    rendered = render("甲![流程](images/none.png)乙\n\n![](other.png)", images=PICTURES)
    assert rendered.missing_images == ("images/none.png", "other.png")
    assert "<img" not in rendered.html
    assert rendered.text == "甲（图：流程）乙"


# --- Quotations and words --------------------------------------------------------------


def test_a_quotations_last_line_names_its_source():
    root = tree("> 自然人享有隐私权。\n>\n> ——《民法典》第一千零三十二条")
    assert root.find("blockquote")[0].text == "自然人享有隐私权。"
    assert texts(root, "blockquote/*[@class='attribution']") == ["——《民法典》第一千零三十二条"]


def test_the_text_is_the_words_a_block_a_line():
    source = f"开头\n\n## 小节\n\n- 甲\n- 乙\n\n{TABLE}\n\n> 引文"
    assert render(source).text.splitlines() == [
        *("开头", "小节", "甲", "乙"),
        *("期限", "利率", "一年", "3.1%"),
        "引文",
    ]
