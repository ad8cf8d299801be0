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
