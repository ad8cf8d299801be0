"""The desk around the article's form: preview, hints, citing, pictures, kept drafts.

Every view answers only those who may add, or change, the article that they name.
"""

from bisect import bisect_left
from dataclasses import asdict

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from statutes.ids import read_id
from statutes.lookup import look_up

from .. import checking, citing, drafts, images, publishing
from ..checks import Place
from ..importing.cleaning import CleaningError, to_markdown
from ..importing.opened import MAX_BYTES, OpeningError, open_word
from ..models import Article, Authorship, Draft
from ..rendering import RenderError
from . import citations

TITLE = Article._meta.get_field("title").max_length
TITLE_INPUT = AdminTextInputWidget(attrs={"placeholder": "标题：读者会怎样问？"})
SUMMARY_INPUT = forms.Textarea(attrs={"rows": 3})
BODY_INPUT = forms.Textarea(
    attrs={
        "rows": 30,
        "class": "vLargeTextField body",
        "placeholder": "先写答案，再写理由。可以从Word和网页粘贴，图片直接拖进来。",
    }
)


def written(values, saved: Article | None) -> Article:
    """Return an article as the form's `values` would leave it; nothing is saved."""
    article = Article() if saved is None else saved
    for name in ("title", "summary", "body", "source_name", "source_url"):
        setattr(article, name, _typed(values, name).strip())
    article.title = article.title[:TITLE]
    if values.get("origin") in Article.Origin.values:
        article.origin = values["origin"]
    return article


def look(article: Article, values) -> dict:
    """Return what the desk shows of an article: preview, None where that fails by `error`; hints;
    its citations.

    `values` are the form's, in which the places of hints and citations are told.
    """
    rendered, error, assessments = None, "", []
    try:
        rendered = publishing.render_article(article)
        assessments = citing.assess(article, renewed=citations.renewed(values))
    except RenderError as problem:
        error = str(problem)
    fields = {name: Typed(_typed(values, name)) for name in ("title", "summary", "body")}
    cited = citations.look(article, assessments, fields["body"].at) if rendered else None
    hints = [
        {
            "weight": hint.weight.name.lower(),
            "label": hint.weight.label,
            "message": hint.message,
            "rule": hint.rule,
            "places": " ".join(fields[place.field].address(place) for place in hint.places),
            "count": len(hint.places),
        }
        for hint in checking.check(article, rendered, assessments, error)
    ]
    preview = rendered and render_to_string("admin/articles/preview.html", {"article": article})
    return {
        "preview": preview,
        "error": error,
        "hints": hints,
        "length": article.length,
        "cited": cited,
    }


class Typed:
    """A field as the browser has it: with the white space that saving takes off, in UTF-16."""

    def __init__(self, text: str):
        self._lead = len(text) - len(text.lstrip())
        self._double = [at for at, character in enumerate(text) if character > "\uffff"]

    def address(self, place: Place) -> str:
        return f"{place.field}:{self.at(place.start)}-{self.at(place.end)}"

    def at(self, position: int) -> int:
        position += self._lead
        return position + bisect_left(self._double, position)


def _typed(values, name: str) -> str:
    return values.get(name, "").replace("\r\n", "\n").replace("\r", "\n")


class DeskAdmin(admin.ModelAdmin):
    """Gives the article's admin the views that its form calls while one writes."""

    @property
    def media(self):
        scripts = [
            *("base", "writing", "looking", "citing"),
            *("correcting", "pasting", "keeping"),
        ]
        return super().media + forms.Media(
            css={"all": ["css/desk.css"]},
            js=[forms.Script(f"js/desk-{script}.js", defer=True) for script in scripts],
        )

    def get_urls(self):
        views = {
            "look": require_POST(self.look),
            "provisions": require_GET(self.provisions),
            "pictures": require_POST(self.pictures),
            "markdown": require_POST(self.markdown),
            "word": require_POST(self.word),
            "keep": require_POST(self.keep),
            "discard": require_POST(self.discard),
            "check": require_POST(self.find_right),
        }
        wired = [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"articles_article_{name}")
            for name, view in views.items()
        ]
        return wired + super().get_urls()

    # --- While one writes --------------------------------------------------------------

    def look(self, request):
        """Return preview and hints of the form as it stands; as a page for want of script."""
        article = written(request.POST, self._named_article(request))
        looked = look(article, request.POST)
        context = looked | {"article": article}
        if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
            hints = render_to_string("admin/articles/hints.html", context, request)
            panel = "admin/articles/citations_panel.html"
            answer = looked | {
                "hints": hints,
                "count": len(looked["hints"]),
                "cited": looked["cited"] and render_to_string(panel, looked["cited"], request),
                "wanting": looked["cited"] and looked["cited"]["wanting"],
            }
            return JsonResponse(answer)
        context |= self.admin_site.each_context(request) | {"title": "预览与检查"}
        return render(request, "admin/articles/look.html", context)

    def provisions(self, request):
        """Return the provisions that a query may mean, to be cited."""
        self._check_may_write(request)
        found = look_up(request.GET.get("q", ""), timezone.localdate())
        results = [
            {"citation": each.citation, "standing": each.standing, "lines": each.lines}
            for each in found
        ]
        return JsonResponse({"results": results})

    def pictures(self, request):
        """Store a picture; return the name by which Markdown calls it."""
        self._named_article(request)
        upload = request.FILES.get("file")
        if upload is None:
            return JsonResponse({"error": "没有收到图片"}, status=400)
        if upload.size > images.MAX_BYTES:
            most = images.MAX_BYTES // 1024 // 1024
            return JsonResponse({"error": f"图片超过{most}MB"}, status=400)
        try:
            stored = images.store(upload.read())
        except images.ImageError as error:
            return JsonResponse({"error": str(error)}, status=400)
        return JsonResponse({"name": stored.name})

    def markdown(self, request):
        """Turn HTML of the clipboard, from Word or a web page, into Markdown."""
        self._check_may_write(request)
        try:
            cleaned = to_markdown(request.POST.get("html", ""), title=request.POST.get("title", ""))
        except CleaningError as error:
            return JsonResponse({"error": str(error)}, status=400)
        return JsonResponse({"markdown": cleaned.markdown})

    def word(self, request):
        """Read a Word file into the form: its title, its words as Markdown, pictures stored."""
        self._named_article(request)
        upload = request.FILES.get("file")
        if upload is None:
            return JsonResponse({"error": "没有收到文件"}, status=400)
        try:
            opened = open_word(upload.read(MAX_BYTES + 1), upload.name)
        except OpeningError as error:
            return JsonResponse({"error": str(error)}, status=400)
        return JsonResponse(asdict(opened))

    def find_right(self, request):
        """Write down that who asks found a citation right; of the article as it is saved."""
        article = self._named_article(request)
        pk = read_id(request.POST.get("citation", ""))
        citation = article and article.citations.filter(pk=pk).first()
        if not citation:
            return JsonResponse({"error": "这处引用已经变了，请先保存文章"}, status=400)
        if not citation.verdict.can_be_settled:
            return JsonResponse({"error": "这处引用要改正，不能标为已核对"}, status=400)
        citing.check(citation, request.user)
        self.log_change(request, article, f"核对引用：{citation.text}")
        return JsonResponse({"checked_on": timezone.localdate().isoformat()})

    # --- Kept drafts -------------------------------------------------------------------

    def keep(self, request):
        """Keep what is typed and not saved, for the same person to come back to."""
        article = self._named_article(request)
        key, basis = request.POST.get("desk-key", ""), request.POST.get("desk-basis", "")
        kept = drafts.keep(request.user, article, key, basis, request.POST)
        time = timezone.localtime(kept.kept_at).strftime("%H:%M") if kept else ""
        return JsonResponse({"kept_at": time})

    def discard(self, request):
        """Throw one's own kept draft away."""
        draft = self._own_draft(request, request.POST.get("draft", ""))
        if draft is None:
            return redirect("admin:articles_article_changelist")
        draft.delete()
        if draft.article_id:
            return redirect("admin:articles_article_change", draft.article_id)
        return redirect("admin:articles_article_add")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if category := form.base_fields.get("category"):
            # Filing an article is no place to rename or delete the shelf: without the links to it.
            category.widget = category.widget.widget
            category.widget.choices = category.choices
        draft = self._recovered(request, obj)
        return drafts.filled_in(form, draft) if draft else form

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if inline.model is Authorship:
            draft = self._recovered(request, obj if obj.pk else None)
            kwargs["kept"] = draft and drafts.signers(draft)
        return kwargs

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        article = obj if change else None
        recovered = self._recovered(request, article)
        first = request.method == "GET" and not recovered
        context |= {
            "has_write_permission": self.has_change_permission(request, obj)
            if change
            else self.has_add_permission(request),
            "desk_article": article,
            "desk_key": getattr(recovered, "key", "")
            or request.POST.get("desk-key")
            or drafts.new_key(),
            "desk_basis": request.POST.get("desk-basis", drafts.digest(article)),
            "desk_renewed": request.POST.get("desk-renewed", "")
            or (recovered.fields.get("desk-renewed", "") if recovered else ""),
            "recovered": recovered,
            "kept_drafts": drafts.kept(request.user, article) if first else [],
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        drafts.drop(request.user, form.instance, request.POST.get("desk-key", ""))

    def _recovered(self, request, article: Article | None) -> Draft | None:
        """Return the draft that the address asks to go on with."""
        draft = self._own_draft(request, request.GET.get("recover", ""))
        is_its = draft and draft.article_id == (article.pk if article else None)
        return draft if is_its and request.method == "GET" else None

    def _own_draft(self, request, pk: str) -> Draft | None:
        return Draft.objects.filter(user=request.user, pk=read_id(pk)).first()

    # --- Who may -----------------------------------------------------------------------

    def _check_may_write(self, request) -> None:
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied

    def _named_article(self, request) -> Article | None:
        """Return the article that the form is of, None for a new one, if one may write it."""
        pk = request.POST.get("desk-article", "")
        if not pk:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        article = self.get_queryset(request).filter(pk=read_id(pk)).first()
        if article is None:
            raise Http404("no such article")
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return article
