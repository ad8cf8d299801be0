"""Files → rows: idempotent by id, and all of a file or nothing of it."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from articles import publishing
from articles.importing.load import (
    CREATED,
    UNCHANGED,
    UPDATED,
    ArticleImportError,
    import_file,
    import_files,
)
from articles.models import Article, ArticleImage, Author, Category, Tag
from statutes.models import Change
from tests.factories import BEIJING, article_file, make_article, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(tmp_path):
    """Write a file into the folder of articles; return its path."""

    def write(name, content):
        path = tmp_path / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


FULL = {
    "id": 1199564,
    "author": "林知远、沈砚秋",
    "tags": "[民间借贷, 借条]",
    "published_at": "2026-03-12 09:30",
    "reviewed_on": "2026-03-11",
    "reviewer": "沈砚秋",
}


# --- What comes in ---------------------------------------------------------------------


def test_an_article_comes_in_with_all_that_its_file_says(write):
    assert import_file(write("a.md", article_file(**FULL))) == CREATED
    article = Article.objects.get(pk=1199564)
    assert str(article.category) == "金融债务 / 民间借贷"
    assert [author.name for author in article.signers] == ["林知远", "沈砚秋"]
    assert sorted(article.tags.names()) == ["借条", "民间借贷"]
    assert article.published_at == datetime(2026, 3, 12, 9, 30, tzinfo=BEIJING)
    assert article.modified_at == article.published_at
    assert str(article.reviewed_on) == "2026-03-11"
    assert article.reviewer.name == "沈砚秋"
    assert article.is_visible
    assert "<h2" in article.body_html
    assert article.excerpt.startswith("自然人之间的借款合同")


def test_importing_again_changes_nothing(write):
    path = write("a.md", article_file(**FULL))
    import_file(path)
    before = list(Article.objects.values()), list(Tag.objects.values())
    assert import_file(path) == UNCHANGED
    assert (list(Article.objects.values()), list(Tag.objects.values())) == before


def test_the_log_says_once_that_an_import_is_over_and_nothing_where_nothing_came_in(write):
    paths = [write("a.md", article_file(**FULL)), write("b.md", article_file(**FULL | {"id": 7}))]
    list(import_files(paths))
    log = list(Change.objects.order_by("pk").values_list("kind", flat=True))
    assert log == ["article", "article", "over"]
    list(import_files(paths))
    assert Change.objects.count() == len(log)


def test_a_changed_file_updates_its_article_and_keeps_id_and_date(write):
    path = write("a.md", article_file(**FULL))
    import_file(path)
    write("a.md", article_file("新的正文", **FULL | {"author": "沈砚秋", "tags": "[借条]"}))
    assert import_file(path) == UPDATED
    article = Article.objects.get()
    assert article.pk == 1199564
    assert article.body_html == "<p>新的正文</p>"
    assert article.published_at == datetime(2026, 3, 12, 9, 30, tzinfo=BEIJING)
    assert article.was_updated
    assert [author.name for author in article.signers] == ["沈砚秋"]
    assert list(article.tags.names()) == ["借条"]


def test_other_tags_alone_are_no_update_of_the_text(write):
    import_file(write("a.md", article_file(**FULL)))
    import_file(write("a.md", article_file(**FULL | {"tags": "[借条]"})))
    article = Article.objects.get()
    assert list(article.tags.names()) == ["借条"]
    assert not article.was_updated


def test_what_was_withdrawn_does_not_come_back_with_its_file(write):
    import_file(write("a.md", article_file(**FULL)))
    publishing.withdraw(Article.objects.get())
    assert import_file(write("a.md", article_file("新的正文", **FULL))) == UPDATED
    article = Article.objects.get()
    assert article.state == Article.State.WITHDRAWN
    assert article.body == "新的正文"


def test_a_published_file_without_a_date_keeps_the_moment_of_its_first_import(write):
    path = write("a.md", article_file(status="published"))
    import_file(path)
    first = Article.objects.get().published_at
    write("a.md", article_file("新的正文", status="published"))
    import_file(path)
    assert Article.objects.get().published_at == first


def test_what_an_editor_changed_stays_while_the_file_is_the_same(write):
    path = write("a.md", article_file(**FULL))
    import_file(path)
    Article.objects.update(title="编辑改过的题目")
    assert import_file(path) == UNCHANGED
    assert Article.objects.get().title == "编辑改过的题目"


def test_a_file_without_an_id_is_known_again_by_category_and_title(write):
    path = write("a.md", article_file())
    assert import_file(path) == CREATED
    assert import_file(path) == UNCHANGED
    write("a.md", article_file("新的正文"))
    assert import_file(path) == UPDATED
    assert import_file(write("b.md", article_file(category="婚姻家庭"))) == CREATED
    assert Article.objects.count() == 2


def test_a_file_without_an_id_that_means_two_articles_is_refused(write):
    for pk in (1, 2):
        import_file(write(f"{pk}.md", article_file(id=pk)))
    with pytest.raises(ArticleImportError, match="give the file an id"):
        import_file(write("a.md", article_file()))


def test_new_articles_take_ids_after_the_imported_ones(write):
    import_file(write("a.md", article_file(**FULL)))
    assert make_article().pk > 1199564


def test_a_file_that_becomes_a_draft_leaves_the_public(write):
    path = write("a.md", article_file(**FULL))
    import_file(path)
    write("a.md", article_file(**FULL, status="draft"))
    import_file(path)
    assert not Article.objects.visible().exists()


# --- Pictures --------------------------------------------------------------------------


def test_pictures_beside_the_file_come_into_media(write, settings):
    write("images/steps.png", make_image(1000, 500))
    write("images/cover.png", make_image(900, 600))
    body = "甲\n\n![三个步骤](images/steps.png)"
    import_file(write("a.md", article_file(body, cover="images/cover.png")))
    article = Article.objects.get()
    image = article.images.get()
    assert (image.name, image.width, image.height) == ("images/steps.png", 1000, 500)
    assert f'src="{image.file.url}"' in article.body_html
    assert (article.cover_width, article.cover_height) == (900, 600)
    for stored in (image.file.name, article.cover.name):
        assert (Path(settings.MEDIA_ROOT) / stored).is_file()
    assert "320w" in article.body_html


def test_a_changed_picture_alone_updates_the_article(write):
    write("x.png", make_image())
    path = write("a.md", article_file("![甲](x.png)"))
    import_file(path)
    before = Article.objects.get().body_html
    assert import_file(path) == UNCHANGED
    write("x.png", make_image(81, 60))
    assert import_file(path) == UPDATED
    assert Article.objects.get().body_html != before
    assert ArticleImage.objects.count() == 1


def test_a_place_photographed_is_not_published(write, settings):
    photo = Image.new("RGB", (400, 300))
    exif = photo.getexif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 0.0)  # GPS latitude
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", exif=exif, comment=b"secret comment")
    assert b"SecretCamera" in buffer.getvalue()
    write("x.jpg", buffer.getvalue())
    import_file(write("a.md", article_file("![甲](x.jpg)", cover="x.jpg")))
    stored = list(Path(settings.MEDIA_ROOT).rglob("*.jpg"))
    assert len(stored) == 2  # and a smaller version
    for file in stored:
        assert b"Secret" not in file.read_bytes()
        with Image.open(file) as picture:
            assert not picture.getexif()


def test_the_type_of_a_picture_is_read_from_its_content(write):
    write("x.gif", make_image(kind="JPEG"))
    import_file(write("a.md", article_file("![甲](x.gif)")))
    assert Article.objects.get().images.get().file.name.endswith(".jpg")


@pytest.mark.parametrize("name", ["link.png", "folder/secret.png"])
def test_a_link_out_of_the_folder_is_not_followed(write, tmp_path, name):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.png").write_bytes(make_image())
    articles = write("a.md", article_file(f"![甲]({name})")).parent
    (articles / "link.png").symlink_to(tmp_path / "outside" / "secret.png")
    (articles / "folder").symlink_to(tmp_path / "outside")
    with pytest.raises(ArticleImportError, match="must stand beside the file"):
        import_file(articles / "a.md")
    assert not Article.objects.exists()


# --- All or nothing --------------------------------------------------------------------


def nothing_is_there():
    return not any(
        model.objects.exists() for model in (Article, Author, Category, Tag, ArticleImage)
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("![甲](x.png)", "picture 'x.png': 图片已损坏"),
        ("![甲](none.png)", "picture 'none.png': No such file"),
        (">" * 100 + "甲", "嵌套"),
        ("[" * 4_000, "方括号过多"),
    ],
)
def test_what_cannot_come_in_whole_does_not_come_in(write, body, reason):
    write("x.png", make_image(300, 300)[:-30])
    with pytest.raises(ArticleImportError, match=reason) as refusal:
        import_file(write("a.md", article_file(body, **FULL)))
    assert "a.md:" in str(refusal.value)
    assert nothing_is_there()


def test_a_failed_update_leaves_the_article_as_it_was(write):
    path = write("a.md", article_file(**FULL))
    import_file(path)
    before = list(Article.objects.values())
    write("a.md", article_file(">" * 100 + "甲", **FULL | {"author": "新作者", "tags": "[新标签]"}))
    with pytest.raises(ArticleImportError):
        import_file(path)
    assert list(Article.objects.values()) == before
    assert not Author.objects.filter(name="新作者").exists()
    assert [author.name for author in Article.objects.get().signers] == ["林知远", "沈砚秋"]


def test_a_run_stores_nothing_of_a_failed_file(write):
    paths = [
        write("a.md", article_file("[" * 4_000, author="林知远")),
        write("b.md", article_file(author="沈砚秋")),
        write("c.md", article_file(id=7, author="沈砚秋", category="别处")),
    ]
    outcomes = dict(import_files(paths))
    assert isinstance(outcomes.pop(paths[0]), ArticleImportError)
    assert set(outcomes.values()) == {CREATED}
    assert [author.name for author in Author.objects.all()] == ["沈砚秋"]
    assert Category.objects.count() == 3


# --- The commands ----------------------------------------------------------------------


def run(*arguments):
    """Run import_articles; return its output, its errors and whether it failed."""
    out, errors, failed = io.StringIO(), io.StringIO(), False
    try:
        call_command("import_articles", *map(str, arguments), stdout=out, stderr=errors)
    except SystemExit as end:
        failed = end.code != 0
    return out.getvalue(), errors.getvalue(), failed


def test_the_command_counts_what_it_did(write):
    folder = write("a.md", article_file(id=1)).parent
    write("deep/b.md", article_file(id=2))
    write("note.txt", "no article")
    assert run(folder) == ("2 created, 0 updated, 0 unchanged, 0 failed\n", "", False)
    write("a.md", article_file("新的正文", id=1))
    assert run(folder)[0] == "0 created, 1 updated, 1 unchanged, 0 failed\n"


def test_the_command_names_bad_files_takes_the_rest_and_fails(write):
    bad = write("a.md", article_file(id="x"))
    folder = write("b.md", article_file(id=2)).parent
    out, errors, failed = run(folder)
    assert out == "1 created, 0 updated, 0 unchanged, 1 failed\n"
    assert errors.startswith(f"{bad}:4: id must be a whole number")
    assert failed
    assert Article.objects.count() == 1


def test_the_command_tells_of_its_progress(write, monkeypatch):
    monkeypatch.setattr("articles.management.commands.import_articles.PROGRESS_SECONDS", -1)
    folder = write("a.md", article_file(id=1)).parent
    write("b.md", article_file(id=2))
    assert run(folder)[0].splitlines()[:2] == ["1 of 2 files", "2 of 2 files"]


def test_the_command_takes_files_and_refuses_what_is_not_there(write, tmp_path):
    path = write("a.md", article_file())
    assert run(path)[0].startswith("1 created")
    with pytest.raises(CommandError, match="no such file"):
        run(path, tmp_path / "none")


def test_a_file_that_cannot_be_read_is_named(write, tmp_path):
    folder = write("a.md", article_file()).parent
    (folder / "b.md").symlink_to(tmp_path / "nowhere")
    (folder / "c.md").mkdir()
    out, errors, failed = run(folder)
    assert out.startswith("1 created")
    assert "b.md:1: No such file or directory" in errors
    assert failed


def test_articles_can_be_rendered_anew(write, monkeypatch):
    monkeypatch.setattr("articles.management.commands.render_articles.BATCH", 2)
    monkeypatch.setattr("articles.management.commands.render_articles.PROGRESS_SECONDS", -1)
    ids = [make_article(f"第{number}篇").pk for number in range(5)]
    Article.objects.filter(pk=ids[1]).update(body="[" * 4_000)
    Article.objects.exclude(pk=ids[1]).update(body="新的正文")
    before = timezone.now()
    out, errors = io.StringIO(), io.StringIO()
    call_command("render_articles", stdout=out, stderr=errors)
    assert out.getvalue().splitlines()[-1] == "4 rendered, 1 failed"
    assert len(out.getvalue().splitlines()) == 4, "a line of progress for each batch"
    assert errors.getvalue() == f"article {ids[1]}: 正文的方括号过多\n"
    assert Article.objects.filter(body_html="<p>新的正文</p>").count() == 4
    assert "先留证据" in Article.objects.get(pk=ids[1]).body_html, "what cannot be rendered stays"
    assert not Article.objects.filter(updated_at__gte=before).exists()


@pytest.mark.parametrize(("arguments", "rendered"), [((), 3), ((0, 2), 2), (("--from", 1), 2)])
def test_some_articles_can_be_rendered_anew(arguments, rendered):
    ids = [make_article(f"第{number}篇").pk for number in range(3)]
    chosen = [argument if isinstance(argument, str) else ids[argument] for argument in arguments]
    out = io.StringIO()
    call_command("render_articles", *map(str, chosen), stdout=out)
    assert out.getvalue() == f"{rendered} rendered, 0 failed\n"
