"""What newcomers wrote: themes by number, and in the region's report passages that the agency edited."""

from __future__ import annotations

from reports.documents.content import Content, Order, figure, parameter, section, table
from reports.figures import themes
from scoring.release import UnitSheet

MOST_EXTRACTS = 12


def voices_section(order: Order, sheet: UnitSheet | None) -> Content | None:
    """The chapter of a municipality or, without a sheet, of the region; ``None`` where nothing may be told.

    Extracts name no place and so stand in the region's report only.
    """
    wording, release = order.wording, order.release
    found = release.themes if sheet is None else sheet.themes
    extracts = [extract.text for extract in release.extracts] if sheet is None else []
    if not found and not extracts:
        return None
    place = release.region_name if sheet is None else release.municipality(sheet.ags).name
    notes = [wording("themes.extracts")] if extracts else []
    if (more := len(extracts) - MOST_EXTRACTS) > 0:
        notes.append(wording("themes.more_extracts", n=wording.number(more)))
    drawings = [themes.draw(release, found, place, wording.language)] if found else []
    widths = ["1fr", "60pt", "90pt"]
    return section(
        wording("themes.heading"),
        [wording("themes.lead", minimum=parameter(release.method, wording, "minimum_public"))],
        figures=[figure(drawing) for drawing in drawings],
        tables=[table(drawing.table, widths) | {"screen": True} for drawing in drawings],
        notes=notes,
        quotes=[wording("quotes.text", text=text) for text in extracts[:MOST_EXTRACTS]],
    )
