"""The site's own record: the firm, its licences and its notices. One row."""

import re
import time
from functools import lru_cache
from typing import NamedTuple

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models

from statutes import changes, terms
from statutes.lay_words import LAY_WORDS, ByLongestPart, by_longest_part, ways_to_say
from statutes.models import Change

CACHE_SECONDS = 60


class Printed(NamedTuple):
    """What every page prints of the site's record, under the names it has there."""

    site_name: str
    seal: str
    demo_notice: str
    firm_name: str
    firm_licence: str
    address: str
    telephone: str
    dialled: str
    icp_number: str
    police_number: str
    original_notice: str
    reprint_notice: str


class SiteProfile(models.Model):
    """Who runs this site. Whatever is empty is not printed."""

    site_name = models.CharField("站点名称", max_length=40, default="普法知识库")
    seal = models.CharField(
        "印文", max_length=4, blank=True, help_text="站名左侧印章中的字，一般为两个字。"
    )
    description = models.CharField(
        "站点简介",
        max_length=200,
        blank=True,
        help_text="首页的搜索摘要，70至120个字为宜。",
    )
    demo_notice = models.CharField(
        "演示声明",
        max_length=200,
        blank=True,
        help_text="填写后显示在每页页首。正式运营的站点请留空。",
    )
    firm_name = models.CharField("律所全称", max_length=100, blank=True)
    firm_licence = models.CharField("执业许可证号", max_length=60, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    telephone = models.CharField("电话", max_length=60, blank=True)
    icp_number = models.CharField(
        "ICP备案号", max_length=60, blank=True, help_text="例如：浙ICP备00000000号-1"
    )
    police_number = models.CharField(
        "公安备案号", max_length=60, blank=True, help_text="例如：浙公网安备33000000000000号"
    )
    original_notice = models.TextField(
        "原创版权声明", blank=True, help_text="显示在原创文章末尾“版权声明：”之后。"
    )
    reprint_notice = models.TextField(
        "转载版权声明", blank=True, help_text="显示在转载文章末尾“版权声明：”之后。"
    )

    class Meta:
        verbose_name = verbose_name_plural = "站点资料"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="site_profile_is_one_row")
        ]

    def __str__(self):
        return self.site_name

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)
        self.forget()
        changes.note(Change.Kind.SITE, [self.pk])

    @property
    def dialled(self) -> str:
        """The telephone number as a link dials it; "" where it is not one number."""
        digits = re.sub(r"[\s()（）—–-]", "", self.telephone)
        return digits if re.fullmatch(r"\+?[0-9]{5,15}", digits) else ""

    def printed(self) -> Printed:
        """What every page prints of it, as a key for what is rendered once and kept."""
        return Printed._make(getattr(self, name) for name in Printed._fields)

    @classmethod
    def current(cls) -> "SiteProfile":
        """Return the site's record, as new as the request asks; an unsaved default for none.

        It is held by this process, as django.contrib.sites does, for a minute at most.
        """
        return cls._read(changes.known.get(), int(time.monotonic() // CACHE_SECONDS))

    @classmethod
    @lru_cache(maxsize=2)
    def _read(cls, known: str, minute: int) -> "SiteProfile":
        return cls.objects.first() or cls()

    @classmethod
    def forget(cls) -> None:
        """Read it anew when next asked for."""
        cls._read.cache_clear()


SYNONYMS_KEY = "synonyms"
MOST_WAYS = 50  # to say one thing, in one row


class Synonym(models.Model):
    """同义词: what people say for words of the law. Added to the site's own list, or instead."""

    said = models.CharField(
        "口语",
        max_length=60,
        unique=True,
        help_text="读者的说法，例如：老板。几个词都出现才算的，以+相连，其中可以换用的以|隔开，"
        "例如：公司|单位+工资。",
    )
    meaning = models.CharField(
        "法律用语",
        max_length=200,
        blank=True,
        help_text="法规里的说法，例如：用人单位。留空则停用本站词表里的这一条。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "搜索同义词"
        ordering = ["said"]

    def __str__(self):
        return self.said

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        cache.delete(SYNONYMS_KEY)

    def clean(self):
        parts = [
            "|".join(filter(None, map(str.strip, part.split("|"))))
            for part in terms.plain(self.said).split("+")
        ]
        self.said = "+".join(filter(None, parts))
        if len(self.said) > self._meta.get_field("said").max_length:
            raise ValidationError({"said": "太长，请分成几条。"})
        ways = list(ways_to_say(self.said))
        if any(sum(map(len, way)) < 2 for way in ways):
            raise ValidationError({"said": "每种说法至少两个字。"})
        if len(ways) > MOST_WAYS:
            raise ValidationError({"said": f"一条里至多{MOST_WAYS}种说法，请分成几条。"})

    @classmethod
    def meanings(cls) -> ByLongestPart:
        """Return the site's list with what editors changed in it, at most a minute old."""
        return cls._read(cache.get_or_set(SYNONYMS_KEY, time.monotonic_ns, CACHE_SECONDS))

    @classmethod
    @lru_cache(maxsize=1)
    def _read(cls, since: int) -> ByLongestPart:
        changed = {
            parts: (meaning,) if meaning else ()
            for said, meaning in cls.objects.values_list("said", "meaning")
            for parts in ways_to_say(said)
        }
        return _with_changes(tuple(changed.items()))


@lru_cache(maxsize=1)
def _with_changes(changed: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]) -> ByLongestPart:
    return by_longest_part({**LAY_WORDS, **dict(changed)})
