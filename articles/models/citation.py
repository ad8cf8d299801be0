"""The law that articles cite, with its verdicts, and what is counted of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from statutes.citations.whereabouts import Standing
from statutes.locators import Locator, parse_fragment
from statutes.models import Provision, Statute
from statutes.verdicts import Attention, Question, State, Verdict

from .article import Article


class ArticleCitationQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("article", "position")

    def wanting_attention(self):
        """Those that want a person."""
        return self.filter(attention__gt=0)

    def marked(self):
        """Those that a person checked, or whose number was brought up to date."""
        return self.exclude(checked_on=None, stated_on=None)

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
    Standing.EXCERPT.value: "摘句",
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
            # What hundreds of articles cite is asked for at publication: without the rows.
            models.Index(fields=["article", "provision", "current"], name="citation_by_article"),
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


class CitedProvisionQuerySet(models.QuerySet):
    def most_cited(self):
        """The most cited first, with what a list prints of them."""
        return self.order_by("-articles", "provision").select_related("provision__version__statute")


class CitedProvision(models.Model):
    """How many public articles cite a provision of today; counted anew by rechecking.count."""

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
