"""A WordPress export (WXR 1.0 to 1.2) → what moving.py takes. Pure: no Django.

Read as a stream, an <item> at a time. Entities and document types are refused; characters that
XML forbids, which WordPress writes all the same, are passed over.
"""

import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from html import escape
from typing import BinaryIO
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from .old import (
    DRAFT,
    IN_REVIEW,
    PAGES,
    PUBLISHED,
    UNSORTED,
    MovingError,
    OldArticle,
    OldName,
    OldSite,
    host_of,
    plain,
)

CHUNK = 1 << 16
CHINA = ZoneInfo("Asia/Shanghai")
STATES = {"publish": PUBLISHED, "future": PUBLISHED, "pending": IN_REVIEW, "draft": DRAFT}
STATES |= {"private": DRAFT}
TYPES = {"post", "page"}
TAGS = ("post_tag", "tag")  # the second in WXR 1.0
TYPE_NAMES = {"revision": "历史版本", "nav_menu_item": "菜单项"}
TYPE_NAMES |= {"wp_block": "可重用区块（用到的已写入文章）"}


@dataclass(frozen=True)
class Attachment:
    """A file in the library, with what a gallery says of it."""

    address: str
    parent: str = ""  # number of the post to which it was uploaded
    order: tuple[int, int] = (0, 0)
    alt: str = ""
    caption: str = ""


@dataclass
class WordPress:
    """What an export says before and beside its posts, gathered in a first reading."""

    zone: tzinfo | None = None  # of its own clock; where not given, as its posts tell
    address: str = ""  # of the blog: https://www.a.cn/blog
    authors: dict[str, str] = field(default_factory=dict)  # login → name shown
    categories: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # slug → …
    terms: dict[str, str] = field(default_factory=dict)  # number of a category → its slug
    tags: dict[str, tuple[str, str]] = field(default_factory=dict)  # slug → name, description
    attachments: dict[str, Attachment] = field(default_factory=dict)  # by their numbers
    blocks: dict[str, str] = field(default_factory=dict)  # number of a reusable block → its text
    offsets: Counter = field(default_factory=Counter)  # hours of its clock before Greenwich's
    left_out: dict[str, int] = field(default_factory=dict)
    posts: int = 0

    @property
    def base(self) -> str:
        """The folder in which the blog was: /blog, or nothing."""
        return urlsplit(self.address).path.rstrip("/")

    @property
    def clock(self) -> tzinfo:
        """The zone of its own clock."""
        told = self.offsets.most_common(1)
        if self.zone or not told or told[0][0] == timedelta(hours=8):
            return self.zone or CHINA
        return timezone(told[0][0])

    def site(self) -> OldSite:
        base = self.base
        site = OldSite(f"wordpress:{host_of(self.address)}{base}"[:60], left_out=self.left_out)
        if host := host_of(self.address):
            site.hosts.add(host)
        for slug, (name, _, description) in self.categories.items():
            path = self.category_path(slug)
            nested = "/".join(self.slugs(slug))
            number = next((term for term, s in self.terms.items() if s == slug), "")
            site.categories.append(
                OldName(
                    name,
                    path=path,
                    slug=slug if re.fullmatch(r"[a-z0-9_-]{1,80}", slug) else "",
                    intro=description,
                    addresses=_addresses(base, f"/category/{nested}", ("cat", number)),
                )
            )
        for slug, (name, description) in self.tags.items():
            addresses = _addresses(base, f"/tag/{unquote(slug)}", ("tag", unquote(slug)))
            OldName(name, intro=description, addresses=addresses).join(site.tags)
        for login, name in self.authors.items():
            addresses = _addresses(base, f"/author/{login}", ("", ""))
            OldName(name, addresses=addresses).join(site.authors)
        for feed in ("/feed", "/?feed=rss2"):
            site.addresses[base + feed] = "/feeds/articles/"
        site.files = [file.address for file in self.attachments.values() if file.address]
        return site

    def slugs(self, slug: str) -> list[str]:
        """Return a category's slugs from the root down; a circle ends it."""
        slugs: list[str] = []
        while slug in self.categories and slug not in slugs:
            slugs.insert(0, slug)
            slug = self.categories[slug][1]
        return [unquote(slug) for slug in slugs]

    def category_path(self, slug: str) -> tuple[str, ...]:
        names: list[str] = []
        seen: set[str] = set()
        while slug in self.categories and slug not in seen:
            seen.add(slug)
            names.insert(0, self.categories[slug][0])
            slug = self.categories[slug][1]
        return tuple(names)

    def leave_out(self, kind: str, number: int = 1) -> None:
        if number:
            self.left_out[kind] = self.left_out.get(kind, 0) + number


def _addresses(base: str, path: str, parameter: tuple[str, str]) -> tuple[str, ...]:
    name, value = parameter
    return (base + path, *([f"{base}/?{name}={value}"] if name and value else []))


# --- Reading the file ------------------------------------------------------------------


def read_site(files: Iterable[BinaryIO], zone: tzinfo | None = None) -> WordPress:
    """Read everything but the posts' texts. Raises MovingError."""
    blog = WordPress(zone)
    for file in files:
        for element in _elements(file):
            _learn(blog, element)
    by_name = {name: slug for slug, (name, _, _) in blog.categories.items()}
    for slug, (name, parent, about) in blog.categories.items():
        if parent and parent not in blog.categories:  # the first exports give its name
            blog.categories[slug] = (name, by_name.get(plain(parent), ""), about)
    if not blog.posts and not blog.attachments and not blog.address:
        raise MovingError("不是WordPress的导出文件（WXR）")
    return blog


def read_articles(blog: WordPress, file: BinaryIO) -> Iterator[OldArticle]:
    """Yield the posts and pages of one file in its order. Raises MovingError."""
    for element in _elements(file):
        if _name(element) == "item" and _value(element, "post_type") in TYPES:
            if _value(element, "status") in ("trash", "auto-draft", "inherit"):
                continue
            yield _Item(blog, element).article()


_KEPT = {"item", "author", "category", "tag", "term", "base_blog_url", "base_site_url"}
_TOP = {"rss", "channel"}


class _Clean:
    """A file without what XML forbids; asked for bytes by the parser."""

    def __init__(self, file: BinaryIO):
        self.file = file
        self.rest = b""
        self.is_first = True

    def read(self, size: int = -1) -> bytes:
        while True:
            chunk = self.file.read(CHUNK)
            source = self.rest + chunk
            if self.is_first and chunk:
                if b"<!DOCTYPE" in source[:CHUNK].upper().split(b"<CHANNEL")[0]:
                    raise MovingError("文件带有文档类型声明，拒绝读取")
                source = source.removeprefix(b"\xef\xbb\xbf").lstrip()
                self.is_first = False
            cut = len(source)
            if chunk:  # what may go on in the next piece waits for it
                cut -= len(_UNFINISHED.search(source[-12:])[0])
            self.rest, source = source[cut:], source[:cut]
            cleaned = _FORBIDDEN.sub(b"", source)
            if cleaned or not chunk:
                return cleaned


_UNFINISHED = re.compile(rb"(?:&#?[0-9A-Za-z]{0,9}|\xef\xbf?)?\Z")
_FORBIDDEN = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]"
    rb"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)


def _elements(file: BinaryIO) -> Iterator[etree._Element]:
    """Yield the channel's parts, each freed once the next is asked for."""
    events = etree.iterparse(
        _Clean(file),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    try:
        for event, element in events:
            if event == "start":
                depth += 1
                if depth == 1 and _name(element) not in _TOP:
                    raise MovingError("不是WordPress的导出文件（WXR）")
                continue
            depth -= 1
            if depth == 2 and _name(element) in _KEPT:
                yield element
            if depth <= 2:
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise MovingError(f"导出文件在第{error.lineno}行损坏：{error.msg}") from None


def _name(element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _space(element) -> str:
    return element.tag.rpartition("}")[0] if isinstance(element.tag, str) else ""


def _value(element, name: str, space: str = "") -> str:
    """Return the text of a child; `space` is a part of its namespace, where names repeat."""
    for child in element:
        if _name(child) == name and space in _space(child):
            return "".join(child.itertext())
    return ""


def _learn(blog: WordPress, element) -> None:
    name = _name(element)
    if name == "base_blog_url" or (name == "base_site_url" and not blog.address):
        blog.address = (element.text or "").strip()
    elif name == "author":
        login = _value(element, "author_login").strip()
        shown = plain(_value(element, "author_display_name")) or login
        blog.authors[login] = shown
    elif name == "category" and _value(element, "category_nicename"):
        slug = _value(element, "category_nicename").strip()
        shown = plain(_value(element, "cat_name")) or unquote(slug)
        parent = _value(element, "category_parent").strip()
        about = plain(_value(element, "category_description"))
        blog.categories[slug] = (shown, parent, about)
        blog.terms[_value(element, "term_id").strip()] = slug
    elif name == "tag":
        slug = _value(element, "tag_slug").strip()
        shown = plain(_value(element, "tag_name")) or unquote(slug)
        blog.tags[slug] = (shown, plain(_value(element, "tag_description")))
    elif name == "item":
        kind, status = _value(element, "post_type"), _value(element, "status")
        number = _value(element, "post_id").strip()
        if (offset := _offset(element)) is not None:
            blog.offsets[offset] += 1
        if kind == "attachment":
            blog.attachments[number] = _attachment(element, number)
            return
        if kind == "wp_block" and status == "publish":
            blog.blocks[number] = _value(element, "encoded", "/content/")
        if kind not in TYPES:
            blog.leave_out(TYPE_NAMES.get(kind, f"类型{plain(kind)[:30] or '不明'}"))
        elif status == "trash":
            blog.leave_out("回收站里的文章")
        elif status in ("auto-draft", "inherit"):
            blog.leave_out("自动草稿和历史版本")
        else:
            blog.posts += 1
        blog.leave_out("评论", sum(_name(child) == "comment" for child in element))


def _offset(element) -> timedelta | None:
    """Return how far a post's own clock is before Greenwich's, where it tells both."""
    try:
        own, greenwich = (
            datetime.fromisoformat(_value(element, name).strip())
            for name in ("post_date", "post_date_gmt")
        )
    except ValueError:
        return None
    offset = own - greenwich
    return offset if abs(offset) < timedelta(hours=15) and own.year > 1970 else None


def _attachment(element, number: str) -> Attachment:
    return Attachment(
        address=(_value(element, "attachment_url") or _value(element, "guid")).strip(),
        parent=_value(element, "post_parent").strip(),
        order=(_whole(_value(element, "menu_order")), _whole(number)),
        alt=plain(_meta(element).get("_wp_attachment_image_alt", "")),
        caption=_value(element, "encoded", "excerpt").strip(),
    )


def _whole(text: str) -> int:
    return int(text) if re.fullmatch(r"\s*\d{1,16}\s*", text) else 0


def _meta(element) -> dict[str, str]:
    return {
        _value(child, "meta_key"): _value(child, "meta_value")
        for child in element
        if _name(child) == "postmeta"
    }


# --- One post ----------------------------------------------------------------------------


@dataclass
class _Item:
    blog: WordPress
    element: etree._Element
    notes: list[str] = field(default_factory=list)

    def article(self) -> OldArticle:
        number = _value(self.element, "post_id").strip()
        is_page = _value(self.element, "post_type") == "page"
        status = _value(self.element, "status").strip()
        state = STATES.get(status, DRAFT)
        if status == "private":
            self.notes.append("私密文章，收为草稿")
        elif status not in STATES:
            self.notes.append(f"状态{status}不明，收为草稿")
        if _value(self.element, "post_password").strip():
            state = DRAFT
            self.notes.append("有密码的文章，收为草稿")
        if _value(self.element, "is_sticky").strip() == "1":
            self.notes.append("原为置顶，置顶不保留")
        path, further = self.categories()
        meta = _meta(self.element)
        content = _value(self.element, "encoded", "/content/")
        title = plain(_value(self.element, "title"))
        creator = _value(self.element, "creator").strip()
        author = self.blog.authors.get(creator, plain(creator))
        if not author:
            self.notes.append("没有作者")
        published_at = self.moment("post_date")
        if published_at is None and state == PUBLISHED:
            self.notes.append("没有发布时间")
        return OldArticle(
            key=number or _value(self.element, "guid")[:200] or title[:200],
            id=int(number) if re.fullmatch(r"\d{1,16}", number) else None,
            title=title or f"无标题{number}",
            html=self.html(content, meta),
            category=(PAGES,) if is_page else path,
            tags=(*self.tags(), *further),
            authors=(author,) if author else (),
            state=DRAFT if is_page else state,
            published_at=published_at,
            updated_at=self.moment("post_modified"),
            summary=plain(_value(self.element, "encoded", "excerpt")),
            cover=self.cover(meta.get("_thumbnail_id", "").strip()),
            addresses=self.addresses(number, is_page),
            notes=tuple(self.notes),
        )

    def cover(self, number: str) -> str:
        file = self.blog.attachments.get(number)
        if number and not file:
            self.notes.append(f"特色图片{number}不在导出文件里")
        return file.address if file else ""

    def tags(self) -> list[str]:
        names = (
            plain("".join(child.itertext()))
            for child in self.element
            if _name(child) == "category" and child.get("domain") in TAGS
        )
        return list(dict.fromkeys(name for name in names if name))

    def categories(self) -> tuple[tuple[str, ...], list[str]]:
        """Return the post's category, and the names of further ones, which become tags."""
        found: dict[str, tuple[str, ...]] = {}
        others: set[str] = set()
        for child in self.element:
            if _name(child) != "category":
                continue
            domain = child.get("domain", "category")
            if domain == "category":
                slug, name = child.get("nicename", ""), plain("".join(child.itertext()))
                path = self.blog.category_path(slug) or ((name,) if name else ())
                if path:
                    found[slug] = path
            elif domain not in (*TAGS, "post_format"):
                others.add(domain)
        if found.keys() - {""}:
            found.pop("", None)  # WXR 1.0 names each twice, first without its slug
        if others:
            self.notes.append(f"自定义分类法不保留：{'、'.join(sorted(others))}")
        if not found:
            return (UNSORTED,), []
        told = _meta(self.element).get("_yoast_wpseo_primary_category", "")
        primary = self.blog.terms.get(told, "")
        chosen = found.get(primary) or max(found.values(), key=len)
        above = {path[:end] for path in found.values() for end in range(1, len(path) + 1)}
        ancestors = {path for path in above if chosen[: len(path)] == path}
        further = [path[-1] for path in found.values() if path not in ancestors]
        if further:
            self.notes.append(f"另属栏目{'、'.join(further)}，改为标签")
        return chosen, further

    def moment(self, name: str) -> datetime | None:
        """Return a moment: by Greenwich if it is told, else by the site's own clock."""
        for column, zone in ((f"{name}_gmt", UTC), (name, self.blog.clock)):
            try:
                read = datetime.fromisoformat(_value(self.element, column).strip())
            except ValueError:  # 0000-00-00 00:00:00: a draft's
                continue
            if 1949 <= read.year <= 2199:
                return read.replace(tzinfo=zone).astimezone(self.blog.clock)
        if name == "post_date":
            try:
                read = parsedate_to_datetime(_value(self.element, "pubDate"))
            except (ValueError, TypeError):
                return None
            if 1949 <= read.year <= 2199 and read.tzinfo:
                return read.astimezone(self.blog.clock)
        return None

    def addresses(self, number: str, is_page: bool) -> tuple[str, ...]:
        base = self.blog.base
        found = [f"{base}/?p={number}"] + ([f"{base}/?page_id={number}"] if is_page else [])
        for name in ("link", "guid"):
            parts = urlsplit(_value(self.element, name).strip())
            is_own = not parts.netloc or host_of(parts.geturl()) in ("", host_of(self.blog.address))
            path = unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
            if is_own and path not in ("", "/"):
                found.insert(0, path) if name == "link" else found.append(path)
        return tuple(dict.fromkeys(found))

    # --- its text

    def html(self, content: str, meta: dict[str, str]) -> str:
        content = self.shortcodes(self.reused(content))
        if "<!-- wp:footnotes" in content:
            notes = _footnotes(meta.get("footnotes", ""))
            content = re.sub(r"<!-- wp:footnotes[^>]{0,300}-->", lambda _: notes, content)
        made = dict.fromkeys(
            found["name"]
            for found in _DELIMITER.finditer(content)
            if found["void"] and found["name"] not in _SILENT
        )
        if made:
            self.notes.append(f"由程序现算的区块不保留：{'、'.join(list(made)[:10])}")
        return _COVER.sub(r'\g<0><img src="\1">', _between_blocks(content))

    def reused(self, content: str, depth: int = 0) -> str:
        """Write reusable blocks where they are used."""

        def used(found: re.Match) -> str:
            text = self.blog.blocks.get(found[1], "")
            if not text:
                self.notes.append(f"可重用区块{found[1]}不在导出文件里")
            return self.reused(text, depth + 1) if depth < 3 else text

        return _REUSED.sub(used, content)

    def shortcodes(self, content: str) -> str:
        """Write as HTML what WordPress's own shortcodes stand for; name the others."""
        content = _CAPTION.sub(_figure, content)
        content = _GALLERY.sub(self.gallery, content)
        content = _EMBED.sub(lambda found: f'<p><a href="{found[1]}">{found[1]}</a></p>', content)
        content = _MEDIA.sub(self.medium, content)
        strange = dict.fromkeys(found[1] for found in _SHORTCODE.finditer(content))
        if strange:
            self.notes.append(f"不认识的短代码，原样保留：{'、'.join(list(strange)[:10])}")
        return content

    def gallery(self, found: re.Match) -> str:
        return "".join(
            f'<figure><img src="{escape(file.address)}" alt="{escape(file.alt)}">'
            f"<figcaption>{file.caption}</figcaption></figure>"
            for file in self.files(found[0], PICTURES)
        )

    def medium(self, found: re.Match) -> str:
        source = re.search(r"(?:src|mp3|mp4|m4a|webm|ogg|wav|flac)=[\"']([^\"']{1,500})", found[0])
        if source:
            urls = [source[1]]
        else:
            urls = [file.address for file in self.files(found[0], SOUNDS_AND_FILMS)]
        return "".join(f'<p><a href="{escape(url)}">{_file_name(url)}</a></p>' for url in urls)

    def files(self, shortcode: str, endings: tuple[str, ...]) -> list[Attachment]:
        """Return the files that a shortcode names, or else those uploaded to its post."""
        if named := re.search(r"\b(?:ids|include)=[\"']?([\d, ]+)", shortcode):
            numbers = re.findall(r"\d+", named[1])
        else:
            post = re.search(r"\bid=[\"']?(\d+)", shortcode)
            number = post[1] if post else _value(self.element, "post_id").strip()
            theirs = {k: f for k, f in self.blog.attachments.items() if f.parent == number}
            numbers = [
                key
                for key in sorted(theirs, key=lambda key: theirs[key].order)
                if urlsplit(theirs[key].address).path.lower().endswith(endings)
            ]
        lost = [number for number in numbers if number not in self.blog.attachments]
        if lost or not numbers:
            which = f"附件{'、'.join(lost)}" if lost else "附件"
            self.notes.append(f"{shortcode[:200]}的{which}不在导出文件里")
        return [self.blog.attachments[number] for number in numbers if number not in lost]


PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".avif")
SOUNDS_AND_FILMS = (".mp3", ".m4a", ".ogg", ".wav", ".flac", ".mp4", ".m4v", ".webm", ".mov")


def _file_name(url: str) -> str:
    return escape(unquote(posixpath.basename(urlsplit(url).path)) or url)


def _figure(found: re.Match) -> str:
    """Write a picture with its caption, which the first versions had as an attribute."""
    caption = re.search(r"\bcaption=\"([^\"]{0,2000})\"", found[1] or "")
    return f"<figure>{found[2]}{f' {caption[1]}' if caption else ''}</figure>"


_CAPTION = re.compile(
    r"\[(?:wp_)?caption(\s[^\]]{0,3000})?\](.{0,5000}?)\[/(?:wp_)?caption\]", re.DOTALL
)
_GALLERY = re.compile(r"\[gallery(?:\s[^\]]{0,2000})?\]")
_EMBED = re.compile(r"\[embed(?:\s[^\]]{0,300})?\]\s*(https?://[^\s\[\]\"<>]{1,500})\s*\[/embed\]")
_MEDIA = re.compile(r"\[(?:audio|video|playlist)(?:\s[^\]]{0,1000})?\](?:\s*\[/(?:audio|video)\])?")
_DELIMITER = re.compile(  # in its JSON < and > are written \u003c and \u003e
    r"<!--\s+(?P<end>/)?wp:(?P<name>[a-z][a-z0-9/-]*)\s+(?:\{[^<>]{0,20000}\}\s+)?(?P<void>/)?-->"
)
# Blocks that say nothing, or are read elsewhere.
_SILENT = {"paragraph", "separator", "spacer", "more", "nextpage", "footnotes", "block"}
_REUSED = re.compile(r'<!--\s+wp:(?:core/)?block\s+\{[^{}]{0,300}?"ref":(\d+)[^{}]{0,300}\}\s+/-->')
# Until WordPress 5.9 a cover's picture was its background.
_COVER = re.compile(
    r"<div [^<>]{0,500}\bwp-block-cover\b[^<>]{0,500}"
    r"background-image:\s?url\(([^()\"<>]{1,500})\)[^<>]{0,500}>"
)
_SHORTCODE = re.compile(r"\[/?([a-z][a-z0-9_-]{2,40})(?:\s[a-z_-]+=[\"'][^\]]{0,500})?/?\]")


def _footnotes(source: str) -> str:
    """Return the footnotes of the block editor, which keeps them apart, as a list that links
    back."""
    try:
        notes = json.loads(source)
        items = [(str(note["id"]), str(note["content"])) for note in notes]
    except (ValueError, TypeError, KeyError):
        return ""
    lines = (
        f'<li id="{re.sub(r"[^0-9A-Za-z-]", "", pk)}">{content} <a href="#{pk}-link">↩</a></li>'
        for pk, content in items
    )
    return f"<ol>{''.join(lines)}</ol>"


_BLOCK = (
    r"(?:table|thead|tfoot|caption|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area"
    r"|blockquote|address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|header|footer"
    r"|nav|figure|figcaption|details|summary)"
)
_ENDS_BLOCK = re.compile(rf"</?{_BLOCK}[^<>]{{0,2000}}>\s*$", re.IGNORECASE)
_KEPT_AS_TYPED = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2\s*>)", re.DOTALL | re.I)


def paragraphs(content: str) -> str:
    """Turn the line ends of the old editor into breaks, as WordPress does when it shows a post.

    >>> paragraphs("甲\\n乙\\n\\n丙<ul>\\n<li>丁</li>\\n</ul>")
    '甲<br>乙<br><br>丙<ul><li>丁</li></ul>'
    """
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    pieces = _KEPT_AS_TYPED.split(content)
    result = []
    for place, piece in enumerate(pieces):
        if place % 3 == 2:  # the name of the element that is kept
            continue
        result.append(piece if place % 3 else _breaks(piece))
    return "".join(result)


def _between_blocks(content: str) -> str:
    """Set the lines of the old editor where they stand outside of the new one's blocks.

    >>> _between_blocks("甲\\n\\n乙\\n<!-- wp:html -->\\n<i>丙\\n丁</i>\\n<!-- /wp:html -->")
    '甲<br><br>乙<!-- wp:html -->\\n<i>丙\\n丁</i>\\n<!-- /wp:html -->'
    """
    parts: list[str] = []
    depth = at = 0
    for found in [*_DELIMITER.finditer(content), None]:
        piece = content[at : found.start() if found else len(content)]
        parts.append(piece if depth or not piece.strip() else paragraphs(piece.strip("\r\n")))
        if found:
            at = found.end()
            parts.append(found[0])
            if not found["void"] and found["name"] != "freeform":
                depth = max(0, depth - 1) if found["end"] else depth + 1
    return "".join(parts)


def _breaks(piece: str) -> str:
    lines = re.sub(r"[ \t]+\n", "\n", piece).split("\n")
    result = [lines[0]]
    for line in lines[1:]:
        before = result[-1]
        starts_block = re.match(rf"\s*</?{_BLOCK}[\s/>]", line, re.IGNORECASE)
        if starts_block or _ENDS_BLOCK.search(before):
            result.append(line.lstrip())
        else:
            result.append(f"<br>{line}")
    return "".join(result)
