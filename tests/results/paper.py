"""What a tagged PDF says: its words, the words that stand in for its figures, and its tables, cell by cell."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
from pypdfium2 import raw

CELLS = {"TH", "TD"}
Row = list[str]


def words_of(pdf: bytes) -> Iterator[str]:
    """The text of every page, that in its figures too, and every alternative text."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        yield page.get_textpage().get_text_range()
        yield from (_string(raw.FPDF_StructElement_GetAltText, element) for element in _elements(page))


def tables_of(pdf: bytes) -> Iterator[tuple[Row, list[Row]]]:
    """The head and the rows of every table; one that goes on overleaf has its head there too."""
    head: Row = []
    for page in pypdfium2.PdfDocument(pdf):
        marked = _marked(page)
        for table in (element for element in _elements(page) if _type(element) == "Table"):
            rows = [_cells(row, marked) for row in _within(table) if _type(row) == "TR"]
            heads = [row for row in rows if all(kind == "TH" for kind, _ in row)]
            head = [text for _, text in heads[0]] if heads else head
            yield head, [[text for _, text in row] for row in rows if row not in heads]


def _cells(row: Any, marked: dict[int, str]) -> list[tuple[str, str]]:
    return [(_type(cell), _text(cell, marked)) for cell in _within(row) if _type(cell) in CELLS]


def _elements(page: pypdfium2.PdfPage) -> Iterator[Any]:
    tree = raw.FPDF_StructTree_GetForPage(page)
    for number in range(raw.FPDF_StructTree_CountChildren(tree)):
        top = raw.FPDF_StructTree_GetChildAtIndex(tree, number)
        yield top
        yield from _within(top)


def _within(element: Any) -> Iterator[Any]:
    """Everything in an element, in the order of reading."""
    for number in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            yield child
            yield from _within(child)


def _marked(page: pypdfium2.PdfPage) -> dict[int, str]:
    """The text of every piece of content that an element names."""
    found: dict[int, str] = {}
    reader = page.get_textpage()
    for drawn in page.get_objects([raw.FPDF_PAGEOBJ_TEXT], max_depth=1):
        place = raw.FPDFPageObj_GetMarkedContentID(drawn)
        text = _string(lambda thing, buffer, size: 2 * raw.FPDFTextObj_GetText(thing, reader, buffer, size), drawn)
        found[place] = found.get(place, "") + text
    return found


def _text(element: Any, marked: dict[int, str]) -> str:
    parts = []
    for inner in (element, *_within(element)):
        for number in range(max(raw.FPDF_StructElement_GetMarkedContentIdCount(inner), 0)):
            parts.append(marked.get(raw.FPDF_StructElement_GetMarkedContentIdAtIndex(inner, number), ""))
    return " ".join(" ".join(parts).split())


def _type(element: Any) -> str:
    return _string(raw.FPDF_StructElement_GetType, element)


def _string(ask: Callable[..., int], thing: Any) -> str:
    """What the library writes into a buffer whose size it tells first."""
    size = ask(thing, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 2))
    ask(thing, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:size].decode("utf-16-le").rstrip("\0")
