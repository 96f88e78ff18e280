"""Where files are kept: whole or not at all, under their SHA-256, checked whenever they are read."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from pathlib import Path

import pytest
from flask import Flask

from app.uploads.refusals import FileDamaged, NoSpaceLeft
from app.uploads.store import Store


@pytest.fixture
def kept(context: None, tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_stands_under_the_hash_of_its_content(kept: Store, tmp_path: Path) -> None:
    name = kept.keep(b"Inhalt")
    assert name == hashlib.sha256(b"Inhalt").hexdigest()
    assert kept.read(name) == b"Inhalt"
    assert [path.name for path in files(tmp_path)] == [name]


def test_the_same_content_is_kept_once(kept: Store, tmp_path: Path) -> None:
    assert kept.keep(b"Inhalt") == kept.keep(b"Inhalt")
    assert len(files(tmp_path)) == 1


def test_a_file_that_was_changed_on_the_disk_is_not_handed_out(kept: Store, tmp_path: Path) -> None:
    name = kept.keep(b"Inhalt")
    files(tmp_path)[0].write_bytes(b"Anderes")
    with pytest.raises(FileDamaged):
        kept.read(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 64, "/etc/passwd"])
def test_nothing_but_a_known_hash_is_read(kept: Store, name: str) -> None:
    with pytest.raises(FileDamaged):
        kept.read(name)


def test_when_the_disk_is_full_nothing_is_kept(kept: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoSpaceLeft, match="kein Platz mehr"):
        kept.keep(b"Inhalt")
    assert files(tmp_path) == []


def test_what_nobody_refers_to_goes_after_a_day(app: Flask, kept: Store) -> None:
    used, left, fresh = kept.keep(b"a"), kept.keep(b"b"), kept.keep(b"c")
    for name in (used, left):
        os.utime(kept._path(name), (time.time() - 90_000,) * 2)
    assert kept.sweep({used}) == 1
    assert kept.read(used) == b"a"
    assert kept.read(fresh) == b"c"
    with pytest.raises(FileDamaged):
        kept.read(left)
