"""Who asks, and so many requests of one in so many seconds: for pages that cost more than others.

`limited` counts in each server process for itself, enough against one who asks without pause;
what is stored for long, as feedback is, counts its rows.
"""

from functools import wraps
from ipaddress import ip_address, ip_network

from django.core.cache import cache
from django.shortcuts import render


def limited(name: str, requests: int, seconds: int):
    """Answer 429 from the request on that is one too many of this reader's."""

    def decorator(view):
        @wraps(view)
        def limited_view(request, *args, **kwargs):
            key = f"rate-{name}-{reader(request)}"
            cache.add(key, 0, seconds)
            try:
                count = cache.incr(key)
            except ValueError:  # it ran out just now
                count = 1
            if count <= requests:
                return view(request, *args, **kwargs)
            response = render(request, "429.html", {"seconds": seconds}, status=429)
            response["Retry-After"] = str(seconds)
            response["Cache-Control"] = "no-store"
            return response

        return limited_view

    return decorator


def reader(request) -> str:
    """Return what tells one reader from another: the address, of IPv6 the network.

    One reader has all addresses of an IPv6 network. What a proxy of ours says of whom it speaks
    for is in REMOTE_ADDR already.
    """
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    if address.version == 6:
        if address.ipv4_mapped:  # an IPv4 address, to a server that listens on [::]
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address)
