"""How fast a round is scored, and how the cost grows: from 59 municipalities to a country of 11,000.

    python -m bench.scoring [--quick] [--engines sqlite,postgresql] [--write]

Makes its data (bench/network.py), measures every line of every table in a process of its own, and prints the tables;
``--write`` also writes them to docs/evidence/speed.md. ``--quick`` stops at a million responses.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from alembic import command
from flask import Flask

from app import create_app
from app.database import db
from app.migrations import alembic_config
from app.releases import building
from app.releases.loading import load_round
from app.rounds.models import Round
from bench import databases
from bench.measuring import Watch, apart
from bench.network import fill, network
from config import Settings
from scoring import comparison, diagnostics, likert, sensitivity
from scoring.method import Method
from scoring.newcomers import score_newcomers
from scoring.round_data import RoundData
from scoring.self_assessments import score_self_assessments, self_inputs, structure_of
from scoring.side_by_side import score_pairs

PAGE = Path(__file__).parents[1] / "docs" / "evidence" / "speed.md"
REGION, COUNTRY = 59, 11_000
RESPONSES = 100_000
MILLIONS = {"sqlite": (1, 2, 5, 10), "postgresql": (1, 10), "pandas": (1, 2, 5, 10)}
SIZES = (1_375, 2_750, 5_500, 11_000)
RUNS = 3
FACTORS = 7
LIMITS = {
    "round": (2.0, 400),
    "uncertainty": (0.2, None),
    "sobol": (2.0, None),
    "sqlite": (20.0, 2048),
    "postgresql": (30.0, 2048),
}


# --- what is measured, each in a process of its own


def one_round(watch: Watch, url: str) -> None:
    """Everything from the rows of a round to its canonical document; the best of three, the first one warms up."""
    with _application(url):
        for _ in range(RUNS):
            with watch.step("load"):
                given = load_round(db.session, db.session.get_one(Round, 1))
            db.session.rollback()
            with watch.step("score"):
                release = building.score(given)
            with watch.step("write"):
                release.to_json()


def uncertainty(watch: Watch) -> None:
    """A thousand replications of an index of 43 criteria."""
    data, method = network(REGION, 1000).data(), Method()
    minimum, away, values = self_inputs(data, method)
    for _ in range(RUNS):
        with watch.step("uncertainty"):
            diagnostics.places_by_rules(structure_of(data), values, minimum, away, method)


def sobol(watch: Watch) -> None:
    """All seven factors; the criteria are uncertain by the rounding of their levels."""
    data, method = network(REGION, 1000).data(), Method()
    minimum, away, values = self_inputs(data, method)
    errors = np.full(values.shape, comparison.LEVEL_VARIANCE**0.5)
    nominal = sensitivity.Nominal(
        structure_of(data), values, minimum, not_applicable=away, standard_errors=errors,
        not_applicable_limit=method.not_applicable_limit,
    )  # fmt: skip
    for _ in range(RUNS):
        with watch.step("sobol"):
            found = sensitivity.sobol(nominal, rng=np.random.default_rng(1), n=method.sobol_n)
    if sum(found.active) < FACTORS - 1:
        raise SystemExit(f"Only {sum(found.active)} factors vary.")


def country(watch: Watch, url: str) -> None:
    """Load, count and score a round of many municipalities: all three views, with sets of places."""
    with _application(url):
        with watch.step("load"):
            given = load_round(db.session, db.session.get_one(Round, 1))
        db.session.rollback()
        _score(watch, given.data)


def growing(watch: Watch, municipalities: int, responses: int) -> None:
    """The same without a database."""
    _score(watch, network(municipalities, responses).data())


def _score(watch: Watch, data: RoundData) -> None:
    method = Method()
    with watch.step("score"):
        outside = score_newcomers(data, method)
    with watch.step("both"):
        score_pairs(data, score_self_assessments(data, method), outside, method)
    if not np.isfinite(outside.set_low).any():
        raise SystemExit("No indicator has places.")


def ours(watch: Watch, municipalities: int, responses: int) -> None:
    """Histograms of items and of a scale, and all moments of pairs."""
    data = network(municipalities, responses).data()
    with watch.step("tally"):
        likert.tally(data.ratings, data.response_unit, municipalities)


def grouped_by_pandas(watch: Watch, municipalities: int, responses: int) -> None:
    """Number, mean and variance of each item in each municipality, of the answers in long form."""
    import pandas

    unit, item, rating = network(municipalities, responses).long_form()
    answers = pandas.DataFrame({"unit": unit, "item": item, "rating": rating})
    with watch.step("tally"):
        answers.groupby(["unit", "item"])["rating"].agg(["count", "mean", "var"])


# --- databases to measure on


def prepare(watch: Watch, url: str, municipalities: int, responses: int) -> None:
    """Fill a new database, in a process of its own so that its memory is not measured."""
    with watch.step("fill"), _application(url):
        command.upgrade(alembic_config(url), "head")
        fill(db.engine, network(municipalities, responses))


@contextmanager
def _application(url: str) -> Iterator[Flask]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), database_url=url, secret_key="b" * 40))
        with app.app_context():
            yield app
            db.session.close()
            db.engine.dispose()


@contextmanager
def _filled(engine: str, municipalities: int, responses: int) -> Iterator[str]:
    """The address of a database that holds such a network, and is removed afterwards."""
    _say(f"{engine}: {municipalities} municipalities, {responses} responses are written …")
    with tempfile.TemporaryDirectory(prefix="kompass-bench-", ignore_cleanup_errors=True) as folder:
        if engine == "sqlite":
            url = f"sqlite:///{folder}/bench.sqlite3"
            apart(prepare, url, municipalities, responses)
            yield url
            return
        with databases.postgresql(Path(folder)) as server:
            url = databases.create(server, "bench")
            apart(prepare, url, municipalities, responses)
            yield url


# --- tables


def main() -> None:
    """Measure, print, and write if asked."""
    options = _options()
    parts = [_head(), *_region(), *_country(options), *_sizes(), *_pandas(options)]
    text = "\n".join([*parts, ""])
    print(text)
    if options.write:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.scoring", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="at most a million responses")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} as well")
    return parser.parse_args()


def _millions(options: argparse.Namespace, of: str) -> list[int]:
    return [1_000_000] if options.quick else [million * 1_000_000 for million in MILLIONS[of]]


def _head() -> str:
    return "\n".join(
        (
            "# Wie schnell ausgewertet wird",
            "",
            "Von `python -m bench.scoring` geschrieben, nicht von Hand: jede Zeile in einem Prozess für sich, mit "
            "erzeugten Daten (bench/network.py). Sekunden sind vergangene Zeit; in Klammern die der Prozessoren. "
            "Speicher ist der höchste Stand des Prozesses samt aller geladenen Bibliotheken.",
            f"{os.cpu_count()} Kerne, Python {platform.python_version()}, NumPy {np.__version__}, "
            f"SQLAlchemy {sa.__version__}; Last zu Beginn {os.getloadavg()[0]:.1f}.",
        )
    )


def _region() -> list[str]:
    _say("one round …")
    with _filled("sqlite", REGION, RESPONSES) as url:
        whole = apart(one_round, url)
    replications, indices = apart(uncertainty), apart(sobol)
    rows = [
        _row("Alles: Modell, Ziehungen, Plätze, Einstufungen, Differenzen, Güte, Schutz, Wiederholungen",
             whole, ("score",), "round"),
        _row("dazu: lesen aus SQLite", whole, ("load",)),
        _row("dazu: Dokument schreiben", whole, ("write",)),
        _row("davon: 1.000 Wiederholungen mit anderen Regeln", replications, ("uncertainty",), "uncertainty"),
        _row("Sobol-Indizes, 7 Größen, n = 1.024", indices, ("sobol",), "sobol"),
    ]  # fmt: skip
    title = f"## {REGION} Kommunen, 43 Kriterien, 18 Fragen, {_whole(RESPONSES)} Rückmeldungen"
    return ["", title, "", *_table(("Arbeit", "Sekunden", "Ziel", "MB", "Ziel"), rows)]


def _row(name: str, watch: Watch, steps: tuple[str, ...], limit: str = "") -> list[str]:
    seconds, memory = LIMITS.get(limit, (None, None))
    return [
        name,
        f"{_decimal(watch.total(*steps))} ({_decimal(watch.processors(*steps))})",
        "" if seconds is None else f"unter {_decimal(seconds)}",
        f"{watch.memory:.0f}",
        "" if memory is None else f"unter {memory}",
    ]


def _country(options: argparse.Namespace) -> list[str]:
    rows = []
    steps = ("load", "score", "both")
    for engine in options.engines.split(","):
        for responses in _millions(options, engine):
            with _filled(engine, COUNTRY, responses) as url:
                watch = apart(country, url)
            seconds, memory = LIMITS[engine] if responses == MILLIONS[engine][-1] * 1_000_000 else (None, None)
            rows.append([
                engine, _whole(responses), *(_decimal(watch.seconds[step]) for step in steps),
                f"{_decimal(watch.total(*steps))} ({_decimal(watch.processors(*steps))})",
                "" if seconds is None else f"unter {seconds:.0f}",
                f"{watch.memory:.0f}", "" if memory is None else f"unter {memory}",
            ])  # fmt: skip
    head = ("Datenbank", "Rückmeldungen", "lesen", "zählen, Spannen, Modell, Einstufungen, Mengen von Plätzen",
            "Selbstbild und Differenzen", "zusammen", "Ziel", "MB", "Ziel")  # fmt: skip
    return ["", f"## {_whole(COUNTRY)} Kommunen, 18 Fragen", "", *_table(head, rows)]


def _sizes() -> list[str]:
    rows = []
    for municipalities in SIZES:
        _say(f"{municipalities} municipalities …")
        watch = apart(growing, municipalities, 1_000_000)
        rows.append([_whole(municipalities), *(_decimal(watch.seconds[step], 3) for step in ("score", "both"))])
    head = ("Kommunen", "zählen, Spannen, Modell, Einstufungen, Mengen von Plätzen", "Selbstbild und Differenzen")
    return ["", "## Eine Million Rückmeldungen, ohne Datenbank", "", *_table(head, rows)]


def _pandas(options: argparse.Namespace) -> list[str]:
    rows = []
    for municipalities, responses in [
        (REGION, RESPONSES),
        *((COUNTRY, responses) for responses in _millions(options, "pandas")),
    ]:
        _say(f"tally of {responses} responses …")
        own, theirs = (apart(work, municipalities, responses) for work in (ours, grouped_by_pandas))
        rows.append([
            _whole(municipalities), _whole(responses), _decimal(own.seconds["tally"], 3), f"{own.memory:.0f}",
            _decimal(theirs.seconds["tally"], 3), f"{theirs.memory:.0f}",
            f"{_decimal(theirs.seconds['tally'] / own.seconds['tally'], 1)}-fach",
        ])  # fmt: skip
    head = ("Kommunen", "Rückmeldungen", "likert.tally", "MB", "pandas", "MB", "pandas braucht")
    explained = (
        "`likert.tally` zählt Häufigkeiten, eine Skala und alle Paare von Fragen; pandas (`groupby` der Antworten in "
        "langer Form, schon im Speicher) nur Zahl, Mittel und Varianz je Frage."
    )
    return ["", "## Zählen, neben pandas", "", explained, "", *_table(head, rows)]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _decimal(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def _whole(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _say(what: str) -> None:
    print(f"→ {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
