"""From an address to the release and the municipality it means, or to the page that says why there is none."""

from __future__ import annotations

from typing import NoReturn

from flask import abort
from flask_babel import gettext as _

from app.releases import reading
from app.releases.models import ReleaseRecord
from app.results import places
from app.results.places import Place

SHORT = 12
"""Characters of a release's SHA-256 in its permanent address."""


class Withdrawn(Exception):
    """A release was asked for that is no longer shown."""

    def __init__(self, record: ReleaseRecord) -> None:
        super().__init__(record.sha256)
        self.record = record


def release_at(stand: str) -> ReleaseRecord | None:
    """The release of a permanent address, or the current one; ``Withdrawn`` or 404 if it cannot be shown."""
    if not stand:
        return reading.published_record()
    try:
        record = reading.release_by_prefix(stand) if len(stand) >= SHORT else abort(404)
    except reading.ReleaseNotFound:
        abort(404)
    if record.state == "withdrawn":
        raise Withdrawn(record)
    return record if record.state == "published" else abort(404)


def release_or_404(stand: str) -> ReleaseRecord:
    """The same where a page has nothing to say without a release."""
    record = release_at(stand)
    return _nothing_yet() if record is None else record


def _nothing_yet() -> NoReturn:
    abort(404, _("Es sind noch keine Ergebnisse veröffentlicht."))


def place_or_404(record: ReleaseRecord, address: str) -> Place:
    """The municipality at an address, shown by name or not."""
    place = places.place_of(reading.release_of(record), address)
    if place is None:
        abort(404, _("Eine Kommune mit dieser Adresse gibt es in den Ergebnissen nicht."))
    return place


def shown_or_404(record: ReleaseRecord, address: str) -> Place:
    """The municipality at an address if its results are public."""
    place = place_or_404(record, address)
    return place if place.shown else abort(404, _("Ergebnisse dieser Kommune sind nicht namentlich veröffentlicht."))
