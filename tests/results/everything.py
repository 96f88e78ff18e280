"""Everything public of a release as a stranger gets it, from link to link; read as tables and as words."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.results import paper
from tests.results.attacker import Reading, Row, rows_of

HTML, PDF, JSON = "text/html", "application/pdf", "application/json"
FOR_PROGRAMS = "/api/v1/releases"
COUNTING = re.compile(
    r"\b(antworten|antwortende|rückmeldungen|personen|menschen|texte|answers|respondents|responses|people|persons|texts|n)\b",
    re.IGNORECASE,
)
OF_PLACES = re.compile("genügend|enough|Kommunen|municipalities", re.IGNORECASE)
RESPONSES = re.compile("^(Rückmeldungen von Neuen|responses from newcomers)")
IN_JSON = {"answers", "n", "persons", "responses"}
"""How the document of a release and the API call numbers of people and of answers."""
NAMED = (
    re.compile(r"\bn\s*=\s*([\d.,\u202f\xa0]*\d)(?! (?:Kommunen|municipalities))"),
    re.compile(r"([\d.,\u202f\xa0]*\d)\s+(?:Antwort|Rückmeldung|answer|response)(?:en|s)?\b"),
)


@dataclass(frozen=True)
class Answer:
    """What came from one address."""

    mimetype: str
    data: bytes


Copy = dict[str, Answer]
Named = tuple[str, int]
"""What the row of a table begins with (elsewhere nothing), and a number that stands there."""


def copy_of(client: FlaskClient, base: str, without: str = "^$") -> Copy:
    """Every page and file of the release at an address, and its API; ``without`` addresses of that pattern.

    In German, and the page of the region in English too: languages have other words and the same numbers.
    """
    sha = base.rsplit("/", 1)[-1]
    api = f"{FOR_PROGRAMS}/{sha}"
    lists = ("region", "observations", "municipalities")
    waiting = [base, f"{base}?lang=en", api, f"{api}/catalogue", *(f"{api}/{name}?per_page=1000" for name in lists)]
    found: Copy = {}
    while waiting:
        address = waiting.pop()
        if address in found or re.search(without, address):
            continue
        response = client.get(address)
        assert response.status_code == 200, address
        found[address] = Answer(response.mimetype, response.data)
        found_links = links(response.mimetype, response.data)
        waiting += [link for link in found_links if link.startswith((base, api)) and "lang=" not in link]
        if address.startswith(f"{base}/vergleich") and "kommune" not in address:
            waiting += comparisons(address, response.data)
    return found


def links(mimetype: str, data: bytes) -> Iterator[str]:
    if mimetype == HTML:
        yield from (html.unescape(link).split("#")[0] for link in re.findall(r'<a [^>]*href="([^"]*)"', data.decode()))
    elif mimetype == "application/json":
        yield from (v for v in json.loads(data).get("links", {}).values() if isinstance(v, str))


def comparisons(address: str, data: bytes) -> list[str]:
    """The municipalities that can be chosen, four at a time."""
    options = BeautifulSoup(data, "lxml").select("select option[value]")
    chosen = sorted({str(option["value"]) for option in options if option["value"]})
    between = "&" if "?" in address else "?"
    groups = [chosen[start : start + 4] for start in range(0, len(chosen), 4)]
    return [address + between + "&".join(f"kommune={place}" for place in group) for group in groups]


def reading_of(copy: Copy, base: str) -> Reading:
    """Its tables; who takes part and how many responded, from its pages."""
    sha = base.rsplit("/", 1)[-1]
    listed = json.loads(copy[f"{FOR_PROGRAMS}/{sha}/municipalities?per_page=1000"].data)["data"]
    pages = {address: copy[address].data for address in copy if address.startswith(base)}
    names = {a["href"]: a.get_text() for a in BeautifulSoup(pages[base], "lxml").main.find_all("a", href=True)}
    keys = {place["name"]: place["ags"] for place in listed}
    said = {keys[name]: responses(pages[address]) for address, name in names.items() if name in keys}
    return Reading(
        rows_of(pages[f"{base}/daten.csv"]),
        rows_of(pages[f"{base}/kommunen.csv"]),
        tuple(place["ags"] for place in listed if place["participates"]),
        {ags: number for ags, number in said.items() if number is not None},
        responses(pages[base]),
        themes_of(json.loads(pages[f"{base}/daten.json"])),
        {address: keys[name] for address, name in names.items() if name in keys},
        keys,
    )


def themes_of(document: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Numbers of texts by key of the municipality (empty: the region) and theme."""
    sheets = {"": document, **document["public"]}
    return {ags: {theme["theme"]: theme["n"] for theme in sheet["themes"]} for ags, sheet in sheets.items()}


def responses(page: bytes) -> int | None:
    """The number of responses among the key figures at the head of a page."""
    for entry in BeautifulSoup(page, "lxml").select(".wk-facts__item"):
        if RESPONSES.search(entry.dt.get_text()):
            return next(whole(entry.dd.get_text()), None)
    return None


def same_rows(table: list[Row], others: list[dict[str, Any]]) -> bool:
    """Whether another file says exactly what the table says; what differs would be one more equation."""
    return [filled(row) for row in table] == [filled(row) for row in others]


def filled(row: dict[str, Any]) -> dict[str, str | float]:
    """The cells with something in them, numbers as numbers."""
    return {name: cell(value) for name, value in row.items() if value is not None and value != ""}


def cell(value: Any) -> str | float:
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return float(value)
    except ValueError:
        return str(value)


def sheets_of(workbook: bytes) -> dict[str, list[dict[str, Any]]]:
    """The tables of a workbook by the name of their sheet."""
    book = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True)
    found = {}
    for sheet in book.worksheets[1:]:
        head, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


def tables_of(package: bytes) -> dict[str, list[Row]]:
    """The tables of a data package by the name of their file."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def numbers_of(answer: Answer) -> Iterator[Named]:
    """Every number of answers that an answer names: in words, tables and figures, and in what stands in for figures."""
    if answer.mimetype == PDF:
        yield from (("", number) for words in paper.words_of(answer.data) for number in named(words))
        yield from (number for head, rows in paper.tables_of(answer.data) for number in counted(head, rows))
    elif answer.mimetype == HTML:
        yield from numbers_on(BeautifulSoup(answer.data, "lxml"))
    elif answer.mimetype == JSON:
        yield from (("", number) for number in numbers_in(json.loads(answer.data)))


def numbers_on(page: BeautifulSoup) -> Iterator[Named]:
    words = [page.get_text("\n"), *(str(mark["aria-label"]) for mark in page.find_all(attrs={"aria-label": True}))]
    yield from (("", number) for text in words for number in named(text))
    for table in page.find_all("table"):
        head, *rows = [[cell.get_text(" ") for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
        yield from counted(head, rows)
    for entry in page.select(".wk-facts__item"):
        if RESPONSES.search(entry.dt.get_text()):
            yield from (("", number) for number in whole(entry.dd.get_text()))


def numbers_in(content: Any) -> Iterator[int]:
    """Numbers of answers and of people, at any depth; quartiles and the funnel's axis count something else."""
    if isinstance(content, dict) and not {"median", "outer_low"} & content.keys():
        yield from (value for name, value in content.items() if name in IN_JSON and isinstance(value, int))
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    for value in inner:
        yield from numbers_in(value)


def named(words: str) -> Iterator[int]:
    """Numbers of answers in words; line by line, since a label beside a number is about something else."""
    for line in words.splitlines():
        for pattern in NAMED:
            for found in pattern.findall(" ".join(line.split())):
                yield from whole(found)


def counted(head: list[str], rows: list[list[str]]) -> Iterator[Named]:
    """Numbers in the columns of a table whose head says that they count answers, people or texts."""
    for row in rows:
        for name, value in zip(head, row, strict=False):
            if COUNTING.search(name) and not OF_PLACES.search(name):
                yield from ((" ".join(row[0].split()), number) for number in whole(value))


def whole(text: str) -> Iterator[int]:
    """The number that a text is, if it is a whole one with or without separators of thousands."""
    if re.fullmatch(r"\d{1,3}(?:[.,\u202f\xa0]\d{3})+|\d+", text.strip()):
        yield int(re.sub(r"\D", "", text))
