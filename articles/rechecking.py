"""All stored citations brought to today: what has changed since the last run is assessed anew."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from statutes import changes, resolver
from statutes.verdicts import State

from . import citing
from .models import Article, ArticleCitation, CitationCheck, CitedProvision

BATCH = 200  # articles


def recheck(*, today: date | None = None, everything: bool = False) -> Iterator[CitationCheck]:
    """Assess anew the citations whose verdict may have changed since the last finished run.

    Yields the run after each batch, and finished. One that was interrupted today goes on where it
    stopped. Only articles that cite, or whose words stand in, a statute that changed are read.
    """
    today = today or timezone.localdate()
    run = _begin(today, everything)
    rows = _resting_on(run, today, everything)
    moves = Counter(run.moves)
    while batch := list(
        rows.filter(article__gt=run.article)
        .order_by("article")
        .values_list("article", flat=True)
        .distinct()[:BATCH]
    ):
        for pk in batch:
            moves.update(f"{old} {new}" for old, new in citing.reassess(pk, today).elements())
        run.article, run.moves = batch[-1], dict(moves)
        run.articles += len(batch)
        run.save()
        yield run
    count()
    run.finished_at = timezone.now()
    run.save()
    yield run


def proceed(seconds: float = 10) -> bool:
    """Bring citations to today for about so long, if no run of today did; return whether all are.

    On the day on which a law takes effect, pages say 现行有效 of the text before until then.
    """
    today = timezone.localdate()
    if CitationCheck.objects.filter(checked_on=today).exclude(finished_at=None).exists():
        return True
    ends = time.monotonic() + seconds
    for run in recheck(today=today):
        if time.monotonic() > ends:
            return run.finished_at is not None
    return True


def _begin(today: date, everything: bool) -> CitationCheck:
    newest = CitationCheck.objects.order_by("-pk").first()
    if newest and newest.finished_at is None and newest.checked_on == today and not everything:
        return newest
    return CitationCheck.objects.create(
        started_at=timezone.now(), checked_on=today, change=changes.stamp()
    )


def _resting_on(run: CitationCheck, today: date, everything: bool):
    """Return the citations that a run must look at."""
    rows = ArticleCitation.objects.all()
    finished = CitationCheck.objects.exclude(finished_at=None).exclude(pk=run.pk)
    last = finished.order_by("-pk").first()
    if everything or last is None:
        return rows
    changed = resolver.statutes_changed(last.change, (last.checked_on, today))
    names = resolver.library().names
    unknown = rows.filter(state=State.UNKNOWN.value).values_list("title", flat=True)
    known = [title for title in unknown.distinct().iterator() if names.meant_by(title)]
    return rows.filter(
        Q(pk__in=rows.resting_on(changed).values("pk"))
        | Q(state=State.UNKNOWN.value, title__in=known)
    )


@transaction.atomic
def count() -> None:
    """Count how many public articles cite each provision of today."""
    cited = ArticleCitation.objects.exclude(current=None).filter(
        article__state=Article.State.PUBLISHED
    )
    counted = cited.order_by().values_list("current").annotate(Count("article", distinct=True))
    rows = [CitedProvision(provision_id=pk, articles=number) for pk, number in counted]
    CitedProvision.objects.all().delete()
    CitedProvision.objects.bulk_create(rows, batch_size=1_000)
