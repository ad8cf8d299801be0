"""Pictures: decoded, bounded, freed of metadata and stored with smaller versions."""

import hashlib
import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from statutes import files

from .typesetting import Picture

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 2_000  # pixels; larger pictures are made smaller
SMALLER_WIDTHS = (320, 720)  # pixels
KINDS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "png"}  # by content → stored as
KINDS |= {"BMP": "png"}
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}


class ImageError(ValueError):
    """A file that is no picture we take; says why, in Chinese."""


@dataclass(frozen=True)
class StoredImage:
    name: str  # in the media storage
    width: int
    height: int


def store(content: bytes, folder: str = "images") -> StoredImage:
    """Store a picture under the hash of its content; storing it again changes nothing.

    The type is read from the content, never from a name. The picture is written anew, so
    that metadata and whatever else the file carried stay behind. Raises ImageError.
    """
    picture, extension = _decode(content)
    digest = hashlib.sha256(content).hexdigest()[:20]
    name = f"{folder}/{digest[:2]}/{digest}.{extension}"
    _write(name, picture, extension)
    for width in smaller_widths(picture.width):
        height = max(1, round(picture.height * width / picture.width))
        smaller = _full_colour(picture).resize((width, height), Image.Resampling.LANCZOS)
        _write(version_name(name, width), smaller, extension)
    return StoredImage(name, picture.width, picture.height)


STORED_NAME = re.compile(r"images/[0-9a-f]{2}/[0-9a-f]{20}\.(?:jpg|png|webp)")


def stored(name: str) -> StoredImage | None:
    """Return a picture that `store` put into the folder images, by its name; None if it is not."""
    if not STORED_NAME.fullmatch(name) or not default_storage.exists(name):
        return None
    try:
        with default_storage.open(name) as file, Image.open(file, formats=list(KINDS)) as opened:
            return StoredImage(name, *opened.size)
    except (OSError, UnidentifiedImageError):
        return None


def smaller_widths(width: int) -> list[int]:
    """Return the widths of the versions kept of a picture, narrowest first."""
    return [smaller for smaller in SMALLER_WIDTHS if smaller < width]


def version_name(name: str, width: int) -> str:
    """Return the name of a smaller version: images/ab/abcd.png → images/ab/abcd-320.png."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}-{width}{path.suffix}"))


def picture(name: str, width: int, height: int) -> Picture:
    """Return a stored image as the renderer takes it."""
    return Picture(
        url=default_storage.url(name),
        width=width,
        height=height,
        smaller=tuple(
            (smaller, default_storage.url(version_name(name, smaller)))
            for smaller in smaller_widths(width)
        ),
    )


def smallest_url(name: str, width: int) -> str:
    """Return the address of the smallest version kept of a picture."""
    smaller = smaller_widths(width)
    return default_storage.url(version_name(name, smaller[0]) if smaller else name)


def _decode(content: bytes) -> tuple[Image.Image, str]:
    if len(content) > MAX_BYTES:
        raise ImageError(f"图片超过{MAX_BYTES // 1024 // 1024}MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=list(KINDS))
            if opened.width * opened.height > MAX_PIXELS:
                raise ImageError(f"图片超过{MAX_PIXELS // 10_000}万像素")
            # A telephone's JPEG with a second picture behind it is MPO to Pillow.
            kind = "JPEG" if opened.format == "MPO" else opened.format
            opened.load()
    except ImageError:
        raise
    except UnidentifiedImageError:
        raise ImageError("不是JPEG、PNG、WebP、GIF或BMP图片") from None
    except Exception as error:  # Pillow raises whatever a broken file makes it raise
        raise ImageError(f"图片已损坏（{type(error).__name__}）") from None
    turned = ImageOps.exif_transpose(opened)
    turned.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    if kind == "JPEG" and turned.mode not in ("RGB", "L"):
        turned = turned.convert("RGB")
    elif turned.mode not in ("RGB", "RGBA", "L", "LA", "P"):
        turned = turned.convert("RGBA")
    return turned, KINDS[kind]


def _full_colour(picture: Image.Image) -> Image.Image:
    """Return a picture whose colours can be mixed, as making it smaller needs."""
    if picture.mode != "P":
        return picture
    return picture.convert("RGBA" if "transparency" in picture.info else "RGB")


def _write(name: str, picture: Image.Image, extension: str) -> None:
    if default_storage.exists(name):
        return
    bare = picture.copy()
    transparency = bare.info.get("transparency")
    bare.info = {} if transparency is None else {"transparency": transparency}
    buffer = io.BytesIO()
    options = {"quality": 82} if extension != "png" else {"optimize": True}
    bare.save(buffer, FORMATS[extension], **options)
    files.write(Path(default_storage.path(name)), buffer.getbuffer())
