"""What every response carries, and what every request knows of the site."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from .models import SiteProfile


def content_security_policy(get_response):
    """Send the one policy of the site with every response."""

    def middleware(request):
        response = get_response(request)
        response.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        return response

    return middleware


def site_profile(get_response):
    """Give the request its `site`, as django.contrib.sites does: read when first asked for."""

    def middleware(request):
        request.site = SimpleLazyObject(SiteProfile.current)
        return get_response(request)

    return middleware
