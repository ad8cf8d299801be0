"""What the firm publishes."""

from functools import cache, lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase

from statutes.citations.whereabouts import Standing
from statutes.compiled import A_MOMENT, A_NUMBER, ANOTHER_MOMENT, Compiled
from statutes.locators import Locator, parse_fragment
from statutes.models import Provision, Statute
from statutes.slugs import free_slug, pinyin_slug
from statutes.verdicts import Attention, Question, State, Verdict

from . import workflow
from .versions import VersionBase, VersionRecords

CATEGORY_LEVELS = 4
EXCERPT_LENGTH = 120  # characters
CHARACTERS_A_MINUTE = 400  # read by an adult, of explanatory Chinese


def slug_for(model, name: str) -> str:
    """Return a slug for `name` that no row of `model` has yet."""
    return free_slug(name, lambda slug: model.objects.filter(slug=slug).exists())


@lru_cache(maxsize=8_192)
def address(name: str, *args) -> str:
    """Return an address of this site; Django takes long to put one together."""
    return reverse(name, args=args)


@cache
def address_parts() -> tuple[str, str]:
    """What stands before and after the id in an article's address."""
    return tuple(reverse("articles:article", args=[1]).rsplit("1", 1))


def address_of(pk: int) -> str:
    """Return an article's address: a page may print dozens, so the pattern is read once."""
    before, after = address_parts()
    return f"{before}{pk}{after}"


class CategoryQuerySet(models.QuerySet):
    def roots(self):
        return self.filter(parent=None)

    def with_ancestors(self):
        """Categories whose breadcrumb costs no further query."""
        return self.select_related("__".join(["parent"] * (CATEGORY_LEVELS - 1)))

    def tree(self):
        """The roots, each with its `branches` (and they with theirs), in one query."""
        categories = list(self.all())
        children = {}
        for category in categories:
            category.branches = children.setdefault(category.pk, [])
            children.setdefault(category.parent_id, []).append(category)
        return children.get(None, [])

    def at_path(self, names):
        """The category under these names from the root down, made where it is missing."""
        category = None
        for name in names:
            category, _ = self.get_or_create(name=name, parent=category)
        return category


class Category(models.Model):
    """栏目: a tree of at most CATEGORY_LEVELS levels."""

    name = models.CharField("名称", max_length=40)
    slug = models.SlugField(
        "网址名", max_length=80, unique=True, blank=True, help_text="留空则由拼音生成；启用后勿改。"
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="上级栏目",
        null=True,
        blank=True,
        related_name="children",
    )
    position = models.PositiveSmallIntegerField("次序", default=0)
    intro = models.TextField("简介", blank=True, help_text="一两句话，说明本栏目回答什么问题。")
    review_months = models.PositiveSmallIntegerField(
        "核对周期",
        null=True,
        blank=True,
        help_text="多少个月后应再核对一次法律。留空则用全站的周期；0表示不需要。",
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "栏目"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="category_name_unique_in_parent",
                violation_error_message="同一上级下已有同名栏目。",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(parent=None),
                name="category_name_unique_at_root",
                violation_error_message="已有同名的一级栏目。",
            ),
        ]

    def __str__(self):
        return " / ".join(category.name for category in self.path())

    def save(self, *args, **kwargs):
        self.slug = self.slug or slug_for(Category, self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return address("articles:category", self.slug)

    def clean(self):
        if not self.parent:
            return
        levels = self.levels() if self.pk else [[]]
        if any(self.parent_id in level for level in levels):
            raise ValidationError({"parent": "上级栏目不能是本栏目或其下级。"})
        if len(self.parent.path()) + len(levels) > CATEGORY_LEVELS:
            raise ValidationError({"parent": f"栏目最多{CATEGORY_LEVELS}级。"})

    def path(self) -> list["Category"]:
        """The categories from the root to this one; free of queries after `with_ancestors`."""
        path = [self]
        while path[0].parent_id and len(path) < CATEGORY_LEVELS:
            path.insert(0, path[0].parent)
        return path

    def branch(self) -> list[int]:
        """Ids of this category and all below it."""
        return [pk for level in self.levels() for pk in level]

    def levels(self) -> list[list[int]]:
        """Ids of this category and of those below it, level by level, one query each."""
        levels = [[self.pk]]
        while levels[-1] and len(levels) <= CATEGORY_LEVELS:
            below = Category.objects.filter(parent__in=levels[-1])
            levels.append(list(below.values_list("pk", flat=True)))
        return levels[:-1]


class Author(models.Model):
    """A lawyer or editor who signs articles."""

    name = models.CharField("姓名", max_length=40, unique=True)
    slug = models.SlugField(
        "网址名", max_length=80, unique=True, blank=True, help_text="留空则由拼音生成；启用后勿改。"
    )
    job_title = models.CharField("职务", max_length=40, blank=True, help_text="例如：律师")
    licence = models.CharField("执业证号", max_length=60, blank=True)
    practice = models.CharField("业务领域", max_length=200, blank=True, help_text="一句话。")
    bio = models.TextField("简介", blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="登录账号",
        null=True,
        blank=True,
        related_name="author",
        help_text="审核律师须关联账号并填写执业证号，审核后文章显示其姓名。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "作者"
        ordering = ["name"]

    def __str__(self):
        return self.signature

    def save(self, *args, **kwargs):
        self.slug = self.slug or slug_for(Author, self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return address("articles:author", self.slug)

    @property
    def signature(self) -> str:
        """The name with its title, as a credit line prints it: 林知远律师."""
        return self.name if self.name.endswith(self.job_title) else self.name + self.job_title


class Tag(TagBase):
    """A tag with a page of its own."""

    intro = models.TextField(
        "简介", blank=True, help_text="有简介且文章不少于5篇的标签页才允许搜索引擎收录。"
    )

    class Meta:
        verbose_name = verbose_name_plural = "标签"
        ordering = ["name"]

    def get_absolute_url(self):
        return address("articles:tag", self.slug)

    def slugify(self, tag, i=None):
        slug = pinyin_slug(tag) or "tag"
        return slug if i is None else f"{slug}-{i}"


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

    def for_page(self):
        """With all that the article page prints."""
        category = "category" + "__parent" * (CATEGORY_LEVELS - 1)
        return self.select_related(category, "reviewer").with_authors().prefetch_related("tags")


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
            models.Index(fields=["state", "review_due_on"], name="article_review_due"),
            # All that sitemaps and the rebuilding of lists ask, without the rows' large columns.
            models.Index(
                fields=["state", "id", "published_at", "updated_at", "category"],
                name="article_facts",
            ),
            models.Index(fields=["title"], name="article_by_title"),
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

    @property
    def signers(self) -> list[Author]:
        """Its authors in the order in which they sign; free of queries after `with_authors`."""
        return [byline.author for byline in self.bylines.all()]

    @property
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
        """The provisions it cites with the text to read today: see citing.Cited."""
        return [law for law in self.cited if law["lines"]]

    def neighbours(self) -> tuple["Article | None", "Article | None"]:
        """The visible articles before and after it over the whole site, in one query."""
        here = (self.published_at, self.pk)
        found = {
            (article.published_at, article.pk): article
            for article in _NEIGHBOURS(published_at=here[0], id=here[1], now=timezone.now())
        }
        older = next((found[place] for place in found if place < here), None)
        newer = next((found[place] for place in found if place > here), None)
        return older, newer

    def related_list(self) -> list["RelatedArticle"]:
        """Up to RelatedArticle.SHOWN related articles to show, best first, in one query."""
        entries = [entry for entry in _RELATED(article=self.pk) if entry.related.is_visible]
        return entries[: RelatedArticle.SHOWN]


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
        indexes = [models.Index(fields=["article", "origin", "rank"], name="related_order")]

    def __str__(self):
        return str(self.related)


class ArticleCitationQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("article", "position")

    def wanting_attention(self):
        """Those that want a person."""
        return self.filter(attention__gt=0)

    def with_law(self):
        """With the provisions that a page or a list of citations names: no further query."""
        return self.select_related(
            "statute", "provision__version", "current__version__statute", "match__version__statute"
        )

    def resting_on(self, statutes):
        """Citations whose verdict may change when a version of these statutes is loaded."""
        return self.filter(
            Q(statute__in=statutes)
            | Q(current__version__statute__in=statutes)
            | Q(match__version__statute__in=statutes)
        )


AGREEMENTS = {
    Standing.EXACT.value: "一致",
    Standing.PARTIAL.value: "节引",
    Standing.ALTERED.value: "有出入",
    Standing.ELSEWHERE.value: "出自他处",
    Standing.NOWHERE.value: "查无此文",
}


class ArticleCitation(models.Model):
    """引用: a statute, or a provision of it, that an article cites, with its verdict.

    `provision` is the text of the article's legal date, `current` what holds in its place today;
    both stay empty where that is unknown. Without a state there is a question. Offsets are into
    the article's `body`, end excluded.
    """

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="citations", verbose_name="文章"
    )
    position = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.CharField("引用", max_length=500)
    title = models.CharField("法规名称", max_length=300)
    statute = models.ForeignKey(
        Statute, models.SET_NULL, null=True, related_name="+", verbose_name="法规"
    )
    fragment = models.CharField(max_length=60, blank=True)
    provision = models.ForeignKey(
        Provision, models.SET_NULL, null=True, related_name="+", verbose_name="基准日的条文"
    )
    current = models.ForeignKey(
        Provision, models.SET_NULL, null=True, related_name="+", verbose_name="现在的条文"
    )
    quotation = models.TextField("引文", blank=True)
    quotation_start = models.PositiveIntegerField(null=True)
    quotation_end = models.PositiveIntegerField(null=True)
    is_claimed = models.BooleanField("作为原文引用", default=False)
    agreement = models.CharField("引文核对", max_length=10, choices=AGREEMENTS, blank=True)
    match = models.ForeignKey(
        Provision, models.SET_NULL, null=True, related_name="+", verbose_name="引文实际所在"
    )
    state = models.CharField(
        "状态", max_length=12, choices=[(s.value, s.label) for s in State], blank=True
    )
    questions = models.JSONField("待核问题", default=list)
    since = models.DateField("自何日起", null=True)
    assessed_on = models.DateField("核对日期")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="核对人",
    )
    checked_on = models.DateField("人工核对日期", null=True)
    # The day on which its number was brought to the text then in force, if it was.
    stated_on = models.DateField("条号更新日期", null=True)
    attention = models.PositiveSmallIntegerField(
        "轻重", default=0, choices=[(a.value, a.label) for a in Attention]
    )

    objects = ArticleCitationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "引用"
        constraints = [
            models.UniqueConstraint(fields=["article", "position"], name="citation_place_unique"),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="citation_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "statute", "since", "article"], name="citation_by_change_of_law"
            ),
            models.Index(fields=["statute", "article"], name="citation_by_statute"),
            models.Index(fields=["state", "article"], name="citation_by_state"),
            models.Index(fields=["current", "article"], name="citation_by_current"),
            models.Index(fields=["provision", "article"], name="citation_by_provision"),
            models.Index(
                fields=["attention", "article"],
                name="citation_by_attention",
                condition=Q(attention__gt=0),
            ),
            models.Index(
                fields=["since", "article"],
                name="citation_by_since",
                condition=Q(attention__gt=0, since__isnull=False),
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def locator(self) -> Locator | None:
        """The 条, 款 and 项 cited; None where the statute is named alone."""
        return parse_fragment(self.fragment) if self.fragment else None

    @property
    def verdict(self) -> Verdict:
        """Its state and questions as they were reached."""
        return Verdict(
            State(self.state) if self.state else None, tuple(map(Question, self.questions))
        )


class Redirect(models.Model):
    """旧网址: an address of the past and the one that took its place, for ever.

    `path` is as `redirects.spell` spells it; `target` is a path of this site.
    """

    path = models.CharField("旧网址", max_length=500, unique=True)
    target = models.CharField("现网址", max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "网址跳转"
        constraints = [
            models.CheckConstraint(
                condition=Q(target__startswith="/") & ~Q(target__startswith="//"),
                name="redirect_stays_on_the_site",
                violation_error_message="现网址须以“/”开头。",
            )
        ]

    def __str__(self):
        return self.path


class MovedArticle(models.Model):
    """迁入记录: which article of an old system, or which file, an article came from.

    The article is empty once an editor deleted it: it does not come in again.
    """

    source = models.CharField("来源", max_length=60)
    key = models.CharField("来源编号", max_length=200)
    article = models.ForeignKey(
        Article, models.SET_NULL, null=True, related_name="moved_from", verbose_name="文章"
    )
    digest = models.CharField(max_length=64)  # of what the source said
    missing = models.JSONField("缺失的图片", default=list)  # names that its Markdown shows

    class Meta:
        verbose_name = verbose_name_plural = "迁入记录"
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="moved_once")]

    def __str__(self):
        return f"{self.source} {self.key}"


class ArticleWindow(models.Model):
    """A sampled window of an article's text (overlap.py), by which near-duplicates are found."""

    pk = models.CompositePrimaryKey("digest", "article")
    digest = models.IntegerField()
    article = models.ForeignKey(Article, models.CASCADE, related_name="windows")

    class Meta:
        verbose_name = verbose_name_plural = "文本指纹"

    def __str__(self):
        return f"{self.digest:#x}"


def percent(share: float) -> int:
    """Return a share in whole percent; 100 only where nothing is missing."""
    return 100 if share == 1 else min(99, round(share * 100))


class NearDuplicateQuerySet(models.QuerySet):
    def unsettled(self):
        """Those that no editor has looked at and let stand."""
        return self.filter(settled_by=None)

    def worst_first(self):
        return self.order_by("-share", "article", "other")

    def between(self, one: int, other: int):
        """Both directions of a pair of articles."""
        return self.filter(Q(article=one, other=other) | Q(article=other, other=one))


class NearDuplicate(models.Model):
    """近似文章: how much of an article's text stands in another; each pair has both directions."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="duplicates", verbose_name="文章"
    )
    other = models.ForeignKey(Article, models.CASCADE, related_name="+", verbose_name="另一篇")
    share = models.FloatField("见于另一篇的比例")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="准予并存",
    )

    objects = NearDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "近似文章"
        constraints = [
            models.UniqueConstraint(fields=["article", "other"], name="near_duplicate_once"),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=1), name="near_duplicate_share_is_part"
            ),
        ]
        indexes = [models.Index(fields=["-share", "article"], name="near_duplicate_worst")]

    def __str__(self):
        return f"{self.percent}% 见于《{self.other.title}》"

    @property
    def percent(self) -> int:
        return percent(self.share)


class Checkpoint(models.Model):
    """How far a long command has come: started again, it goes on from there."""

    name = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)

    def __str__(self):
        return f"{self.name}: {self.position}"


class ArticleListQuerySet(models.QuerySet):
    def of(self, kind: str, key: int):
        return self.filter(kind=kind, key=key)

    def months(self):
        """The months of publication, the newest first."""
        return self.filter(kind=ArticleList.Kind.MONTH, count__gt=0).order_by("-key")


class ArticleList(models.Model):
    """A list in which published articles stand: its count is kept, its pages are stored.

    `key` is the id of the category, tag or author, and 202603 for a month. lists.py keeps it.
    """

    class Kind(models.TextChoices):
        CATEGORY = "category", "栏目"
        TAG = "tag", "标签"
        AUTHOR = "author", "作者"
        MONTH = "month", "月份"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)
    last_page = models.PositiveIntegerField(default=0)

    objects = ArticleListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文章列表"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="article_list_once")]

    def __str__(self):
        return f"{self.kind} {self.key}"


class ListPageQuerySet(models.QuerySet):
    def begun(self, published_at, id):
        """Pages that begin at this place in the order of publication or before it, newest first."""
        return (
            self.filter(first_at__lte=published_at)
            .filter(Q(first_at__lt=published_at) | Q(first_id__lte=id))
            .order_by("-first_at", "-first_id")
        )


class ListPage(models.Model):
    """A page of a list. They count from the oldest, so a full page keeps number and content.

    It holds the articles from its first place up to that of the next page; which they are is
    kept with it, so that no page is searched for. Their order is that of publication.
    """

    article_list = models.ForeignKey(ArticleList, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    first_id = models.BigIntegerField()
    articles = models.JSONField(default=list)

    objects = ListPageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "列表页"
        constraints = [
            models.UniqueConstraint(
                fields=["article_list", "first_at", "first_id"], name="list_page_begins_once"
            )
        ]
        indexes = [models.Index(fields=["article_list", "number"], name="list_page_by_number")]

    def __str__(self):
        return f"{self.article_list} / {self.number}"


class Listing(models.Model):
    """Where a published article stands: under which moment, in which lists."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True)
    published_at = models.DateTimeField()
    lists = models.JSONField(default=list)

    class Meta:
        verbose_name = verbose_name_plural = "入列"

    def __str__(self):
        return str(self.article_id)


class SitemapSection(models.Model):
    """One sitemap file: the published articles of a fixed range of ids."""

    number = models.BigIntegerField(primary_key=True)
    has_articles = models.BooleanField(default=False)
    revision = models.BigIntegerField()  # microseconds: another with every change
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "站点地图"

    def __str__(self):
        return str(self.number)


class RestrictedTerm(models.Model):
    """慎用词: words that a rule keeps out of lawyers' publicity; the form warns of them."""

    words = models.CharField(
        "词语", max_length=60, unique=True, help_text="例如：包赢。…… 代表中间的几个字：保证…胜诉。"
    )
    rule = models.CharField(
        "依据",
        max_length=200,
        help_text="例如：《律师业务推广行为规则（试行）》第十条第五项：不得承诺办案结果",
    )
    unless = models.CharField(
        "例外", max_length=200, blank=True, help_text="出现在这些词里时不提示，以顿号隔开。"
    )
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "慎用词"
        ordering = ["rule", "words"]

    def __str__(self):
        return self.words


class Draft(models.Model):
    """暂存稿: what an editor has typed into the article's form and not saved yet.

    `article` is empty for a new one; then `key` tells one browser tab's work from another's.
    `basis` is the digest of what was saved when the typing began.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=36, blank=True)
    fields = models.JSONField(default=dict)
    basis = models.CharField(max_length=64, blank=True)
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "暂存稿"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "article"],
                condition=Q(article__isnull=False),
                name="draft_once_an_article",
            ),
            models.UniqueConstraint(
                fields=["user", "key"], condition=Q(article=None), name="draft_once_a_key"
            ),
        ]

    def __str__(self):
        return self.fields.get("title") or "未命名"


class CitedProvisionQuerySet(models.QuerySet):
    def most_cited(self):
        """The most cited first, with what a list prints of them."""
        return self.order_by("-articles", "provision").select_related("provision__version__statute")


class CitedProvision(models.Model):
    """How many public articles cite a provision of today; counted anew by citing.count."""

    provision = models.OneToOneField(
        Provision, models.CASCADE, related_name="+", verbose_name="条文"
    )
    articles = models.PositiveIntegerField("引用文章数")

    objects = CitedProvisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "被引条文"
        indexes = [models.Index(fields=["-articles"], name="most_cited")]

    def __str__(self):
        return f"{self.provision}：{self.articles}"


class CitationCheck(models.Model):
    """A run of check_citations: what it had seen of the law, and which states it changed."""

    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("结束时间", null=True)
    checked_on = models.DateField("核对日期")
    change = models.BigIntegerField("变动日志行")
    article = models.BigIntegerField("核对到文章", default=0)
    articles = models.PositiveIntegerField("核对文章数", default=0)
    moves = models.JSONField("状态变化", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "引用核对"

    def __str__(self):
        return f"{self.checked_on}"


class BulkChange(models.Model):
    """批量修改: one change of many articles, prepared, shown, applied and taken back as a whole.

    `cursor` is the id of the last article looked at while preparing.
    """

    class Kind(models.TextChoices):
        RENUMBER = "renumber", "改正条号"
        CATEGORY = "category", "移动栏目"
        TAGS = "tags", "增减标签"
        OWNER = "owner", "指派负责人"
        REVIEW = "review", "标为核对无误"

    class State(models.TextChoices):
        PREPARING = "preparing", "正在准备"
        READY = "ready", "等待确认"
        RUNNING = "running", "正在执行"
        DONE = "done", "已完成"
        UNDOING = "undoing", "正在撤销"
        UNDONE = "undone", "已撤销"

    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    label = models.CharField("说明", max_length=300)
    parameters = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PREPARING)
    cursor = models.BigIntegerField(default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="操作人",
    )
    made_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量修改"
        indexes = [models.Index(fields=["state", "id"], name="bulk_change_by_state")]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return reverse("admin:articles_bulkchange_change", args=[self.pk])


class BulkItem(models.Model):
    """What a bulk change does to one article: `before` and `after`, in the terms of its kind."""

    class State(models.TextChoices):
        WAITING = "waiting", "待执行"
        EXCLUDED = "excluded", "不改"
        APPLIED = "applied", "已修改"
        SKIPPED = "skipped", "未修改"
        UNDONE = "undone", "已撤销"
        KEPT = "kept", "未撤销"

    change = models.ForeignKey(
        BulkChange, models.CASCADE, related_name="items", verbose_name="批量修改"
    )
    article = models.ForeignKey(Article, models.CASCADE, related_name="+", verbose_name="文章")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量修改的文章"
        constraints = [
            models.UniqueConstraint(fields=["change", "article"], name="article_once_a_change")
        ]
        indexes = [models.Index(fields=["change", "state", "id"], name="bulk_item_by_state")]

    def __str__(self):
        return str(self.article)


class Feedback(models.Model):
    """读者反馈: a reader says that an article is wrong or out of date. No account, no address."""

    class Kind(models.TextChoices):
        WRONG = "wrong", "内容有误"
        OUTDATED = "outdated", "已经过时"
        OTHER = "other", "其他"

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="feedback", verbose_name="文章"
    )
    kind = models.CharField("问题", max_length=10, choices=Kind.choices)
    message = models.TextField("说明")
    contact = models.CharField("联系方式", max_length=100, blank=True)
    sender = models.CharField(max_length=64, editable=False)
    sent_at = models.DateTimeField("时间")
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="处理人",
    )
    handled_at = models.DateTimeField("处理时间", null=True, blank=True)
    answer = models.TextField("处理记录", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "读者反馈"
        indexes = [
            models.Index(fields=["handled_at", "sent_at"], name="feedback_waiting"),
            models.Index(fields=["sender", "sent_at"], name="feedback_by_sender"),
            models.Index(fields=["sent_at"], name="feedback_by_time"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}：{self.article}"


class Tally(models.Model):
    """A count for the work queue, kept because counting citations takes a while."""

    class Kind(models.TextChoices):
        STALE = "stale", "法规变动"
        UNKNOWN = "unknown", "未收录"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    statute = models.ForeignKey(Statute, models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=300, blank=True)
    since = models.DateField(null=True)
    articles = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "队列计数"
        indexes = [models.Index(fields=["kind", "-articles"], name="tally_largest")]

    def __str__(self):
        return f"{self.kind} {self.title}: {self.articles}"


# --- Asked for every article page ------------------------------------------------------


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
    ).only("title", "published_at")


def _related_to(article):
    """The entries of a related list with what their cards show.

    Whether they are visible is asked of the few rows found: as a condition it leads databases
    to begin with all that is visible.
    """
    entries = RelatedArticle.objects.filter(article=article).select_related("related").in_order()
    shown = ("title", "summary", "excerpt", "cover", "cover_width", "cover_height")
    return entries.exclude(origin=RelatedArticle.Origin.BANNED).only(
        *("article", "rank", "score", "shared_terms", "shared_law", "origin"),
        *(f"related__{name}" for name in (*shown, "state", "published_at", "updated_at")),
    )


_NEIGHBOURS = Compiled(Article, _beside, published_at=A_MOMENT, id=A_NUMBER, now=ANOTHER_MOMENT)
_RELATED = Compiled(Article, _related_to, article=A_NUMBER)
