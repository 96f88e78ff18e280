"""Writing all files of a round's microdata: read once in blocks, coded once, handed to every writer.

Files are made in a folder beside the finished one and take its place when all of them are complete; whoever looks sees
the old export or the new one, never half of one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from sys import intern
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import db, now
from app.feedback.models import COUNTED, Response
from app.region.models import Municipality
from app.rounds.lifecycle import catalogue_of
from app.rounds.models import Round
from config import Settings
from reports.tables.ddi import FILE as DDI
from reports.tables.ddi import Study, ddi
from reports.tables.microdata import WRITERS, R, Writer, counts_of, r_script
from reports.tables.responses import Columns, MicroCodebook

AT_ONCE = 5_000
MANIFEST = "MANIFEST.json"
README = "LIESMICH.txt"
Advance = Callable[[int, int], None]


@dataclass(frozen=True)
class ExportFile:
    """One file of an export; ``rows`` is 0 where it holds no responses."""

    name: str
    bytes: int
    sha256: str
    rows: int


@dataclass(frozen=True)
class Manifest:
    """What an export holds: the round, when it was made, how many responses, and every file."""

    round: str
    demonstration: bool
    made_at: str
    catalogue_sha256: str
    rows: int
    files: tuple[ExportFile, ...]


def folder_of(round_: Round) -> Path:
    """Where the export of a round lies."""
    settings: Settings = current_app.config["KOMPASS"]
    return settings.data_dir / "exports" / str(round_.id)


def manifest_of(round_: Round) -> Manifest | None:
    """The manifest of the finished export; ``None`` if there is none."""
    path = folder_of(round_) / MANIFEST
    if not path.is_file():
        return None
    content = json.loads(path.read_text("utf-8"))
    return Manifest(**{**content, "files": tuple(ExportFile(**file) for file in content["files"])})


def write(round_: Round, advance: Advance) -> Manifest:
    """Write all files of a round that counts responses; ``advance`` is told rows done and rows in all."""
    folder = folder_of(round_)
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    try:
        manifest = _fill(part, round_, advance)
        _take_the_place_of(part, folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return manifest


def delete(round_: Round) -> None:
    """Remove the export of a round, if there is one."""
    shutil.rmtree(folder_of(round_), ignore_errors=True)


def _fill(part: Path, round_: Round, advance: Advance) -> Manifest:
    codebook = MicroCodebook(catalogue_of(round_), _municipalities())
    counts: dict[str, Counter[int | str]] = {variable.name: Counter() for variable in codebook.variables}
    rows = 0
    with contextlib.ExitStack() as stack:
        writers: list[Writer] = []
        for name, make in WRITERS.items():
            writers.append(make(part / name, codebook))
            stack.callback(writers[-1].finish)
        for columns in _blocks(round_, codebook, advance):
            rows += _add(columns, writers)
            for name, found in counts_of(codebook, columns).items():
                counts[name].update(found)
    (part / R).write_text(r_script(codebook), "utf-8")
    (part / DDI).write_bytes(ddi(codebook, _study(round_), rows, counts))
    (part / README).write_text(_readme(round_, rows), "utf-8")
    return _manifest(part, round_, rows)


def _add(columns: Columns, writers: Sequence[Writer]) -> int:
    for writer in writers:
        writer.add(columns)
    return len(next(iter(columns.values())))


def _blocks(round_: Round, codebook: MicroCodebook, advance: Advance) -> Iterator[Columns]:
    """Responses in coded blocks, in an order that says nothing of who came when."""
    with Session(db.engine) as session:
        total = session.scalar(_counted(round_, select(func.count()))) or 0
        advance(0, total)
        done = 0
        found = session.execute(_responses(round_).execution_options(yield_per=AT_ONCE))
        for block in found.partitions():
            rows = [_told(row) for row in block]
            yield codebook.code(rows, done + 1)
            done += len(rows)
            advance(min(done, total), total)


def _told(row: Any) -> tuple[str, ...]:
    """What is exported of a response. Words that recur are kept in memory once."""
    ags, day, language, channel, ratings, profile = row
    return (intern(ags), intern(f"{day:%Y-%m}"), intern(language), intern(channel), ratings, profile)


def _responses(round_: Round) -> Any:
    answers = (Response.ratings, Response.profile)
    query = select(Response.municipality_ags, Response.day, Response.language, Response.channel, *answers)
    return _counted(round_, query).order_by(Response.municipality_ags, *answers)


def _counted(round_: Round, query: Any) -> Any:
    return query.where(Response.round_id == round_.id, Response.state.in_(COUNTED))


def _municipalities() -> dict[str, str]:
    return dict(db.session.execute(select(Municipality.ags, Municipality.name).order_by(Municipality.ags)).all())


def _study(round_: Round) -> Study:
    settings: Settings = current_app.config["KOMPASS"]
    return Study(
        round_.key,
        round_.title,
        round_.opens.isoformat(),
        round_.closes.isoformat(),
        "Südwestfalen",
        settings.operator_name or "Regionalagentur",
        _moment(),
        round_.demonstration,
    )


def _moment() -> str:
    return now().replace(microsecond=0).isoformat()


def _readme(round_: Round, rows: int) -> str:
    demo = "Demonstrationsdaten: Alle Antworten sind erfunden.\n\n" if round_.demonstration else ""
    return (
        f"Mikrodaten der Erhebungsrunde »{round_.title}« ({round_.key}): {rows} Antworten.\n\n{demo}"
        "Nur für die Agentur. Einzelne Antworten dürfen nicht weitergegeben werden, auch nicht ohne Namen: Aus\n"
        "Kommune, Monat und Angaben zur Person zusammen könnte jemand wiedererkannt werden. Löschen Sie die Dateien,\n"
        "sobald Sie sie nicht mehr brauchen.\n\n"
        "antworten.csv    alle Antworten, Codes wie im Codebuch\n"
        "antworten.xlsx   dieselben als Arbeitsmappe, mit Codebuch\n"
        "antworten.sav    dieselben für SPSS, mit Beschriftungen und fehlenden Werten\n"
        "antworten.R      liest antworten.csv in R ein, mit Beschriftungen und fehlenden Werten\n"
        "codebuch-ddi.xml Codebuch nach DDI-Codebook 2.5, mit Häufigkeiten\n"
        f"{MANIFEST}    Zeilen und Prüfsummen\n\n"
        "Codes unter 0 sind fehlende Werte: -1 keine Angabe oder nicht gefragt, -2 »betrifft mich nicht«.\n"
    )  # fmt: skip


def _manifest(part: Path, round_: Round, rows: int) -> Manifest:
    files = tuple(_described(path, rows) for path in sorted(part.iterdir()))
    manifest = Manifest(
        round_.key, round_.demonstration, _moment(), round_.catalogue_sha256 or "", rows, files
    )  # fmt: skip
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (part / MANIFEST).write_text(text + "\n", "utf-8")
    return manifest


def _described(path: Path, rows: int) -> ExportFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ExportFile(path.name, path.stat().st_size, digest, rows if path.name in WRITERS else 0)


def _take_the_place_of(part: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
