"""The agency's menu: few places, the rest folds out without script, and it says where the reader is."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag


def menu(html: str) -> Tag:
    found = BeautifulSoup(html, "html.parser").select_one("nav.wk-navigation")
    assert found is not None
    return found


def test_what_belongs_together_folds_out_under_one_label(desk):
    places = menu(desk.get("/agentur/").text).select(":scope > ul > li")
    assert [place.select_one("summary, a").get_text(strip=True) for place in places] == [
        "Überblick", "Erhebung", "Region", "Austausch", "Verwaltung",
    ]  # fmt: skip
    assert [a.get_text() for a in places[2].select("details ul a")] == [
        "Beschlüsse", "Konferenzen", "Ratsvorlagen", "Förderprojekte",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "label", "current", "group"),
    [
        ("/agentur/", "Überblick", "page", None),
        ("/agentur/konten", "Konten", "page", "Verwaltung"),
        ("/agentur/konten/neu", "Konten", "true", "Verwaltung"),
    ],
)
def test_the_menu_says_where_the_reader_is(desk, address, label, current, group):
    found = menu(desk.get(address).text)
    assert [(a.get_text(), a["aria-current"]) for a in found.select("a[aria-current]")] == [(label, current)]
    marked = [details.summary.get_text() for details in found.select("details.wk-navigation__current")]
    assert marked == ([group] if group else [])
