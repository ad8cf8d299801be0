"""Articles as schema.org describes them (CONVENTIONS: Article, WebPage). Plain dicts.

The firm is named by its @id; lawsite/jsonld.py describes it on the same page.
"""

from django.conf import settings

from statutes.machines import local

from .models import Article, Author


def absolute(page) -> str:
    """Return the public address of anything that has a page."""
    return settings.SITE_URL + page.get_absolute_url()


def firm_id() -> str:
    return settings.SITE_URL + "/#firm"


def article(article: Article) -> dict:
    """Return the article; authors, tags and category must be at hand."""
    url = absolute(article)
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": f"{url}#article",
        "headline": article.title,
        "description": article.description,
        "datePublished": _moment(article.published_at),
        "dateModified": _moment(article.modified_at),
        "author": [person(author) for author in article.signers],
        "publisher": {"@id": firm_id()},
        "copyrightHolder": {"@id": firm_id()},
        "mainEntityOfPage": {"@id": url},
        "articleSection": article.category.name,
        "keywords": [tag.name for tag in article.tag_list],
        "inLanguage": "zh-CN",
    }
    if laws := [law for law in article.cited if law["is_linked"]]:
        data["citation"] = [
            {"@type": "Legislation", "name": law["title"], "url": settings.SITE_URL + law["url"]}
            for law in laws
        ]
    if article.cover:
        data["image"] = [settings.SITE_URL + article.cover.url]
    if article.is_reprint:
        del data["copyrightHolder"]
        data["isBasedOn"] = article.source_url or article.source_name
    return data


def web_page(article: Article) -> dict:
    """Return the page, which is what a review is a property of."""
    url = absolute(article)
    data = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": url,
        "url": url,
        "name": article.title,
        "breadcrumb": {"@id": f"{url}#breadcrumb"},
        "inLanguage": "zh-CN",
    }
    if article.reviewed_on:
        data["lastReviewed"] = article.reviewed_on.isoformat()
        if article.reviewer:
            data["reviewedBy"] = person(article.reviewer)
    return data


def person(author: Author) -> dict:
    data = {
        "@type": "Person",
        "name": author.name,
        "url": absolute(author),
        "worksFor": {"@id": firm_id()},
    }
    if author.job_title:
        data["jobTitle"] = author.job_title
    return data


def _moment(moment) -> str:
    """Return a moment with Beijing's offset: 2026-03-12T09:30:00+08:00."""
    return local(moment).isoformat(timespec="seconds")
