"""How much of an article stands in another."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .article import Article


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
