"""The article, and what belongs to it."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from statutes.compiled import A_MOMENT, A_NUMBER, ANOTHER_MOMENT, Compiled

from .. import workflow
from ..versions import VersionBase, VersionRecords
from .addresses import address_of
from .filing import Author, Category, Tag

EXCERPT_LENGTH = 120  # characters
CHARACTERS_A_MINUTE = 400  # read by an adult, of explanatory Chinese


class TaggedArticle(ItemBase):
    """A tag on an article, by plain foreign keys."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="items", verbose_name="标签")
    content_object = models.ForeignKey("Article", models.CASCADE, verbose_name="文章")

    class Meta:
        verbose_name = verbose_name_plural = "文章标签"
        constraints = [
            models.UniqueConstraint(fields=["tag", "content_object"], name="tag_once_an_article")
        ]


class ArticleQuerySet(models.QuerySet):
    LARGE = ("body", "body_html", "contents", "terms", "cited", "renamed")

    def visible(self, at=None):
        """Articles the public may read at the moment `at`, by default now."""
        return self.filter(state=Article.State.PUBLISHED, published_at__lte=at or timezone.now())

    def kept(self):
        """All but what lies in the trash."""
        return self.exclude(state=Article.State.TRASHED)

    def due(self, at=None):
        """Scheduled articles whose moment has come, by default now; the earliest first."""
        at = at or timezone.now()
        return self.filter(state=Article.State.SCHEDULED, published_at__lte=at).order_by(
            "published_at", "id"
        )

    def titled(self, words):
        """Articles with these words in their title, in capitals or not."""
        # To put every title into capitals takes PostgreSQL three times as long as to look into it.
        has_capitals = words.lower() != words.upper()
        return self.filter(**{"title__icontains" if has_capitals else "title__contains": words})

    def newest_first(self):
        return self.order_by("-published_at", "-id")

    def for_lists(self):
        """Without the large columns, with what a card shows: two queries in all."""
        return self.defer(*self.LARGE).with_authors()

    def with_authors(self):
        return self.prefetch_related(
            models.Prefetch("bylines", Authorship.objects.select_related("author"))
        )

    def before(self, published_at, id):
        """Articles that stand before this place in the order of publication.

        The first condition bounds the walk over the index; an OR alone would not.
        """
        return self.filter(published_at__lte=published_at).filter(
            Q(published_at__lt=published_at) | Q(id__lt=id)
        )

    def after(self, published_at, id):
        """Articles that stand after this place in the order of publication."""
        return self.filter(published_at__gte=published_at).filter(
            Q(published_at__gt=published_at) | Q(id__gt=id)
        )


class Article(models.Model):
    """文章: what the firm publishes. Its id is its address and never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        IN_REVIEW = "in_review", "待审"
        APPROVED = "approved", "待发布"
        SCHEDULED = "scheduled", "已排期"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤下"
        TRASHED = "trashed", "回收站"

    class Origin(models.TextChoices):
        ORIGINAL = "original", "原创"
        REPRINT = "reprint", "转载"

    id = models.BigAutoField("编号", primary_key=True)
    title = models.CharField("标题", max_length=120)
    category = models.ForeignKey(
        Category, models.PROTECT, verbose_name="栏目", related_name="articles"
    )
    authors = models.ManyToManyField(
        Author, through="Authorship", verbose_name="作者", related_name="articles"
    )
    tags = TaggableManager(
        "标签",
        through=TaggedArticle,
        blank=True,
        help_text="以逗号、顿号或分号隔开，例如：民间借贷、借条、诉讼时效",
    )
    summary = models.CharField(
        "摘要", max_length=300, blank=True, help_text="70至120个字，直接回答标题的问题。"
    )
    body = models.TextField("正文", help_text="Markdown。小标题从 ## 开始。")
    cover = models.ImageField(
        "封面",
        upload_to="covers",
        blank=True,
        max_length=200,
        width_field="cover_width",
        height_field="cover_height",
        help_text="JPEG、PNG、WebP或GIF。",
    )
    cover_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    cover_height = models.PositiveIntegerField(null=True, blank=True, editable=False)

    origin = models.CharField(
        "来源性质", max_length=10, choices=Origin.choices, default=Origin.ORIGINAL
    )
    source_name = models.CharField("转载来源", max_length=100, blank=True)
    source_url = models.URLField("来源网址", max_length=500, blank=True)

    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField("状态始于", null=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="负责人",
        null=True,
        blank=True,
        related_name="+",
        help_text="谁来写、谁来改。",
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    updated_at = models.DateTimeField("更新时间", null=True, blank=True, editable=False)
    reviewer = models.ForeignKey(
        Author,
        models.PROTECT,
        verbose_name="审核律师",
        null=True,
        blank=True,
        related_name="reviewed_articles",
    )
    reviewed_on = models.DateField(
        "法律核对日期", null=True, blank=True, help_text="文中法律以这一天为准。"
    )
    ai_assisted = models.BooleanField("含人工智能辅助生成内容", default=False)
    review_due_on = models.DateField("应核对日期", null=True, editable=False)

    # Derived from the body by publishing.py.
    body_html = models.TextField(editable=False, blank=True)
    contents = models.JSONField("目录", editable=False, default=list)
    excerpt = models.CharField("摘录", max_length=200, editable=False, blank=True)
    length = models.PositiveIntegerField("字数", editable=False, default=0)
    terms = models.JSONField("关键词", editable=False, default=dict)
    # Derived from the body and from today's law by citing.py: what the page tells of each law.
    cited = models.JSONField("所引法条", editable=False, default=list)
    renamed = models.JSONField("已更名机构", editable=False, default=list)
    imported_digest = models.CharField(editable=False, blank=True, max_length=64)

    objects = ArticleQuerySet.as_manager()
    history = VersionRecords(
        verbose_name="文章版本",
        verbose_name_plural="文章版本",
        bases=[VersionBase],
        excluded_fields=[
            *("state", "state_since", "owner", "published_at", "updated_at"),
            *("reviewer", "reviewed_on", "review_due_on", "cover_width", "cover_height"),
            *("body_html", "contents", "cited", "renamed"),
            *("excerpt", "length", "terms", "imported_digest"),
        ],
    )

    class Meta:
        verbose_name = verbose_name_plural = "文章"
        indexes = [
            models.Index(fields=["state", "published_at", "id"], name="article_order"),
            models.Index(
                fields=["category", "state", "published_at", "id"], name="article_order_in_category"
            ),
            models.Index(fields=["title"], name="article_by_title"),
            # What sitemaps, the rebuilding of lists and the desk's filters ask of very many rows,
            # without the rows themselves: their texts stand in the way of the other columns.
            models.Index(
                fields=[
                    *("state", "id", "published_at", "updated_at"),
                    *("category", "origin", "owner"),
                ],
                name="article_facts",
            ),
            models.Index(
                fields=["state", "review_due_on", "id", "category", "origin", "owner"],
                name="article_review_due",
                condition=Q(review_due_on__isnull=False),
            ),
            models.Index(
                fields=["category", "id", "state", "origin", "owner"], name="article_by_category"
            ),
            models.Index(
                fields=["owner", "id", "state", "origin", "category"],
                name="article_by_owner",
                condition=Q(owner__isnull=False),
            ),
            models.Index(
                fields=["id", "state", "category", "origin", "owner"],
                name="article_reprints",
                condition=Q(origin="reprint"),
            ),
            models.Index(
                fields=["id", "state", "title"],
                name="article_hidden_titles",
                condition=~Q(state="published"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["published", "scheduled"]) | Q(published_at__isnull=False),
                name="published_article_has_date",
                violation_error_message="已发布或已排期的文章要有发布时间。",
            ),
            models.CheckConstraint(
                condition=~Q(origin="reprint") | ~Q(source_name=""),
                name="reprint_names_its_source",
                violation_error_message="转载文章要写明来源。",
            ),
        ]
        permissions = [
            ("edit_any_article", "编辑所有文章"),
            ("publish_article", "发布、排期与撤下文章"),
            ("approve_article", "审核文章"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address_of(self.pk)

    @property
    def markdown_url(self) -> str:
        return address_of(self.pk, "articles:article-markdown")

    @property
    def feedback_url(self) -> str:
        return address_of(self.pk, "articles:feedback")

    def enter(self, state: str) -> None:
        """Set the state and since when; the caller saves."""
        self.state, self.state_since = state, timezone.now()

    @property
    def legal_date(self):
        """The day whose law this article states: last review, else publication; None for drafts."""
        if self.reviewed_on or not self.published_at:
            return self.reviewed_on
        return timezone.localdate(self.published_at)

    @property
    def is_visible(self) -> bool:
        """Whether the public may read it now, as ArticleQuerySet.visible asks it."""
        return self.state == self.State.PUBLISHED and self.published_at <= timezone.now()

    @property
    def is_gone(self) -> bool:
        """Whether it was public and was taken back, or thrown away after that."""
        thrown_away = self.state == self.State.TRASHED and self.published_at is not None
        return thrown_away or self.state == self.State.WITHDRAWN

    @property
    def is_reprint(self) -> bool:
        return self.origin == self.Origin.REPRINT

    @property
    def was_updated(self) -> bool:
        """Whether its words changed after it was published."""
        return bool(self.updated_at and self.updated_at > self.published_at)

    @property
    def modified_at(self):
        return self.updated_at if self.was_updated else self.published_at

    @property
    def description(self) -> str:
        """What search engines and cards say of it."""
        return self.summary or self.excerpt

    @property
    def reading_minutes(self) -> int:
        return max(1, round(self.length / CHARACTERS_A_MINUTE))

    @cached_property
    def signers(self) -> list[Author]:
        """Its authors in the order in which they sign; free of queries after `with_authors`."""
        return [byline.author for byline in self.bylines.all()]

    @cached_property
    def tag_list(self) -> list[Tag]:
        """Its tags; free of queries where they were fetched before."""
        return list(self.tags.all())

    @cached_property
    def credit(self) -> str:
        """Who wrote it, as the credit line names them."""
        return "、".join(author.signature for author in self.signers)

    @property
    def law_notices(self) -> list[list[dict]]:
        """What of its law no longer holds, by statute and day, for the notice before the body."""
        groups: dict[tuple, list[dict]] = {}
        for law in self.cited:
            if law["is_noticed"]:
                key = law["statute"], law["since"], law["state"] == "repealed"
                groups.setdefault(key, []).append(law)
        return list(groups.values())

    @property
    def cited_provisions(self) -> list[dict]:
        """The provisions it cites with the text to read today: see cited.Cited."""
        return [law for law in self.cited if law["lines"]]

    def neighbours(self) -> tuple["Neighbour | None", "Neighbour | None"]:
        """The visible articles before and after it over the whole site, in one query."""
        here = (self.published_at, self.pk)
        older = newer = None
        for row in _NEIGHBOURS(published_at=here[0], id=here[1], now=timezone.now()):
            found = Neighbour._make(row)
            if (found.published_at, found.pk) < here:
                older = found
            else:
                newer = found
        return older, newer

    def related_list(self) -> list["RelatedCard"]:
        """Up to RelatedArticle.SHOWN related articles to show, best first, in one query."""
        cards = map(RelatedCard._make, _RELATED(article=self.pk, now=timezone.now()))
        return [card for card in cards if card.is_visible][: RelatedArticle.SHOWN]


class ArticleEvent(models.Model):
    """One step of an article on its way: who moved it, when, and with what words."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="events", verbose_name="文章")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="操作人",
    )
    move = models.CharField("操作", max_length=20)
    before = models.CharField("原状态", max_length=10, choices=Article.State.choices)
    after = models.CharField("新状态", max_length=10, choices=Article.State.choices)
    note = models.TextField("说明", blank=True)
    overridden = models.JSONField("放行的引用", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "流转记录"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["article", "-at", "-id"], name="event_order")]

    def __str__(self):
        return f"{self.label}：{self.article}"

    @property
    def label(self) -> str:
        return workflow.label(self.move)


class Authorship(models.Model):
    """An author of an article; the first by position is named first."""

    article = models.ForeignKey(
        Article, models.CASCADE, verbose_name="文章", related_name="bylines"
    )
    author = models.ForeignKey(Author, models.PROTECT, verbose_name="作者", related_name="bylines")
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "署名"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "author"], name="author_once_an_article")
        ]

    def __str__(self):
        return str(self.author)


class ArticleImage(models.Model):
    """A picture that an article's Markdown calls by `name`."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="images", verbose_name="文章")
    name = models.CharField(
        "文中名称",
        max_length=200,
        help_text="正文里写作 ![图片说明](文中名称)，例如 images/steps.png。",
    )
    file = models.ImageField(
        "文件", upload_to="images", max_length=200, width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(editable=False, null=True)
    height = models.PositiveIntegerField(editable=False, null=True)

    class Meta:
        verbose_name = verbose_name_plural = "插图"
        constraints = [
            models.UniqueConstraint(fields=["article", "name"], name="image_name_once_an_article")
        ]

    def __str__(self):
        return self.name


class RelatedArticleQuerySet(models.QuerySet):
    def in_order(self):
        """Pinned ones first, each group by rank."""
        pinned = models.Case(
            models.When(origin=RelatedArticle.Origin.PINNED, then=0),
            default=1,
            output_field=models.SmallIntegerField(),
        )
        return self.order_by(pinned, "rank", "id")

    def computed(self):
        return self.filter(origin=RelatedArticle.Origin.COMPUTED)

    def decided(self):
        """What an editor decided: computing never touches these."""
        return self.exclude(origin=RelatedArticle.Origin.COMPUTED)


class RelatedArticle(models.Model):
    """One entry of an article's related list, stored because a page must not compute it."""

    SHOWN = 8

    class Origin(models.TextChoices):
        COMPUTED = "computed", "自动"
        PINNED = "pinned", "置顶"
        BANNED = "banned", "不显示"

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="related", verbose_name="文章"
    )
    related = models.ForeignKey(
        Article, models.CASCADE, related_name="related_from", verbose_name="相关文章"
    )
    rank = models.PositiveSmallIntegerField("次序", default=0)
    score = models.FloatField("相似度", default=0, editable=False)
    shared_terms = models.JSONField("共有词", default=list, editable=False)
    shared_law = models.CharField("同引条文", max_length=200, blank=True, editable=False)
    origin = models.CharField(
        "来源", max_length=10, choices=Origin.choices, default=Origin.COMPUTED
    )

    objects = RelatedArticleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "相关文章"
        constraints = [
            models.UniqueConstraint(fields=["article", "related"], name="related_once_an_article"),
            models.CheckConstraint(
                condition=~Q(article=F("related")),
                name="article_not_related_to_itself",
                violation_error_message="文章不能与自身相关。",
            ),
        ]
        indexes = [
            # With the score: publication asks some hundred lists for that of their last entry.
            models.Index(fields=["article", "origin", "rank", "score"], name="related_in_order")
        ]

    def __str__(self):
        return str(self.related)


class Neighbour(NamedTuple):
    """An article beside another in the order of publication, as that one's page names it."""

    pk: int
    title: str
    published_at: datetime

    @property
    def url(self) -> str:
        return address_of(self.pk)


class RelatedCard(NamedTuple):
    """An entry of a related list with what its card shows of the related article."""

    pk: int
    title: str
    excerpt: str
    cover: str
    cover_width: int | None
    cover_height: int | None
    shared_terms: list[str]
    shared_law: str
    is_visible: bool
    title_words: str | None
    excerpt_words: str | None

    @property
    def url(self) -> str:
        return address_of(self.pk)


def _beside(published_at, id, now):
    """The articles next to the place of a visible one in the order of publication.

    What stands before it is no younger than now: to say so again gives SQLite two upper bounds,
    of which it takes the first and walks down to the place from today.
    """
    published = Article.objects.filter(state=Article.State.PUBLISHED)
    ends = (
        published.before(published_at, id).order_by("-published_at", "-id"),
        published.after(published_at, id)
        .filter(published_at__lte=now)
        .order_by("published_at", "id"),
    )
    return Article.objects.filter(
        Q(pk=models.Subquery(ends[0].values("pk")[:1]))
        | Q(pk=models.Subquery(ends[1].values("pk")[:1]))
    ).values_list(*Neighbour._fields)


def _related_to(article, now):
    """The entries of a related list with what their cards show.

    Whether they are visible is told of the few rows found: as a condition it leads databases
    to begin with all that is visible.
    """
    public = Q(related__state=Article.State.PUBLISHED, related__published_at__lte=now)
    is_visible = models.ExpressionWrapper(public, output_field=models.BooleanField())
    entries = (
        RelatedArticle.objects.filter(article=article).in_order().annotate(is_visible=is_visible)
    )
    shown = ("pk", "title", "excerpt", "cover", "cover_width", "cover_height")
    return entries.exclude(origin=RelatedArticle.Origin.BANNED).values_list(
        *(f"related__{name}" for name in shown),
        *("shared_terms", "shared_law", "is_visible"),
        *("related__card_words__title", "related__card_words__excerpt"),
    )


_NEIGHBOURS = Compiled(Article, _beside, published_at=A_MOMENT, id=A_NUMBER, now=ANOTHER_MOMENT)
_RELATED = Compiled(RelatedArticle, _related_to, article=A_NUMBER, now=A_MOMENT)
