"""People of Meschede, Olpe and the agency."""

from __future__ import annotations

from tests.accounts.login import agency, coordinator, editor, neighbour

__all__ = ["agency", "coordinator", "editor", "neighbour"]
