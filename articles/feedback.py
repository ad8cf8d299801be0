"""A reader's word that an article is wrong: without account, cookie or address kept.

The form's token is signed, so that no cookie is needed to know our own form again. Senders are
told apart by a digest that changes daily and leads back to nobody.
"""

from datetime import timedelta

from django import forms
from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import Article, Feedback
from .rate_limit import reader

KEPT = timedelta(days=180)  # the words how to reach a reader
LATEST = timedelta(hours=12)
A_SENDER = (5, timedelta(hours=1))
AN_ARTICLE = (20, timedelta(days=1))
EVERYBODY = (300, timedelta(hours=1))
_SIGNER = TimestampSigner(salt="articles.feedback")


class FeedbackForm(forms.ModelForm):
    """`website` is left empty by people: its field is not shown to them."""

    kind = forms.ChoiceField(label="哪里不对？", choices=Feedback.Kind, widget=forms.RadioSelect)
    message = forms.CharField(
        label="请说明",
        min_length=5,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="例如：第三段引用的条文已经修改。请不要写个人案情。",
    )
    contact = forms.CharField(
        label="联系方式（可不填）",
        max_length=100,
        required=False,
        help_text="电话或邮箱。只在需要向您核实时使用。",
    )
    consent = forms.BooleanField(
        label=f"我同意贵所为核实和更正本文使用以上内容；联系方式{KEPT.days}天后删除。",
        error_messages={"required": "请先勾选同意，才能提交。"},
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1"}))
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Feedback
        fields = ["kind", "message", "contact"]

    def __init__(self, article, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, initial={"token": _SIGNER.sign(str(article.pk))}, **kwargs)
        self.article = article

    def clean(self):
        cleaned = super().clean()
        if not self._is_own(cleaned.get("token", "")):
            self.add_error(None, "这个页面打开得太久了，请再提交一次。")
            self.data = self.data.copy()
            self.data["token"] = _SIGNER.sign(str(self.article.pk))
        return cleaned

    def _is_own(self, token: str) -> bool:
        try:
            return _SIGNER.unsign(token, max_age=LATEST) == str(self.article.pk)
        except BadSignature:
            return False

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.data.get("website"))


def sender_of(request) -> str:
    """Return a digest of who asks, of the day."""
    day = timezone.localdate().isoformat()
    digest = salted_hmac("articles.feedback", f"{day} {reader(request)}", algorithm="sha256")
    return digest.hexdigest()


def is_too_much(article: Article, sender: str) -> bool:
    """Return whether a sender, an article or the site has had its share of feedback already."""
    now = timezone.now()
    rows = Feedback.objects.all()
    for mine, (most, period) in (
        (rows.filter(sender=sender), A_SENDER),
        (rows.filter(article=article), AN_ARTICLE),
        (rows, EVERYBODY),
    ):
        if mine.filter(sent_at__gt=now - period).order_by()[:most].count() >= most:
            return True
    return False


def take(form: FeedbackForm, sender: str) -> Feedback:
    """Store what a reader wrote."""
    feedback = form.save(commit=False)
    feedback.article, feedback.sender = form.article, sender
    feedback.sent_at = timezone.now()
    feedback.save()
    return feedback


def handle(feedback: Feedback, user) -> None:
    """Note who dealt with it; the caller saves."""
    feedback.handled_by, feedback.handled_at = user, timezone.now()


def forget(now=None) -> int:
    """Delete how to reach readers who wrote longer ago than KEPT; return how many."""
    limit = (now or timezone.now()) - KEPT
    return Feedback.objects.filter(sent_at__lte=limit).exclude(contact="").update(contact="")
