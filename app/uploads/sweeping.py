"""Taking away files that nothing refers to any more."""

from __future__ import annotations

from collections.abc import Callable, Collection

from app.uploads.store import store

in_use: dict[str, Callable[[], Collection[str]]] = {}
"""The SHA-256 of files that are referred to, by subject; slices that refer to files register here."""


def sweep() -> int:
    """Remove what no subject refers to; how many files there were."""
    used = {sha256 for listed in in_use.values() for sha256 in listed()}
    return store().sweep(used)
