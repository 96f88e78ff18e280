"""The background job that writes a round's microdata."""

from __future__ import annotations

from app.exports.writing import write
from app.releases import jobs
from app.releases.jobs import Progress
from app.releases.models import Job
from app.rounds.lifecycle import round_by_key
from app.rounds.models import Round

MICRODATA = "microdata"


def start_export(round_: Round) -> Job:
    """Write the microdata of the round in the background. Commits."""
    return jobs.start(MICRODATA, round_.key)


def _export(key: str, progress: Progress) -> str:
    """Write everything anew; the message says how many responses there are."""
    round_ = round_by_key(key)
    if round_ is None:
        raise LookupError(f"Die Runde »{key}« gibt es nicht mehr.")
    try:
        return f"{write(round_, progress).rows} Antworten"
    except OSError as error:
        raise ExportNotWritten(error) from error


class ExportNotWritten(RuntimeError):
    """The files could not be written; the message says in German why and what to do."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(
            f"Die Dateien ließen sich nicht schreiben ({cause.strerror or cause}). Es ist nichts Halbes "
            "zurückgeblieben; eine frühere Ausgabe ist unverändert. Schaffen Sie Platz im Datenordner und starten Sie "
            "die Aufgabe neu."
        )


jobs.kinds[MICRODATA] = _export
