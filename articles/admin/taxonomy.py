"""Categories, tags and authors: what articles are filed under and signed by."""

from django.contrib import admin

from statutes.autocomplete import AutocompleteAdmin

from .. import lists
from ..models import Author, Category, Tag
from .tables import LargeTableAdmin, NotedAdmin


@admin.register(Category)
class CategoryAdmin(AutocompleteAdmin, NotedAdmin):
    list_display = ["__str__", "slug", "position"]
    list_editable = ["position"]
    search_fields = ["name"]
    autocomplete_fields = ["parent"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_ancestors()

    def save_model(self, request, category, form, change):
        super().save_model(request, category, form, change)
        if change and "parent" in form.changed_data:
            lists.move_branch(category)


@admin.register(Author)
class AuthorAdmin(AutocompleteAdmin, NotedAdmin):
    list_display = ["name", "job_title", "licence", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]

    def get_readonly_fields(self, request, obj=None):
        """Whose account signs as this lawyer is for those who manage accounts."""
        return [] if request.user.has_perm("auth.change_user") else ["user", "licence"]


@admin.register(Tag)
class TagAdmin(NotedAdmin, LargeTableAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    ordering = ["name"]
