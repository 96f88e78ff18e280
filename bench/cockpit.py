"""Server time of the agency's cockpit, with 59 municipalities, 10 rounds and 43 criteria on SQLite.

``python -m bench.cockpit [--runs 30]`` fills the database of ``bench.workspace`` with resolutions, conferences, answers
and verdicts besides, asks for the page in this process, and writes the medians to bench/results/cockpit.md. What is
measured is the time from the request to the finished page, without the network.
"""

from __future__ import annotations

import argparse
import datetime as dt
import platform
import tempfile
import uuid
from pathlib import Path

from flask import Flask
from sqlalchemy import event, insert, select

from app import create_app
from app.accounts.management import create_user
from app.accounts.models import AGENCY
from app.assessment.models import Assessment, Plausibility
from app.commitment.models import Conference, Outcome, Resolution
from app.database import db
from app.feedback.models import Response
from app.region.models import Municipality
from app.rounds.models import Round
from bench import workspace
from config import Settings
from questionnaires.loading import builtin

RESULT = Path(__file__).parent / "results" / "cockpit.md"
WANTED = 0.050
EMAIL = "agentur@example.org"
PAGES = ("/agentur/", "/agentur/?auswahl=few&sortierung=rueckmeldungen", "/agentur/?runde=r3", "/agentur/kommunen.csv")
ANSWERS = 40


def main() -> None:
    """Fill, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), secret_key="b" * 40, second_factor="offered"))
        workspace.fill(app)
        _more(app)
        client = workspace.logged_in(app, EMAIL)
        medians = {page: workspace.median(client, page, runs) for page in PAGES}
        counts = {page: _statements(app, client, page) for page in PAGES}
    rows = "\n".join(f"| `{page}` | {1000 * took:.0f} | {counts[page]} |" for page, took in medians.items())
    verdict = "yes" if max(medians.values()) < WANTED else "no"
    text = (
        f"# The agency's cockpit\n\nMedian of {runs} requests, SQLite, 59 municipalities, {workspace.ROUNDS} rounds, "
        f"43 criteria, {59 * ANSWERS:,} answers, Python {platform.python_version()}, one process. Wanted: under "
        f"{1000 * WANTED:.0f} ms: {verdict}.\n\n| page | ms | SQL statements |\n|---|---|---|\n{rows}\n"
    )
    RESULT.write_text(text, "utf-8")
    print(text)


def _more(app: Flask) -> None:
    with app.app_context():
        create_user(EMAIL, workspace.PASSWORD, (AGENCY,), None, "Agentur")
        places = db.session.scalars(select(Municipality).order_by(Municipality.ags)).all()
        now_open = db.session.scalars(select(Round).where(Round.state == "open")).one()
        for number, place in enumerate(places):
            for year in range(2016, 2026):
                body = {"body": "council", "paper_number": f"{year}/{number}"}
                db.session.add(Resolution(municipality_ags=place.ags, decided_on=dt.date(year, 3, 1), **body))
        for year in range(2016, 2026):
            for district in {place.district_ags for place in places}:
                conference = Conference(district_ags=district, held_on=dt.date(year, 9, 1))
                near = [place for place in places if place.district_ags == district]
                conference.outcomes = [Outcome(municipality_ags=p.ags, outcome="interested") for p in near]
                db.session.add(conference)
        db.session.flush()
        common = {
            "round_id": now_open.id,
            "day": now_open.opens,
            "language": "de",
            "profile": "....",
            "ratings": "4" * 18,
        }
        answers = [
            {**common, "id": str(uuid.uuid4()), "municipality_ags": p.ags} for p in places for _ in range(ANSWERS)
        ]
        db.session.execute(insert(Response), answers)
        for assessment in db.session.scalars(select(Assessment)).all():
            verdicts = {"assessment_id": assessment.id, "state": "accepted"}
            db.session.execute(insert(Plausibility), [{**verdicts, "criterion": c.id} for c in builtin().criteria])
        db.session.commit()


def _statements(app: Flask, client: object, page: str) -> int:
    asked: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    client.get(page)  # type: ignore[attr-defined]
    return sum(not statement.startswith("BEGIN") for statement in asked)


if __name__ == "__main__":
    main()
