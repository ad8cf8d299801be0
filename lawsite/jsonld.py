"""The firm as schema.org describes it (CONVENTIONS: LegalService)."""

from django.conf import settings


def firm(profile) -> dict | None:
    """Return the firm as LegalService; None where the site's record does not name it."""
    if not profile.firm_name:
        return None
    data = {
        "@context": "https://schema.org",
        "@type": "LegalService",
        "@id": settings.SITE_URL + "/#firm",
        "name": profile.firm_name,
        "url": settings.SITE_URL + "/",
        "address": profile.address,
        "telephone": profile.telephone,
        "identifier": profile.firm_licence,
    }
    return {key: value for key, value in data.items() if value}
