"""Take the rows of one subject in this process: a line of JSON each."""

import gc
import json
import sys
from importlib import import_module

import django
from django.conf import settings


def main(name: str) -> None:
    django.setup()
    settings.DEBUG = False
    measuring = import_module("tests.bench.measuring")
    subject = import_module(f"tests.bench.{name}")
    gc.freeze()  # as lawsite/wsgi.py does
    for row in subject.rows():
        if not isinstance(row, measuring.Row):  # (what, milliseconds, yardstick, its milliseconds)
            what, value, yardstick, measure = row
            row = measuring.Row(what, value, "ms", yardstick, measure)
        print(json.dumps(row._asdict(), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
