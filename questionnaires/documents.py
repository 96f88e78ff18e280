"""A YAML file as plain data that still knows the line of every key, so that a complaint can point at it.

Only the plain part of YAML is accepted: text, numbers, true and false, lists and mappings. Anchors, aliases and tags
are refused, because a catalogue is edited by people who should find every value where it stands.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from questionnaires.complaints import Complaint

Place = tuple[str | int, ...]
Finding = tuple[Place, int, str]

LARGEST_FILE = 2**20
COUNTED_FROM_ZERO = {"levels"}

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_YAML_TAG = "tag:yaml.org,2002:"
_READ_AS_WRITTEN = {_YAML_TAG + kind for kind in ("str", "timestamp", "merge", "value")}
_CONVERTED = {_YAML_TAG + kind for kind in ("int", "float", "bool", "null")}
_NO_ANCHORS = "Anker und Verweise (& und *) sind hier nicht vorgesehen. Schreiben Sie den Wert aus."
_NO_TAGS = "Typangaben mit »!« sind hier nicht vorgesehen. Lassen Sie sie weg."


@dataclass(frozen=True)
class Entry:
    """One mapping of a list that has an id, e.g. one criterion, and the place where it stands."""

    place: Place
    id: str
    values: Mapping[str, object]

    def text(self, key: str) -> str | None:
        """The text under ``key``; None if there is none or it is something else."""
        value = self.values.get(key)
        return value if isinstance(value, str) else None

    def texts(self, key: str) -> list[tuple[Place, str]]:
        """The texts of the list under ``key`` with their places; whatever is no text is left out."""
        return list(_texts(self.values.get(key), (*self.place, key)))

    def entries(self, key: str) -> list[Entry]:
        """The mappings with an id in the list under ``key``."""
        return list(_entries(self.values.get(key), (*self.place, key)))


@dataclass(frozen=True)
class Document:
    """A file's plain data, and for every place in it the line where it begins.

    The readers below are lenient: they pass over whatever has the wrong shape, because shape has its own check.
    """

    file: str
    data: Mapping[str, object]
    lines: Mapping[Place, int]

    def complaint(self, place: Place, message: str) -> Complaint:
        """A complaint about ``place``; one that is missing is reported at the nearest place around it."""
        line = next((self.lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self.lines), 0)
        return Complaint(self.file, line, readable(place, self.data), message)

    def section(self, key: str) -> Mapping[str, object]:
        """The mapping under a top-level ``key``; empty if there is none."""
        return _mapping(self.data.get(key))

    def entries(self, key: str) -> list[Entry]:
        """The entries of the list under a top-level ``key``."""
        return list(_entries(self.data.get(key), (key,)))

    def ids(self, key: str) -> list[tuple[Place, str]]:
        """Every id in the list under a top-level ``key``, be it a list of ids or of mappings with an id."""
        listed = _texts(self.data.get(key), (key,))
        return [*listed, *(((*entry.place, "id"), entry.id) for entry in self.entries(key))]


def readable(place: Place, data: object) -> str:
    """The place as a person would say it: list entries by their id where they have one, else by their number.

    >>> readable(("items", 0, "criterion"), {"items": [{"id": "N01"}]})
    'items.N01.criterion'
    >>> readable(("rating_labels", 0), {"rating_labels": [""]})
    'rating_labels.1'
    """
    names: list[str] = []
    for depth, step in enumerate(place):
        data = _inside(data, step)
        names.append(step if isinstance(step, str) else _entry_name(data, step, place[depth - 1]))
    return ".".join(names)


def read(path: Path, file: str) -> tuple[Document | None, list[Complaint]]:
    """The document in ``path``, called ``file`` in complaints; None if it cannot be read as YAML at all."""
    text, complaints = _text(path, file)
    if text is None:
        return None, complaints
    try:
        document, found = _document(text, file)
    except MarkedYAMLError as error:
        return None, [*complaints, _syntax_complaint(error, file)]
    except (YAMLError, RecursionError):
        return None, [*complaints, Complaint(file, 0, "", "Die Datei lässt sich nicht als YAML lesen.")]
    return document, complaints + found


def _text(path: Path, file: str) -> tuple[str | None, list[Complaint]]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None, [Complaint(file, 0, "", "Die Datei fehlt. Legen Sie sie an.")]
    except OSError as error:
        return None, [Complaint(file, 0, "", f"Die Datei lässt sich nicht lesen ({error.strerror}).")]
    if len(content) > LARGEST_FILE:
        return None, [Complaint(file, 0, "", "Die Datei ist größer als 1 MB. Ein Katalog ist viel kleiner.")]
    return _decoded(content, file)


def _decoded(content: bytes, file: str) -> tuple[str | None, list[Complaint]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, [Complaint(file, line, "", "Die Datei ist nicht in UTF-8. Speichern Sie sie als UTF-8.")]
    return _UNPRINTABLE.sub("\ufffd", text), [_unprintable(text, hit, file) for hit in _UNPRINTABLE.finditer(text)]


def _unprintable(text: str, hit: re.Match[str], file: str) -> Complaint:
    line = text.count("\n", 0, hit.start()) + 1
    name = "Nullbyte" if hit.group() == "\0" else f"Steuerzeichen U+{ord(hit.group()):04X}"
    return Complaint(file, line, "", f"Hier steht ein unsichtbares Zeichen ({name}). Löschen Sie es.")


def _syntax_complaint(error: MarkedYAMLError, file: str) -> Complaint:
    line = error.problem_mark.line + 1 if error.problem_mark else 0
    message = (
        "Der Aufbau stimmt hier oder kurz davor nicht. Prüfen Sie Einrückung, Doppelpunkte, Klammern und "
        f"Anführungszeichen (YAML meldet: {error.problem})."
    )
    return Complaint(file, line, "", message)


def _document(text: str, file: str) -> tuple[Document, list[Complaint]]:
    yaml = YAML(typ="safe", pure=True)
    # As a stream the text is read in pieces; handed over as one string, ruamel copies the rest of it at every token.
    root = yaml.compose(io.BytesIO(text.encode()))
    walk = _Walk(yaml)
    data = walk.value(root, (), 1) if isinstance(root, MappingNode) else None
    document = Document(file, _mapping(data), walk.lines)
    if data is None:
        walk.findings.append(((), 0, "Die Datei ist leer oder enthält keine Angaben der Form »schlüssel: wert«."))
    return document, [Complaint(file, line, readable(p, data), message) for p, line, message in walk.findings]


@dataclass
class _Walk:
    """Turns YAML nodes into plain data and notes lines and mistakes on the way."""

    yaml: YAML
    lines: dict[Place, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def value(self, node: Node, place: Place, line: int) -> object:
        self.lines[place] = line
        if node.anchor is not None:
            return self._refuse(place, line, _NO_ANCHORS)
        if isinstance(node, ScalarNode):
            return self._scalar(node, place, line)
        if isinstance(node, MappingNode) and node.tag == _YAML_TAG + "map":
            return self._mapping(node, place)
        if isinstance(node, SequenceNode) and node.tag == _YAML_TAG + "seq":
            return self._sequence(node, place)
        return self._refuse(place, line, _NO_TAGS)

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = key.value if isinstance(key, ScalarNode) else None
            if not name:
                self._refuse(place, line, "Ein Schlüssel muss ein einfaches Wort sein.")
            elif name in values:
                self._refuse((*place, name), line, f"»{name}« steht hier zum zweiten Mal. Löschen Sie eine Stelle.")
            else:
                values[name] = self.value(value, (*place, name), line)
        return values

    def _sequence(self, node: SequenceNode, place: Place) -> list[object]:
        return [self.value(n, (*place, i), n.start_mark.line + 1) for i, n in enumerate(node.value)]

    def _scalar(self, node: ScalarNode, place: Place, line: int) -> object:
        if node.tag in _READ_AS_WRITTEN:
            return node.value
        if node.tag not in _CONVERTED:
            return self._refuse(place, line, _NO_TAGS)
        try:
            return cast(object, self.yaml.constructor.construct_object(node))
        except (ValueError, KeyError, YAMLError):
            return self._refuse(place, line, f"»{node.value[:40]}« lässt sich nicht als Zahl oder Ja/Nein lesen.")

    def _refuse(self, place: Place, line: int, message: str) -> object:
        """Notes the mistake; the value is then read as if nothing stood there."""
        self.findings.append((place, line, message))
        return None


def _inside(data: object, step: str | int) -> object:
    if isinstance(step, str):
        return _mapping(data).get(step)
    return data[step] if isinstance(data, list) and step < len(data) else None


def _entry_name(entry: object, number: int, list_name: str | int) -> str:
    id = _mapping(entry).get("id")
    if isinstance(id, str):
        return id
    return str(number if list_name in COUNTED_FROM_ZERO else number + 1)


def _mapping(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, dict) else {}


def _texts(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    for number, text in enumerate(value if isinstance(value, list) else []):
        if isinstance(text, str):
            yield (*place, number), text


def _entries(value: object, place: Place) -> Iterator[Entry]:
    for number, entry in enumerate(value if isinstance(value, list) else []):
        id = _mapping(entry).get("id")
        if isinstance(id, str):
            yield Entry((*place, number), id, _mapping(entry))
