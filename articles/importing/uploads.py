"""Files of the old site's upload folder: found by their old address, stored in media."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from django.core.files.storage import default_storage

from statutes import files

from .. import images

MAX_BYTES = 50 * 1024 * 1024
PICTURES = {"jpg", "jpeg", "jpe", "png", "gif", "webp", "bmp", "ico", "svg", "avif", "tif", "tiff"}
# What may be offered for download; nothing among them runs in a browser.
FILES = {"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "rtf", "txt", "csv"}
FILES |= {"zip", "rar", "7z", "mp3", "m4a", "wav", "mp4", "mov", "webm"}


class UploadError(ValueError):
    """A file that is not taken over; says why, in Chinese."""


def extension(path: str) -> str:
    return PurePosixPath(path.partition("?")[0]).suffix.lstrip(".").lower()


@dataclass
class Uploads:
    """Folders with the old site's files: its root, its upload folder, or a part of it."""

    folders: list[Path] = field(default_factory=list)

    def find(self, path: str) -> Path | None:
        """Return the file of an old address, /zb_users/upload/2019/03/a.png, if it is there.

        The folder may be any of those in the address. Nothing outside of it is ever found.
        """
        parts = [part for part in path.partition("?")[0].split("/") if part not in ("", ".")]
        if not parts or ".." in parts or "\0" in path or len(path) > 1_000:
            return None
        for folder in self.folders:
            for start in range(len(parts)):
                for name in _names(parts[-1]):
                    file = folder.joinpath(*parts[start:-1], name)
                    if self._is_inside(file, folder):
                        return file
        return None

    @staticmethod
    def _is_inside(file: Path, folder: Path) -> bool:
        try:
            return file.is_file() and file.resolve().is_relative_to(folder.resolve())
        except OSError:  # a name longer than any file's
            return False


def _names(name: str) -> list[str]:
    """Return a file's name, and that of the picture which WordPress made it of."""
    original = re.sub(r"-(?:\d{1,4}x\d{1,4}|scaled|rotated)(?=\.\w+$)", "", name)
    return [name] if original == name else [name, original]


def read_picture(file: Path) -> bytes:
    """Return a picture's bytes. Raises UploadError."""
    try:
        if file.stat().st_size > images.MAX_BYTES:
            raise UploadError(f"图片超过{images.MAX_BYTES // 1024 // 1024}MB")
        return file.read_bytes()
    except OSError as error:
        raise UploadError(f"无法读取（{error.strerror}）") from None


def store_file(file: Path) -> str:
    """Store a file that is no picture under the hash of its content; return its address."""
    kind = extension(file.name)
    if kind not in FILES:
        raise UploadError(f"不接收.{kind}文件")
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UploadError(f"文件超过{MAX_BYTES // 1024 // 1024}MB")
        content = file.read_bytes()
    except OSError as error:
        raise UploadError(f"无法读取（{error.strerror}）") from None
    digest = hashlib.sha256(content).hexdigest()[:20]
    name = f"files/{digest[:2]}/{digest}.{kind}"
    if not default_storage.exists(name):
        files.write(Path(default_storage.path(name)), content)
    return default_storage.url(name)
