"""What an editor pastes or uploads, and what the form says about it."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from statutes.effective_dates import KnownDate
from statutes.importing import forms, load
from statutes.importing.forms import StatuteTextForm
from tests.statutes.importing.test_parse_docx import LAW, document, packed, paragraph

TEXT = """中华人民共和国养犬法
（2025年6月27日第十四届全国人民代表大会常务委员会第十六次会议通过）
第一章　总则
第一条　为了规范养犬行为，制定本法。
第二条　本法自2026年1月1日起施行。
"""


def form_for(text=TEXT, *, file=None, **values):
    files = {"file": SimpleUploadedFile("law.docx", file)} if file is not None else None
    return StatuteTextForm({"text": text, "kind": "法律"} | values, files)


def parsed_from(*arguments, **values):
    form = form_for(*arguments, **values)
    assert form.is_valid(), form.errors
    return form.cleaned_data["parsed"]


def errors_of(*arguments, **values):
    form = form_for(*arguments, **values)
    assert not form.is_valid()
    return {field: [str(e) for e in errors] for field, errors in form.errors.items()}


# --- Dates ---------------------------------------------------------------------------------


def test_dates_come_from_the_text():
    parsed = parsed_from()
    assert parsed.title == "中华人民共和国养犬法"
    assert (parsed.promulgated_on, parsed.effective_from) == (date(2025, 6, 27), date(2026, 1, 1))
    assert parsed.effective_basis == "条文：2026年1月1日起施行"


def test_the_editors_word_comes_before_the_text():
    parsed = parsed_from(
        promulgated_on="2025-07-01", effective_from="2026-03-01", document_number="主席令第1号"
    )
    assert (parsed.promulgated_on, parsed.effective_from) == (date(2025, 7, 1), date(2026, 3, 1))
    assert parsed.effective_basis == "编辑填写"
    assert parsed.document_number == "主席令第1号"


@pytest.mark.parametrize("written", ["2025-07-01", "2025/7/1", "2025年7月1日", " 2025-07-01 "])
def test_dates_may_be_written_as_people_do(written):
    assert parsed_from(promulgated_on=written).promulgated_on == date(2025, 7, 1)


@pytest.mark.parametrize("written", ["2025-02-30", "昨天", "27.6.2025", "9" * 40])
def test_what_is_no_date_is_refused(written):
    assert list(errors_of(effective_from=written)) == ["effective_from"]


def test_a_day_of_promulgation_is_needed():
    text = TEXT.replace("2025年6月27日", "")
    assert errors_of(text) == {"promulgated_on": ["题注中没有读到公布日期，请填写。"]}
    assert parsed_from(text, promulgated_on="2025-06-27").promulgated_on == date(2025, 6, 27)


def test_no_law_has_effect_before_its_promulgation():
    expected = {"effective_from": ["施行日期不能早于公布日期。"]}
    assert errors_of(effective_from="2025-06-26") == expected
    assert errors_of(promulgated_on="2026-01-02") == expected
    assert parsed_from(effective_from="2025-06-27").effective_from == date(2025, 6, 27)


def test_an_unknown_date_stays_unknown():
    parsed = parsed_from(TEXT.replace("本法自2026年1月1日起施行。", "国务院制定实施办法。"))
    assert parsed.effective_from is None


def test_a_date_known_from_elsewhere_is_used(monkeypatch):
    known = KnownDate("中华人民共和国养犬法", date(2025, 6, 27), date(2026, 5, 1), "《决定》")
    monkeypatch.setattr(load, "known_date", lambda title, on: known)
    text = TEXT.replace("本法自2026年1月1日起施行。", "国务院制定实施办法。")
    parsed = parsed_from(text)
    assert (parsed.effective_from, parsed.effective_basis) == (date(2026, 5, 1), "《决定》")
    assert parsed_from(text, effective_from="2026-06-01").effective_basis == "编辑填写"


# --- Text ----------------------------------------------------------------------------------


def test_lines_may_end_as_browsers_send_them():
    assert len(parsed_from(TEXT.replace("\n", "\r\n")).provisions) == 2


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "读不出法规：请粘贴全文，或者上传文件"),
        (" \n　\n", "读不出法规：请粘贴全文，或者上传文件"),
        ("第一条 甲。", "读不出法规：第1行：没有标题：第一行应是法规名称"),
        ("\n甲法\n（2025年6月27日通过", "读不出法规：第3行：题注的括号没有关闭"),
        ("甲法", "读不出法规：第1行：没有正文"),
    ],
)
def test_says_in_which_line_what_is_wrong(text, error):
    assert errors_of(text) == {"__all__": [error]}


def test_zero_bytes_are_refused():
    assert errors_of(TEXT + "\x00")


def test_a_text_of_any_law_goes_in_and_a_larger_one_is_refused(monkeypatch):
    assert forms.LARGEST_TEXT >= 5 * 200_000
    monkeypatch.setattr(forms, "LARGEST_TEXT", len(TEXT))
    assert parsed_from()
    assert errors_of(TEXT + "甲") == {
        "__all__": [f"读不出法规：全文有{len(TEXT) + 1}个字符，最多{len(TEXT)}个"]
    }


def test_no_browser_cuts_a_paste_short():
    assert "maxlength" not in str(StatuteTextForm()["text"])


@pytest.mark.parametrize("kind", ["", "不知什么"])
def test_the_kind_is_one_of_those_known(kind):
    assert "kind" in errors_of(kind=kind)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "甲", "https://" + "a" * 600])
def test_the_source_is_an_address(url):
    assert "source_url" in errors_of(source_url=url)


# --- Word files ----------------------------------------------------------------------------


def test_a_word_file_is_read_and_becomes_the_text_of_the_next_step():
    form = form_for("", file=packed(LAW))
    assert form.is_valid()
    first = form.cleaned_data["parsed"]
    again = parsed_from(form.cleaned_data["text"])
    assert again.title == first.title == "中华人民共和国甲法"
    assert [(p.number, p.text) for p in again.provisions] == [
        (p.number, p.text) for p in first.provisions
    ]
    assert [d.heading for d in again.divisions] == [d.heading for d in first.divisions]
    assert (again.promulgated_on, again.effective_from) == (
        first.promulgated_on,
        first.effective_from,
    )


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"PK\x03\x04 no more", "不是Word文件（.docx），或文件已损坏"),
        (b"\xd0\xcf\x11\xe0 an old .doc", "不是Word文件（.docx），或文件已损坏"),
        (packed(LAW)[:-30], "不是Word文件（.docx），或文件已损坏"),
        (packed("0" * 21_000_000), "解压后过大"),
        (packed(document()), "没有内容"),
    ],
    ids=["no zip", "old Word", "truncated", "bomb", "empty"],
)
def test_a_bad_word_file_is_named(file, words):
    (error,) = errors_of("", file=file)["__all__"]
    assert words in error


def test_a_large_upload_is_refused_unread(monkeypatch):
    monkeypatch.setattr(forms, "LARGEST_UPLOAD", 1_000_000)
    assert errors_of("", file=b"0" * 1_000_001) == {"__all__": ["读不出法规：文件超过1MB"]}


def test_a_word_file_with_too_much_text_for_the_next_step_is_refused(monkeypatch):
    monkeypatch.setattr(forms, "LARGEST_TEXT", 1_000)
    long = document(
        paragraph("甲法"), paragraph("（2025年6月27日通过）"), paragraph("第一条　" + "甲" * 1_000)
    )
    (error,) = errors_of("", file=packed(long))["__all__"]
    assert "最多1000个" in error
