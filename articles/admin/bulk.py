"""Bulk changes in the admin: asked for, prepared, shown in full, applied, taken back."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from statutes.autocomplete import NumberedAutocompleteSelect
from statutes.ids import read_id
from statutes.read_only import ReadOnlyAdmin

from .. import bulk_changes
from ..models import Article, BulkChange, BulkItem, Category, Tally
from ..roles import rights_of
from ..tags import parse_tags
from ..workflow import Right
from .tables import LargeTableAdmin

PAGE = 50
MOST = 5_000  # articles chosen by hand at once
AROUND = 40  # characters shown on each side of a replacement
Kind, Stage = BulkChange.Kind, BulkChange.State

DEEDS = {
    "continue": ("继续", {Stage.PREPARING, Stage.RUNNING, Stage.UNDOING}),
    "confirm": ("确认，全部执行", {Stage.READY}),
    "undo": ("全部撤销", {Stage.DONE, Stage.RUNNING}),
    "delete": ("放弃", {Stage.PREPARING, Stage.READY}),
}


def choose(field, admin_site) -> forms.ModelChoiceField:
    """Return a field that chooses a row by typing, as the model's own field does."""
    return field.formfield(widget=NumberedAutocompleteSelect(field, admin_site))


class IdsField(forms.CharField):
    """The ids of the chosen articles in one hidden field."""

    widget = forms.HiddenInput

    def clean(self, value):
        ids = [read_id(word) for word in super().clean(value).split(",")]
        if None in ids:
            raise forms.ValidationError("所选的文章不对。")
        return ids[:MOST]


class AskForm(forms.Form):
    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    ids = IdsField(max_length=MOST * 20)

    def __init__(self, kind, admin_site, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = kind
        if kind == Kind.CATEGORY:
            self.fields["category"] = choose(Article._meta.get_field("category"), admin_site)
            self.fields["category"].label = "移到栏目"
        if kind == Kind.TAGS:
            tags = {"required": False, "max_length": 400, "help_text": "以顿号隔开。"}
            self.fields["add"] = forms.CharField(label="加上标签", **tags)
            self.fields["remove"] = forms.CharField(label="去掉标签", **tags)
        if kind == Kind.OWNER:
            self.fields["owner"] = choose(Article._meta.get_field("owner"), admin_site)
            self.fields["owner"].label, self.fields["owner"].required = "指派给", True

    def clean(self):
        cleaned = super().clean()
        if "add" in self.fields and not (cleaned.get("add") or cleaned.get("remove")):
            raise forms.ValidationError("请写出要加上或去掉的标签。")
        return cleaned

    def asked(self) -> tuple[str, dict]:
        """Return what the change is called, and its parameters."""
        values = self.cleaned_data
        kind = Kind(values["kind"])
        if kind == Kind.CATEGORY:
            return f"移到“{values['category']}”", {"category": values["category"].pk}
        if kind == Kind.TAGS:
            added, gone = parse_tags(values["add"]), parse_tags(values["remove"])
            words = [f"加上{'、'.join(added)}"] if added else []
            words += [f"去掉{'、'.join(gone)}"] if gone else []
            return f"标签：{'，'.join(words)}", {"add": added, "remove": gone}
        if kind == Kind.OWNER:
            return f"指派给{values['owner']}", {"owner": values["owner"].pk}
        return kind.label, {}


class BulkActions(admin.ModelAdmin):
    """The actions of the list of articles that change many of them."""

    actions = ["bulk_category", "bulk_tags", "bulk_owner", "bulk_review"]

    def get_actions(self, request):
        actions = super().get_actions(request)
        rights = rights_of(request.user)
        for name in self.__class__.actions:
            right = Right.APPROVE if name == "bulk_review" else Right.EDIT
            if right not in rights:
                actions.pop(name, None)
        return actions

    @admin.action(description="移动栏目…")
    def bulk_category(self, request, queryset):
        return self._ask(request, queryset, Kind.CATEGORY)

    @admin.action(description="增减标签…")
    def bulk_tags(self, request, queryset):
        return self._ask(request, queryset, Kind.TAGS)

    @admin.action(description="指派负责人…")
    def bulk_owner(self, request, queryset):
        return self._ask(request, queryset, Kind.OWNER)

    @admin.action(description="标为核对无误…")
    def bulk_review(self, request, queryset):
        return self._ask(request, queryset, Kind.REVIEW)

    def _ask(self, request, queryset, kind):
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
        if len(ids) > MOST:
            self.message_user(request, f"一次最多{MOST}篇，请先筛选。", messages.ERROR)
            return None
        form = AskForm(kind, self.admin_site, initial={"ids": ",".join(map(str, ids))})
        return ask(request, self.admin_site, form, kind, len(ids))


def ask(request, admin_site, form, kind, number):
    context = {
        **admin_site.each_context(request),
        "title": Kind(kind).label,
        "help": f"所选{number}篇文章。下一步先列出每一处改动，确认后才执行；执行后可以整批撤销。",
        "action_url": reverse("admin:articles_bulkchange_ask"),
        "form": form,
    }
    return TemplateResponse(request, "admin/articles/bulkchange/ask.html", context)


@admin.register(BulkChange)
class BulkChangeAdmin(ReadOnlyAdmin, LargeTableAdmin):
    list_display = ["label", "kind", "state", "made_by", "made_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["made_by"]
    search_fields = ["label"]
    ordering = ["-pk"]

    def has_view_permission(self, request, obj=None):
        return Right.EDIT in rights_of(request.user)

    has_module_permission = has_view_permission

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("ask/", view(require_POST(self.ask_view)), name="articles_bulkchange_ask"),
            path("renumber/", view(self.renumber_view), name="articles_bulkchange_renumber"),
            path(
                "<int:pk>/do/<slug:deed>/",
                view(require_POST(self.do_view)),
                name="articles_bulkchange_do",
            ),
            *super().get_urls(),
        ]

    def _require(self, request, right=Right.EDIT):
        if right not in rights_of(request.user):
            raise PermissionDenied

    def ask_view(self, request):
        """Begin what the list's action asked for."""
        self._require(request)
        kind = request.POST.get("kind", "")
        if kind not in (Kind.CATEGORY, Kind.TAGS, Kind.OWNER, Kind.REVIEW):
            raise Http404("no such kind")
        if kind == Kind.REVIEW:
            self._require(request, Right.APPROVE)
        form = AskForm(kind, self.admin_site, request.POST)
        if not form.is_valid():
            ids = [pk for pk in request.POST.get("ids", "").split(",") if pk]
            return ask(request, self.admin_site, form, kind, len(ids))
        label, parameters = form.asked()
        return self._begin(request, kind, label, form.cleaned_data["ids"], **parameters)

    def renumber_view(self, request):
        """Correct every citation of a law whose number has moved."""
        self._require(request)
        answers = request.POST if request.method == "POST" else request.GET or None
        form = forms.Form(answers)
        form.fields["statute"] = choose(Tally._meta.get_field("statute"), self.admin_site)
        form.fields["statute"].label, form.fields["statute"].required = "法规", True
        if request.method == "POST" and form.is_valid():
            statute = form.cleaned_data["statute"]
            label = f"改正条号：{statute.name}"
            return self._begin(request, Kind.RENUMBER, label, statute=statute.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "改正条号",
            "help": (
                "找出引用这部法规而条号已变的每一篇文章，列出每一处改动，确认后才执行。"
                "照录了旧条文而条文已有修改的，以及写明是旧法的，请逐篇改正。"
            ),
            "action_url": request.path,
            "form": form,
        }
        return TemplateResponse(request, "admin/articles/bulkchange/ask.html", context)

    def _begin(self, request, kind, label, ids=(), **parameters):
        change = bulk_changes.begin(kind, label, request.user, ids, **parameters)
        bulk_changes.proceed(change)
        self.log_addition(request, change, label)
        return redirect(change)

    def do_view(self, request, pk, deed):
        """Confirm, go on, take back, give up, or note which articles to leave out."""
        self._require(request)
        change = get_object_or_404(BulkChange, pk=pk)
        try:
            if deed in ("choose", "confirm"):
                shown, kept = (self._ids(request, name) for name in ("shown", "kept"))
                bulk_changes.exclude(change, kept, shown)
            if deed == "choose":
                self.message_user(request, "已记下。")
                return redirect(change)
            if deed not in DEEDS or change.state not in DEEDS[deed][1]:
                raise bulk_changes.LeftAloneError("现在不能这样做。")
            if deed == "delete":
                change.delete()
                return redirect("admin:articles_bulkchange_changelist")
            if deed == "confirm":
                bulk_changes.confirm(change)
            if deed == "undo":
                bulk_changes.undo(change)
        except bulk_changes.LeftAloneError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(change)
        bulk_changes.proceed(change)
        self.log_change(request, change, DEEDS[deed][0])
        return redirect(change)

    def _ids(self, request, name) -> set[int]:
        return set(map(read_id, request.POST.getlist(name))) - {None}

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show every article that the change touches, with what it does to each."""
        self._require(request)
        change = get_object_or_404(BulkChange, pk=read_id(object_id))
        items = list(
            change.items.filter(pk__gt=read_id(request.GET.get("after", "")) or 0)
            .select_related("article")
            .only("change", "before", "after", "state", "reason", "article__title", "article__body")
            .order_by("pk")[:PAGE]
        )
        show_lines(change, items)
        counted = change.items.order_by().values_list("state").annotate(Count("pk"))
        context = {
            **self.admin_site.each_context(request),
            "title": str(change),
            "change": change,
            "items": items,
            "counts": [(BulkItem.State(state).label, number) for state, number in counted],
            "deeds": [(name, deed[0]) for name, deed in DEEDS.items() if change.state in deed[1]],
            "is_choosing": change.state == Stage.READY,
            "next_after": items[-1].pk if len(items) == PAGE else None,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/articles/bulkchange/detail.html", context)


def show_lines(change: BulkChange, items: list[BulkItem]) -> None:
    """Give each item its `lines`: what stands before, what goes, what comes, what follows."""
    categories = users = {}
    if change.kind == Kind.CATEGORY:
        ids = {v["category"] for item in items for v in (item.before, item.after)}
        categories = Category.objects.with_ancestors().in_bulk(ids)
    if change.kind == Kind.OWNER:
        ids = {v["owner"] for item in items for v in (item.before, item.after)} - {None}
        users = Article._meta.get_field("owner").related_model.objects.in_bulk(ids)
    for item in items:
        if change.kind == Kind.RENUMBER:
            item.lines = [_replacement(item, edit) for edit in item.after.get("edits", [])]
        elif change.kind == Kind.CATEGORY:
            old, new = (
                categories.get(v["category"], "（没有）") for v in (item.before, item.after)
            )
            item.lines = [_line(old, new)]
        elif change.kind == Kind.OWNER:
            old, new = (users.get(v["owner"], "（没有）") for v in (item.before, item.after))
            item.lines = [_line(old, new)]
        elif change.kind == Kind.TAGS:
            item.lines = [_line("、".join(item.before["tags"]), "、".join(item.after["tags"]))]
        else:
            item.lines = [_line(item.before.get("reviewed_on") or "从未核对", "今天核对")]


def _line(old, new) -> dict:
    return {"before": "", "old": old, "new": new, "after": ""}


def _replacement(item: BulkItem, edit: dict) -> dict:
    """Show a replacement among the words around it, as they were while preparing."""
    words = {"before": "", "old": edit["old"], "new": edit["new"], "after": ""}
    body, start = item.article.body, edit["start"]
    if body[start : start + len(edit["old"])] == edit["old"]:
        end = start + len(edit["old"])
        words["before"] = body[max(0, start - AROUND) : start]
        words["after"] = body[end : end + AROUND]
    return words
