"""A test client that criticises: every page that any test gets is checked for what every page must have."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
LOADING = (("script", "src"), ("link", "href"), ("img", "src"), ("source", "srcset"), ("object", "data"))
SENDING = (("form", "action"), ("iframe", "src"), ("embed", "src"))
REFERRING = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list")
UNRENDERED = re.compile(r"\{\{|\}\}|\{%|%\}|%\(\w+\)[sd]|<Markup|lazy_gettext|\bundefined\b|\bnan\b")


class PageNotGoodEnough(AssertionError):
    """A page breaks a promise that all pages make."""


class CriticalClient(FlaskClient):
    """A client whose every GET fails the test if the page it brings is not good enough."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send the request, and read the page with a critical eye."""
        response = super().open(*args, **kwargs)
        if is_page(response):
            complaints = list(criticise(response.get_data(as_text=True), is_fragment(response), policy_of(response)))
            if complaints:
                raise PageNotGoodEnough(f"{response.request.path}: " + "; ".join(complaints))
        return response


def is_page(response: TestResponse) -> bool:
    """True for an HTML page that somebody asked for, not for the note that goes with a redirect."""
    html = response.mimetype == "text/html" and not response.is_streamed
    return html and response.request.method == "GET" and not 300 <= response.status_code < 400


def is_fragment(response: TestResponse) -> bool:
    """True for a piece of a page, fetched to replace a part of one."""
    return response.request.headers.get("HX-Request") == "true"


def policy_of(response: TestResponse) -> str:
    """What the page may hold and load, as its sender says."""
    return response.headers.get("Content-Security-Policy", "")


def criticise(html: str, fragment: bool = False, policy: str = "") -> Iterator[str]:
    """Everything that is wrong with a page, as sentences; nothing if it is good.

    A style sheet may stand in the page if its policy names exactly that one.
    """
    page = BeautifulSoup(html, "html.parser")
    for sheet in page.find_all("style"):
        digest = base64.b64encode(hashlib.sha256(sheet.get_text().encode()).digest()).decode("ascii")
        if f"'sha256-{digest}'" in policy:
            sheet.decompose()
    for check in PIECE_CHECKS if fragment else PIECE_CHECKS + PAGE_CHECKS:
        yield from check(page)


def one_heading_that_the_title_begins_with(page: BeautifulSoup) -> Iterator[str]:
    headings = [_text(heading) for heading in page.find_all("h1")]
    if len(headings) != 1:
        yield f"has {len(headings)} h1 instead of one"
        return
    title = _text(page.title) if page.title else ""
    if not headings[0] or not title.startswith(headings[0]):
        yield f"title {title!r} does not begin with the heading {headings[0]!r}"


def language_and_direction(page: BeautifulSoup) -> Iterator[str]:
    root = page.find("html")
    attributes = root.attrs if isinstance(root, Tag) else {}
    yield from (f"html has no {name}" for name in ("lang", "dir") if not attributes.get(name))


def unique_ids(page: BeautifulSoup) -> Iterator[str]:
    counts = Counter(str(tag["id"]) for tag in page.find_all(id=True))
    yield from (f"id {name!r} stands {count} times" for name, count in counts.items() if count > 1)


def references_lead_somewhere(page: BeautifulSoup) -> Iterator[str]:
    known = {str(tag["id"]) for tag in page.find_all(id=True)}
    for attribute in REFERRING:
        for tag in page.find_all(attrs={attribute: True}):
            missing = set(" ".join(tag.get_attribute_list(attribute)).split()) - known
            yield from (f"{tag.name} {attribute} names {name!r}, which is not there" for name in sorted(missing))


def inner_links_lead_somewhere(page: BeautifulSoup) -> Iterator[str]:
    known = {str(tag["id"]) for tag in page.find_all(id=True)}
    targets = {str(link["href"])[1:] for link in page.find_all("a", href=re.compile("^#."))}
    yield from (f"link to #{name}, which is not there" for name in sorted(targets - known))


def every_field_has_a_label(page: BeautifulSoup) -> Iterator[str]:
    labelled = {str(label.get("for")) for label in page.find_all("label")}
    for field in page.find_all(["input", "select", "textarea"]):
        if field.get("type") in UNLABELLED or field.get("aria-label") or field.get("aria-labelledby"):
            continue
        if str(field.get("id")) not in labelled and field.find_parent("label") is None:
            yield f"{field.name} {field.get('name')!r} has no label"


def every_button_and_link_has_a_name(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(["button", "a"]):
        pictures = " ".join(str(image.get("alt", "")) for image in tag.find_all("img"))
        if not (_text(tag) or tag.get("aria-label") or pictures.strip()):
            yield f"{tag.name} without a name: {str(tag)[:80]}"


def every_image_has_an_alternative(page: BeautifulSoup) -> Iterator[str]:
    yield from (f"img {image.get('src')!r} has no alt" for image in page.find_all("img") if image.get("alt") is None)


def nothing_inline(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(True):
        if tag.name == "style" or (tag.name == "script" and not tag.get("src")):
            yield f"inline {tag.name}"
        yield from (f"{tag.name} has {name}" for name in tag.attrs if name == "style" or name.startswith("on"))


def nothing_from_another_host(page: BeautifulSoup) -> Iterator[str]:
    for name, attribute in LOADING + SENDING:
        for tag in page.find_all(name, attrs={attribute: True}):
            address = urlsplit(str(tag[attribute]))
            if address.netloc not in ("", "localhost") or address.scheme == "javascript":
                yield f"{name} leads to {tag[attribute]!r}"


def nothing_unrendered(page: BeautifulSoup) -> Iterator[str]:
    for text in page.find_all(string=True):
        if text.strip() == "None" or UNRENDERED.search(text):
            yield f"shows {text.strip()[:60]!r}"


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


Check = Callable[[BeautifulSoup], Iterator[str]]
PAGE_CHECKS: tuple[Check, ...] = (
    one_heading_that_the_title_begins_with,
    language_and_direction,
    references_lead_somewhere,
    inner_links_lead_somewhere,
)
PIECE_CHECKS: tuple[Check, ...] = (
    unique_ids,
    every_field_has_a_label,
    every_button_and_link_has_a_name,
    every_image_has_an_alternative,
    nothing_inline,
    nothing_from_another_host,
    nothing_unrendered,
)
