"""What every template knows without asking."""

from django.conf import settings


def site(request):
    """`site`: the SiteProfile; `site_url`: the public address without a closing slash."""
    return {"site": request.site, "site_url": settings.SITE_URL}
