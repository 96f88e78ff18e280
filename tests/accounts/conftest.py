"""The users that tests log in as."""

from tests.accounts.login import agency, approver, coordinator, editor, neighbour, without_role
from tests.agency.conftest import statements

__all__ = ["agency", "approver", "coordinator", "editor", "neighbour", "statements", "without_role"]
