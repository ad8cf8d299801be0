"""How fast ready pages are served, beside the cold page and nginx's own files, from one run.

`rows()` starts real servers on a scratch site; `make bench` prints what it returns. Load comes from
wrk where it is installed, else from a small client of our own, which takes its share of the
machine and so brings rates nearer to one another.
"""

import json
import os
import re
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.bench.measuring import Row  # noqa: E402
from tests.serving.machines import NGINX, Client, Reply, Site, free_port, wait_until  # noqa: E402

CONNECTIONS = 16
SECONDS = 4
ROUNDS = 3  # each figure is the median; all are taken in turn, since machines are noisy
PAGES = 10_000
NEEDS_DATASET = False


# For wrk: each address in its turn.
_IN_TURN = """
local paths, at = {%s}, 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def rate(port: int, paths: Sequence[str], coding: str = "br") -> float:
    """Return the answers a second that a server gives to CONNECTIONS clients.

    Several addresses are asked for in turn, which only wrk can do.
    """
    path = paths[0]
    wrk = shutil.which("wrk")
    if wrk:
        command = [
            wrk,
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{SECONDS}",
            "-H",
            f"Accept-Encoding: {coding}",
        ]
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            if len(paths) > 1:
                script.write(_IN_TURN % ",".join(f'"{each}"' for each in paths))
                script.flush()
                command += ["-s", script.name]
            command += [f"http://127.0.0.1:{port}{path}"]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert "Non-2xx" not in out, out
        if len(paths) > 1:
            asked = int(re.search(r"(\d+) requests in", out)[1]) + CONNECTIONS
            assert asked <= len(paths), f"{len(paths)} addresses are too few: some were asked twice"
        return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
    return _own_rate(port, path, coding)


def _own_rate(port: int, path: str, coding: str) -> float:
    """The same by sockets: as all answers are alike, it is enough to count their bytes."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: {coding}\r\n\r\n"
    request = request.encode()
    with socket.create_connection(("127.0.0.1", port)) as probe:
        probe.sendall(request)
        head, _, _body = probe.recv(1 << 20).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        whole = len(head) + 4 + int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    waiting = selectors.DefaultSelector()
    clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    got = dict.fromkeys(clients, 0)
    for client in clients:
        waiting.register(client, selectors.EVENT_READ)
        client.sendall(request)
    answers, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        for key, _ in waiting.select(1):
            client = key.fileobj
            got[client] += len(client.recv(1 << 18))
            if got[client] >= whole:
                got[client] -= whole
                answers += 1
                client.sendall(request)
    for client in clients:
        client.close()
    return answers / SECONDS


def rows(pages: int = PAGES) -> Iterator[Row]:
    """Yield the figures of serving; without nginx only those that need none."""
    folder = Path(tempfile.mkdtemp(prefix="lawsite-serving-"))
    folder.chmod(0o755)
    try:
        yield from _measure(folder, pages)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, pages: int) -> Iterator[Row]:
    site = Site(folder)
    site.prepare()
    site.run("import_statutes", ROOT / "fixtures" / "statutes")  # words for generated articles
    site.run("generate_articles", str(pages))
    site.run("rebuild_search")
    site.run("rebuild_related")  # a page has as much on it as others
    numbers = site.run("shell", "--verbosity", "0", "-c", LIST_IDS).split()[:pages]
    path = f"/hf/{numbers[0]}.html"
    cold = Site(folder, PAGE_CACHE_MB="0")
    first = Site(folder, PAGE_CACHE_DIR=str(folder / "first"))
    with site.serve(), cold.serve(), ExitStack() as stack:
        page = site.client.get(path)
        assert page.status == 200
        (folder / "page").write_bytes(page.body)
        headers = json.dumps(list(page.headers.items()))
        bare = Site(folder, PAGE=str(folder / "page"), HEADERS=headers)
        stack.enter_context(bare.serve(application="tests.bench.same_bytes:application"))
        sources = {
            "cold": Source(cold.port, [path], cold.granian, "identity"),
            "ready": Source(site.port, [path], site.granian),
            "bare": Source(bare.port, [path], bare.granian),
        }
        if shutil.which("wrk"):
            stack.enter_context(first.serve())
            asked = [f"/hf/{number}.html" for number in numbers]
            sources["first"] = Source(first.port, asked, first.granian)
        if NGINX:
            port = free_port()
            client = stack.enter_context(site.nginx(beside=yardstick(port, folder, page)))
            wait_until(lambda: client.get(path).how == "nginx; hit", "a page from its file")
            sources["nginx"] = Source(client.port, [path], site.nginx_process)
            sources["static"] = Source(port, ["/page"], site.nginx_process)
        rates = _rates(sources)
        yield from _compared("ready page, granian", rates["ready"], "page made anew", rates["cold"])
        if "first" in rates:
            yield from _compared("ready page, granian", rates["ready"], STORED, rates["first"])
        same = "granian, same bytes by three lines"
        yield from _compared("ready page, granian", rates["ready"], same, rates["bare"])
        if NGINX:
            same = "nginx, same bytes as a file"
            yield from _compared("ready page, granian", rates["ready"], same, rates["static"])
            yield from _compared("ready page, nginx", rates["nginx"], same, rates["static"])
    with site.serve():
        client = Client(site.port)
        before = max(memory(site))
        for number in numbers:
            reply = client.get(f"/hf/{number}.html")
            assert reply.status == 200, (number, reply.status)
        name = f"memory of a worker, {len(numbers):,} pages later"
        yield Row(name, max(memory(site)), "MB", "after its start", before, "≤ 250 MB")


LIST_IDS = (
    "from articles.models import Article;"
    "print(*Article.objects.visible().order_by('id').values_list('id', flat=True))"
)
STORED = "page asked for the first time, made and stored"
WANTED = {
    ("ready page, granian", "page made anew"): "ratio ≥ 40",
    ("ready page, granian", STORED): "ratio ≥ 40",
    ("ready page, granian", "nginx, same bytes as a file"): "ratio ≥ 0.35",
    ("ready page, nginx", "nginx, same bytes as a file"): "ratio ≥ 0.90",
}


class Source(NamedTuple):
    """Where pages come from: a port, addresses, and the process whose children answer.

    Of several addresses each round asks for others.
    """

    port: int
    paths: list[str]
    process: subprocess.Popen
    coding: str = "br"


class Rate(NamedTuple):
    by_clock: float  # answers a second
    by_processor: float  # answers a second of the server's own work: what a busy machine hides


def _compared(name: str, rate: Rate, yardstick: str, other: Rate) -> Iterator[Row]:
    wanted = WANTED.get((name, yardstick), "")
    yield Row(name, rate.by_clock, "/s", yardstick, other.by_clock, wanted)
    name += ", by its own work"
    yield Row(name, rate.by_processor, "/s", yardstick, other.by_processor, wanted)


def yardstick(port: int, folder: Path, page: Reply) -> str:
    """Return nginx's configuration for one static file with the same headers as the page."""
    left_to_nginx = {"content-type", "content-length", "etag", "last-modified", "server", "date"}
    left_to_nginx |= {"accept-ranges", "connection", "cache-status"}
    headers = "".join(
        f'add_header {name} "{value}"; '
        for name, value in page.headers.items()
        if name not in left_to_nginx
    )
    return (
        f"server {{ listen 127.0.0.1:{port}; root {folder}; types {{ }} default_type text/html;"
        f" charset utf-8; {headers} add_header Cache-Status static;"
        f" access_log {folder}/nginx/static.log lawsite; }}"
    )


def _rates(sources: dict[str, Source]) -> dict[str, Rate]:
    taken = {name: [] for name in sources}
    for number in range(ROUNDS):
        for name, source in sources.items():
            before = work(source.process)
            paths = source.paths[number::ROUNDS] or source.paths
            by_clock = rate(source.port, paths, source.coding)
            worked = work(source.process) - before
            taken[name].append(Rate(by_clock, by_clock * SECONDS / worked))
    return {name: Rate(*map(median, zip(*rates, strict=True))) for name, rates in taken.items()}


def work(process: subprocess.Popen) -> float:
    """Return the seconds that a server's workers have kept a processor busy."""
    ticks = 0
    for worker in workers(process):
        fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(site: Site) -> list[float]:
    """Return the resident memory of the site's workers, in MB."""
    status = [Path(f"/proc/{worker}/status").read_text() for worker in workers(site.granian)]
    return [int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024 for text in status]


def workers(process: subprocess.Popen) -> list[str]:
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
