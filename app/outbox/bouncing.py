"""Addresses that take no mail: marked when a mail server refuses one for good, or by hand, and cleared again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import delete, select

from app.database import db
from app.outbox.models import BouncedAddress


class Addressed(Protocol):
    """Somebody with an address."""

    email: str


Person = TypeVar("Person", bound=Addressed)


def mark(address: str, how: str, user_id: int | None = None) -> None:
    """Note that the address takes no mail; how it was found out first stays. Does not commit."""
    if db.session.get(BouncedAddress, address.lower()) is None:
        db.session.add(BouncedAddress(address=address.lower(), how=how, user_id=user_id))


def clear(address: str) -> None:
    """The address takes mail again. Does not commit."""
    db.session.execute(delete(BouncedAddress).where(BouncedAddress.address == address.lower()))


def bounced(addresses: Collection[str] | None = None) -> dict[str, str]:
    """Addresses (in small letters) that take no mail with how that was found out; of these, or all. One statement."""
    query = select(BouncedAddress.address, BouncedAddress.how)
    if addresses is not None:
        query = query.where(BouncedAddress.address.in_({address.lower() for address in addresses}))
    return dict(db.session.execute(query).all())


def parted(people: Sequence[Person]) -> tuple[list[Person], list[Person]]:
    """Those whose address takes mail, and those whose address does not. One statement."""
    refusing = bounced([person.email for person in people])
    there, gone = ([one for one in people if (one.email.lower() in refusing) is bad] for bad in (False, True))
    return there, gone
