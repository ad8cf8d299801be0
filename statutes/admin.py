"""Statutes in the editors' tool: dates, names, successions, and loading a revised law."""

import re

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html

from .aliases import normalise
from .autocomplete import AutocompleteAdmin
from .diff import Relation
from .importing import load
from .importing.doubts import far_fewer
from .importing.forms import StatuteTextForm
from .importing.parsed import ParsedVersion, ParseError
from .labelled import LabelledFormSet
from .locators import Locator, parse_label
from .models import Provision, Statute, StatuteAlias, StatuteVersion, Succession
from .read_only import ReadOnlyAdmin


class StatuteAliasForm(forms.ModelForm):
    def clean_name(self):
        return normalise(self.cleaned_data["name"])  # so that the same name twice is noticed


class StatuteAliasInline(admin.TabularInline):
    model = StatuteAlias
    form = StatuteAliasForm
    formset = LabelledFormSet
    fields = ["name", "origin"]
    readonly_fields = ["origin"]
    extra = 0


class StatuteVersionInline(admin.TabularInline):
    """The versions of a statute with their dates, which are edited on their own page."""

    model = StatuteVersion
    fields = readonly_fields = [
        *("label", "promulgated_on", "effective_from", "effective_until", "effective_basis")
    ]
    show_change_link = True
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).defer("header", "preamble", "attachment").in_order()


class SubjectFilter(admin.AllValuesFieldListFilter):
    """Has words also for the statutes of no subject."""

    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or "未分类"}


@admin.register(Statute)
class StatuteAdmin(AutocompleteAdmin, admin.ModelAdmin):
    list_display = ["title", "kind", "subject", "repealed_on"]
    list_filter = ["kind", ("subject", SubjectFilter)]
    search_fields = ["title", "aliases__name"]
    search_help_text = "按标题或别名查找，例如：道交法"
    autocomplete_fields = ["replaced_by"]
    readonly_fields = ["slug"]
    inlines = [StatuteAliasInline, StatuteVersionInline]
    list_per_page = 50

    def has_add_permission(self, request):
        return False  # a statute comes in with its first version

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        load.settle(form.instance)
        load.refresh_aliases()


class StatuteVersionForm(forms.ModelForm):
    source_url = forms.URLField(
        label="来源网址", required=False, max_length=500, assume_scheme="https"
    )

    def clean_effective_from(self):
        day, promulgated_on = self.cleaned_data["effective_from"], self.instance.promulgated_on
        if day and promulgated_on and day < promulgated_on:
            raise forms.ValidationError("施行日期不能早于公布日期。")
        return day


@admin.register(StatuteVersion)
class StatuteVersionAdmin(admin.ModelAdmin):
    form = StatuteVersionForm
    change_list_template = "admin/statutes/statuteversion/change_list.html"
    list_display = ["__str__", "promulgated_on", "effective_from", "effective_until", "basis"]
    list_filter = [("effective_from", admin.EmptyFieldListFilter), "statute__kind"]
    list_select_related = ["statute"]
    search_fields = ["statute__title", "statute__aliases__name"]
    ordering = ["-promulgated_on", "-pk"]
    list_per_page = 50
    fields = [
        "statute",
        "label",
        ("promulgated_on", "effective_from", "effective_until"),
        ("effective_basis", "known_until"),
        "document_number",
        ("source", "source_url"),
        "text_on_site",
    ]
    readonly_fields = ["statute", "promulgated_on", "effective_until", "source", "text_on_site"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("header", "preamble", "attachment")

    def has_add_permission(self, request):
        return False  # by the import page, which shows what will come of it

    @admin.display(description="依据")
    def basis(self, version):
        return version.effective_basis[:40]

    @admin.display(description="全文")
    def text_on_site(self, version):
        return format_html(
            '<a href="{}">{}条，在网站上看</a>', version.get_absolute_url(), version.provision_count
        )

    def save_model(self, request, version, form, change):
        """Store an editor's dates; the period is computed from all versions together."""
        if version.effective_from:
            version.effective_until = version.effective_from
        else:
            version.effective_until = None
        if "effective_from" in form.changed_data and "effective_basis" not in form.changed_data:
            version.effective_basis = "编辑填写"
        super().save_model(request, version, form, change)
        load.settle(version.statute)

    # --- Taking a version out again ------------------------------------------------------

    def get_deleted_objects(self, versions, request):
        """Name the versions and count the rest: a law has a thousand provisions."""
        count = sum(version.provision_count for version in versions)
        return [str(version) for version in versions], {"条文": count}, set(), []

    def delete_model(self, request, version):
        load.remove(version)

    def delete_queryset(self, request, queryset):
        for version in queryset:
            load.remove(version)

    # --- Loading a revised law ---------------------------------------------------------

    def get_urls(self):
        page = path(
            "import/",
            self.admin_site.admin_view(self.import_text),
            name="statutes_statuteversion_import",
        )
        return [page, *super().get_urls()]

    def import_text(self, request):
        """Take a text, show what would come of loading it, and load it when told to."""
        if not request.user.has_perm("statutes.add_statuteversion"):
            raise PermissionDenied
        form = StatuteTextForm(request.POST or None, request.FILES or None)
        context = {**self.admin_site.each_context(request), "title": "载入法规文本", "form": form}
        is_read = form.is_valid()
        context["doubts"] = form.doubts
        if is_read:
            parsed = form.cleaned_data["parsed"]
            try:
                if "load" in request.POST:
                    return self._load(request, parsed, form.cleaned_data)
                context |= {"parsed": parsed, **changes_in(parsed)}
                before = context["before"].provision_count if context["before"] else 0
                context["doubts"] = [*far_fewer(parsed, before), *form.doubts]
            except ParseError as error:
                form.add_error(None, f"读不出法规：{error.reason}")
            else:
                # The next step sends the text that was read, also where a file was uploaded.
                context["form"] = StatuteTextForm(
                    initial={
                        **form.cleaned_data,
                        "promulgated_on": parsed.promulgated_on,
                        "effective_from": form.cleaned_data["effective_from"],
                    }
                )
        return render(request, "admin/statutes/statuteversion/import.html", context)

    def _load(self, request, parsed, data):
        outcome = load.load(
            parsed,
            origin="编辑载入",
            source_url=data["source_url"],
            known_until=timezone.localdate(),
        )
        load.refresh_aliases()
        told = {
            load.CREATED: f"已载入{outcome.version}，共{outcome.version.provision_count}条。",
            load.UNCHANGED: f"{outcome.version}已在库中，文本相同，没有改动。",
            load.COMPLETED: f"{outcome.version}已在库中，补上了缺少的事实。",
            load.DIFFERS: f"{outcome.version}已在库中，文本有不同，没有改动。",
        }[outcome.state]
        self.message_user(request, told)
        if outcome.state != load.CREATED:  # else they are what the preview showed
            for note in outcome.notes:
                self.message_user(request, note, messages.WARNING)
        return redirect("admin:statutes_statuteversion_change", outcome.version.pk)


def changes_in(parsed: ParsedVersion) -> dict:
    """Return what the preview shows of a text: the version before it and what becomes of it."""
    before, links = load.preview(parsed)
    counts = {
        label: sum(1 for found in links if found.relation == relation)
        for relation, label in (
            (Relation.UNCHANGED, "未变"),
            (Relation.AMENDED, "修改"),
            (Relation.RENUMBERED, "条号变动"),
            (Relation.SPLIT, "拆分"),
            (Relation.MERGED, "合并"),
            (Relation.ADDED, "新增"),
            (Relation.REPEALED, "删除"),
        )
    }
    old = list(before.provisions.all()) if before else []
    moved = [
        (old[found.old].name, _name(parsed.provisions[found.new]), round(found.likeness * 100))
        for found in links
        if found.relation == Relation.RENUMBERED
    ]
    return {"before": before, "counts": counts if before else {}, "moved": moved}


def _name(provision) -> str:
    return Locator(provision.number, provision.suffix).label


@admin.register(Provision)
class ProvisionAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """For looking up and choosing: the text of the law is not edited provision by provision."""

    list_display = ["__str__", "version", "division"]
    search_fields = ["number"]
    search_help_text = "法规名称和条号，例如：治安管理处罚法第四十二条，或：公司法 15"
    ordering = ["pk"]
    show_full_result_count = False
    list_per_page = 50
    fields = readonly_fields = ["version", "division", "label", "text"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("version__statute", "division")

    def get_search_results(self, request, queryset, search_term):
        name, locator = read_question(search_term)
        if name:
            queryset = queryset.filter(version__statute__in=Statute.objects.called(name))
        if locator:
            queryset = queryset.at(locator)
        return (queryset if name or locator else queryset.none()), False


_QUESTION = re.compile(r"(?P<name>.*?)\s*(?P<place>[0-9]{1,5}|第.{1,30})?")


def read_question(text: str) -> tuple[str, Locator | None]:
    """Split 公司法第十五条 or 公司法 15 into name and locator; either may be missing."""
    question = _QUESTION.fullmatch(text.strip())
    place = question["place"] if question else None
    try:
        if place and place.isdecimal():
            return question["name"], Locator(int(place))
        if place:
            return question["name"], parse_label(place)
    except ValueError:
        pass
    return text.strip(), None


class SuccessionForm(forms.ModelForm):
    likeness = forms.FloatField(label="相似度", min_value=0, max_value=1, initial=1)


@admin.register(Succession)
class SuccessionAdmin(AutocompleteAdmin, admin.ModelAdmin):
    form = SuccessionForm
    list_display = ["old", "new", "relation", "likeness", "confirmed_at"]
    list_filter = ["relation", ("confirmed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["old__version__statute", "new__version__statute"]
    search_fields = ["old__version__statute__title"]
    autocomplete_fields = ["old", "new"]
    fields = ["old", "new", "relation", "likeness", "confirmed_by", "confirmed_at"]
    readonly_fields = ["confirmed_by", "confirmed_at"]
    actions = ["confirm"]
    ordering = ["likeness", "pk"]
    show_full_result_count = False
    list_per_page = 50

    @admin.action(description="确认所选的沿革正确")
    def confirm(self, request, queryset):
        count = queryset.update(confirmed_by=request.user, confirmed_at=timezone.now())
        load.note_successions(queryset)
        self.message_user(request, f"已确认{count}条。")

    def save_model(self, request, succession, form, change):
        """What a person enters or corrects is confirmed by that person."""
        succession.confirmed_by, succession.confirmed_at = request.user, timezone.now()
        super().save_model(request, succession, form, change)
        load.note_successions(Succession.objects.filter(pk=succession.pk))
