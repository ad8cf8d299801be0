"""A Markdown file with a YAML header → ArticleDraft, or the line and the reason."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from articles.importing.parse_markdown import MAX_FILE, ArticleDraft, ParseError, decode, parse
from tests.factories import article_file

GOOD = {"title": "没有借条，怎样要回借款？", "category": ("金融债务", "民间借贷")}


def refused(text):
    """Return the line and the reason for which a file is refused."""
    with pytest.raises(ParseError) as refusal:
        parse(text)
    return refusal.value.line, refusal.value.reason


# --- What a file says ------------------------------------------------------------------


def test_only_title_and_category_are_required():
    draft = parse("---\ntitle: 没有借条\ncategory: 民间借贷\n---\n正文\n")
    assert draft == ArticleDraft("没有借条", ("民间借贷",), "正文", body_line=5)
    assert draft.status == "draft"


def test_reads_every_key():
    draft = parse(
        article_file(
            "正文\n\n![步骤](images/steps.png)",
            id=1001,
            tags="[民间借贷, 转账记录]",
            author="林知远、沈砚秋",
            reviewer="沈砚秋",
            published_at="2026-03-12 09:30",
            reviewed_on="2026-03-11",
            status="published",
            origin="reprint",
            source_name="最高人民法院",
            source_url="https://www.court.gov.cn/a?b=1",
            summary="一句话。",
            cover="images/cover.png",
            ai_assisted="true",
        )
    )
    assert draft == ArticleDraft(
        **GOOD,
        body="正文\n\n![步骤](images/steps.png)",
        body_line=18,
        id=1001,
        tags=("民间借贷", "转账记录"),
        authors=("林知远", "沈砚秋"),
        reviewer="沈砚秋",
        published_at=datetime(2026, 3, 12, 9, 30),
        reviewed_on=date(2026, 3, 11),
        status="published",
        origin="reprint",
        source_name="最高人民法院",
        source_url="https://www.court.gov.cn/a?b=1",
        summary="一句话。",
        cover="images/cover.png",
        ai_assisted=True,
        images=("images/steps.png",),
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("yes", "yes"),
        ("010", "010"),
        ("2026-01-01", "2026-01-01"),
        ("1e3", "1e3"),
        ("null and void", "null and void"),
        ("'《民法典》：第一条'", "《民法典》：第一条"),
        ('"a: b"', "a: b"),
        ("多  个   空白", "多 个 空白"),
        ("折行\n  的标题", "折行 的标题"),
        ("!!str 1", "1"),
        ("!x 标签无意义", "标签无意义"),
    ],
)
def test_every_value_is_read_as_the_text_that_is_written(value, text):
    assert parse(article_file(title=value)).title == text


@pytest.mark.parametrize(
    "written",
    ["[借条, 民间借贷]", "借条、民间借贷", "借条，民间借贷；借条", "\n  - 借条\n  - 民间借贷"],
)
def test_tags_may_be_a_list_or_a_text(written):
    assert parse(article_file(tags=written)).tags == ("借条", "民间借贷")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-12 09:30", datetime(2026, 3, 12, 9, 30)),
        ("2026-03-12", datetime(2026, 3, 12)),
        ("2026-03-12T09:30:05Z", datetime(2026, 3, 12, 9, 30, 5, tzinfo=UTC)),
        (
            "2026-03-12 09:30+08:00",
            datetime(2026, 3, 12, 9, 30, tzinfo=timezone(timedelta(hours=8))),
        ),
    ],
)
def test_reads_moments(written, moment):
    draft = parse(article_file(published_at=written))
    assert draft.published_at == moment
    assert draft.status == "published", "a date means that it is published"


def test_a_draft_may_name_its_date():
    assert parse(article_file(published_at="2026-03-12", status="draft")).status == "draft"


@pytest.mark.parametrize("id_", ["1", "0010", "1199564", str(2**53 - 1)])
def test_reads_ids(id_):
    assert parse(article_file(id=id_)).id == int(id_)


@pytest.mark.parametrize(
    "key", ["id", "tags", "author", "reviewed_on", "summary", "cover", "status"]
)
@pytest.mark.parametrize("empty", ["", "~", "''"])
def test_an_empty_key_says_nothing(key, empty):
    said_nothing = parse(article_file(summary=None))
    assert replace(parse(article_file(**{key: empty})), body_line=5) == said_nothing


def test_the_body_is_kept_as_it_is():
    body = "    code\n\n---\n\ntitle: x\n\n---\n结尾  \n下一行"
    assert parse(article_file(body)).body == body


@pytest.mark.parametrize(
    ("body", "images"),
    [
        ("![甲](a.png)![乙](<b.png> '图')![甲](a.png)", ("a.png", "b.png")),
        ("![甲](https://a.cn/x.png) ![乙](/media/x.png) ![丙](data:x)", ()),
        ("[甲](a.png) `x`", ()),
        ("![](images/图一.png)", ("images/图一.png",)),
    ],
)
def test_finds_the_pictures_beside_the_file(body, images):
    assert parse(article_file(body)).images == images


# --- Errors name the line and the reason -----------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("正文", 1, "no header"),
        ("", 1, "no header"),
        ("\n---\ntitle: x\n---\n", 1, "no header"),
        ("---\ntitle: x\n正文", 1, "not closed"),
        ("---\n---\n正文", 2, "key: value"),
        ("---\n- x\n---\n正文", 2, "key: value"),
        ("---\ntitle: x\ntitle: y\ncategory: z\n---\n正文", 3, "title stands twice"),
        ("---\ntitle: x\ncategory: y\ncolour: red\n---\n正文", 4, "unknown key 'colour'"),
        ("---\ntitle: x\ncategory: y\ntags: [a, [b]]\n---\n正文", 4, "a text or a list of texts"),
        ("---\ntitle: x\ncategory: y\n[a]: b\n---\n正文", 4, "a key must be a word"),
        ("---\ntitle: x\n\tcategory: y\n---\n正文", 3, "bad YAML"),
        ("---\ntitle: x\ncategory: 'y\n---\n正文", 4, "bad YAML"),
        ("---\ntitle: x\ncategory: y: z\n---\n正文", 3, "bad YAML"),
        ("---\ntitle: *x\n---\n正文", 2, "bad YAML"),
        ("---\ntitle: x\x85\u2028y\ncategory: y: z\n---\n正文", 3, "bad YAML"),
        ("---\ntitle: x\ncategory: y\n---\n\n", 5, "no body"),
        ("---\ntitle: x\n---\n正文", 1, "category is missing"),
        ("---\ncategory: x\n---\n正文", 1, "title is missing"),
        ("---\ntitle: [x]\ncategory: y\n---\n正文", 2, "must be a text"),
        ("---\ntitle: x\ncategory: a/b/c/d/e\n---\n正文", 3, "1 to 4 names"),
        ("---\ntitle: x\ncategory: y\nid: 0\n---\n正文", 4, "whole number"),
        ("---\ntitle: x\ncategory: y\nid: １\n---\n正文", 4, "whole number"),
        ("---\ntitle: x\ncategory: y\npublished_at: 去年\n---\n正文", 4, "must look like"),
        ("---\ntitle: x\ncategory: y\npublished_at: 0026-03-12\n---\n正文", 4, "cannot be meant"),
        ("---\ntitle: x\ncategory: y\nstatus: live\n---\n正文", 4, "one of: draft, published"),
        ("---\ntitle: x\ncategory: y\norigin: reprint\n---\n正文", 4, "must name its source"),
        ("---\ntitle: x\ncategory: y\nsource_url: javascript:1\n---\n正文", 4, "http(s) address"),
        ('---\ntitle: x\ncategory: y\nsummary: "\\x07"\n---\n正文', 4, "control character"),
        ("---\ntitle: x\ncategory: y\ncover: ../x.png\n---\n正文", 4, "beside the file"),
        ("---\ntitle: x\ncategory: y\n---\n正文\n\n![甲](../x.png)", 7, "beside the file"),
        ("---\ntitle: x\ncategory: y\n---\n![甲](a\\..\\..\\x.png)", 5, "beside the file"),
    ],
)
def test_a_file_is_refused_with_line_and_reason(text, line, reason):
    found_line, found_reason = refused(text)
    assert reason in found_reason
    assert found_line == line


@pytest.mark.parametrize("title", ["字" * 120, "字" * 121])
def test_a_title_holds_at_most_120_characters(title):
    if len(title) == 120:
        assert parse(article_file(title=title)).title == title
    else:
        assert refused(article_file(title=title)) == (2, "title is longer than 120 characters")


def test_aliases_cannot_swell_a_header():
    lines = ["a0: &a0 x"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert refused("---\n" + "\n".join(lines) + "\n---\n正文")[0] >= 2


def test_a_header_has_a_length():
    assert "longer than 20,000" in refused(f"---\nx: {'字' * 20_000}\n---\n正文")[1]


# --- Bytes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoded",
    [
        article_file().encode(),
        article_file().encode("utf-8-sig"),
        article_file().encode("gb18030"),
        article_file().replace("\n", "\r\n").encode(),
        article_file().replace("\n", "\r").encode(),
        article_file().replace("---\n", "---  \n").encode(),
    ],
    ids=["UTF-8", "BOM", "GB18030", "CRLF", "CR", "blanks after ---"],
)
def test_reads_what_editors_on_any_machine_write(encoded):
    assert parse(decode(encoded)).title == GOOD["title"]
    assert parse(decode(encoded)).category == GOOD["category"]


def test_bytes_that_are_no_text_are_refused_with_their_line():
    for content, line, reason in [
        (b"---\ntitle: a\0b\n---\n", 2, "not a text file"),
        (b"---\ntitle: x\n\xff\xff\xff\n---\n", 3, "neither UTF-8 nor GB18030"),
        (b"x" * (MAX_FILE + 1), 1, "larger than 1,000,000 bytes"),
    ]:
        with pytest.raises(ParseError) as refusal:
            decode(content)
        assert reason in refusal.value.reason
        assert refusal.value.line == line
