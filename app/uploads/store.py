"""Where files are kept: outside everything that is served, each under the SHA-256 of its content.

A file is written whole or not at all, and checked again whenever it is read. Nothing is overwritten, so two people who
hand in the same file share one copy; ``sweep`` takes away what nobody refers to any more.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from app.uploads.refusals import FileDamaged, NoSpaceLeft

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
HASH = re.compile(r"[0-9a-f]{64}")
GRACE_SECONDS = 24 * 60 * 60
"""A file without a reference stays so long: its reference may be on its way."""


class Store:
    """The files below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Keep the content and give its SHA-256; ``NoSpaceLeft`` if the disk is full, and then nothing is kept."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _write(path, content)
            os.utime(path)
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise NoSpaceLeft(
                _("Auf dem Server ist kein Platz mehr für Dateien. Es wurde nichts gespeichert; Ihre übrigen Angaben "
                  "sind sicher. Sagen Sie bitte der Agentur Bescheid, und versuchen Sie es später noch einmal.")
            ) from error  # fmt: skip
        return name

    def read(self, name: str) -> bytes:
        """The content under this SHA-256; ``FileDamaged`` if it is gone or no longer the same."""
        try:
            content = self._path(name).read_bytes()
        except OSError as error:
            raise FileDamaged(name) from error
        if hashlib.sha256(content).hexdigest() != name:
            raise FileDamaged(name)
        return content

    def sweep(self, used: Collection[str]) -> int:
        """Remove files that are not ``used`` and were last handed in more than a day ago; how many there were."""
        before, removed = time.time() - GRACE_SECONDS, 0
        for path in self._folder.glob("??/*"):
            if path.name not in used and path.stat().st_mtime < before:
                path.unlink()
                removed += 1
        return removed

    def _path(self, name: str) -> Path:
        if not HASH.fullmatch(name):
            raise FileDamaged(name)
        return self._folder / name[:2] / name


def _write(path: Path, content: bytes) -> None:
    """Write beside the place and move there, so that no half file ever stands in it."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def store() -> Store:
    """The running service's store, in its data folder."""
    return Store(current_app.config["KOMPASS"].data_dir / "files")
