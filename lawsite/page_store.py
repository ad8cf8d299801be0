"""Ready pages as files: whole or not there, of a bounded size, for a web server to serve as well.

    <folder>/current                  → the release that runs
    <folder>/<release>/pages          → generations/<the newest generation>
    <folder>/<release>/moved          other bytes whenever `pages` moves
    <folder>/<release>/generations/<generation>/<headers>/<path>.br and .gz
    <folder>/<release>/store/<xx>/<hash of the key>

A page is one file in the store, whatever its generation, until a newer one takes its place. While
its generation lasts, its bytes also stand under its path, where nginx finds them. The link `pages`
is the one place that says which generation that is: it moves in one step for every process and
for nginx alike, and what nginx then does not find it asks of the site.
"""

import contextlib
import fcntl
import gzip
import hashlib
import json
import mmap
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from email.utils import formatdate
from functools import cached_property, lru_cache
from pathlib import Path

import brotli

BEFORE = ".before"  # in a generation's folder, a link that says which was the one before
SHARDS = 256
SWEEP_AFTER = 1 / 8  # of a shard's size stored anew, its size is looked at again
MOVED = 8  # bytes that change with the newest generation
HELD = 8 * 1024 * 1024  # bytes of pages that a process holds, each a 64th of it at most
HEAD = 4096  # bytes at the start of a page's file for all that is known of it
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
PATIENCE = 0.002  # seconds between two looks at a lock
OLD_TEMPORARY = 3600  # seconds


@dataclass(frozen=True)
class Page:
    """What is known of a stored page. Sizes are in bytes, `modified` is a Unix time in seconds."""

    key: str
    generation: str
    modified: int
    digest: str  # of headers and body
    headers: tuple[tuple[str, str], ...]
    plain: int
    br: int
    gzip: int
    published_as: str = ""  # its path below the generation's folder, without .br or .gz

    def etag(self, size: int) -> str:
        """The validator of one of its forms, as nginx makes it from the same file."""
        return f'"{self.modified:x}-{size:x}"'

    @cached_property
    def last_modified(self) -> str:
        return formatdate(self.modified, usegmt=True)


def write_head(page: Page) -> bytes:
    """Return the start of a page's file. Raises ValueError for too much in its headers."""
    head = json.dumps(asdict(page)).encode() + b"\n"
    if len(head) > HEAD:
        raise ValueError("a page with too much in its headers")
    return head.ljust(HEAD)


@lru_cache(2048)
def read_head(line: bytes) -> Page:
    """Return what the first line of a page's file says.

    Raises LookupError, TypeError or ValueError for a line that is none.
    """
    found = json.loads(line)
    return Page(**found | {"headers": tuple(map(tuple, found["headers"]))})


class StoredPage:
    """A page as its file said when it was read: one that is replaced meanwhile stays whole.

    Raises LookupError, TypeError or ValueError for the content of a file that is none.
    """

    def __init__(self, content: bytes) -> None:
        self.page = read_head(content[:HEAD].partition(b"\n")[0])
        middle = HEAD + self.page.br
        if len(content) != middle + self.page.gzip:
            raise ValueError("a page's file is cut short")
        self._br, self._gzip = content[HEAD:middle], content[middle:]
        self.sent: dict[str, list] = {}  # by coding, the headers with which it was sent as a hit

    def body(self, coding: str) -> bytes:
        """Return the body as "br", "gzip" or "identity"."""
        if coding == "br":
            return self._br
        return self._gzip if coding == "gzip" else gzip.decompress(self._gzip)


class PageStore:
    """The files of one release below `folder`, of about `size` bytes at most."""

    def __init__(self, folder: Path, release: str, size: int) -> None:
        self.folder = folder
        self.root = folder / release
        self._link = str(self.root / "pages")
        self._store = str(self.root / "store")
        self._generations = self.root / "generations"
        self._shard_size = size // 2 // SHARDS  # the other half stands in the generation
        self._grown: dict[str, int] = {}  # bytes by shard, since its last sweep
        self._held: dict[str, StoredPage] = {}
        self._held_size = 0
        self._started = time.time_ns()
        for place in (self._generations, self.root / "locks", self.root / "counts"):
            place.mkdir(parents=True, exist_ok=True)
        with open(self.root / "moved", "ab+") as file:
            os.posix_fallocate(file.fileno(), 0, MOVED)  # a hole is filled, or not, by a signal
            self._moved = mmap.mmap(file.fileno(), MOVED)
        self._seen: tuple[bytes, str] = b"", ""

    # --- Generations ------------------------------------------------------------------

    def generation(self, *, anew: bool = False) -> str:
        """Return the newest generation known to this machine, "" before the first.

        The link is read when somebody moved it, which a few bytes in the memory of all processes
        tell, or `anew`: for each request it would take a call of the system, and with that the
        threads of a process would wait for one another.
        """
        moved = self._moved[:]
        if anew or moved != self._seen[0]:
            try:
                self._seen = moved, os.readlink(self._link).rpartition("/")[2]
            except OSError:
                self._seen = moved, ""
        return self._seen[1]

    def was_newest(self, generation: str, within: float) -> bool:
        """Whether a generation was the newest until the last change, `within` seconds ago."""
        try:
            age = time.time() - os.lstat(self._link).st_mtime
            return 0 <= age < within and os.readlink(f"{self._link}/{BEFORE}") == generation
        except OSError:
            return False

    def move_to(self, generation: str, *, seen: str) -> bool:
        """Make `generation` the newest, if the one that was `seen` still is.

        Who asked the database looked at the link before, and so never turns it back to what
        another process has already left behind.
        """
        with self.lock("generation", patience=1.0) as is_mine:
            if not is_mine or self.generation(anew=True) != seen or generation == seen:
                return False
            (self._generations / generation).mkdir(exist_ok=True)
            _point(f"{self._generations}/{generation}/{BEFORE}", seen or "none")
            _point(self._link, f"generations/{generation}")
            self._moved[:] = os.urandom(MOVED)
            return True

    def take_over(self) -> None:
        """Make this release the one that nginx serves; drop those before the last."""
        current = self.folder / "current"
        last = os.readlink(current) if current.is_symlink() else ""
        if last == self.root.name:
            return
        _point(str(current), self.root.name)
        kept = {last, self.root.name, current.name}
        for other in os.scandir(self.folder):
            if other.name not in kept and other.is_dir(follow_symlinks=False):
                shutil.rmtree(other.path, ignore_errors=True)

    def drop_old_generations(self) -> None:
        newest = self.generation()
        for folder in os.scandir(self._generations):
            if folder.name != newest:
                shutil.rmtree(folder.path, ignore_errors=True)

    # --- Pages ------------------------------------------------------------------------

    def read(self, key: str, newest: str = "") -> StoredPage | None:
        """Return the stored page of whatever generation; None where there is none to be read.

        One of the `newest` generation is good as long as that lasts, so this process holds it.
        """
        found = self._held.get(key)
        if found and found.page.generation == newest:
            return found
        try:
            descriptor = os.open(self._place(key), os.O_RDONLY | os.O_CLOEXEC)
            try:
                content = os.read(descriptor, os.fstat(descriptor).st_size)
            finally:
                os.close(descriptor)
            found = StoredPage(content)
        except (OSError, LookupError, TypeError, ValueError):
            return None
        if found.page.generation == newest and len(content) <= HELD / 64:
            self._held_size += len(content)
            if self._held_size > HELD:
                self._held.clear()
                self._held_size = len(content)
            self._held[key] = found
        return found

    def put(self, page: Page, body: bytes) -> None:
        """Store a page; `page` needs no sizes and no `modified`. Raises OSError or ValueError.

        The same bytes as before keep their age, so that who has them need not load them again;
        other bytes are younger than those before, even within one second.
        """
        before = self.read(page.key)
        known = before.page if before else None
        if before and known.digest == page.digest:
            packed = {"br": before.body("br"), "gzip": before.body("gzip")}
            modified = known.modified
        else:
            packed = pack(body)
            modified = max(int(time.time()), known.modified + 1 if known else 0)
        page = replace(
            page,
            modified=modified,
            plain=len(body),
            br=len(packed["br"]),
            gzip=len(packed["gzip"]),
        )
        place = self._place(page.key)
        _write(place, write_head(page), packed["br"], packed["gzip"])
        if page.published_as and page.generation == self.generation():
            with contextlib.suppress(OSError):  # its folder may go this moment
                self._publish(page, packed)
        shard = os.path.dirname(place)
        grown = self._grown.get(shard, self._shard_size) + HEAD + page.br + page.gzip
        if grown >= self._shard_size * SWEEP_AFTER:
            self._sweep(shard, keep=place)
            grown = 0
        self._grown[shard] = grown

    def drop(self, key: str) -> None:
        """Forget a page."""
        found = self.read(key)
        if found:
            self._drop(self._place(key), found.page)

    def _place(self, key: str) -> str:
        name = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        return f"{self._store}/{name[:2]}/{name[2:]}"

    def _published(self, page: Page) -> str:
        return f"{self._generations}/{page.generation}/{page.published_as}"

    def _publish(self, page: Page, packed: dict[str, bytes]) -> None:
        place = self._published(page)
        for ending, coding in ((".br", "br"), (".gz", "gzip")):
            _write(place + ending, packed[coding], modified=page.modified)

    def _drop(self, place: str, page: Page) -> None:
        places = [place]
        if page.published_as:
            places += [self._published(page) + ending for ending in (".br", ".gz")]
        for path in places:
            with contextlib.suppress(OSError):
                os.unlink(path)

    def _sweep(self, shard: str, keep: str) -> None:
        """Drop the pages of a shard that were made longest ago, until it has its size."""
        files = []
        for entry in os.scandir(shard):
            with contextlib.suppress(OSError):
                status = entry.stat()
                files.append((status.st_mtime, status.st_size, entry.path))
        size = sum(size for _, size, _ in files)
        for made, own, path in sorted(files):
            is_temporary = os.path.basename(path).startswith(".")
            if is_temporary and time.time() - made < OLD_TEMPORARY:
                continue
            if not is_temporary and (size <= self._shard_size or path == keep):
                continue
            size -= own
            try:
                with open(path, "rb") as file:
                    self._drop(path, read_head(file.readline(HEAD)))
            except (OSError, LookupError, TypeError, ValueError):
                with contextlib.suppress(OSError):
                    os.unlink(path)

    # --- Locks and counts -------------------------------------------------------------

    @contextlib.contextmanager
    def lock(self, key: str, patience: float = 0.0) -> Iterator[bool]:
        """Hold the lock of a key (a few keys share one), waiting `patience` seconds at most.

        Yields whether it is held; it cannot be on a disk that takes no file. The lock of a process
        that dies is free.
        """
        name = hashlib.blake2b(key.encode(), digest_size=1).hexdigest()
        if key == "generation":
            name = key
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            descriptor = os.open(self.root / "locks" / name, flags, 0o644)
        except OSError:
            yield False
            return
        end = time.monotonic() + patience
        try:
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() >= end:
                        yield False
                        return
                    time.sleep(PATIENCE)
                else:
                    yield True
                    return
        finally:
            os.close(descriptor)  # and with it the lock

    def keep_counts(self, counts: Counter) -> None:
        """Write down what this process has answered so far."""
        own = f"{self.root}/counts/{os.getpid()}-{self._started}"
        _write(own, json.dumps(counts).encode())

    def counts(self) -> Counter:
        """Return what all processes of this release have answered so far."""
        total = Counter()
        for path in (self.root / "counts").iterdir():
            with contextlib.suppress(OSError, ValueError):
                total.update(json.loads(path.read_bytes()))
        return total

    def size(self) -> tuple[int, int]:
        """Return how many pages there are, and the bytes of all files."""
        pages = total = 0
        for folder, _, names in os.walk(self.root):
            for name in names:
                with contextlib.suppress(OSError):
                    total += os.lstat(f"{folder}/{name}").st_size
                    pages += folder.startswith(self._store)
        return pages, total


def pack(body: bytes) -> dict[str, bytes]:
    """Return a body compressed in both ways, of different sizes: the validators rest on them."""
    packed = {
        "br": brotli.compress(body, quality=BROTLI_QUALITY),
        "gzip": gzip.compress(body, GZIP_LEVEL, mtime=0),
    }
    level = GZIP_LEVEL
    while len({len(body), *map(len, packed.values())}) < 3 and level:
        level -= 1
        packed["gzip"] = gzip.compress(body, level, mtime=0)
    return packed


def _write(path: str, *parts: bytes, modified: int | None = None) -> None:
    """Write a file in one step: others see the one before or the whole of this."""
    folder = os.path.dirname(path)
    temporary = f"{folder}/.{os.getpid()}-{threading.get_ident()}"
    os.makedirs(folder, exist_ok=True)
    try:
        with open(temporary, "wb") as file:
            file.writelines(parts)
        if modified is not None:
            os.utime(temporary, (modified, modified))
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _point(link: str, target: str) -> None:
    """Make a link say `target`, in one step."""
    temporary = f"{link}.{os.getpid()}-{threading.get_ident()}"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary)
    os.symlink(target, temporary)
    os.replace(temporary, link)
