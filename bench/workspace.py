"""Server time of every page of the workspace, with 59 municipalities, 10 rounds and 43 criteria on SQLite.

``python -m bench.workspace [--runs 30]`` fills a database of its own, asks for each page in this process, and writes
the medians to bench/results/workspace.md. What is measured is the time from the request to the finished page, with the
session, the permission and the database, and without the network.
"""

from __future__ import annotations

import argparse
import datetime as dt
import platform
import re
import tempfile
import time
import uuid
from pathlib import Path

import numpy as np
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from app import create_app
from app.accounts.management import create_user
from app.accounts.models import APPROVER
from app.assessment.models import AnswerRevision, Assessment, CriterionAnswer, Evidence
from app.collaboration.models import Note
from app.database import db, now
from app.feedback.models import Response
from app.migrations import alembic_config
from app.region.loading import load
from app.region.models import Municipality
from app.releases import building, publishing
from app.releases.traits import profile_width
from app.rounds import lifecycle
from app.rounds.models import Round
from config import Settings
from questionnaires.loading import builtin

RESULT = Path(__file__).parent / "results" / "workspace.md"
ROUNDS, ANSWERS = 10, 60
WANTED = 0.050
PLACE = "05958004"
EMAIL, PASSWORD = "messung@example.org", "ein langes Kennwort zur Messung"
KEY, VERSIONS = "A1.1", 20
CRITERION = f"/kommune/kriterium/{KEY}"
PAGES = (
    "/kommune/",
    CRITERION,
    f"{CRITERION}/nachweis",
    f"{CRITERION}/verlauf",
    "/kommune/abgabe",
    "/kommune/ziele/",
    "/kommune/befragung/",
    "/kommune/befragung/eingabe",
    "/kommune/befragung/texte/",
    "/kommune/protokoll",
    "/kommune/ergebnis",
    "/konto/",
    "/konto/anmeldungen",
)


def main() -> None:
    """Fill, measure, print, write."""
    runs = _arguments().runs
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), secret_key="b" * 40, second_factor="offered"))
        fill(app)
        client = logged_in(app)
        medians = {page: median(client, page, runs) for page in PAGES}
    text = _report(medians, runs)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, "utf-8")
    print(text)


def fill(app: Flask) -> None:
    """Ten rounds that everybody answered, with evidence, versions, notes; the last is open, that before published."""
    with app.app_context():
        command.upgrade(alembic_config(app.config["KOMPASS"].database), "head")
        load(db.session)
        create_user(EMAIL, PASSWORD, (APPROVER,), PLACE, "Freigabe")
        db.session.commit()
        places = db.session.scalars(select(Municipality.ags).order_by(Municipality.ags)).all()
        rng = np.random.default_rng(1)
        for number in range(ROUNDS):
            _round(number, places, rng)
        db.session.commit()
        _publish(f"r{ROUNDS - 2}", places, rng)


def _round(number: int, places: list[str], rng: np.random.Generator) -> None:
    opens = dt.date(2017 + number, 4, 1)
    round_ = lifecycle.create_round(f"r{number}", f"Runde {number}", opens, opens + dt.timedelta(days=60))
    db.session.flush()
    lifecycle.open_round(round_, builtin())
    db.session.flush()
    done = number < ROUNDS - 1
    for ags in places:
        _assessment(round_, ags, done, rng)
    if done:
        lifecycle.close_round(round_)
        db.session.flush()


def _publish(key: str, places: list[str], rng: np.random.Generator) -> None:
    """Answers of newcomers everywhere in the last closed round, and its release published."""
    round_, catalogue = lifecycle.round_by_key(key), builtin()
    profile = "." * profile_width(catalogue)
    common = {"round_id": round_.id, "day": round_.opens, "language": "de", "channel": "open", "profile": profile}
    for ags in places:
        ratings = rng.choice(list("12345-"), size=(ANSWERS, len(catalogue.items)))
        rows = [{"municipality_ags": ags, "id": str(uuid.uuid4()), "ratings": "".join(row)} for row in ratings]
        db.session.execute(insert(Response), [common | row for row in rows])
    db.session.commit()
    publishing.publish(building.build(round_))
    db.session.commit()


def _assessment(round_: Round, ags: str, done: bool, rng: np.random.Generator) -> None:
    state = {"state": "handed_in", "handed_in_at": now()} if done else {}
    assessment = Assessment(round_id=round_.id, municipality_ags=ags, **state)
    db.session.add(assessment)
    db.session.flush()
    keys = [criterion.id for criterion in builtin().criteria]
    common = {"assessment_id": assessment.id}
    reason = "Zuständigkeit und Ablauf sind beschrieben; die Übersicht hängt im Intranet. " * 6
    levels = rng.integers(0, 5, len(keys))
    answers = [{**common, "criterion": k, "level": int(v), "reason": reason} for k, v in zip(keys, levels, strict=True)]
    db.session.execute(insert(CriterionAnswer), answers)
    evidence = {"kind": "text", "title": "Auswertung", "body": "Fundstelle", "dated": round_.opens}
    db.session.execute(insert(Evidence), [{**common, **evidence, "criterion": key} for key in keys])
    if not done:
        content = '{"level": 2, "reason": "Text", "due": null}'
        versions = [{**common, "criterion": KEY, "version": v, "content": content} for v in range(1, VERSIONS + 1)]
        db.session.execute(insert(AnswerRevision), versions)
        here = CriterionAnswer.assessment_id == assessment.id, CriterionAnswer.criterion == KEY
        db.session.execute(update(CriterionAnswer).where(*here).values(version=VERSIONS))
        place = {"round_id": round_.id, "municipality_ags": ags, "text": "Bitte ansehen"}
        db.session.execute(insert(Note), [{**place, "criterion": key} for key in keys])


def logged_in(app: Flask, email: str = EMAIL) -> FlaskClient:
    """Somebody logged in; the approver of one municipality unless an address is given."""
    client = app.test_client()
    page = client.get("/konto/anmelden").text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"email": email, "password": PASSWORD, "csrf_token": found[1] if found else ""}
    client.post("/konto/anmelden", data=form)
    return client


def median(client: FlaskClient, page: str, runs: int) -> float:
    """Seconds at the median."""
    durations = []
    for _ in range(runs + 2):
        start = time.perf_counter()
        response = client.get(page)
        durations.append(time.perf_counter() - start)
        if response.status_code != 200:
            raise SystemExit(f"{page}: {response.status_code} {response.location}")
    return float(np.median(durations[2:]))  # The first two compile templates and read the catalogue.


def _report(medians: dict[str, float], runs: int) -> str:
    rows = "\n".join(f"| `{page}` | {1000 * took:.0f} |" for page, took in medians.items())
    verdict = "yes" if max(medians.values()) < WANTED else "no"
    return (
        f"# Pages of the workspace\n\nMedian of {runs} requests, SQLite, 59 municipalities, {ROUNDS} rounds, "
        f"43 criteria, Python {platform.python_version()}, one process. Wanted: under {1000 * WANTED:.0f} ms: "
        f"{verdict}.\n\n| page | ms |\n|---|---|\n{rows}\n"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    return parser.parse_args()


if __name__ == "__main__":
    main()
