"""The Atom feed of changes of law."""

from datetime import datetime, time

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from . import news
from .days import day_in_words
from .jsonld import absolute

ENTRIES = 40


class RecentChanges(Feed):
    """Versions that took or take effect, and repeals. What is to come is dated by its text."""

    feed_type = Atom1Feed
    language = "zh-CN"

    def link(self, site):
        return settings.SITE_URL + reverse("statutes:changes")

    def get_object(self, request):
        return request.site

    def title(self, site):
        return f"近期法律变动 - {site.site_name}"

    def subtitle(self, site):
        return "新施行、将施行和已废止的法律法规，以及改动了哪些条文。"

    def feed_url(self, site):
        return settings.SITE_URL + str(reverse("statutes:changes-feed"))

    def feed_guid(self, site):
        return self.feed_url(site)

    def author_name(self, site):
        return site.firm_name or site.site_name

    def items(self):
        return news.newest(ENTRIES, timezone.localdate())

    def item_title(self, change):
        version = "" if change.is_repeal else f"（{change.version.name}）"
        return f"《{change.statute.name}》{version}{day_in_words(change.on)}{change.verb}"

    def item_description(self, change):
        return change.summary or self.item_title(change)

    def item_link(self, change):
        return absolute(change)

    def item_guid(self, change):
        return absolute(change) + ("#repealed" if change.is_repeal else "")

    def item_pubdate(self, change):
        """The day it came; of what is to come, the day its text was made known."""
        if change.has_come or change.is_repeal or not change.version.promulgated_on:
            return _midnight(change.on)
        return _midnight(change.version.promulgated_on)

    item_updateddate = item_pubdate


def _midnight(day):
    return datetime.combine(day, time(), timezone.get_current_timezone())
