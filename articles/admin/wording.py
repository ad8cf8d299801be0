"""Words that a rule keeps out of what the firm publishes."""

from django.contrib import admin

from ..models import RestrictedTerm


@admin.register(RestrictedTerm)
class RestrictedTermAdmin(admin.ModelAdmin):
    list_display = ["words", "rule", "unless", "is_active"]
    list_editable = ["is_active"]
    list_filter = ["is_active", "rule"]
    search_fields = ["words", "rule"]
