"""Each sentence of the page about anonymity, proven against the database file, its journal and the log.

A newcomer whose name, address, browser and moment we know sends a form to a running service; then every byte that the
service has written is searched.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.feedback.anonymity import CONSEQUENCES, NOT_STORED, STORED
from app.feedback.codes import digest, new_code, written
from app.feedback.models import AccessCode
from questionnaires.answers import decode_profile, decode_ratings
from questionnaires.loading import builtin
from scoring.method import Method
from tests.feedback.served import GRANIAN, ROOT, Served, form, rows, served, with_open_round

ADDRESS = "203.0.113.77"
KEEPING = (ROOT / "app/feedback/static/keeping.js").read_text("utf-8")
AGS = "05958004"
AGENT = "Seltenes-Telefon-4711"
TEXT = "Am meisten hat mir der Kaffee am Bahnhof geholfen."
ANSWERS = {"N01": "5", "N02": "1", "D1": "1_to_2_years", "O1": TEXT}
ALL = "round_id, municipality_ags, id, CAST(day AS VARCHAR), language, channel, ratings, profile, state, doubt"


@dataclass(frozen=True)
class Traces:
    """What is left of two submissions, one of them with a code: rows, texts, every byte in the folder, log, answers."""

    row: dict[str, object]
    with_code: dict[str, object]
    code: str
    codes: list[tuple]
    comments: list[tuple]
    written: bytes
    log: str
    pages: tuple[str, ...]
    cookies: int
    sent_at: dt.datetime


@pytest.fixture(scope="module")
def traces(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traces]:
    folder = tmp_path_factory.mktemp("served")
    with_open_round(sqlite_template, folder)
    code = new_code()
    _issue(folder, code)
    with served(folder, GRANIAN, KOMPASS_TRUSTED_PROXIES="1") as service:
        sent_at = dt.datetime.now(dt.UTC)
        pages = _submit(service)
        token = service.token(f"/c/{code}")
        assert service.ask("POST", "/f/arnsberg", form(token, N03="2"))[0] == 303
        yield Traces(
            row=_row(service, "school"),
            with_code=_row(service, "code"),
            code=code,
            codes=rows(service.database, "SELECT * FROM access_code"),
            comments=rows(service.database, "SELECT * FROM comment"),
            written=b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()),
            log=service.log,
            pages=tuple(text for text, _cookie in pages),
            cookies=sum(cookie for _text, cookie in pages),
            sent_at=sent_at,
        )


def _issue(folder: Path, code: str) -> None:
    """Put an access code into the database as the service would."""
    engine = sa.create_engine(f"sqlite:///{folder / 'willkommenskompass.sqlite3'}", poolclass=sa.NullPool)
    service = Flask("digest")
    service.secret_key = "t" * 40
    with engine.begin() as connection, service.app_context():
        row = {"digest": digest(code), "round_id": 1, "municipality_ags": "05958004", "used": False}
        connection.execute(sa.insert(AccessCode), row)


def _row(service: Served, channel: str) -> dict[str, object]:
    """The one response that came in on a channel, by column."""
    [values] = rows(service.database, f"SELECT {ALL} FROM response WHERE channel = '{channel}'")
    return dict(zip(re.findall(r"(\w+)(?= AS|,|$)", ALL.replace("CAST(", "")), values, strict=True))


def _submit(service: Served) -> list[tuple[str, bool]]:
    """Form, sending, thanks, the page about anonymity, as a proxy passes them on; their texts, and if a cookie came."""
    import http.client

    browser = {"User-Agent": AGENT, "X-Forwarded-For": ADDRESS, "Accept-Language": "de"}
    pages = []
    token = service.token("/f/arnsberg?von=schule", **browser)
    for method, path, body in (
        ("GET", "/f/arnsberg?von=schule", None),
        ("POST", "/f/arnsberg", form(token, **ANSWERS)),
        ("GET", "/f/arnsberg/danke", None),
        ("GET", "/f/anonym", None),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
        more = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, {**browser, **more})
        answer = connection.getresponse()
        pages.append((answer.read().decode(), answer.getheader("Set-Cookie") is not None))
        connection.close()
    time.sleep(0.2)
    return pages


def mentions(traces: Traces, word: str) -> bool:
    return word.encode() in traces.written or word in traces.log


PROOFS: dict[str, Callable[[Traces], bool]] = {
    "ratings": lambda t: (
        {k: v for k, v in decode_ratings(builtin(), str(t.row["ratings"])).items() if v != "."}
        == {"N01": "5", "N02": "1"}
    ),
    "profile": lambda t: (
        {k: v for k, v in decode_profile(builtin(), str(t.row["profile"])).items() if v} == {"D1": {"1_to_2_years"}}
    ),
    "place": lambda t: (t.row["round_id"], t.row["municipality_ags"]) == (1, "05958004"),
    "day": lambda t: re.fullmatch(r"\d{4}-\d\d-\d\d", str(t.row["day"])) is not None,
    "language": lambda t: t.row["language"] == "de",
    "channel": lambda t: t.row["channel"] == "school",
    "number": lambda t: re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}", str(t.row["id"])) is not None,
    "texts": lambda t: [comment[4] for comment in t.comments] == [TEXT] and t.comments[0][2] != t.row["id"],
    "doubt": lambda t: (t.row["state"], t.row["doubt"]) == ("counted", ""),
    "no_name": lambda t: not re.search(r'name="(name|vorname|nachname|anschrift|geburtstag|email)"', t.pages[0]),
    "no_address": lambda t: not mentions(t, ADDRESS) and not mentions(t, ADDRESS.rpartition(".")[0]),
    "no_device": lambda t: not mentions(t, AGENT),
    "no_time": lambda t: no_moment(t),
    "no_code": lambda t: (
        not mentions(t, t.code)
        and not mentions(t, written(t.code))
        and [used for *_rest, used in t.codes] == [1]
        and not {str(value) for value in t.codes[0]} & {str(value) for value in t.with_code.values()} - {"1", AGS}
    ),
    "no_cookie": lambda t: t.cookies == 0,
    "no_others": lambda t: not any(re.search(r'(?:src|href|action)="(?:https?:)?//', page) for page in t.pages),
    "on_your_device": lambda t: "A_DAY = 24 * 60 * 60 * 1000" in KEEPING and "cookie" not in KEEPING,
    "no_way_back": lambda t: not any(word in t.pages[2] + t.log for word in (str(t.row["id"]), TEXT)),
    "read_first": lambda t: t.comments[0][5] == "unread",
    "together": lambda t: Method().minimum_public == 10,
}
"""For every key a fact that would be false if the sentence were."""


def no_moment(traces: Traces) -> bool:
    """No writing of the minute in which it was sent stands in database or journal."""
    moments = [traces.sent_at + dt.timedelta(minutes=minutes) for minutes in (0, 1)]
    writings = [moment.astimezone(zone).strftime("%H:%M") for moment in moments for zone in (dt.UTC, None)]
    seconds = [str(int(moment.timestamp()))[:8] for moment in moments]
    database = traces.written.replace(traces.log.encode(), b"")
    return not any(word.encode() in database for word in (*writings, *seconds))


@pytest.mark.parametrize("key", [*STORED, *NOT_STORED, *CONSEQUENCES])
def test_the_sentence_is_true(traces: Traces, key: str):
    assert PROOFS[key](traces)


def test_every_proof_can_fail():
    """What the proofs look for is found where it is."""
    told = Traces(
        row={"id": "x", "day": "2026-11-27 12:00"},
        with_code={"id": "abc"},
        code="7K3M9QWX2ABC",
        codes=[("abc", 1, AGS, 1)],
        comments=[],
        written=f"{ADDRESS} {AGENT} 12:00".encode(),
        log="",
        pages=("",) * 4,
        cookies=1,
        sent_at=dt.datetime.now(dt.UTC),
    )
    assert not any(PROOFS[key](told) for key in ("day", "no_address", "no_device", "no_code", "no_cookie", "number"))
    assert not PROOFS["no_code"](replace(told, codes=[("x", 1, AGS, 1)], log="GET /c/7K3M9QWX2ABC"))


def test_the_log_names_neither_the_form_nor_its_token(traces: Traces):
    assert not re.search(r"/f/arnsberg|von=schule|token=", traces.log)
