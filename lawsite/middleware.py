"""What every response carries, and what every request knows of the site."""

from functools import wraps
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject

from articles import redirects

from .models import SiteProfile


def client_address(get_response):
    """Let REMOTE_ADDR be the reader's address, as a proxy of ours tells it; believe nobody else."""

    def middleware(request):
        if request.META.get("REMOTE_ADDR") in settings.PROXIES:
            try:
                told = ip_address(request.META.get("HTTP_X_REAL_IP", ""))
            except ValueError:
                pass
            else:
                request.META["REMOTE_ADDR"] = str(told)
        return get_response(request)

    return middleware


def content_security_policy(get_response):
    """Send the one policy of the site with every response."""

    def middleware(request):
        response = get_response(request)
        response.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        return response

    return middleware


def never_indexed(view):
    """Keep the view's pages out of search engines and of caches that others share."""

    @wraps(view)
    def unlisted_view(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "private, max-age=60"
        return response

    return unlisted_view


def site_profile(get_response):
    """Give the request its `site`, as django.contrib.sites does: read when first asked for."""

    def middleware(request):
        request.site = SimpleLazyObject(SiteProfile.current)
        return get_response(request)

    return middleware


def public_pages(get_response):
    """Answer with a public page before sessions, users and messages are looked for.

    It is the same for everybody (statutes.public); who has a session has more around it.
    """

    def middleware(request):
        if is_anonymous_read(request):
            try:
                match = resolve(request.path_info)
            except Resolver404:
                return get_response(request)
            if hasattr(match.func, "reads"):
                request.resolver_match = match
                return match.func(request, *match.args, **match.kwargs)
        return get_response(request)

    return middleware


def is_anonymous_read(request) -> bool:
    return request.method in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME not in request.COOKIES


def old_addresses(get_response):
    """Lead whoever comes by an address of the past to the page that took its place."""

    def middleware(request):
        query = request.META.get("QUERY_STRING", "")
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        if redirects.is_entrance(request.path_info, query):
            target = redirects.find(request.path_info, query)
            return _moved(target) if target else get_response(request)
        response = get_response(request)
        if response.status_code == 404:
            target = redirects.find(request.path_info, query)
            response = _moved(target) if target else response
        return response

    return middleware


def _moved(target: str) -> HttpResponsePermanentRedirect:
    response = HttpResponsePermanentRedirect(target)
    response["Cache-Control"] = "public, max-age=3600"
    return response
