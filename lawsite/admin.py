"""The site's own record, and who may come in, in the admin."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import ReadOnlyPasswordHashField, ReadOnlyPasswordHashWidget
from django.contrib.auth.forms import UserChangeForm as ChangeForm
from django.contrib.auth.models import User

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


# --- Accounts --------------------------------------------------------------------------------

admin.site.unregister(User)


class PasswordShown(ReadOnlyPasswordHashWidget):
    """Django's, without an attribute that a text cannot have."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("disabled", None)
        return context


class AccountForm(ChangeForm):
    password = ReadOnlyPasswordHashField(label="密码", widget=PasswordShown)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """An account has roles; single permissions are no choice of this form."""

    form = AccountForm
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("个人资料", {"fields": ["last_name", "first_name", "email"]}),
        ("权限", {"fields": ["is_active", "is_staff", "groups", "is_superuser"]}),
        ("重要日期", {"fields": ["last_login", "date_joined"]}),
    ]
    list_display = ["username", "last_name", "first_name", "is_active", "is_staff"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "groups":
            kwargs |= {"widget": forms.CheckboxSelectMultiple, "label": "角色"}
            kwargs["help_text"] = (
                "一个账号可以有几个角色。审核律师还要在“作者”里填写执业证号并选定账号。"
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)
