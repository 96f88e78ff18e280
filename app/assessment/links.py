"""Looking whether addresses in evidence still lead somewhere: off by default, on allowed hosts, never inside a network.

The host is resolved once, every address it has must be a public one, and the connection goes to exactly that address:
what a name server says a moment later changes nothing. Redirects are looked at like new addresses.
"""

from __future__ import annotations

import datetime as dt
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Literal
from urllib.parse import SplitResult, urljoin, urlsplit

from flask import current_app
from sqlalchemy import select, update

from app.assessment.models import Evidence
from app.database import db, now

Resolve = Callable[[str, int], Sequence[str]]
Found = Literal["alive", "dead"] | None

PATIENCE = 10.0
MOST_REDIRECTS = 3
AGAIN_AFTER = dt.timedelta(days=6)
GONE = (404, 410)
NO_HEAD = (405, 501)
REDIRECTS = (301, 302, 303, 307, 308)


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host; ``OSError`` if it has none."""
    return list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: str) -> bool:
    """Whether an address belongs to the open internet, and to no private, local or reserved network."""
    found = ipaddress.ip_address(address)
    inner = getattr(found, "ipv4_mapped", None) or found
    return bool(inner.is_global and not inner.is_multicast)


def look(
    address: str, hosts: Sequence[str], resolve: Resolve = resolved, reachable: Callable[[str], bool] = is_public
) -> Found:
    """ "alive", "dead", or ``None`` where it cannot be told or may not be looked at.

    ``hosts`` are allowed with their subdomains. ``resolve`` and ``reachable`` say which addresses a host has and to
    which of them a connection may go.
    """
    for _ in range(MOST_REDIRECTS + 1):
        parts = urlsplit(address)
        if not _allowed(parts, hosts):
            return None
        try:
            status, onward = _answer(parts, resolve, reachable)
        except PermissionError:
            return None
        except socket.gaierror:
            return "dead"
        except (OSError, http.client.HTTPException, ValueError):
            return None  # Perhaps it is only having a bad day.
        if status not in REDIRECTS or not onward:
            return "dead" if status in GONE else "alive" if status < 500 else None
        address = urljoin(address, onward)
    return None


def check_all() -> int:
    """Look at every address that was not looked at this week, one after the other; how many there were."""
    hosts = tuple(host.strip().lower() for host in current_app.config["KOMPASS"].link_hosts.split(",") if host.strip())
    if not hosts:
        return 0
    before = now() - AGAIN_AFTER
    old = Evidence.link_checked_at.is_(None) | (Evidence.link_checked_at < before)
    addresses = db.session.scalars(select(Evidence.address).where(Evidence.kind == "link", old).distinct()).all()
    db.session.rollback()  # Nobody shall wait for the database while we wait for somebody's server.
    for address in addresses:
        found = look(address, hosts)
        values = {"link_checked_at": now()} | ({"link_state": found} if found else {})
        db.session.execute(update(Evidence).where(Evidence.kind == "link", Evidence.address == address).values(values))
        db.session.commit()
    return len(addresses)


def _allowed(parts: SplitResult, hosts: Sequence[str]) -> bool:
    host = (parts.hostname or "").lower()
    return parts.scheme in ("http", "https") and any(host == one or host.endswith(f".{one}") for one in hosts)


def _answer(parts: SplitResult, resolve: Resolve, reachable: Callable[[str], bool]) -> tuple[int, str]:
    """Status and Location; ``PermissionError`` if the host leads somewhere we do not go."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    addresses = resolve(host, port)
    if not addresses or not all(map(reachable, addresses)):
        raise PermissionError(host)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    status, onward = _ask("HEAD", parts.scheme, host, port, addresses[0], target)
    return _ask("GET", parts.scheme, host, port, addresses[0], target) if status in NO_HEAD else (status, onward)


def _ask(method: str, scheme: str, host: str, port: int, pinned: str, target: str) -> tuple[int, str]:
    with closing(socket.create_connection((pinned, port), PATIENCE)) as plain:
        connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
        secure = ssl.create_default_context()
        connection.sock = secure.wrap_socket(plain, server_hostname=host) if scheme == "https" else plain
        connection.request(method, target, headers={"User-Agent": "Willkommenskompass", "Connection": "close"})
        response = connection.getresponse()
        onward = response.getheader("Location") or ""
        connection.close()
        return response.status, onward
