"""The firm for machines: what its record says, and nothing else."""

from lawsite import jsonld
from lawsite.models import SiteProfile


def test_the_firm_says_only_what_its_record_says(settings):
    assert jsonld.firm(SiteProfile()) is None
    assert jsonld.firm(SiteProfile(firm_name="某某律师事务所", telephone="0571-1")) == {
        "@context": "https://schema.org",
        "@type": "LegalService",
        "@id": f"{settings.SITE_URL}/#firm",
        "name": "某某律师事务所",
        "url": f"{settings.SITE_URL}/",
        "telephone": "0571-1",
    }
