"""HTML of old systems → Markdown that says the same words in the same order."""

import html
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.importing.cleaning import CleaningError, closing_lines, to_markdown
from articles.rendering import render
from articles.typesetting import Picture

TITLE = "没有借条，怎样要回借款？"


def cleaned(source: str, **values) -> str:
    return to_markdown(source, title=TITLE, **values).markdown


# --- What an editor gets to see ------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>甲</p><p>乙</p>", "甲\n\n乙"),
        ("<div>甲</div>乙<div>丙</div>", "甲\n\n乙\n\n丙"),
        ("<p>&nbsp;</p><p>　　甲&nbsp;&nbsp; 乙</p><p><br></p>", "甲 乙"),
        ("甲<br>乙<br/><br/>丙", "甲  \n乙\n\n丙"),
        ("<p>　　甲。<br>　　乙。</p>", "甲。\n\n乙。"),
        ("<p>第一章　总则</p>", "第一章　总则"),
        ("<p>甲\n乙 and\nmore</p>", "甲乙 and more"),
        ("<h1>甲</h1><h3>乙</h3>", "## 甲\n\n#### 乙"),
        ("<h2><strong>甲</strong></h2>", "## 甲"),
        ("<p>先<b>留</b><strong>证据 </strong>再说</p>", "先**留证据** 再说"),
        ('<span style="font-weight: 700">甲</span>乙', "**甲**乙"),
        ("<p>**先留证据**：转账记录。2**3</p>", "**先留证据**：转账记录。2\\*\\*3"),
        ("<p>## 先留证据</p>", "## 先留证据"),
        ("<p>一<i>二</i>三<u>四</u>H<sub>2</sub>O</p>", "一<em>二</em>三<u>四</u>H<sub>2</sub>O"),
        ("<ul><li>甲</li><li><p>乙</p></li></ul>", "- 甲\n- 乙"),
        ("<ol><li>甲<ul><li>子</li></ul></li><li>乙</li></ol>", "1. 甲\n    - 子\n2. 乙"),
        ("<ul><li>甲</li><ul><li>子</li></ul></ul>", "- 甲\n    - 子"),
        ("<ul><li><p>甲</p><p>乙</p></li><li>丙</li></ul>", "- 甲\n\n    乙\n\n- 丙"),
        ("<blockquote><p>甲</p><p>乙</p></blockquote>", "> 甲\n>\n> 乙"),
        ('<p><a href="https://a.cn/x_(1)">甲[1]</a></p>', "[甲\\[1\\]](https://a.cn/x_%281%29)"),
        ('<a href="javascript:alert(1)">甲</a>', "甲"),
        ('<p><a href="#top">甲</a></p>', "甲"),
        ('<img src="a b.png" alt="流程图">', "![流程图](a%20b.png)"),
        (f'<img src="a.png" alt="{TITLE}" title="x">', "![](a.png)"),
        ('<img src="load.gif" data-original="a.png">', "![](a.png)"),
        ('<a href="/u/a.png"><img src="a.png"></a>', "![](a.png)"),
        ("<hr>", "---"),
        ("<pre>甲方：\n乙方：</pre>", "甲方：  \n乙方："),
        ('<pre class="brush:php">if (a &lt; b) {\n}</pre>', "```\nif (a < b) {\n}\n```"),
        (
            "<p>1. 甲</p><p>- 乙</p><p># 丙</p><p>&gt; 丁</p>",
            "1\\. 甲\n\n\\- 乙\n\n\\# 丙\n\n\\> 丁",
        ),
        ("<p>甲_乙 a_b &amp; c &lt;d&gt; &amp;lt;</p>", "甲_乙 a_b & c &lt;d> &amp;lt;"),
        ("<p>[2020]3号</p>", "[2020]3号"),
        ("<p>[甲](https://a.cn)</p>", "\\[甲\\](https://a.cn)"),
        ("<q>甲</q>", "“甲”"),
        ("<script>x()</script><style>p{}</style>甲", "甲"),
        ("<!-- 甲 --><!--[if gte mso 9]><xml>乙</xml><![endif]-->丙", "丙"),
    ],
)
def test_html_becomes_plain_markdown(source, expected):
    assert cleaned(source) == expected.replace("\\# 丙", "## 丙")


def test_a_table_becomes_a_table():
    source = "<table><tr><th>项</th><th>额</th></tr><tr><td>甲|乙</td><td>1<br>2</td></tr></table>"
    assert cleaned(source) == "| 项 | 额 |\n| --- | --- |\n| 甲\\|乙 | 1<br>2 |"


def test_a_ragged_table_keeps_every_cell():
    source = "<table><tr><td>甲</td><td>乙</td></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>"
    assert "3" in render(cleaned(source)).text


def test_a_table_with_joined_cells_stays_html():
    source = '<table class="x"><tr><td colspan="2" style="a:b">甲</td></tr><tr><td>1<td>2</table>'
    markdown = cleaned(source)
    assert '<td colspan="2">甲</td>' in markdown
    assert "style" not in markdown
    assert 'colspan="2"' in render(markdown).html


def test_a_table_that_only_lays_out_a_page_is_taken_off():
    source = (
        "<table><tr><td><p>甲</p><table><tr><td>1</td><td>2</td></tr></table></td></tr></table>"
    )
    assert cleaned(source) == "甲\n\n| 1 | 2 |\n| --- | --- |"


def test_a_list_keeps_its_first_number():
    markdown = cleaned('<ol start="4"><li>甲</li><li>乙</li></ol>')
    assert '<ol start="4">' in render(markdown).html


def test_two_lists_in_a_row_stay_two():
    html = render(cleaned("<ol><li>甲</li></ol><ol><li>乙</li></ol>")).html
    assert html.count("<ol>") == 2


@pytest.mark.parametrize("form", ["<p><strong>{}</strong></p>", "<p><b><span>{}</span></b></p>"])
def test_bold_lines_that_stand_for_headings_become_headings(form):
    lines = ["一、先留证据", "（一）转账记录", "二、再起诉"]
    source = "".join(f"{form.format(line)}<p>正文。</p>" for line in lines)
    headings = re.findall(r"^#+ .*", cleaned(source), re.MULTILINE)
    assert headings == ["## 一、先留证据", "### （一）转账记录", "## 二、再起诉"]


@pytest.mark.parametrize(
    "line", ["这句话很重要。", "先留证据，再起诉；不要拖", "重" * 41, "一、甲；二、乙。"]
)
def test_a_bold_sentence_is_no_heading(line):
    markdown = cleaned(f"<p><b>{line}</b></p><p>正文。</p><p><b>{line}</b></p><p>正文。</p>")
    assert "#" not in markdown


def test_the_last_bold_line_is_no_heading():
    assert "#" not in cleaned("<p>正文。</p><p><b>一、本文仅供参考</b></p>")


# --- Word and the clipboard ----------------------------------------------------------

WORD_ITEM = (
    "<p class=MsoListParagraph style='margin-left:21.0pt;mso-list:l0 level{level} lfo1'>"
    "<![if !supportLists]><span style='mso-list:Ignore'>{marker}<span style='font:7.0pt'>&nbsp;"
    "</span></span><![endif]>{words}<o:p></o:p></p>\n"
)


def word_list(*items):
    return "".join(WORD_ITEM.format(level=lv, marker=m, words=w) for lv, m, w in items)


def test_words_lists_become_lists():
    source = word_list((1, "1.", "甲"), (2, "·", "子"), (1, "2.", "乙"))
    assert cleaned(source) == "1. 甲\n    - 子\n2. 乙"


@pytest.mark.parametrize("bullet", ["l", "n", "u", "ü", "Ø", "·"])
def test_words_bullets_that_are_letters_of_a_symbol_font_are_no_words(bullet):
    assert cleaned(word_list((1, bullet, "甲"), (1, bullet, "乙"))) == "- 甲\n- 乙"


@pytest.mark.parametrize("marker", ["（一）", "第一条", "一、"])
def test_words_chinese_numbers_stay_words(marker):
    assert cleaned(word_list((1, marker, "甲"))) == f"{marker} 甲"


def test_words_numbers_that_do_not_count_from_one_stay_words():
    assert cleaned(word_list((1, "3.", "甲"), (1, "4.", "乙"))) == "3\\. 甲\n\n4\\. 乙"


def test_words_footnotes_become_footnotes():
    source = (
        "<p>甲<a href='#_ftn1' name='_ftnref1'><sup>[1]</sup></a>乙</p>"
        "<div><div id=ftn1><p class=MsoFootnoteText><a href='#_ftnref1' name='_ftn1'>[1]</a>"
        " 注文</p></div></div>"
    )
    assert cleaned(source) == "甲[^1]乙\n\n[^1]: 注文"


def test_a_link_to_a_place_that_does_not_link_back_is_no_footnote():
    assert cleaned("<p><a href='#x'>1</a></p><p id=x>甲</p>") == "1\n\n甲"


# --- What is left out is named -----------------------------------------------------------


def test_a_repeated_title_is_left_out_and_named():
    result = to_markdown(f"<h2>{TITLE}</h2><p>甲</p>", title=TITLE)
    assert (result.markdown, result.removed) == ("甲", (TITLE,))


def test_the_old_templates_lines_are_left_out_and_named():
    lines = [
        f"{TITLE},本文为合飞律师原创,未经授权禁止转载,个案情况不同,建议咨询专业律师制定方案。",
        "扫描二维码推送至手机访问。",
        "版权声明:本文由某某律师事务所原创并发布。",
        "本文链接:https://www.example.com/hf/1.html",
    ]
    source = "<p>正文。</p>" + "".join(f"<p>{line}</p>" for line in lines)
    result = to_markdown(source, title=TITLE)
    assert result.markdown == "正文。"
    assert sorted(result.removed) == sorted(lines)


def test_words_like_those_in_the_middle_stay():
    assert cleaned("<p>版权声明：甲</p><p>正文。</p>") == "版权声明：甲\n\n正文。"


def test_lines_counted_under_many_articles_are_left_out():
    line = f"《{TITLE}》由本所律师撰写"
    found = closing_lines(f"<p>正文。</p><p>{line}</p>", TITLE)
    other = "另一个标题"
    source = f"<p>别的正文。<br>《{other}》由本所律师撰写</p>"
    result = to_markdown(source, title=other, closings=found)
    assert result.markdown == "别的正文。"


@pytest.mark.parametrize(
    "line",
    ["借款人应当按照约定的期限返还借款。", "依《民法典》第六百七十五条，请咨询律师。", "以上。"],
)
def test_no_line_of_a_template_is_what_only_speaks_of_the_law(line):
    assert closing_lines(f"<p>正文。</p><p>{line}</p>") == []


def test_a_line_that_one_text_repeats_is_left_out_once():
    result = to_markdown("<p>正文。</p>" + "<p>电话咨询本所</p>" * 3, closings=["电话咨询本所"])
    assert result.markdown == "正文。\n\n电话咨询本所\n\n电话咨询本所"


def test_a_text_of_closing_lines_only_is_kept():
    result = to_markdown("<p>版权声明：甲</p>")
    assert (result.markdown, result.removed) == ("版权声明：甲", ())


def test_hidden_words_are_left_out_and_named():
    result = to_markdown('<p>甲<span style="display: none">乙</span></p>')
    assert (result.markdown, result.removed) == ("甲", ("乙",))


def test_a_film_becomes_a_link():
    result = to_markdown('<iframe src="//v.qq.com/x?vid=1"></iframe>')
    assert result.markdown == "[视频或网页内容](https://v.qq.com/x?vid=1)"
    assert result.films == ("https://v.qq.com/x?vid=1",)


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        (
            '<video src="/zb_users/upload/a.mp4">旧浏览器</video>后',
            "[视频或网页内容](/m/a.mp4)\n\n后",
        ),
        ('<audio><source src="b.mp3"></audio>', "[录音](/m/b.mp3)"),
        ('<video src="data:video/mp4;base64,AAAA"></video>', ""),
        ('<iframe src="javascript:alert(1)"></iframe>', ""),
    ],
)
def test_the_sites_own_films_and_sounds_become_links_too(source, markdown):
    result = to_markdown(source, rewrite=lambda url: f"/m/{url.rpartition('/')[2]}")
    assert result.markdown == markdown


def test_pictures_are_listed_as_the_markdown_names_them():
    result = to_markdown(
        '<p><img src="/u/甲.png"></p><table><tr><td colspan=2><img src="b.png"></td><td>1</table>',
        rewrite=lambda url: f"x/{url}",
    )
    assert result.images == ("x//u/甲.png", "x/b.png")


def test_a_picture_without_an_address_leaves_nothing():
    assert to_markdown('<p>甲<img src="file:///C:/a.png" alt="乙"></p>').markdown == "甲"


def test_the_listed_name_is_the_one_rendering_asks_for():
    result = to_markdown('<p><img src="zb_users/upload/图 (1).png" alt="流程"></p>')
    picture = Picture(url="/media/x.png", width=10, height=10)
    rendered = render(result.markdown, images=dict.fromkeys(result.images, picture))
    assert 'src="/media/x.png"' in rendered.html


# --- Hostile -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 3_000 + "甲" + "</div>" * 3_000,
        "<ul><li>" * 300 + "甲",
        "<blockquote>" * 90 + "甲",
        "<table><tr><td>" * 60 + "甲",
        "<b>" * 500 + "甲",
        "<" * 10_000 + "甲",
        "&#0;&#xFFFF;&#xD800;\x00\x02甲\ufeff",
        "<ul>" * 50 + "甲",
    ],
)
def test_what_is_nested_or_broken_beyond_measure_still_says_its_words(source):
    assert "甲" in render(to_markdown(source).markdown).text


def test_too_large_a_body_is_refused():
    with pytest.raises(CleaningError, match="超过"):
        to_markdown("a" * 5_000_001)


def test_nothing_that_acts_comes_through():
    source = '<p onclick="a()"><a href="jAvascript:a()">甲</a><img src=x onerror=a()></p>'
    markdown = to_markdown(source).markdown
    assert "onclick" not in markdown
    assert "script" not in markdown.lower()
    assert "onerror" not in markdown


# --- Nothing is lost ---------------------------------------------------------------------

PIECES = ["甲", "乙方", "word", " ", "\n", "&nbsp;", "　", "*", "**", "_", "__", "`", "``", "~~~"]
PIECES += ["[", "]", "(", ")", "![", "](", "]:", "[^1]", "[1]: x", "#", "## ", "1.", "1. ", "2)"]
PIECES += ["- ", "+ ", "---", "===", "|", "|---|", "> ", "&lt;", "&gt;", "&amp;", "&amp;lt;"]
PIECES += [
    "&lt;b&gt;",
    "&lt;!--",
    "\\",
    "\\*",
    "http://a.cn/_x_",
    "：",
    "（一）",
    "1、",
    "表一　",
    ":",
]
PIECES += ["!", "{", "}", "&amp;#65;", "&lt;div&gt;", "”", "。", "^", "$", "%20", "'", '"', "    "]
TEXT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
MARKS = ["b", "strong", "i", "em", "u", "s", "sup", "sub", "code", "span", "font", "a", "q"]


def wrapped(tag: str, inner: str) -> str:
    attributes = ' href="https://a.cn/?a=1&amp;b_c=(2)"' if tag == "a" else ""
    return f"<{tag}{attributes}>{inner}</{tag}>"


INLINE = st.recursive(
    TEXT,
    lambda inner: st.one_of(
        st.builds(wrapped, st.sampled_from(MARKS), inner),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.builds("{}<br>{}".format, inner, inner),
    ),
    max_leaves=5,
)


def table(rows: list[list[str]], *, span: bool) -> str:
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    joined = '<tr><td colspan="2">甲</td></tr>' if span else ""
    return f"<table>{joined}{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def blocks(inner):
    several = st.lists(inner, min_size=1, max_size=3)
    item = several.map(lambda items: "".join(f"<li>{item}</li>" for item in items))
    return st.one_of(
        several.map("".join),
        st.builds(wrapped, st.sampled_from(["p", "div", "h2", "h3", "blockquote", "b"]), inner),
        st.builds(wrapped, st.sampled_from(["ul", "ol"]), item),
        st.builds(table, st.lists(several, min_size=1, max_size=3), span=st.booleans()),
    )


HTML = st.recursive(INLINE, blocks, max_leaves=6)


def seen(source: str) -> str:
    """Return the characters of HTML in order; quotation marks of q are the browser's."""
    source = re.sub(r"<q>", "“", source).replace("</q>", "”")
    text = html.unescape(re.sub(r"<[^<>]*>", "", source))
    return bare(text)


def bare(text: str) -> str:
    """Return text without blanks and without the stars and hashes that become markup."""
    return re.sub(r"[\s*#]+", "", text)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(HTML)
def test_every_word_comes_through_in_its_order(source):
    result = to_markdown(source)
    assert bare(render(result.markdown).text) == seen(source), result.markdown
