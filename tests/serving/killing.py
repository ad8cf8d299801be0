"""A command, or the served site, in a process that kills itself in the midst of its work.

    python tests/serving/killing.py COMMITS EVENTS COMMAND …

It dies so many events after so many commits, counted from the beginning of the command or of a
POST (DIE_AFTER in the environment). Events are calls and returns of functions, C's among them:
so it falls anywhere, between two statements of a transaction, before a commit, while a file is
written.
"""

import os
import signal
import sys

import django
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawsite.settings")


def die_after(commits: int, events: int) -> None:
    """Let this process be killed, if this thread comes so far."""
    commit = BaseDatabaseWrapper._commit.__code__

    def count(frame, event, argument):
        nonlocal commits, events
        if commits:
            commits -= event == "return" and frame.f_code is commit
        elif events:
            events -= 1
        else:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def application(environ, start_response):
    """Answer as the site; a POST kills the server."""
    if environ["REQUEST_METHOD"] != "POST":
        return site(environ, start_response)
    die_after(*map(int, os.environ["DIE_AFTER"].split()))
    try:
        return site(environ, start_response)
    finally:
        sys.setprofile(None)


if __name__ == "__main__":
    django.setup()
    commits, events, *command = sys.argv[1:]
    die_after(int(commits), int(events))
    call_command(*command)
else:
    from lawsite.wsgi import application as site
