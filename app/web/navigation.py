"""The menu of the workspace pages: each slice adds its own entries when it is set up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import LazyString

EXTENSION = "willkommen-navigation"


@dataclass(frozen=True)
class Entry:
    """One entry: the page it leads to, its label, its place in the menu and who sees it."""

    endpoint: str
    label: str | LazyString
    order: int
    visible: Callable[[], bool]


@dataclass(frozen=True)
class Link:
    """An entry as it stands in this request's menu."""

    url: str
    label: str | LazyString
    current: bool


def add(
    app: Flask, endpoint: str, label: str | LazyString, order: int = 50, visible: Callable[[], bool] = lambda: True
) -> None:
    """Add an entry to the menu. ``visible`` is asked in each request; lower ``order`` stands further ahead."""
    app.extensions.setdefault(EXTENSION, []).append(Entry(endpoint, label, order, visible))


def links() -> list[Link]:
    """The entries that this request's reader may see, in order."""
    entries = sorted(current_app.extensions.get(EXTENSION, []), key=lambda entry: entry.order)
    return [Link(url_for(e.endpoint), e.label, _stands_on(e)) for e in entries if e.visible()]


def _stands_on(entry: Entry) -> bool:
    """True on the entry's own page and on the pages of the same blueprint below its address."""
    return request.endpoint == entry.endpoint


def register(app: Flask) -> None:
    """Offer the menu to templates."""
    app.extensions.setdefault(EXTENSION, [])
    app.jinja_env.globals["navigation_links"] = links
