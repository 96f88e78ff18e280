"""From text to stems: German words without their endings, however their umlauts are written."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

LONGEST_STEM = 80
_WORD = re.compile(r"[^\W_]{2,}")
_SHARP_S = str.maketrans({"ß": "ss"})
_stemmers = threading.local()  # a stemmer remembers the word it is at

STOP_WORDS = frozenset(Path(__file__).with_name("stopwords.txt").read_text("utf-8").split())


def words_of(text: str) -> Iterator[tuple[str, str]]:
    """Each word worth searching for, as (stem, spelling), in order.

    >>> list(words_of("Die Begrüßungen der Neubürgerinnen"))
    [('begruss', 'Begrüßungen'), ('neuburg', 'Neubürgerinnen')]
    """
    for found in _WORD.finditer(unicodedata.normalize("NFC", text)):
        word = found[0]
        if word.casefold() not in STOP_WORDS:
            yield stem(word), word[:LONGEST_STEM]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word.

    >>> stem("Taschen") == stem("Tasche"), stem("Neubuerger") == stem("Neubürger")
    (True, True)
    """
    if not hasattr(_stemmers, "german"):
        import snowballstemmer  # It brings the rules of thirty languages.

        _stemmers.german = snowballstemmer.stemmer("german")
    return str(_stemmers.german.stemWord(word.lower())).translate(_SHARP_S)[:LONGEST_STEM]


def trigrams(stem: str) -> frozenset[str]:
    """Every three letters that follow one another, with two blanks before the beginning and one behind the end.

    >>> sorted(trigrams("amt"))
    ['  a', ' am', 'amt', 'mt ']
    """
    padded = f"  {stem} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def likeness(one: str, other: str) -> float:
    """Share of trigrams that two stems have in common, 0 to 1 (Jaccard)."""
    here, there = trigrams(one), trigrams(other)
    return len(here & there) / len(here | there)
