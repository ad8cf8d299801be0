"""What articles are filed under: categories, authors, tags."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from taggit.models import TagBase

from statutes.slugs import pinyin_slug

from .addresses import address, slug_for

CATEGORY_LEVELS = 4


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
