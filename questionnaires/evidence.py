"""Which level counts: levels 3 and 4 need evidence, and without it a claim is no more than a municipality's own word.

The levels are cumulative (domain notes, 3.2): what is claimed above the evidence counts as the highest level that the
evidence carries, never below 2 for want of evidence, so that claiming more can never count less.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

WITHOUT_EVIDENCE = 2
"""The highest level that is counted on the municipality's word alone."""
OLDEST_MONTHS = 24
"""Older evidence than this, on the last day of the round, says nothing of today."""

Missing = Literal["recent", "check", "improvement"]


@dataclass(frozen=True)
class Proof:
    """One piece of evidence as the rule sees it: its day, and whether it shows a check or an improvement."""

    dated: dt.date
    check: bool = False
    improvement: bool = False


@dataclass(frozen=True)
class Counted:
    """The level that counts, and what evidence is missing for the one claimed.

    ``level`` is ``None`` where no level was claimed. ``missing`` holds "recent" (no evidence that is recent enough),
    "check" and "improvement" (level 4 shows both, domain notes 3.2).
    """

    level: int | None
    missing: tuple[Missing, ...] = ()

    @property
    def self_declared(self) -> bool:
        """Whether the claim goes beyond its evidence: "Selbstauskunft"."""
        return bool(self.missing)


def counted(claimed: int | None, proofs: Iterable[Proof], day: dt.date) -> Counted:
    """The level that counts for a claim with this evidence; ``day`` is the round's last.

    >>> counted(3, [], dt.date(2026, 12, 31))
    Counted(level=2, missing=('recent',))
    >>> counted(4, [Proof(dt.date(2026, 5, 1), check=True)], dt.date(2026, 12, 31))
    Counted(level=3, missing=('improvement',))
    """
    if claimed is None or claimed <= WITHOUT_EVIDENCE:
        return Counted(claimed)
    recent = [proof for proof in proofs if proof.dated >= oldest(day)]
    if not recent:
        return Counted(WITHOUT_EVIDENCE, ("recent",))
    if claimed == WITHOUT_EVIDENCE + 1:
        return Counted(claimed)
    missing: list[Missing] = []
    if not any(proof.check for proof in recent):
        missing.append("check")
    if not any(proof.improvement for proof in recent):
        missing.append("improvement")
    return Counted(claimed - 1 if missing else claimed, tuple(missing))


def oldest(day: dt.date) -> dt.date:
    """The first day whose evidence is recent enough on ``day``: the same day of the month, ``OLDEST_MONTHS`` before.

    >>> oldest(dt.date(2028, 2, 29))
    datetime.date(2026, 2, 28)
    """
    year = day.year - OLDEST_MONTHS // 12
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February of a year that has none.
        return day.replace(year=year, day=28)
