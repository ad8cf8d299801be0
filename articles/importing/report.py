"""What a run of moving in has to tell: counted, the first of each kind shown, all in a file."""

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TextIO

SHOWN = 10
PROGRESS_SECONDS = 5
KINDS = {
    "failed": "未导入",
    "skipped": "跳过",
    "note": "说明",
    "missing picture": "缺失的图片",
    "missing file": "缺失的附件",
    "picture refused": "不接收的图片",
    "file refused": "不接收的附件",
    "left out": "清理掉的文字",
    "film": "改为链接的视频或框架",
    "address": "网址变化（永久跳转）",
    "closing line": "各篇文末重复的一行（清理）",
    "problem": "问题",
}


@dataclass
class Report:
    """Collects messages. With a `file`, each is also one line of JSON in it, at once."""

    out: TextIO
    file: TextIO | None = None
    counts: Counter = field(default_factory=Counter)
    shown: dict[str, list[str]] = field(default_factory=dict)
    told_at: float = field(default_factory=time.monotonic)

    def tell(self, kind: str, where: str, what: str) -> None:
        self.counts[kind] += 1
        some = self.shown.setdefault(kind, [])
        if len(some) < SHOWN:
            some.append(f"{where}：{what}" if where else what)
        if self.file:
            entry = {"kind": kind, "where": where, "what": what}
            self.file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def progress(self, done: int, total: int) -> None:
        if time.monotonic() - self.told_at > PROGRESS_SECONDS:
            self.told_at = time.monotonic()
            self.out.write(f"{done:,} / {total:,}" if total else f"{done:,}")

    def summary(self, counts: Counter, left_out: dict[str, int]) -> None:
        """Write what there is to know at the end."""
        for kind, name in KINDS.items():
            if number := self.counts[kind]:
                self.out.write(f"{name}：{number:,}")
                for line in self.shown[kind]:
                    self.out.write(f"  {line[:300]}")
                if number > SHOWN:
                    self.out.write("  ……" + ("" if self.file else "（全部：--report 文件）"))
        for name, number in left_out.items():
            self.out.write(f"不迁入：{name} {number:,}")
        self.out.write(", ".join(f"{number:,} {name}" for name, number in counts.items()))
