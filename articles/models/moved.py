"""Addresses that were, and where they lead now."""

from django.db import models
from django.db.models import Q

from .article import Article


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
