"""Other processes for bulk work: they begin with nothing but their own interpreter."""

import subprocess
import sys

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


def test_new_processes_do_work_that_needs_the_models(tmp_path):
    script = tmp_path / "ask.py"
    answers = []
    for processes in (1, 2):
        script.write_text(ASK.format(processes=processes))
        run = subprocess.run(
            [sys.executable, script],
            env={"PYTHONPATH": str(settings.BASE_DIR), "DEBUG": "1", "DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        answers.append(run.stdout)
    assert answers[0] == answers[1]
    assert answers[0].startswith("[(0.05, 5), (0.1, 10)")


def test_one_process_starts_no_other():
    with Workers(1) as workers:
        assert workers.pool is None
        assert list(workers.each(len, ["甲", "甲乙"])) == [("甲", 1), ("甲乙", 2)]
