"""Choosing one of very many rows in the admin."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect

from .ids import read_id


class NumberedAutocompleteSelect(AutocompleteSelect):
    """Django's widget looks up whatever was posted; a value that is no id is passed over.

    Nor is `known`, the row that the form has at hand. The box that Select2 makes of it is named by
    a script; what HTML forbids is left out.
    """

    known = None

    @property
    def media(self):
        after = ["admin/js/jquery.init.js", "admin/js/autocomplete.js"]
        return super().media + forms.Media(js=[*after, "js/desk-boxes.js"])

    def use_required_attribute(self, initial):
        return False  # a select with it needs an empty option; the form asks all the same

    def optgroups(self, name, value, attrs=None):
        values = [v for v in value if not v or read_id(str(v)) is not None]
        is_known = self.known and values == [str(self.known.pk)]
        groups = super().optgroups(name, [] if is_known else values, attrs)
        options = groups[0][1]
        for option in options:
            option["label"] = option["label"] or "未选"
        if is_known:
            options.append(self.create_option(name, values[0], str(self.known), True, len(options)))
        return groups


class AutocompleteAdmin:
    """Gives an admin class's `autocomplete_fields` the widget above."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", NumberedAutocompleteSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
