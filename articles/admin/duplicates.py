"""Near-duplicates at the desk: the groups of old stock, two texts side by side, settled pairs."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_POST

from statutes.read_only import ReadOnlyAdmin

from .. import duplicates
from ..models import Article, NearDuplicate

SHOWN = 8  # near-duplicates of one article


def comparison(pair: NearDuplicate) -> str:
    """Return the address of the page that shows a pair side by side."""
    return reverse("admin:articles_nearduplicate_compare", args=[pair.article_id, pair.other_id])


def nearest(article: Article):
    """Return an article's nearest duplicates that no editor let stand, in one query."""
    found = article.duplicates.unsettled().worst_first().select_related("other")
    return found.only("share", "article", "other__title")[:SHOWN]


def described(article: Article) -> str:
    """Return a list of an article's near-duplicates, each with its comparison."""
    pairs = [(comparison(pair), pair) for pair in nearest(article)]
    if not pairs:
        return "没有"
    return format_html(
        "<ul>{}</ul>", format_html_join("", '<li><a href="{}">本文{}</a></li>', pairs)
    )


def warn(request, article: Article) -> None:
    """Tell the editor who saved an article where else its text stands."""
    for pair in nearest(article):
        text = format_html('本文{}。<a href="{}">对照两篇</a>', pair, comparison(pair))
        messages.warning(request, text)


@admin.register(NearDuplicate)
class NearDuplicateAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """Its list is of groups; a pair is looked at side by side."""

    change_list_template = "admin/articles/near_duplicates.html"

    def has_module_permission(self, request):
        return request.user.has_perm("articles.edit_any_article")

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("articles.edit_any_article")

    def get_urls(self):
        own = [
            path(
                "<int:pk>/<int:other>/",
                self.admin_site.admin_view(self.compare_view),
                name="articles_nearduplicate_compare",
            ),
            path(
                "<int:pk>/<int:other>/settle/",
                self.admin_site.admin_view(require_POST(self.settle_view)),
                name="articles_nearduplicate_settle",
            ),
        ]
        return own + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        self._require_permission(request)
        pages = Paginator(duplicates.report(), duplicates.GROUPS_SHOWN)
        page = pages.get_page(request.GET.get("p"))
        return self._respond(
            request,
            "near_duplicates.html",
            title="近似文章",
            page=page,
            groups=duplicates.show(page.object_list),
            reported=duplicates.REPORTED,
        )

    def compare_view(self, request, pk, other):
        self._require_permission(request)
        articles = [get_object_or_404(Article, pk=number) for number in (pk, other)]
        pair = NearDuplicate.objects.filter(article=pk, other=other).first()
        sides = duplicates.compare(*articles)
        return self._respond(request, "compare.html", title="对照两篇文章", sides=sides, pair=pair)

    def settle_view(self, request, pk, other):
        self._require_permission(request)
        is_settled = "again" not in request.POST
        duplicates.settle(pk, other, request.user.pk if is_settled else None)
        messages.success(request, "已记下：两篇可以并存。" if is_settled else "已恢复提醒。")
        return HttpResponseRedirect(
            reverse("admin:articles_nearduplicate_compare", args=[pk, other])
        )

    def _require_permission(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _respond(self, request, template, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/articles/{template}", context)
