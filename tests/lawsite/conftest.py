"""What tests of the site as a whole have in common."""

import pytest
from django.db import connection


@pytest.fixture
def kept_connection(db, monkeypatch):
    """Keep the test's connection, and with it its transaction, where a server would end it."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
