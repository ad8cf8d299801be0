"""What other statutes refer to: courts and ministries lean on the provisions that matter."""

import re
from collections import Counter
from datetime import date
from functools import lru_cache

from .citations.find import find_citations
from .models import Provision
from .resolver import Library

# Of a hundred that cite another statute 98 have this; to read the others takes as long again.
_CITING = re.compile("[》法典例]第")


@lru_cache(maxsize=1)
def references_from_others(law: Library, on: date) -> Counter[int]:
    """Return in how many provisions of other statutes each provision is referred to.

    Of the texts that readers are shown on the day. It reads them all: a second for 58,000. Who
    asks for the weight of a provision keeps it until that is indexed again; a rebuild counts all.
    """
    shown = {
        line.shown.pk: statute.title
        for statute in law.statutes.values()
        for line in [law.line(statute, on)]
        if line.shown and not line.is_repealed
    }
    newest = {title: version for version, title in shown.items()}
    provisions = Provision.objects.order_by()
    places = {
        (version, number, suffix): pk
        for pk, version, number, suffix in provisions.values_list(
            "pk", "version", "number", "suffix"
        )
        if version in shown
    }
    counts: Counter[int] = Counter()
    citing = provisions.filter(text__contains="条").values_list("version", "text")
    for version, text in citing.iterator(chunk_size=2_000):
        if version in shown and _CITING.search(text):
            counts.update(
                {
                    places.get((newest.get(c.statute), c.locator.article, c.locator.suffix))
                    for c in find_citations(text, law.names)
                    if c.locator and c.statute != shown[version]
                }
            )
    del counts[None]
    return counts
