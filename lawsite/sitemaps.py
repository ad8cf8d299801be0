"""The index of sitemaps and its sections."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from articles import sitemaps as article_sitemaps

XML = "application/xml; charset=utf-8"


def index(request):
    """List the sections: pages and lists, then one an id range of articles."""
    paths = [reverse("sitemap-pages")]
    paths += [reverse("sitemap-articles", args=[n]) for n in article_sitemaps.sections()]
    sitemaps = [{"location": settings.SITE_URL + path} for path in paths]
    return render(request, "sitemap_index.xml", {"sitemaps": sitemaps}, content_type=XML)


def pages(request):
    """The home page and every list that search engines may keep."""
    home = article_sitemaps.Entry(reverse("home"))
    overview = article_sitemaps.Entry(reverse("articles:categories"))
    return _urlset(request, [home, overview, *article_sitemaps.lists()])


def articles(request, section):
    """The articles of one id range; 404 where there is none."""
    entries = article_sitemaps.articles(section) if section < 2**40 else []
    if not entries:
        raise Http404("an empty section")
    return _urlset(request, entries)


def _urlset(request, entries):
    urlset = [
        {"location": settings.SITE_URL + entry.path, "lastmod": entry.changed_at}
        for entry in entries
    ]
    return render(request, "sitemap.xml", {"urlset": urlset}, content_type=XML)
