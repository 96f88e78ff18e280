"""Access codes in a batch: shown once, as letters or as a table for the registry's mail merge; only hashes stay."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, insert, select

from app import audit
from app.database import db
from app.feedback.codes import digest, new_code, written
from app.feedback.models import AccessCode
from app.rounds.lifecycle import StepRefused
from app.rounds.models import Participation

MOST_IN_A_BATCH = 1000
MOST_IN_A_ROUND = 50_000
STEP = 5


@dataclass(frozen=True)
class Issued:
    """How many codes there are, and how many of them are used, rounded down to steps of five."""

    number: int
    used_at_least: int


def issue(participation: Participation, number: int) -> list[str]:
    """So many new codes as they are written; ``StepRefused`` for too many, or where codes are no door."""
    if not participation.codes:
        raise StepRefused(_("Schalten Sie zuerst den Weg »Zugangscode auf dem Brief« ein."))
    if not 1 <= number <= MOST_IN_A_BATCH:
        raise StepRefused(_("Geben Sie eine Zahl von 1 bis %(most)s ein.", most=MOST_IN_A_BATCH))
    if issued(participation).number + number > MOST_IN_A_ROUND:
        raise StepRefused(_("In einer Runde sind höchstens %(most)s Codes möglich.", most=MOST_IN_A_ROUND))
    codes = [new_code() for _number in range(number)]
    place = {"round_id": participation.round_id, "municipality_ags": participation.municipality_ags}
    db.session.execute(insert(AccessCode), [{**place, "digest": digest(code), "used": False} for code in codes])
    audit.record(
        "codes.issued",
        audit.Subject("participation", participation.round.key),
        after={"number": number},
        municipality=participation.municipality_ags,
    )
    return [written(code) for code in codes]


def issued(participation: Participation) -> Issued:
    """How many codes the municipality has issued in this round, and roughly how many are used. One statement."""
    number, used = db.session.execute(
        select(func.count(), func.count().filter(AccessCode.used)).where(
            AccessCode.round_id == participation.round_id,
            AccessCode.municipality_ags == participation.municipality_ags,
        )
    ).one()
    return Issued(number, used // STEP * STEP)


def as_table(codes: list[str], entry: str) -> bytes:
    """CSV as German office programs open it: semicolons, UTF-8 with its mark."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
    rows.writerow([_("Zugangscode"), _("Adresse")])
    rows.writerows([code, f"{entry.rstrip('/')}/{code.replace('-', '')}"] for code in codes)
    return text.getvalue().encode("utf-8-sig")
