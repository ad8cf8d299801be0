"""A Word file opened in the article's form: read as import_word reads it, its pictures stored."""

from dataclasses import dataclass
from pathlib import PurePath

from .. import images
from ..rendering import MAX_LENGTH as MAX_BODY
from .cleaning import CleaningError, to_markdown
from .parse_word import WordError, parse_word

MAX_BYTES = 20_000_000
MAX_PICTURES = 100


class OpeningError(ValueError):
    """A file that is not taken into the form; says why, in Chinese."""


@dataclass(frozen=True)
class Opened:
    """What the form is given; `notes` name what was not taken, or is to be looked at."""

    title: str
    markdown: str
    pictures: int
    notes: tuple[str, ...] = ()


def open_word(content: bytes, filename: str) -> Opened:
    """Read a Word file. Raises OpeningError."""
    if len(content) > MAX_BYTES:
        raise OpeningError(f"文件超过{MAX_BYTES // 1_000_000}MB")
    notes, names = [], {}
    try:
        word = parse_word(content, key="", name=PurePath(filename).stem, category=())
        if len(word.pictures) > MAX_PICTURES:
            raise OpeningError(f"文件里有{len(word.pictures)}张图片，最多{MAX_PICTURES}张")
        for number, (address, picture) in enumerate(word.pictures.items(), start=1):
            try:
                names[address] = images.store(picture).name
            except images.ImageError as error:
                notes.append(f"第{number}张图片：{error}")
        cleaned = to_markdown(
            word.html, title=word.title, picture=lambda address: names.get(address, "")
        )
    except (WordError, CleaningError) as error:
        raise OpeningError(str(error)) from None
    if not cleaned.markdown.strip():
        raise OpeningError("文件里没有文字")
    if len(cleaned.markdown) > MAX_BODY:
        raise OpeningError(f"正文超过{MAX_BODY}个字符，请拆分后再导入")
    return Opened(
        title=word.title,
        markdown=cleaned.markdown,
        pictures=len(names),
        notes=(*notes, *word.notes, *(f"没有写入：{words}" for words in cleaned.removed)),
    )
