"""Entries to read, and people who may."""

from tests.accounts.login import agency, approver, coordinator, editor, neighbour
from tests.agency.conftest import statements
from tests.audit.conftest import boil, words

__all__ = ["agency", "approver", "boil", "coordinator", "editor", "neighbour", "statements", "words"]
