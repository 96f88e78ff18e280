"""Where everybody stands, as a file for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from app.commitment.standing import STATES, Standing
from reports.tables.delimited import cell


def standing_csv(found: Iterable[Standing]) -> bytes:
    """One row for each municipality, UTF-8, days as in ISO 8601; nothing in it runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("AGS"), _("Kommune"), _("Kreis"), _("Stand"), _("seit"), _("Gremium"), _("Nummer der Vorlage"),
         _("Adresse im Internet"), _("Erneuern bis"), _("darf genannt werden")]
    )  # fmt: skip
    for one in found:
        writer.writerow([cell(value) for value in _cells(one)])
    return out.getvalue().encode("utf-8")


def _cells(one: Standing) -> Iterator[str]:
    place, resolution = one.municipality, one.resolution
    yield from (place.ags, place.name, place.district.name, str(STATES[one.state]))
    yield one.since.isoformat() if one.since else ""
    if resolution is None:
        yield from ("",) * 5
        return
    yield resolution.body_name or _("Rat")
    yield from (resolution.paper_number, resolution.link)
    yield resolution.renew_by.isoformat() if resolution.renew_by else ""
    yield _("ja") if resolution.named else _("nein")
