"""Texts and questions that a command is handed: a file, or what is piped into it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandError

PIPED = "-"


def read(file: str) -> str:
    """Return the text of a file, of the input with `-`. Raises CommandError, naming the file."""
    try:
        content = sys.stdin.buffer.read() if file == PIPED else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CommandError(f"{file}: not UTF-8 at byte {error.start}") from None


def holds(file: str) -> bool:
    """Tell whether JSON Lines are to be expected of `file`."""
    return file == PIPED or file.endswith(".jsonl")


def questions(file: str, words: str) -> Iterator[tuple[str, dict]]:
    """Yield (place, question) for each line that is not blank: `{"id": …, words: "…"}`.

    A place is `file:line`. Raises CommandError, naming the place, at a line of another shape.
    """
    for number, line in enumerate(read(file).split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{file}:{number}"
        try:
            question = json.loads(line)
            is_one = isinstance(question[words], str) and "id" in question
        except (ValueError, KeyError, TypeError, RecursionError):
            is_one = False
        if not is_one:
            raise CommandError(f'{place}: not a line of {{"id": …, "{words}": …}}')
        yield place, question


def dump(row: dict) -> str:
    return json.dumps(row, ensure_ascii=False)
