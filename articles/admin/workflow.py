"""The way of an article in the admin: who sees and changes it, the steps, the trash."""

from datetime import date

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from statutes.ids import read_id
from statutes.models import Statute

from .. import history, moves, workflow
from ..models import Article, ArticleCitation, ArticleQuerySet
from ..queue import STALE
from ..roles import person, rights_of
from ..workflow import MOVES, Right

TRASH_PAGE = 100


class LockedForm(forms.ModelForm):
    """Notices that someone else saved the article after this form was opened.

    Nothing is lost: what was typed stays in the form, what the other saved is in the database
    and its history, and the differences are shown. Saving once more, knowing that, goes through.
    """

    seal = forms.CharField(required=False, widget=forms.HiddenInput)
    refusal = ""  # why the article, as typed, may not be saved

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict = None
        if self.instance.pk and not self.is_bound:
            self.initial["seal"] = history.seal(self.instance)

    def clean(self):
        cleaned = super().clean()
        if self.refusal:
            self.add_error(None, self.refusal)
        if self.instance.pk and cleaned.get("seal"):
            stored = Article.objects.get(pk=self.instance.pk)
            seal = history.seal(stored)
            if seal != cleaned["seal"]:
                self._tell(stored, seal)
        return cleaned

    def _tell(self, stored, seal):
        event, version = stored.events.first(), history.versions(stored.pk).first()
        moments = [(event.at, event.by)] if event else []
        moments += [(version.history_date, version.history_user)] if version else []
        at, by = max(moments, key=lambda pair: pair[0], default=(None, None))
        words = history.words_of(stored)
        self.conflict = {
            "at": at,
            "by": by,
            "state": stored.get_state_display(),
            "changes": history.compare(words, words | self._typed()),
        }
        self.add_error(
            None, "您打开之后，这篇文章已被改动，这次没有保存。请看下面的差异，再决定怎样保存。"
        )
        self.data = self.data.copy()
        self.data[self.add_prefix("seal")] = seal

    def _typed(self) -> dict:
        cleaned = self.cleaned_data
        typed = {
            name: cleaned[name]
            for name in ("title", "summary", "body", "origin", "source_name", "source_url")
            if name in cleaned
        }
        if "category" in cleaned:
            typed["category_id"] = cleaned["category"].pk
        if "tags" in cleaned:
            typed["tag_names"] = sorted(cleaned["tags"])
        return typed


class NoteForm(forms.Form):
    """What a step asks for; fields that it does not need are left out."""

    at = forms.SplitDateTimeField(
        label="发布时间", widget=admin.widgets.AdminSplitDateTime, help_text="北京时间。"
    )
    note = forms.CharField(
        label="说明", widget=forms.Textarea(attrs={"rows": 4}), max_length=2_000, required=False
    )
    override = forms.CharField(
        label="放行理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        required=False,
        help_text="只有引用有误而仍应发布时填写；理由与您的姓名会留下记录。",
    )

    def __init__(self, move, *args, is_unsound=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not move.needs_date:
            del self.fields["at"]
        if not (is_unsound and Right.APPROVE in move.rights):
            del self.fields["override"]
        if move.needs_note:
            self.fields["note"].required = True
            self.fields["note"].label = "理由"


class StateFilter(admin.ChoicesFieldListFilter):
    """Every state but the trash, which has its own page."""

    def choices(self, changelist):
        for choice in super().choices(changelist):
            if choice["display"] != Article.State.TRASHED.label:
                yield choice


class DueFilter(admin.SimpleListFilter):
    """Public articles whose law is to be checked again."""

    title, parameter_name = "核对", "due"

    def lookups(self, request, model_admin):
        return [("1", "超过核对日期")]

    def queryset(self, request, queryset):
        if self.value() == "1":
            today = timezone.localdate()
            return queryset.filter(state=Article.State.PUBLISHED, review_due_on__lte=today)
        return queryset


class StaleFilter(admin.SimpleListFilter):
    """Articles that cite what one change of law made stale; the queue leads here."""

    title, parameter_name = "法规变动", "stale"

    def lookups(self, request, model_admin):
        statute, since = self._read(request.GET.get("stale", ""))
        found = Statute.objects.filter(pk=statute).first() if statute else None
        return [(request.GET["stale"], f"{found.name} {since or ''}")] if found else []

    def queryset(self, request, queryset):
        statute, since = self._read(self.value() or "")
        if statute is None:
            return queryset
        states = [state.value for state in STALE]
        rows = ArticleCitation.objects.filter(state__in=states, statute=statute, since=since)
        return queryset.filter(pk__in=rows.values("article"))

    @staticmethod
    def _read(value: str):
        number, _, day = value.partition("-")
        pk = read_id(number)
        if pk is None:
            return None, None
        try:
            return pk, date.fromisoformat(day) if day else None
        except ValueError:
            return None, None


class WorkflowAdmin(admin.ModelAdmin):
    """What of an article's page follows from its state and from who looks at it."""

    delete_confirmation_template = "admin/articles/article/trash_confirmation.html"
    delete_selected_confirmation_template = "admin/articles/article/trash_confirmation.html"

    # --- Who sees and changes what -------------------------------------------------------

    def get_queryset(self, request):
        articles = super().get_queryset(request).kept()
        if Right.EDIT not in rights_of(request.user):
            articles = articles.filter(owner=request.user.pk)
        return articles

    def get_object(self, request, object_id, from_field=None):
        """Hold the row while it is changed, so that two savings come one after the other."""
        article = super().get_object(request, object_id, from_field)
        if article and request.method == "POST":
            Article.objects.select_for_update().filter(pk=article.pk).only("pk").first()
            article.refresh_from_db(fields=["state", "state_since", "published_at", "updated_at"])
        return article

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or workflow.may_edit(obj.state, person(request.user, obj)))

    def has_delete_permission(self, request, obj=None):
        """Throwing away is a step like others: the trash keeps it for thirty days."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or workflow.may_trash(obj.state, person(request.user, obj))

    # --- Saving --------------------------------------------------------------------------

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", "")
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form again, as typed, where what was saved may not be public."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except moves.MoveError as error:
            request.refusal = str(error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj:
            context |= {
                "moves": moves.moves(obj, request.user),
                "conflict": getattr(context["adminform"].form, "conflict", None),
                "last_note": obj.events.exclude(note="").select_related("by").first(),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_change(self, request, obj):
        name = request.POST.get("_move", "")
        if name not in MOVES:
            return super().response_change(request, obj)
        return self._take(request, obj.pk, name)

    def response_add(self, request, obj, post_url_continue=None):
        if request.POST.get("_move") == "submit":
            return self._take(request, obj.pk, "submit")
        return super().response_add(request, obj, post_url_continue)

    # --- The steps -----------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("trash/", view(self.trash_view), name="articles_article_trash"),
            path(
                "<int:pk>/restore/",
                view(require_POST(self.restore_view)),
                name="articles_article_restore",
            ),
            path("<int:pk>/move/<slug:name>/", view(self.move_view), name="articles_article_move"),
            *super().get_urls(),
        ]

    def _take(self, request, pk: int, name: str):
        """Take a step that asks for nothing; ask first where it does, or where it is refused."""
        move, form_page = MOVES[name], redirect("admin:articles_article_change", pk)
        if move.needs_note or move.needs_date:
            return redirect("admin:articles_article_move", pk, name)
        try:
            article = moves.move(pk, name, request.user)
        except moves.UnsoundError as error:
            if Right.APPROVE in move.rights:
                return redirect("admin:articles_article_move", pk, name)
            self.message_user(request, str(error), messages.ERROR)
            return form_page
        except moves.MoveError as error:
            self.message_user(request, str(error), messages.ERROR)
            return form_page
        return self._done(request, article, move)

    def _done(self, request, article, move):
        self.log_change(request, article, move.label)
        self.message_user(
            request, f"“{article}”：{move.label}，现在是“{article.get_state_display()}”。"
        )
        if self.get_queryset(request).filter(pk=article.pk).exists():
            return redirect("admin:articles_article_change", article.pk)
        return redirect("admin:articles_article_changelist")

    def move_view(self, request, pk, name):
        """Ask what a step needs to know, and take it."""
        article = self.get_queryset(request).filter(pk=pk).first()
        if article is None or name not in MOVES:
            raise Http404("no such article or step")
        move = MOVES[name]
        if move not in moves.moves(article, request.user):
            raise PermissionDenied(moves.refusal(move, article, person(request.user, article)))
        states = moves.UNSOUND_AT_REVIEW if Right.APPROVE in move.rights else moves.UNSOUND
        wrong = moves.unsound(article, states) if name in ("approve", "review", "publish") else []
        answers = request.POST if request.method == "POST" else None
        form = NoteForm(move, answers, is_unsound=bool(wrong))
        if form.is_valid():
            try:
                article = moves.move(pk, name, request.user, **form.cleaned_data)
            except moves.MoveError as error:
                form.add_error(None, str(error))
            else:
                return self._done(request, article, move)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{move.label}：{article}",
            "article": article,
            "move": move,
            "unsound": wrong,
            "form": form,
            "media": self.media + form.media,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/articles/article/move.html", context)

    # --- The trash -----------------------------------------------------------------------

    def get_deleted_objects(self, objs, request):
        """Name what would be thrown away; what the user may not is named as protected."""
        names = [str(article) for article in objs]
        kept = [
            f"{article}（{article.get_state_display()}）"
            for article in objs
            if not self.has_delete_permission(request, article)
        ]
        return names, {"文章": len(names)}, set(), kept

    def delete_model(self, request, obj):
        moves.trash(obj.pk, request.user)

    def delete_queryset(self, request, queryset):
        for pk in list(queryset.values_list("pk", flat=True)):
            moves.trash(pk, request.user)

    def _trashed(self, request):
        articles = Article.objects.filter(state=Article.State.TRASHED)
        if Right.EDIT not in rights_of(request.user):
            articles = articles.filter(owner=request.user.pk)
        return articles

    def trash_view(self, request):
        """List what was thrown away last, each with the way back."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        articles = self._trashed(request).defer(*ArticleQuerySet.LARGE).order_by("-state_since")
        rows = []
        for article in articles.prefetch_related("events__by")[:TRASH_PAGE]:
            thrown = next((e for e in article.events.all() if e.move == workflow.TRASH), None)
            article.thrown = thrown
            article.kept_until = article.state_since + moves.KEPT_IN_TRASH
            article.may_restore = workflow.may_restore(
                thrown.before if thrown else "draft", person(request.user, article)
            )
            rows.append(article)
        context = {
            **self.admin_site.each_context(request),
            "title": "回收站",
            "articles": rows,
            "is_cut": len(rows) == TRASH_PAGE,
            "days": moves.KEPT_IN_TRASH.days,
            "opts": self.opts,
        }
        return render(request, "admin/articles/article/trash.html", context)

    def restore_view(self, request, pk):
        if not self._trashed(request).filter(pk=pk).exists():
            raise Http404("not in the trash")
        try:
            article = moves.restore_from_trash(pk, request.user)
        except moves.MoveError as error:
            raise PermissionDenied(str(error)) from None
        self.log_change(request, article, "从回收站恢复")
        url = reverse("admin:articles_article_change", args=[pk])
        self.message_user(request, f"已恢复“{article}”，现在是“{article.get_state_display()}”。")
        return redirect(url)
