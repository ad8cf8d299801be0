"""Statutes as schema.org describes them (CONVENTIONS 3: Legislation). Plain dicts."""

from collections.abc import Sequence

from django.conf import settings

from .models import Provision, Statute, StatuteVersion
from .timeline import Standing, Timeline

_FORCE = {
    Standing.IN_FORCE: "https://schema.org/InForce",
    Standing.COMING: "https://schema.org/NotInForce",
    Standing.SUPERSEDED: "https://schema.org/NotInForce",
    Standing.REPEALED: "https://schema.org/NotInForce",
}  # 待核 is not claimed to be either


def absolute(page) -> str:
    """Return the public address of anything that has a page."""
    return settings.SITE_URL + page.get_absolute_url()


def statute(
    statute: Statute,
    line: Timeline,
    version: StatuteVersion | None,
    replaced: Sequence[Statute] = (),
) -> dict:
    """Return a statute as of one of its versions; `replaced` are those that it repealed."""
    url = absolute(statute)
    data = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": f"{url}#legislation",
        "url": url,
        "name": statute.title,
        "legislationType": statute.kind,
        "jurisdiction": "CN",
        "inLanguage": "zh-CN",
        **_dates(line, version),
    }
    if statute.short_title and statute.short_title != statute.title:
        data["alternateName"] = statute.short_title
    if statute.issuer:
        data["legislationPassedBy"] = {"@type": "Organization", "name": statute.issuer}
    if version:
        if version.document_number:
            data["legislationIdentifier"] = version.document_number
        if version.source_url:
            data["sameAs"] = version.source_url
        if version != line.shown:
            data |= {"@id": f"{absolute(version)}#legislation", "url": absolute(version)}
            data["exampleOfWork"] = {"@id": f"{url}#legislation"}
    repeals = [
        {"@type": "Legislation", "name": old.title, "url": absolute(old)} for old in replaced
    ]
    if repeals:
        data["legislationRepeals"] = repeals
    return data


def provision(provision: Provision, line: Timeline) -> dict:
    """Return one 条; its version and statute must be at hand."""
    version = provision.version
    statute = version.statute
    url = absolute(provision)
    return {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": f"{url}#legislation",
        "url": url,
        "name": f"《{statute.title}》{provision.name}",
        "legislationIdentifier": f"{statute.title}{provision.name}",
        "legislationType": statute.kind,
        "jurisdiction": "CN",
        "inLanguage": "zh-CN",
        "text": provision.text,
        "isPartOf": {
            "@type": "Legislation",
            "@id": f"{absolute(statute)}#legislation",
            "name": statute.title,
            "url": absolute(statute),
        },
        **_dates(line, version),
    }


def _dates(line: Timeline, version: StatuteVersion | None) -> dict:
    standing = line.standing_of(version) if version else line.standing
    data = {}
    if standing in _FORCE and not (standing == Standing.IN_FORCE and line.is_stale):
        data["legislationLegalForce"] = _FORCE[standing]
    if version and version.promulgated_on:
        data["legislationDate"] = version.promulgated_on.isoformat()
        data["legislationDateVersion"] = version.promulgated_on.isoformat()
    if version and version.effective_from:
        until = version.ends_on.isoformat() if version.ends_on else ".."
        if version.is_end_known:
            data["temporalCoverage"] = f"{version.effective_from.isoformat()}/{until}"
    return data
