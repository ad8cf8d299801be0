"""The least that a WSGI application can do for a page's bytes: what is left is granian's own."""

import json
import os
from pathlib import Path

BODY = Path(os.environ["PAGE"]).read_bytes()
SENT_BY_GRANIAN = ("server", "date")
HEADERS = [(k, v) for k, v in json.loads(os.environ["HEADERS"]) if k not in SENT_BY_GRANIAN]


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
