"""What an editor fills in to load a revised law."""

from collections.abc import Sequence
from dataclasses import replace

from django import forms

from ..models import Statute
from .doubts import doubts
from .load import with_known_date
from .parse_docx import parse_docx
from .parse_text import parse_text
from .parsed import ParsedVersion, ParseError

LARGEST_UPLOAD = 10_000_000  # bytes
# Characters; the longest law has 200,000. It fits into DATA_UPLOAD_MAX_MEMORY_SIZE.
LARGEST_TEXT = 1_000_000
DATES = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]


class StatuteTextForm(forms.Form):
    """Pasted text or a Word file, and the dates that the text itself may not tell.

    `cleaned_data["parsed"]` is the ParsedVersion, the editor's dates set into it; `doubts` is
    what to look at before it is stored, also where a date is wanting.
    """

    text = forms.CharField(
        label="法规全文",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField"}),
        help_text="从标题开始粘贴全文，题注和目录可以一并粘贴。",
    )
    file = forms.FileField(
        label="或者上传Word文件",
        required=False,
        help_text="国家法律法规数据库下载的.docx文件。",
    )
    kind = forms.ChoiceField(label="类别", choices=Statute.Kind.choices, initial=Statute.Kind.LAW)
    promulgated_on = forms.DateField(
        label="公布日期",
        required=False,
        input_formats=DATES,
        widget=forms.DateInput(format=DATES[0]),
        help_text="留空则取自题注。例如：2025-06-27",
    )
    effective_from = forms.DateField(
        label="施行日期",
        required=False,
        input_formats=DATES,
        widget=forms.DateInput(format=DATES[0]),
        help_text="留空则取自正文；正文没有写明的，保持不明，不会被称为有效。",
    )
    document_number = forms.CharField(
        label="文号",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    source_url = forms.URLField(
        label="官方文本网址",
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
    )

    doubts: Sequence[str] = ()

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            parsed = self._parse(cleaned)
        except ParseError as error:
            place = f"第{error.line}行：" if error.line else ""
            raise forms.ValidationError(f"读不出法规：{place}{error.reason}") from None
        self.doubts = [*doubts(parsed), *parsed.warnings]
        promulgated_on = cleaned["promulgated_on"] or parsed.promulgated_on
        effective_from = cleaned["effective_from"] or parsed.effective_from
        if promulgated_on is None:
            self.add_error("promulgated_on", "题注中没有读到公布日期，请填写。")
        elif effective_from and effective_from < promulgated_on:
            self.add_error("effective_from", "施行日期不能早于公布日期。")
        if self.errors:
            return cleaned
        basis = "编辑填写" if cleaned["effective_from"] else parsed.effective_basis
        cleaned["parsed"] = with_known_date(
            replace(
                parsed,
                promulgated_on=promulgated_on,
                effective_from=effective_from,
                effective_basis=basis,
                document_number=cleaned["document_number"] or parsed.document_number,
            )
        )
        return cleaned

    def _parse(self, cleaned: dict) -> ParsedVersion:
        """Read the text, or the file; what was read of a file becomes the text of the next step."""
        upload = cleaned.get("file")
        if not upload:
            if not cleaned["text"].strip():
                raise ParseError("请粘贴全文，或者上传文件")
            _check_length(cleaned["text"])
            parsed = parse_text(cleaned["text"], kind=cleaned["kind"])
            if parsed.book:
                raise ParseError(f"这是《{parsed.title}》的一部分（{parsed.book}），请粘贴全文")
            return parsed
        if upload.size > LARGEST_UPLOAD:
            raise ParseError(f"文件超过{LARGEST_UPLOAD // 1_000_000}MB")
        parsed = parse_docx(upload.read(), kind=cleaned["kind"])
        cleaned["text"] = parsed.joined()
        _check_length(cleaned["text"])
        return parsed


def _check_length(text: str) -> None:
    if len(text) > LARGEST_TEXT:
        raise ParseError(f"全文有{len(text)}个字符，最多{LARGEST_TEXT}个")
