"""One run of moving in, which every step takes: what it was told, knows and has to tell."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from .. import images
from .load import Catalogue
from .old import OldSite
from .uploads import Uploads

MAX_STORED = 10_000  # pictures remembered

Tell = Callable[[str, str, str], None]  # kind of message, which article or file, what


@dataclass
class Run:
    site: OldSite
    uploads: Uploads = field(default_factory=Uploads)
    closings: frozenset[str] = frozenset()
    is_rehearsal: bool = False
    relates: bool = True  # at once; else rebuild_related does it for all
    tell: Tell = lambda kind, where, what: None
    counts: Counter = field(default_factory=Counter)
    catalogue: Catalogue = field(default_factory=Catalogue)
    stored: dict[bytes, images.StoredImage] = field(default_factory=dict)  # by their digest
    missed: set[str] = field(default_factory=set)  # files told missing

    def picture(self, content: bytes) -> images.StoredImage:
        """Store a picture; what many articles show is made ready once. Raises ImageError."""
        digest = hashlib.sha256(content).digest()
        if digest not in self.stored:
            if len(self.stored) >= MAX_STORED:
                self.stored.clear()
            self.stored[digest] = images.store(content)
        return self.stored[digest]
