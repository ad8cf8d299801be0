"""The work queue: what waits for whoever opens the desk. A constant number of bounded queries."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from statutes.days import day_in_words
from statutes.models import StatuteVersion
from statutes.verdicts import State

from .models import (
    Article,
    ArticleCitation,
    BulkChange,
    Feedback,
    NearDuplicate,
    Tally,
)
from .roles import rights_of
from .workflow import Right

SHOWN = 6  # entries of each kind
CAP = 1_000  # counted no further
FEW = 2_000  # citations that are counted while someone waits
STALE = (State.AMENDED, State.RENUMBERED, State.REPEALED)
KEPT_TALLIES = 200  # of each kind

_LIST = "admin:articles_article_changelist"


@dataclass(frozen=True)
class Entry:
    """One line of the queue: where it leads, a remark, and a second way on, named `deed`."""

    text: str
    url: str
    remark: str = ""
    deed: str = ""
    deed_url: str = ""


@dataclass(frozen=True)
class Section:
    """One kind of work: `count` stops at CAP; `url` leads to all of it, "" where there is none."""

    title: str
    entries: list[Entry]
    count: int
    url: str = ""
    empty: str = "没有。"
    note: str = ""

    @property
    def counted(self) -> str:
        return f"{CAP}+" if self.count >= CAP else str(self.count)


def sections(user) -> list[Section]:
    """Return what waits for this user, the most pressing first."""
    rights = rights_of(user)
    found = []
    if Right.APPROVE in rights or Right.PUBLISH in rights:
        found.append(_in_state("等待审核", "in_review"))
    if Right.PUBLISH in rights:
        found += [_in_state("等待发布", "approved"), _scheduled()]
    if Right.WRITE in rights:
        found.append(_own_drafts(user))
    if Right.EDIT in rights:
        found += [_stale(), _to_review(), _feedback(), _unknown(), _duplicates(), _unfinished()]
    return [section for section in found if section is not None]


def _entry(article: Article, remark: str = "") -> Entry:
    return Entry(article.title, reverse("admin:articles_article_change", args=[article.pk]), remark)


def _articles(title, rows, order, url, remark, **more) -> Section:
    articles = rows.only("title", "state_since", "published_at", "review_due_on", "owner")
    shown = articles.select_related("owner").order_by(*order)[:SHOWN]
    return Section(
        title,
        [_entry(article, remark(article)) for article in shown],
        rows.order_by()[:CAP].count(),
        url,
        **more,
    )


def _day(moment) -> str:
    return date_format(timezone.localtime(moment), "n月j日 H:i") if moment else ""


def _since(article: Article) -> str:
    return " ".join(filter(None, [str(article.owner or ""), _day(article.state_since)]))


def _in_state(title: str, state: str) -> Section:
    rows = Article.objects.filter(state=state)
    url = f"{reverse(_LIST)}?state__exact={state}"
    return _articles(title, rows, ["state_since", "id"], url, _since)


def _scheduled() -> Section:
    rows = Article.objects.filter(state=Article.State.SCHEDULED)
    late = Article.objects.due(timezone.now() - timedelta(minutes=10)).exists()
    return _articles(
        "已排期",
        rows,
        ["published_at", "id"],
        f"{reverse(_LIST)}?state__exact=scheduled",
        lambda article: _day(article.published_at),
        note="有文章到时没有发布：请管理员检查定时任务 work_due。" if late else "",
    )


def _own_drafts(user) -> Section:
    rows = Article.objects.filter(owner=user.pk, state=Article.State.DRAFT)
    url = f"{reverse(_LIST)}?state__exact=draft&owner__id__exact={user.pk}"
    return _articles("我的草稿", rows, ["-id"], url, lambda article: _day(article.state_since))


def _to_review() -> Section:
    today = timezone.localdate()
    rows = Article.objects.filter(state=Article.State.PUBLISHED, review_due_on__lte=today)
    url = f"{reverse(_LIST)}?due=1"
    return _articles(
        "超过核对日期",
        rows,
        ["review_due_on", "id"],
        url,
        lambda article: f"应于{day_in_words(article.review_due_on)}核对",
    )


def _feedback() -> Section:
    rows = Feedback.objects.filter(handled_at=None)
    shown = (
        rows.select_related("article")
        .only("kind", "message", "sent_at", "article__title")
        .order_by("sent_at")[:SHOWN]
    )
    entries = [
        Entry(
            str(entry),
            reverse("admin:articles_feedback_change", args=[entry.pk]),
            _day(entry.sent_at),
        )
        for entry in shown
    ]
    url = f"{reverse('admin:articles_feedback_changelist')}?handled_at__isempty=1"
    return Section("读者反馈", entries, rows.order_by()[:CAP].count(), url)


def _duplicates() -> Section:
    rows = NearDuplicate.objects.unsettled()
    shown = rows.select_related("article", "other").only("share", "article__title", "other__title")
    entries = [
        Entry(
            pair.article.title,
            reverse("admin:articles_nearduplicate_compare", args=[pair.article_id, pair.other_id]),
            str(pair),
        )
        for pair in shown.worst_first()[:SHOWN]
    ]
    url = reverse("admin:articles_nearduplicate_changelist")
    return Section("近似文章", entries, rows.order_by()[:CAP].count(), url)


def _unfinished() -> Section | None:
    rows = BulkChange.objects.exclude(state__in=[BulkChange.State.DONE, BulkChange.State.UNDONE])
    entries = [
        Entry(change.label, change.get_absolute_url(), change.get_state_display())
        for change in rows.order_by("-pk")[:SHOWN]
    ]
    url = reverse("admin:articles_bulkchange_changelist")
    return Section("进行中的批量修改", entries, len(entries), url) if entries else None


# --- Counts of citations, kept ---------------------------------------------------------------


def _stale() -> Section:
    tallies = _tallies(Tally.Kind.STALE)
    renumber = reverse("admin:articles_bulkchange_renumber")
    entries = [
        Entry(
            f"{tally.title}：{tally.articles}篇文章",
            f"{reverse(_LIST)}?stale={tally.statute_id}"
            + (f"-{tally.since.isoformat()}" if tally.since else ""),
            f"自{day_in_words(tally.since)}起" if tally.since else "",
            "改正条号" if tally.has_moved_numbers else "",
            f"{renumber}?statute={tally.statute_id}",
        )
        for tally in tallies
    ]
    return Section("引用随法规变动而过时", entries, len(entries), note=_counted(tallies))


def _unknown() -> Section:
    tallies = _tallies(Tally.Kind.UNKNOWN)
    entries = [
        Entry(
            f"《{tally.title}》：{tally.articles}篇文章引用",
            reverse("admin:statutes_statuteversion_import"),
        )
        for tally in tallies
    ]
    return Section("引用最多的未收录法规", entries, len(entries), note=_counted(tallies))


def _tallies(kind) -> list[Tally]:
    """Return the largest of a kind; has_moved_numbers: what `bulk_changes` can correct in them."""
    moved = ArticleCitation.objects.filter(
        state=State.RENUMBERED.value, statute=OuterRef("statute"), since=OuterRef("since")
    )
    tallies = Tally.objects.filter(kind=kind).annotate(has_moved_numbers=Exists(moved))
    return list(tallies.order_by("-articles", "pk")[:SHOWN])


def _counted(tallies) -> str:
    return f"统计于{_day(tallies[0].counted_at)}" if tallies else ""


def keep_fresh() -> None:
    """Count again, where that is quick: a large site counts in `work_due` instead."""
    states = [state.value for state in (*STALE, State.UNKNOWN)]
    few = ArticleCitation.objects.filter(state__in=states).order_by()[: FEW + 1].count() <= FEW
    if few:
        count()


@transaction.atomic
def count(now=None) -> None:
    """Count the articles whose citations went stale, by the change of law, and unknown statutes."""
    now = now or timezone.now()
    public = ArticleCitation.objects.exclude(article__state=Article.State.TRASHED).order_by()
    stale = (
        public.filter(state__in=[state.value for state in STALE], statute__isnull=False)
        .values("statute", "statute__short_title", "statute__title", "since")
        .annotate(articles=Count("article", distinct=True))
        .order_by("-articles")[:KEPT_TALLIES]
    )
    unknown = (
        public.filter(state=State.UNKNOWN.value)
        .values("title")
        .annotate(articles=Count("article", distinct=True))
        .order_by("-articles")[:KEPT_TALLIES]
    )
    stale = list(stale)
    called = _changes_of_law(stale)
    rows = [
        Tally(
            kind=Tally.Kind.STALE,
            statute_id=row["statute"],
            title=called[row["statute"], row["since"]],
            since=row["since"],
            articles=row["articles"],
            counted_at=now,
        )
        for row in stale
    ]
    rows += [
        Tally(kind=Tally.Kind.UNKNOWN, title=row["title"], articles=row["articles"], counted_at=now)
        for row in unknown
    ]
    Tally.objects.all().delete()
    Tally.objects.bulk_create(rows)


def _changes_of_law(rows) -> dict[tuple, str]:
    """Return what the queue calls each change: 治安管理处罚法 2025年修订, or its end."""
    versions = StatuteVersion.objects.filter(
        statute__in={row["statute"] for row in rows},
        effective_from__in={row["since"] for row in rows if row["since"]},
    ).only("statute", "effective_from", "promulgated_on", "label")
    names = {(version.statute_id, version.effective_from): version.name for version in versions}
    called = {}
    for row in rows:
        key = row["statute"], row["since"]
        law = row["statute__short_title"] or row["statute__title"]
        change = names.get(key, "失效" if row["since"] else "变动")
        called[key] = f"{law} {change}"
    return called
