"""Where people work together: one criterion of one municipality in one round."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """The id of the round, the municipality's AGS and the criterion's id."""

    round_id: int
    municipality_ags: str
    criterion: str
