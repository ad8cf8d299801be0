"""What the admin of every large table has in common."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Paginator
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext

from statutes import changes
from statutes.autocomplete import AutocompleteAdmin, NumberedAutocompleteSelect
from statutes.ids import read_id
from statutes.models import Change

from .. import images
from ..models import Article


class CappedPaginator(Paginator):
    """Counts no further than CAP rows: beyond it one filters or searches, not pages."""

    CAP = 5_000

    @cached_property
    def count(self):
        return self.object_list.order_by().values("pk")[: self.CAP].count()


class LargeChangeList(ChangeList):
    """Asks first which rows a page holds, which an index tells, then for what is shown of them.

    Any column puts in order what is few. What is more than the paginator counts keeps the order
    of its admin, which is that of an index.
    """

    def get_ordering(self, request, queryset):
        is_narrow = self.query and self.model_admin.finds_few
        is_asked_for = ORDER_VAR in self.params
        if is_asked_for and not is_narrow and self._is_long(CappedPaginator(queryset, 1)):
            del self.params[ORDER_VAR]
        return super().get_ordering(request, queryset)

    def get_results(self, request):
        super().get_results(request)
        ids = list(self.result_list.values_list("pk", flat=True))
        rows = self.apply_select_related(self.root_queryset)
        if self.model_admin.list_only:
            rows = rows.only(*self.model_admin.list_only)
        found = rows.in_bulk(ids)
        self.result_list = [found[pk] for pk in ids if pk in found]
        if is_long := self._is_long(self.paginator):
            self.sortable_by = ()
        self.counted_to = self.paginator.count if is_long else None
        # What was asked for stays in the address of every row, written by url_for_result: Django
        # resolves each address anew to add it.
        self.kept, self.preserved_filters = self.preserved_filters, ""

    def url_for_result(self, result):
        url = super().url_for_result(result)
        return f"{url}?{self.kept}" if self.kept else url

    @staticmethod
    def _is_long(paginator) -> bool:
        return paginator.count >= CappedPaginator.CAP


class LargeTableAdmin(AutocompleteAdmin, admin.ModelAdmin):
    """For tables of a million rows: nothing counts or lists them all."""

    paginator = CappedPaginator
    show_full_result_count = False
    finds_few = False  # whether a search finds what any column may put in order
    list_per_page = 50
    change_list_template = "admin/large_change_list.html"
    list_only = ()  # the columns that the list shows, where rows have large ones besides

    def get_changelist(self, request, **kwargs):
        return LargeChangeList

    def action_checkbox(self, obj):
        """Django's, without a widget for each row: they took an eighth of the list's time."""
        label = format_html(gettext("Select this object for an action - {}"), obj)
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            *(ACTION_CHECKBOX_NAME, obj.pk, label),
        )


class ChosenFilter(admin.FieldListFilter):
    """Narrows a list by a row chosen by typing: no list of all rows is read or sent."""

    template = "admin/chosen_filter.html"

    def __init__(self, field, request, params, model, model_admin, field_path):
        self.parameter = f"{field_path}__id__exact"
        super().__init__(field, request, params, model, model_admin, field_path)
        value = str(self.used_parameters.get(self.parameter, [""])[-1])
        if value and read_id(value) is None:
            raise IncorrectLookupParameters
        self.value = value
        widget = NumberedAutocompleteSelect(field, model_admin.admin_site)
        widget.choices = forms.ModelChoiceField(field.remote_field.model.objects).choices
        self.widget = widget.render(self.parameter, self.value, {"id": f"filter-{field_path}"})
        self.others = [
            (key, item)
            for key, items in request.GET.lists()
            for item in items
            if key not in (self.parameter, "p", "e")
        ]

    @staticmethod
    def widget_media(admin_site):
        """Return the scripts of the choosing by typing, for the page of the list."""
        field = Article._meta.get_field("category")
        return NumberedAutocompleteSelect(field, admin_site).media

    def expected_parameters(self):
        return [self.parameter]

    def has_output(self):
        return True

    def choices(self, changelist):
        return [{"query_string": changelist.get_query_string(remove=[self.parameter])}]


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
