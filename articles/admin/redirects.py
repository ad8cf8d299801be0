"""Old addresses and where they lead, and what came from where: in the admin."""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Q

from statutes.read_only import ReadOnlyAdmin

from .. import redirects
from ..models import MovedArticle, Redirect
from .tables import LargeTableAdmin, NotedAdmin


class RedirectForm(forms.ModelForm):
    """Takes addresses as they are copied, with or without the name of the site."""

    def clean_path(self):
        address = _split(self.cleaned_data["path"])
        path = redirects.spell(address.path, address.query)
        if path in ("", "/"):
            raise forms.ValidationError("请填写旧网址，例如：/post/12.html")
        return path

    def clean_target(self):
        target = self.cleaned_data["target"].strip()
        address = _split(target)
        if address.netloc == urlsplit(settings.SITE_URL).netloc:
            target = address._replace(scheme="", netloc="").geturl()
        if not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
            raise forms.ValidationError("现网址要在本站之内，以“/”开头，例如：/hf/12.html")
        return target

    def clean(self):
        cleaned = super().clean()
        if "path" in cleaned and cleaned["path"] == cleaned.get("target"):
            self.add_error("target", "现网址与旧网址相同。")
        return cleaned


def _split(address: str):
    try:
        return urlsplit(address.strip())
    except ValueError:
        raise forms.ValidationError("网址不正确。") from None


@admin.register(Redirect)
class RedirectAdmin(NotedAdmin, LargeTableAdmin):
    form = RedirectForm
    list_display = ["path", "target"]
    search_fields = ["path"]
    search_help_text = "旧网址的开头，或者现网址"
    ordering = ["-pk"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        helps = {
            "path": "从前的网址。只在本站没有这个网址时才跳转。例如：/post/12.html、/?id=12",
            "target": "本站现在的网址。例如：/hf/12.html",
        }
        return super().get_form(request, obj, change, help_texts=helps, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        if not term:
            return queryset, False
        try:
            address = _split(term)
        except forms.ValidationError:
            return queryset.none(), False
        path = redirects.spell(address.path, address.query)
        return queryset.filter(Q(path__startswith=path) | Q(target=term)), False


@admin.register(MovedArticle)
class MovedArticleAdmin(ReadOnlyAdmin, LargeTableAdmin):
    """What came from where."""

    list_display = ["source", "key", "article", "pictures"]
    list_display_links = None
    search_fields = ["=key"]
    search_help_text = "来源编号，例如旧系统里的文章编号"
    ordering = ["-pk"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("article")
        return rows.only("source", "key", "missing", "article__title")

    @admin.display(description="缺失的图片")
    def pictures(self, moved):
        return "、".join(moved.missing)
