"""The versions and the way of an article in the admin: listed, compared, brought back."""

from heapq import merge
from itertools import islice

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST

from statutes.ids import read_id
from statutes.read_only import ReadOnlyAdmin

from .. import history, moves, workflow
from ..roles import person
from .tables import LargeTableAdmin

SHOWN = 200


class HistoryAdmin(admin.ModelAdmin):
    """An article's page 历史 and the comparison of its versions."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/history/<int:version_id>/",
                view(self.version_view),
                name="articles_article_version",
            ),
            path(
                "<int:pk>/history/<int:version_id>/restore/",
                view(require_POST(self.restore_version_view)),
                name="articles_article_restore_version",
            ),
            *super().get_urls(),
        ]

    def _visible(self, request, pk):
        article = self.get_queryset(request).filter(pk=pk).first()
        if article is None:
            raise Http404("no such article")
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        return article

    def history_view(self, request, object_id, extra_context=None):
        """List versions and steps together, newest first."""
        article = self._visible(request, read_id(object_id))
        versions = list(
            history.versions(article.pk)
            .select_related("history_user")
            .defer("body", "summary", "tag_names", "signers", "pictures")[:SHOWN]
        )
        steps = list(article.events.select_related("by")[:SHOWN])
        for version in versions:
            version.at = version.history_date
        entries = merge(versions, steps, key=lambda entry: entry.at, reverse=True)
        context = {
            **self.admin_site.each_context(request),
            "title": f"历史：{article}",
            "article": article,
            "entries": list(islice(entries, SHOWN)),
            "newest": versions[0] if versions else None,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/articles/article/history.html", context)

    def version_view(self, request, pk, version_id):
        """Show what a version changed, and what restoring it would change."""
        article = self._visible(request, pk)
        around = list(
            history.versions(pk)
            .select_related("history_user")
            .filter(history_id__lte=version_id)[:2]
        )
        if not around or around[0].history_id != version_id:
            raise Http404("no such version")
        version, before = around[0], around[1] if len(around) > 1 else None
        words = history.words_in(version)
        context = {
            **self.admin_site.each_context(request),
            "title": f"版本：{article}",
            "article": article,
            "version": version,
            "before": before,
            "changes": history.compare(history.words_in(before), words) if before else [],
            "since": history.compare(words, history.words_of(article)),
            "may_restore": workflow.may_edit(article.state, person(request.user, article)),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/articles/article/version.html", context)

    def restore_version_view(self, request, pk, version_id):
        self._visible(request, pk)
        try:
            article = moves.restore_version(pk, version_id, request.user)
        except moves.MoveError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:articles_article_version", pk, version_id)
        self.log_change(request, article, "恢复到较早的版本")
        self.message_user(
            request, f"已恢复“{article}”的较早版本；刚才的文本也留在历史里，可以再恢复。"
        )
        return redirect("admin:articles_article_change", pk)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin, LargeTableAdmin):
    """Who did what in the admin."""

    list_display = ["action_time", "user", "content_type", "object_repr", "change"]
    list_select_related = ["user", "content_type"]
    list_filter = ["action_time", "action_flag"]
    search_fields = ["object_repr", "user__username"]
    search_help_text = "按对象名称或用户名查找"
    ordering = ["-pk"]
    fields = readonly_fields = [
        *("action_time", "user", "content_type", "object_id", "object_repr", "change")
    ]

    @admin.display(description="操作")
    def change(self, entry):
        if entry.is_addition():
            return "新建"
        return "删除" if entry.is_deletion() else entry.get_change_message() or "修改"
