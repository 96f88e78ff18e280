"""Everything that is public of a release, as files: for an archive, another site, or somebody who checks it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from app.releases.describing import publication_of
from app.releases.documents import Document, read_or_render, store
from app.releases.models import ReleaseRecord
from app.releases.reading import release_of
from app.rounds.lifecycle import StepRefused
from reports.tables import package
from reports.tables.delimited import all_csv, codebook_csv, municipality_csv, region_csv
from reports.tables.workbook import workbook
from scoring.release import Release

CHECKSUMS = "SHA256SUMS"
README = "LIESMICH.txt"


class FolderNotEmpty(ValueError):
    """The folder to write to holds something already; the message says in German what to do."""


def export(record: ReleaseRecord, folder: Path) -> list[Path]:
    """Write what is published of a release to a new or empty folder; gives the files written, paths inside it.

    Own views are left out: nothing in the folder is for one municipality alone. ``StepRefused`` unless the release is
    published, ``FolderNotEmpty`` if there is something in the way.
    """
    if record.state != "published":
        raise StepRefused(
            "Dieser Auswertungsstand ist nicht veröffentlicht. Ausgegeben wird nur, was öffentlich ist; "
            "veröffentlichen Sie ihn zuerst."
        )
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmpty(f"Der Ordner {folder} ist nicht leer. Geben Sie einen neuen oder leeren Ordner an.")
    written = {path: hashlib.sha256(_write(folder / path, make)).hexdigest() for path, make in _files(record)}
    sums = "".join(f"{digest}  {path.as_posix()}\n" for path, digest in sorted(written.items()))
    store(folder / CHECKSUMS, sums.encode())
    return [*written, Path(CHECKSUMS)]


def _write(path: Path, make: Callable[[], bytes]) -> bytes:
    content = make()
    store(path, content)
    return content


def _files(record: ReleaseRecord) -> Iterator[tuple[Path, Callable[[], bytes]]]:
    release = release_of(record)
    yield Path(README), lambda: _readme(record, release).encode()
    yield Path("auswertungsstand.json"), lambda: release.public_json().encode()
    yield Path("region.csv"), lambda: region_csv(release)
    yield Path("kommunen.csv"), lambda: all_csv(release)
    yield Path("codebuch.csv"), lambda: codebook_csv(release)
    yield Path(package.DESCRIPTOR), lambda: _descriptor(record)
    yield Path("alle-tabellen.xlsx"), lambda: workbook(publication_of(record))
    yield Path("region.pdf"), lambda: read_or_render(record, Document())
    for district in release.districts:
        document = Document(ags=district.ags, kind="district")
        yield Path("kreise", f"{district.ags}.pdf"), partial(read_or_render, record, document)
    for ags in sorted(release.public):
        yield Path("kommunen", f"{ags}.csv"), partial(municipality_csv, release, ags)
        yield Path("kommunen", f"{ags}.pdf"), partial(read_or_render, record, Document(ags=ags))


def _descriptor(record: ReleaseRecord) -> bytes:
    publication = publication_of(record)
    return package.descriptor(publication, package.tables(publication), package.FILES)


def _readme(record: ReleaseRecord, release: Release) -> str:
    demo = ["Demonstrationsdaten: Alle Zahlen sind erfunden.", ""] if release.demo else []
    draft = ["Der Kriterienkatalog ist ein Entwurf.", ""] if release.catalogue.status == "draft" else []
    return "\n".join(
        [
            f"Willkommenskompass {release.region_name}: {release.round.title}",
            "",
            *demo,
            *draft,
            f"Auswertungsstand  {record.sha256}",
            f"Eingaben          {record.input_sha256}",
            f"Methode           {record.method_version}",
            f"Kriterienkatalog  {release.catalogue.id} {release.catalogue.version}",
            f"Erhebungsrunde    {release.round.key}, {release.round.opens} bis {release.round.closes}",
            "",
            "auswertungsstand.json  das öffentliche Dokument; alle anderen Dateien sind daraus gemacht",
            "region.csv, region.pdf das Profil der Region",
            "kommunen.csv           alle Kommunen, die der Veröffentlichung zugestimmt haben",
            "kreise/                Berichte für die Kreise",
            "kommunen/              dieselben einzeln, als Tabelle und als Bericht",
            "codebuch.csv           was die Spalten bedeuten",
            "datapackage.json       beschreibt diese Tabellen (Frictionless Data Package)",
            "alle-tabellen.xlsx     dieselben Tabellen als Arbeitsmappe",
            f"{CHECKSUMS}             Prüfsummen; prüfen mit: sha256sum --check {CHECKSUMS}",
            "",
            "Eine leere Zelle heißt: keine Angabe oder zu wenige Antworten, um sie zu zeigen. Beides sieht gleich aus.",
            "Die SHA-256 oben ist die des vollständigen Dokuments; es enthält auch die Sicht jeder Kommune auf sich",
            "selbst und wird deshalb nicht weitergegeben. »flask release verify« rechnet es nach.",
            "",
        ]
    )
