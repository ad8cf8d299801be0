"""Fields in the columns of a table, named also to those who do not see the column."""

from django import forms


class LabelledFields:
    """For a formset: every field carries the name of its column."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for field in form.fields.values():
            if field.label and not field.widget.is_hidden:
                # Of a widget with links to the chosen row, the one inside: it alone is a copy.
                widget = getattr(field.widget, "widget", field.widget)
                widget.attrs.setdefault("aria-label", self.label_of(field, form))

    def label_of(self, field, form) -> str:
        return str(field.label)


class LabelledFormSet(LabelledFields, forms.BaseInlineFormSet):
    """Of the rows in a form."""


class LabelledListFormSet(LabelledFields, forms.BaseModelFormSet):
    """Of the rows of a list."""

    def label_of(self, field, form) -> str:
        return f"{form.instance}：{field.label}"
