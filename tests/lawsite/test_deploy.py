"""What stands in deploy/: units that name what is there, a configuration filled in whole."""

import configparser
import io
import os
import re
import subprocess

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands

from lawsite import page_cache

UNITS = sorted((settings.BASE_DIR / "deploy" / "systemd").iterdir())


def read(path):
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string(path.read_text().replace("\\\n", " "))
    return unit


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_what_there_is(path):
    unit = read(path)
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS
        return
    service = unit["Service"]
    assert service["User"] == "lawsite"
    assert service["EnvironmentFile"] == "/etc/lawsite/environment"
    command = re.search(r"manage\.py (\w+)", service["ExecStart"])
    assert command[1] in get_commands() if command else "granian" in service["ExecStart"]


@pytest.mark.usefixtures("kept_connection")
def test_nginx_is_told_the_headers_and_places_of_this_site(client):
    out = io.StringIO()
    call_command("nginx_conf", "--upstream", "127.0.0.1:8123", stdout=out)
    conf = out.getvalue()
    assert "{{" not in conf
    assert "{%" not in conf
    assert "server 127.0.0.1:8123;" in conf
    for name in ("Cache-Control", "Content-Security-Policy", "X-Frame-Options"):
        assert f'add_header {name} "{client.get("/")[name]}";' in conf
    assert f"root {settings.PAGE_CACHE_DIR};" in conf
    assert "ssl" not in conf


@pytest.mark.usefixtures("kept_connection")
def test_an_https_site_is_served_by_https_alone(settings):
    settings.SITE_URL, settings.IS_HTTPS = "https://law.example.com", True
    out = io.StringIO()
    call_command("nginx_conf", stdout=out)
    assert "listen 443 ssl http2;" in out.getvalue()
    assert "return 301 https://law.example.com$request_uri;" in out.getvalue()
    assert "proxy_set_header X-Forwarded-Proto https;" in out.getvalue()


@pytest.mark.django_db
def test_without_a_database_there_is_no_configuration(monkeypatch):
    away = page_cache.Answer(503, [], b"")
    monkeypatch.setattr(page_cache, "ask", lambda *args: away)
    with pytest.raises(CommandError, match="database"):
        call_command("nginx_conf", stdout=io.StringIO())


def test_the_operator_hears_that_the_cache_is_off():
    out = io.StringIO()
    call_command("page_cache", stdout=out)
    assert "off" in out.getvalue()


def test_what_runs_beside_the_server_is_begun_again_when_it_is_killed(tmp_path):
    told = tmp_path / "told"
    (tmp_path / "secret-key").write_text("k")
    twice = " && ".join(
        f"[ $(grep -c {name} {told}) -ge 2 ]" for name in ("follow_changes", "work_due")
    )
    programs = {
        "python": f'case $2 in follow_changes|work_due) echo "$@" >> {told}; kill -9 $$;; esac',
        "granian": f"until {twice}; do sleep 0.05; done; echo $$ > {told}.server",
    }
    for name, program in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / name).chmod(0o755)
    subprocess.run(
        ["sh", "deploy/run.sh"],
        env=os.environ
        | dict.fromkeys(("BIN", "DATA_DIR"), str(tmp_path))
        | {"PORT": "0", "SITE_URL": "x"},
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=90,
        check=True,
    )
    server = told.with_suffix(".server").read_text().strip()
    for command in ("follow_changes", "work_due --every 20"):
        assert told.read_text().count(f"manage.py {command} --with {server}\n") >= 2
