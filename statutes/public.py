"""A page that is the same for every reader, for any cache to keep."""

from collections.abc import Callable, Iterable
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import QueryDict
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

MAX_PARAMETERS = 50


def public(view: Callable, reads: Iterable[str] = ()) -> Callable:
    """Return the view of a public page.

    It sees no query parameter but those it `reads`, so that what others hang on an address
    (tracking parameters) can change nothing, and need not be kept apart.
    """
    names = tuple(sorted(reads))
    view = require_safe(cache_control(**settings.PUBLIC_CACHE)(view))

    @wraps(view)
    def public_view(request, *args, **kwargs):
        request.GET = QueryDict(normalise(request.META.get("QUERY_STRING", ""), names))
        response = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.OK and not response.streaming:
            # Django's own is MD5, which takes longer than putting a page together.
            response["ETag"] = f'"{sha256(response.content).hexdigest()[:32]}"'
        if settings.SESSION_COOKIE_NAME in request.COOKIES:  # an editor wants it as it is now
            response["Cache-Control"] = "private, no-cache"
        return response

    public_view.reads = names
    return public_view


def normalise(query: str, names: tuple[str, ...]) -> str:
    """Return the part of a query string that these parameters make, one spelling for each meaning.

    A name given twice counts by its last value, as Django reads it; empty values say nothing.

    >>> normalise("utm_source=x&page=2&before=9-1&page=3", ("before", "page"))
    'before=9-1&page=3'
    """
    if not query or not names:
        return ""
    query = query.encode("latin-1", "replace").decode(errors="replace")  # as WSGI hands it over
    try:
        given = dict(parse_qsl(query, max_num_fields=MAX_PARAMETERS))
    except ValueError:  # too many of them: nothing that the site ever wrote
        return ""
    return urlencode({name: given[name] for name in names if name in given})
