"""The licences that open data may be given under, in the names that data catalogues know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """A licence: its short name, title and text's address; its identifier in the vocabulary of DCAT-AP.de."""

    name: str
    title: str
    path: str
    identifier: str
    attribution: bool


LICENCES = {
    "dl-de/by-2-0": Licence(
        "DL-DE-BY-2.0",
        "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        "https://www.govdata.de/dl-de/by-2-0",
        "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
        True,
    ),
    "dl-de/zero-2-0": Licence(
        "DL-DE-ZERO-2.0",
        "Datenlizenz Deutschland – Zero – Version 2.0",
        "https://www.govdata.de/dl-de/zero-2-0",
        "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
        False,
    ),
    "cc-by-4.0": Licence(
        "CC-BY-4.0",
        "Creative Commons Namensnennung 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
        "http://dcat-ap.de/def/licenses/cc-by/4.0",
        True,
    ),
}
