"""The index of sitemaps and its sections."""

import gzip

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from articles import sitemaps as article_sitemaps
from statutes import sitemaps as statute_sitemaps
from statutes.models import Statute
from statutes.sitemaps import sections

XML = "application/xml; charset=utf-8"


def index(request):
    """List the sections: pages and lists, then one an id range of laws and of articles."""
    paths = [reverse("sitemap-pages")]
    paths += [reverse("sitemap-statutes", args=[n]) for n in sections(Statute.objects.all())]
    cited = sections(article_sitemaps.cited_provisions())
    paths += [reverse("sitemap-provisions", args=[n]) for n in cited]
    sitemaps = [{"location": settings.SITE_URL + path} for path in paths]
    sitemaps += [
        {
            "location": settings.SITE_URL + reverse("sitemap-articles", args=[known.number]),
            "last_mod": timezone.localtime(known.changed_at),
        }
        for known in article_sitemaps.sections()
    ]
    return render(request, "sitemap_index.xml", {"sitemaps": sitemaps}, content_type=XML)


def pages(request):
    """The home page and every list that search engines may keep."""
    names = ["home", "articles:categories", "articles:archive"]
    names += ["statutes:statutes", "statutes:changes"]
    return _urlset([*map(reverse, names), *article_sitemaps.lists()])


def articles(request, section):
    """The articles of one id range, from their file; 404 where there is none."""
    content = article_sitemaps.compressed(section) if section < 2**40 else None
    if content is None:
        raise Http404("an empty section")
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(content if takes_gzip else gzip.decompress(content), content_type=XML)
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def statutes(request, section):
    """The statutes of one id range; 404 where there is none."""
    return _section(statute_sitemaps.statutes, section)


def provisions(request, section):
    """The provisions of one id range that articles explain; 404 where there is none."""
    return _section(article_sitemaps.provisions, section)


def _section(paths_of, section):
    paths = paths_of(section) if section < 2**40 else []
    if not paths:
        raise Http404("an empty section")
    return _urlset(paths)


def _urlset(paths):
    return HttpResponse(statute_sitemaps.written(paths), content_type=XML)
