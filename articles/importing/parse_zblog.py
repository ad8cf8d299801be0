"""Rows of Z-BlogPHP's tables → what moving.py takes. Pure: no Django, no database.

The tables are those of zb_system/defend/createtable of Z-BlogPHP 1.0 to 1.7; columns that a
version lacks count as empty. Addresses follow its UrlRule.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .old import (
    DRAFT,
    IN_REVIEW,
    PAGES,
    PUBLISHED,
    UNSORTED,
    OldArticle,
    OldName,
    OldSite,
    host_of,
    plain,
)
from .parse_php import unserialize

HOST_MARK = "{#ZC_BLOG_HOST#}"
TAG_COLUMN = 250  # characters: where the column of tags is cut off
# Tables with the columns that we read; the first name is today's, the others are older.
TABLES = {
    "post": ("log_ID", "log_CateID", "log_AuthorID", "log_Tag", "log_Status", "log_Type"),
    "category": ("cate_ID", "cate_Name", "cate_Order", "cate_Type", "cate_Alias", "cate_Intro"),
    "tag": ("tag_ID", "tag_Name", "tag_Type", "tag_Alias", "tag_Intro"),
    "member": ("mem_ID", "mem_Name", "mem_Alias", "mem_Intro"),
    "upload": ("ul_ID", "ul_Name", "ul_FileName", "ul_PostTime"),
    "config": ("conf_Name", "conf_Key", "conf_Value"),
}
TABLES["post"] += ("log_Alias", "log_IsTop", "log_IsLock", "log_Title", "log_Intro", "log_Content")
TABLES["post"] += ("log_CreateTime", "log_PostTime", "log_UpdateTime", "log_Thumb", "log_Meta")
TABLES["category"] += ("cate_ParentID",)
OLDER = {"post": ("log",)}
RULES = {
    "article": ("ZC_ARTICLE_REGEX", "{%host%}?id={%id%}"),
    "page": ("ZC_PAGE_REGEX", "{%host%}?id={%id%}"),
    "category": ("ZC_CATEGORY_REGEX", "{%host%}?cate={%id%}&page={%page%}"),
    "tag": ("ZC_TAGS_REGEX", "{%host%}?tags={%id%}&page={%page%}"),
    "author": ("ZC_AUTHOR_REGEX", "{%host%}?auth={%id%}&page={%page%}"),
}
UNNAMED = "未命名"
LOCAL = ("localhost", "127.0.0.1", "::1")  # no address that a reader ever saw
STATES = {0: PUBLISHED, 1: DRAFT, 2: IN_REVIEW}
PRIVATE = {4: "私人文章", 8: "加密文章"}

Row = Mapping[str, object]


def read_options(rows: Iterable[Row]) -> tuple[dict[str, object], list[str]]:
    """Return the system's options, and what of them could not be read.

    Until 1.5 they were one serialized array, since then a row each.
    """
    options, problems = {}, []
    for row in rows:
        if _text(row, "conf_Name") != "system":
            continue
        key, value = _text(row, "conf_Key").strip(), _text(row, "conf_Value").strip()
        try:
            read = unserialize(value) if value else ""
        except ValueError as error:
            problems.append(f"设置{key or 'system'}无法读取：{error}")
            continue
        if key:
            options[key] = read
        elif isinstance(read, dict):
            options = {**read, **options}
    return options, problems


def make_address(rule: str, values: Mapping[str, str]) -> str:
    """Return the address that a rule gives, without the host, as UrlRule makes a first page's.

    >>> make_address("{%host%}category-{%id%}_{%page%}.html", {"id": "3"})
    '/category-3.html'
    >>> make_address("{%host%}?cate={%id%}&page={%page%}", {"id": "3"})
    '/?cate=3'
    """
    url = rule.replace("{&", "&").replace("=%", "={%") if "{&" in rule else rule
    if "{%page%}" in url:
        url, parts = re.subn(r"[_/-]\{%page%\}", "", url)
        if not parts and "={%page%}" not in url:
            url = re.sub(r"(?<=\})[^{}]+(?=\{%page%\})", "", url, count=1)
        url = url.replace("{%page%}", "")
    url = url.replace("{%host%}/", "{%host%}").replace("{%host%}", "/")
    for name, value in values.items():
        url = url.replace(f"{{%{name}%}}", value)
    url = re.sub(r"\{%[^%]+%\}", "", url)
    if "?" in url:
        url = re.sub(r"(?<=[?&])[^=&?]+=(?=&|$)", "", url)
        url = re.sub(r"&{2,}", "&", url).replace("?&", "?")
    url = re.sub(r"/{2,}", "/", url).rstrip("&").rstrip("?")
    return url if url.startswith("/") else f"/{url}"


@dataclass
class ZBlog:
    """The small tables of one Z-BlogPHP, read before its articles."""

    options: Mapping[str, object]
    categories: dict[int, Row]
    tags: dict[int, Row]
    members: dict[int, Row]
    host: str = ""  # the old address, where known: https://www.a.cn/blog/
    zone: ZoneInfo = field(init=False)

    def __post_init__(self):
        # Since 1.7 it is stored as h|t|t|p|:|/|/|a|.|c|n|/|, so that no tool replaces it.
        stored = str(self.options.get("ZC_BLOG_HOST") or "").replace("|", "")
        self.hosts = {name for host in (self.host, stored) if (name := host_of(host))}
        public = (host for host in (self.host, stored) if host_of(host) not in ("", *LOCAL))
        self.host = next(public, "").strip().rstrip("/") + "/"
        self.folder = unquote(urlsplit(self.host).path).rstrip("/")
        try:
            self.zone = ZoneInfo(str(self.options.get("ZC_TIME_ZONE_NAME") or "Asia/Shanghai"))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.zone = ZoneInfo("Asia/Shanghai")

    def text(self, row: Row, column: str) -> str:
        """Return a column's text with the site's address where the program keeps a mark for it."""
        return _text(row, column).replace(HOST_MARK, self.host)

    def site(self) -> OldSite:
        """Return what the site says of itself."""
        site = OldSite(
            f"zblog:{plain(str(self.options.get('ZC_BLOG_CLSID') or ''))[:40]}".rstrip(":")
        )
        site.hosts |= self.hosts
        ids = sorted(
            self.categories, key=lambda pk: (_number(self.categories[pk], "cate_Order"), pk)
        )
        for pk in ids:
            row = self.categories[pk]
            path = self.category_path(pk)
            site.categories.append(
                OldName(
                    path[-1],
                    path=path,
                    slug=_slug(_text(row, "cate_Alias").rpartition("/")[2]),
                    intro=plain(self.text(row, "cate_Intro")),
                    position=max(0, min(_number(row, "cate_Order"), 32_000)),
                    addresses=self.list_addresses("category", "cate", pk, row, "cate"),
                )
            )
        for pk, row in self.tags.items():
            if name := plain(self.text(row, "tag_Name")):
                OldName(
                    name,
                    intro=plain(self.text(row, "tag_Intro")),
                    addresses=self.list_addresses("tag", "tags", pk, row, "tag"),
                ).join(site.tags)
        for pk, row in self.members.items():
            if name := self.author_name(pk):
                OldName(
                    name,
                    intro=plain(self.text(row, "mem_Intro")),
                    addresses=self.list_addresses("author", "auth", pk, row, "mem"),
                ).join(site.authors)
        for feed in ("/feed.php", "/?feed=rss2"):
            site.addresses[self.folder + feed] = "/feeds/articles/"
        return site

    def category_path(self, pk: int) -> tuple[str, ...]:
        """Return a category's names from the root down; a circle or a lost parent ends it."""
        names: list[str] = []
        seen: set[int] = set()
        while pk in self.categories and pk not in seen:
            seen.add(pk)
            row = self.categories[pk]
            names.insert(0, plain(self.text(row, "cate_Name")) or f"栏目{pk}")
            pk = _number(row, "cate_ParentID")
        return tuple(names)

    def author_name(self, pk: int) -> str:
        row = self.members.get(pk, {})
        return plain(self.text(row, "mem_Alias")) or plain(self.text(row, "mem_Name"))

    def list_addresses(self, kind: str, parameter: str, pk: int, row: Row, column: str):
        """Return the addresses of a category's, tag's or author's list."""
        alias = _text(row, f"{column}_Alias")
        if not alias:
            by_id = kind != "author" and self.options.get("ZC_ALIAS_BACK_ATTR") == "ID"
            alias = str(pk) if by_id else _text(row, f"{column}_Name")
        made = make_address(self.rule(kind), {"id": str(pk), "alias": alias})
        return self._addresses(made, f"/?{parameter}={pk}")

    def _addresses(self, made: str, *others: str) -> tuple[str, ...]:
        every = dict.fromkeys((unquote(made), *others))
        return tuple(self.folder + address for address in every)

    def rule(self, kind: str) -> str:
        option, default = RULES[kind]
        rule = str(self.options.get(option) or default)
        return rule if "{%host%}" in rule else default

    def article(self, row: Row) -> OldArticle:
        """Return one row of the table of articles and pages."""
        pk = _number(row, "log_ID")
        notes: list[str] = []
        kind = _number(row, "log_Type")
        is_page = kind != 0
        if kind not in (0, 1):
            notes.append(f"类型{kind}不是文章，归入{PAGES}")
        title = plain(self.text(row, "log_Title"))
        status = _number(row, "log_Status")
        if status in PRIVATE:
            notes.append(f"{PRIVATE[status]}，收为草稿")
        elif status not in STATES:
            notes.append(f"状态{status}不明，收为草稿")
        if _number(row, "log_IsTop"):
            notes.append("原为置顶，置顶不保留")
        moments = {
            name: self.moment(_number(row, f"log_{name}Time"))
            for name in ("Post", "Create", "Update")
        }
        published_at = moments["Post"] or moments["Create"] or moments["Update"]
        if not published_at:
            notes.append("没有发布时间")
        path = self.category_path(_number(row, "log_CateID"))
        if not path and not is_page:
            notes.append(f"栏目{_number(row, 'log_CateID')}不存在，归入{UNSORTED}")
        author = self.author_name(_number(row, "log_AuthorID"))
        if not author:
            notes.append(f"作者{_number(row, 'log_AuthorID')}不存在")
        content = re.sub(r'<hr\s+class="more"\s*/?>', "", self.text(row, "log_Content"))
        notes += _further_fields(_text(row, "log_Meta"))
        return OldArticle(
            key=str(pk),
            id=pk,
            title=title or f"无标题{pk}",
            html=content,
            category=(PAGES,) if is_page else path or (UNSORTED,),
            tags=self.tag_names(_text(row, "log_Tag"), notes),
            authors=(author,) if author else (),
            state=DRAFT if is_page else STATES.get(status, DRAFT),
            published_at=published_at,
            updated_at=moments["Update"],
            summary=_summary(self.text(row, "log_Intro"), content),
            cover=self.text(row, "log_Thumb"),
            addresses=self.article_addresses(row, is_page),
            notes=tuple(notes),
        )

    def moment(self, seconds: int) -> datetime | None:
        if not 0 < seconds < 7_258_118_400:  # the year 2200
            return None
        return datetime.fromtimestamp(seconds, UTC).astimezone(self.zone)

    def tag_names(self, column: str, notes: list[str]) -> tuple[str, ...]:
        """Read {1}{5}{12}; a number that the column's end cut through is no tag's number."""
        names: list[str] = []
        rest = column.strip()
        cut = re.search(r"\{\d*$", rest)
        if cut:
            rest = rest[: cut.start()]
            notes.append("标签栏被截断，最后的标签不全，未取")
        elif len(rest) >= TAG_COLUMN - 1:
            notes.append("标签栏已满，其后可能还有标签")
        for number in re.findall(r"\d{1,18}", rest):
            name = plain(_text(self.tags.get(int(number), {}), "tag_Name"))
            if not name:
                notes.append(f"标签{number}不存在")
            elif name not in names:
                names.append(name)
        return tuple(names)

    def article_addresses(self, row: Row, is_page: bool) -> tuple[str, ...]:
        pk = str(_number(row, "log_ID"))
        alias = _text(row, "log_Alias")
        if not alias:
            by_id = self.options.get("ZC_POST_ALIAS_USE_ID_NOT_TITLE")
            alias = pk if by_id else quote(self.text(row, "log_Title"), safe="")
        category = self.categories.get(_number(row, "log_CateID"), {})
        member = self.members.get(_number(row, "log_AuthorID"), {})
        posted = self.moment(_number(row, "log_PostTime"))
        values = {
            "id": pk,
            "alias": alias,
            "category": _text(category, "cate_Alias")
            or _text(category, "cate_Name")
            or UNNAMED,  # the program's word for one that is not there
            "author": _text(member, "mem_Alias") or _text(member, "mem_Name"),
            "year": posted.strftime("%Y") if posted else "",
            "month": posted.strftime("%m") if posted else "",
            "day": posted.strftime("%d") if posted else "",
        }
        made = make_address(self.rule("page" if is_page else "article"), values)
        by_alias = [f"/?alias={_text(row, 'log_Alias')}"] if _text(row, "log_Alias") else []
        return self._addresses(made, f"/?id={pk}", *by_alias)

    def file_address(self, row: Row) -> str:
        """Return where an uploaded file was: /zb_users/upload/2019/03/a.pdf."""
        name = _text(row, "ul_Name") or _text(row, "ul_FileName")
        uploaded = self.moment(_number(row, "ul_PostTime"))
        by_day = self.options.get("ZC_UPLOAD_DIR_YEARMONTHDAY")
        folder = uploaded.strftime("%Y/%m/%d/" if by_day else "%Y/%m/") if uploaded else ""
        return f"{self.folder}/zb_users/upload/{folder}{quote(name)}"


def _further_fields(meta: str) -> list[str]:
    """Say which fields a theme or plugin had put beside an article: we have no place for them."""
    if not meta.strip():
        return []
    try:
        fields = unserialize(meta)
    except ValueError:
        return ["扩展字段无法读取，不保留"]
    said = (
        {key: value for key, value in fields.items() if value} if isinstance(fields, dict) else {}
    )
    return [f"扩展字段不保留：{key}={value}"[:500] for key, value in said.items()]


def _summary(intro: str, content: str) -> str:
    """Return an intro that someone wrote: not one that Z-Blog cut off the text by itself."""
    if re.search(r"<!--\s*autointro\s*-->", intro, re.IGNORECASE):
        return ""
    text, body = plain(intro), plain(content)
    start = text.rstrip(".…").replace(" ", "")
    return "" if not start or body.replace(" ", "").startswith(start) else text


def _slug(alias: str) -> str:
    alias = alias.strip().lower()
    return alias if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,79}", alias) else ""


def _text(row: Row, column: str) -> str:
    value = row.get(column)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _number(row: Row, column: str) -> int:
    """Return a whole number; a column that a version lacks, or a broken value, counts as 0."""
    try:
        return int(_text(row, column).strip() or 0)
    except ValueError:
        return 0
