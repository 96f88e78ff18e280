"""The menu of the workspace pages: each slice adds its own entries when it is set up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from flask import Flask, current_app, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

EXTENSION = "willkommen-navigation"

SURVEY, REGION, EXCHANGE, ADMINISTRATION = _("Erhebung"), _("Region"), _("Austausch"), _("Verwaltung")
"""The groups of the menu."""


@dataclass(frozen=True)
class Entry:
    """One entry: the page it leads to, its label, its place in the menu, who sees it, the group it folds into."""

    endpoint: str
    label: str | LazyString
    order: int
    visible: Callable[[], bool]
    group: LazyString | None


@dataclass(frozen=True)
class Link:
    """An entry as it stands in this request's menu; ``current`` is what ``aria-current`` says, or nothing."""

    url: str
    label: str | LazyString
    group: LazyString | None
    current: str = ""


@dataclass(frozen=True)
class Piece:
    """One place in the menu: a single link, or several that fold out under the group's label."""

    links: tuple[Link, ...]

    @property
    def label(self) -> LazyString | None:
        """The group's label; a single link needs none."""
        return self.links[0].group if len(self.links) > 1 else None

    @property
    def current(self) -> bool:
        """Whether the reader is on one of its pages or below."""
        return any(link.current for link in self.links)


def add(
    app: Flask,
    endpoint: str,
    label: str | LazyString,
    order: int = 50,
    visible: Callable[[], bool] = lambda: True,
    group: LazyString | None = None,
) -> None:
    """Add an entry to the menu. ``visible`` is asked in each request; lower ``order`` stands further ahead."""
    app.extensions.setdefault(EXTENSION, []).append(Entry(endpoint, label, order, visible, group))


def pieces() -> list[Piece]:
    """What this request's reader may see, in order; neighbours of one group stand together."""
    entries = sorted(current_app.extensions.get(EXTENSION, []), key=lambda entry: entry.order)
    links = _marked([Link(url_for(e.endpoint), e.label, e.group) for e in entries if e.visible()])
    return list(_grouped(links))


def _marked(links: list[Link]) -> list[Link]:
    """The page the reader is on says ``page``, the one whose address is the longest beginning of it ``true``."""
    above = [link.url for link in links if f"{request.path}/".startswith(f"{link.url.rstrip('/')}/")]
    nearest = max(above, key=len, default="")
    current = "page" if nearest == request.path else "true"
    return [replace(link, current=current) if link.url == nearest else link for link in links]


def _grouped(links: list[Link]) -> Iterable[Piece]:
    for group, together in groupby(links, key=lambda link: link.group):
        if group is None:
            yield from (Piece((link,)) for link in together)
        else:
            yield Piece(tuple(together))


def register(app: Flask) -> None:
    """Offer the menu to templates."""
    app.extensions.setdefault(EXTENSION, [])
    app.jinja_env.globals["navigation_pieces"] = pieces
