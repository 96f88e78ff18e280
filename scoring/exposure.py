"""What the inspection of a release finds: something withheld that readers could work out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

RESPONSES = "responses"
"""Stands for the number of responses where an indicator is named."""

Kind = Literal["subtraction", "levels", "refreshed", "exchanged"]


@dataclass(frozen=True)
class Exposure:
    """Something withheld that a reader can work out, and from where.

    ``subtraction``: of the total of ``subject`` (an indicator, or ``RESPONSES``) less all published parts it follows
    that a municipality that is not shown has between ``low`` and ``high`` answers, of those that chose ``answer``
    (0: in all). ``levels``: from the counts of the criterion ``subject`` follows the level of one that is not shown.
    ``refreshed``: since an earlier release ``low`` answers came or went at ``unit`` (the region: empty), too few to
    hide among; ``exchanged``: as many came as went, an unknown few.
    """

    kind: Kind
    subject: str
    unit: str = ""
    answer: int = 0
    low: int = 0
    high: int = 0


class ReleaseExposes(ValueError):
    """Readers could work out of a release what it withholds; ``exposures`` says what."""

    def __init__(self, exposures: Sequence[Exposure]) -> None:
        self.exposures = tuple(exposures)
        first = self.exposures[0]
        super().__init__(f"Readers could work out {len(self.exposures)} withheld counts; the first: {first}.")
