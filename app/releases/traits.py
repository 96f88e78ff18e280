"""What newcomers said about themselves, read from the rows that ``app.feedback.loading`` gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.feedback.loading import LETTERS
from questionnaires.answers import CHOSEN
from questionnaires.catalogue import Catalogue, ProfileQuestion
from scoring.groups import Question, Traits

CHANNELS = ("open", "welcome", "counter", "employer", "school", "code", "paper")
# Persons read at once: only the memberships themselves are ever held for all of them.
_AT_ONCE = 2**16

Letters = NDArray[np.uint8]


def profile_width(catalogue: Catalogue) -> int:
    """Characters of a profile string."""
    return sum(_width(question) for question in catalogue.profile_questions)


def read_traits(catalogue: Catalogue, letters: Letters, languages: Sequence[str], channels: Sequence[str]) -> Traits:
    """Memberships from ``letters`` (responses, characters): profile string, language, channel.

    Letters stand for places in ``languages`` and ``channels``; options are those known, then what else was found.
    """
    questions = [
        Question(q.id, tuple(o.id for o in q.options), q.kind == "single") for q in catalogue.profile_questions
    ]
    places, codes = [_places(catalogue)], [_codes(question) for question in catalogue.profile_questions]
    spoken = {"language": (languages, catalogue.languages), "channel": (channels, CHANNELS)}
    for place, (name, (words, known)) in enumerate(spoken.items(), start=profile_width(catalogue)):
        options = (*known, *(word for word in words if word not in known))
        questions.append(Question(name, options, scored=False))
        places.append(np.full(len(options), place))
        codes.append(np.array([ord(LETTERS[words.index(option)]) for option in options], dtype=np.uint8))
    return Traits(tuple(questions), _equal(letters, np.concatenate(places), np.concatenate(codes)))


def _equal(letters: Letters, places: NDArray[np.int64], codes: Letters) -> NDArray[np.bool_]:
    """Whether the letter at each place is the code, (responses, places)."""
    found = np.empty((len(letters), len(places)), dtype=bool)
    for start in range(0, len(letters), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        np.equal(letters[some].take(places, axis=1), codes, out=found[some])
    return found


def _places(catalogue: Catalogue) -> NDArray[np.int64]:
    """Where in a profile string each option stands, option by option."""
    places, start = [], 0
    for question in catalogue.profile_questions:
        multiple = question.kind == "multiple"
        places += [start + number if multiple else start for number in range(len(question.options))]
        start += _width(question)
    return np.array(places, dtype=np.int64)


def _width(question: ProfileQuestion) -> int:
    return len(question.options) if question.kind == "multiple" else 1


def _codes(question: ProfileQuestion) -> Letters:
    """The letter that says an option was chosen, per option."""
    if question.kind == "multiple":
        return np.full(len(question.options), ord(CHOSEN), dtype=np.uint8)
    return np.array([ord(str(number)) for number in range(1, len(question.options) + 1)], dtype=np.uint8)
