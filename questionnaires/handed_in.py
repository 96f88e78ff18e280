"""What a municipality handed in, exactly as it was signed: immutable, with a canonical form and its SHA-256."""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from questionnaires.catalogue import Definition


class HandedEvidence(Definition):
    """One piece of evidence; a file is named by the SHA-256 of its content."""

    kind: Literal["link", "text", "file"]
    title: str
    dated: str
    check: bool
    improvement: bool
    address: str = ""
    body: str = ""
    file_name: str = ""
    sha256: str | None = None


class HandedAnswer(Definition):
    """One criterion: the level stated, the level that its evidence carries, and what explains it."""

    criterion: str
    level: int | None
    counted: int | None
    not_applicable: bool
    reason: str
    regulated: bool
    lived: bool
    visible: bool
    responsible: str
    due: str | None
    evidence: tuple[HandedEvidence, ...] = ()


class HandedIn(Definition):
    """A self-assessment as it was signed; ``number`` counts those of the round, days and moments are ISO 8601."""

    format: Literal[1] = 1
    round: str
    round_title: str
    municipality: str
    municipality_name: str
    catalogue_sha256: str
    catalogue_version: str
    number: int
    handed_in_at: str
    signed_name: str
    signed_function: str
    consented: bool
    demonstration: bool
    answers: tuple[HandedAnswer, ...]

    def canonical(self) -> str:
        """The one way to write it: the same contents give the same characters."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        """The checksum of the canonical form."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()
