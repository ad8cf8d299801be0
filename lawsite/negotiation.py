"""What a client takes of a page: its form, and how much of it, by its request's headers.

RFC 9110, sections 12 to 14. Pure: no Django. `environ` is the request as WSGI has it, `modified`
a Unix time in seconds.
"""

import re
from email.utils import parsedate_to_datetime
from functools import lru_cache


@lru_cache(1024)
def preferred(accepted: str) -> str:
    """Return the best form of a page that an Accept-Encoding takes: br, gzip or identity."""
    weights = {}
    for part in accepted.lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            weights[coding] = float(weight)
        except ValueError:
            weights[coding] = 0.0
    others = weights.get("*", 0.0)
    best = max(("br", "gzip"), key=lambda coding: weights.get(coding, others))
    return best if weights.get(best, others) > 0 else "identity"


def wants_all(environ: dict) -> bool:
    """Whether the client wants the whole page, whatever it has of it."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and "HTTP_IF_NONE_MATCH" not in environ
        and "HTTP_IF_MODIFIED_SINCE" not in environ
        and "HTTP_RANGE" not in environ
    )


def is_known(environ: dict, etag: str, modified: int) -> bool:
    """Whether the client says that it has this form of the page."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None:
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return etag in tags or tags == {"*"}
    since = _time(environ.get("HTTP_IF_MODIFIED_SINCE"))
    return since is not None and modified <= since


RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


def wanted(environ: dict, size: int, etag: str, modified: int) -> tuple[int, int, int]:
    """Return status, start and end of what the client wants: all of it, or one range."""
    whole = (200, 0, size)
    asked = RANGE.fullmatch(environ.get("HTTP_RANGE", "").strip())
    if not asked or asked[0] == "bytes=-" or environ["REQUEST_METHOD"] != "GET":
        return whole
    condition = environ.get("HTTP_IF_RANGE", "").strip()
    if condition and condition != etag and _time(condition) != modified:
        return whole
    if not asked[1]:
        start, end = max(size - int(asked[2]), 0), size
    else:
        start, end = int(asked[1]), min(int(asked[2]) + 1, size) if asked[2] else size
        if asked[2] and int(asked[2]) < start:
            return whole
    return (206, start, end) if start < end else (416, 0, 0)


def _time(text: str | None) -> int | None:
    if not text:
        return None
    try:
        return int(parsedate_to_datetime(text).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
