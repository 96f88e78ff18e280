"""Carry the German texts of a template into every translation; what stands at the head of a file stays as it is.

Run by ``make translations``: ``python app/web/translations/update.py TEMPLATE.pot``.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent


def update(path: Path, template: Catalog) -> None:
    """Add what is new and drop what is gone, sorted by the German text; new entries are empty."""
    written = path.read_text("utf-8")
    catalog = read_po(written.splitlines(keepends=True), locale=path.parts[-3])
    catalog.update(template, no_fuzzy_matching=True)
    entries = BytesIO()
    write_po(entries, catalog, omit_header=True, no_location=True, sort_output=True, ignore_obsolete=True)
    head = written.split("\n\n", 1)[0]
    path.write_text(f"{head}\n\n{entries.getvalue().decode()}", "utf-8")


if __name__ == "__main__":
    with Path(sys.argv[1]).open("rb") as source:
        texts = read_po(source)
    for file in sorted(HERE.glob("*/LC_MESSAGES/messages.po")):
        update(file, texts)
