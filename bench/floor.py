"""The floor under every Flask service that stores something: a bare page, and a bare insertion of one row.

Started by ``bench.form`` on the same server as the service, with the same durability; no layout, no checks, no ORM.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import uuid
from collections.abc import Callable

from flask import Flask, request

TABLE = "CREATE TABLE IF NOT EXISTS answer (id TEXT PRIMARY KEY, body TEXT NOT NULL)"
PAGE = "<!doctype html><html lang=en><title>Floor</title><form method=post><button>Send</button></form>"

app = Flask(__name__)
_own = threading.local()


@app.get("/")
def page() -> str:
    return PAGE


@app.post("/")
def insert() -> tuple[str, int, dict[str, str]]:
    _insert()(str(uuid.uuid4()), request.form.get("O1", ""))
    return "", 303, {"Location": "/"}


def _insert() -> Callable[[str, str], object]:
    """What inserts one row and commits, on this thread's own connection."""
    if not hasattr(_own, "insert"):
        address = os.environ["FLOOR_DATABASE"]
        _own.insert = _on_sqlite(address) if address.startswith("/") else _on_postgresql(address)
    return _own.insert


def _on_sqlite(path: str) -> Callable[[str, str], object]:
    connection = sqlite3.connect(path, isolation_level=None, timeout=15)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(TABLE)
    return lambda id, body: connection.execute("INSERT INTO answer VALUES (?, ?)", (id, body))


def _on_postgresql(address: str) -> Callable[[str, str], object]:
    import psycopg

    connection = psycopg.connect(address, autocommit=True)
    return lambda id, body: connection.execute("INSERT INTO answer VALUES (%s, %s)", (id, body))
