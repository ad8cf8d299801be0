"""Where things of this site stand, and names for the places."""

from functools import cache, lru_cache

from django.urls import reverse

from statutes.slugs import free_slug


def slug_for(model, name: str) -> str:
    """Return a slug for `name` that no row of `model` has yet."""
    return free_slug(name, lambda slug: model.objects.filter(slug=slug).exists())


@lru_cache(maxsize=8_192)
def address(name: str, *args) -> str:
    """Return an address of this site; Django takes long to put one together."""
    return reverse(name, args=args)


@cache
def address_parts(name: str = "articles:article") -> tuple[str, str]:
    """What stands before and after the id in an article's address, or in another one of its."""
    return tuple(reverse(name, args=[1]).rsplit("1", 1))


def address_of(pk: int, name: str = "articles:article") -> str:
    """Return an article's address: a page may print dozens, so the pattern is read once."""
    before, after = address_parts(name)
    return f"{before}{pk}{after}"
