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


class DocumentNotRendered(RuntimeError):
    """A document could not be made; the message names it and says in German what to do."""

    def __init__(self, document: Document, cause: BaseException) -> None:
        super().__init__(
            f"Das Dokument {document.filename} ließ sich nicht {_why(cause)}. "
            "Fertige Dokumente bleiben erhalten; starten Sie die Aufgabe danach neu."
        )


def _why(cause: BaseException) -> str:
    """What went wrong, in words where the reader can mend it."""
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return "speichern: Der Datenträger ist voll. Schaffen Sie Platz im Datenordner"
    if isinstance(cause, PermissionError):
        return "speichern: Im Datenordner darf nicht geschrieben werden. Prüfen Sie seine Rechte"
    return f"erstellen ({type(cause).__name__}: {cause})"


def render_all(
    text: str, documents: Sequence[Document], folder: Path, site: str, processes: int = 2
) -> Iterator[Document]:
    """Render and store the documents of the release written in ``text``; yields each one when it is stored.

    With one process nothing is started. ``DocumentNotRendered`` on the first that fails; the others stay.
    """
    if processes <= 1 or len(documents) <= 1:
        yield from _one_after_another(text, documents, folder, site)
        return
    # Fresh processes: a copy of one that serves threads could inherit a lock that nobody will ever open.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _prepare, (text,)) as pool:
        pending = {pool.submit(_render, document, folder, site): document for document in documents}
        try:
            for future in as_completed(pending):
                _check(pending[future], future.exception())
                yield pending[future]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _one_after_another(text: str, documents: Sequence[Document], folder: Path, site: str) -> Iterator[Document]:
    release = Release.from_json(text)
    for document in documents:
        try:
            store(folder / document.filename, document.render(release, site))
        except Exception as error:
            raise DocumentNotRendered(document, error) from error
        yield document


def _check(document: Document, error: BaseException | None) -> None:
    if error is not None:
        raise DocumentNotRendered(document, error) from error


_release: Release | None = None
"""The release a rendering process works on: parsed once, then used for all its documents."""


def _prepare(text: str) -> None:
    global _release
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _release = Release.from_json(text)


def _end_with_parent() -> None:
    """A worker that is killed takes nobody along by itself; without this its renderers would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _render(document: Document, folder: Path, site: str) -> None:
    if _release is None:
        raise RuntimeError("the process has no release to render from")
    store(folder / document.filename, document.render(_release, site))
