"""From content to PDF/UA-1: one Typst compiler per template, with the house's fonts and no others."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from reports import fonts


def pdf(template: Path, content: Any, timestamp: datetime) -> bytes:
    """The document of a template; ``content`` reaches it as JSON. The same content and time give the same bytes."""
    data = json.dumps(printable(content), ensure_ascii=False)
    with _LOCK:
        made = _compiler(template).compile(
            sys_inputs={"content": data}, format="pdf", pdf_standards=["ua-1"], timestamp=timestamp
        )
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single document")
    return made


def printable(content: Any) -> Any:
    """The same content with every text limited to characters that can be shown; drawings stay as they are."""
    if isinstance(content, str):
        return content if content.startswith("<svg") else fonts.printable(content)
    if isinstance(content, Mapping):
        return {key: printable(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [printable(value) for value in content]
    return content


# a compiler keeps its fonts and caches between documents, but must not be used by two threads at once
_LOCK = threading.Lock()


@cache
def _compiler(template: Path) -> typst.Compiler:
    fonts.install()
    families = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[fonts.FOLDER, fonts.fallback_folder()],
    )
    return typst.Compiler(template, root=template.parent, font_paths=families, ignore_system_fonts=True)
