"""What readers say is wrong: read, dealt with, noted."""

from django.contrib import admin

from .. import feedback as rules
from ..models import Feedback
from .tables import LargeTableAdmin


@admin.register(Feedback)
class FeedbackAdmin(LargeTableAdmin):
    list_display = ["article", "kind", "excerpt", "sent_at", "handled_by"]
    list_filter = [("handled_at", admin.EmptyFieldListFilter), "kind"]
    list_select_related = ["article", "handled_by"]
    ordering = ["-pk"]
    search_fields = ["message"]
    fields = [
        *("article", "kind", "message", "contact", "sent_at"),
        *("answer", "handled_by", "handled_at"),
    ]
    readonly_fields = [
        *("article", "kind", "message", "contact", "sent_at", "handled_by", "handled_at")
    ]
    actions = ["mark_handled"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("article__body", "article__body_html")

    @admin.display(description="说明")
    def excerpt(self, feedback):
        return feedback.message[:60]

    def has_add_permission(self, request):
        return False

    @admin.action(description="标为已处理", permissions=["change"])
    def mark_handled(self, request, queryset):
        for feedback in queryset.filter(handled_at=None):
            rules.handle(feedback, request.user)
            feedback.save()
            self.log_change(request, feedback, "标为已处理")

    def save_model(self, request, obj, form, change):
        """Saving is dealing with it: who and when are noted once."""
        if obj.handled_at is None:
            rules.handle(obj, request.user)
        super().save_model(request, obj, form, change)
