"""An article moved on by a person: is it allowed, then do it and keep who, when and why.

workflow.py has the rules, publishing.py does what the public sees. Each step is one
transaction that holds the article's row: two people never take the same step twice.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from statutes import changes
from statutes.models import Change
from statutes.verdicts import State

from . import history, publishing, workflow
from .models import Article, ArticleCitation, ArticleEvent
from .rendering import RenderError
from .roles import lawyer_of, person

KEPT_IN_TRASH = timedelta(days=30)
UNSOUND = (State.MISSING, State.MISQUOTED)
# To approve or review makes today the legal date: a number that has moved would then mean,
# without a word, the rule that stands there now.
UNSOUND_AT_REVIEW = (*UNSOUND, State.RENUMBERED)


class MoveError(ValueError):
    """A step that was not taken, with the reason for the person who asked."""


class UnsoundError(MoveError):
    """Citations that stand in the way; the reviewing lawyer may let them pass with a reason."""

    def __init__(self, citations: list[ArticleCitation]):
        self.citations = citations
        named = "、".join(
            f"{citation.text}（{citation.get_state_display()}）" for citation in citations[:5]
        )
        more = f"等{len(citations)}处" if len(citations) > 5 else ""
        super().__init__(f"请先改正引用：{named}{more}；或由审核律师写明理由后放行。")


def moves(article: Article, user) -> list[workflow.Move]:
    """Return the steps open to the user."""
    return workflow.moves(
        article.state, person(user, article), own_eyes_suffice=settings.SELF_REVIEW
    )


@transaction.atomic
def move(article_id: int, name: str, user, *, note="", at=None, override="") -> Article:
    """Take the step `name` for the user; return the article as it then stands.

    `override` is the reviewing lawyer's reason to let unsound citations pass. Raises
    MoveError, and then nothing has changed.
    """
    article = _hold(article_id)
    step = workflow.MOVES[name]
    who = person(user, article)
    if not workflow.may_move(name, article.state, who, own_eyes_suffice=settings.SELF_REVIEW):
        raise MoveError(refusal(step, article, who))
    if step.needs_note and not note.strip():
        raise MoveError("请写明理由。")
    if step.needs_date and (at is None or at <= timezone.now()):
        raise MoveError("发布时间要晚于现在。")
    before = article.state
    try:
        passed = _DOING[name](article, user, at, override.strip())
    except RenderError as error:
        raise MoveError(str(error)) from None
    words = "；".join(filter(None, [note.strip(), passed and f"放行：{override.strip()}"]))
    keep(article, name, before, user, words, passed)
    return article


def _hold(article_id: int) -> Article:
    try:
        return Article.objects.select_for_update().get(pk=article_id)
    except Article.DoesNotExist:
        raise MoveError("这篇文章已不存在。") from None


def refusal(step, article, who) -> str:
    """Return why a step is not open to a person."""
    if article.state not in step.sources:
        return f"文章现在是“{article.get_state_display()}”，不能{step.label}。"
    if step.needs_other_eyes and who.owns and who.has(workflow.Right.APPROVE):
        return "自己的文章要由另一位律师审核。"
    return f"您没有“{step.label}”的权限。"


def keep(article, name, before, by, note="", overridden=()) -> ArticleEvent:
    """Write down that an article was moved from the state `before` to the one it has."""
    return ArticleEvent.objects.create(
        article=article,
        at=timezone.now(),
        by=by,
        move=name,
        before=before,
        after=article.state,
        note=note,
        overridden=list(overridden),
    )


# --- The steps: each returns the keys of the citations let pass --------------------------


def _go(target):
    def step(article, user, at, override):
        article.enter(target)
        article.save(update_fields=["state", "state_since"])
        return ()

    return step


def _approve(article, user, at, override):
    passed = _let_pass(article, UNSOUND_AT_REVIEW, override)
    article.enter(Article.State.APPROVED)
    _sign(article, user)
    return passed


def _review(article, user, at, override):
    passed = _let_pass(article, UNSOUND_AT_REVIEW, override)
    _sign(article, user)
    return passed


def _sign(article, user):
    article.reviewer = lawyer_of(user)
    article.reviewed_on = timezone.localdate()
    publishing.refresh(article)


def _schedule(article, user, at, override):
    if article.published_at and article.published_at <= timezone.now():
        raise MoveError("这篇文章已有发布时间，请直接发布：首次发布的时间不变。")
    article.published_at = at
    article.enter(Article.State.SCHEDULED)
    article.save(update_fields=["published_at", "state", "state_since"])
    return ()


def _unschedule(article, user, at, override):
    article.published_at = None
    article.enter(Article.State.APPROVED)
    article.save(update_fields=["published_at", "state", "state_since"])
    return ()


def _publish(article, user, at, override):
    if article.published_at and article.published_at > timezone.now():
        article.published_at = None
    publishing.publish(article)
    _require_sound(article)
    return ()


def _withdraw(article, user, at, override):
    publishing.withdraw(article)
    return ()


_DOING = {
    "submit": _go(Article.State.IN_REVIEW),
    "recall": _go(Article.State.DRAFT),
    "approve": _approve,
    "return": _go(Article.State.DRAFT),
    "publish": _publish,
    "schedule": _schedule,
    "unschedule": _unschedule,
    "withdraw": _withdraw,
    "rework": _go(Article.State.DRAFT),
    "review": _review,
}


# --- Sound enough for the public ---------------------------------------------------------


def unsound(article: Article, states=UNSOUND) -> list[ArticleCitation]:
    """Return the citations that stand in the way and were not let pass, in order."""
    passed = overridden(article)
    wrong = article.citations.filter(state__in=states).order_by("position")
    return [citation for citation in wrong if key_of(citation) not in passed]


def overridden(article: Article) -> set[str]:
    """Return the keys of the citations that reviewing lawyers have let pass."""
    let_pass = article.events.exclude(overridden=[]).values_list("overridden", flat=True)
    return {key for keys in let_pass for key in keys}


def key_of(citation: ArticleCitation) -> str:
    """Return what a citation is known by while the text around it changes."""
    return "|".join([citation.title, citation.fragment, citation.text, citation.quotation])


def _let_pass(article, states, override) -> list[str]:
    wrong = unsound(article, states)
    if wrong and not override:
        raise UnsoundError(wrong)
    return [key_of(citation) for citation in wrong]


def _require_sound(article) -> None:
    wrong = unsound(article)
    if wrong:
        raise UnsoundError(wrong)


# --- Words changed by hand ----------------------------------------------------------------


def start(article: Article, user) -> None:
    """Note who began an article; without an owner it is theirs."""
    article.owner = article.owner or user
    article.state_since = article.state_since or timezone.now()


def changed(article: Article, user) -> bool:
    """Take an approved article back to review, its words being others; return whether so.

    The caller has set the new words and saves the article.
    """
    if article.state not in workflow.REVIEWED_AGAIN:
        return False
    before = article.state
    if before == Article.State.SCHEDULED:
        article.published_at = None
    article.enter(Article.State.IN_REVIEW)
    keep(article, workflow.RESET, before, user)
    return True


# --- Publication on time ------------------------------------------------------------------


def publish_due(at=None) -> tuple[int, int]:
    """Publish what was scheduled and is due; return how many were published and held back.

    Each article in a transaction of its own: killed at any moment, all or nothing of each is
    done, and the next run does the rest. One that no longer may be published goes back to
    review with the reason.
    """
    published = held = 0
    for pk in list(Article.objects.due(at).values_list("pk", flat=True)):
        outcome = _publish_scheduled(pk, at)
        published += outcome is True
        held += outcome is False
    return published, held


def _publish_scheduled(pk: int, at) -> bool | None:
    with transaction.atomic():
        article = Article.objects.due(at).select_for_update().filter(pk=pk).first()
        if article is None:
            return None  # another run was faster, or an editor
        try:
            with transaction.atomic():
                publishing.publish(article)
                _require_sound(article)
                keep(article, "publish", Article.State.SCHEDULED, None, "按排期发布")
                return True
        except (MoveError, RenderError) as error:
            reason = str(error)
        article = Article.objects.get(pk=pk)
        article.published_at = None
        article.enter(Article.State.IN_REVIEW)
        article.save(update_fields=["published_at", "state", "state_since"])
        keep(article, workflow.HOLD, Article.State.SCHEDULED, None, reason)
        return False


# --- The trash ----------------------------------------------------------------------------


@transaction.atomic
def trash(article_id: int, user) -> Article:
    """Throw an article away, for KEPT_IN_TRASH at least. Raises MoveError."""
    article = _hold(article_id)
    if not workflow.may_trash(article.state, person(user, article)):
        raise MoveError(f"您不能删除这篇文章（{article.get_state_display()}）。")
    before = article.state
    if before == Article.State.PUBLISHED:
        publishing.withdraw(article)
    if before == Article.State.SCHEDULED:
        article.published_at = None
    article.enter(Article.State.TRASHED)
    article.save(update_fields=["state", "state_since", "published_at"])
    keep(article, workflow.TRASH, before, user)
    return article


def state_before_trash(article: Article) -> str:
    thrown = article.events.filter(move=workflow.TRASH).first()
    return thrown.before if thrown else Article.State.DRAFT


@transaction.atomic
def restore_from_trash(article_id: int, user) -> Article:
    """Bring an article back, as a draft or, if it was public, withdrawn. Raises MoveError."""
    article = _hold(article_id)
    before = state_before_trash(article)
    if article.state != Article.State.TRASHED or not workflow.may_restore(
        before, person(user, article)
    ):
        raise MoveError("您不能恢复这篇文章。")
    article.enter(workflow.restored_state(before))
    article.save(update_fields=["state", "state_since"])
    keep(article, workflow.RESTORE, Article.State.TRASHED, user)
    return article


def purge_trash(now=None) -> int:
    """Delete for good what has lain in the trash for KEPT_IN_TRASH; return how many."""
    limit = (now or timezone.now()) - KEPT_IN_TRASH
    old = Article.objects.filter(state=Article.State.TRASHED, state_since__lte=limit)
    count = 0
    for pk in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            gone, _ = old.filter(pk=pk).delete()
            if gone:
                Article.history.filter(id=pk).delete()
                changes.note(Change.Kind.ARTICLE, [pk])
                count += 1
    return count


# --- Versions -----------------------------------------------------------------------------


@transaction.atomic
def restore_version(article_id: int, version_id: int, user) -> Article:
    """Let an article say again what a version of it says. Raises MoveError."""
    article = _hold(article_id)
    version = history.versions(article_id).filter(history_id=version_id).first()
    if version is None:
        raise MoveError("没有这个版本。")
    if not workflow.may_edit(article.state, person(user, article)):
        raise MoveError("您现在不能修改这篇文章。")
    history.begin(article_id)
    known = {key_of(citation) for citation in unsound(article)}
    changed(article, user)
    if article.state == Article.State.PUBLISHED:
        article.updated_at = timezone.now()
    history.put_back(article, history.words_in(version))
    moment = timezone.localtime(version.history_date)
    try:
        publishing.refresh(article, by=user, why=f"恢复到{moment:%Y-%m-%d %H:%M}的版本")
    except RenderError as error:
        raise MoveError(str(error)) from None
    require_no_worse(article, known)
    return article


def require_no_worse(article: Article, known: set[str]) -> None:
    """Raise UnsoundError if a public article has unsound citations besides the `known` ones."""
    if article.state == Article.State.PUBLISHED:
        worse = [citation for citation in unsound(article) if key_of(citation) not in known]
        if worse:
            raise UnsoundError(worse)
