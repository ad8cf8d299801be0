"""Categories, tags and authors: what articles are filed under and signed by."""

import taggit.admin  # noqa: F401 - registers its own tags, which no article here has
from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from taggit.models import Tag as UnusedTag

from statutes.autocomplete import AutocompleteAdmin
from statutes.labelled import LabelledListFormSet

from .. import bulk_changes, lists, reviews, taxonomy
from ..models import Author, Category, Tag, TaggedArticle
from ..roles import rights_of
from ..tags import MAX_LENGTH, parse_tags
from ..workflow import Right
from .bulk import choose
from .tables import LargeTableAdmin, NotedAdmin

admin.site.unregister(UnusedTag)


class RenamedAdmin(NotedAdmin):
    """For rows whose address may change: the old one leads to the new one."""

    def save_model(self, request, obj, form, change):
        old = self.model.objects.get(pk=obj.pk).get_absolute_url() if change else ""
        super().save_model(request, obj, form, change)
        if change:
            taxonomy.moved(old, obj.get_absolute_url())


class MergedAdmin(RenamedAdmin):
    """For rows that can be merged into others of their kind."""

    change_form_template = "admin/articles/merged_change_form.html"
    merged_into = None  # a foreign key to such rows, by which the other one is chosen

    def get_urls(self):
        name = f"articles_{self.opts.model_name}_merge"
        view = self.admin_site.admin_view(self.merge_view)
        return [path("<int:pk>/merge/", view, name=name), *super().get_urls()]

    def merge_view(self, request, pk):
        """Ask into which other row this one is merged, and show what that would change."""
        source = get_object_or_404(self.model, pk=pk)
        may_merge = self.has_delete_permission(request, source)
        if not (may_merge and Right.EDIT in rights_of(request.user)):
            raise PermissionDenied
        form = forms.Form(request.POST if request.method == "POST" else None)
        form.fields["target"] = choose(self.merged_into, self.admin_site)
        form.fields["target"].label, form.fields["target"].required = "并入", True
        if form.is_valid():
            target = form.cleaned_data["target"]
            try:
                kind, parameters = taxonomy.merge_parameters(source, target)
            except taxonomy.MergeError as error:
                form.add_error(None, str(error))
            else:
                label = f"{self.opts.verbose_name}“{source}”并入“{target}”"
                change = bulk_changes.begin(kind, label, request.user, **parameters)
                bulk_changes.proceed(change)
                return redirect(change)
        context = {
            **self.admin_site.each_context(request),
            "title": f"合并{self.opts.verbose_name}：{source}",
            "help": "文章都归到另一个之下，网址转到另一个的网址。先列出每篇文章，确认后才执行。",
            "action_url": request.path,
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/articles/bulkchange/ask.html", context)


@admin.register(Category)
class CategoryAdmin(AutocompleteAdmin, MergedAdmin):
    list_display = ["__str__", "slug", "position", "review_months"]
    list_editable = ["position"]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]
    merged_into = Category._meta.get_field("parent")

    def get_changelist_formset(self, request, **kwargs):
        return super().get_changelist_formset(request, formset=LabelledListFormSet, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).with_ancestors()

    def save_model(self, request, category, form, change):
        super().save_model(request, category, form, change)
        if change and "parent" in form.changed_data:
            lists.move_branch(category)
        if change and "review_months" in form.changed_data:
            reviews.begin(category)
            reviews.proceed()


@admin.register(Author)
class AuthorAdmin(AutocompleteAdmin, RenamedAdmin):
    list_display = ["name", "job_title", "licence", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]

    def get_readonly_fields(self, request, obj=None):
        """Whose account signs as this lawyer is for those who manage accounts."""
        return [] if request.user.has_perm("auth.change_user") else ["user", "licence"]


class TagForm(forms.ModelForm):
    """A tag by itself is written as an article's form reads it; its address may be left to us."""

    class Meta:
        model = Tag
        fields = ["name", "slug", "intro"]
        labels = {"slug": "网址名"}
        help_texts = {"slug": "留空则由拼音生成；启用后勿改。"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:  # who may only look has none
            self.fields["slug"].required = False

    def clean_name(self):
        if self.instance.pk and "name" not in self.changed_data:
            return self.instance.name  # whatever it is: what else there is of it can be changed
        names = parse_tags(self.cleaned_data["name"])
        if len(names) != 1:
            raise forms.ValidationError("一次填写一个标签，其中不能有顿号、逗号或分号。")
        (name,) = names
        if len(name) > MAX_LENGTH:
            raise forms.ValidationError(f"标签最多{MAX_LENGTH}个字。")
        alike = Tag.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).first()
        if alike:
            raise forms.ValidationError(f"已有标签“{alike}”。")
        return name

    def clean_slug(self):
        return self.cleaned_data["slug"] or self.instance.slug


@admin.register(Tag)
class TagAdmin(MergedAdmin, LargeTableAdmin):
    form = TagForm
    list_display = ["name", "address_name"]
    search_fields = ["name"]
    ordering = ["name"]
    merged_into = TaggedArticle._meta.get_field("tag")

    @admin.display(description="网址名", ordering="slug")
    def address_name(self, tag):
        return tag.slug
