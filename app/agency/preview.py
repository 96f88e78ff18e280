"""What the agency looks at before it publishes: the key figures of a release, and who is shown how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from scoring.release import Municipality, Release, UnitSheet

OUTSIDE: dict[str, LazyString] = {
    "published": _("mit Ergebnissen"),
    "coarse": _("nur grob, nur für die Kommune selbst"),
    "suppressed": _("unterdrückt: zu wenige Rückmeldungen"),
}


@dataclass(frozen=True)
class Line:
    """One municipality in the release. ``outside`` is a key of ``OUTSIDE``."""

    municipality: Municipality
    handed_in: bool
    responses: int | None
    outside: str
    public: bool

    @property
    def outside_name(self) -> LazyString:
        """How its newcomers' view is shown, in words."""
        return OUTSIDE[self.outside]


@dataclass(frozen=True)
class Preview:
    """Key figures and every municipality that takes part."""

    release: Release
    lines: Sequence[Line]

    @property
    def counts(self) -> Counter[str]:
        """How many municipalities there are of each kind of ``OUTSIDE``."""
        return Counter(line.outside for line in self.lines)

    @property
    def public(self) -> int:
        """How many are shown by name."""
        return sum(line.public for line in self.lines)


def preview_of(release: Release) -> Preview:
    """The preview of a release."""
    lines = [_line(release, m) for m in release.municipalities if m.participates]
    return Preview(release, sorted(lines, key=lambda line: line.municipality.name))


def _line(release: Release, municipality: Municipality) -> Line:
    sheet = release.own.get(municipality.ags)
    return Line(
        municipality,
        sheet is not None and sheet.handed_in,
        None if sheet is None else sheet.responses,
        _outside(sheet),
        municipality.ags in release.public,
    )


def _outside(sheet: UnitSheet | None) -> str:
    statuses = [] if sheet is None else [score.status for score in sheet.outside_view if score.kind == "overall"]
    return statuses[0] if statuses else "suppressed"
