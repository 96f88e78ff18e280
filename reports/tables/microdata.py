"""Microdata as files for CSV readers, spreadsheets, SPSS and R, written block by block from one codebook.

R gets a script that reads the CSV beside it and sets labels and missing values: a plain text that every R runs without
a package, that a person can check, and that no reader's version can spoil.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from questionnaires.catalogue import SOURCE_LANGUAGE
from reports.tables.delimited import FORMULA, cell
from reports.tables.responses import AGS, CASE, CHANNEL, LANGUAGE, MONTH, Columns, MicroCodebook, MicroVariable

CSV, XLSX, SAV, R = "antworten.csv", "antworten.xlsx", "antworten.sav", "antworten.R"
MOST_ROWS = 1_048_575
"""Rows that a sheet can hold below its head."""
_LONGEST_LABEL = 120
"""Bytes of a value label that every version of SPSS reads."""


class Writer(Protocol):
    """One file in the making: takes blocks, and is finished once."""

    def add(self, columns: Columns) -> None:
        """Write a block of responses."""

    def finish(self) -> None:
        """Complete the file."""


class CsvWriter:
    """UTF-8, comma, one header row; missing codes stay codes."""

    def __init__(self, path: Path, codebook: MicroCodebook) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._texts = tuple(v.name for v in codebook.variables if v.kind == "text")
        self._names = codebook.names
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._writer.writerow(self._names)

    def add(self, columns: Columns) -> None:
        """Write a block of responses; a text that would run as a formula gets an apostrophe in front."""
        self._writer.writerows(zip(*(self._values(name, columns[name]) for name in self._names), strict=True))

    def finish(self) -> None:
        """Close the file."""
        self._file.close()

    def _values(self, name: str, values: Any) -> Any:
        return [cell(value) for value in values] if name in self._texts else values.tolist()


class XlsxWriter:
    """A workbook with the responses and the codebook; rows leave memory as they are written."""

    def __init__(self, path: Path, codebook: MicroCodebook) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(path), options)
        head = self._book.add_format({"bold": True, "bottom": 1})
        self._text = self._book.add_format({"quote_prefix": True})
        self._codebook(codebook, head)
        self._sheet = self._book.add_worksheet("Antworten")
        self._sheet.freeze_panes(1, 1)
        self._row = 0
        self._variables = codebook.variables
        for column, variable in enumerate(codebook.variables):
            self._sheet.write_string(0, column, variable.name, head)

    def add(self, columns: Columns) -> None:
        """Write a block of responses; what a sheet cannot hold any more is left to the other files."""
        parts = [columns[v.name] if v.kind == "text" else columns[v.name].tolist() for v in self._variables]
        for values in zip(*parts, strict=True):
            if self._row == MOST_ROWS:
                return
            self._row += 1
            for column, value in enumerate(values):
                if isinstance(value, str):
                    self._write_text(self._sheet, self._row, column, value)
                else:
                    self._sheet.write_number(self._row, column, value)

    def finish(self) -> None:
        """Complete the file; ``OSError`` if there is no room for it."""
        try:
            self._book.close()
        except XlsxFileError as error:
            raise OSError(str(error)) from error

    def _codebook(self, codebook: MicroCodebook, head: Any) -> None:
        sheet = self._book.add_worksheet("Codebuch")
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 2, 70)
        for column, name in enumerate(("Variable", "Bedeutung", "Codes")):
            sheet.write_string(0, column, name, head)
        for row, variable in enumerate(codebook.variables, start=1):
            codes = "; ".join(f"{code} = {label}" for code, label in variable.labels)
            for column, text in enumerate((variable.name, variable.label, codes)):
                self._write_text(sheet, row, column, text[:32_000])

    def _write_text(self, sheet: Any, row: int, column: int, text: str) -> None:
        sheet.write_string(row, column, text, self._text if text.startswith(FORMULA) else None)


class SavWriter:
    """SPSS: codes in one byte each until the end, then the whole file with labels and missing codes."""

    def __init__(self, path: Path, codebook: MicroCodebook) -> None:
        self._path, self._codebook = path, codebook
        self._blocks: dict[str, list[Any]] = {name: [] for name in codebook.names}

    def add(self, columns: Columns) -> None:
        """Keep a block of responses."""
        for name, values in columns.items():
            self._blocks[name].append(values)

    def finish(self) -> None:
        """Write the file."""
        # Loaded here, because only this one file needs them and every process of the service would carry them.
        import pandas as pd
        import pyreadstat

        variables = self._codebook.variables
        frame = pd.DataFrame({v.name: self._column(v) for v in variables})
        try:
            pyreadstat.write_sav(frame, str(self._path), row_compress=True, **_sav_description(self._codebook))
        except pyreadstat.ReadstatError as error:
            raise OSError(str(error)) from error

    def _column(self, variable: MicroVariable) -> Any:
        blocks = self._blocks.pop(variable.name)
        if variable.kind == "text":
            return np.array([value for block in blocks for value in block], dtype=object)
        return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.int8)


def _sav_description(codebook: MicroCodebook) -> dict[str, Any]:
    variables = codebook.variables
    return {
        "file_label": _cut(codebook.catalogue.title[SOURCE_LANGUAGE], 60),
        "column_labels": {v.name: _cut(v.label, 250) for v in variables},
        "variable_value_labels": {v.name: _value_labels(v) for v in variables if v.labels},
        "missing_ranges": {v.name: list(v.missing) for v in variables if v.missing},
        "variable_measure": {v.name: v.measure for v in variables},
    }


def r_script(codebook: MicroCodebook) -> str:
    """R that reads the CSV beside it: codes as factors with their labels, missing codes as NA."""
    texts = ", ".join(f"{name} = {_r('character')}" for name in (AGS, MONTH, LANGUAGE, CHANNEL))
    lines = [
        "# Liest antworten.csv. Aufruf im selben Ordner: source(\"antworten.R\", encoding = \"UTF-8\")",
        f'antworten <- read.csv("{CSV}", encoding = "UTF-8", colClasses = c({texts}))',
        *(line for variable in codebook.variables for line in _r_variable(variable)),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _r_variable(variable: MicroVariable) -> Iterator[str]:
    column = f"antworten${variable.name}"
    known = [(code, label) for code, label in variable.labels if code not in variable.missing]
    if variable.missing:
        codes = ", ".join(map(str, variable.missing))
        yield f"{column}[{column} %in% c({codes})] <- NA"
    if known:
        levels, labels = (", ".join(_r(part) for part in parts) for parts in zip(*known, strict=True))
        ordered = ", ordered = TRUE" if variable.measure == "ordinal" else ""
        yield f"{column} <- factor({column}, levels = c({levels}), labels = c({labels}){ordered})"
    yield f'attr({column}, "label") <- {_r(variable.label)}'


def _r(value: int | str) -> str:
    """A value as R writes it; JSON's escapes are R's too, but for the slash that JSON never needs."""
    return json.dumps(value, ensure_ascii=False)


def _value_labels(variable: MicroVariable) -> dict[Any, str]:
    return {code: _cut(label, _LONGEST_LABEL) for code, label in variable.labels}


def _cut(text: str, most: int) -> str:
    """A text of at most so many bytes, cut between characters."""
    return text.encode()[:most].decode(errors="ignore")


def counts_of(codebook: MicroCodebook, columns: Columns) -> dict[str, dict[int | str, int]]:
    """How often each labelled code of each variable occurs in a block."""
    found: dict[str, dict[int | str, int]] = {}
    for variable in codebook.variables:
        if variable.labels and variable.name != CASE:
            codes, counts = np.unique(np.asarray(columns[variable.name]), return_counts=True)
            found[variable.name] = dict(zip(codes.tolist(), counts.tolist(), strict=True))
    return found


WRITERS: dict[str, type[CsvWriter] | type[XlsxWriter] | type[SavWriter]] = {
    CSV: CsvWriter,
    XLSX: XlsxWriter,
    SAV: SavWriter,
}
"""The writer of each file that holds responses."""
