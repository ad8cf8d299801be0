"""The Atom feed of the newest articles."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed

from .jsonld import absolute
from .models import Article

ENTRIES = 30


class NewestArticles(Feed):
    feed_type = Atom1Feed
    language = "zh-CN"

    def get_object(self, request):
        return request.site

    def link(self, site):
        return settings.SITE_URL + "/"

    def title(self, site):
        return site.site_name

    def subtitle(self, site):
        return site.description

    def feed_url(self, site):
        return settings.SITE_URL + str(reverse_lazy("articles:feed"))

    def feed_guid(self, site):
        return settings.SITE_URL + "/"

    def author_name(self, site):
        return site.firm_name or site.site_name

    def feed_copyright(self, site):
        return site.original_notice

    def items(self):
        return (
            Article.objects.visible().newest_first().for_lists().prefetch_related("tags")[:ENTRIES]
        )

    def item_title(self, article):
        return article.title

    def item_description(self, article):
        return article.description

    def item_link(self, article):
        return absolute(article)

    def item_guid(self, article):
        return absolute(article)

    def item_author_name(self, article):
        return article.credit or None

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return article.modified_at

    def item_categories(self, article):
        return [tag.name for tag in article.tags.all()]
