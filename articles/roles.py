"""The four roles of the desk as groups of permissions, and what a user may do as a person."""

from django.contrib.auth.models import Group, Permission

from .models import Article, Author
from .workflow import Person, Right

_EVERYONE = """
    articles.view_article articles.add_article articles.change_article
    articles.view_category articles.view_tag articles.view_author
    statutes.view_statute statutes.view_statuteversion statutes.view_provision
    statutes.view_succession
"""
_DESK = """
    articles.edit_any_article articles.delete_article
    articles.view_feedback articles.change_feedback articles.view_bulkchange auth.view_user
"""
_EDITOR = """
    articles.publish_article
    articles.add_category articles.change_category articles.delete_category
    articles.add_tag articles.change_tag articles.delete_tag
    articles.add_author articles.change_author
    articles.view_redirect articles.add_redirect articles.change_redirect articles.delete_redirect
    articles.view_movedarticle
    statutes.change_statute statutes.add_statuteversion statutes.change_statuteversion
    statutes.change_succession statutes.add_succession
"""
_REVIEWER = "articles.approve_article"

WRITER, EDITOR, REVIEWER, KEEPER = "作者", "编辑", "审核律师", "管理员"
ROLES = {
    WRITER: _EVERYONE,
    EDITOR: _EVERYONE + _DESK + _EDITOR,
    REVIEWER: _EVERYONE + _DESK + _REVIEWER,
    # Everything of the site's own apps, and the accounts.
    KEEPER: "articles.* statutes.* lawsite.* auth.* admin.view_logentry",
}

_RIGHTS = {
    "articles.change_article": Right.WRITE,
    "articles.edit_any_article": Right.EDIT,
    "articles.publish_article": Right.PUBLISH,
    "articles.approve_article": Right.APPROVE,
}


def set_up() -> None:
    """Give every role the permissions named above, no more and no less. Safe to run twice."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, names in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        wanted = set()
        for name in names.split():
            app, _, codename = name.partition(".")
            if codename == "*":
                wanted |= {p for key, p in known.items() if key.startswith(f"{app}.")}
            else:
                wanted.add(known[name])
        group.permissions.set(wanted)


def rights_of(user) -> frozenset[Right]:
    """Return what a user may do. To approve takes a lawyer: an author with a licence number."""
    rights = {right for permission, right in _RIGHTS.items() if user.has_perm(permission)}
    if Right.APPROVE in rights and lawyer_of(user) is None:
        rights.discard(Right.APPROVE)
    return frozenset(rights)


def person(user, article: Article | None) -> Person:
    """Return who the user is to this article; to one not yet written, its owner."""
    return Person(rights_of(user), article is None or article.owner_id == user.pk)


def lawyer_of(user) -> Author | None:
    """Return the lawyer whose account this is, None where there is none with a licence."""
    author = getattr(user, "author", None)
    return author if author and author.licence else None
