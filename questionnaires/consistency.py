"""Whether the parts of a catalogue fit together: ids, references, pairs and show rules in catalogue.yaml.

Every rule reads the document leniently and complains about its own subject only, so that one mistake hides no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from questionnaires.catalogue import SOURCE_LANGUAGE
from questionnaires.complaints import Complaint, suggestion
from questionnaires.documents import Document, Entry, Place

MOST_ITEMS = 64
MOST_OPTIONS = 9  # a single answer is stored as one digit

SECTIONS = (
    "languages", "target_groups", "areas", "dimensions", "criteria", "items", "open_questions", "profile_questions",
)  # fmt: skip
FORM_FIELDS = ("items", "open_questions", "profile_questions")

Rule = Callable[[Document], Iterator[Complaint]]


def inconsistencies(structure: Document) -> list[Complaint]:
    """Every place of catalogue.yaml that does not fit the rest of it."""
    return [complaint for rule in RULES for complaint in rule(structure)]


def unique_ids(structure: Document) -> Iterator[Complaint]:
    """Within a section every id stands once."""
    for section in SECTIONS:
        yield from _repeated(structure, structure.ids(section))


def unique_form_fields(structure: Document) -> Iterator[Complaint]:
    """Items, open questions and profile questions share one form, so no id may serve in two of these sections."""
    owner: dict[str, str] = {}
    for section in FORM_FIELDS:
        for place, id in structure.ids(section):
            if owner.setdefault(id, section) != section:
                yield structure.complaint(
                    place, f"Die Kennung »{id}« ist schon unter {owner[id]} vergeben. Wählen Sie eine andere."
                )


def unique_list_entries(structure: Document) -> Iterator[Complaint]:
    """A list of references or options names each of them once."""
    for item in structure.entries("items"):
        yield from _repeated(structure, item.texts("related"))
    for criterion in structure.entries("criteria"):
        yield from _repeated(structure, criterion.texts("target_groups"))
    for question in structure.entries("profile_questions"):
        yield from _repeated(structure, [((*o.place, "id"), o.id) for o in question.entries("options")])


def known_references(structure: Document) -> Iterator[Complaint]:
    """Whatever refers to an id refers to one that there is."""
    for section, key, target, name in REFERENCES:
        known = [id for _, id in structure.ids(target)]
        for entry in structure.entries(section):
            for place, id in _referred(entry, key):
                if id not in known:
                    yield structure.complaint(place, f"{name} »{id}« gibt es nicht.{suggestion(id, known)}")


def nothing_empty(structure: Document) -> Iterator[Complaint]:
    """Every area has dimensions, every dimension has criteria."""
    for section, child, key, message in PARENTS:
        used = {entry.text(key) for entry in structure.entries(child)}
        for place, id in structure.ids(section):
            if id not in used:
                yield structure.complaint(place[:-1], message)


def one_item_per_criterion(structure: Document) -> Iterator[Complaint]:
    """A criterion has one direct outside view at most."""
    first: dict[str, str] = {}
    for item in structure.entries("items"):
        criterion = item.text("criterion")
        if criterion and first.setdefault(criterion, item.id) != item.id:
            yield structure.complaint(
                (*item.place, "criterion"),
                f"Das Kriterium »{criterion}« hat mit »{first[criterion]}« schon eine direkte Außensicht. "
                "Nennen Sie es hier unter related.",
            )


def related_is_not_direct(structure: Document) -> Iterator[Complaint]:
    """An item does not name its own criterion as a related one too."""
    for item in structure.entries("items"):
        for place, criterion in item.texts("related"):
            if criterion == item.text("criterion"):
                yield structure.complaint(
                    place, f"»{criterion}« ist schon das direkte Kriterium dieser Frage. Löschen Sie es hier."
                )


def show_rules_can_hold(structure: Document) -> Iterator[Complaint]:
    """A show rule asks for options of a profile question that there is."""
    questions = {question.id: question for question in structure.entries("profile_questions")}
    for entry in (*structure.entries("items"), *structure.entries("profile_questions")):
        for place, rule in _rules(entry):
            yield from _rule_complaints(structure, questions, place, rule)


def questions_hide_behind_earlier_ones(structure: Document) -> Iterator[Complaint]:
    """A profile question is hidden by the answer to one that stands before it, and is always asked itself."""
    earlier: set[str] = set()
    for question in structure.entries("profile_questions"):
        rules = list(_rules(question))
        for place, rule in rules:
            if rule.id not in earlier:
                message = f"Die Profilfrage »{rule.id}« muss vor »{question.id}« stehen und immer gestellt werden."
                yield structure.complaint((*place, "question"), message)
        if not rules:
            earlier.add(question.id)


def one_question_about_residence(structure: Document) -> Iterator[Complaint]:
    """How long somebody has lived here is asked once, with one answer to choose."""
    about = [
        q for q in structure.entries("profile_questions") if any(_tells_residence(o) for o in q.entries("options"))
    ]
    for question in about:
        if question.text("kind") != "single" or question is not about[0]:
            message = "years und newcomer gehören zu einer einzigen Profilfrage, bei der eine Antwort möglich ist."
            yield structure.complaint((*question.place, "options"), message)


def _tells_residence(option: Entry) -> bool:
    return "years" in option.values or "newcomer" in option.values


def not_too_many(structure: Document) -> Iterator[Complaint]:
    """The questionnaire stays answerable and its answers stay storable."""
    items = structure.entries("items")
    if len(items) > MOST_ITEMS:
        yield structure.complaint(("items",), f"Es sind {len(items)} Fragen, möglich sind höchstens {MOST_ITEMS}.")
    for question in structure.entries("profile_questions"):
        if len(question.entries("options")) > MOST_OPTIONS:
            yield structure.complaint((*question.place, "options"), f"Möglich sind höchstens {MOST_OPTIONS} Antworten.")


def source_language_declared(structure: Document) -> Iterator[Complaint]:
    """German is the language that everything falls back on."""
    languages = [id for _, id in structure.ids("languages")]
    if languages and SOURCE_LANGUAGE not in languages:
        yield structure.complaint(("languages",), "Deutsch (de) ist die Ausgangssprache und darf nicht fehlen.")


RULES: tuple[Rule, ...] = (
    unique_ids,
    unique_form_fields,
    unique_list_entries,
    known_references,
    nothing_empty,
    one_item_per_criterion,
    related_is_not_direct,
    show_rules_can_hold,
    questions_hide_behind_earlier_ones,
    one_question_about_residence,
    not_too_many,
    source_language_declared,
)
REFERENCES = (
    ("dimensions", "area", "areas", "Das Handlungsfeld"),
    ("criteria", "dimension", "dimensions", "Den Qualitätsbereich"),
    ("criteria", "target_groups", "target_groups", "Die Zielgruppe"),
    ("items", "criterion", "criteria", "Das Kriterium"),
    ("items", "related", "criteria", "Das Kriterium"),
)
PARENTS = (
    ("areas", "dimensions", "area", "Zu diesem Handlungsfeld gibt es keinen Qualitätsbereich. Ergänzen Sie einen."),
    ("dimensions", "criteria", "dimension", "Zu diesem Qualitätsbereich gibt es kein Kriterium. Ergänzen Sie eines."),
)


def _repeated(structure: Document, ids: Iterable[tuple[Place, str]]) -> Iterator[Complaint]:
    count: Counter[str] = Counter()
    for place, id in ids:
        count[id] += 1
        if count[id] == 2:
            yield structure.complaint(place, f"»{id}« steht hier zum zweiten Mal. Löschen oder ändern Sie eines davon.")


def _referred(entry: Entry, key: str) -> list[tuple[Place, str]]:
    single = entry.text(key)
    return entry.texts(key) if single is None else [((*entry.place, key), single)]


def _rules(entry: Entry) -> Iterator[tuple[Place, Entry]]:
    for key in ("shown_if", "hidden_if"):
        rules = entry.values.get(key)
        for number, rule in enumerate(rules if isinstance(rules, list) else []):
            if isinstance(rule, dict) and isinstance(rule.get("question"), str):
                place = (*entry.place, key, number)
                yield place, Entry(place, rule["question"], rule)


def _rule_complaints(
    structure: Document, questions: dict[str, Entry], place: Place, rule: Entry
) -> Iterator[Complaint]:
    question = questions.get(rule.id)
    if question is None:
        hint = suggestion(rule.id, questions)
        yield structure.complaint((*place, "question"), f"Die Profilfrage »{rule.id}« gibt es nicht.{hint}")
        return
    named = rule.texts("any_of") + rule.texts("none_of")
    if not named:
        yield structure.complaint(place, "Die Regel verlangt nichts. Ergänzen Sie any_of oder none_of.")
    options = [option.id for option in question.entries("options")]
    for option_place, option in named:
        if option not in options:
            message = f"Die Antwort »{option}« gibt es bei {question.id} nicht.{suggestion(option, options)}"
            yield structure.complaint(option_place, message)
