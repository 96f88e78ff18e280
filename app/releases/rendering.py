"""Rendering all documents of a release, on several cores, each stored as soon as it is done."""

from __future__ import annotations

import errno
import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from app.releases.documents import Document, store
from scoring.release import Release

GENTLY = 10
"""By how much work that nobody waits for stands back."""
Failure = tuple[Document, Exception]


class DocumentNotRendered(RuntimeError):
    """A file of a release could not be made; the message names it and says in German what to do."""

    def __init__(self, filename: str, cause: BaseException) -> None:
        super().__init__(
            f"Die Datei {filename} ließ sich nicht {_why(cause)}. "
            "Fertige Dateien bleiben erhalten; starten Sie die Aufgabe danach neu."
        )


def _why(cause: BaseException) -> str:
    """What went wrong, in words where the reader can mend it."""
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return "speichern: Der Datenträger ist voll. Schaffen Sie Platz im Datenordner"
    if isinstance(cause, PermissionError):
        return "speichern: Im Datenordner darf nicht geschrieben werden. Prüfen Sie seine Rechte"
    return f"erstellen ({type(cause).__name__}: {cause})"


def render_all(
    text: str, documents: Sequence[Document], folder: Path, site: str, processes: int = 2, *, gently: bool = False
) -> Iterator[Document]:
    """Render and store the documents of the release written in ``text``; yields each one when it is stored.

    ``gently``: whoever waits for something else on this machine comes first. With one process nothing is started.
    ``DocumentNotRendered`` on the first that fails; the others stay.
    """
    batches = _batches(documents)
    if processes <= 1 or len(batches) <= 1:
        yield from _one_after_another(text, [document for batch in batches for document in batch], folder, site)
        return
    # Fresh processes: a copy of one that serves threads could inherit a lock that nobody will ever open.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _prepare, (text, gently)) as pool:
        pending = [pool.submit(_render, batch, folder, site) for batch in batches]
        try:
            for future in as_completed(pending):
                done, failed = future.result()
                yield from done
                if failed is not None:
                    raise DocumentNotRendered(failed[0].filename, failed[1]) from failed[1]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _batches(documents: Sequence[Document]) -> list[list[Document]]:
    """Documents on the same subject in the same language together: paper and screen share their figures."""
    found: dict[tuple[str | None, str, str], list[Document]] = {}
    for document in documents:
        found.setdefault((document.ags, document.audience, document.language), []).append(document)
    return [sorted(batch, key=_by_contents) for batch in found.values()]


def _by_contents(document: Document) -> tuple[bool, str]:
    return ("council" in document.kind, document.kind)


def _one_after_another(text: str, documents: Sequence[Document], folder: Path, site: str) -> Iterator[Document]:
    release = Release.from_json(text)
    for document in documents:
        try:
            store(folder / document.filename, document.render(release, site))
        except Exception as error:
            raise DocumentNotRendered(document.filename, error) from error
        yield document


_release: Release | None = None
"""The release a rendering process works on: parsed once, then used for all its documents."""


def _prepare(text: str, gently: bool) -> None:
    global _release
    if gently:
        os.nice(GENTLY)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _release = Release.from_json(text)


def _end_with_parent() -> None:
    """A worker that is killed takes nobody along by itself; without this its renderers would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _render(batch: Sequence[Document], folder: Path, site: str) -> tuple[list[Document], Failure | None]:
    """Those that are stored, and the one that failed."""
    if _release is None:
        raise RuntimeError("the process has no release to render from")
    done: list[Document] = []
    for document in batch:
        try:
            store(folder / document.filename, document.render(_release, site))
        except Exception as error:
            return done, (document, error)
        done.append(document)
    return done, None
