"""The database itself refuses two versions of a statute that overlap in time.

PostgreSQL has exclusion constraints for this; SQLite has triggers. Django rebuilds a table on
SQLite to change it, and loses its triggers then: a migration that alters StatuteVersion must
run these operations again (tests/statutes/test_models.py notices when it does not).
"""

from django.db import migrations

POSTGRESQL = """
ALTER TABLE statutes_statuteversion ADD CONSTRAINT versions_never_overlap EXCLUDE USING gist (
    int8range(statute_id, statute_id, '[]') WITH &&,
    daterange(effective_from, effective_until) WITH &&
) WHERE (effective_from IS NOT NULL)
"""

SQLITE = """
CREATE TRIGGER versions_never_overlap_{name} BEFORE {event} ON statutes_statuteversion
WHEN NEW.effective_from IS NOT NULL
    AND (NEW.effective_until IS NULL OR NEW.effective_until > NEW.effective_from)
    AND EXISTS (
    SELECT 1 FROM statutes_statuteversion AS other
    WHERE other.statute_id = NEW.statute_id AND other.id IS NOT NEW.id
        AND other.effective_from IS NOT NULL
        AND (other.effective_until IS NULL OR other.effective_until > other.effective_from)
        AND (other.effective_until IS NULL OR other.effective_until > NEW.effective_from)
        AND (NEW.effective_until IS NULL OR NEW.effective_until > other.effective_from)
) BEGIN SELECT RAISE(ABORT, 'versions_never_overlap'); END
"""
EVENTS = {
    "insert": "INSERT",
    "update": "UPDATE OF statute_id, effective_from, effective_until",
}


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    else:
        for name, event in EVENTS.items():
            schema_editor.execute(SQLITE.format(name=name, event=event))


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE statutes_statuteversion DROP CONSTRAINT versions_never_overlap"
        )
    else:
        for name in EVENTS:
            schema_editor.execute(f"DROP TRIGGER versions_never_overlap_{name}")


class Migration(migrations.Migration):
    dependencies = [("statutes", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
