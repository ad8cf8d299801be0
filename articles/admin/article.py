"""Articles in the admin: writing, changing, finding one."""

from itertools import chain

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR
from django.db.models.expressions import RawSQL
from django.utils import timezone

from statutes.autocomplete import AutocompleteAdmin, NumberedAutocompleteSelect
from statutes.labelled import LabelledFormSet

from .. import history, indexing, moves, publishing
from ..models import (
    CATEGORY_LEVELS,
    Article,
    ArticleImage,
    Authorship,
    RelatedArticle,
)
from ..rendering import RenderError, render
from ..tags import MAX_LENGTH as MAX_TAG
from ..workflow import CREATE
from . import citations, duplicates
from .bulk import BulkActions
from .desk import BODY_INPUT, SUMMARY_INPUT, TITLE_INPUT, DeskAdmin
from .history import HistoryAdmin
from .tables import ChosenFilter, LargeTableAdmin, StoredImageForm
from .workflow import DueFilter, LockedForm, StaleFilter, StateFilter, WorkflowAdmin

# A change of one of these is a change of what the article says.
CONTENT_FIELDS = {"title", "summary", "body", "cover", "source_name", "source_url"}
# These too are kept in its versions.
SAID_FIELDS = CONTENT_FIELDS | {"category", "tags", "origin", "ai_assisted"}


class ArticleForm(LockedForm, StoredImageForm):
    image_field = "cover"
    source_url = forms.URLField(
        label="来源网址", max_length=500, required=False, assume_scheme="https"
    )

    class Meta:
        model = Article
        fields = [
            *("title", "category", "tags", "summary", "body", "cover"),
            *("ai_assisted", "origin", "source_name", "source_url"),
        ]
        widgets = {"title": TITLE_INPUT, "summary": SUMMARY_INPUT, "body": BODY_INPUT}

    def clean_tags(self):
        tags = self.cleaned_data["tags"]
        if any(len(tag) > MAX_TAG for tag in tags):
            raise forms.ValidationError(f"一个标签最多{MAX_TAG}个字，标签之间以顿号隔开。")
        return tags

    def clean_body(self):
        body = self.cleaned_data["body"]
        try:
            render(body)
        except RenderError as error:
            raise forms.ValidationError(str(error)) from None
        return body


class ArticleImageForm(StoredImageForm):
    image_field = "file"

    class Meta:
        model = ArticleImage
        fields = ["name", "file"]


class ChosenFormSet(LabelledFormSet):
    """Tells each field which row it has chosen: a long list looks up none of them."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", None)
            if isinstance(widget, NumberedAutocompleteSelect) and form.instance.pk:
                widget.known = getattr(form.instance, name)


class AuthorshipFormSet(ChosenFormSet):
    """Shows the authors of a kept draft, [(id, position)], in place of those that are saved."""

    def __init__(self, *args, kept=None, **kwargs):
        self.kept = kept
        super().__init__(*args, **kwargs)
        if kept is not None:
            stored = {row.author_id for row in self.get_queryset()}
            self.initial_extra = [
                {"author": author, "position": position}
                for author, position in kept
                if author not in stored
            ]
            self.extra = len(self.initial_extra) + 1

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if self.kept is not None and form.instance.pk:
            kept = dict(self.kept)
            form.initial["DELETE"] = form.instance.author_id not in kept
            form.initial["position"] = kept.get(form.instance.author_id, form.instance.position)


class AuthorshipInline(AutocompleteAdmin, admin.TabularInline):
    model = Authorship
    formset = AuthorshipFormSet
    fields = ["author", "position"]
    autocomplete_fields = ["author"]
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author")


class ArticleImageInline(admin.TabularInline):
    model = ArticleImage
    form = ArticleImageForm
    formset = LabelledFormSet
    extra = 0


class RelatedInline(AutocompleteAdmin, admin.TabularInline):
    """The related list; an editor pins or bans by changing an entry's origin, or adds one."""

    model = RelatedArticle
    fk_name = "article"
    formset = ChosenFormSet
    fields = ["related", "origin", "rank", "shared"]
    readonly_fields = ["shared"]
    autocomplete_fields = ["related"]
    extra = 0

    def get_queryset(self, request):
        entries = super().get_queryset(request).select_related("related").in_order()
        return entries.only("article", "origin", "rank", "shared_terms", "related__title")

    @admin.display(description="共有词")
    def shared(self, entry):
        return "、".join(entry.shared_terms)


@admin.register(Article)
class ArticleAdmin(DeskAdmin, WorkflowAdmin, HistoryAdmin, BulkActions, LargeTableAdmin):
    form = ArticleForm
    list_display = ["title", "category", "state", "owner", "published_at", "reviewed_on"]
    list_filter = [
        *(("state", StateFilter), DueFilter, StaleFilter, "origin"),
        *(("category", ChosenFilter), ("owner", ChosenFilter)),
    ]
    list_select_related = ["category" + "__parent" * (CATEGORY_LEVELS - 1), "owner"]
    list_only = list_display
    ordering = ["-id"]
    search_fields = ["title"]
    finds_few = True
    search_help_text = "按标题和正文的词查找，或输入文章编号；未发布的按标题"
    autocomplete_fields = ["category"]
    readonly_fields = [
        *("state", "owner", "published_at", "reviewer", "reviewed_on", "near_duplicates")
    ]
    inlines = [AuthorshipInline, ArticleImageInline, RelatedInline]
    fieldsets = [
        (None, {"fields": ["title", "body"]}),
        ("栏目与摘要", {"fields": ["category", "tags", "summary", "cover"]}),
        ("来源", {"fields": ["origin", "source_name", "source_url", "ai_assisted"]}),
        ("状态", {"fields": ["state", "owner", "published_at", "reviewer", "reviewed_on"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, ("近似文章", {"fields": ["near_duplicates"]})] if obj else fieldsets

    @admin.display(description="见于他处")
    def near_duplicates(self, article):
        return duplicates.described(article)

    @property
    def media(self):
        return super().media + ChosenFilter.widget_media(self.admin_site)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("body_html", "contents", "terms")

    def get_ordering(self, request):
        """By an index, whatever is asked for: what is due, the longest overdue first."""
        return ["review_due_on", "id"] if request.GET.get("due") else self.ordering

    def get_search_results(self, request, queryset, search_term):
        if search_term.isdecimal() and search_term.isascii() and len(search_term) < 17:
            return queryset.filter(pk=int(search_term)), False
        if not search_term.strip():
            return queryset, False
        found = indexing.find(search_term)
        if not found:
            return queryset.none(), False
        matches = queryset.filter(pk__in=found)
        # A column that was asked for goes before the best match.
        return matches if request.GET.get(ORDER_VAR) else matches.order_by(_place_in(found)), False

    def view_on_site(self, article):
        return article.get_absolute_url() if article.is_visible else None

    def save_model(self, request, article, form, change):
        if change:
            history.begin(article.pk)
            request.unsound_before = {moves.key_of(wrong) for wrong in moves.unsound(article)}
        else:
            moves.start(article, request.user)
        if article.published_at and CONTENT_FIELDS & set(form.changed_data):
            article.updated_at = timezone.now()
        super().save_model(request, article, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        article = form.instance
        if not change:
            moves.keep(article, CREATE, article.state, request.user)
        said = SAID_FIELDS & set(form.changed_data) or any(
            formset.has_changed() for formset in formsets if formset.model is not RelatedArticle
        )
        if change and said and moves.changed(article, request.user):
            self.message_user(
                request, "文字有改动，文章已回到“待审”，审核后才能发布。", messages.WARNING
            )
        renewed = citations.renewed(request.POST)
        rendered = publishing.refresh(article, by=request.user, renewed=renewed)
        if change:
            moves.require_no_worse(article, request.unsound_before)
        for name in rendered.missing_images:
            self.message_user(request, f"正文里的图片“{name}”没有上传。", messages.WARNING)
        duplicates.warn(request, article)


def _place_in(ids: list[int]) -> RawSQL:
    """Return the place of an article among those of these ids. A Case takes ten times as long."""
    whens = " ".join(["WHEN %s THEN %s"] * len(ids))
    values = chain.from_iterable((pk, place) for place, pk in enumerate(ids))
    return RawSQL(f"CASE articles_article.id {whens} END", tuple(values))  # noqa: S611
