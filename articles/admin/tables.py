"""What the admin of every large table has in common."""

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db import transaction
from django.utils.functional import cached_property

from statutes import changes
from statutes.autocomplete import AutocompleteAdmin
from statutes.models import Change

from .. import images


class CappedPaginator(Paginator):
    """Counts no further than CAP rows: beyond it one filters or searches, not pages."""

    CAP = 10_000

    @cached_property
    def count(self):
        return self.object_list.order_by()[: self.CAP].count()


class LargeTableAdmin(AutocompleteAdmin, admin.ModelAdmin):
    """For tables of a million rows: nothing counts or lists them all."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50


class NotedDeletionAdmin(admin.ModelAdmin):
    """For rows that readers see: that one is gone is written into the log of changes."""

    noted_as = Change.Kind.SITE

    @transaction.atomic
    def delete_model(self, request, obj):
        key = obj.pk
        super().delete_model(request, obj)
        changes.note(self.noted_as, [key])

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        keys = list(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        changes.note(self.noted_as, keys)


class NotedAdmin(NotedDeletionAdmin):
    """The same, for rows that have no door of their own through which they are saved."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        changes.note(self.noted_as, [obj.pk])


class StoredImageForm(forms.ModelForm):
    """Passes uploads through images.store: bounded, freed of metadata, named by content."""

    image_field = ""

    def clean(self):
        cleaned = super().clean()
        upload = cleaned.get(self.image_field)
        if upload and hasattr(upload, "content_type"):
            try:
                cleaned[self.image_field] = images.store(upload.read()).name
            except images.ImageError as error:
                self.add_error(self.image_field, str(error))
            except OSError as error:
                self.add_error(self.image_field, f"图片未能保存：{error.strerror}")
        return cleaned
