"""The ratings of an input, ``ratings.csv``: counted in pieces, so that memory does not grow with their number.

A piece of the file is taken apart by its bytes, all rows at once. What that cannot do, quotation marks around
delimiters or rows of the wrong width, is left to the csv module, piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from scoring import likert
from scoring.arrays import BoolArray, IntArray, RatingArray
from scoring.files.complaints import Complaints, quoted, suggestion
from scoring.files.tables import decoded, delimiter_of, header, split, width_message

FILE = "ratings.csv"
# Small enough for the arrays of a piece to be reused memory, which is several times as fast.
PIECE = 2**20
_LONGEST_ROW = 2**25
_BATCH_CELLS = 16_000_000
_LONGEST_NAME = 200
_NEWLINE, _QUOTE, _POINT, _ZERO = b'\n".0'
_WRONG = 254
_CODES = np.full(256, _WRONG, dtype=np.uint8)
_CODES[ord(" ")] = likert.NOT_ANSWERED
_CODES[ord("-")] = likert.NOT_CONCERNED
_CODES[[ord(digit) for digit in "12345"]] = np.arange(1, 6)
_EXPECTED = 'expected is a rating of 1 to 5, "-" (does not concern me) or an empty cell'

Bytes = NDArray[np.uint8]
Cell = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Ratings:
    """What was counted: ``cells`` are (unit, wave) in the order they first occur, ``tally`` has one row for each.

    ``wave`` is "" for all where the file has no such column.
    """

    cells: tuple[Cell, ...]
    tally: likert.Tally


@dataclass(frozen=True)
class Layout:
    """How the file is laid out: its delimiter and columns, and the line of the header."""

    delimiter: str
    columns: tuple[str, ...]
    line: int

    @property
    def items(self) -> tuple[str, ...]:
        """The columns that hold ratings."""
        return tuple(name for name in self.columns if name not in ("unit", "wave"))

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that say whose ratings they are."""
        return tuple(name for name in ("unit", "wave") if name in self.columns)


def read_layout(folder: Path, complaints: Complaints) -> Layout | None:
    """Columns of the file; ``None`` where there is no such file or its first line is no header."""
    path = folder / FILE
    if not path.is_file():
        return None
    with path.open("rb") as file:
        line, data = _first_line(file)
    if len(data) >= _LONGEST_ROW:
        complaints.add(FILE, line, "", f"longer than {_LONGEST_ROW:,} bytes; lines end with a line feed.")
        return None
    text = decoded(data, FILE, complaints)
    if text is None:
        return None
    if not text.strip():
        complaints.add(FILE, 0, "", "the file is empty; a first line with unit, wave and the items is expected.")
        return None
    if "\r" in text.rstrip("\r\n"):
        complaints.add(FILE, line, "", "lines end with a carriage return only; save the file with line feeds.")
        return None
    delimiter = delimiter_of(text)
    records = split(text, delimiter, FILE, complaints, line)
    columns = header(records[0][1], FILE, line, complaints) if records else None
    if columns is not None and "unit" not in columns:
        complaints.add(FILE, line, "unit", "the column is missing; unit, optionally wave, and the items are expected.")
        return None
    return None if columns is None else Layout(delimiter, columns, line)


def _first_line(file: BinaryIO) -> tuple[int, bytes]:
    """The first line that is not empty, and its number."""
    line = 0
    for line, data in enumerate(iter(lambda: file.readline(_LONGEST_ROW), b""), start=1):
        if data.strip(b"\xef\xbb\xbf \t\r\n"):
            return line, data
    return line, b""


def count_ratings(
    folder: Path,
    layout: Layout,
    items: Sequence[str],
    reverse: Collection[str],
    scales: Sequence[Sequence[int]] | None,
    units: Collection[str] | None,
    complaints: Complaints,
    progress: Callable[[str], None],
    piece: int = PIECE,
) -> Ratings | None:
    """Count the ratings of ``items``; ``None`` where there are none, or mistakes.

    Items in ``reverse`` have their best answer at 1; ``scales`` are positions in ``items``, ``None`` to check the file
    only; ``units`` are those that may occur, ``None`` for any. ``piece`` bytes are read at a time.
    """
    reversed_items = np.array([name in reverse for name in items])
    counter = _Counter(layout, tuple(items), reversed_items, scales, units, complaints)
    path, done, told = folder / FILE, 0, -1
    before = len(complaints)
    with path.open("rb") as file:
        for _ in range(layout.line):
            done += len(file.readline())
        size, line = path.stat().st_size, layout.line + 1
        for data in _pieces(file, piece, line, complaints):
            counter.add(data, line)
            line += data.count(b"\n")
            done += len(data)
            if (percent := 100 * done // max(size, 1)) > told:
                progress(f"{FILE}: {percent} % read, {counter.rows:,} responses")
                told = percent
    if not counter.rows and len(complaints) == before:
        complaints.add(FILE, 0, "", "no rows; at least one response is expected.")
    return counter.result() if scales is not None and len(complaints) == before else None


def _pieces(file: BinaryIO, size: int, line: int, complaints: Complaints) -> Iterator[bytes]:
    """The file in pieces that end where a row ends."""
    rest = b""
    while block := file.read(size):
        rest += block
        end = _end_of_rows(rest)
        if end:
            yield rest[:end]
            line += rest.count(b"\n", 0, end)
            rest = rest[end:]
        if len(rest) > max(size, _LONGEST_ROW):
            complaints.add(FILE, line, "", "a quotation mark that is not closed, or a line that does not end.")
            return
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"


def _end_of_rows(data: bytes) -> int:
    """Where the last row ends: after the last line break outside quotation marks; 0 if there is none."""
    if b'"' not in data:
        return data.rfind(b"\n") + 1
    array = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero((array == _NEWLINE) & ~_inside_quotes(array))
    return int(ends[-1]) + 1 if ends.size else 0


def _inside_quotes(array: Bytes) -> BoolArray:
    return np.asarray(np.logical_xor.accumulate(array == _QUOTE))


@dataclass
class _Counter:
    """Takes the file piece by piece and counts the ratings in batches."""

    layout: Layout
    items: tuple[str, ...]
    reversed: BoolArray
    scales: Sequence[Sequence[int]] | None
    units: Collection[str] | None
    complaints: Complaints
    rows: int = 0

    def __post_init__(self) -> None:
        self._cells: dict[Cell, int] = {}
        self._known: dict[tuple[bytes, ...], int] = {}
        self._batch: list[tuple[RatingArray, IntArray]] = []
        self._pending = 0
        self._tally: likert.Tally | None = None

    def add(self, data: bytes, line: int) -> None:
        """Take one piece; ``line`` is that of its first row."""
        parts = _take_apart(data, self.layout)
        table = self._quick(*parts, line) if parts else self._thorough(data, line)
        if table is None:
            return
        ratings, cells = table
        self.rows += len(ratings)
        if self.scales is None or not len(ratings):
            return
        self._batch.append((ratings, cells))
        self._pending += ratings.size
        if self._pending >= _BATCH_CELLS:
            self._count()

    def result(self) -> Ratings:
        """Everything that was counted."""
        self._count()
        cells = len(self._cells)
        if self._tally is None:
            nobody = np.zeros((0, len(self.items)), dtype=np.uint8)
            return Ratings((), likert.tally(nobody, np.zeros(0, dtype=np.int64), 0, scales=self.scales))
        items, *others = (array[:cells] for array in _arrays(self._tally))
        return Ratings(tuple(self._cells), likert.Tally(items, tuple(others[:-4]), *others[-4:]))

    def _count(self) -> None:
        if not self._batch:
            return
        ratings, cells = (np.concatenate(parts) for parts in zip(*self._batch, strict=True))
        self._batch, self._pending = [], 0
        reverse = self.reversed & (ratings >= 1) & (ratings <= likert.POINTS)
        ratings = np.where(reverse, likert.POINTS + 1 - ratings, ratings)
        present, position = np.unique(cells, return_inverse=True)
        part = likert.tally(ratings, position, len(present), scales=self.scales)
        if self._tally is None:
            self._tally = part
            return
        if len(self._tally.respondents) < len(self._cells):
            self._tally = _enlarged(self._tally, 2 * len(self._cells))
        _add_into(self._tally, part, present)

    def _quick(
        self, array: Bytes, starts: IntArray, stops: IntArray, lines: IntArray, first_line: int
    ) -> tuple[RatingArray, IntArray] | None:
        """All rows of a piece at once, from the bytes of their cells."""
        lines = lines + first_line
        places = [self.layout.columns.index(name) for name in self.items]
        adjacent = slice(places[0], places[-1] + 1) if places == [*range(places[0], places[-1] + 1)] else places
        lengths = stops - starts
        filled = lengths.any(axis=1)
        if not filled.all():
            starts, stops, lengths, lines = (array_of[filled] for array_of in (starts, stops, lengths, lines))
        ratings = _codes(array, starts[:, adjacent], lengths[:, adjacent])
        odd = [
            (
                row,
                item,
                array[starts[row, places[item]] : stops[row, places[item]]].tobytes().decode("utf-8", "replace"),
            )
            for row, item in np.argwhere(ratings == _WRONG).tolist()
        ]
        keys = [
            _texts(array, starts[:, place], lengths[:, place])
            for place in (self.layout.columns.index(name) for name in self.layout.keys)
        ]
        return self._settled(ratings, odd, list(zip(*keys, strict=True)), lines)

    def _thorough(self, data: bytes, line: int) -> tuple[RatingArray, IntArray] | None:
        """The rows of a piece by the csv module."""
        text = decoded(data, FILE, self.complaints, line)
        if text is None:
            return None
        columns = self.layout.columns
        rows = split(text, self.layout.delimiter, FILE, self.complaints, line)
        for at, cells in rows:
            if len(cells) != len(columns):
                self.complaints.add(FILE, at, "", width_message(len(cells), len(columns)))
        rows = [(at, cells) for at, cells in rows if len(cells) == len(columns)]
        places = [columns.index(name) for name in self.items]
        codes = [[_RATINGS.get(cells[at], _WRONG) for at in places] for _, cells in rows]
        ratings = np.array(codes, dtype=np.uint8).reshape(-1, len(places))
        odd = [(row, item, rows[row][1][places[item]]) for row, item in np.argwhere(ratings == _WRONG).tolist()]
        keys = [tuple(cells[columns.index(name)].encode() for name in self.layout.keys) for _, cells in rows]
        return self._settled(ratings, odd, keys, np.array([at for at, _ in rows], dtype=np.int64))

    def _settled(
        self, ratings: RatingArray, odd: list[tuple[int, int, str]], keys: Sequence[tuple[bytes, ...]], lines: IntArray
    ) -> tuple[RatingArray, IntArray] | None:
        """Ratings, those in ``odd`` (row, item, text) read one by one, and cells; ``None`` if there are mistakes."""
        wrong = []
        for row, item, text in odd:
            code = _RATINGS.get(text.strip())
            ratings[row, item] = likert.NOT_ANSWERED if code is None else code
            if code is None:
                wrong.append((row, item, text.strip()))
        for key in dict.fromkeys(keys):
            if key not in self._known:
                self._known[key] = self._place(key)
        cells = np.fromiter(map(self._known.__getitem__, keys), dtype=np.int64, count=len(keys))
        nobody = np.flatnonzero(cells < 0)
        room = self.complaints.room(FILE)
        listed = sorted([(row, -1, "") for row in nobody[:room].tolist()] + wrong[:room])[:room]
        for row, item, text in listed:
            if item < 0:
                self._complain(keys[row], int(lines[row]))
            else:
                self.complaints.add(FILE, int(lines[row]), self.items[item], f"{quoted(text)}; {_EXPECTED}.")
        self.complaints.count(FILE, len(wrong) + nobody.size - len(listed))
        return None if wrong or nobody.size else (ratings, cells)

    def _place(self, key: tuple[bytes, ...]) -> int:
        try:
            cell = self._cell(key)
        except UnicodeDecodeError:
            return -1
        if not cell[0] or (len(key) > 1 and not cell[1]) or (self.units is not None and cell[0] not in self.units):
            return -1
        return self._cells.setdefault(cell, len(self._cells))

    @staticmethod
    def _cell(key: tuple[bytes, ...]) -> Cell:
        unit, wave = (part.decode().strip() for part in (*key, b"")[:2])
        return unit, wave

    def _complain(self, key: tuple[bytes, ...], line: int) -> None:
        try:
            unit, _ = self._cell(key)
        except UnicodeDecodeError:
            self.complaints.add(FILE, line, "", "no UTF-8 text; save the file as UTF-8 (in Excel: CSV UTF-8).")
            return
        if not unit:
            self.complaints.add(FILE, line, "unit", "empty; the id of a unit is expected.")
        elif self.units is not None and unit not in self.units:
            hint = suggestion(unit, self.units)
            self.complaints.add(FILE, line, "unit", f"{quoted(unit)} is not in units.csv.{hint}")
        else:
            self.complaints.add(FILE, line, "wave", "empty; the name of a wave is expected, as in 2026.")


# "NA" is what R writes where a value is missing.
_RATINGS = {"": likert.NOT_ANSWERED, "NA": likert.NOT_ANSWERED, "-": likert.NOT_CONCERNED} | {
    f"{rating}{decimals}": rating for rating in range(1, likert.POINTS + 1) for decimals in ("", ".0")
}


def _take_apart(data: bytes, layout: Layout) -> tuple[Bytes, IntArray, IntArray, IntArray] | None:
    """Bytes, and the starts and stops of all cells (rows, columns) with the line of each row, counted from 0.

    ``None`` where the piece is not that plain.
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    delimiter = ord(layout.delimiter)
    plain = _without_quotes(data, delimiter) if b'"' in data else data
    if plain is None or b"\r" in plain or b"\0" in plain:
        return None
    array = np.frombuffer(plain, dtype=np.uint8)
    stops = np.flatnonzero((array == delimiter) | (array == _NEWLINE))
    starts = np.concatenate([[0], stops[:-1] + 1])
    ends_row = array[stops] == _NEWLINE
    lines = np.cumsum(ends_row)
    lines -= ends_row
    if (empty := ends_row & np.concatenate([[True], ends_row[:-1]]) & (starts == stops)).any():
        starts, stops, ends_row, lines = (part[~empty] for part in (starts, stops, ends_row, lines))
    columns = len(layout.columns)
    if stops.size % columns or not ends_row[columns - 1 :: columns].all() or ends_row.sum() * columns != stops.size:
        return None
    return array, starts.reshape(-1, columns), stops.reshape(-1, columns), lines[columns - 1 :: columns]


def _without_quotes(data: bytes, delimiter: int) -> bytes | None:
    """The piece without quotation marks, if they stand around whole cells and hold nothing that needs them."""
    array = np.frombuffer(data, dtype=np.uint8)
    edge = (array == delimiter) | (array == _NEWLINE)
    marks = np.flatnonzero(array == _QUOTE)
    if marks.size % 2 or (edge & _inside_quotes(array)).any():
        return None
    opening, closing = marks[::2], marks[1::2]
    begins = edge[np.maximum(opening - 1, 0)] | (opening == 0)
    ends = edge[np.minimum(closing + 1, array.size - 1)]
    return data.replace(b'"', b"") if begins.all() and ends.all() else None


def _codes(array: Bytes, starts: IntArray, lengths: IntArray) -> RatingArray:
    """Ratings of cells (rows, items): one character, or one with ".0" behind it; ``_WRONG`` for all else."""
    codes = np.where(lengths == 1, _CODES[array[starts]], np.where(lengths == 0, likert.NOT_ANSWERED, _WRONG))
    long = np.argwhere(lengths == 3)
    if long.size:
        at = starts[long[:, 0], long[:, 1]]
        digits, decimals = _CODES[array[at]], (array[at + 1] == _POINT) & (array[at + 2] == _ZERO)
        whole = decimals & (digits >= 1) & (digits <= likert.POINTS)
        codes[long[whole, 0], long[whole, 1]] = digits[whole]
    return codes.astype(np.uint8)


def _texts(array: Bytes, starts: IntArray, lengths: IntArray) -> list[bytes]:
    """The bytes of one cell per row."""
    width = int(lengths.max(initial=0))
    if width == 0:
        return [b""] * len(starts)
    if width > _LONGEST_NAME:
        return [array[start : start + length].tobytes() for start, length in zip(starts, lengths, strict=True)]
    place = np.arange(width)
    characters = array[np.minimum(starts[:, None] + place, array.size - 1)]
    characters[place >= lengths[:, None]] = 0
    names: list[bytes] = characters.view(f"S{width}").ravel().tolist()
    return names


def _enlarged(tally: likert.Tally, cells: int) -> likert.Tally:
    """The tally with room for more cells."""
    items, *others = (np.zeros((cells, *array.shape[1:]), dtype=array.dtype) for array in _arrays(tally))
    larger = likert.Tally(items, tuple(others[:-4]), *others[-4:])
    _add_into(larger, tally, np.arange(len(tally.respondents)))
    return larger


def _add_into(tally: likert.Tally, part: likert.Tally, cells: IntArray) -> None:
    """Add a part that was counted over some cells only, in place; the same as ``+`` of two tallies of all cells."""
    adjacent = cells[-1] - cells[0] == cells.size - 1
    where = slice(int(cells[0]), int(cells[-1]) + 1) if adjacent else cells
    for total, more in zip(_arrays(tally), _arrays(part), strict=True):
        total[where] += more


def _arrays(tally: likert.Tally) -> list[IntArray]:
    moments = [tally.pair_count, tally.pair_sum, tally.pair_product]
    return [tally.items, *tally.scales, *moments, tally.respondents]
