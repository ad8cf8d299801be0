"""Public pages of statutes. Only here is it asked what day it is."""

from collections import Counter

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from . import comparison as comparing
from . import jsonld, lineage, news, notes, provision_history, reading
from .converters import PlaceConverter
from .filters import Filters, query
from .models import Provision, Statute, StatuteVersion
from .news import LONG_TEXTS
from .paging import paginate
from .timeline import Timeline, timeline
from .trail import Crumb, trail

CHANGES_ON_A_PAGE = 40
SHORT_NUMBER = 5  # characters: 第九十九条; the column of numbers is narrow where none is longer


def statute_list(request):
    """All statutes by rank and name, narrowed by kind, subject and standing."""
    on = timezone.localdate()
    statutes = Statute.objects.with_standing(on)
    counted = Counter(statutes.values_list("kind", "subject", "standing"))
    try:
        filters = Filters(request.GET, counted, Statute.Kind.values)
    except ValueError as error:
        raise Http404(str(error)) from None
    chosen = filters.chosen
    versions = StatuteVersion.objects.in_order().defer(*LONG_TEXTS)
    rows = statutes.filter(**chosen).by_rank().select_related("replaced_by")
    page = paginate(rows.prefetch_related(Prefetch("versions", versions)), request.GET, chosen)
    kind = [_kind(chosen["kind"])] if "kind" in chosen else []
    context = {
        "page": page,
        "entries": [(s, timeline(s.versions.all(), s.repealed_on, on)) for s in page.statutes],
        "filters": filters,
        "heading": chosen.get("kind", "法律法规"),
        "is_indexed": not chosen.keys() - {"kind"},
        "crumbs": trail(_overview(), *kind),
    }
    return render(request, "statutes/statute_list.html", context)


def _overview() -> Crumb:
    return Crumb("法律法规", reverse("statutes:statutes"))


def _kind(kind: str) -> Crumb:
    return Crumb(kind, reverse("statutes:statutes") + query({"kind": kind}))


def statute_detail(request, slug):
    """The law as it stands today."""
    statute, line = _find(slug)
    return render(
        request,
        "statutes/statute_detail.html",
        _text_context(statute, line, line.shown) | {"crumbs": _trail_to(statute)},
    )


def version_detail(request, slug, key):
    """The very text of one version, whatever the law is today."""
    statute, line = _find(slug)
    version = _version(line, key)
    context = _text_context(statute, line, version, is_fixed=True)
    context["crumbs"] = _trail_to(statute, Crumb(version.name, version.get_absolute_url()))
    return render(request, "statutes/statute_detail.html", context)


def statute_markdown(request, slug):
    """The statute's text as plain Markdown, for machines and for those who copy."""
    statute, line = _find(slug)
    context = _text_context(statute, line, line.shown)
    text = render_to_string("statutes/statute.md", context, request)
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    response["Link"] = f'<{jsonld.absolute(statute)}>; rel="canonical"'
    return response


def _find(slug: str) -> tuple[Statute, Timeline]:
    statute = get_object_or_404(Statute.objects.select_related("replaced_by"), slug=slug)
    versions = list(statute.versions.in_order().defer(*LONG_TEXTS))
    for version in versions:
        version.statute = statute
    return statute, timeline(versions, statute.repealed_on, timezone.localdate())


def _version(line: Timeline, key: str) -> StatuteVersion:
    found = next((version for version in line.versions if version.key == key), None)
    if found is None:
        raise Http404("no such version")
    return found


def _trail_to(statute: Statute, *further: Crumb) -> list[Crumb]:
    return trail(_overview(), _kind(statute.kind), statute, *further)


def _text_context(
    statute: Statute, line: Timeline, version: StatuteVersion | None, *, is_fixed: bool = False
) -> dict:
    """What the page of a text needs: the text arranged, its place in the history, its notes."""
    provisions, sections, replaced = [], [], list(statute.replaced.all())
    if version:
        version.refresh_from_db(fields=LONG_TEXTS)
        provisions = list(version.provisions.all())
        sections = reading.arrange(version.divisions.all(), provisions)
        remarks = notes.of_provisions(line, version, provisions)
        for provision in provisions:
            provision.lines = reading.lines_of(provision.place, provision.text)
            provision.notes = remarks.get(provision.pk)
            provision.path = PlaceConverter().to_url(provision.place)
    return {
        "statute": statute,
        "statute_url": statute.get_absolute_url(),
        "line": line,
        "version": version,
        "description": notes.description(statute, line, version, by_name=is_fixed),
        "is_fixed": is_fixed,
        "standing": line.standing_of(version) if version else line.standing,
        "successor": line.successor(version) if version else None,
        "sections": sections,
        "is_narrow": all(len(provision.name) <= SHORT_NUMBER for provision in provisions),
        "contents": reading.contents(sections),
        "replaced": replaced,
        "statute_jsonld": jsonld.statute(statute, line, version, replaced),
    }


def comparison(request, slug, old, new):
    """Two versions side by side, what changed marked."""
    statute, line = _find(slug)
    older, newer = _version(line, old), _version(line, new)
    places = line.versions.index(older), line.versions.index(newer)
    if older == newer:
        raise Http404("one version only")
    if places[0] > places[1]:
        return redirect("statutes:comparison", slug, new, old, permanent=True)
    rows = comparing.compare(*_paired(line.versions[places[0] : places[1] + 1]))
    pages = comparing.pages_of(rows)
    number = request.GET.get("page", "1")
    if number not in map(str, range(1, len(pages) + 1)) or request.GET.get("page") == "1":
        raise Http404("no such page")
    here = Crumb(f"{older.name}与{newer.name}对照", request.path)
    context = {
        "statute": statute,
        "line": line,
        "old": older,
        "new": newer,
        "old_standing": line.standing_of(older),
        "new_standing": line.standing_of(newer),
        "counts": comparing.count(rows),
        "blocks": pages[int(number) - 1],
        "page": comparing.Page(int(number), len(pages)),
        "crumbs": _trail_to(statute, here),
    }
    return render(request, "statutes/comparison.html", context)


def _paired(chain):
    old, new = (list(version.provisions.all()) for version in (chain[0], chain[-1]))
    return old, new, lineage.pairs_between(chain, old, new)


def provision_detail(request, slug, place):
    """One 条 as it stands today, what it was before, and what became of its number."""
    statute, line = _find(slug)
    namesakes = {
        provision.version_id: provision
        for provision in Provision.objects.at(place)
        .filter(version__statute=statute)
        .select_related("division__parent__parent__parent")
    }
    by_age = [version for version in reversed(line.versions) if version.pk in namesakes]
    if not by_age:
        raise Http404("no version has this number")
    known = [version for version in by_age if version not in line.coming]
    version = line.shown if line.shown in by_age else (known or by_age)[0]
    provision = namesakes.pop(version.pk)
    provision.version = version
    kin = lineage.kin(provision, namesakes.values(), line.versions)
    here = Crumb(provision.name, provision.get_absolute_url())
    context = {
        "statute": statute,
        "line": line,
        "version": version,
        "provision": provision,
        "lines": reading.lines_of(place, provision.text),
        "standing": line.standing_of(version),
        "is_gone": version != line.shown and version not in line.coming,
        "path": _path_to(provision),
        "history": provision_history.entries(kin, line),
        "now": provision_history.now(kin, line),
        "is_ended": kin.is_ended,
        "others": provision_history.namesakes(kin, line),
        "neighbours": _neighbours(provision),
        "crumbs": _trail_to(statute, here),
        "provision_jsonld": jsonld.provision(provision, line),
    }
    return render(request, "statutes/provision_detail.html", context)


def _path_to(provision: Provision) -> list:
    path, division = [], provision.division
    while division:
        path.insert(0, division)
        division = division.parent
    return path


def _neighbours(provision: Provision) -> dict[str, Provision]:
    around = [provision.position - 1, provision.position + 1]
    found = Provision.objects.filter(version=provision.version, position__in=around).only(
        "number", "suffix", "position", "version"
    )
    return {"previous" if p.position < provision.position else "next": p for p in found}


def change_list(request):
    """What took or takes effect and what ended, newest first."""
    before = request.GET.get("before", "")
    try:
        changes = news.newest(CHANGES_ON_A_PAGE + 1, timezone.localdate(), before)
    except ValueError:
        raise Http404("no such place in the list") from None
    if before and not changes:
        raise Http404("an empty page")
    shown = changes[:CHANGES_ON_A_PAGE]
    context = {
        "changes": shown,
        "before": before,
        "older": shown[-1].key if len(changes) > len(shown) else "",
        "crumbs": trail(_overview(), Crumb("近期法律变动", request.path)),
    }
    return render(request, "statutes/change_list.html", context)
