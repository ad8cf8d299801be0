"""The site's own record in the admin."""

from django.contrib import admin

from .models import SiteProfile, Synonym


@admin.register(SiteProfile)
class SiteProfileAdmin(admin.ModelAdmin):
    fieldsets = [
        (None, {"fields": ["site_name", "seal", "description", "demo_notice"]}),
        ("律所", {"fields": ["firm_name", "firm_licence", "address", "telephone"]}),
        ("备案", {"fields": ["icp_number", "police_number"]}),
        ("版权声明", {"fields": ["original_notice", "reprint_notice"]}),
    ]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not SiteProfile.current().pk

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    list_display = ["said", "meaning"]
    search_fields = ["said", "meaning"]
