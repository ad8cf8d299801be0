import gc
import subprocess
import sys
from pathlib import Path

from statutes.processes import ALLOCATIONS, pool

ROOT = Path(__file__).parents[2]


def test_a_process_of_a_pool_searches_for_garbage_seldom():
    with pool(1) as processes:
        assert processes.submit(gc.get_threshold).result()[0] == ALLOCATIONS


def test_a_command_searches_for_garbage_seldom():
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", "import gc; print(*gc.get_threshold())"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert told.splitlines()[-1].split()[0] == str(ALLOCATIONS)
