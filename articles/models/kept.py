"""What is kept so that no page has to work it out: lists, their pages, sitemaps, words."""

from django.db import models
from django.db.models import Q

from .article import Article


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


class CardWords(models.Model):
    """The title and the excerpt of an article parted into words, by relatedness.parted.

    Among them a related list marks the terms it shares. Of a text that changed since they say
    nothing. cards.py keeps them.
    """

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, related_name="card_words"
    )
    title = models.TextField()
    excerpt = models.TextField()

    class Meta:
        verbose_name = verbose_name_plural = "卡片词语"

    def __str__(self):
        return str(self.article_id)
