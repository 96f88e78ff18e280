"""Long lists in pages: reading ``page`` and ``per_page`` and filters, and the envelope around one page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from reports.tables.json_lines import written

PER_PAGE = 100
MOST_PER_PAGE = 1000
LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class Query:
    """What a program asked for: a page, its size, and filters by name."""

    page: int
    per_page: int
    filters: dict[str, str]

    def matches(self, row: dict[str, Any]) -> bool:
        """Whether a row has the value of every filter."""
        return all(row.get(name) == value for name, value in self.filters.items())


def read_query(filters: Collection[str] = ()) -> Query:
    """The query of this request; 400 names what it does not understand."""
    known = {"page", "per_page", "lang", *filters}
    for name in request.args:
        if name not in known:
            allowed = ", ".join(sorted(known))
            abort(400, _("Den Parameter »%(name)s« gibt es hier nicht. Möglich sind: %(allowed)s.", name=name[:60],
                         allowed=allowed))  # fmt: skip
        if len(request.args.getlist(name)) > 1:
            abort(400, _("Der Parameter »%(name)s« steht mehrmals da. Bitte nennen Sie ihn einmal.", name=name))
    chosen = {name: request.args[name] for name in filters if name in request.args}
    return Query(_number("page", 1, LAST_PAGE), _number("per_page", PER_PAGE, MOST_PER_PAGE), chosen)


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        abort(400, _("Der Parameter »%(name)s« ist eine ganze Zahl von 1 bis %(most)s.", name=name, most=most))
    return int(text)


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, where it stands among how many, and the way to the others."""

    rows: Sequence[bytes]
    numbers: dict[str, int]
    links: dict[str, str]

    def json(self) -> bytes:
        """What a program reads."""
        return b'{"data":[' + b",".join(self.rows) + b"]," + written({**self.numbers, "links": self.links}).encode()[1:]


def json_rows(rows: Iterable[dict[str, Any]], query: Query) -> list[bytes]:
    """Of a short list the rows that match, as JSON."""
    return [written(row).encode() for row in rows if query.matches(row)]


def paged(rows: Sequence[bytes], query: Query) -> Page:
    """One page of the rows found; a page behind the last one is empty."""
    start = (query.page - 1) * query.per_page
    pages = max(1, -(-len(rows) // query.per_page))
    numbers = {"page": query.page, "per_page": query.per_page, "pages": pages, "total": len(rows)}
    return Page(rows[start : start + query.per_page], numbers, _links(query, pages))


def _links(query: Query, pages: int) -> dict[str, str]:
    links = {"self": query.page, "first": 1, "last": pages}
    if query.page > 1:
        links["prev"] = min(query.page - 1, pages)
    if query.page < pages:
        links["next"] = query.page + 1
    return {name: _address(query, page) for name, page in links.items()}


def _address(query: Query, page: int) -> str:
    arguments: dict[str, Any] = {**(request.view_args or {}), **query.filters}
    return url_for(request.endpoint or "", **arguments, page=page, per_page=query.per_page)


def link_header(links: dict[str, str]) -> str:
    """The same links as RFC 8288 writes them."""
    kept = [f'<{address}>; rel="{name}"' for name, address in links.items() if name != "self"]
    return ", ".join(kept)
