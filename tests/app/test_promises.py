"""The database keeps the promises: every constraint of every table meets a row that tries to break it.

``ROWS`` has two valid rows for each table: the first one stands in the database, the second one would be welcome.
Each case changes the second one just enough to break one constraint. Rows are written as bare SQL, past all models.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import database
from app.database import db
from app.models import metadata
from tests.conftest import ENGINES, create_database, drop_database

MOMENT = "2026-03-01 12:00:00"
KEY, OTHER_KEY, SHORT_KEY = "k" * 36, "l" * 36, "k" * 35
HASH, OTHER_HASH = "a" * 64, "b" * 64
A, B, NOT_INVITED, NOWHERE = "99001001", "99001002", "99001003", "99001999"

MUNICIPALITY = {
    "name": "Ort",
    "kind": "Stadt",
    "legal_status": "Stadt",
    "district_ags": "99001",
    "population": 1,
    "area_km2": 1.0,
    "latitude": 51.0,
    "longitude": 8.0,
    "peer_group_id": "g1",
}
CONTACT = {"name": "Büro", "phone": "02931 1", "email": "", "website": ""}
ROUND = {
    "title": "Runde",
    "opens": "2026-01-01",
    "closes": "2026-02-01",
    "demonstration": False,
    "created_at": MOMENT,
    "closed_at": None,
}
FROZEN = {"catalogue_json": "{}", "catalogue_sha256": HASH}
NOT_FROZEN = {"catalogue_json": None, "catalogue_sha256": None}
USER = {"function": "", "active": True, "created_at": MOMENT}
HELD_ROLE = {"name": "coordinator", "municipality_ags": A}
DEPUTY = {"deputy_for_id": 901, "starts": "2026-01-01", "ends": "2026-02-01"}
ASSESSMENT = {"round_id": 901, "state": "open", "consented": False, "handed_in_at": None, "reopened_reason": ""}
ANSWER = {"assessment_id": 901, "level": 2, "not_applicable": False, "reason": "", "version": 1, "saved_at": MOMENT}
EVIDENCE = {
    "assessment_id": 901,
    "criterion": "K1",
    "kind": "text",
    "title": "Bericht",
    "dated": "2026-01-05",
    "shows_check": False,
    "shows_improvement": False,
    "address": "",
    "body": "Fundstelle",
    "sha256": None,
    "size": None,
    "media_type": "",
    "file_name": "",
    "link_state": "unchecked",
    "added_at": MOMENT,
    "added_by_id": 901,
}
HAND_IN = {
    "assessment_id": 901,
    "document": "{}",
    "sha256": HASH,
    "signed_name": "Name",
    "signed_function": "Leitung",
    "signed_by_id": 901,
    "at": MOMENT,
}
PLAUSIBILITY = {
    "assessment_id": 901,
    "state": "question",
    "remark": "Worauf bezieht sich das?",
    "agreed_level": None,
    "reply": "",
    "decided_at": MOMENT,
    "decided_by_id": 901,
}
REVISION = {
    "assessment_id": 901,
    "criterion": "K1",
    "content": "{}",
    "began_at": MOMENT,
    "saved_at": MOMENT,
    "saved_by_id": 901,
}
PLACE = {"round_id": 901, "municipality_ags": A}
ASSIGNMENT = {**PLACE, "assignee_id": 901, "due": None, "assigned_at": MOMENT, "assigned_by_id": 901}
NOTE = {**PLACE, "criterion": "K1", "text": "Bitte ansehen", "written_at": MOMENT, "author_id": 901}
PRESENCE = {**PLACE, "criterion": "K1", "seen_at": MOMENT}
GOAL = {
    **PLACE,
    "target": 3,
    "due": "2027-06-30",
    "responsible": "",
    "measures": "Treffen",
    "progress": "",
    "saved_at": MOMENT,
}
RESPONSE = {
    "round_id": 901,
    "municipality_ags": A,
    "day": "2026-01-05",
    "language": "de",
    "channel": "open",
    "ratings": "12345-.",
    "profile": "1x.",
}
COMMENT = {"round_id": 901, "municipality_ags": A, "question": "F1", "text": "Danke", "state": "unread"}
CODED = {"round_id": 901, "municipality_ags": A, "comment_id": KEY}
CODE = {"round_id": 901, "municipality_ags": A, "used": False}
RELEASE = {
    "round_id": 901,
    "document": "{}",
    "input_sha256": HASH,
    "method_version": "1",
    "built_at": MOMENT,
    "state": "preview",
    "published_at": None,
    "withdrawn_at": None,
    "withdrawn_reason": "",
}
PASSKEY = {
    "user_id": 901,
    "name": "Schlüssel",
    "usage": "secondary",
    "public_key": b"key",
    "sign_count": 0,
    "backup_state": False,
    "device_type": "single_device",
    "create_datetime": MOMENT,
    "lastuse_datetime": MOMENT,
}
INVITATION = {
    "user_id": 901,
    "email": "a@example.org",
    "mail_key": "k1",
    "created_at": MOMENT,
    "expires_at": MOMENT,
    "used_at": None,
    "withdrawn_at": None,
}
OUTGOING = {
    "attachment": "",
    "recipient": "a@example.org",
    "subject": "Betreff",
    "body": "Text",
    "state": "waiting",
    "attempts": 0,
    "problem": "",
    "created_at": MOMENT,
    "next_try_at": MOMENT,
    "sent_at": None,
}
AUDIT_ENTRY = {
    "at": MOMENT,
    "action": "done",
    "subject_kind": "thing",
    "subject_key": "1",
    "municipality_ags": A,
    "role": "editor",
    "who_sha256": HASH,
    "what_sha256": None,
}
AUDIT_PART = {"entry_number": 901, "user_id": 901, "salt": "s" * 32, "content": "{}"}
AUDIT_ERASURE = {"entry_number": 901, "reason": "retention", "at": MOMENT}
RESOLUTION = {
    "municipality_ags": A,
    "body": "council",
    "body_name": "",
    "paper_number": "",
    "link": "",
    "wording": "",
    "votes_for": None,
    "votes_against": None,
    "abstentions": None,
    "named": False,
    "renew_by": None,
}
CONFERENCE = {"district_ags": "99001", "agenda": "", "presented": ""}
OUTCOME = {"conference_id": 901, "outcome": "draft", "note": ""}
PRACTICE = {
    "municipality_ags": A,
    "place": "",
    "source_key": None,
    "visibility": "all",
    "withdrawn": False,
    "author_id": 901,
    "created_at": MOMENT,
}
VERSION = {
    "practice_id": 901,
    "title": "Tasche",
    "target_groups": "",
    "done": "",
    "costs": None,
    "hours": None,
    "effect": "",
    "measured": "",
    "outcome": "worked",
    "why": "",
    "contact": "",
    "remark": "",
    "saved_at": MOMENT,
}
PRACTICE_FILE = {
    "version_id": 901,
    "sha256": HASH,
    "size": 1,
    "media_type": "application/pdf",
    "file_name": "a.pdf",
}
PRACTICE_QUESTION = {
    "practice_id": 901,
    "municipality_ags": B,
    "asked_by_id": 901,
    "text": "Was kostet das?",
    "asked_at": MOMENT,
    "answer": "",
    "answered_at": None,
}
ADOPTION = {"practice_id": 901, "state": "adopted", "result": "", "saved_at": MOMENT}
ROUND_TABLE = {
    "sequence": 0,
    "cancelled": False,
    "shown": "",
    "held_on": "2026-01-05",
    "place": "Rathaus",
    "link": "",
    "host_ags": A,
    "about": "",
    "minutes": "",
    "people": None,
    "places": None,
    "counted": "",
    "source": "",
}
TABLE_GUEST = {
    "table_id": 901,
    "municipality_ags": A,
    "name": "Name",
    "function": "",
    "listed": False,
    "user_id": 901,
    "signed_up_at": MOMENT,
    "came_at": None,
}
HANDOUT = {"table_id": 901, "sha256": HASH, "size": 1, "media_type": "application/pdf", "file_name": "a.pdf"}
PROJECT = {
    "title": "Projekt",
    "fund": "EFRE",
    "grant_cents": 100,
    "begins": "2026-01-01",
    "ends": "2026-12-31",
    "term": "",
    "areas": "",
    "source": "",
}
INDICATOR = {"project_id": 901, "title": "Kommunen", "target": 5900, "unit": "", "measure": ""}
PROJECT_VALUE = {"indicator_id": 901, "value": 30, "evidence": "Liste"}
JOB = {
    "kind": "release",
    "subject": "2026",
    "state": "running",
    "done": 1,
    "total": 2,
    "message": "",
    "created_at": MOMENT,
    "updated_at": MOMENT,
}

ROWS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "district": ({"ags": "99001", "name": "Kreis Eins"}, {"ags": "99002", "name": "Kreis Zwei"}),
    "peer_group": ({"id": "g1", "name": "Gruppe Eins", "note": None}, {"id": "g2", "name": "Gruppe Zwei"}),
    "municipality": ({**MUNICIPALITY, "ags": A, "slug": "a"}, {**MUNICIPALITY, "ags": "99001004", "slug": "d"}),
    "welcome_contact": (
        {**CONTACT, "municipality_ags": A},
        {**CONTACT, "municipality_ags": B},
    ),
    "round": (
        {**ROUND, **FROZEN, "id": 901, "key": "p1", "state": "open"},
        {**ROUND, **NOT_FROZEN, "id": 902, "key": "p2", "state": "draft"},
    ),
    "participation": (
        {"round_id": 901, "municipality_ags": A, "newcomers": 5, "invited_at": MOMENT},
        {"round_id": 901, "municipality_ags": "99001005", "newcomers": None, "invited_at": MOMENT},
    ),
    "guest": ({**PLACE}, {**PLACE, "municipality_ags": B}),
    "user": (
        {**USER, "id": 901, "email": "a@example.org", "fs_uniquifier": "u1", "fs_webauthn_user_handle": "h1"},
        {**USER, "id": 902, "email": "b@example.org", "fs_uniquifier": "u2"},
    ),
    "held_role": (
        {**HELD_ROLE, "id": 901, "user_id": 901},
        {**HELD_ROLE, "id": 902, "user_id": 903, **DEPUTY},
    ),
    "passkey": (
        {**PASSKEY, "id": 901, "credential_id": b"one"},
        {**PASSKEY, "id": 902, "credential_id": b"two"},
    ),
    "log_in": (
        {"id": "one", "user_id": 901, "began_at": MOMENT, "device": ""},
        {"id": "two", "user_id": 901, "began_at": MOMENT, "device": ""},
    ),
    "sign_on_identity": (
        {"user_id": 901, "issuer": "https://one.example", "subject": "one", "bound_at": MOMENT},
        {"user_id": 903, "issuer": "https://one.example", "subject": "two", "bound_at": MOMENT},
    ),
    "invitation": (
        {**INVITATION, "id": 901, "token_sha256": HASH},
        {**INVITATION, "id": 902, "token_sha256": OTHER_HASH},
    ),
    "outgoing_mail": (
        {**OUTGOING, "id": 901, "key": "k1"},
        {**OUTGOING, "id": 902, "key": "k2"},
    ),
    "bounced_address": (
        {"address": "a@example.org", "user_id": 901, "how": "refused", "marked_at": MOMENT},
        {"address": "b@example.org", "user_id": None, "how": "came_back", "marked_at": MOMENT},
    ),
    "audit_entry": (
        {**AUDIT_ENTRY, "number": 901, "previous": OTHER_HASH, "sha256": HASH},
        {**AUDIT_ENTRY, "number": 902, "previous": HASH, "sha256": OTHER_HASH},
    ),
    "audit_part": ({**AUDIT_PART, "part": "who"}, {**AUDIT_PART, "part": "what"}),
    "audit_erasure": ({**AUDIT_ERASURE, "part": "who"}, {**AUDIT_ERASURE, "part": "what"}),
    "assessment": (
        {**ASSESSMENT, "id": 901, "municipality_ags": A, "handed_in_by_id": 901},
        {**ASSESSMENT, "id": 902, "municipality_ags": B, "handed_in_by_id": None},
    ),
    "criterion_answer": (
        {**ANSWER, "criterion": "K1", "saved_by_id": 901},
        {**ANSWER, "criterion": "K2", "saved_by_id": None},
    ),
    "evidence": ({**EVIDENCE, "id": 901}, {**EVIDENCE, "id": 902}),
    "hand_in": ({**HAND_IN, "id": 901, "number": 1}, {**HAND_IN, "id": 902, "number": 2}),
    "plausibility": ({**PLAUSIBILITY, "criterion": "K1"}, {**PLAUSIBILITY, "criterion": "K2"}),
    "answer_revision": ({**REVISION, "id": 901, "version": 1}, {**REVISION, "id": 902, "version": 2}),
    "assignment": ({**ASSIGNMENT, "criterion": "K1"}, {**ASSIGNMENT, "criterion": "K2"}),
    "note": ({**NOTE, "id": 901}, {**NOTE, "id": 902}),
    "mention": (
        {"note_id": 901, "user_id": 901, "done": False},
        {"note_id": 901, "user_id": 903, "done": False},
    ),
    "presence": ({**PRESENCE, "user_id": 901}, {**PRESENCE, "user_id": 903}),
    "development_goal": (
        {**GOAL, "id": 901, "position": 1, "criterion": "K1"},
        {**GOAL, "id": 902, "position": 2, "criterion": "K2"},
    ),
    "response": ({**RESPONSE, "id": KEY}, {**RESPONSE, "id": OTHER_KEY}),
    "comment": ({**COMMENT, "id": KEY}, {**COMMENT, "id": OTHER_KEY}),
    "comment_theme": ({**CODED, "theme": "housing"}, {**CODED, "theme": "work"}),
    "access_code": ({**CODE, "digest": HASH}, {**CODE, "digest": OTHER_HASH}),
    "release": (
        {**RELEASE, "sha256": HASH, "state": "published", "published_at": MOMENT},
        {**RELEASE, "sha256": OTHER_HASH},
    ),
    "resolution": (
        {**RESOLUTION, "id": 901, "decided_on": "2026-01-05"},
        {**RESOLUTION, "id": 902, "decided_on": "2026-01-06"},
    ),
    "conference": (
        {**CONFERENCE, "id": 901, "held_on": "2026-01-05"},
        {**CONFERENCE, "id": 902, "held_on": "2026-01-06"},
    ),
    "paper_template": (
        {"id": 901, "name": "a.docx", "content": b"PK", "in_use": True, "uploaded_at": MOMENT},
        {"id": 902, "name": "b.docx", "content": b"PK", "in_use": False, "uploaded_at": MOMENT},
    ),
    "conference_outcome": ({**OUTCOME, "municipality_ags": A}, {**OUTCOME, "municipality_ags": B}),
    "practice": (
        {**PRACTICE, "id": 901, "source_key": "one"},
        {**PRACTICE, "id": 902, "source_key": "two"},
    ),
    "practice_version": (
        {**VERSION, "id": 901, "number": 1, "state": "published", "published_at": MOMENT},
        {**VERSION, "id": 902, "number": 3, "state": "replaced", "published_at": MOMENT},
    ),
    "practice_criterion": ({"version_id": 901, "criterion": "K1"}, {"version_id": 901, "criterion": "K2"}),
    "practice_link": (
        {"version_id": 901, "position": 0, "title": "Seite", "address": "https://one.example"},
        {"version_id": 901, "position": 1, "title": "Seite", "address": "http://two.example"},
    ),
    "practice_file": ({**PRACTICE_FILE, "id": 901}, {**PRACTICE_FILE, "id": 902}),
    "practice_adoption": ({**ADOPTION, "municipality_ags": A}, {**ADOPTION, "municipality_ags": B}),
    "practice_question": ({**PRACTICE_QUESTION, "id": 901}, {**PRACTICE_QUESTION, "id": 902}),
    "practice_follow": (
        {"user_id": 901, "criterion": "K1", "told_until": MOMENT},
        {"user_id": 901, "criterion": "K2", "told_until": MOMENT},
    ),
    "practice_document": (
        {"practice_id": 901, "title": "tasch", "body": "stadt"},
        {"practice_id": 903, "title": "tasch", "body": "stadt"},
    ),
    "practice_word": (
        {"stem": "tasch", "spelling": "Tasche", "used": 1},
        {"stem": "stadt", "spelling": "Stadt", "used": 1},
    ),
    "practice_trigram": ({"letters": "tas", "stem": "tasch"}, {"letters": "asc", "stem": "tasch"}),
    "round_table": (
        {**ROUND_TABLE, "id": 901, "number": 1, "source_key": "one"},
        {**ROUND_TABLE, "id": 902, "number": 2, "source_key": "two"},
    ),
    "round_table_item": (
        {"table_id": 901, "position": 0, "title": "Begrüßung", "speaker": ""},
        {"table_id": 901, "position": 1, "title": "Beispiel", "speaker": ""},
    ),
    "round_table_guest": (
        {**TABLE_GUEST, "id": 901, "ticket": "one"},
        {**TABLE_GUEST, "id": 902, "ticket": "two"},
    ),
    "round_table_present": ({"table_id": 901, "municipality_ags": A}, {"table_id": 901, "municipality_ags": B}),
    "round_table_file": ({**HANDOUT, "id": 901}, {**HANDOUT, "id": 902}),
    "round_table_practice": ({"table_id": 901, "practice_id": 901}, {"table_id": 901, "practice_id": 903}),
    "round_table_opinion": (
        {"id": KEY, "table_id": 901, "useful": 5, "wish": ""},
        {"id": OTHER_KEY, "table_id": 901, "useful": 5, "wish": ""},
    ),
    "project": (
        {**PROJECT, "id": 901, "source_key": "one"},
        {**PROJECT, "id": 902, "source_key": "two"},
    ),
    "project_indicator": ({**INDICATOR, "id": 901}, {**INDICATOR, "id": 902}),
    "project_value": (
        {**PROJECT_VALUE, "id": 901, "day": "2026-01-01"},
        {**PROJECT_VALUE, "id": 902, "day": "2026-01-02"},
    ),
    "job": ({**JOB, "id": KEY}, {**JOB, "id": OTHER_KEY}),
}
SCENERY: list[tuple[str, dict[str, Any]]] = [
    ("municipality", {**MUNICIPALITY, "ags": B, "slug": "b"}),
    ("municipality", {**MUNICIPALITY, "ags": NOT_INVITED, "slug": "c"}),
    ("municipality", {**MUNICIPALITY, "ags": "99001005", "slug": "e"}),
    ("participation", {"round_id": 901, "municipality_ags": B, "newcomers": None, "invited_at": MOMENT}),
    ("practice", {**PRACTICE, "id": 903}),
    ("practice_version", {**VERSION, "id": 903, "number": 2, "state": "draft", "published_at": None}),
    *(
        ("user", {**USER, "id": number, "email": f"{number}@example.org", "fs_uniquifier": f"u{number}"})
        for number in (903, 904, 905, 906)
    ),
    ("held_role", {**HELD_ROLE, "id": 904, "user_id": 904, **DEPUTY}),
    ("held_role", {"id": 905, "user_id": 905, "name": "agency"}),
    ("held_role", {"id": 906, "user_id": 906, "name": "reader", "district_ags": "99001"}),
]
"""Rows that the second rows refer to."""


@dataclass(frozen=True)
class Case:
    """A constraint and the change that breaks it; ``also`` names constraints that the change cannot help breaking."""

    constraint: str
    table: str
    changes: dict[str, Any]
    also: frozenset[str] = field(default_factory=frozenset)


def first(table: str, *names: str) -> dict[str, Any]:
    """The values of the row that is already there, for a clash with it."""
    return {name: ROWS[table][0][name] for name in names}


IN_OWN_RIGHT = {"deputy_for_id": None, "starts": None, "ends": None}

CASES = [
    Case("pk_project", "project", first("project", "id")),
    Case("uq_project_source_key", "project", first("project", "source_key")),
    Case("ck_project_title_length", "project", {"title": ""}),
    Case("ck_project_grant_not_negative", "project", {"grant_cents": -1}),
    Case("ck_project_term_in_order", "project", {"ends": "2025-12-31"}),
    Case("pk_project_indicator", "project_indicator", first("project_indicator", "id")),
    Case("ck_project_indicator_title_length", "project_indicator", {"title": ""}),
    Case("ck_project_indicator_target_counts", "project_indicator", {"target": 0}),
    Case("fk_project_indicator_project_id_project", "project_indicator", {"project_id": 999}),
    Case("pk_project_value", "project_value", first("project_value", "id")),
    Case("uq_project_value_indicator_id_day", "project_value", first("project_value", "day")),
    Case("ck_project_value_value_not_negative", "project_value", {"value": -1}),
    Case("ck_project_value_has_its_evidence", "project_value", {"evidence": ""}),
    Case("fk_project_value_indicator_id_project_indicator", "project_value", {"indicator_id": 999}),
    Case("pk_round_table", "round_table", first("round_table", "id")),
    Case("uq_round_table_number", "round_table", first("round_table", "number")),
    Case("uq_round_table_source_key", "round_table", first("round_table", "source_key")),
    Case("ck_round_table_number_counts", "round_table", {"number": 0}),
    Case("ck_round_table_some_day_is_known", "round_table", {"held_on": None}),
    Case("ck_round_table_attendance_counted", "round_table", {"people": -1, "places": 1}),
    Case("fk_round_table_host_ags_municipality", "round_table", {"host_ags": NOWHERE}),
    Case("pk_round_table_item", "round_table_item", first("round_table_item", "position")),
    Case("fk_round_table_item_table_id_round_table", "round_table_item", {"table_id": 999}),
    Case("pk_round_table_guest", "round_table_guest", first("round_table_guest", "id")),
    Case("uq_round_table_guest_ticket", "round_table_guest", first("round_table_guest", "ticket")),
    Case("ck_round_table_guest_name_length", "round_table_guest", {"name": ""}),
    Case("fk_round_table_guest_table_id_round_table", "round_table_guest", {"table_id": 999}),
    Case("fk_round_table_guest_municipality_ags_municipality", "round_table_guest", {"municipality_ags": NOWHERE}),
    Case("fk_round_table_guest_user_id_user", "round_table_guest", {"user_id": 999}),
    Case("pk_round_table_present", "round_table_present", first("round_table_present", "municipality_ags")),
    Case("fk_round_table_present_table_id_round_table", "round_table_present", {"table_id": 999}),
    Case("fk_round_table_present_municipality_ags_municipality", "round_table_present", {"municipality_ags": NOWHERE}),
    Case("pk_round_table_file", "round_table_file", first("round_table_file", "id")),
    Case("ck_round_table_file_sha256_length", "round_table_file", {"sha256": "abc"}),
    Case("fk_round_table_file_table_id_round_table", "round_table_file", {"table_id": 999}),
    Case("pk_round_table_practice", "round_table_practice", first("round_table_practice", "practice_id")),
    Case("fk_round_table_practice_table_id_round_table", "round_table_practice", {"table_id": 999}),
    Case("fk_round_table_practice_practice_id_practice", "round_table_practice", {"practice_id": 999}),
    Case("pk_round_table_opinion", "round_table_opinion", first("round_table_opinion", "id")),
    Case("ck_round_table_opinion_useful_in_range", "round_table_opinion", {"useful": 6}),
    Case("fk_round_table_opinion_table_id_round_table", "round_table_opinion", {"table_id": 999}),
    Case("pk_practice", "practice", first("practice", "id")),
    Case("uq_practice_source_key", "practice", first("practice", "source_key")),
    Case("ck_practice_visibility_known", "practice", {"visibility": "some"}),
    Case("ck_practice_somewhere", "practice", {"place": "Rinteln"}),
    Case("fk_practice_municipality_ags_municipality", "practice", {"municipality_ags": NOWHERE}),
    Case("fk_practice_author_id_user", "practice", {"author_id": 999}),
    Case("pk_practice_version", "practice_version", first("practice_version", "id")),
    Case("uq_practice_version_practice_id_number", "practice_version", {"number": 1}),
    Case("ck_practice_version_state_known", "practice_version", {"state": "hidden", "published_at": None}),
    Case("ck_practice_version_outcome_known", "practice_version", {"outcome": "great"}),
    Case("ck_practice_version_title_length", "practice_version", {"title": ""}),
    Case("ck_practice_version_effort_counted", "practice_version", {"costs": -1, "hours": 1}),
    Case("ck_practice_version_published_has_its_date", "practice_version", {"published_at": None}),
    Case(
        "ck_practice_version_returned_says_why",
        "practice_version",
        {"state": "returned", "published_at": None, "practice_id": 901},
        also=frozenset({"uq_practice_version_one_open"}),
    ),
    Case("uq_practice_version_one_shown", "practice_version", {"state": "published"}),
    Case("uq_practice_version_one_open", "practice_version", {"state": "draft", "published_at": None}),
    Case("fk_practice_version_practice_id_practice", "practice_version", {"practice_id": 999}),
    Case("pk_practice_criterion", "practice_criterion", first("practice_criterion", "criterion")),
    Case("fk_practice_criterion_version_id_practice_version", "practice_criterion", {"version_id": 999}),
    Case("pk_practice_link", "practice_link", first("practice_link", "position")),
    Case("ck_practice_link_is_an_address", "practice_link", {"address": "javascript:alert(1)"}),
    Case("fk_practice_link_version_id_practice_version", "practice_link", {"version_id": 999}),
    Case("pk_practice_file", "practice_file", first("practice_file", "id")),
    Case("ck_practice_file_sha256_length", "practice_file", {"sha256": "abc"}),
    Case("fk_practice_file_version_id_practice_version", "practice_file", {"version_id": 999}),
    Case("pk_practice_adoption", "practice_adoption", first("practice_adoption", "municipality_ags")),
    Case("ck_practice_adoption_state_known", "practice_adoption", {"state": "liked"}),
    Case("fk_practice_adoption_practice_id_practice", "practice_adoption", {"practice_id": 999}),
    Case("fk_practice_adoption_municipality_ags_municipality", "practice_adoption", {"municipality_ags": NOWHERE}),
    Case("pk_practice_question", "practice_question", first("practice_question", "id")),
    Case("ck_practice_question_text_length", "practice_question", {"text": ""}),
    Case("ck_practice_question_answer_has_its_date", "practice_question", {"answer": "Nichts."}),
    Case("fk_practice_question_practice_id_practice", "practice_question", {"practice_id": 999}),
    Case("fk_practice_question_municipality_ags_municipality", "practice_question", {"municipality_ags": NOWHERE}),
    Case("fk_practice_question_asked_by_id_user", "practice_question", {"asked_by_id": 999}),
    Case("pk_practice_follow", "practice_follow", first("practice_follow", "criterion")),
    Case("fk_practice_follow_user_id_user", "practice_follow", {"user_id": 999}),
    Case("pk_practice_document", "practice_document", first("practice_document", "practice_id")),
    Case("fk_practice_document_practice_id_practice", "practice_document", {"practice_id": 999}),
    Case("pk_practice_word", "practice_word", first("practice_word", "stem")),
    Case("ck_practice_word_is_used", "practice_word", {"used": 0}),
    Case("pk_practice_trigram", "practice_trigram", first("practice_trigram", "letters")),
    Case("fk_practice_trigram_stem_practice_word", "practice_trigram", {"stem": "nirgends"}),
    Case("pk_district", "district", first("district", "ags")),
    Case("uq_district_name", "district", first("district", "name")),
    Case("ck_district_ags_has_five_digits", "district", {"ags": "9900"}),
    Case("pk_peer_group", "peer_group", first("peer_group", "id")),
    Case("uq_peer_group_name", "peer_group", first("peer_group", "name")),
    Case("pk_municipality", "municipality", first("municipality", "ags")),
    Case("uq_municipality_slug", "municipality", first("municipality", "slug")),
    Case("ck_municipality_ags_has_eight_digits", "municipality", {"ags": "9900100"}),
    Case("ck_municipality_ags_begins_with_district", "municipality", {"ags": "99002001"}),
    Case("ck_municipality_population_positive", "municipality", {"population": 0}),
    Case("ck_municipality_area_positive", "municipality", {"area_km2": 0.0}),
    Case("ck_municipality_kind_known", "municipality", {"kind": "Dorf"}),
    Case("fk_municipality_district_ags_district", "municipality", {"ags": "99009001", "district_ags": "99009"}),
    Case("fk_municipality_peer_group_id_peer_group", "municipality", {"peer_group_id": "none"}),
    Case("pk_welcome_contact", "welcome_contact", first("welcome_contact", "municipality_ags")),
    Case("ck_welcome_contact_name_length", "welcome_contact", {"name": ""}),
    Case("ck_welcome_contact_one_way_at_least", "welcome_contact", {"phone": ""}),
    Case("fk_welcome_contact_municipality_ags_municipality", "welcome_contact", {"municipality_ags": NOWHERE}),
    Case("pk_round", "round", first("round", "id")),
    Case("uq_round_key", "round", first("round", "key")),
    Case("ck_round_state_known", "round", {"state": "paused", **FROZEN}),
    Case("ck_round_window_in_order", "round", {"opens": "2026-02-02"}),
    Case("ck_round_catalogue_and_its_hash_together", "round", {"catalogue_json": "{}"}),
    Case("ck_round_frozen_once_open", "round", {"state": "closed", "closed_at": MOMENT}),
    Case("ck_round_closed_has_its_date", "round", {"state": "closed", **FROZEN}),
    Case("uq_round_only_one_open", "round", {"state": "open", **FROZEN}),
    Case("ck_round_late_once_closed", "round", {"late_answers": True}),
    Case("pk_participation", "participation", first("participation", "municipality_ags")),
    Case("ck_participation_newcomers_positive", "participation", {"newcomers": 0}),
    Case("ck_participation_one_door_is_open", "participation", {"open_link": False}),
    Case("fk_participation_round_id_round", "participation", {"round_id": 999}),
    Case("fk_participation_municipality_ags_municipality", "participation", {"municipality_ags": NOWHERE}),
    Case("pk_guest", "guest", first("guest", "municipality_ags")),
    Case("fk_guest_participation", "guest", {"municipality_ags": NOT_INVITED}),
    Case("pk_user", "user", first("user", "id")),
    Case("uq_user_email", "user", first("user", "email")),
    Case("uq_user_fs_uniquifier", "user", first("user", "fs_uniquifier")),
    Case("pk_held_role", "held_role", first("held_role", "id")),
    Case("ck_held_role_name_known", "held_role", {"name": "mayor", "municipality_ags": None, **IN_OWN_RIGHT}),
    Case("ck_held_role_municipal_in_municipality", "held_role", {"municipality_ags": None}),
    Case("ck_held_role_reader_in_district", "held_role", {"district_ags": "99001"}),
    Case("ck_held_role_deputy_has_a_period", "held_role", {"ends": None}),
    Case("ck_held_role_period_in_order", "held_role", {"ends": "2025-12-31"}),
    Case("ck_held_role_deputy_where_allowed", "held_role", {"name": "editor"}),
    Case("ck_held_role_deputy_is_somebody_else", "held_role", {"user_id": 901}),
    Case(
        "uq_held_role_agency", "held_role", {"name": "agency", "user_id": 905, "municipality_ags": None, **IN_OWN_RIGHT}
    ),
    Case("uq_held_role_municipal", "held_role", {"user_id": 901, **IN_OWN_RIGHT}),
    Case(
        "uq_held_role_district",
        "held_role",
        {"name": "reader", "user_id": 906, "municipality_ags": None, "district_ags": "99001", **IN_OWN_RIGHT},
    ),
    Case("uq_held_role_deputy", "held_role", {"user_id": 904}),
    Case("fk_held_role_user_id_user", "held_role", {"user_id": 999}),
    Case("fk_held_role_deputy_for_id_user", "held_role", {"deputy_for_id": 999}),
    Case("fk_held_role_municipality_ags_municipality", "held_role", {"municipality_ags": NOWHERE}),
    Case(
        "fk_held_role_district_ags_district",
        "held_role",
        {"name": "reader", "municipality_ags": None, "district_ags": "99009", **IN_OWN_RIGHT},
    ),
    Case("uq_user_fs_webauthn_user_handle", "user", {"fs_webauthn_user_handle": "h1"}),
    Case("pk_passkey", "passkey", first("passkey", "id")),
    Case("uq_passkey_credential_id", "passkey", first("passkey", "credential_id")),
    Case("ck_passkey_usage_known", "passkey", {"usage": "third"}),
    Case("fk_passkey_user_id_user", "passkey", {"user_id": 999}),
    Case("pk_log_in", "log_in", first("log_in", "id")),
    Case("fk_log_in_user_id_user", "log_in", {"user_id": 999}),
    Case("pk_sign_on_identity", "sign_on_identity", first("sign_on_identity", "user_id")),
    Case("uq_sign_on_identity_issuer_subject", "sign_on_identity", first("sign_on_identity", "subject")),
    Case("fk_sign_on_identity_user_id_user", "sign_on_identity", {"user_id": 999}),
    Case("pk_invitation", "invitation", first("invitation", "id")),
    Case("uq_invitation_token_sha256", "invitation", first("invitation", "token_sha256")),
    Case("ck_invitation_token_length", "invitation", {"token_sha256": "abc"}),
    Case("ck_invitation_used_or_withdrawn", "invitation", {"used_at": MOMENT, "withdrawn_at": MOMENT}),
    Case("fk_invitation_user_id_user", "invitation", {"user_id": 999}),
    Case("pk_outgoing_mail", "outgoing_mail", first("outgoing_mail", "id")),
    Case("uq_outgoing_mail_key", "outgoing_mail", first("outgoing_mail", "key")),
    Case("ck_outgoing_mail_state_known", "outgoing_mail", {"state": "lost"}),
    Case("ck_outgoing_mail_attempts_count", "outgoing_mail", {"attempts": -1}),
    Case("ck_outgoing_mail_sent_has_its_date", "outgoing_mail", {"state": "sent", "body": ""}),
    Case("ck_outgoing_mail_sent_forgets_its_text", "outgoing_mail", {"state": "sent", "sent_at": MOMENT}),
    Case("ck_outgoing_mail_failure_says_why", "outgoing_mail", {"state": "failed"}),
    Case("pk_bounced_address", "bounced_address", first("bounced_address", "address")),
    Case("ck_bounced_address_how_known", "bounced_address", {"how": "odd"}),
    Case("pk_audit_entry", "audit_entry", first("audit_entry", "number")),
    Case("uq_audit_entry_previous", "audit_entry", first("audit_entry", "previous")),
    Case("uq_audit_entry_sha256", "audit_entry", first("audit_entry", "sha256")),
    Case("ck_audit_entry_number_counts", "audit_entry", {"number": 0}),
    Case("ck_audit_entry_sha256_length", "audit_entry", {"sha256": "abc"}),
    Case("ck_audit_entry_says_what", "audit_entry", {"action": ""}),
    Case("fk_audit_entry_municipality_ags_municipality", "audit_entry", {"municipality_ags": NOWHERE}),
    Case("pk_audit_part", "audit_part", first("audit_part", "part")),
    Case("ck_audit_part_part_known", "audit_part", {"part": "when"}),
    Case("ck_audit_part_salt_length", "audit_part", {"salt": "s"}),
    Case("fk_audit_part_entry_number_audit_entry", "audit_part", {"entry_number": 999}),
    Case("pk_audit_erasure", "audit_erasure", first("audit_erasure", "part")),
    Case("ck_audit_erasure_part_known", "audit_erasure", {"part": "when"}),
    Case("ck_audit_erasure_reason_known", "audit_erasure", {"reason": "whim"}),
    Case("fk_audit_erasure_entry_number_audit_entry", "audit_erasure", {"entry_number": 999}),
    Case("pk_assessment", "assessment", first("assessment", "id")),
    Case("uq_assessment_round_id_municipality_ags", "assessment", first("assessment", "municipality_ags")),
    Case("ck_assessment_state_known", "assessment", {"state": "lost"}),
    Case("ck_assessment_hand_in_has_its_date", "assessment", {"state": "handed_in"}),
    Case("ck_assessment_consent_comes_with_hand_in", "assessment", {"consented": True}),
    Case("fk_assessment_handed_in_by_id_user", "assessment", {"handed_in_by_id": 999}),
    Case("fk_assessment_round_id_municipality_ags_participation", "assessment", {"municipality_ags": NOT_INVITED}),
    Case(
        "fk_assessment_municipality_ags_municipality",
        "assessment",
        {"municipality_ags": NOWHERE},
        also=frozenset({"fk_assessment_round_id_municipality_ags_participation"}),
    ),
    Case("pk_criterion_answer", "criterion_answer", first("criterion_answer", "criterion")),
    Case("ck_criterion_answer_level_in_range", "criterion_answer", {"level": 5}),
    Case("ck_criterion_answer_level_in_range", "criterion_answer", {"level": -1}),
    Case("ck_criterion_answer_level_or_not_applicable", "criterion_answer", {"not_applicable": True, "reason": "x"}),
    Case(
        "ck_criterion_answer_not_applicable_has_reason",
        "criterion_answer",
        {"not_applicable": True, "level": None, "reason": "  "},
    ),
    Case("ck_criterion_answer_reason_length", "criterion_answer", {"reason": "x" * 4001}),
    Case("ck_criterion_answer_version_counts", "criterion_answer", {"version": 0}),
    Case("fk_criterion_answer_assessment_id_assessment", "criterion_answer", {"assessment_id": 999}),
    Case("fk_criterion_answer_saved_by_id_user", "criterion_answer", {"saved_by_id": 999}),
    Case("pk_evidence", "evidence", first("evidence", "id")),
    Case("ck_evidence_kind_known", "evidence", {"kind": "rose", "body": ""}),
    Case("ck_evidence_link_has_address", "evidence", {"address": "https://example.org"}),
    Case("ck_evidence_text_has_body", "evidence", {"body": ""}),
    Case("ck_evidence_file_has_its_hash", "evidence", {"sha256": HASH, "size": 1}),
    Case("ck_evidence_file_has_its_size", "evidence", {"size": 1}),
    Case("ck_evidence_title_is_there", "evidence", {"title": ""}),
    Case("ck_evidence_link_state_known", "evidence", {"link_state": "odd"}),
    Case("fk_evidence_assessment_id_assessment", "evidence", {"assessment_id": 999}),
    Case("fk_evidence_added_by_id_user", "evidence", {"added_by_id": 999}),
    Case("pk_hand_in", "hand_in", first("hand_in", "id")),
    Case("uq_hand_in_assessment_id_number", "hand_in", first("hand_in", "number")),
    Case("ck_hand_in_number_counts", "hand_in", {"number": 0}),
    Case("ck_hand_in_sha256_length", "hand_in", {"sha256": "abc"}),
    Case("ck_hand_in_signed_by_somebody", "hand_in", {"signed_name": ""}),
    Case("fk_hand_in_assessment_id_assessment", "hand_in", {"assessment_id": 999}),
    Case("fk_hand_in_signed_by_id_user", "hand_in", {"signed_by_id": 999}),
    Case("pk_plausibility", "plausibility", first("plausibility", "criterion")),
    Case("ck_plausibility_state_known", "plausibility", {"state": "odd"}),
    Case("ck_plausibility_changed_has_its_level", "plausibility", {"agreed_level": 2}),
    Case("ck_plausibility_agreed_level_in_range", "plausibility", {"state": "changed", "agreed_level": 5}),
    Case("ck_plausibility_says_why", "plausibility", {"remark": ""}),
    Case("fk_plausibility_assessment_id_assessment", "plausibility", {"assessment_id": 999}),
    Case("fk_plausibility_decided_by_id_user", "plausibility", {"decided_by_id": 999}),
    Case("pk_answer_revision", "answer_revision", first("answer_revision", "id")),
    Case("uq_answer_revision_assessment_id_criterion_version", "answer_revision", first("answer_revision", "version")),
    Case("fk_answer_revision_assessment_id_assessment", "answer_revision", {"assessment_id": 999}),
    Case("fk_answer_revision_saved_by_id_user", "answer_revision", {"saved_by_id": 999}),
    Case("pk_assignment", "assignment", first("assignment", "criterion")),
    Case("fk_assignment_round_id_municipality_ags_participation", "assignment", {"municipality_ags": NOT_INVITED}),
    Case("fk_assignment_assignee_id_user", "assignment", {"assignee_id": 999}),
    Case("fk_assignment_assigned_by_id_user", "assignment", {"assigned_by_id": 999}),
    Case("pk_note", "note", first("note", "id")),
    Case("ck_note_text_length", "note", {"text": ""}),
    Case("fk_note_round_id_municipality_ags_participation", "note", {"municipality_ags": NOT_INVITED}),
    Case("fk_note_author_id_user", "note", {"author_id": 999}),
    Case("pk_mention", "mention", first("mention", "user_id")),
    Case("fk_mention_note_id_note", "mention", {"note_id": 999}),
    Case("fk_mention_user_id_user", "mention", {"user_id": 999}),
    Case("pk_presence", "presence", first("presence", "user_id")),
    Case("fk_presence_round_id_municipality_ags_participation", "presence", {"municipality_ags": NOT_INVITED}),
    Case("fk_presence_user_id_user", "presence", {"user_id": 999}),
    Case("pk_development_goal", "development_goal", first("development_goal", "id")),
    Case(
        "uq_development_goal_round_id_municipality_ags_position",
        "development_goal",
        first("development_goal", "position"),
    ),
    Case(
        "uq_development_goal_round_id_municipality_ags_criterion",
        "development_goal",
        first("development_goal", "criterion"),
    ),
    Case("ck_development_goal_at_most_three", "development_goal", {"position": 4}),
    Case("ck_development_goal_target_in_range", "development_goal", {"target": 5}),
    Case("ck_development_goal_measures_length", "development_goal", {"measures": ""}),
    Case(
        "fk_development_goal_round_id_municipality_ags_participation",
        "development_goal",
        {"municipality_ags": NOT_INVITED},
    ),
    Case("pk_response", "response", first("response", "id")),
    Case("ck_response_id_is_uuid", "response", {"id": SHORT_KEY}),
    Case("ck_response_day_is_a_day", "response", {"day": "10000-01-01"}),
    Case("ck_response_ratings_length", "response", {"ratings": ""}),
    Case("ck_response_ratings_symbols", "response", {"ratings": "123456"}),
    Case("ck_response_ratings_symbols", "response", {"ratings": "1 2"}),
    Case("ck_response_ratings_symbols", "response", {"ratings": "61"}),
    Case("ck_response_ratings_symbols", "response", {"ratings": "1\n"}),
    Case("ck_response_profile_length", "response", {"profile": ""}),
    Case("ck_response_profile_symbols", "response", {"profile": "1a"}),
    Case("ck_response_channel_known", "response", {"channel": "sms"}),
    Case("ck_response_state_known", "response", {"state": "lost", "doubt": "fast"}),
    Case("ck_response_doubt_known", "response", {"state": "held", "doubt": "odd"}),
    Case("ck_response_held_for_a_doubt", "response", {"state": "held"}),
    Case("ck_response_held_for_a_doubt", "response", {"doubt": "fast"}),
    Case("fk_response_round_id_municipality_ags_participation", "response", {"municipality_ags": NOT_INVITED}),
    Case("pk_comment", "comment", first("comment", "id")),
    Case("ck_comment_id_is_uuid", "comment", {"id": SHORT_KEY}),
    Case("ck_comment_text_length", "comment", {"text": ""}),
    Case("ck_comment_text_length", "comment", {"text": "x" * 2001}),
    Case("ck_comment_state_known", "comment", {"state": "liked"}),
    Case("ck_comment_extract_length", "comment", {"state": "kept", "extract": ""}),
    Case("ck_comment_extract_of_what_is_kept", "comment", {"extract": "Danke"}),
    Case("pk_comment_theme", "comment_theme", first("comment_theme", "theme")),
    Case("ck_comment_theme_theme_length", "comment_theme", {"theme": ""}),
    Case("fk_comment_theme_round_id_municipality_ags_comment_id_comment", "comment_theme", {"comment_id": OTHER_KEY}),
    Case("fk_comment_round_id_municipality_ags_participation", "comment", {"municipality_ags": NOT_INVITED}),
    Case("pk_access_code", "access_code", first("access_code", "digest")),
    Case("ck_access_code_digest_is_a_hash", "access_code", {"digest": "7K3M9QWX2ABC"}),
    Case("fk_access_code_round_id_municipality_ags_participation", "access_code", {"municipality_ags": NOT_INVITED}),
    Case("pk_release", "release", first("release", "sha256")),
    Case("ck_release_sha256_length", "release", {"sha256": "abc"}),
    Case("ck_release_state_known", "release", {"state": "secret", "published_at": MOMENT}),
    Case("ck_release_published_has_its_date", "release", {"state": "published"}),
    Case(
        "ck_release_withdrawn_has_its_date",
        "release",
        {"state": "withdrawn", "published_at": MOMENT, "withdrawn_reason": "x"},
    ),
    Case(
        "ck_release_withdrawn_has_its_reason",
        "release",
        {"state": "withdrawn", "published_at": MOMENT, "withdrawn_at": MOMENT},
    ),
    Case("uq_release_one_published_per_round", "release", {"state": "published", "published_at": MOMENT}),
    Case("fk_release_round_id_round", "release", {"round_id": 999}),
    Case("pk_resolution", "resolution", first("resolution", "id")),
    Case("uq_resolution_municipality_ags_decided_on_body_body_name", "resolution", first("resolution", "decided_on")),
    Case("ck_resolution_body_known", "resolution", {"body": "mayor", "body_name": "x"}),
    Case("ck_resolution_committee_has_its_name", "resolution", {"body": "committee", "body_name": " "}),
    Case("ck_resolution_renewal_comes_later", "resolution", {"renew_by": "2026-01-06"}),
    Case("ck_resolution_link_is_an_address", "resolution", {"link": "javascript:x"}),
    Case("ck_resolution_votes_together", "resolution", {"votes_for": 3}),
    Case("ck_resolution_votes_counted", "resolution", {"votes_for": 3, "votes_against": -1, "abstentions": 0}),
    Case("ck_resolution_wording_length", "resolution", {"wording": "x" * 4001}),
    Case("fk_resolution_municipality_ags_municipality", "resolution", {"municipality_ags": NOWHERE}),
    Case("pk_conference", "conference", first("conference", "id")),
    Case("uq_conference_district_ags_held_on", "conference", first("conference", "held_on")),
    Case("ck_conference_agenda_length", "conference", {"agenda": "x" * 4001}),
    Case("ck_conference_presented_length", "conference", {"presented": "x" * 4001}),
    Case("fk_conference_district_ags_district", "conference", {"district_ags": "99009"}),
    Case("pk_paper_template", "paper_template", first("paper_template", "id")),
    Case("ck_paper_template_has_a_name", "paper_template", {"name": " "}),
    Case("ck_paper_template_content_length", "paper_template", {"content": b""}),
    Case("uq_paper_template_one_in_use", "paper_template", {"in_use": True}),
    Case("pk_conference_outcome", "conference_outcome", first("conference_outcome", "municipality_ags")),
    Case("ck_conference_outcome_outcome_known", "conference_outcome", {"outcome": "odd"}),
    Case("fk_conference_outcome_conference_id_conference", "conference_outcome", {"conference_id": 999}),
    Case("fk_conference_outcome_municipality_ags_municipality", "conference_outcome", {"municipality_ags": NOWHERE}),
    Case("pk_job", "job", first("job", "id")),
    Case("ck_job_state_known", "job", {"state": "bored"}),
    Case("ck_job_progress_in_range", "job", {"done": 3}),
    Case("ck_job_progress_in_range", "job", {"done": -1}),
    Case("ck_job_failure_says_why", "job", {"state": "failed"}),
]


@pytest.fixture(scope="module", params=ENGINES)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """A migrated database with the first row of each table, through the application's own engine."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("promises") / "x.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        request.getfixturevalue("postgresql_template")
        server = request.getfixturevalue("postgresql_server")
        url = create_database(server, name, "template_kompass").render_as_string(hide_password=False)
    app = Flask("promises")
    app.config["SQLALCHEMY_ENGINES"] = {"default": url}
    database.init_app(app)
    with app.app_context():
        with db.engine.begin() as connection:
            for table, row in in_order():
                insert(connection, table, row)
        yield db.engine
        db.engine.dispose()
    if request.param == "postgresql":
        drop_database(server, name)


def in_order() -> Iterator[tuple[str, dict[str, Any]]]:
    """The first rows and the scenery, each after what it refers to."""
    for table in metadata.sorted_tables:
        yield table.name, ROWS[table.name][0]
        yield from ((name, row) for name, row in SCENERY if name == table.name)


@pytest.fixture
def connection(world: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that is never committed, so that cases do not meet."""
    with world.connect() as connection:
        yield connection
        connection.rollback()


def insert(connection: sa.Connection, table: str, row: dict[str, Any]) -> None:
    """Bare SQL: no type and no default of a model stands between the row and the database."""
    bare = sa.table(table, *(sa.column(name) for name in row))
    connection.execute(sa.insert(bare).values(row))


def execute(connection: sa.Connection, sql: str) -> int:
    return connection.execute(sa.text(sql)).rowcount


def broken(error: sa.exc.IntegrityError, names: frozenset[str]) -> bool:
    """Whether the database names one of these constraints; SQLite names only CHECKs, of the others the kind."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name in names
    kinds = {"ck": "CHECK", "uq": "UNIQUE", "pk": "UNIQUE", "fk": "FOREIGN KEY"}
    message = str(error.orig)
    return any(kinds[n[:2]] in message and (n[:2] != "ck" or message.endswith(n)) for n in names)


@pytest.mark.parametrize("table", ROWS)
def test_the_row_that_cases_spoil_is_itself_welcome(connection, table):
    insert(connection, table, ROWS[table][1])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)
def test_no_row_breaks(connection, case):
    with pytest.raises(sa.exc.IntegrityError) as refusal:
        insert(connection, case.table, ROWS[case.table][1] | case.changes)
    assert broken(refusal.value, case.also | {case.constraint}), str(refusal.value.orig)


def test_every_constraint_of_the_models_has_a_case():
    rules = (sa.CheckConstraint, sa.UniqueConstraint, sa.ForeignKeyConstraint, sa.PrimaryKeyConstraint)
    named = {str(c.name) for t in metadata.sorted_tables for c in t.constraints if isinstance(c, rules)}
    unique = {str(index.name) for t in metadata.sorted_tables for index in t.indexes if index.unique}
    assert {case.constraint for case in CASES} == named | unique


@pytest.mark.parametrize("table", ROWS)
def test_what_must_be_there_cannot_be_empty(connection, table):
    columns = [
        c for c in metadata.tables[table].columns if not c.nullable and c is not _counted(metadata.tables[table])
    ]
    for column in columns:
        with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
            insert(connection, table, {**ROWS[table][1], column.name: None})


def _counted(table: sa.Table) -> sa.Column | None:
    """The column SQLite numbers by itself when it is given nothing."""
    return table.autoincrement_column


def test_a_deleted_account_leaves_the_work_and_takes_its_name_off(connection):
    execute(connection, 'DELETE FROM "user" WHERE id = 901')
    assert connection.execute(sa.text("SELECT handed_in_by_id FROM assessment WHERE id = 901")).scalar_one() is None
    assert connection.execute(sa.text("SELECT saved_by_id FROM criterion_answer")).scalar_one() is None
    left = "SELECT count(*) FROM held_role WHERE user_id = 901 OR deputy_for_id = 901"
    assert connection.execute(sa.text(left)).scalar_one() == 0


def test_a_round_that_holds_answers_cannot_be_deleted(connection):
    with pytest.raises(sa.exc.IntegrityError):
        execute(connection, "DELETE FROM round WHERE id = 901")


def test_a_municipality_that_answered_cannot_be_uninvited(connection):
    with pytest.raises(sa.exc.IntegrityError):
        execute(connection, f"DELETE FROM participation WHERE municipality_ags = '{A}'")


@pytest.mark.parametrize("column", ["sha256", "document", "input_sha256", "method_version", "built_at", "round_id"])
def test_nothing_in_a_release_can_be_changed(connection, column):
    other = {"built_at": "2030-01-01 00:00:00", "round_id": 902, "sha256": OTHER_HASH}.get(column, "x")
    insert(connection, "round", ROWS["round"][1])
    with pytest.raises(sa.exc.IntegrityError, match="a release is immutable"):
        connection.execute(sa.text(f"UPDATE release SET {column} = :other"), {"other": other})


def test_a_release_can_be_published_and_withdrawn(connection):
    assert execute(connection, f"UPDATE release SET state = 'published', published_at = '{MOMENT}'") == 1
    change = f"state = 'withdrawn', withdrawn_at = '{MOMENT}', withdrawn_reason = 'Fehler'"
    assert execute(connection, f"UPDATE release SET {change}") == 1


def test_a_published_release_cannot_be_deleted(connection):
    execute(connection, f"UPDATE release SET state = 'published', published_at = '{MOMENT}'")
    with pytest.raises(sa.exc.IntegrityError, match="a published release is kept"):
        execute(connection, "DELETE FROM release")


def test_a_preview_can_be_deleted(connection):
    insert(connection, "release", ROWS["release"][1])
    assert execute(connection, f"DELETE FROM release WHERE sha256 = '{OTHER_HASH}'") == 1
