"""All citations that want a person, the gravest first: by state, question, statute and age."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from statutes.models import StatuteAlias
from statutes.read_only import ReadOnlyAdmin
from statutes.verdicts import Attention, Question, State

from ..models import Article, ArticleCitation, CitedProvision
from ..roles import rights_of
from ..workflow import Right
from .tables import ChosenFilter, LargeTableAdmin

MOST_STATUTES = 50  # that one search may mean
MOST_CITED = 100  # provisions


class WeightFilter(admin.SimpleListFilter):
    title, parameter_name = "轻重", "weight"

    def lookups(self, request, model_admin):
        return [(str(a.value), a.label) for a in reversed(Attention) if a]

    def queryset(self, request, queryset):
        known = dict(self.lookup_choices)
        return queryset.filter(attention=int(self.value())) if self.value() in known else queryset


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "状态", "state"

    def lookups(self, request, model_admin):
        return [(state.value, state.label) for state in State if state is not State.CURRENT]

    def queryset(self, request, queryset):
        known = dict(self.lookup_choices)
        return queryset.filter(state=self.value()) if self.value() in known else queryset


class QuestionFilter(admin.SimpleListFilter):
    title, parameter_name = "问题", "question"

    def lookups(self, request, model_admin):
        return [(question.value, question.label) for question in Question]

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(questions__icontains=f'"{self.value()}"')


class AgeFilter(admin.SimpleListFilter):
    title, parameter_name = "法律何时变的", "age"
    DAYS = {"month": 31, "year": 366}

    def lookups(self, request, model_admin):
        return [("month", "一个月内"), ("year", "一年内"), ("older", "更早")]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        if self.value() in self.DAYS:
            return queryset.filter(since__gte=today - timedelta(self.DAYS[self.value()]))
        if self.value() == "older":
            return queryset.filter(since__lt=today - timedelta(self.DAYS["year"]))
        return queryset


class OftenCitedFilter(admin.SimpleListFilter):
    title, parameter_name = "条文", "cited"

    def lookups(self, request, model_admin):
        return [("often", f"引用最多的{MOST_CITED}条")]

    def queryset(self, request, queryset):
        if self.value() != "often":
            return queryset
        often = CitedProvision.objects.order_by("-articles").values_list("provision", flat=True)
        return queryset.filter(current__in=list(often[:MOST_CITED]))


@admin.register(ArticleCitation)
class ArticleCitationAdmin(ReadOnlyAdmin, LargeTableAdmin):
    """A list to go through; a citation is put right on its article's form."""

    list_display = ["cited", "standing", "question", "at", "since", "times", "assessed_on"]
    list_display_links = None
    list_filter = [
        *(WeightFilter, StateFilter, QuestionFilter, AgeFilter, OftenCitedFilter),
        ("statute", ChosenFilter),
    ]
    search_fields = ["statute__title"]
    search_help_text = "按法规名称查找，例如：治安管理处罚法"
    actions = None

    @property
    def media(self):
        return super().media + ChosenFilter.widget_media(self.admin_site)

    def get_queryset(self, request):
        times = CitedProvision.objects.filter(provision=OuterRef("current")).values("articles")
        rows = (
            super()
            .get_queryset(request)
            .wanting_attention()
            .exclude(article__in=Article.objects.filter(state=Article.State.TRASHED))
            .select_related("article")
            .only(
                *("text", "state", "questions", "attention", "since", "assessed_on"),
                *("article__title", "article__state"),
            )
            .annotate(times=Subquery(times[:1]))
        )
        if Right.EDIT not in rights_of(request.user):
            rows = rows.filter(article__owner=request.user.pk)
        return rows

    def get_ordering(self, request):
        """By an index, whatever is asked for."""
        if request.GET.get("age"):
            return ["-since", "-article_id"]
        if request.GET.get("state") or request.GET.get("statute__id__exact"):
            return ["-article_id"]
        return ["-attention", "-article_id"]

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        named = StatuteAlias.objects.filter(name__contains=search_term.strip()[:100])
        statutes = list(named.order_by().values_list("statute", flat=True).distinct())
        return queryset.filter(statute__in=statutes[:MOST_STATUTES]), False

    # --- Who may ---------------------------------------------------------------------------

    def has_module_permission(self, request):
        return request.user.has_perm("articles.change_article")

    def has_view_permission(self, request, obj=None):
        return obj is None and request.user.has_perm("articles.change_article")

    # --- What is shown ---------------------------------------------------------------------

    @admin.display(description="引用")
    def cited(self, citation):
        url = reverse("admin:articles_article_change", args=[citation.article_id])
        return format_html('<a href="{}">{}</a>', url, " ".join(citation.text.split()))

    @admin.display(description="状态")
    def standing(self, citation):
        return citation.get_state_display() or Attention.QUESTION.label

    @admin.display(description="问题")
    def question(self, citation):
        return "；".join(question.label for question in citation.verdict.questions) or "-"

    @admin.display(description="文章")
    def at(self, citation):
        return f"{citation.article.title}（{citation.article.get_state_display()}）"

    @admin.display(description="引用该条的文章")
    def times(self, citation):
        return citation.times or "-"
