"""A made-up network of any size: a region, a closed round, self-assessments and responses, in arrays or in a database.

The same size always gives the same network. A municipality's part of the responses is log-normal (s.d. 1 of the
logarithm). An answer is a whole number from 1 to 5 nearest to 3.8 + municipality and item (s.d. 0.4) + person (0.7) +
chance (0.9); 5 % are missing and 3 % do not concern the person. Levels are normal around 2.2 (0.9), also cut to whole
numbers. The database is filled past the ORM and past its checks, which every row would pass.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from app.assessment.models import Assessment, CriterionAnswer
from app.database import Model
from app.region.models import District, Municipality, PeerGroup
from app.rounds.models import Participation, Round
from questionnaires.catalogue import Catalogue
from questionnaires.loading import builtin
from scoring.likert import NOT_CONCERNED, parse
from scoring.round_data import RoundData

ROUND = "bench"
DAY = dt.date(2026, 6, 1)
MOMENT = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
PEER_GROUPS = 10
PER_DISTRICT = 900
_AT_ONCE = 200_000
LANGUAGES = ("de", "en")
_SYMBOLS = np.frombuffer(b".12345", dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class Network:
    """Municipalities (``keys``, ascending), the unit of each response (ascending), and its rating symbols (n, items).

    ``profiles`` (n, characters) are what each person says of themselves, ``spoken`` (n,) positions in ``LANGUAGES``.
    """

    catalogue: Catalogue
    keys: tuple[str, ...]
    levels: NDArray[np.float64]
    unit: NDArray[np.int64]
    symbols: NDArray[np.uint8]
    profiles: NDArray[np.uint8]
    spoken: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Responses of each municipality."""
        return np.bincount(self.unit, minlength=len(self.keys))

    def data(self) -> RoundData:
        """The network as it is scored."""
        units = len(self.keys)
        return RoundData.from_catalogue(
            self.catalogue,
            units=self.keys,
            groups=[_group(unit) for unit in range(units)],
            consented=np.arange(units) % 3 != 2,
            handed_in=np.ones(units, dtype=bool),
            levels=self.levels,
            not_applicable=np.zeros(self.levels.shape, dtype=bool),
            ratings=parse(self.symbols.tobytes(), len(self.catalogue.items)),
            response_unit=self.unit,
            newcomers=3.0 * self.counts + 1,
        )

    def long_form(self) -> tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.int8]]:
        """Municipality, item and rating of every answer given, one after the other."""
        ratings = parse(self.symbols.tobytes(), len(self.catalogue.items))
        response, item = np.nonzero((ratings > 0) & (ratings != NOT_CONCERNED))
        return self.unit[response].astype(np.int32), item.astype(np.int8), ratings[response, item].astype(np.int8)


def network(municipalities: int, responses: int) -> Network:
    """The network of that size."""
    rng = np.random.default_rng([municipalities, responses])
    catalogue = builtin()
    share = rng.lognormal(0.0, 1.0, municipalities)
    unit = np.repeat(np.arange(municipalities), rng.multinomial(responses, share / share.sum()))
    effect = rng.normal(3.8, 0.4, (municipalities, len(catalogue.items))).astype(np.float32)
    blocks = [_symbols(effect[unit[start : start + _AT_ONCE]], rng) for start in range(0, responses, _AT_ONCE)]
    profiles, spoken = _persons(catalogue, responses, rng)
    levels = np.clip(np.rint(rng.normal(2.2, 0.9, (municipalities, len(catalogue.criteria)))), 0, 4)
    return Network(
        catalogue,
        tuple(_key(unit) for unit in range(municipalities)),
        levels,
        unit,
        np.concatenate(blocks),
        profiles,
        spoken,
    )


def _symbols(mean: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.uint8]:
    person = rng.standard_normal((len(mean), 1), dtype=np.float32) * np.float32(0.7)
    chance = rng.standard_normal(mean.shape, dtype=np.float32) * np.float32(0.9)
    symbols = _SYMBOLS[np.clip(np.rint(mean + person + chance), 1, 5).astype(np.uint8)]
    fate = rng.random(mean.shape, dtype=np.float32)
    symbols[fate < 0.05] = ord(".")
    symbols[fate > 0.97] = ord("-")
    return symbols


def _persons(
    catalogue: Catalogue, responses: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """One option of each question that has one answer, every option of the others with 30 %, a language."""
    columns: list[NDArray[np.uint8]] = []
    for question in catalogue.profile_questions:
        if question.kind == "single":
            columns.append((rng.integers(1, len(question.options) + 1, responses) + ord("0")).astype(np.uint8))
        else:
            chosen = rng.random((len(question.options), responses), dtype=np.float32) < 0.3
            columns.extend(np.where(chosen, ord("x"), ord(".")).astype(np.uint8))
    return np.stack(columns, axis=1), rng.choice(len(LANGUAGES), responses, p=[0.7, 0.3])


def _district(unit: int) -> str:
    return f"{5001 + unit // PER_DISTRICT:05}"


def _key(unit: int) -> str:
    return f"{_district(unit)}{unit % PER_DISTRICT:03}"


def _group(unit: int) -> str:
    return f"group-{unit % PER_DISTRICT % PEER_GROUPS}"


def fill(engine: sa.Engine, made: Network) -> None:
    """Write the network into an empty, migrated database."""
    with engine.begin() as connection:
        for model, rows in _tables(made):
            connection.execute(sa.insert(model), rows)
    connection = engine.raw_connection()
    try:
        if engine.dialect.name == "sqlite":
            _into_sqlite(connection.driver_connection, made)  # type: ignore[arg-type]
        else:
            _into_postgresql(connection.driver_connection, made)
        connection.commit()
    finally:
        connection.close()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as settled:
        settled.exec_driver_sql("ANALYZE")


def _tables(made: Network) -> Iterator[tuple[type[Model], list[dict[str, object]]]]:
    """Everything but the responses, in an order that keeps foreign keys."""
    units = range(len(made.keys))
    counts = made.counts.tolist()
    yield District, [{"ags": key, "name": f"Kreis {key}"} for key in sorted({_district(unit) for unit in units})]
    yield PeerGroup, [{"id": f"group-{k}", "name": f"Gruppe {k}", "note": None} for k in range(PEER_GROUPS)]
    yield Municipality, [_municipality(unit, key) for unit, key in enumerate(made.keys)]
    yield Round, [_round(made.catalogue)]
    yield (
        Participation,
        [
            {"round_id": 1, "municipality_ags": key, "newcomers": 3 * counts[unit] + 1, "invited_at": MOMENT}
            for unit, key in enumerate(made.keys)
        ],
    )
    yield Assessment, [_assessment(unit, key) for unit, key in enumerate(made.keys)]
    yield CriterionAnswer, [_answer(made, unit, place) for unit in units for place in range(made.levels.shape[1])]


def _municipality(unit: int, key: str) -> dict[str, object]:
    return {
        "ags": key,
        "slug": f"ort-{key}",
        "name": f"Ort {key}",
        "kind": "Stadt",
        "legal_status": "kreisangehörige Stadt",
        "district_ags": _district(unit),
        "population": 10_000,
        "area_km2": 50.0,
        "latitude": 51.0,
        "longitude": 8.0,
        "peer_group_id": _group(unit),
    }


def _round(catalogue: Catalogue) -> dict[str, object]:
    return {
        "id": 1,
        "key": ROUND,
        "title": "Messung",
        "state": "closed",
        "opens": DAY,
        "closes": DAY,
        "demonstration": True,
        "catalogue_json": catalogue.to_json(),
        "catalogue_sha256": catalogue.sha256,
        "created_at": MOMENT,
        "opened_at": MOMENT,
        "closed_at": MOMENT,
    }


def _assessment(unit: int, key: str) -> dict[str, object]:
    return {
        "id": unit + 1,
        "round_id": 1,
        "municipality_ags": key,
        "state": "handed_in",
        "handed_in_at": MOMENT,
        "consented": unit % 3 != 2,
    }


def _answer(made: Network, unit: int, place: int) -> dict[str, object]:
    return {
        "assessment_id": unit + 1,
        "criterion": made.catalogue.criteria[place].id,
        "level": int(made.levels[unit, place]),
        "version": 1,
    }


_INSERT = f"""
WITH RECURSIVE number(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM number WHERE k + 1 < :count)
INSERT INTO response (round_id, municipality_ags, id, day, language, channel, ratings, profile)
SELECT 1, :key, printf('%08x-0000-4000-8000-%012x', k * 2654435761 % 4294967296, k), '{DAY.isoformat()}',
       CAST(substr(:spoken, k * 2 + 1, 2) AS TEXT), 'open',
       CAST(substr(:symbols, k * :items + 1, :items) AS TEXT),
       CAST(substr(:profiles, k * :profile + 1, :profile) AS TEXT)
FROM number
ORDER BY 3
"""


def _into_sqlite(connection: sqlite3.Connection, made: Network) -> None:
    """One statement per municipality, whose rows come in the order of their keys as they lie in the table."""
    codes = np.array(LANGUAGES, dtype="S2")
    edges = np.searchsorted(made.unit, np.arange(len(made.keys) + 1))
    for pragma in ("synchronous=OFF", "ignore_check_constraints=ON", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    for key, start, end in zip(made.keys, edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if start < end:
            given = {
                "symbols": made.symbols[start:end].tobytes(),
                "items": made.symbols.shape[1],
                "profiles": made.profiles[start:end].tobytes(),
                "profile": made.profiles.shape[1],
                "spoken": codes[made.spoken[start:end]].tobytes(),
            }
            connection.execute(_INSERT, {"count": end - start, "key": key, **given})
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _into_postgresql(connection: object, made: Network) -> None:
    """Lines of one width in the order in which answers arrive, that is, in no order."""
    order = np.random.default_rng(len(made.unit)).permutation(len(made.unit))
    keys = np.array(made.keys, dtype="S8").view(np.uint8).reshape(-1, 8)
    codes = np.array(LANGUAGES, dtype="S2").view(np.uint8).reshape(-1, 2)
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("SET session_replication_role = replica")
    columns = "round_id, day, channel, municipality_ags, id, language, ratings, profile"
    with cursor.copy(f"COPY response ({columns}) FROM STDIN") as copy:
        for start in range(0, len(order), _AT_ONCE):
            some = order[start : start + _AT_ONCE]
            fields = (
                keys[made.unit[some]],
                _ids(some),
                codes[made.spoken[some]],
                made.symbols[some],
                made.profiles[some],
            )
            copy.write(_lines(fields))


def _ids(numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Keys as random as those that a form makes: (n, 36) characters."""
    ids = np.tile(np.frombuffer(b"00000000-0000-4000-8000-000000000000", dtype=np.uint8), (len(numbers), 1))
    hashed = numbers * 2654435761 % 2**32
    for digit in range(8):
        ids[:, digit] = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)[hashed >> 4 * (7 - digit) & 15]
    for digit in range(12):
        ids[:, 24 + digit] = ord("0") + numbers // 10 ** (11 - digit) % 10
    return ids


def _lines(fields: Sequence[NDArray[np.uint8]]) -> bytes:
    """Fields (n, characters) side by side as COPY reads them."""
    rows = len(fields[0])

    def same(text: str) -> NDArray[np.uint8]:
        return np.broadcast_to(np.frombuffer(text.encode(), dtype=np.uint8), (rows, len(text)))

    cells = [same(f"1\t{DAY.isoformat()}\topen")]
    for field in fields:
        cells += [same("\t"), field]
    return np.concatenate([*cells, same("\n")], axis=1).tobytes()
