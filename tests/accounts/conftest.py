"""The users that tests log in as."""

from tests.accounts.login import agency, approver, coordinator, editor, neighbour, without_role

__all__ = ["agency", "approver", "coordinator", "editor", "neighbour", "without_role"]
