"""What editors see and do: load a revised law, correct dates, names and successions."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml.html import fromstring

from statutes.admin import read_question
from statutes.importing import forms, load
from statutes.locators import Locator
from statutes.models import Provision, Statute, StatuteAlias, StatuteVersion, Succession
from tests.factories import make_site, make_statute, make_version
from tests.statutes.importing.test_load import FIRST, SECOND, SECOND_TEXT, THIRD, became, rows
from tests.statutes.importing.test_parse_docx import LAW, packed
from tests.statutes.sources import law_source

pytestmark = pytest.mark.django_db

IMPORT = "/admin/statutes/statuteversion/import/"
LAW_OF_DOGS = "中华人民共和国甲法"
PASTED = "\n".join(
    [
        LAW_OF_DOGS,
        "（2010年3月1日通过　2015年3月1日修正）",
        "第一章　总则",
        *(f"第{number}条　{text}" for number, text in zip("一二三四五", SECOND_TEXT, strict=True)),
    ]
)


def page_of(response):
    assert response.status_code == 200
    return fromstring(response.content.decode())


def words(element):
    return " ".join(element.text_content().split())


def errors_on(response):
    return listed_errors(page_of(response))


def listed_errors(page):
    return [words(error) for error in page.xpath("//ul[contains(@class, 'errorlist')]/li")]


def doubts_on(page):
    return [words(doubt) for doubt in page.xpath("//section[@aria-labelledby='doubts']//li")]


def cells(page, name):
    """A column of a list."""
    return [words(cell) for cell in page.xpath(f"//*[@class='field-{name}']")]


def facts(page):
    """The table of the preview."""
    return {
        words(row.find("th")): words(row.find("td"))
        for row in page.xpath("//div[@id='content']//tr[th[@scope='row']]")
    }


def fields(page):
    """What the form on the page would send."""
    form = next(form for form in page.forms if form.xpath(".//textarea[@name='text']"))
    values = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
    return values | {"text": form.fields["text"]}


def paste(client, text=PASTED, *, follow=False, **values):
    sent = {"text": text, "kind": "法律"} | values
    return client.post(IMPORT, sent, follow=follow)


def change(instance, action="change"):
    name = f"admin:statutes_{instance._meta.model_name}_{action}"
    return reverse(name, args=[instance.pk])


# --- Who may -------------------------------------------------------------------------------


def test_a_stranger_is_asked_to_log_in(client):
    for answer in (client.get(IMPORT), paste(client)):
        assert answer.status_code == 302
        assert answer.url.startswith("/admin/login/")
    assert not StatuteVersion.objects.exists()


def test_an_editor_without_the_right_is_refused(client, django_user_model):
    editor = django_user_model.objects.create_user("editor", is_staff=True)
    client.force_login(editor)
    assert client.get(IMPORT).status_code == paste(client, load="载入").status_code == 403
    assert not StatuteVersion.objects.exists()
    editor.user_permissions.add(Permission.objects.get(codename="add_statuteversion"))
    assert client.get(IMPORT).status_code == 200


def test_the_list_of_versions_leads_to_the_import(admin_client):
    page = page_of(admin_client.get("/admin/statutes/statuteversion/"))
    assert IMPORT in page.xpath("//ul[@class='object-tools']//a/@href")
    assert "/admin/statutes/statuteversion/add/" not in page.text_content()
    assert admin_client.get("/admin/statutes/statuteversion/add/").status_code == 403


# --- Preview -------------------------------------------------------------------------------


def test_a_preview_shows_what_would_come_of_it_and_stores_nothing(admin_client):
    make_version(**FIRST)
    before = rows()
    page = page_of(paste(admin_client, effective_from="2015-07-01"))
    assert rows() == before
    assert "预览：中华人民共和国甲法" in map(words, page.iter("h2"))
    assert facts(page) == {
        "公布": "2015年3月1日",
        "施行": "2015年7月1日（编辑填写）",
        "性质": "修正",
        "条数": "5",
        "前一版本": "甲法（2010年制定）",
        "未变": "1条",
        "修改": "0条",
        "条号变动": "3条",
        "拆分": "0条",
        "合并": "0条",
        "新增": "1条",
        "删除": "0条",
    }
    assert [[words(cell) for cell in row] for row in page.xpath("//tbody/tr")] == [
        ["第二条", "第三条", "100%"],
        ["第三条", "第四条", "100%"],
        ["第四条", "第五条", "100%"],
    ]
    contents = next(heading for heading in page.iter("h3") if words(heading) == "目录")
    assert [words(item) for item in contents.getnext()] == ["第一章 总则"]


def test_the_enter_key_previews_again_and_loads_nothing(admin_client):
    page = page_of(paste(admin_client))
    pressed_by_enter, loads = page.xpath("//form[.//textarea]//input[@type='submit']")
    assert (pressed_by_enter.get("value"), pressed_by_enter.get("name")) == ("预览", None)
    assert loads.get("value") == "载入"


def test_a_preview_of_a_new_law_says_so(admin_client):
    page = page_of(paste(admin_client))
    assert facts(page)["前一版本"] == "没有"
    assert facts(page)["施行"].startswith("不明（")
    assert not Statute.objects.exists()


def test_a_preview_shows_what_is_doubtful(admin_client):
    page = page_of(paste(admin_client, PASTED.replace("第五条　", "第九十三条　")))
    assert any("九十三" in doubt for doubt in doubts_on(page))


def test_a_preview_says_that_much_of_a_law_is_missing(admin_client):
    make_version(**FIRST)
    page = page_of(paste(admin_client, PASTED[: PASTED.index("第二条")]))
    assert doubts_on(page)[0] == "前一版本有4条，这里只读到1条：全文是否粘贴完整？"


def test_what_is_doubtful_is_said_also_where_a_date_is_wanting(admin_client):
    answer = paste(admin_client, "<h1>养犬法</h1>\n第一条　甲。")
    assert errors_on(answer) == ["题注中没有读到公布日期，请填写。"]
    assert any("网页" in doubt for doubt in doubts_on(page_of(answer)))


def test_markdown_pasted_becomes_the_law_that_the_importer_makes_of_it(admin_client):
    source = law_source("社会法/公益事业捐赠法(1999-06-28)").replace("\n", "\r\n")
    page = page_of(paste(admin_client, source))
    assert doubts_on(page) == []
    admin_client.post(IMPORT, fields(page) | {"load": "载入"})
    version = StatuteVersion.objects.get()
    assert version.statute.title == "中华人民共和国公益事业捐赠法"
    assert version.provisions.count() == 32
    assert [d.heading for d in version.divisions.all()][:2] == ["第一章 总则", "第二章 捐赠和受赠"]


def test_a_part_of_a_law_is_refused(admin_client):
    text = (
        "# 中华人民共和国民法典\n# 物权编\n2020年5月28日 通过\n<!-- INFO END -->\n第二百零五条 甲。"
    )
    assert errors_on(paste(admin_client, text)) == [
        "读不出法规：这是《中华人民共和国民法典》的一部分（物权编），请粘贴全文"
    ]


def test_the_preview_sends_everything_on_to_loading(admin_client):
    values = {
        "effective_from": "2015-07-01",
        "document_number": "主席令第1号",
        "source_url": "https://flk.npc.gov.cn/detail?a=1&b=2",
        "kind": "行政法规",
    }
    page = page_of(paste(admin_client, **values))
    assert page.xpath("//input[@name='load']")
    answer = admin_client.post(IMPORT, fields(page) | {"load": "载入"})
    version = StatuteVersion.objects.get()
    assert answer.status_code == 302
    assert answer.url == change(version)
    assert (version.promulgated_on, version.effective_from) == (date(2015, 3, 1), date(2015, 7, 1))
    assert version.document_number == "主席令第1号"
    assert version.source_url == "https://flk.npc.gov.cn/detail?a=1&b=2"
    assert version.source == "编辑载入"
    assert version.statute.kind == "行政法规"
    assert [p.text for p in version.provisions.all()] == list(SECOND_TEXT)


def test_a_word_file_goes_through_to_loading(admin_client):
    upload = SimpleUploadedFile("law.docx", packed(LAW))
    page = page_of(admin_client.post(IMPORT, {"text": "", "kind": "法律", "file": upload}))
    assert facts(page)["条数"] == "3"
    assert not StatuteVersion.objects.exists()
    answer = admin_client.post(IMPORT, fields(page) | {"load": "载入"}, follow=True)
    version = StatuteVersion.objects.get()
    assert version.provisions.get(number=2).text == "乙。\n第二款。\n| 税目 | 税率 |"
    assert version.effective_from == date(2026, 1, 1)
    assert "已载入甲法（2025年制定），共3条。" in page_of(answer).text_content()


def test_a_preview_may_be_corrected(admin_client):
    page = page_of(paste(admin_client))
    again = page_of(admin_client.post(IMPORT, fields(page) | {"effective_from": "2016年1月1日"}))
    assert facts(again)["施行"] == "2016年1月1日（编辑填写）"


# --- Loading -------------------------------------------------------------------------------


def test_loading_joins_the_versions(admin_client):
    first, third = make_version(**FIRST), make_version(**THIRD)
    paste(admin_client, effective_from="2015-07-01", load="载入")
    second = StatuteVersion.objects.get(promulgated_on=date(2015, 3, 1))
    first.refresh_from_db()
    assert first.effective_until == second.effective_from == date(2015, 7, 1)
    assert second.effective_until == third.effective_from
    assert became(first, second)
    assert became(second, third)
    assert Statute.objects.called("甲法").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PASTED, "甲法（2015年修正）已在库中，文本相同，没有改动。"),
        (PASTED.replace("犬绳", "绳"), "甲法（2015年修正）已在库中，文本有不同，没有改动。"),
    ],
)
def test_loading_what_is_there_changes_nothing(admin_client, text, told):
    make_version(**SECOND)
    load.refresh_aliases()
    before = rows()
    page = page_of(paste(admin_client, text, load="载入", follow=True))
    assert told in page.text_content()
    assert rows() == before


def test_loading_with_a_date_completes_an_undated_version(admin_client):
    make_version(**SECOND | {"effective_from": None})
    page = page_of(paste(admin_client, effective_from="2015-07-01", load="载入", follow=True))
    assert "补上了缺少的事实" in page.text_content()
    assert "补上施行日期2015年7月1日（编辑填写）。" in page.text_content()
    assert StatuteVersion.objects.get().is_in_force(date(2015, 7, 1))


@pytest.mark.parametrize("step", [{}, {"load": "载入"}])
@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"effective_from": "2015-02-28"}, "施行日期不能早于公布日期。"),
        ({"effective_from": "2015-13-01"}, "输入一个有效的日期。"),
        ({"promulgated_on": "不详"}, "输入一个有效的日期。"),
        ({"text": ""}, "读不出法规：请粘贴全文，或者上传文件"),
        ({"text": PASTED + "\n第一条　又来。"}, "读不出法规："),
        ({"text": "甲" * 301 + "\n第一条　甲。"}, "读不出法规：第1行：第一行过长，不是法规名称"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(admin_client, values, error, step):
    answer = paste(admin_client, **values, **step)
    assert any(error in found for found in errors_on(answer))
    assert not page_of(answer).xpath("//input[@name='load']")
    assert not StatuteVersion.objects.exists()


def test_a_bad_word_file_is_named(admin_client):
    upload = SimpleUploadedFile("law.docx", packed(LAW)[:-30])
    answer = admin_client.post(IMPORT, {"text": "", "kind": "法律", "file": upload})
    assert "读不出法规：不是Word文件（.docx），或文件已损坏" in errors_on(answer)


def test_markup_in_a_law_is_only_text(admin_client):
    evil = "<script>alert(1)</script>"
    text = PASTED.replace("甲法", f"甲{evil}法").replace("总则", f"总{evil}").replace("犬绳", evil)
    preview = paste(admin_client, text)
    loaded = paste(admin_client, text, load="载入", follow=True)
    version = StatuteVersion.objects.get()
    provision = version.provisions.get(text__contains=evil)
    for answer in (
        preview,
        loaded,
        admin_client.get("/admin/statutes/statuteversion/"),
        admin_client.get(change(version.statute)),
        admin_client.get(change(provision)),
        admin_client.get(change(version, "delete")),
        admin_client.get("/admin/statutes/provision/?q=甲%3Cscript%3Ealert(1)%3C/script%3E法 4"),
    ):
        assert evil not in answer.content.decode()
        assert not page_of(answer).xpath("//script[contains(text(), 'alert(1)')]")


# --- Large and hostile ---------------------------------------------------------------------


def test_a_text_larger_than_any_law_is_previewed(admin_client):
    long = "\n".join(f"第{number}条　{'甲乙丙丁' * 200}" for number in range(6, 1_206))
    assert 960_000 < len(long) < forms.LARGEST_TEXT
    page = page_of(paste(admin_client, f"{PASTED}\n{long}"))
    assert facts(page)["条数"] == "1205"


def test_a_text_that_is_too_long_is_refused_in_words(admin_client):
    answer = paste(admin_client, PASTED + "甲" * forms.LARGEST_TEXT)
    (error,) = errors_on(answer)
    assert error.endswith(f"最多{forms.LARGEST_TEXT}个")


def test_a_request_that_is_too_large_is_refused(admin_client):
    assert paste(admin_client, "甲" * 2_000_000).status_code == 400


def test_a_law_with_20000_provisions_is_refused_in_words(admin_client):
    make_version(**FIRST)
    long = "\n".join(f"第{number}条　甲{number}乙。" for number in range(6, 20_001))
    for step in ({}, {"load": "载入"}):
        assert "读不出法规：超过5000条" in errors_on(
            paste(admin_client, f"{PASTED}\n{long}", **step)
        )
    assert StatuteVersion.objects.count() == 1


# --- Dates of a version --------------------------------------------------------------------


def saved(client, instance, **values):
    """Send the change form of a row as it stands, with some values changed."""
    page = page_of(client.get(change(instance)))
    form = next(form for form in page.forms if form.get("id", "").endswith("_form"))
    sent = dict(form.form_values()) | values
    return client.post(change(instance), {k: v for k, v in sent.items() if v is not None})


def test_a_date_that_an_editor_gives_sets_the_periods(admin_client):
    first = make_version(**FIRST)
    second = make_version(**SECOND | {"effective_from": None})
    third = make_version(**THIRD)
    answer = saved(admin_client, second, effective_from="2015-07-01", effective_basis="主席令第1号")
    assert answer.status_code == 302
    for version in (first, second, third):
        version.refresh_from_db()
    assert first.effective_until == second.effective_from == date(2015, 7, 1)
    assert second.effective_until == third.effective_from
    assert second.effective_basis == "主席令第1号"


@pytest.mark.parametrize("day", ["2010-07-01", "2015-06-30", "2020-07-01", "2030-01-01", ""])
def test_no_date_of_an_editor_makes_versions_overlap(admin_client, day):
    make_version(**FIRST)
    second = make_version(**SECOND | {"promulgated_on": date(2010, 3, 15)})
    make_version(**THIRD)
    assert saved(admin_client, second, effective_from=day).status_code == 302
    for year in range(2010, 2032):
        assert StatuteVersion.objects.in_force(date(year, 7, 1)).count() <= 1
        assert StatuteVersion.objects.in_force(date(year, 6, 30)).count() <= 1


def test_a_date_before_promulgation_is_an_error_of_the_form(admin_client):
    version = make_version(**FIRST)
    answer = saved(admin_client, version, effective_from="2009-01-01")
    assert "施行日期不能早于公布日期。" in errors_on(answer)
    version.refresh_from_db()
    assert version.effective_from == date(2010, 7, 1)


def test_a_version_is_deleted_without_listing_its_provisions(
    admin_client, django_assert_max_num_queries
):
    first, second = make_version(**FIRST), make_version(**SECOND)
    third = make_version(**THIRD)
    with django_assert_max_num_queries(12):
        page = page_of(admin_client.get(change(second, "delete")))
    assert "条文: 5" in words(page)
    assert "登记证" not in words(page)
    assert admin_client.post(change(second, "delete"), {"post": "yes"}).status_code == 302
    first.refresh_from_db()
    assert first.effective_until == third.effective_from
    assert became(first, third)


def test_versions_are_deleted_from_the_list(admin_client):
    first, second = make_version(**FIRST), make_version(**SECOND)
    admin_client.post(
        "/admin/statutes/statuteversion/",
        {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"},
    )
    assert list(StatuteVersion.objects.all()) == [first]
    first.refresh_from_db()
    assert first.effective_until is None


# --- Statutes and their names --------------------------------------------------------------


def test_a_repeal_that_an_editor_enters_ends_the_versions(admin_client):
    version = make_version(**FIRST)
    code = make_version("中华人民共和国乙法", **SECOND | {"effective_from": date(2016, 1, 1)})
    answer = saved(
        admin_client,
        version.statute,
        repealed_on="2016-01-01",
        repeal_source="《乙法》第九条",
        replaced_by=code.statute_id,
    )
    assert answer.status_code == 302
    version.refresh_from_db()
    assert version.effective_until == date(2016, 1, 1)
    assert became(version, code)


def test_a_repeal_needs_its_source(admin_client):
    version = make_version(**FIRST)
    answer = saved(admin_client, version.statute, repealed_on="2016-01-01")
    assert "废止要写明依据。" in errors_on(answer)


def test_a_statute_is_found_by_every_name(admin_client):
    make_statute("中华人民共和国道路交通安全法")
    make_statute("中华人民共和国民法典")
    load.refresh_aliases()
    page = page_of(admin_client.get("/admin/statutes/statute/?q=道交法"))
    assert cells(page, "title") == ["中华人民共和国道路交通安全法"]


def add_names(client, statute, *names):
    values = {"aliases-TOTAL_FORMS": StatuteAlias.objects.filter(statute=statute).count()}
    first = values["aliases-TOTAL_FORMS"]
    for index, name in enumerate(names, start=first):
        values |= {f"aliases-{index}-name": name, f"aliases-{index}-statute": statute.pk}
    values["aliases-TOTAL_FORMS"] = first + len(names)
    return saved(client, statute, **values)


def test_an_editor_adds_a_name(admin_client):
    statute = make_version().statute
    assert add_names(admin_client, statute, "《甲 规》").status_code == 302
    assert statute.aliases.get(name="甲规").origin == "editor"


def test_a_name_of_another_statute_is_an_error_of_the_form(admin_client):
    make_statute("中华人民共和国乙法").aliases.create(name="乙规")
    answer = add_names(admin_client, make_version().statute, "《乙规》")
    assert any("已指《中华人民共和国乙法》" in error for error in errors_on(answer))


def test_the_same_name_twice_is_an_error_of_the_form(admin_client):
    answer = add_names(admin_client, make_version().statute, "甲规", "《甲规》")
    assert errors_on(answer)
    assert not StatuteAlias.objects.filter(name="甲规").exists()


def test_names_follow_a_title_that_an_editor_corrects(admin_client):
    statute = make_version("中华人民共和国民事诉松法").statute
    saved(admin_client, statute, title="中华人民共和国民事诉讼法")
    assert Statute.objects.called("民诉法").get() == statute


# --- Provisions ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "name", "locator"),
    [
        ("公司法 15", "公司法", Locator(15)),
        ("公司法15", "公司法", Locator(15)),
        ("公司法第十五条", "公司法", Locator(15)),
        ("《公司法》 第 15 条", "《公司法》", Locator(15)),
        ("刑法第一百三十三条之一", "刑法", Locator(133, suffix=1)),
        ("第十五条", "", Locator(15)),
        (" 15 ", "", Locator(15)),
        ("公司法", "公司法", None),
        ("第三人撤销之诉的规定", "第三人撤销之诉的规定", None),
        ("公司法 0", "公司法 0", None),
        ("", "", None),
    ],
)
def test_reads_what_an_editor_asks_for(asked, name, locator):
    assert read_question(asked) == (name, locator)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("公司法 15", ["《公司法》第十五条"]),
        ("《公司法》第十五条", ["《公司法》第十五条"]),
        ("刑法第一百三十三条之一", ["《刑法》第一百三十三条之一"]),
        ("刑法第一百三十三条之一第二款", ["《刑法》第一百三十三条之一"]),
        ("第十五条", ["《公司法》第十五条", "《刑法》第十五条"]),
        ("公司法 99", []),
        ("无名法 15", []),
        ("'; DROP TABLE", []),
    ],
)
def test_a_provision_is_found_by_name_and_number(admin_client, asked, found):
    make_version("中华人民共和国公司法", provisions=["第十四条 甲。", "第十五条 乙。"])
    make_version(
        "中华人民共和国刑法",
        provisions=["第十五条 丙。", "第一百三十三条 丁。", "第一百三十三条之一 戊。"],
    )
    load.refresh_aliases()
    page = page_of(admin_client.get("/admin/statutes/provision/", {"q": asked}))
    assert cells(page, "__str__") == found


def test_the_text_of_the_law_is_not_edited(admin_client):
    provision = make_version().provisions.first()
    page = page_of(admin_client.get(change(provision)))
    assert provision.text in words(page)
    assert not page.xpath("//textarea")
    for path in ("/admin/statutes/provision/add/", change(provision, "delete")):
        assert admin_client.get(path).status_code == 403
    assert admin_client.post(change(provision), {"text": "改"}).status_code == 403
    assert admin_client.post("/admin/statutes/statute/add/").status_code == 403


# --- Successions ---------------------------------------------------------------------------


@pytest.fixture
def pair():
    return make_version(**FIRST), make_version(**SECOND)


def test_a_correction_is_confirmed_by_the_one_who_made_it(admin_client, admin_user, pair):
    first, second = pair
    succession = Succession.objects.get(old__version=first, old__number=2)
    right = second.provisions.get(number=2)
    assert saved(admin_client, succession, new=right.pk, relation="amended").status_code == 302
    succession.refresh_from_db()
    assert (succession.new, succession.relation) == (right, "amended")
    assert succession.confirmed_by == admin_user
    assert succession.confirmed_at is not None


def test_successions_are_confirmed_from_the_list(admin_client, admin_user, pair):
    chosen = list(Succession.objects.values_list("pk", flat=True)[:2])
    page = page_of(
        admin_client.post(
            "/admin/statutes/succession/",
            {"action": "confirm", "_selected_action": chosen},
            follow=True,
        )
    )
    assert "已确认2条。" in words(page)
    confirmed = Succession.objects.exclude(confirmed_at=None)
    assert {s.pk for s in confirmed} == set(chosen)
    assert {s.confirmed_by for s in confirmed} == {admin_user}


def test_a_succession_is_added_by_hand(admin_client, admin_user, pair):
    first, second = pair
    old, new = first.provisions.get(number=4), second.provisions.get(number=2)
    values = {"old": old.pk, "new": new.pk, "relation": "split", "likeness": "0.5"}
    assert admin_client.post("/admin/statutes/succession/add/", values).status_code == 302
    assert Succession.objects.get(old=old, new=new).confirmed_by == admin_user


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"new": "", "relation": "amended"}, "没有新条文的只能是“已删除”。"),
        ({"likeness": "7"}, "确保该值小于或等于1"),
        ({"likeness": "-0.1"}, "确保该值大于或等于0"),
        ({}, "已经存在"),
    ],
)
def test_a_succession_that_cannot_be_is_an_error_of_the_form(admin_client, pair, values, error):
    taken = Succession.objects.get(old__version=pair[0], old__number=2)
    sent = {"old": taken.old_id, "new": taken.new_id, "relation": "renumbered", "likeness": "1"}
    answer = admin_client.post("/admin/statutes/succession/add/", sent | values)
    assert any(error in found for found in errors_on(answer))
    assert Succession.objects.count() == 4


def test_provisions_to_choose_from_are_found_by_name_and_number(
    admin_client, pair, django_assert_max_num_queries
):
    load.refresh_aliases()
    asked = {
        "app_label": "statutes",
        "model_name": "succession",
        "field_name": "new",
        "term": "甲法",
    }
    with django_assert_max_num_queries(6):
        answer = admin_client.get("/admin/autocomplete/", asked)
    assert len(answer.json()["results"]) == 9
    found = admin_client.get("/admin/autocomplete/", asked | {"term": "甲法 5"}).json()["results"]
    assert [choice["text"] for choice in found] == ["《甲法》第五条"]


# --- No page loads a whole law -------------------------------------------------------------


@pytest.fixture
def long_law():
    texts = [f"第{number}条 各不相同的规定{number}，乙应当登记。" for number in range(1, 301)]
    make_version(provisions=texts)
    make_version(
        provisions=["为了丁。", *(text.split(" ", 1)[1] for text in texts)],
        promulgated_on=date(2021, 1, 1),
        effective_from=date(2021, 1, 1),
    )
    load.refresh_aliases()
    return StatuteVersion.objects.in_order().first()


@pytest.mark.parametrize(
    "path",
    [
        "statute/",
        "statute/{statute}/change/",
        "statuteversion/",
        "statuteversion/{version}/change/",
        "statuteversion/{version}/delete/",
        "provision/",
        "provision/?q=甲法",
        "provision/{provision}/change/",
        "succession/",
        "succession/?q=甲法",
        "succession/{succession}/change/",
        "succession/add/",
    ],
)
def test_a_page_is_small_and_asks_little(
    admin_client, long_law, path, django_assert_max_num_queries
):
    keys = {
        "statute": long_law.statute_id,
        "version": long_law.pk,
        "provision": Provision.objects.first().pk,
        "succession": Succession.objects.first().pk,
    }
    address = "/admin/statutes/" + path.format(**keys)
    make_site()
    admin_client.get(address)  # what Django keeps of its content types
    with django_assert_max_num_queries(16):
        answer = admin_client.get(address)
    assert answer.status_code == 200
    assert answer.content.decode().count("各不相同的规定") <= 50
    assert len(answer.content) < 120_000


def test_kinds_are_called_in_chinese_and_no_subject_has_a_name(admin_client):
    make_statute("甲法")
    page = admin_client.get("/admin/statutes/statute/").content.decode()
    assert ">法律</a>" in page
    assert ">未分类</a>" in page
    assert "Law<" not in page


def test_the_names_of_a_statute_are_named_fields(admin_client):
    version = make_version()
    page = admin_client.get(f"/admin/statutes/statute/{version.statute_id}/change/")
    assert 'aria-label="名称"' in page.content.decode()
