"""People whose data is at stake."""

from tests.accounts.login import agency, approver, coordinator, editor

__all__ = ["agency", "approver", "coordinator", "editor"]
