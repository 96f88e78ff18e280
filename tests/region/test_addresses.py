"""Addresses of municipalities: readable, unique, and never taken away again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.region.addresses import LONGEST, addresses, slug

KEYS = st.from_regex(r"[0-9]{8}", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Eslohe (Sauerland)", "eslohe-sauerland"),
        ("Lüdenscheid", "luedenscheid"),
        ("Nachrodt-Wiblingwerde", "nachrodt-wiblingwerde"),
        ("Großenkneten", "grossenkneten"),
        ("Ähtäri", "aehtaeri"),
        ("Żory", "zory"),
        ("東京", "ort"),
    ],
)
def test_a_name_becomes_a_readable_address(name, address):
    assert slug(name) == address


def test_two_places_of_one_name_get_their_key_added():
    assert addresses({"05958001": "Neustadt", "05962001": "Neustadt", "05966001": "Olpe"}, {}) == {
        "05958001": "neustadt-05958001",
        "05962001": "neustadt-05962001",
        "05966001": "olpe",
    }


def test_a_newcomer_does_not_take_an_address_that_is_printed_on_letters():
    given = {"05958001": "neustadt"}
    assert addresses({"05962001": "Neustadt"}, given) == {"05962001": "neustadt-05962001"}


def test_a_renamed_municipality_keeps_its_address():
    assert addresses({"05958001": "Neu-Arnsberg"}, {"05958001": "arnsberg"}) == {"05958001": "arnsberg"}


@given(st.dictionaries(KEYS, st.text(min_size=1, max_size=120), max_size=12))
def test_addresses_are_unique_short_and_safe(names):
    found = addresses(names, {})
    assert len(set(found.values())) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]+", text) and len(text) <= LONGEST for text in found.values())
