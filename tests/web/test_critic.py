"""The critic itself: it lets a good page pass and catches each fault."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tests.web.critic import criticise

GOOD = """<!doctype html><html lang="de" dir="ltr"><head><title>Anmelden – Willkommenskompass</title></head>
<body><a href="#inhalt">Zum Inhalt</a><main id="inhalt"><h1>Anmelden</h1>
<form method="post"><label for="name">Name</label><input id="name" name="name"></form>
<img src="/static/x.svg" alt=""></main></body></html>"""


def test_a_good_page_passes() -> None:
    assert list(criticise(GOOD)) == []


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("<h1>Anmelden</h1>", "<p>Anmelden</p>", "0 h1"),
        ("<h1>Anmelden</h1>", "<h1>Anmelden</h1><h1>Noch einmal</h1>", "2 h1"),
        ("<h1>Anmelden</h1>", "<h1>Abmelden</h1>", "does not begin"),
        (' lang="de"', "", "no lang"),
        (' dir="ltr"', "", "no dir"),
        ('<img src="/static/x.svg" alt="">', '<p id="name"></p>', "stands 2 times"),
        ('for="name"', 'for="nome"', "has no label"),
        ('for="name"', 'for="nome"', "names 'nome'"),
        ('href="#inhalt"', 'href="#weg"', "link to #weg"),
        (' alt=""', "", "no alt"),
        ("<h1>", "<script>1</script><h1>", "inline script"),
        ("<h1>", "<style>p{}</style><h1>", "inline style"),
        ('<form method="post">', '<form method="post" style="color:red">', "form has style"),
        ('<form method="post">', '<form method="post" onsubmit="x()">', "form has onsubmit"),
        ('src="/static/x.svg"', 'src="https://example.org/x.svg"', "example.org"),
        ("<h1>", "<p>{{ name }}</p><h1>", "shows"),
        ("<h1>", "<p>None</p><h1>", "shows 'None'"),
        ("<h1>", "<p>%(count)s Antworten</p><h1>", "shows"),
        ("<h1>", "<button></button><h1>", "without a name"),
    ],
)
def test_a_fault_is_named(good: str, bad: str, complaint: str) -> None:
    page = GOOD.replace(good, bad, 1)
    assert page != GOOD
    assert any(complaint in found for found in criticise(page)), list(criticise(page))


def test_a_style_sheet_that_the_policy_names_may_stand_in_the_page() -> None:
    digest = base64.b64encode(hashlib.sha256(b"p{}").digest()).decode()
    policy = f"style-src 'self' 'sha256-{digest}'"
    assert list(criticise(GOOD.replace("</title>", "</title><style>p{}</style>"), policy=policy)) == []
    assert list(criticise(GOOD.replace("</title>", "</title><style>p{;}</style>"), policy=policy)) == ["inline style"]


def test_a_piece_of_a_page_needs_no_heading_of_its_own() -> None:
    assert list(criticise("<p>Gespeichert.</p>", fragment=True)) == []
