"""What the editors' desk keeps beside the articles."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from .article import Article


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
