"""Carry the German texts of a template into every translation; what stands at the head of a file stays as it is.

English has all texts, every other language those that newcomers read (``newcomers.cfg``).
Run by ``make translations``: ``python app/web/translations/update.py ALL.pot NEWCOMERS.pot``.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
COMPLETE = "en"


def update(path: Path, template: Catalog) -> None:
    """Add what is new and drop what is gone, sorted by the German text; new entries are empty."""
    written = path.read_text("utf-8")
    catalog = read_po(written.splitlines(keepends=True), locale=path.parts[-3])
    catalog.update(template, no_fuzzy_matching=True)
    entries = BytesIO()
    write_po(entries, catalog, omit_header=True, no_location=True, sort_output=True, ignore_obsolete=True)
    head = written.split("\n\n", 1)[0]
    path.write_text(f"{head}\n\n{entries.getvalue().decode()}", "utf-8")


def read_template(path: str) -> Catalog:
    """The German texts of a template."""
    with Path(path).open("rb") as source:
        return read_po(source)


if __name__ == "__main__":
    everything, newcomers = map(read_template, sys.argv[1:])
    for file in sorted(HERE.glob("*/LC_MESSAGES/messages.po")):
        update(file, everything if file.parts[-3] == COMPLETE else newcomers)
