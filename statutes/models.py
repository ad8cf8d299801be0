"""What the law says, and since when."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from . import locators
from .aliases import normalise
from .parts import split_paragraphs
from .timeline import Standing


class StatuteQuerySet(models.QuerySet):
    def called(self, name):
        """Statutes that prose calls by this name, in whatever width and brackets."""
        return self.filter(aliases__name=normalise(name))

    def by_rank(self):
        """In the order of the hierarchy of norms, then by pinyin: `rank`, then slug."""
        ranks = enumerate(Statute.Kind.values)
        rank = Case(*(When(kind=kind, then=Value(n)) for n, kind in ranks), default=Value(99))
        return self.annotate(rank=rank).order_by("rank", "slug")

    def with_standing(self, on):
        """Give each its `standing` on the date `on`, as timeline.Timeline has it."""
        versions = StatuteVersion.objects.filter(statute=OuterRef("pk"))
        coming = versions.not_yet_in_force(on)
        known = versions.filter(Q(effective_from=None) | Q(effective_from__lte=on))
        standing = Case(
            When(repealed_on__lte=on, then=Value(Standing.REPEALED.value)),
            When(Exists(versions.in_force(on)), then=Value(Standing.IN_FORCE.value)),
            When(Exists(coming) & ~Exists(known), then=Value(Standing.COMING.value)),
            default=Value(Standing.UNVERIFIED.value),
        )
        return self.annotate(standing=standing)


class Statute(models.Model):
    """法规: a law as a work, whatever its versions say."""

    class Kind(models.TextChoices):
        CONSTITUTION = "宪法"
        LAW = "法律"
        AMENDMENT = "修正案"
        INTERPRETATION_BY_CONGRESS = "立法解释"
        DECISION = "决定"
        REGULATION = "行政法规"
        JUDICIAL = "司法解释"
        RULE = "部门规章"
        LOCAL = "地方性法规"
        OTHER = "其他"

        @property
        def label(self):
            return self.value

    title = models.CharField("标题", max_length=300, unique=True)
    short_title = models.CharField("简称", max_length=300, blank=True)
    slug = models.SlugField("网址名", max_length=120, unique=True)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.OTHER)
    issuer = models.CharField("制定机关", max_length=200, blank=True)
    subject = models.CharField("领域", max_length=40, blank=True)
    repealed_on = models.DateField(
        "废止日期", null=True, blank=True, help_text="失去效力的第一天；现行有效的留空。"
    )
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="由何法代替",
        null=True,
        blank=True,
        related_name="replaced",
    )
    repeal_source = models.CharField(
        "废止依据",
        max_length=300,
        blank=True,
        help_text="例如：《中华人民共和国民法典》第一千二百六十条",
    )

    objects = StatuteQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "法规"
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "title"], name="statute_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(repealed_on=None) | ~Q(repeal_source=""),
                name="repeal_names_its_source",
                violation_error_message="废止要写明依据。",
            ),
            models.CheckConstraint(
                condition=~Q(replaced_by=F("pk")),
                name="statute_not_replaced_by_itself",
                violation_error_message="法规不能由自己代替。",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("statutes:statute", args=[self.slug])

    @property
    def name(self) -> str:
        """What a heading calls it: the title without 中华人民共和国."""
        return self.short_title or self.title

    def is_repealed(self, on: date) -> bool:
        return self.repealed_on is not None and self.repealed_on <= on


class StatuteAlias(models.Model):
    """A name by which prose calls a statute, as aliases.normalise leaves it."""

    class Origin(models.TextChoices):
        RULE = "rule", "按规则"
        EDITOR = "editor", "编辑添加"

    statute = models.ForeignKey(
        Statute, models.CASCADE, related_name="aliases", verbose_name="法规"
    )
    name = models.CharField("名称", max_length=300, unique=True)
    origin = models.CharField(
        "来源", max_length=10, choices=Origin.choices, default=Origin.EDITOR, editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "法规别名"
        ordering = ["name"]

    def __str__(self):
        return self.name

    def clean(self):
        self.name = normalise(self.name)
        taken = StatuteAlias.objects.filter(name=self.name).exclude(pk=self.pk).first()
        if taken:
            raise ValidationError(
                {"name": f"这个名称已指《{taken.statute}》，不能同时指两部法规。"}
            )


class StatuteVersionQuerySet(models.QuerySet):
    def in_force(self, on):
        """Versions with legal effect on the date `on`.

        A version whose date is unknown is never in force.
        """
        still = Q(effective_until=None) | Q(effective_until__gt=on)
        return self.filter(still, effective_from__lte=on)

    def not_yet_in_force(self, on):
        return self.filter(effective_from__gt=on)

    def undated(self):
        return self.filter(effective_from=None)

    def in_order(self):
        """Oldest first; a version without dates before all others."""
        return self.order_by(
            F("promulgated_on").asc(nulls_first=True),
            F("effective_from").asc(nulls_first=True),
            "pk",
        )


class StatuteVersion(models.Model):
    """版本: a statute's text as of one enactment or amendment.

    In force is a question about a day. The database itself refuses two versions of a statute
    that overlap in time (migration 0002).
    """

    statute = models.ForeignKey(
        Statute, models.PROTECT, related_name="versions", verbose_name="法规"
    )
    label = models.CharField(
        "性质", max_length=10, blank=True, help_text="制定、修正、修订或修正案"
    )
    promulgated_on = models.DateField("公布日期", null=True, blank=True)
    effective_from = models.DateField(
        "施行日期", null=True, blank=True, help_text="不确定的留空：不会被称为有效。"
    )
    effective_until = models.DateField(
        "失效日期", null=True, blank=True, help_text="失去效力的第一天；有效的留空。"
    )
    is_end_known = models.BooleanField(
        default=True,
        editable=False,
        help_text="否：之后的文本何时施行不明，失效日期只表示从那天起不再称它有效。",
    )
    known_until = models.DateField(
        "资料截至",
        null=True,
        blank=True,
        help_text="这一天以前公布的修改，来源都已收录；以后是否修改，来源没有说。",
    )
    effective_basis = models.CharField("施行日期的依据", max_length=300, blank=True)
    document_number = models.CharField("文号", max_length=100, blank=True)
    source = models.CharField("文本来源", max_length=200, blank=True)
    source_url = models.URLField("来源网址", max_length=500, blank=True)
    header = models.TextField("题注", blank=True)
    preamble = models.TextField("序言", blank=True)
    attachment = models.TextField("附件", blank=True)
    provision_count = models.PositiveIntegerField("条数", default=0, editable=False)
    text_digest = models.CharField(max_length=64, editable=False, blank=True)

    objects = StatuteVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "版本"
        constraints = [
            models.UniqueConstraint(
                fields=["statute", "promulgated_on"],
                name="version_unique_on_its_day",
                violation_error_message="这部法规已有同一天公布的版本。",
            ),
            models.CheckConstraint(
                condition=Q(effective_until=None) | Q(effective_until__gte=F("effective_from")),
                name="version_ends_after_it_begins",
                violation_error_message="失效日期不能早于施行日期。",
            ),
            models.CheckConstraint(
                condition=Q(promulgated_on=None)
                | Q(effective_from=None)
                | Q(effective_from__gte=F("promulgated_on")),
                name="version_not_in_force_before_promulgation",
                violation_error_message="施行日期不能早于公布日期。",
            ),
        ]
        indexes = [models.Index(fields=["effective_from"], name="version_by_start")]

    def __str__(self):
        return f"{self.statute.name}（{self.name}）"

    def get_absolute_url(self):
        """The address of this very text, which never changes."""
        return reverse("statutes:version", args=[self.statute.slug, self.key])

    @property
    def key(self) -> str:
        """How addresses name this version: its day of promulgation, else its number."""
        return self.promulgated_on.isoformat() if self.promulgated_on else f"v{self.pk}"

    @property
    def name(self) -> str:
        """What people call it: 2025年修订, 2018年修正; 文本 without a year where none is known."""
        year = f"{self.promulgated_on.year}年" if self.promulgated_on else ""
        return year + (self.label or "文本")

    @property
    def ends_on(self) -> date | None:
        """The first day without effect, where that day is known: what may be told a reader."""
        return self.effective_until if self.is_end_known else None

    def is_in_force(self, on: date) -> bool:
        return (
            self.effective_from is not None
            and self.effective_from <= on
            and (self.effective_until is None or self.effective_until > on)
        )


class Division(models.Model):
    """编 分编 章 节: a heading above provisions."""

    version = models.ForeignKey(StatuteVersion, models.CASCADE, related_name="divisions")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    position = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    heading = models.CharField(max_length=500)
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "编章节"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="division_place_unique")
        ]

    def __str__(self):
        return self.heading

    @property
    def fragment(self) -> str:
        return f"division-{self.position + 1}"


class ProvisionQuerySet(models.QuerySet):
    def at(self, locator):
        """The provisions that the locator's article names, whatever the version."""
        return self.filter(number=locator.article, suffix=locator.suffix)

    def in_force(self, on):
        """Provisions of versions with legal effect on the date `on`."""
        return self.filter(version__in=StatuteVersion.objects.in_force(on))


class Provision(models.Model):
    """条文: one 条 of one version; what citations lead to.

    `text` is its lines: 款, and among them the 项 that begin with （一）.
    """

    version = models.ForeignKey(StatuteVersion, models.CASCADE, related_name="provisions")
    division = models.ForeignKey(
        Division, models.CASCADE, null=True, blank=True, related_name="provisions"
    )
    position = models.PositiveIntegerField()
    number = models.PositiveIntegerField("条")
    suffix = models.PositiveSmallIntegerField("之", default=0)
    label = models.CharField("条号", max_length=40)
    text = models.TextField("条文")

    objects = ProvisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "条文"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "number", "suffix"], name="provision_number_unique"
            ),
            models.UniqueConstraint(fields=["version", "position"], name="provision_place_unique"),
        ]

    def __str__(self):
        return f"《{self.version.statute.name}》{self.name}"

    def get_absolute_url(self):
        """The page of the provision with this number as it stands today."""
        return reverse("statutes:provision", args=[self.version.statute.slug, self.place])

    @property
    def place(self) -> locators.Locator:
        return locators.Locator(self.number, self.suffix)

    @property
    def name(self) -> str:
        """第一百三十三条之一, however the source writes it."""
        return self.place.label

    @property
    def fragment(self) -> str:
        return self.place.fragment

    @property
    def paragraphs(self) -> list[str]:
        return split_paragraphs(self.text)

    @property
    def in_one_line(self) -> str:
        """The text as an excerpt has it: where a line ends Chinese needs no space."""
        return "".join(self.text.splitlines())


class SuccessionQuerySet(models.QuerySet):
    def doubtful(self):
        """Those a person should look at: changed places with little in common."""
        return self.filter(confirmed_at=None, likeness__lt=0.6).exclude(
            relation__in=[Succession.Relation.UNCHANGED, Succession.Relation.REPEALED]
        )


class Succession(models.Model):
    """What became of a provision in the next version, or in the statute that replaced its own."""

    class Relation(models.TextChoices):
        UNCHANGED = "unchanged", "未变"
        AMENDED = "amended", "已修改"
        RENUMBERED = "renumbered", "条号已变"
        SPLIT = "split", "拆分"
        MERGED = "merged", "合并"
        REPEALED = "repealed", "已删除"

    old = models.ForeignKey(
        Provision, models.CASCADE, related_name="successions", verbose_name="旧条文"
    )
    new = models.ForeignKey(
        Provision,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="precedents",
        verbose_name="新条文",
    )
    relation = models.CharField("关系", max_length=10, choices=Relation.choices)
    likeness = models.FloatField("相似度", default=0)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name="确认人",
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True, editable=False)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "条文沿革"
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="succession_once"),
            models.UniqueConstraint(
                fields=["old"], condition=Q(new=None), name="succession_to_nothing_once"
            ),
            models.CheckConstraint(
                condition=Q(new__isnull=False) | Q(relation="repealed"),
                name="succession_without_successor_is_repeal",
                violation_error_message="没有新条文的只能是“已删除”。",
            ),
            models.CheckConstraint(
                condition=Q(likeness__gte=0) & Q(likeness__lte=1), name="likeness_from_0_to_1"
            ),
        ]

    def __str__(self):
        return f"{self.old} → {self.new or self.get_relation_display()}"

    def confirm(self, user):
        """Note that a person found this right."""
        self.confirmed_by, self.confirmed_at = user, timezone.now()
        self.save(update_fields=["confirmed_by", "confirmed_at"])


class Change(models.Model):
    """One line of the log of what readers can see; `changes` writes and explains it."""

    class Kind(models.TextChoices):
        ARTICLE = "article", "文章"
        STATUTE = "statute", "法规"
        SITE = "site", "全站"  # the firm's record, categories, authors, tags: every page
        OVER = "over", "批量完毕"  # many changes have come in a row, and no more follow

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.BigIntegerField()
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "变动"
        indexes = [models.Index(fields=["kind", "id"], name="change_by_kind")]

    def __str__(self):
        return f"{self.kind} {self.key}"
