"""What counts as an answer: from a submitted form to the strings that are stored, and back.

A newcomer's ratings are one string with a character per item in catalogue order: ``1`` to ``5``, ``-`` for "betrifft
mich nicht", ``.`` for not answered or not shown. The profile is a second string of fixed width. Everything here is a
pure function of catalogue and input; problems are codes, and whoever shows them finds the words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal

from questionnaires.catalogue import RATINGS, Catalogue, Item, ProfileQuestion, ShowRule
from questionnaires.comments import Comment, CommentNotValid, clean

NOT_CONCERNED = "-"
NOT_ANSWERED = "."
CHOSEN = "x"
RATING_CHARACTERS = frozenset(map(str, RATINGS)) | {NOT_CONCERNED, NOT_ANSWERED}

Profile = Mapping[str, Collection[str]]
ProblemCode = Literal[
    "unknown_field", "several_values", "not_a_rating", "unknown_option", "comment_too_long", "control_character"
]


@dataclass(frozen=True)
class AnswerProblem:
    """Why a field was refused: ``code`` and the ``value`` at fault, cut to 60 characters.

    Of a comment the value is not the text but its length, or the character that cannot be stored as ``U+0000``.
    """

    code: ProblemCode
    value: str


class AnswersNotValid(ValueError):
    """A form holds something that is no answer; ``problems`` has the first problem of every field at fault."""

    def __init__(self, problems: Mapping[str, AnswerProblem]) -> None:
        self.problems = dict(problems)
        super().__init__(", ".join(f"{field}: {problem.code}" for field, problem in self.problems.items()))


@dataclass(frozen=True)
class Submission:
    """One newcomer's answers as they are stored: ratings and profile as fixed-width strings, and the free texts."""

    ratings: str
    profile: str
    comments: tuple[Comment, ...]


def encode_ratings(catalogue: Catalogue, ratings: Mapping[str, str]) -> str:
    """The rating string of answers by item id; an item left out is not answered.

    Raises ``ValueError`` for an item the catalogue has not, and for a character that is no rating.
    """
    ids = [item.id for item in catalogue.items]
    if unknown := set(ratings) - set(ids):
        raise ValueError(f"no such item: {', '.join(sorted(unknown))}")
    if wrong := set(ratings.values()) - RATING_CHARACTERS:
        raise ValueError(f"not a rating: {', '.join(sorted(wrong))}")
    return "".join(ratings.get(id, NOT_ANSWERED) for id in ids)


def decode_ratings(catalogue: Catalogue, string: str) -> dict[str, str]:
    """The character of every item by its id, in catalogue order; ``ValueError`` if it is no such string."""
    if len(string) != len(catalogue.items) or not RATING_CHARACTERS.issuperset(string):
        raise ValueError(f"not a rating string of {len(catalogue.items)} items: {string[:80]!r}")
    return {item.id: character for item, character in zip(catalogue.items, string, strict=True)}


def encode_profile(catalogue: Catalogue, profile: Profile) -> str:
    """The profile string of chosen option ids by question id; a question left out is not answered.

    A single question takes one character, the option's number 1 to 9 or ``.``; a multiple one takes a character per
    option, ``x`` or ``.``. Raises ``ValueError`` for an unknown question or option, and for two options of a single.
    """
    if unknown := set(profile) - {question.id for question in catalogue.profile_questions}:
        raise ValueError(f"no such profile question: {', '.join(sorted(unknown))}")
    return "".join(_encode_options(q, profile.get(q.id, ())) for q in catalogue.profile_questions)


def decode_profile(catalogue: Catalogue, string: str) -> dict[str, frozenset[str]]:
    """The chosen option ids by question id, empty where not answered; ``ValueError`` if it is no such string."""
    widths = [_width(question) for question in catalogue.profile_questions]
    if len(string) != sum(widths):
        raise ValueError(f"not a profile string of {sum(widths)} characters: {string[:80]!r}")
    characters = iter(string)
    parts = ["".join(next(characters) for _ in range(width)) for width in widths]
    return {q.id: _decode_options(q, part) for q, part in zip(catalogue.profile_questions, parts, strict=True)}


def shown_items(catalogue: Catalogue, profile: Profile) -> frozenset[str]:
    """The items that a person with this profile is certainly asked: no rule, or one of the rules holds.

    A profile question that was not answered counts as holding no option, and hides nothing.
    """
    return _shown(catalogue, asked_profile(catalogue, profile))


def asked_profile(catalogue: Catalogue, profile: Profile) -> dict[str, frozenset[str]]:
    """The profile without answers to questions that its earlier answers hide."""
    kept: dict[str, frozenset[str]] = {}
    for question in catalogue.profile_questions:
        kept[question.id] = frozenset() if _hides(question.hidden_if, kept) else frozenset(profile.get(question.id, ()))
    return kept


def counted_items(catalogue: Catalogue, profile: Profile) -> frozenset[str]:
    """The items whose rating counts: those shown, and those whose profile question was left unanswered.

    Without script everyone sees every item. Whoever rated one and said nothing about themselves says by the rating
    that it concerns them; whoever did answer the profile question is taken at their word, and a rating of an item
    that is not for them does not count.
    """
    return _counted(catalogue, asked_profile(catalogue, profile))


def check(catalogue: Catalogue, form: Mapping[str, Sequence[str]], other_fields: Collection[str] = ()) -> Submission:
    """The submission in a form: fields are the ids of items, profile and open questions, each with its values.

    Empty values are no answer. ``other_fields`` names what else the form carries and is passed over. A rating that
    does not count (see ``counted_items``) becomes not answered, a detail that was not asked for (``asked_profile``)
    likewise; an exclusive option beside others is dropped. Raises
    ``AnswersNotValid`` naming every field at fault, and nothing else.
    """
    answers = {field: _given(values) for field, values in form.items() if field not in other_fields}
    problems = dict(_problems(catalogue, answers))
    if problems:
        raise AnswersNotValid(problems)
    profile, counted = _person(catalogue, tuple(tuple(answers.get(q.id, ())) for q in catalogue.profile_questions))
    ratings = {item.id: answers[item.id][0] for item in catalogue.items if item.id in counted and answers.get(item.id)}
    comments = (Comment(q.id, clean("".join(answers.get(q.id, [])))) for q in catalogue.open_questions)
    return Submission(
        ratings=encode_ratings(catalogue, ratings),
        profile=profile,
        comments=tuple(comment for comment in comments if comment.text),
    )


def is_empty(submission: Submission) -> bool:
    """Whether nothing at all was answered: no rating, no detail, no text."""
    return not submission.comments and not (set(submission.ratings) | set(submission.profile)) - {NOT_ANSWERED}


def _shown(catalogue: Catalogue, asked: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(item.id for item in catalogue.items if _is_shown(item, asked))


def _counted(catalogue: Catalogue, asked: Mapping[str, frozenset[str]]) -> frozenset[str]:
    undecided = frozenset(item.id for item in catalogue.items if _is_undecided(item, asked))
    return _shown(catalogue, asked) | undecided


@lru_cache(maxsize=4096)
def _person(catalogue: Catalogue, details: tuple[tuple[str, ...], ...]) -> tuple[str, frozenset[str]]:
    """The profile string of the options chosen per question, and the items that count; most say what others said."""
    questions = catalogue.profile_questions
    given = {q.id: _without_exclusive(q, chosen) for q, chosen in zip(questions, details, strict=True)}
    profile = asked_profile(catalogue, given)
    return encode_profile(catalogue, profile), _counted(catalogue, profile)


def _given(values: Sequence[str]) -> list[str]:
    if len(values) == 1:
        return [values[0]] if values[0].strip() else []
    return list(dict.fromkeys(value for value in values if value.strip()))


def _problems(catalogue: Catalogue, answers: Mapping[str, list[str]]) -> Iterator[tuple[str, AnswerProblem]]:
    checks, choices = _checks(catalogue), _choices(catalogue)
    for field, values in answers.items():
        if field in choices and len(values) < 2 and choices[field].issuperset(values):
            continue
        check_field = checks.get(field)
        problem = check_field(values) if check_field else _problem("unknown_field", field)
        if problem:
            yield field, problem


@lru_cache(maxsize=16)
def _checks(catalogue: Catalogue) -> dict[str, Callable[[list[str]], AnswerProblem | None]]:
    """What looks at the values of each field."""
    return {
        **{item.id: _rating_problem for item in catalogue.items},
        **{question.id: partial(_option_problem, question) for question in catalogue.profile_questions},
        **{question.id: _comment_problem for question in catalogue.open_questions},
    }


@lru_cache(maxsize=16)
def _choices(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """What may be chosen in each field that has choices: most forms hold nothing else, and are not looked at twice."""
    ratings = RATING_CHARACTERS - {NOT_ANSWERED}
    options = {q.id: frozenset(option.id for option in q.options) for q in catalogue.profile_questions}
    return {item.id: ratings for item in catalogue.items} | options


def _problem(code: ProblemCode, value: str) -> AnswerProblem:
    return AnswerProblem(code, value[:60])


def _several(values: list[str]) -> AnswerProblem | None:
    return _problem("several_values", ", ".join(values)) if len(values) > 1 else None


def _rating_problem(values: list[str]) -> AnswerProblem | None:
    wrong = [value for value in values if value == NOT_ANSWERED or value not in RATING_CHARACTERS]
    return _problem("not_a_rating", wrong[0]) if wrong else _several(values)


def _option_problem(question: ProfileQuestion, values: list[str]) -> AnswerProblem | None:
    options = {option.id for option in question.options}
    wrong = [value for value in values if value not in options]
    if wrong:
        return _problem("unknown_option", wrong[0])
    return _several(values) if question.kind == "single" else None


def _comment_problem(values: list[str]) -> AnswerProblem | None:
    try:
        for value in values:
            clean(value)
    except CommentNotValid as error:
        return _problem(error.code, error.value)
    return _several(values)


def _without_exclusive(question: ProfileQuestion, chosen: Collection[str]) -> frozenset[str]:
    exclusive = {option.id for option in question.options if option.exclusive}
    return frozenset(chosen) - exclusive or frozenset(chosen)


def _is_shown(item: Item, profile: Profile) -> bool:
    wanted = not item.shown_if or any(_holds(rule, profile) for rule in item.shown_if)
    return wanted and not _hides(item.hidden_if, profile)


def _is_undecided(item: Item, profile: Profile) -> bool:
    return any(not profile.get(rule.question) for rule in item.shown_if) and not _hides(item.hidden_if, profile)


def _hides(rules: Collection[ShowRule], profile: Profile) -> bool:
    return any(profile.get(rule.question) and _holds(rule, profile) for rule in rules)


def _holds(rule: ShowRule, profile: Profile) -> bool:
    chosen = set(profile.get(rule.question, ()))
    return (not rule.any_of or bool(chosen & set(rule.any_of))) and not chosen & set(rule.none_of)


def _width(question: ProfileQuestion) -> int:
    return len(question.options) if question.kind == "multiple" else 1


def _encode_options(question: ProfileQuestion, chosen: Iterable[str]) -> str:
    ids, chosen = [option.id for option in question.options], set(chosen)
    if unknown := chosen - set(ids):
        raise ValueError(f"no such option of {question.id}: {', '.join(sorted(unknown))}")
    if question.kind == "multiple":
        return "".join(CHOSEN if id in chosen else NOT_ANSWERED for id in ids)
    if len(chosen) > 1:
        raise ValueError(f"{question.id} takes one option, not {len(chosen)}")
    return str(ids.index(chosen.pop()) + 1) if chosen else NOT_ANSWERED


def _decode_options(question: ProfileQuestion, part: str) -> frozenset[str]:
    ids = [option.id for option in question.options]
    if question.kind == "multiple":
        allowed, chosen = {CHOSEN, NOT_ANSWERED}, [id for id, mark in zip(ids, part, strict=True) if mark == CHOSEN]
    else:
        numbers = [str(number) for number in range(1, len(ids) + 1)]
        allowed, chosen = {*numbers, NOT_ANSWERED}, [id for id, n in zip(ids, numbers, strict=True) if n == part]
    if not allowed.issuperset(part):
        raise ValueError(f"not an answer to {question.id}: {part!r}")
    return frozenset(chosen)
