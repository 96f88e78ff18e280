"""The tables of a release as an Excel workbook, with a first sheet that says what it is.

Texts are written as texts, never as formulas; one that begins like a formula is also marked so that it stays text when
somebody edits it. Numbers stay numbers.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any

import xlsxwriter

from reports.tables.codebook import Variable, variables_of
from reports.tables.delimited import FORMULA
from reports.tables.publication import Publication
from reports.tables.rows import CODEBOOK_COLUMNS, Cell, Row, all_rows, codebook_rows, region_rows
from reports.wording import Wording

README, REGION, MUNICIPALITIES, CODEBOOK = "Lies mich", "Region", "Kommunen", "Codebuch"
_WIDE = {"title": 60, "municipality": 26, "label_de": 60, "label_en": 50, "missing": 70, "unit": 40, "release": 14}
READABLE = 90
"""Characters of a text in one line."""
LINE, TITLE = 15, 24
"""Heights of rows in points."""
A4 = 9
MOMENT = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # The same release gives the same file.


def workbook(publication: Publication) -> bytes:
    """The workbook of a release."""
    release = publication.release
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": publication.title, "comments": publication.description, "author": publication.publisher}
        | {"created": MOMENT}
    )
    sheets = Sheets(book)
    sheets.readme(README, _readme(publication))
    sheets.table(REGION, _described("region"), region_rows(release))
    sheets.table(MUNICIPALITIES, _described("municipality"), all_rows(release))
    sheets.table(CODEBOOK, {name: name for name in CODEBOOK_COLUMNS}, codebook_rows(release))
    book.close()
    return buffer.getvalue()


@dataclass(frozen=True)
class Formatted:
    """A number with a spreadsheet's number format."""

    value: float
    format: str


class Sheets:
    """Writes sheets into a workbook, all in the same manner."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._plain_text = book.add_format({"quote_prefix": True})
        self._sentence = book.add_format({"text_wrap": True, "valign": "top", "align": "left", "indent": 1})
        self._head_of_numbers = book.add_format({"bold": True, "bottom": 1, "align": "right", "valign": "top"})
        self._head_of_sentences = book.add_format(
            {"bold": True, "bottom": 1, "align": "left", "indent": 1, "valign": "top"}
        )
        self._title = book.add_format({"bold": True, "font_size": 16})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._label = book.add_format({"bold": True, "valign": "top"})
        self._numbers: dict[str, Any] = {}

    def readme(self, name: str, lines: Iterable[tuple[str, str]]) -> None:
        """A sheet of labels and texts for people; a line without a text is a heading."""
        sheet = self._printable(name)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, READABLE)
        for row, (label, text) in enumerate(lines):
            # not every program makes room for a text of several lines by itself
            sheet.set_row(row, LINE * ceil(len(text) / READABLE) if text else TITLE)
            self._text(sheet, row, 0, label, self._label if text else self._title)
            self._text(sheet, row, 1, text, self._wrapped)

    def table(self, name: str, described: dict[str, str], rows: Iterable[Row]) -> None:
        """A sheet with one row per row: names above, what they mean as a note, the head kept in view, filters on."""
        sheet = self._book.add_worksheet(name)
        for column, (key, meaning) in enumerate(described.items()):
            self._text(sheet, 0, column, key, self._head)
            if meaning != key:
                sheet.write_comment(0, column, meaning)
            sheet.set_column(column, column, _WIDE.get(key, 13))
        row = 0
        for row, values in enumerate(rows, start=1):
            for column, key in enumerate(described):
                self.cell(sheet, row, column, values.get(key))
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, row, len(described) - 1)

    def page(
        self, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell | Formatted]], widths: Sequence[int]
    ) -> None:
        """A table for people to read and print, one sheet of paper wide: texts outside, numbers between them."""
        sheet = self._printable(name)
        for column, (label, width) in enumerate(zip(header, widths, strict=True)):
            outer = column in (0, len(header) - 1)
            sheet.set_column(column, column, width, self._sentence)
            self._text(sheet, 0, column, label, self._head_of_sentences if outer else self._head_of_numbers)
        for row, cells in enumerate(rows, start=1):
            lines = (
                ceil(len(cell) / width) for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str)
            )
            sheet.set_row(row, LINE * max(lines, default=1))
            for column, cell in enumerate(cells):
                self.cell(sheet, row, column, cell)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)

    def _printable(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        return sheet

    def cell(self, sheet: Any, row: int, column: int, value: Cell | Formatted) -> None:
        """One value in its own type; nothing for ``None``."""
        if isinstance(value, Formatted):
            if value.format not in self._numbers:
                self._numbers[value.format] = self._book.add_format({"num_format": value.format, "valign": "top"})
            sheet.write_number(row, column, value.value, self._numbers[value.format])
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, round(value, 6))
        elif value:
            self._text(sheet, row, column, value)

    def _text(self, sheet: Any, row: int, column: int, text: str, format: Any = None) -> None:
        if text.startswith(FORMULA):
            format = self._plain_text
        sheet.write_string(row, column, text, format)


def _described(table: Any) -> dict[str, str]:
    return {variable.name: _meaning(variable) for variable in variables_of(table)}


def _meaning(variable: Variable) -> str:
    return f"{variable.german} / {variable.english} ({variable.unit}). {variable.missing}"


def _readme(publication: Publication) -> list[tuple[str, str]]:
    release, day = publication.release, Wording().date
    return [
        (publication.title, ""),
        ("Was das ist", publication.description),
        ("What this is", publication.english),
        ("Erhebungsrunde", f"{release.round.title}, {day(release.round.opens)} bis {day(release.round.closes)}"),
        ("Auswertungsstand", publication.sha256),
        ("Methode", release.method.version),
        ("Kriterienkatalog", f"{release.catalogue.id} {release.catalogue.version}"),
        ("Adresse", publication.address),
        ("Lizenz", f"{publication.licence.title} ({publication.licence.path})"),
        ("So zitieren Sie", publication.citation),
        (f"Blatt „{REGION}“", "Werte der Region, eine Zeile je Bereich, Frage, Paar, Gruppe und Veränderung"),
        (f"Blatt „{MUNICIPALITIES}“", "Werte der Kommunen, die zugestimmt haben; nach Schlüssel, keine Rangliste"),
        (f"Blatt „{CODEBOOK}“", "was jede Spalte bedeutet"),
    ]
