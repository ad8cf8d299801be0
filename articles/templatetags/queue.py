"""The work queue on the admin's first page."""

from django import template

from .. import queue

register = template.Library()


@register.inclusion_tag("admin/queue.html")
def work_queue(user):
    """Show what waits for the user."""
    queue.keep_fresh()
    return {"sections": queue.sections(user)}
