"""One old article's words, pictures and files: cleaned, found, stored in media."""

import base64
import binascii
import hashlib
import posixpath
import re
from dataclasses import dataclass, field

from .. import images, redirects
from ..models import Article, ArticleImage
from .cleaning import Cleaned, to_markdown
from .inline import address as _address
from .old import OldArticle, host_of, own_path
from .run import Run
from .uploads import PICTURES, UploadError, extension, read_picture, store_file

_UPLOADED = re.compile(r"/zb_users/upload/|/wp-content/uploads/")
_COPIED = re.compile(r"(?:https?:)?//i\d\.wp\.com/(?=[\w-]+(?:\.[\w-]+)+/)")  # by WordPress's CDN
_DATA = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE)


@dataclass
class Reader:
    """Cleans one article's HTML and finds the files that it shows or offers."""

    run: Run
    old: OldArticle
    where: str
    loaded: dict[str, bytes] = field(default_factory=dict)  # pictures by their name
    missing: set[str] = field(default_factory=set)
    moved_files: dict[str, str] = field(default_factory=dict)  # old address → new

    def read(self) -> Cleaned:
        return to_markdown(
            _DATA.sub(self._inline, self.old.html),
            title=self.old.title,
            rewrite=self.link,
            picture=self.picture,
            closings=self.run.closings,
        )

    def _inline(self, found: re.Match) -> str:
        """Take a picture written into the text out of it; leave a name."""
        try:
            content = base64.b64decode("".join(found[1].split()), validate=True)
        except (binascii.Error, ValueError):
            return ""
        name = f"inline/{hashlib.sha256(content).hexdigest()[:16]}.img"
        self.loaded[name] = content
        return name

    def picture(self, url: str) -> str:
        """Return the name by which the Markdown calls a picture of the old site."""
        if url in self.loaded or url in self.old.pictures:
            self.loaded.setdefault(url, self.old.pictures.get(url, b""))
            return url
        path = self.own(url)
        if path is None:
            self.run.counts["pictures of other sites"] += 1
            return self._outside(url)
        name = path.partition("?")[0].strip("/")[-200:]
        if name and not self.load(name) and name not in self.missing:
            self.missing.add(name)
            self.run.missed.add(path)
            self.run.counts["pictures missing"] += 1
            self.run.tell("missing picture", self.where, path)
        return name

    def load(self, name: str) -> bool:
        if name in self.loaded:
            return True
        file = self.run.uploads.find(name)
        if not file:
            return False
        try:
            self.loaded[name] = read_picture(file)
        except UploadError as error:
            self.run.tell("picture refused", self.where, f"{name}：{error}")
            return False
        return True

    def link(self, url: str) -> str:
        """Return where a link leads: to files in media, to pages by their path here."""
        if re.match(r"(?:mailto|tel):", url, re.IGNORECASE):
            return url
        path = self.own(url)
        if path is None:
            return self._outside(url)
        kind = extension(path)
        file = self.run.uploads.find(path) if kind else None
        if not file:
            if "/upload" in path and kind and path not in self.run.missed:
                self.run.missed.add(path)
                self.run.counts["files missing"] += 1
                self.run.tell("missing file", self.where, path)
            return path
        if self.run.is_rehearsal:
            return path
        try:
            if kind in PICTURES:
                address = images.picture(self.run.picture(read_picture(file)).name, 1, 1).url
            else:
                address = store_file(file)
        except (UploadError, images.ImageError) as error:
            self.run.tell("file refused", self.where, f"{path}：{error}")
            return path
        self.moved_files[redirects.spell(path)] = address
        return address

    def own(self, url: str) -> str | None:
        """Return the path of an address of the old site; None for another's."""
        if copied := _COPIED.match(url):
            url = f"https://{url[copied.end() :]}"
        path = own_path(url, self.run.site.hosts)
        if path is None and _UPLOADED.search(url):  # of the old site by another of its names
            path = own_path(url, {host_of(url)})
            path = path if path and self.run.uploads.find(path) else None
        if path is None:
            return None
        path, mark, query = path.partition("?")
        path = posixpath.normpath(f"/{path.lstrip('/')}") + ("/" if path.endswith("/") else "")
        return path.replace("//", "/") + mark + query

    @staticmethod
    def _outside(url: str) -> str:
        url = f"https:{url}" if url.startswith("//") else url
        return url if re.match(r"https?://", url, re.IGNORECASE) else ""

    def cover(self) -> str:
        """Store the article's cover; return its name, "" without one."""
        name = self.picture(self.old.cover) if self.old.cover else ""
        content = self.loaded.get(name)
        if not content or self.run.is_rehearsal:
            return ""
        try:
            return self.run.picture(content).name
        except images.ImageError as error:
            self.run.tell("picture refused", self.where, f"{name}：{error}")
            return ""

    def store_images(self, article: Article) -> None:
        """Store the pictures that the Markdown shows, and lead to them from their old places."""
        for name, content in self.loaded.items():
            if (
                f"({_address(name)})" not in article.body
                and f'"{_address(name)}"' not in article.body
            ):
                continue
            self.run.counts["pictures"] += 1
            if self.run.is_rehearsal:
                continue
            try:
                stored = self.run.picture(content)
            except images.ImageError as error:
                self.run.tell("picture refused", self.where, f"{name}：{error}")
                continue
            ArticleImage.objects.create(article=article, name=name, file=stored.name)
            if not name.startswith("inline/") and name not in self.old.pictures:
                url = images.picture(stored.name, stored.width, stored.height).url
                self.moved_files[redirects.spell(name)] = url
