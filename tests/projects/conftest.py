"""People of Meschede and the agency."""

from __future__ import annotations

from tests.accounts.login import agency, coordinator

__all__ = ["agency", "coordinator"]
