"""Pictures: decoded, bounded, freed of metadata, stored with smaller versions."""

import io
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from articles import images
from articles.images import ImageError, picture, smaller_widths, store, version_name
from statutes import files
from tests.factories import make_image


@pytest.fixture
def media(settings):
    return Path(settings.MEDIA_ROOT)


def opened(path):
    with Image.open(path) as image:
        image.load()
        return image


def names(media):
    return sorted(path.name for path in media.rglob("*.*"))


@pytest.mark.parametrize(
    ("kind", "extension"),
    [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "png"), ("BMP", "png")],
)
def test_a_picture_is_stored_by_its_content(media, kind, extension):
    stored = store(make_image(kind=kind))
    assert stored.name.startswith("images/")
    assert stored.name.endswith(f".{extension}")
    assert (stored.width, stored.height) == (80, 60)
    assert opened(media / stored.name).size == (80, 60)


def test_storing_again_changes_nothing(media):
    first = store(make_image(800, 600))
    before = {path: path.stat().st_mtime_ns for path in media.rglob("*.*")}
    assert store(make_image(800, 600)) == first
    assert {path: path.stat().st_mtime_ns for path in media.rglob("*.*")} == before


@pytest.mark.parametrize(
    ("width", "smaller"), [(80, []), (320, []), (321, [320]), (720, [320]), (1000, [320, 720])]
)
def test_smaller_versions_are_kept_of_wider_pictures(media, width, smaller):
    stored = store(make_image(width, 100))
    assert smaller_widths(width) == smaller
    sizes = [opened(media / version_name(stored.name, each)).width for each in smaller]
    assert sizes == smaller
    assert len(names(media)) == 1 + len(smaller)


def test_a_huge_picture_is_made_smaller():
    stored = store(make_image(3000, 1500))
    assert (stored.width, stored.height) == (2000, 1000)


def test_a_thin_picture_keeps_a_height(media):
    stored = store(make_image(1999, 1))
    assert opened(media / version_name(stored.name, 320)).size == (320, 1)


def test_the_renderer_gets_addresses_of_all_versions():
    assert picture("images/ab/abcd.png", 1000, 500) == images.Picture(
        "/media/images/ab/abcd.png",
        1000,
        500,
        ((320, "/media/images/ab/abcd-320.png"), (720, "/media/images/ab/abcd-720.png")),
    )


# --- What stays behind -----------------------------------------------------------------


def test_metadata_stays_behind(media):
    text = PngInfo()
    text.add_text("Comment", "secret words")
    text.add_itxt("XML:com.adobe.xmp", "<secret/>")
    icc = b"secret profile"
    for content in (
        make_image(400, 300, pnginfo=text, icc_profile=icc),
        make_image(400, 300, kind="JPEG", comment=b"secret words", icc_profile=icc),
        make_image(400, 300, kind="WEBP", xmp=b"<secret/>", icc_profile=icc),
        make_image(400, 300, kind="GIF", comment=b"secret words"),
    ):
        assert b"secret" in content
        store(content)
    for path in media.rglob("*.*"):
        assert b"secret" not in path.read_bytes()


def test_what_follows_the_picture_stays_behind(media):
    stored = store(make_image() + b"<?php system('x'); ?><script>alert(1)</script>")
    assert b"script" not in (media / stored.name).read_bytes()


def test_a_picture_taken_upright_stays_upright(media):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter to see it upright
    stored = store(make_image(80, 60, kind="JPEG", exif=exif))
    assert (stored.width, stored.height) == (60, 80)
    assert not opened(media / stored.name).getexif()


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16", "CMYK", "F", "YCbCr"]
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_picture_of_any_mode_is_stored_or_refused(mode, kind):
    buffer = io.BytesIO()
    try:
        Image.new(mode, (400, 300)).save(buffer, kind)
    except (OSError, ValueError):
        buffer = io.BytesIO(make_image(400, 300, kind=kind))  # that kind has no such mode
    if kind == "TIFF":
        with pytest.raises(ImageError, match="不是JPEG、PNG、WebP、GIF或BMP图片"):
            store(buffer.getvalue())
    else:
        assert store(buffer.getvalue()).width == 400


def test_transparency_stays(media):
    see_through = Image.new("P", (400, 10))
    see_through.putpalette([255, 0, 0] * 256)
    buffer = io.BytesIO()
    see_through.save(buffer, "PNG", transparency=0)
    stored = store(buffer.getvalue())
    for name in (stored.name, version_name(stored.name, 320)):
        assert opened(media / name).convert("RGBA").getpixel((5, 5))[3] == 0


# --- What is refused -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "不是JPEG、PNG、WebP、GIF或BMP图片"),
        (b"<svg onload='alert(1)'/>", "不是JPEG、PNG、WebP、GIF或BMP图片"),
        (make_image(kind="TIFF"), "不是JPEG、PNG、WebP、GIF或BMP图片"),
        (make_image(500, 500)[:-40], "图片已损坏"),
        (make_image(500, 500, kind="JPEG")[:-40], "图片已损坏"),
        (make_image() + b"\0" * images.MAX_BYTES, "图片超过12MB"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_reason(media, content, reason):
    with pytest.raises(ImageError, match=reason):
        store(content)
    assert names(media) == []


def test_a_pixel_bomb_is_refused_before_it_is_unpacked(media, monkeypatch):
    monkeypatch.setattr(images, "MAX_PIXELS", 100)
    with pytest.raises(ImageError, match="万像素"):
        store(make_image(11, 10)[:60])  # broken too: nobody looked that far
    assert store(make_image(10, 10)).width == 10
    assert len(names(media)) == 1


def test_a_picture_of_too_many_pixels_for_pillow_itself_is_refused():
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    with pytest.raises(ImageError):
        store(head + b"\0" * 20)


def test_an_animated_picture_stands_still(media):
    frames = [Image.new("P", (80, 60), colour) for colour in (0, 1, 2)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    stored = store(buffer.getvalue())
    assert getattr(opened(media / stored.name), "n_frames", 1) == 1


def test_a_telephones_picture_of_two_is_its_first(media):
    """Many telephones write a JPEG with a second picture behind it: MPO to Pillow."""
    first, second = (Image.new("RGB", (80, 60), colour) for colour in ("red", "blue"))
    buffer = io.BytesIO()
    first.save(buffer, "MPO", save_all=True, append_images=[second])
    stored = store(buffer.getvalue())
    assert stored.name.endswith(".jpg")
    assert opened(media / stored.name).getpixel((1, 1))[0] > 200


def test_a_crash_while_writing_leaves_no_half_picture_under_its_name(media, monkeypatch):
    def crash(*args):
        raise OSError("no space left")

    with monkeypatch.context() as context:
        context.setattr(files.os, "fsync", crash)
        with pytest.raises(OSError, match="no space"):
            store(make_image())
    assert not names(media)
    assert opened(media / store(make_image()).name).size == (80, 60)
