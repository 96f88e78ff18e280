"""Who decided that the municipality takes part, and whom newcomers may ask: one sentence each."""

from __future__ import annotations

from reports.documents.content import Content, Order, section
from scoring.release import Contact, Decision, UnitSheet


def commitment_section(order: Order, sheet: UnitSheet, *, own: bool) -> Content | None:
    """The chapter; the public reads of what there is, the municipality also of what is missing."""
    wording = order.wording
    found = lines(order, sheet) if own else {key: text for key, text in _known(order, sheet).items() if text}
    said = [f"{wording(f'council.{key}')}: {text}" for key, text in found.items()]
    return section(wording("commitment.heading"), said) if said else None


def lines(order: Order, sheet: UnitSheet) -> dict[str, str]:
    """``decision`` and ``contact`` in words, or that there is none on record."""
    missing = {"decision": "commitment.none", "contact": "commitment.no_contact"}
    return {key: text or order.wording(missing[key]) for key, text in _known(order, sheet).items()}


def _known(order: Order, sheet: UnitSheet) -> dict[str, str | None]:
    return {
        "decision": decision_text(order, sheet.decision) if sheet.decision else None,
        "contact": contact_text(order, sheet.contact) if sheet.contact else None,
    }


def decision_text(order: Order, decision: Decision) -> str:
    """Who decided when, on which paper, with which votes, and how long it holds."""
    wording = order.wording
    body = decision.body_name or wording("commitment.council")
    paper = wording("commitment.paper", number=decision.paper_number) if decision.paper_number else ""
    parts = [wording("commitment.decided", body=body, day=wording.date(decision.decided_on), paper=paper)]
    if decision.votes is not None:
        yes, no = (wording.number(count) for count in decision.votes[:2])
        abstentions = wording.counted("commitment.abstentions", decision.votes[2])
        parts.append(wording("commitment.votes", yes=yes, no=no, abstentions=abstentions))
    if decision.renew_by is None:
        parts.append(wording("commitment.open_end"))
    else:
        parts.append(wording("commitment.renew", day=wording.date(decision.renew_by)))
    if decision.link:
        parts.append(wording("commitment.link", address=decision.link))
    return " ".join(parts)


def contact_text(order: Order, contact: Contact) -> str:
    """The office and every way to reach it."""
    phone = order.wording("commitment.phone", number=contact.phone) if contact.phone else ""
    return ", ".join(part for part in (contact.name, phone, contact.email, contact.website) if part)
