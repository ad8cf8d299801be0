"""What templates ask of statutes."""

from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from statutes.days import day_in_words
from statutes.diff import Change
from statutes.reading import MarkedLine, blocks_of

register = template.Library()

_COUNTRY = "中华人民共和国"
_TAGS = {Change.DELETE: "del", Change.INSERT: "ins"}


@register.filter
def day(value: date | str | None) -> SafeString | str:
    """Return a date, or an ISO date, as people read it, marked up for machines; "" for none."""
    if not value:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_in_words(value))


@register.filter
def marked(line: MarkedLine) -> SafeString:
    """Return a line with its changes as <ins> and <del>."""
    parts = (
        format_html("<{0}>{1}</{0}>", _TAGS[run.change], run.text)
        if run.change in _TAGS and run.text.strip()
        else run.text
        for run in line.runs
    )
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def title_to_break(title: str) -> SafeString:
    """Return a title that may be broken after the name of the country, as law books set it."""
    name = title.removeprefix(_COUNTRY)
    return format_html("{}<wbr>{}", title.removesuffix(name), name)


@register.filter
def written_number(provision) -> str:
    """Return a provision's number as its source writes it, slips mended: 第三条, 三、, 31."""
    return provision.name if "条" in provision.label else provision.label


@register.inclusion_tag("components/law_block.html")
def law_block(text: str) -> dict:
    """Print a text that has no numbers: a preamble, an attachment."""
    return {"blocks": blocks_of(text)}


@register.filter
def in_words(line, standing) -> str:
    """Return a standing as readers are told it: see timeline.Timeline.in_words."""
    return line.in_words(standing)
