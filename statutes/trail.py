"""当前位置: the way from the home page to a page. Both apps' views use it."""

from functools import cache
from typing import NamedTuple

from django.urls import reverse


class Crumb(NamedTuple):
    """One step of 当前位置. Without a name for its own page, a page calls itself."""

    name: str
    url: str


def trail(*steps) -> list[Crumb]:
    """Return the way from the home page over these objects or Crumbs."""
    crumbs = [
        step if isinstance(step, Crumb) else Crumb(step.name, step.get_absolute_url())
        for step in steps
    ]
    return [_home(), *crumbs]


@cache
def _home() -> Crumb:
    return Crumb("首页", reverse("home"))
