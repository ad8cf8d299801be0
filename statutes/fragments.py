"""Pieces of pages that are the same but for what is put into them, rendered once by Django.

Django's template language takes microseconds for every word it prints. A page that prints a
hundred of them, anew for each of a million articles, is put together from these instead.
"""

import re
from collections.abc import Hashable
from functools import lru_cache
from html import escape

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

_MARK = re.compile("\x02(\\w+)\x03")


@lru_cache(maxsize=settings.FRAGMENTS_KEPT)
def fragment(template: str, /, **values) -> SafeString:
    """Return a component rendered with plain values: what it prints is its key.

    So nothing kept can be out of date. No model instances: two of them are equal when their
    keys are, whatever they say.
    """
    return render_to_string(template, values)


def filled(template: str, site: Hashable = None, /, **texts: str) -> SafeString:
    """Return a template with these texts put where it prints them; safe ones go in as they are.

    It may print each text as it is, and ask whether it is empty: nothing else. It is rendered
    once for each set of those that are, with marks for the others. With `site`, plain values
    again, it may do what it likes.
    """
    pattern, places = _stencil(template, site, tuple(texts), tuple(map(bool, texts.values())))
    return SafeString(
        pattern % tuple([t if type(t) is SafeString else escape(t) for t in map(texts.get, places)])
    )


@lru_cache(maxsize=settings.FRAGMENTS_KEPT // 8)
def _stencil(template: str, site: Hashable, names: tuple[str, ...], given: tuple[bool, ...]):
    """Return a template as a %-pattern, and the names of the texts in their order there."""
    marks = {
        name: f"\x02{name}\x03" if is_given else ""
        for name, is_given in zip(names, given, strict=True)
    }
    html = render_to_string(template, {**marks, "site": site}).strip().replace("%", "%%")
    pattern = _MARK.sub("%s", html)
    if "\x02" in pattern or "\x03" in pattern:
        raise ValueError(f"{template} does more than print {names}")
    return pattern, _MARK.findall(html)
