"""A Z-BlogPHP's database: finds its tables, whatever their prefix and version, and reads them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from . import databases
from .databases import Tables
from .old import MovingError, OldArticle, OldSite
from .parse_zblog import OLDER, TABLES, ZBlog, read_options

SAMPLES, SAMPLE_SIZE = 20, 50
LEFT_OUT = {"comment": "评论", "module": "侧栏模块", "counter": "访问记录"}


@dataclass
class ZBlogDatabase:
    """The tables of one Z-BlogPHP in a database. Raises MovingError where there is none."""

    tables: Tables
    prefix: str | None = None
    problems: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.columns = {name.lower(): (name, cols) for name, cols in self.tables.columns().items()}
        self.prefix = self._prefix()

    def _prefix(self) -> str:
        """Return what stands before the tables' names: zbp_ unless the owner chose another."""
        if self.prefix is not None:
            found = {self.prefix.lower()} if self._is_post(self.prefix) else set()
        else:
            endings = ("post", *OLDER["post"])
            names = [(name, end) for name in self.columns for end in endings if name.endswith(end)]
            found = {name[: -len(end)] for name, end in names if self._is_post(name[: -len(end)])}
        if not found:
            raise MovingError("数据库里没有Z-BlogPHP的文章表（log_ID、log_Title、log_Content）")
        if len(found) > 1:
            raise MovingError(
                f"数据库里有几个Z-BlogPHP，请以--prefix指明：{'、'.join(sorted(found))}"
            )
        return found.pop()

    def _is_post(self, prefix: str) -> bool:
        table = self._table("post", prefix.lower())
        return bool(table) and {"log_id", "log_title", "log_content"} <= {
            c.lower() for c in table[1]
        }

    def _table(self, kind: str, prefix: str | None = None) -> tuple[str, list[str]] | None:
        prefix = self.prefix if prefix is None else prefix
        for name in (kind, *OLDER.get(kind, ())):
            if table := self.columns.get(f"{prefix}{name}"):
                return table
        return None

    def _known(self, kind: str) -> dict[str, str]:
        """Return the columns that this version of a table has: the usual name → its own."""
        table = self._table(kind)
        own = {column.lower(): column for column in table[1]} if table else {}
        return {name: own[name.lower()] for name in TABLES[kind] if name.lower() in own}

    def _small(self, kind: str, key: str) -> dict[int, dict]:
        found = {}
        known = self._known(kind)
        table = self._table(kind)
        if not table or key not in known:
            self.problems.append(f"没有表{self.prefix}{kind}")
            return found
        for row in databases.every_row(self.tables, table[0], list(known.values())):
            named = dict(zip(known, row.values(), strict=True))
            try:
                found[int(named[key])] = named
            except (TypeError, ValueError):
                self.problems.append(f"{table[0]}的一行没有编号")
        return found

    def read(self, host: str = "") -> tuple[ZBlog, OldSite]:
        """Read everything but the articles."""
        known, config = self._known("config"), self._table("config")
        rows = []
        if config and "conf_Value" in known:
            rows = databases.every_row(self.tables, config[0], list(known.values()))
        options, problems = read_options(dict(zip(known, r.values(), strict=True)) for r in rows)
        self.problems += problems
        if not options:
            self.problems.append("没有读到网站设置，旧网址按默认规则推算")
        blog = ZBlog(
            options,
            categories=self._small("category", "cate_ID"),
            tags=self._small("tag", "tag_ID"),
            members=self._small("member", "mem_ID"),
            host=host,
        )
        site = blog.site()
        for kind, name in LEFT_OUT.items():
            if table := self._table(kind):
                site.leave_out(name, databases.count(self.tables, table[0]))
        site.files = [blog.file_address(row) for row in self._small("upload", "ul_ID").values()]
        return blog, site

    def count(self) -> int:
        return databases.count(self.tables, self._table("post")[0])

    def articles(
        self, blog: ZBlog, after: int = 0, most: int | None = None
    ) -> Iterator[OldArticle]:
        """Yield articles and pages in the order of their numbers."""
        known, (table, _) = self._known("post"), self._table("post")
        columns = list(known.values())
        found = databases.rows(self.tables, table, columns, known["log_ID"], after)
        for number, row in enumerate(found):
            if most is not None and number >= most:
                return
            yield blog.article(dict(zip(known, row.values(), strict=True)))

    def sample(self, blog: ZBlog) -> Iterator[OldArticle]:
        """Yield articles from all over the table."""
        known, (table, _) = self._known("post"), self._table("post")
        key = self.tables.quoted(known["log_ID"])
        sql = f"SELECT MIN({key}), MAX({key}) FROM {self.tables.quoted(table)}"  # noqa: S608
        first, last = (int(value or 0) for value in self.tables.select(sql)[0])
        seen = 0
        for part in range(SAMPLES):
            after = max(seen, first - 1 + (last - first) * part // SAMPLES)
            for article in self.articles(blog, after, SAMPLE_SIZE):
                seen = int(article.key)
                yield article
