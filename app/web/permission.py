"""How a view says who may use it; the table of permissions itself is in app/accounts/permissions.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

ATTRIBUTE = "required_permission"
FRESH = "needs_fresh"


def requires(permission: str) -> Callable[[View], View]:
    """Declare the permission a view needs; a request to a view without one is refused before it gets there."""

    def declare(view: View) -> View:
        setattr(view, ATTRIBUTE, permission)
        return view

    return declare


def fresh(view: View) -> View:
    """Declare that a view wants to know again who is there, unless they logged in a short while ago."""
    setattr(view, FRESH, True)
    return view


def needs_fresh(view: object) -> bool:
    """Whether a view declares that."""
    return bool(getattr(view, FRESH, False))


def required_permission(view: object) -> str | None:
    """The permission that a view declares, ``None`` if it declares none."""
    return getattr(view, ATTRIBUTE, None)
