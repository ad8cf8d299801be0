"""What an editor should look at before a text is stored, in Chinese. Pure.

Nothing here is certain: the text is as it was read, and the editor decides.
"""

import re
from collections.abc import Iterator

from statutes import numerals
from statutes.importing.parsed import ParsedProvision, ParsedVersion
from statutes.importing.pasted import ENDS_TITLE, cut_short
from statutes.importing.text import Line, amends_another, read_article

_NUMBER_ALONE = re.compile(r"\d{1,4}(?:\s?/\s?\d{1,4})?")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,100}>|&(?:nbsp|emsp|ensp|#\d{1,6});|\*\*|\]\(http")
_TABLE = re.compile(r"\S\t\S|^\|.*\|$", re.MULTILINE)
_WITHIN = re.compile(rf"(?<=[。；”])\s*第{numerals.NUMERAL}条\s")
_SENTENCE_END = tuple("。；：！？”’）)…》|")
_LEAST_SHARE = 0.5
_NAMED = 5


def doubts(parsed: ParsedVersion) -> list[str]:
    """Return what seems wrong with a text as it was read, the weightiest first."""
    return [*_of_document(parsed), *_of_provisions(parsed)]


def far_fewer(parsed: ParsedVersion, before: int) -> list[str]:
    """Return the doubt that much is missing, seeing how many provisions stood there before."""
    count = len(parsed.provisions)
    if count >= _LEAST_SHARE * before:
        return []
    return [f"前一版本有{before}条，这里只读到{count}条：全文是否粘贴完整？"]


def _of_document(parsed: ParsedVersion) -> Iterator[str]:
    if not ENDS_TITLE.search(parsed.title):
        yield f"“{parsed.title}”不像法规名称：第一行应是标题"
    amends = amends_another(parsed.title)
    if (amends and "修改" in parsed.title) or parsed.label == "修正案":
        yield (
            "这是一份修改文件，载入后自成一部，不会成为所修改法规的新版本；"
            "要更新那部法规，请粘贴它修改后的全文"
        )
    if _MARKUP.search(f"{parsed.title}\n{parsed.body.preamble}"):
        yield "第一条之前有网页或Markdown的标记：请粘贴网页上显示的文字"
    provisions = parsed.provisions
    if not provisions:
        return
    if amends and (inside := _text_within(parsed)):
        yield f"后面似乎附有修改后的全文（在“{inside.label}”之后），请把它单独载入"
    first = provisions[0]
    if (first.number, first.suffix) != (1, 0) and not amends:
        yield f"从{first.label}开始，前面的条文没有读到"
    last = provisions[-1]
    if not (last.text.endswith(_SENTENCE_END) or _has_number_alone(last.text)):
        yield f"{last.label}没有在句末结束：全文是否粘贴完整？"


def _text_within(parsed: ParsedVersion) -> ParsedProvision | None:
    """Return the provision of an amending document below which another's 第一条 begins."""
    for provision in parsed.provisions:
        for line in provision.text.split("\n")[1:]:
            marker = read_article(line)
            if marker and marker.place == (1, 0):
                return provision
    return None


def _of_provisions(parsed: ParsedVersion) -> Iterator[str]:
    amends = amends_another(parsed.title)
    found = {
        "里有单独一行的数字，是不是页码": _has_number_alone,
        "里又出现了法规名称，是不是页眉": lambda text: parsed.title in text.split("\n"),
        "里有网页或Markdown的标记": _MARKUP.search,
        "里有表格，按行存为文字": _TABLE.search,
        "里似乎连着别的条": lambda text: not amends and _WITHIN.search(text),
        "里有不在句末的换行，会被当作另一款": lambda text: not amends and _is_cut_short(text),
    }
    for words, is_so in found.items():
        labels = [provision.label for provision in parsed.provisions if is_so(provision.text)]
        if labels:
            more = f"等{len(labels)}条" if len(labels) > _NAMED else ""
            yield f"{'、'.join(labels[:_NAMED])}{more}{words}"


def _has_number_alone(text: str) -> bool:
    return any(_NUMBER_ALONE.fullmatch(line) for line in text.split("\n"))


def _is_cut_short(text: str) -> bool:
    first, *rest = text.split("\n")
    return bool(cut_short([Line(1, f"第一条 {first}"), *(Line(2, line) for line in rest)]))
