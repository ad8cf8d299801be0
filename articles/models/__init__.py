"""What the firm publishes."""

from .addresses import address, address_of, address_parts, slug_for
from .article import (
    CHARACTERS_A_MINUTE,
    EXCERPT_LENGTH,
    Article,
    ArticleEvent,
    ArticleImage,
    ArticleQuerySet,
    Authorship,
    RelatedArticle,
    RelatedArticleQuerySet,
    TaggedArticle,
)
from .citation import (
    AGREEMENTS,
    ArticleCitation,
    ArticleCitationQuerySet,
    CitationCheck,
    CitedProvision,
    CitedProvisionQuerySet,
    Tally,
)
from .desk import BulkChange, BulkItem, Draft, Feedback, RestrictedTerm
from .duplicate import ArticleWindow, NearDuplicate, NearDuplicateQuerySet, percent
from .filing import CATEGORY_LEVELS, Author, Category, CategoryQuerySet, Tag
from .kept import (
    ArticleList,
    ArticleListQuerySet,
    Checkpoint,
    Listing,
    ListPage,
    ListPageQuerySet,
    SitemapSection,
)
from .moved import MovedArticle, Redirect

__all__ = [
    "AGREEMENTS",
    "CATEGORY_LEVELS",
    "CHARACTERS_A_MINUTE",
    "EXCERPT_LENGTH",
    "Article",
    "ArticleCitation",
    "ArticleCitationQuerySet",
    "ArticleEvent",
    "ArticleImage",
    "ArticleList",
    "ArticleListQuerySet",
    "ArticleQuerySet",
    "ArticleWindow",
    "Author",
    "Authorship",
    "BulkChange",
    "BulkItem",
    "Category",
    "CategoryQuerySet",
    "Checkpoint",
    "CitationCheck",
    "CitedProvision",
    "CitedProvisionQuerySet",
    "Draft",
    "Feedback",
    "ListPage",
    "ListPageQuerySet",
    "Listing",
    "MovedArticle",
    "NearDuplicate",
    "NearDuplicateQuerySet",
    "Redirect",
    "RelatedArticle",
    "RelatedArticleQuerySet",
    "RestrictedTerm",
    "SitemapSection",
    "Tag",
    "TaggedArticle",
    "Tally",
    "address",
    "address_of",
    "address_parts",
    "percent",
    "slug_for",
]
