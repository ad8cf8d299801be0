"""What the desk's templates show: changes word by word."""

from django import template
from django.utils.html import format_html, format_html_join

from statutes.diff import Change

register = template.Library()
KEPT = 60  # characters of unchanged text shown on each side of a change


@register.filter
def marked_words(ops):
    """Write ops of `diff_words` as HTML, what stays the same far from any change left out."""
    last = len(ops) - 1
    return format_html_join(
        "", "{}", ((_written(op, is_first=i == 0, is_last=i == last),) for i, op in enumerate(ops))
    )


def _written(op, *, is_first, is_last):
    if op.change == Change.INSERT:
        return format_html("<ins>{}</ins>", op.text)
    if op.change == Change.DELETE:
        return format_html("<del>{}</del>", op.text)
    head = "" if is_first else op.text[:KEPT]
    tail = "" if is_last else op.text[-KEPT:]
    if len(op.text) <= len(head) + len(tail):
        return op.text
    return f"{head}……{tail}"
