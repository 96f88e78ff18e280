"""How a municipality's name stands in an address. Addresses are printed on letters: once given, they stay."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

LONGEST = 80


def slug(name: str) -> str:
    """A name as it stands in an address.

    >>> slug("Eslohe (Sauerland)")
    'eslohe-sauerland'
    >>> slug("Lüdenscheid")
    'luedenscheid'
    """
    text = name.lower()
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(letter, letters)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-") or "ort"


def addresses(names: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """An address for each key of ``names`` (key: name); where two would be the same, the key is added.

    ``given`` are the addresses that exist already, by key; their owners keep them, whatever their name is now.
    """
    wanted = {key: slug(name)[: LONGEST - 9].rstrip("-") for key, name in names.items() if key not in given}
    shared = Counter(wanted.values())
    taken = set(given.values())
    new = {key: text if shared[text] == 1 and text not in taken else f"{text}-{key}" for key, text in wanted.items()}
    return {key: given.get(key) or new[key] for key in names}
