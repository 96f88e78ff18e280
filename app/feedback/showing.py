"""The show-rules as the page's script reads them, so that questions appear as they apply (``static/newcomers.js``)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from markupsafe import Markup

from questionnaires.catalogue import Item, ProfileQuestion, ShowRule


def rules(question: Item | ProfileQuestion) -> Markup:
    """HTML attributes with a question's rules, each a list of profile question, any of, none of; empty without rules.

    What they mean is said once, in ``questionnaires.answers``; a browser test holds the script to it.
    """
    shown = question.shown_if if isinstance(question, Item) else ()
    given = (("data-shown-if", shown), ("data-hidden-if", question.hidden_if))
    return Markup("").join(Markup(' {}="{}"').format(name, _written(rules)) for name, rules in given if rules)


def _written(rules: Iterable[ShowRule]) -> str:
    return json.dumps([[rule.question, rule.any_of, rule.none_of] for rule in rules], separators=(",", ":"))
