"""Making a release: a closed round is read once, scored once, and written down under the SHA-256 of its document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database import db
from app.feedback.order import forget_order
from app.releases.loading import RoundInput, Wave, earlier_rounds, load_round
from app.releases.models import ReleaseRecord
from app.releases.reading import document_of, once_published
from app.releases.stated import Statements
from app.releases.voices import Voices
from app.releases.withholding import withholding
from app.rounds.lifecycle import StepRefused, end_late_answers
from app.rounds.models import Round
from scoring.benchmark import score_round
from scoring.history import EarlierRound
from scoring.method import Method
from scoring.pooling import pool
from scoring.publication import publish
from scoring.release import Release, sha256
from scoring.residents import residents_sheet

MOST_DIFFERENCES = 10


class RoundNotClosed(StepRefused):
    """A release was asked of a round that still collects, or has not begun to."""


@dataclass(frozen=True)
class Verification:
    """Whether a release can be made again, byte by byte, from what the database holds; if not, what differs."""

    sha256: str
    matches: bool
    findings: tuple[str, ...] = ()


def build(round_: Round) -> ReleaseRecord:
    """The release of a round, stored as a preview unless it is there already: the same input is the same release.

    Reading and scoring hold no write lock; only the finished document is written. ``RoundNotClosed`` before that;
    ``ReleaseWithheld`` if readers of this and of earlier published releases could work out what is withheld.
    """
    check_closed(round_)
    key = round_.id
    if round_.late_answers:
        end_late_answers(round_)
        db.session.commit()
        forget_order(key)
    seen = [Release.from_json(document_of(record.sha256)) for record in once_published(round_)]
    db.session.rollback()  # Nothing may be held while the scoring takes its seconds.
    release = compute(key, seen=seen)
    document = release.to_json()
    name = sha256(document)
    found = db.session.get(ReleaseRecord, name)
    return found or _store(key, name, release, document)


def compute(
    round_id: int,
    earlier: Sequence[str] | None = None,
    seen: Sequence[Release] = (),
    voices: Voices | None = None,
    stated: Statements | None = None,
) -> Release:
    """Read and score a round as it stands; writes nothing.

    It is compared with the rounds of those keys, or with all that were released before it. ``seen`` are the releases of
    this round that people have read: what they and the new one would give away together is looked for. ``voices`` are
    what was read in the free texts and ``stated`` what is known beside the answers, both by default as they stand.
    """
    with _one_moment() as session:
        round_ = session.get_one(Round, round_id)
        before = earlier_rounds(session, round_) if earlier is None else _rounds(session, earlier)
        given = load_round(session, round_, before)
        heard = Voices.read(session, round_) if voices is None else voices
        known = Statements.read(session) if stated is None else stated
    with withholding(given):
        return known.put_into(heard.put_into(score(given, seen)))


def _rounds(session: Session, keys: Sequence[str]) -> list[Round]:
    """The rounds of those keys in their order; one that is gone makes a release differ, and so is left out."""
    found = {round_.key: round_ for round_ in session.scalars(select(Round).where(Round.key.in_(keys)))}
    return [found[key] for key in keys if key in found]


def score(given: RoundInput, seen: Sequence[Release] = ()) -> Release:
    """The release of what was read; ``ReleaseExposes`` if it may not go out."""
    method = Method()
    pooled = pool(given.catalogue, given.data, given.traits, method)
    return publish(
        catalogue=given.catalogue,
        round=given.round,
        municipalities=given.municipalities,
        districts=given.districts,
        peer_groups=given.peer_groups,
        region_name=given.region_name,
        demo=given.demo,
        data=pooled.data,
        benchmark=score_round(pooled.data, method),
        method=method,
        input_sha256=given.input_sha256,
        standings=given.standings,
        traits=pooled.traits,
        earlier=[_counted(wave, method) for wave in given.earlier],
        seen=seen,
        residents=residents_sheet(pooled.data.items, pooled.learners, pooled.others, method),
    )


def _counted(wave: Wave, method: Method) -> EarlierRound:
    """An earlier round as this method counts it, so that both are counted alike."""
    return EarlierRound(wave.info, wave.catalogue, pool(wave.catalogue, wave.data, wave.traits, method).data)


def check_closed(round_: Round) -> None:
    """``RoundNotClosed`` unless the round has ended."""
    if round_.state not in ("closed", "released"):
        raise RoundNotClosed(
            _("Die Runde »%(title)s« ist nicht geschlossen. Schließen Sie sie zuerst; vorher könnten sich die Zahlen "
              "noch ändern.", title=round_.title)
        )  # fmt: skip


def verify(record: ReleaseRecord) -> Verification:
    """Make the release again from the database and compare it with what is stored, byte by byte.

    A field that the format did not have when the release was made says nothing about it, so it is left out of both.
    """
    stored = document_of(record.sha256)
    if sha256(stored) != record.sha256:
        return Verification(record.sha256, False, (_TAMPERED,))
    before = Release.from_json(stored)
    again = compute(
        record.round_id,
        [wave.key for wave in before.earlier],
        voices=Voices.of(before),
        stated=Statements.of(before),
    ).as_written_with(before)
    if again.to_json() == stored:
        return Verification(record.sha256, True)
    return Verification(record.sha256, False, tuple(_explain(before, again)))


_TAMPERED = (
    "Das gespeicherte Dokument passt nicht zu seiner SHA-256: Es wurde in der Datenbank verändert. "
    "Stellen Sie es aus einer Sicherung wieder her."
)


def _explain(before: Release, after: Release) -> Iterator[str]:
    if before.method != after.method:
        yield (
            f"Die Methode ist eine andere: damals Fassung {before.method.version}, heute {after.method.version} "
            "oder andere Parameter. Prüfen Sie mit der damaligen Fassung des Programms."
        )
    if before.input_sha256 != after.input_sha256:
        yield "Die Eingaben sind andere: Rückmeldungen, Selbsteinschätzungen oder Angaben zur Region wurden verändert."
    elif before.method == after.method:
        yield "Eingaben und Methode sind gleich; das Programm rechnet anders oder läuft auf einem anderen System."
    places = list(islice(_differences(_written(before), _written(after)), MOST_DIFFERENCES))
    yield "Unterschiede, die ersten: " + "; ".join(places) + "."


def _written(release: Release) -> dict[str, Any]:
    return release.model_dump(mode="json", exclude_unset=True)


def _differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Where two documents differ, as paths; values of the input hash itself say nothing and are left out."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys() - {"input_sha256"}):
            if key != "input_sha256":
                yield from _differences(before.get(key), after.get(key), f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differences(one, other, f"{path}/{place}")
    elif before != after:
        yield f"{path} ({_short(before)} → {_short(after)})"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"


@contextmanager
def _one_moment() -> Iterator[Session]:
    """A session of its own that sees the database as it is at one moment, whatever others write meanwhile."""
    engine = db.engine
    if engine.dialect.name == "postgresql":  # SQLite's transactions are snapshots already.
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine) as session:
        yield session
        session.rollback()


def _store(round_id: int, name: str, release: Release, document: str) -> ReleaseRecord:
    record = ReleaseRecord(
        sha256=name,
        round_id=round_id,
        document=document,
        input_sha256=release.input_sha256,
        method_version=release.method.version,
    )
    db.session.add(record)
    try:
        db.session.commit()
    except IntegrityError:  # Somebody built the very same at the same time; theirs is as good as ours.
        db.session.rollback()
        return db.session.get_one(ReleaseRecord, name)
    return record
