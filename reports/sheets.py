"""Which sheet of a release an audience may read."""

from __future__ import annotations

from typing import Literal

from scoring.release import Release, UnitSheet, sha256

Audience = Literal["public", "own"]


class NotInRelease(LookupError):
    """The release holds no sheet of that municipality for that audience."""

    def __init__(self, ags: str | None, audience: str) -> None:
        super().__init__(f"Der Auswertungsstand enthält für {ags} keine Ergebnisse (Empfängerkreis: {audience}).")


def sheet_of(release: Release, ags: str | None, audience: Audience = "public") -> UnitSheet:
    """The sheet of a municipality as ``audience`` may see it; ``NotInRelease`` if there is none."""
    sheets = release.own if audience == "own" else release.public
    if ags is None or ags not in sheets:
        raise NotInRelease(ags, audience)
    return sheets[ags]


_last: tuple[Release, str] | None = None


def sha256_of(release: Release) -> str:
    """The release's name; kept for the last one, because sixty documents are made from one release in a row."""
    global _last
    kept = _last
    if kept is None or kept[0] is not release:
        kept = _last = (release, sha256(release.to_json()))
    return kept[1]
