"""Data for machines in a page's head."""

from datetime import datetime, time

from django import template
from django.conf import settings
from django.utils import timezone

from lawsite import jsonld
from statutes import machines

register = template.Library()


@register.simple_tag
def json_ld(data):
    """Print data that a view prepared."""
    return machines.script(data)


@register.simple_tag
def breadcrumb_json_ld(crumbs):
    return machines.script(machines.breadcrumb(crumbs))


@register.simple_tag(takes_context=True)
def firm_json_ld(context):
    data = jsonld.firm(context["site"])
    return machines.script(data) if data else ""


@register.simple_tag(takes_context=True)
def law_time_factor(context, title, version):
    """Print Baidu's time factor of a statute's text: promulgated one day, in force from another.

    What is to come counts from its promulgation: Baidu takes no day in the future.
    """
    published_on = version.promulgated_on
    updated_on = version.effective_from or published_on
    if updated_on > timezone.localdate():
        updated_on = published_on
    url = settings.SITE_URL + context["request"].path
    days = (
        timezone.make_aware(datetime.combine(day, time())) for day in (published_on, updated_on)
    )
    return machines.script(machines.time_factor(url, title, context["description"], *days))


@register.simple_tag(takes_context=True)
def list_time_factor(context, title, description, articles):
    """Print Baidu's time factor of a list, as new as its newest article; nothing if it is empty."""
    moments = [article.modified_at for article in articles]
    if not moments:
        return ""
    page = context.get("page")
    url = settings.SITE_URL + context["request"].path + (page.query if page else "")
    newest = max(moments)
    return machines.script(machines.time_factor(url, title, description, newest, newest))
