"""A release as its open data describe it: its permanent address, its publisher, its licence."""

from __future__ import annotations

import datetime as dt

from flask import current_app

from app.releases.models import ReleaseRecord
from app.releases.reading import release_of
from config import Settings
from reports.tables.licences import LICENCES
from reports.tables.publication import Publication

ADDRESS = "/ergebnisse/stand"
"""Where the results slice shows a release for good."""
SHORT = 12
"""Characters of the SHA-256 in that address."""


def publication_of(record: ReleaseRecord, moment: dt.datetime | None = None) -> Publication:
    """What tables and their metadata say about the release beside its numbers; it is, or will be, public since then."""
    settings: Settings = current_app.config["KOMPASS"]
    moment = moment or record.published_at or record.built_at
    return Publication(
        release_of(record),
        record.sha256,
        f"{settings.address}{ADDRESS}/{record.sha256[:SHORT]}",
        moment.replace(microsecond=0).isoformat(),
        settings.operator_name,
        settings.operator_email,
        LICENCES[settings.data_licence],
    )
