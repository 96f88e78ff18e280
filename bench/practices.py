"""Searching 5,000 practices in German, on SQLite and PostgreSQL.

``python -m bench.practices [--practices 5000] [--runs 5]`` fills databases of its own with made-up practices beside the
collected ones, asks twenty queries with inflected and misspelt words, and writes bench/results/practices.md. A search
is everything from the words that were typed to the first page of twenty practices, loaded.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from alembic import command
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.database import db, now
from app.migrations import alembic_config
from app.practices import collecting, search
from app.practices.models import ALL, PUBLISHED, Practice, Touched, Version
from app.practices.reading import Wish, find
from app.practices.search.models import Word
from app.practices.writing import keep_findable
from app.region import loading
from app.region.models import Municipality
from bench import databases
from config import Settings
from questionnaires.loading import builtin

RESULT = Path(__file__).parent / "results" / "practices.md"
WANTED = 0.030
QUERIES = {
    "Begrüßungstaschen": "werdohl-tasche", "begruessungstasche": "werdohl-tasche",
    "Willkomensgeschenk": "werdohl-tasche", "600 Eingeladene": "meschede-600", "Empfang Meshede": "meschede-600",
    "Neubürgerempfänge mit vielen Gästen": "werne-empfang", "Stammtichse": "stammtische-neu-sauerlaender",
    "Netzwerke für Rueckkehrerinnen": "heimvorteil-hsk", "Rückkehragenturen": "hoexter-rueckkehr",
    "Vorstellungsgespräche und Partner": "siegen-fachkraefte", "Praktikka für junge Menschen": "gap-year",
    "Kampange anpassen": "komm-und-bleib", "Verein in Broschüren": "muenster-vereine",
    "Befragungn mit Erinnerungsbriefen": "wolfsburg-befragung", "Arbeitgebermarken": "soest-arbeitgebermarke",
    "Uni Studierender international": "siegen-universitaet", "anonyme Verlosungen": "nuernberg-anonymitaet",
    "Willkommensberaterin": "dueren-beraterinnen", "Faltkarten": "entdecke-suedwestfalen",
    "Einwiligung Anmeldung": "meschede-einwilligung",
}  # fmt: skip
"""What is typed, and the practice that has to come first."""
BEGINNINGS = "Bürger Kinder Schul Vereins Heimat Dorf Stadt Sprach Sport Kultur Garten Wander Musik Berufs Familien"
MIDDLES = "begegnungs beratungs treff kurs fest bus garten paten lotsen karten abend tisch netz brief markt"
ENDS = "angebot projekt gruppe woche stelle mappe führung runde börse tage haus pass heft fonds team"


def main() -> None:
    """Fill, measure, print, write."""
    asked = _arguments()
    lines = [
        f"{asked.practices} practices, {len(QUERIES)} queries, the median of {asked.runs} runs each",
        "",
        "| database | words in the index | median | slowest query | best hit first |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for engine, address in _addresses(folder):
            app = create_app(Settings(data_dir=folder / engine, database_url=address, secret_key="b" * 40))
            words = fill(app, asked.practices)
            seconds = [_median(app, typed, asked.runs) for typed in QUERIES]
            median, slowest = statistics.median(seconds) * 1000, max(seconds) * 1000
            first = sum(_first(app, typed) == wanted for typed, wanted in QUERIES.items())
            lines.append(
                f"| {engine} | {words} | {median:.1f} ms | {slowest:.1f} ms (wanted: under 30) "
                f"| {first} of {len(QUERIES)} |"
            )
            with app.app_context():
                db.engine.dispose()
    text = "\n".join(lines) + "\n"
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text, "utf-8")
    print(text)


def fill(app: Flask, number: int) -> int:
    """The collected practices, and so many more; how many words they have together."""
    with app.test_request_context():
        command.upgrade(alembic_config(app.config["KOMPASS"].database), "head")
        loading.load(db.session)
        collecting.load()
        places = db.session.scalars(select(Municipality).order_by(Municipality.ags)).all()
        rng = np.random.default_rng(5)
        for made in range(number):
            practice = _practice(rng, places[made % len(places)])
            db.session.add(practice)
            db.session.flush()
            keep_findable(practice)
            if made % 500 == 499:
                db.session.commit()
        db.session.commit()
        if db.engine.dialect.name == "postgresql":  # Its own vacuum does that within a minute of so many new rows.
            db.session.execute(sa.text("ANALYZE"))
            db.session.commit()
        return db.session.query(Word).count()


def _practice(rng: np.random.Generator, place: Municipality) -> Practice:
    criterion = builtin().criteria[int(rng.integers(43))]
    words = [_word(rng) for _ in range(60)]
    origin = criterion.title["de"] + " " + " ".join(level["de"] for level in criterion.levels)
    version = Version(
        number=1, state=PUBLISHED, published_at=now(), outcome="worked", title=" ".join(words[:3]),
        done=origin + " " + " ".join(words[3:40]), effect=" ".join(words[40:]), contact="Stadtmarketing",
    )  # fmt: skip
    version.criteria = [Touched(criterion=criterion.id)]
    return Practice(municipality=place, visibility=ALL, versions=[version])


def _word(rng: np.random.Generator) -> str:
    """One of some thousand compounds, a few of them far more often than the others."""

    def pick(words: str) -> str:
        parts = words.split()
        return parts[int(len(parts) * rng.random() ** 1.5)]

    return pick(BEGINNINGS) + pick(MIDDLES) + pick(ENDS)


def _median(app: Flask, typed: str, runs: int) -> float:
    seconds = []
    for _ in range(runs + 1):
        with app.test_request_context():
            begin = time.perf_counter()
            find(Wish(search.ask(typed)))
            seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds[1:])


def _first(app: Flask, typed: str) -> str | None:
    with app.test_request_context():
        versions = find(Wish(search.ask(typed))).versions
        return versions[0].practice.source_key if versions else None


def _addresses(folder: Path) -> Iterator[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{folder}/practices.sqlite3"
    with databases.postgresql(folder) as server:
        yield "PostgreSQL", databases.create(server, "practices")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--practices", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
