"""Processes for bulk work: the others begin with nothing but their own interpreter."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

from articles.workers import Workers

ASK = """
from articles.workers import Workers
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "lawsite.settings"
if __name__ == "__main__":
    import django

    django.setup()
    from articles.models import percent

    with Workers({processes}) as workers:
        print(list(workers.each(percent, [number / 20 for number in range(1, 20)])))
"""

SHARE = """
from articles.workers import Workers
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "lawsite.settings"


def do(number):
    if number == 9:
        raise ValueError(number)
    return os.getpid()


if __name__ == "__main__":
    done = []
    with Workers(2) as workers:
        try:
            for number, by in workers.each(do, range(1, 20)):
                done.append((number, by))
        except ValueError as error:
            print([number for number, _ in done], error, os.getpid() in {by for _, by in done})
"""


def test_new_processes_do_work_that_needs_the_models(tmp_path):
    answers = [answer(ASK.format(processes=processes), tmp_path) for processes in (1, 2)]
    assert answers[0] == answers[1]
    assert answers[0].startswith("[(0.05, 5), (0.1, 10)")


def test_who_waits_does_a_part_and_all_comes_in_its_turn(tmp_path):
    assert answer(SHARE, tmp_path) == "[1, 2, 3, 4, 5, 6, 7, 8] 9 True\n"


def answer(program: str, folder: Path) -> str:
    script = folder / "ask.py"
    script.write_text(program)
    run = subprocess.run(
        [sys.executable, script],
        env={"PYTHONPATH": str(settings.BASE_DIR), "DEBUG": "1", "DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_one_process_starts_no_other():
    with Workers(1) as workers:
        assert workers.pool is None
        assert list(workers.each(len, ["甲", "甲乙"])) == [("甲", 1), ("甲乙", 2)]
