"""One table of all figures.

    python -m tests.bench [--sizes 1000,100000] [--only pages,rendering] [--folder DIR]

Datasets are kept in the folder ($BENCH_DIR, else data/bench); sizes are $BENCH_SIZES, else 1,000,
100,000 and 1,200,000, of which the last takes minutes to make and 20 GB. On PostgreSQL:
DATABASE_URL=postgres://…/bench, and a folder of its own.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules

from tests.bench import datasets

TOOLS = {"__main__", "datasets", "measuring", "same_bytes", "subject"}
SIZES = "1000,100000,1200000"


def subjects() -> list[str]:
    folder = [str(Path(__file__).parent)]
    return sorted({module.name for module in iter_modules(folder)} - TOOLS)


def measure(subject: str, folder: Path) -> list[dict]:
    """Return the rows of a subject, taken in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.subject", subject],
        cwd=datasets.ROOT,
        env=datasets.environment(folder),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if run.returncode:
        print(f"{subject}: failed", file=sys.stderr)
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


def show(articles: str, row: dict) -> None:
    figure = f"{row['value']:,.2f} {row['unit']}"
    yardstick = ratio = ""
    if row["measure"]:
        yardstick = f"{row['yardstick']} {row['measure']:,.2f}"
        ratio = f"{row['value'] / row['measure']:,.1f}"
    columns = (f"{row['what']:44}", f"{articles:>10}", f"{figure:>18}", f"{ratio:>8}")
    print("  ".join((*columns, f"{row['wanted']:14}", yardstick)).rstrip(), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--sizes", default=os.environ.get("BENCH_SIZES", SIZES))
    parser.add_argument("--only", default=os.environ.get("BENCH_ONLY", ""))
    parser.add_argument("--folder", type=Path, default=os.environ.get("BENCH_DIR", "data/bench"))
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    wanted = [name for name in subjects() if not options.only or name in options.only.split(",")]
    print(f"{platform.platform()}, {os.cpu_count()} processors, Python {sys.version.split()[0]}")
    print(f"{'what':44}  {'articles':>10}  {'figure':>18}  {'ratio':>8}  {'wanted':14}  yardstick")
    for place, size in enumerate(sizes):
        folder = options.folder.resolve() / str(size)
        datasets.make(folder, size)
        for name in wanted:
            needs = _needs_dataset(name)
            if needs or place == 0:
                for row in measure(name, folder):
                    show(f"{size:,}" if needs else "", row)


def _needs_dataset(name: str) -> bool:
    """Read from the source whether a subject does; to import it takes Django set up."""
    source = (Path(__file__).parent / f"{name}.py").read_text()
    return "NEEDS_DATASET = False" not in source


if __name__ == "__main__":
    main()
