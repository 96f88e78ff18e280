"""Draft papers: one as DOCX or PDF, and all of them in one archive, with the flyers for the print shop."""

from __future__ import annotations

import contextlib
import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import current_app

from app.database import db, today
from app.joining import invitation
from app.joining.facts import Place, counts, places
from app.joining.own_template import content_of
from app.releases import jobs
from app.releases.jobs import Progress
from app.releases.models import Job
from config import Settings
from reports.documents import draft_paper
from reports.figures.joined import Count

ALL_PAPERS = "joining-papers"
SUBJECT = "alle"
ARCHIVE = "ratsvorlagen-und-faltblaetter.zip"
TITLE = "Entwurf einer Beschlussvorlage: {name}"


@dataclass(frozen=True)
class Archive:
    """The archive that was made last, and whether it was made from the template in use."""

    path: Path
    made_at: dt.datetime
    current: bool


class ArchiveNotWritten(RuntimeError):
    """The archive could not be written; the message says in German why and what to do."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(
            f"Das Archiv ließ sich nicht schreiben ({cause.strerror or cause}). Ein früheres ist unverändert. Schaffen "
            "Sie Platz im Datenordner und starten Sie die Aufgabe neu."
        )


def as_docx(place: Place, template: bytes) -> bytes:
    """The paper of a municipality."""
    return draft_paper.filled(template, place.words, _moment())


def as_pdf(place: Place, paper: bytes) -> bytes:
    """The same as PDF/UA-1."""
    return draft_paper.pdf(paper, TITLE.format(name=place.facts.name), place.facts.agency, _moment())


FORMATS: dict[str, Callable[[Place, bytes], bytes]] = {
    "docx": as_docx,
    "pdf": lambda place, template: as_pdf(place, as_docx(place, template)),
}
"""By the ending of the file: the paper of a municipality from a template."""


def start_all() -> Job:
    """Make all papers in the background. Commits."""
    return jobs.start(ALL_PAPERS, SUBJECT)


def archive() -> Archive | None:
    """The archive that was made last; ``None`` if there is none."""
    path = _path()
    if not path.is_file():
        return None
    with zipfile.ZipFile(path) as found:
        made_from = found.comment.decode("ascii", "replace")
    made_at = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    return Archive(path, made_at, made_from == _name_of(content_of()))


def write_all(progress: Callable[[int, int], None]) -> int:
    """Make every paper anew and put all of them into the archive; how many municipalities there are."""
    found, template, history = places(), content_of(), counts("de")
    db.session.rollback()
    path = _path()
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as target:
            target.comment = _name_of(template).encode()
            for done, place in enumerate(found):
                progress(done, len(found))
                for name, content in _files(place, template, history):
                    target.writestr(name, content)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise ArchiveNotWritten(error) from error
    progress(len(found), len(found))
    return len(found)


def _all(_subject: str, progress: Progress) -> str:
    return f"{write_all(progress)} Kommunen"


def _files(place: Place, template: bytes, history: list[Count]) -> Iterator[tuple[str, bytes]]:
    slug, paper = place.standing.municipality.slug, as_docx(place, template)
    yield f"ratsvorlagen/ratsvorlage-{slug}.docx", paper
    yield f"ratsvorlagen/ratsvorlage-{slug}.pdf", as_pdf(place, paper)
    flyer = invitation.told(place, history, "de", neutral=False)
    yield f"faltblaetter/faltblatt-{slug}.pdf", invitation.as_pdf(flyer, place, press=True)


def _path() -> Path:
    settings: Settings = current_app.config["KOMPASS"]
    return settings.data_dir / "joining" / ARCHIVE


def _name_of(template: bytes) -> str:
    return sha256(template).hexdigest()


def _moment() -> dt.datetime:
    """The day of the paper: made again on the same day it is the same file."""
    return dt.datetime.combine(today(), dt.time(), dt.UTC)


jobs.kinds[ALL_PAPERS] = _all
