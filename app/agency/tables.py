"""The cockpit as a file for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from app.agency.standing import STAGES, Place
from app.commitment.standing import STATES
from reports.tables.delimited import cell


def cockpit_csv(places: Iterable[Place]) -> bytes:
    """One row for each municipality, UTF-8, days as in ISO 8601; nothing in it runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("AGS"), _("Kommune"), _("Kreis"), _("Schritt"), _("Beschluss"), _("seit"), _("Teilnahme"),
         _("beantwortet"), _("Kriterien"), _("Selbsteinschätzung in Prozent"), _("zuletzt gespeichert"),
         _("abgegeben am"), _("geprüft"), _("Rückmeldungen"), _("Rückmeldungen nötig"), _("veröffentlicht")]
    )  # fmt: skip
    for place in places:
        writer.writerow([cell(value) for value in _cells(place)])
    return out.getvalue().encode("utf-8")


def part_of(place: Place) -> str:
    """How it takes part in the round, in words."""
    if not place.invited:
        return _("nicht eingeladen")
    return _("Gast") if place.guest else _("nimmt teil")


def _cells(place: Place) -> Iterator[str]:
    municipality, commitment, progress = place.municipality, place.commitment, place.progress
    yield from (municipality.ags, municipality.name, municipality.district.name, str(STAGES[place.stage]))
    yield str(STATES[commitment.state])
    yield commitment.since.isoformat() if commitment.since else ""
    yield part_of(place)
    yield from (str(progress.answered), str(progress.of), str(place.percent))
    for moment in (progress.saved_at, progress.handed_in_at):
        yield moment.date().isoformat() if moment else ""
    yield from (str(place.checked), str(place.responses), str(place.needed))
    yield _("ja") if place.published else _("nein")
