"""Filling an empty installation with demonstration data: two finished and published rounds, and one that is open."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flask import current_app
from sqlalchemy import insert, select

from app.accounts.management import create_user
from app.accounts.models import AGENCY, APPROVER, COORDINATOR, EDITOR, User
from app.assessment.models import Assessment, CriterionAnswer, Evidence
from app.database import db, now
from app.demonstration import beside, model, teamwork, voices
from app.feedback.models import Response
from app.practices import collecting
from app.projects import documented
from app.region.loading import load
from app.region.models import Municipality
from app.releases import building, publishing
from app.releases.models import ReleaseRecord
from app.round_tables import history
from app.rounds import lifecycle
from app.rounds.models import Round
from questionnaires.catalogue import LEVELS, Catalogue
from questionnaires.evidence import WITHOUT_EVIDENCE
from questionnaires.loading import builtin

SEED = 20260101
PASSWORD = "willkommen-demo"  # noqa: S105 - printed for everybody; production refuses demonstration data
SHOWN_MUNICIPALITY = "05958004"
ACCOUNTS = (
    ("agentur@demo.example", (AGENCY,), None, "Regionalagentur"),
    ("koordination@demo.example", (COORDINATOR,), SHOWN_MUNICIPALITY, "Koordination"),
    ("bearbeitung@demo.example", (EDITOR,), SHOWN_MUNICIPALITY, "Bearbeitung"),
    ("freigabe@demo.example", (APPROVER,), SHOWN_MUNICIPALITY, "Freigabe"),
)

HANDED_IN, CONSENTED = 38, 31
"""As many as took part in November 2019 (docs/sources.md); how many of them agree to be shown is assumed."""
SHARE_SO_FAR = 0.3
"""Share of the answers that have come in while the last round is still open."""
EARLIER = 2
"""Years between the two finished rounds: every two years is good practice (docs/sources.md)."""

REASONS = (
    "Zuständigkeit und Ablauf sind beschrieben; die Übersicht hängt im Intranet.",
    "Läuft seit dem vergangenen Jahr, wird im Arbeitskreis zweimal jährlich besprochen.",
    "Erste Gespräche sind geführt, der Beschluss steht noch aus.",
    "Angebot besteht, Nutzung wird bisher nicht gezählt.",
)
LANGUAGES = (("de", 0.78), ("en", 0.9), ("uk", 0.96), ("ar", 1.0))
CHANNELS = (("welcome", 0.4), ("open", 0.72), ("counter", 0.86), ("paper", 0.94), ("employer", 1.0))
"""Which share of the answers came in which language and on which way, added up."""


class DemonstrationRefused(ValueError):
    """Demonstration data may not be put here; the message says why."""


@dataclass(frozen=True)
class Filled:
    """What was made, in numbers."""

    responses: int
    assessments: int
    release: str


def is_filled() -> bool:
    """Whether there is any round already."""
    return db.session.scalar(select(Round.id).limit(1)) is not None


def fill() -> Filled:
    """Fill an empty installation; ``DemonstrationRefused`` in production or where there are rounds already."""
    if current_app.config["KOMPASS"].environment == "production":
        raise DemonstrationRefused("In einer Produktivumgebung gibt es keine Demonstrationsdaten.")
    if is_filled():
        raise DemonstrationRefused("Diese Installation enthält schon Erhebungsrunden. Nichts wurde geändert.")
    current_app.config["DEMO"] = True
    load(db.session)
    _create_accounts()
    earlier = _earlier_round()
    _publish(earlier)
    record = _publish(_last_round(earlier))
    collecting.load()
    history.load()
    documented.load()
    responses, assessments = _open_round()
    db.session.commit()
    return Filled(responses, assessments, record.sha256)


def _publish(finished: Round) -> ReleaseRecord:
    db.session.commit()
    record = building.build(finished)
    publishing.publish(record)
    return record


def _create_accounts() -> None:
    for email, roles, municipality, function in ACCOUNTS:
        create_user(email, PASSWORD, roles, municipality, function)


def _earlier_round() -> Round:
    """The round before last year's: the same places, a little earlier on their way."""
    rng = np.random.default_rng(SEED + 2)
    units = municipalities()
    quality = model.qualities(len(units), np.random.default_rng(SEED)) + rng.normal(-0.3, 0.4, len(units))
    return _complete(lifecycle.today().year - 1 - EARLIER, units, quality, rng)


def _finished_round() -> Round:
    """Last year's round, complete and closed."""
    rng = np.random.default_rng(SEED)
    units = municipalities()
    return _complete(lifecycle.today().year - 1, units, model.qualities(len(units), rng), rng)


def _last_round(earlier: Round) -> Round:
    """Last year's round with all that stands beside the answers."""
    last = _finished_round()
    rng = np.random.default_rng([SEED, last.opens.year])
    beside.add_decisions(last, rng)
    beside.add_contacts(last)
    beside.add_goals(earlier, last, SHOWN_MUNICIPALITY)
    beside.add_marks(last, rng)
    return last


def _complete(year: int, units: Sequence[Municipality], quality: np.ndarray, rng: np.random.Generator) -> Round:
    round_ = _round(f"demo-{year}", f"Demonstrationsrunde {year}", dt.date(year, 4, 1), dt.date(year, 6, 30))
    add_assessments(round_, units, quality, rng, HANDED_IN, CONSENTED)
    add_responses(round_, units, model.response_counts(_populations(units), rng), quality, rng)
    lifecycle.close_round(round_)
    voices.add_comments(round_, units, SHOWN_MUNICIPALITY)
    return round_


def _open_round() -> tuple[int, int]:
    """This year's round, a few weeks old; returns how many responses and self-assessments it has."""
    day = lifecycle.today()
    title = f"Demonstrationsrunde {day.year}"
    round_ = _round(f"demo-{day.year}", title, day - dt.timedelta(days=21), day + dt.timedelta(days=60))
    rng = np.random.default_rng(SEED + 1)
    units = municipalities()
    quality = model.qualities(len(units), np.random.default_rng(SEED)) + rng.normal(0.15, 0.3, len(units))
    counts = np.rint(model.response_counts(_populations(units), rng) * SHARE_SO_FAR).astype(np.int64)
    add_assessments(round_, units, quality, rng, handed_in=9, consented=6, started=24)
    coordinator, editor, approver = (_user(email) for email, *_ in ACCOUNTS[1:])
    teamwork.share_work(round_, SHOWN_MUNICIPALITY, (coordinator, editor, approver))
    voices.add_comments(round_, units, SHOWN_MUNICIPALITY)
    return add_responses(round_, units, counts, quality, rng), 24


def _user(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()


def _round(key: str, title: str, opens: dt.date, closes: dt.date) -> Round:
    round_ = lifecycle.create_round(key, title, opens, closes)
    db.session.flush()
    arrivals = {unit.ags: round(unit.population * model.ARRIVALS_PER_INHABITANT) for unit in municipalities()}
    lifecycle.set_participation(round_, arrivals)
    lifecycle.open_round(round_, builtin())
    db.session.flush()
    return round_


def municipalities() -> Sequence[Municipality]:
    """All municipalities in the order of their keys."""
    return db.session.scalars(select(Municipality).order_by(Municipality.ags)).all()


def _populations(units: Sequence[Municipality]) -> np.ndarray:
    return np.array([unit.population for unit in units])


def add_assessments(
    round_: Round,
    units: Sequence[Municipality],
    quality: np.ndarray,
    rng: np.random.Generator,
    handed_in: int,
    consented: int,
    started: int | None = None,
) -> None:
    """Self-assessments of the municipalities that come first in a random order; those only started are half done."""
    catalogue = lifecycle.catalogue_of(round_)
    levels = model.levels(catalogue, quality, rng)
    order = list(rng.permutation(len(units)))
    shown = next(i for i, unit in enumerate(units) if unit.ags == SHOWN_MUNICIPALITY)
    order.remove(shown)
    # The municipality of the demonstration accounts hands in first, and is still at work while a round is open.
    order.insert(0 if started is None else handed_in, shown)
    approver = db.session.scalar(select(User.id).where(User.email == "freigabe@demo.example"))
    for place, unit in enumerate(order[: started or handed_in]):
        done = place < handed_in
        assessment = Assessment(
            round_id=round_.id,
            municipality_ags=units[unit].ags,
            state="handed_in" if done else "open",
            handed_in_at=now() if done else None,
            handed_in_by_id=approver if done and units[unit].ags == SHOWN_MUNICIPALITY else None,
            consented=place < consented,
        )
        assessment.answers = _criterion_answers(catalogue, levels[unit], rng, 0.97 if done else 0.5)
        assessment.evidence = _evidence(
            assessment.answers, round_, np.random.default_rng([SEED, round_.opens.year, unit])
        )
        db.session.add(assessment)
    db.session.flush()


def _criterion_answers(
    catalogue: Catalogue, levels: np.ndarray, rng: np.random.Generator, share: float
) -> list[CriterionAnswer]:
    answers = []
    for criterion, level in zip(catalogue.criteria, levels, strict=True):
        if rng.random() > share:
            continue
        skipped = criterion.may_not_apply and rng.random() < 0.3
        answers.append(
            CriterionAnswer(
                criterion=criterion.id,
                level=None if skipped else int(level),
                not_applicable=skipped,
                reason=_why_not(criterion.id) if skipped else REASONS[int(rng.integers(len(REASONS)))],
            )
        )
    return answers


def _evidence(answers: Sequence[CriterionAnswer], round_: Round, rng: np.random.Generator) -> list[Evidence]:
    """Evidence of most levels above 2; the rest stays self-declared, as it would be."""
    pieces = []
    for answer in answers:
        if (answer.level or 0) <= WITHOUT_EVIDENCE or rng.random() < 0.2:
            continue
        pieces.append(
            Evidence(
                criterion=answer.criterion,
                kind="text",
                title="Auswertung im Arbeitskreis (Demonstration)",
                dated=round_.opens - dt.timedelta(days=int(rng.integers(20, 400))),
                shows_check=True,
                shows_improvement=answer.level == LEVELS[-1] and rng.random() < 0.8,
                body="Erfundener Nachweis zur Demonstration.",
            )
        )
    return pieces


def _why_not(criterion: str) -> str:
    return "Keine Hochschule in erreichbarer Nähe." if criterion.startswith("A3") else "Keine Ortsteile mit Vertretung."


def add_responses(
    round_: Round,
    units: Sequence[Municipality],
    counts: np.ndarray,
    quality: np.ndarray,
    rng: np.random.Generator,
) -> int:
    """Responses of newcomers; returns how many there are now."""
    catalogue = lifecycle.catalogue_of(round_)
    last, ways = min(round_.closes, lifecycle.today()), np.random.default_rng([SEED, round_.opens.year, 1])
    days = (last - round_.opens).days + 1
    rows = []
    # How hard an item is, and what is special about a place, stays from round to round.
    answers = model.newcomers(catalogue, counts, quality, rng, np.random.default_rng(SEED + 3))
    for unit, answered in zip(units, answers, strict=True):
        for ratings, profile in zip(answered.ratings, answered.profiles, strict=True):
            rows.append(
                {
                    "round_id": round_.id,
                    "municipality_ags": unit.ags,
                    "id": _uuid(rng),
                    "day": round_.opens + dt.timedelta(days=int(rng.integers(days))),
                    "language": _drawn(LANGUAGES, rng),
                    "channel": _drawn(CHANNELS, ways),
                    "ratings": ratings,
                    "profile": profile,
                }
            )
    db.session.execute(insert(Response), rows)
    return len(rows)


def _drawn(shares: Sequence[tuple[str, float]], rng: np.random.Generator) -> str:
    """One of the names, each with the share that it adds."""
    drawn = rng.random()
    return next(name for name, end in shares if drawn < end)


def _uuid(rng: np.random.Generator) -> str:
    return str(uuid.UUID(bytes=rng.bytes(16), version=4))
