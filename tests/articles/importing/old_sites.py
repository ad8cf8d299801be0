"""Old sites for tests, written by hand after the tables that Z-BlogPHP makes."""

import sqlite3
from datetime import datetime

from tests.factories import BEIJING

TABLES = {
    "post": "log_ID log_CateID log_AuthorID log_Tag log_Status log_Type log_Alias log_IsTop "
    "log_IsLock log_Title log_Intro log_Content log_CreateTime log_PostTime log_UpdateTime "
    "log_CommNums log_ViewNums log_Template log_Thumb log_Meta",
    "category": "cate_ID cate_Name cate_Order cate_Type cate_Count cate_Alias cate_Group "
    "cate_Intro cate_RootID cate_ParentID cate_Template cate_LogTemplate cate_Meta",
    "comment": "comm_ID comm_LogID comm_IsChecking comm_Content",
    "config": "conf_ID conf_Name conf_Key conf_Value",
    "member": "mem_ID mem_Guid mem_Level mem_Status mem_Name mem_Password mem_Email mem_HomePage "
    "mem_IP mem_CreateTime mem_PostTime mem_UpdateTime mem_Alias mem_Intro mem_Articles mem_Meta",
    "module": "mod_ID mod_Name mod_Content",
    "tag": "tag_ID tag_Name tag_Order tag_Type tag_Count tag_Alias tag_Group tag_Intro "
    "tag_Template tag_Meta",
    "upload": "ul_ID ul_AuthorID ul_Size ul_Name ul_SourceName ul_MimeType ul_PostTime "
    "ul_DownNums ul_LogID ul_Intro ul_Meta",
}
# The first releases: other names, fewer columns.
FIRST = TABLES | {
    "post": "log_ID log_CateID log_AuthorID log_Tag log_Status log_Type log_Alias log_IsTop "
    "log_IsLock log_Title log_Intro log_Content log_PostTime log_CommNums log_ViewNums log_Meta",
    "category": "cate_ID cate_Name cate_Order cate_Count cate_Alias cate_RootID cate_ParentID "
    "cate_Intro cate_Meta",
    "config": "conf_Name conf_Value",
    "upload": "ul_ID ul_AuthorID ul_FileSize ul_FileName ul_PostTime ul_DownNum ul_Intro ul_Meta",
}
NUMBERS = {"ID", "CateID", "AuthorID", "Status", "Type", "Order", "ParentID", "RootID", "IsTop"}
NUMBERS |= {"PostTime", "CreateTime", "UpdateTime", "LogID", "ViewNums", "CommNums", "Count"}


def seconds(*moment) -> int:
    return int(datetime(*moment, tzinfo=BEIJING).timestamp())


def serialized(value) -> str:
    """Return a value as PHP's serialize writes it."""
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, dict):
        inner = "".join(serialized(key) + serialized(item) for key, item in value.items())
        return f"a:{len(value)}:{{{inner}}}"
    return f's:{len(value.encode())}:"{value}";'


OPTIONS = {
    "ZC_BLOG_HOST": "{#ZC_BLOG_HOST#}",
    "ZC_BLOG_CLSID": "51B6CC5C-21A4-B1F1-B1A4-0D77E7BBF4A8",
    "ZC_STATIC_MODE": "REWRITE",
    "ZC_ARTICLE_REGEX": "{%host%}post/{%id%}.html",
    "ZC_PAGE_REGEX": "{%host%}{%alias%}.html",
    "ZC_CATEGORY_REGEX": "{%host%}category-{%id%}_{%page%}.html",
    "ZC_TAGS_REGEX": "{%host%}tags-{%alias%}_{%page%}.html",
    "ZC_AUTHOR_REGEX": "{%host%}author-{%id%}_{%page%}.html",
    "ZC_TIME_ZONE_NAME": "Asia/Shanghai",
}
PARAGRAPH = "<p>根据《中华人民共和国民法典》第六百七十五条，借款人应当按照约定的期限返还借款。</p>"


def zblog_rows(*posts, options=None, **tables) -> dict[str, list[dict]]:
    """Return a small site's rows: two categories, three tags, two members, and these posts."""
    config = OPTIONS | (options or {})
    rows = {
        "category": [
            {"ID": 1, "Name": "金融债务", "Order": 2, "Alias": "jinrong", "Intro": "借钱还钱。"},
            {"ID": 2, "Name": "民间借贷", "ParentID": 1},
            {"ID": 3, "Name": "空栏目"},
        ],
        "tag": [
            {"ID": 1, "Name": "借条"},
            {"ID": 5, "Name": "ＬＰＲ", "Alias": "lpr"},
            {"ID": 12, "Name": "诉讼时效", "Intro": "三年。"},
        ],
        "member": [
            {"ID": 1, "Name": "admin", "Alias": "合飞律师", "Intro": "执业十年。"},
            {"ID": 2, "Name": "editor"},
        ],
        "comment": [{"ID": 1, "LogID": 7, "Content": "好"}],
        "upload": [],
        "module": [{"ID": 1, "Name": "导航"}],
        "config": [
            {"ID": number, "Name": "system", "Key": key, "Value": serialized(value)}
            for number, (key, value) in enumerate(config.items(), start=1)
        ],
    }
    rows |= tables
    rows["post"] = [
        {
            "CateID": 2,
            "AuthorID": 1,
            "Title": f"第{post['ID']}篇",
            "Content": PARAGRAPH,
            "PostTime": seconds(2021, 3, 4, 9, 30),
            "UpdateTime": seconds(2021, 3, 4, 9, 30),
        }
        | post
        for post in posts
    ]
    return rows


def zblog_statements(rows, tables=TABLES, prefix="zbp_"):
    """Yield (table, columns, values of each row) with every column filled as the program does."""
    for table, names in tables.items():
        columns = names.split()
        values = []
        for row in rows.get(table, []):
            given = {column: row.get(column.partition("_")[2]) for column in columns}
            empty = {c: 0 if c.partition("_")[2] in NUMBERS else "" for c in columns}
            values.append([empty[c] if given[c] is None else given[c] for c in columns])
        yield prefix + table, columns, values


def make_zblog(path, rows, *, tables=TABLES, prefix="zbp_", post="post"):
    """Write an SQLite file as Z-BlogPHP has it; return its path."""
    connection = sqlite3.connect(path)
    for table, columns, values in zblog_statements(rows, tables, prefix):
        name = prefix + post if table == f"{prefix}post" else table
        kinds = [
            f"{column} integer" if column.partition("_")[2] in NUMBERS else f"{column} text"
            for column in columns
        ]
        connection.execute(f"CREATE TABLE {name} ({', '.join(kinds)})")
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", values)
    connection.commit()
    connection.close()
    return path


def zblog_dump(rows, *, prefix="zbp_") -> bytes:
    """Return the same as mysqldump writes it."""
    parts = ["-- MariaDB dump 10.19\n/*!40101 SET NAMES utf8 */;\n"]
    for table, columns, values in zblog_statements(rows, prefix=prefix):
        listed = ",\n".join(f"  `{column}` text NOT NULL" for column in columns)
        parts.append(f"CREATE TABLE `{table}` (\n{listed},\n  PRIMARY KEY (`{columns[0]}`)\n);\n")
        for row in values:
            written = ",".join(_escaped(value) for value in row)
            parts.append(f"INSERT INTO `{table}` VALUES ({written});\n")
    return "".join(parts).encode()


def _escaped(value) -> str:
    if isinstance(value, int):
        return str(value)
    for raw, meant in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r"), ("\0", "\\0")):
        value = value.replace(raw, meant)
    return f"'{value}'"


# --- WordPress ---------------------------------------------------------------------------


def cdata(text) -> str:
    return "<![CDATA[" + str(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def wxr_item(number, **values) -> str:
    """Return one <item> as WordPress writes it; `terms` are (domain, slug, name)."""
    post = {
        "title": f"第{number}篇",
        "link": f"https://www.old.cn/2019/03/post-{number}/",
        "creator": "zhang",
        "content": f"<!-- wp:paragraph -->\n{PARAGRAPH}\n<!-- /wp:paragraph -->",
        "excerpt": "",
        "date": "2019-03-04 09:30:00",
        "gmt": "2019-03-04 01:30:00",
        "modified_gmt": "2020-01-01 00:00:00",
        "status": "publish",
        "type": "post",
        "password": "",
        "sticky": "0",
        "terms": [("category", "civil", "民事")],
        "meta": {},
        "attachment": "",
        "comments": 0,
        "guid": f"https://www.old.cn/?p={number}",
        "parent": 0,
    } | values
    terms = "".join(
        f'<category domain="{domain}" nicename="{slug}">{cdata(name)}</category>\n'
        for domain, slug, name in post["terms"]
    )
    meta = "".join(
        f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
        f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>\n"
        for key, value in post["meta"].items()
    )
    url = post["attachment"]
    attachment = f"<wp:attachment_url>{cdata(url)}</wp:attachment_url>" if url else ""
    comments = "<wp:comment><wp:comment_id>1</wp:comment_id></wp:comment>\n" * post["comments"]
    return f"""<item>
<title>{post["title"]}</title>
<link>{post["link"]}</link>
<pubDate>Mon, 04 Mar 2019 01:30:00 +0000</pubDate>
<dc:creator>{cdata(post["creator"])}</dc:creator>
<guid isPermaLink="false">{post["guid"]}</guid>
<description></description>
<content:encoded>{cdata(post["content"])}</content:encoded>
<excerpt:encoded>{cdata(post["excerpt"])}</excerpt:encoded>
<wp:post_id>{number}</wp:post_id>
<wp:post_date>{cdata(post["date"])}</wp:post_date>
<wp:post_date_gmt>{cdata(post["gmt"])}</wp:post_date_gmt>
<wp:post_modified_gmt>{cdata(post["modified_gmt"])}</wp:post_modified_gmt>
<wp:comment_status>{cdata("open")}</wp:comment_status>
<wp:post_name>{cdata(f"post-{number}")}</wp:post_name>
<wp:status>{cdata(post["status"])}</wp:status>
<wp:post_parent>{post["parent"]}</wp:post_parent>
<wp:post_type>{cdata(post["type"])}</wp:post_type>
<wp:post_password>{cdata(post["password"])}</wp:post_password>
<wp:is_sticky>{post["sticky"]}</wp:is_sticky>
{attachment}{terms}{meta}{comments}</item>
"""


def wxr(*items, version="1.2", head="", encoding="UTF-8", site="https://www.old.cn") -> bytes:
    """Return a whole export."""
    return f"""<?xml version="1.0" encoding="{encoding}" ?>
<!-- This is a WordPress eXtended RSS file. -->
{head}<rss version="2.0"
 xmlns:excerpt="http://wordpress.org/export/{version}/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/{version}/">
<channel>
<title>旧站</title>
<link>{site}</link>
<wp:wxr_version>{version}</wp:wxr_version>
<wp:base_site_url>https://www.old.cn</wp:base_site_url>
<wp:base_blog_url>{site}</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>{cdata("zhang")}</wp:author_login>
<wp:author_display_name>{cdata("张律师")}</wp:author_display_name></wp:author>
<wp:category><wp:term_id>2</wp:term_id><wp:category_nicename>{cdata("civil")}</wp:category_nicename>
<wp:category_parent></wp:category_parent><wp:cat_name>{cdata("民事")}</wp:cat_name></wp:category>
<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>{cdata("%e5%80%9f%e8%b4%b7")}</wp:category_nicename>
<wp:category_parent>{cdata("civil")}</wp:category_parent><wp:cat_name>{cdata("借贷")}</wp:cat_name>
<wp:category_description>{cdata("借钱的事。")}</wp:category_description></wp:category>
<wp:category><wp:term_id>4</wp:term_id><wp:category_nicename>{cdata("labour")}</wp:category_nicename>
<wp:category_parent></wp:category_parent><wp:cat_name>{cdata("劳动")}</wp:cat_name></wp:category>
<wp:tag><wp:term_id>9</wp:term_id><wp:tag_slug>{cdata("iou")}</wp:tag_slug>
<wp:tag_name>{cdata("借条")}</wp:tag_name></wp:tag>
{"".join(items)}</channel>
</rss>
""".encode(encoding)
