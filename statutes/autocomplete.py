"""Choosing one of very many rows in the admin."""

from django.contrib.admin.widgets import AutocompleteSelect


class NumberedAutocompleteSelect(AutocompleteSelect):
    """Django's widget looks up whatever was posted; a value that is no id is passed over.

    Nor is `known`, the row that the form has at hand.
    """

    known = None

    def optgroups(self, name, value, attrs=None):
        values = [v for v in value if not v or _is_id(str(v))]
        if self.known and values == [str(self.known.pk)]:
            groups = super().optgroups(name, [], attrs)
            options = groups[0][1]
            options.append(self.create_option(name, values[0], str(self.known), True, len(options)))
            return groups
        return super().optgroups(name, values, attrs)


def _is_id(value: str) -> bool:
    return value.isdecimal() and len(value) < 19


class AutocompleteAdmin:
    """Gives an admin class's `autocomplete_fields` the widget above."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", NumberedAutocompleteSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
