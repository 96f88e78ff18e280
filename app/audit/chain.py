"""The hashes of the chain: what exactly is hashed, for an entry and for a part of it. Pure functions."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

START = "0" * 64
"""What the first entry names as the one before it."""


def canonical(content: Any) -> str:
    """JSON that looks the same whoever writes it: sorted keys, no blanks, characters as they are."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def part_sha256(salt: str, content: str) -> str:
    """SHA-256 of a part. The salt goes with the part, so that nobody can guess what an erased one said."""
    return hashlib.sha256(f"{salt}\n{content}".encode()).hexdigest()


def entry_sha256(
    *,
    number: int,
    at: dt.datetime,
    action: str,
    subject_kind: str,
    subject_key: str,
    municipality_ags: str | None,
    role: str,
    who_sha256: str | None,
    what_sha256: str | None,
    previous: str,
) -> str:
    """SHA-256 of an entry over everything it holds, the hash of the entry before it included."""
    content = {
        "number": number,
        "at": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "action": action,
        "subject": [subject_kind, subject_key],
        "municipality": municipality_ags,
        "role": role,
        "who": who_sha256,
        "what": what_sha256,
        "previous": previous,
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()
