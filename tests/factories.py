"""Rows for tests: valid by default, every value open to change."""

import io
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group, User
from django.utils import timezone
from PIL import Image

from articles import lists, publishing, roles
from articles.models import Article, Author, Authorship, Category, Tag
from lawsite.models import SiteProfile
from statutes.importing import load
from statutes.importing.parsed import Body, ParsedProvision, ParsedVersion
from statutes.importing.text import read_article
from statutes.models import Statute, StatuteVersion

BEIJING = ZoneInfo("Asia/Shanghai")
PUBLISHED_AT = datetime(2026, 3, 12, 9, 30, tzinfo=BEIJING)
BODY = "自然人之间的借款合同，自贷款人提供借款时成立。\n\n## 先留证据\n\n转账记录要保存原件。"

_numbers = count(1)


def make_category(name="", *, parent=None, **values) -> Category:
    return Category.objects.create(name=name or f"栏目{next(_numbers)}", parent=parent, **values)


def make_author(name="", *, job_title="律师", **values) -> Author:
    return Author.objects.create(
        name=name or f"作者{next(_numbers)}", job_title=job_title, **values
    )


def make_article(
    title="没有借条，怎样要回借款？",
    *,
    body=BODY,
    category=None,
    authors=(),
    tags=(),
    state=Article.State.PUBLISHED,
    published_at=PUBLISHED_AT,
    **values,
) -> Article:
    """Return an article that went through publishing.refresh, by default a published one."""
    if isinstance(published_at, str):
        published_at = datetime.fromisoformat(published_at)
    article = Article.objects.create(
        title=title,
        body=body,
        category=category or make_category(),
        state=state,
        published_at=published_at,
        **values,
    )
    for position, author in enumerate(authors):
        Authorship.objects.create(article=article, author=author, position=position)
    article.tags.set(tags)
    publishing.refresh(article)
    return article


def make_articles(number, *, minutes_apart=1, **values) -> list[Article]:
    """Return plain published articles, oldest first, all in one category.

    They are stored in bulk, without related lists: for lists and counts of queries.
    """
    category = values.pop("category", None) or make_category()
    articles = Article.objects.bulk_create(
        Article(
            title=f"第{index}篇",
            body=BODY,
            body_html="<p>正文</p>",
            excerpt="正文",
            category=category,
            state=Article.State.PUBLISHED,
            published_at=PUBLISHED_AT + timedelta(minutes=index * minutes_apart),
            **values,
        )
        for index in range(1, number + 1)
    )
    lists.place([article.pk for article in articles])
    return articles


def make_tag(name, **values) -> Tag:
    return Tag.objects.create(name=name, **values)


def make_site(**values) -> SiteProfile:
    """Return the site's record, its firm named."""
    site = SiteProfile(firm_name="北京某某律师事务所", **values)
    site.save()
    return site


def make_image(width=80, height=60, *, kind="PNG", mode="RGB", colour=None, **options) -> bytes:
    """Return the content of a picture file; `options` go to Pillow's save."""
    buffer = io.BytesIO()
    Image.new(mode, (width, height), colour or 0).save(buffer, kind, **options)
    return buffer.getvalue()


def article_file(body=BODY, **header) -> str:
    """Return an article as an import file; give a key None to leave it out."""
    header = {"title": "没有借条，怎样要回借款？", "category": "金融债务/民间借贷"} | header
    lines = [f"{key}: {value}" for key, value in header.items() if value is not None]
    return "\n".join(["---", *lines, "---", body, ""])


def make_parsed(
    title="中华人民共和国甲法",
    *,
    provisions=("为了甲，制定本法。", "乙应当登记。", "丙依法处理。"),
    promulgated_on=date(2020, 3, 1),
    effective_from=date(2020, 7, 1),
    divisions=(),
    kind="法律",
    label="制定",
    **values,
) -> ParsedVersion:
    """Return a version as a parser makes it. Provisions count from 1, or begin 第三条之一."""
    return ParsedVersion(
        title=title,
        kind=kind,
        label=label,
        promulgated_on=promulgated_on,
        effective_from=effective_from,
        body=Body(divisions=tuple(divisions), provisions=tuple(_numbered(provisions))),
        **values,
    )


def _numbered(texts):
    number = 0
    for line, text in enumerate(texts, start=1):
        marker = read_article(text)
        number = marker.number if marker else number + 1
        yield ParsedProvision(
            number,
            marker.suffix if marker else 0,
            marker.label if marker else f"第{number}条",
            marker.rest if marker else text,
            None,
            line,
        )


def make_version(title="中华人民共和国甲法", **values) -> StatuteVersion:
    """Return a version that came in by load.load; the values are those of make_parsed."""
    return load.load(make_parsed(title, **values), known_until=timezone.localdate()).version


def make_statute(title="中华人民共和国甲法", *, kind="法律", **values) -> Statute:
    """Return a statute without text."""
    statute = load.make_statute(title, kind)
    Statute.objects.filter(pk=statute.pk).update(**values)
    statute.refresh_from_db()
    return statute


def make_user(username="", *roles_held, author=None, **values) -> User:
    """Return an account of the desk in these roles; `author` is whom it signs as."""
    roles.set_up()
    user = User.objects.create_user(username or f"user{next(_numbers)}", is_staff=True, **values)
    user.groups.set(Group.objects.filter(name__in=roles_held))
    if author:
        author.user = user
        author.save()
    return user


def make_lawyer(username="", *roles_held, **values) -> User:
    """Return a reviewing lawyer: an account that signs as an author with a licence number."""
    author = make_author(licence="11101201010000001")
    return make_user(username, roles.REVIEWER, *roles_held, author=author, **values)


def make_citation(article, state="current", text="《民法典》第六百七十五条", **values):
    """Return a stored citation of an article, with any verdict."""
    values = {
        "title": "民法典",
        "fragment": "article-675",
        "assessed_on": date(2026, 3, 12),
    } | values
    position = article.citations.count()
    return article.citations.create(
        position=position, start=position, end=position + 1, text=text, state=state, **values
    )
