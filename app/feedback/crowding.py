"""How often something comes from one network: counted in memory only, under a name that means nothing tomorrow.

The name of a network is a keyed hash of its prefix (/24, /56 for IPv6); the key is random, never leaves the process and
is thrown away every day. Nothing of it is written anywhere. Each server process counts for itself.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import secrets
from dataclasses import dataclass, field

from flask import Flask, current_app
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.rounds.lifecycle import today

EXTENSION = "willkommen-crowding"
PREFIX = {4: 24, 6: 56}


@dataclass
class Crowding:
    """The counters of this process, and the key of the day."""

    limiter: FixedWindowRateLimiter = field(default_factory=lambda: FixedWindowRateLimiter(MemoryStorage()))
    day: dt.date = dt.date.min
    key: bytes = b""

    def name(self, network: str) -> str:
        """What the network is called today."""
        if self.day != today():
            self.day, self.key = today(), secrets.token_bytes(32)
        return hashlib.blake2b(network.encode(), key=self.key, digest_size=16).hexdigest()


def another(what: str, most: int, address: str) -> bool:
    """Count one more of ``what`` from the network of ``address``; whether that is within ``most`` an hour."""
    network = _network(address)
    if not network or not most:
        return True
    counters = _counters()
    return counters.limiter.hit(RateLimitItemPerHour(most), what, counters.name(network))


def crowded(what: str, most: int, address: str) -> bool:
    """Whether ``most`` of ``what`` have come from the network of ``address`` this hour."""
    network = _network(address)
    if not network or not most:
        return False
    counters = _counters()
    return not counters.limiter.test(RateLimitItemPerHour(most), what, counters.name(network))


def _counters() -> Crowding:
    found: Crowding = current_app.extensions[EXTENSION]
    return found


def _network(text: str) -> str:
    """The prefix of an address; empty for the machine itself: a proxy then stands before everybody."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return "" if address.is_loopback else str(ipaddress.ip_network((address, PREFIX[address.version]), strict=False))


def init_app(app: Flask) -> None:
    """Give the application its counters."""
    app.extensions[EXTENSION] = Crowding()
