"""The pages about the service itself: method, privacy, legal notice, accessibility. Their texts stand in docs/."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markupsafe import Markup

from app.web.language import GERMAN, OFFERED, Language, current_language
from app.web.permission import requires

DOCS = Path(__file__).parents[2] / "docs"


@dataclass(frozen=True)
class Article:
    """A document ready to be shown: its first heading, the rest as HTML, the language it is written in."""

    title: str
    body: Markup
    language: Language


def article(name: str, language: Language) -> Article | None:
    """The document ``docs/NAME.md`` in ``language`` if there is such a version, else in German; None without either."""
    for candidate, tongue in ((f"{name}.{language.tag}.md", language), (f"{name}.md", GERMAN)):
        path = DOCS / candidate
        if path.is_file():
            return _rendered(path, path.stat().st_mtime_ns, tongue.tag)
    return None


@lru_cache(maxsize=16)
def _rendered(path: Path, _version: int, tag: str) -> Article:
    """Rendered once per version of the file; HTML inside the document is shown as text, never run."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(path.read_text("utf-8"))
    title, rest = path.stem, tokens
    if tokens and tokens[0].type == "heading_open":
        title, rest = tokens[1].content, tokens[3:]
    html = markdown.renderer.render(rest, markdown.options, {})
    return Article(title, Markup(_scrollable(html)), OFFERED[tag])  # noqa: S704 - made from our own files


def _scrollable(html: str) -> str:
    """Wide tables scroll in themselves, so that the page does not."""
    opening = '<div class="wk-scroll" role="group" tabindex="0" aria-label="Tabelle"><table class="kern-table">'
    return html.replace("<table>", opening).replace("</table>", "</table></div>")


def _show(name: str, template: str = "web/article.html") -> ResponseReturnValue:
    document = article(name, current_language()) or abort(404)
    return render_template(template, article=document)


@requires("public")
def method() -> ResponseReturnValue:
    """How the numbers come about."""
    return _show("method")


@requires("public")
def privacy() -> ResponseReturnValue:
    """What is stored about whom, and what is not."""
    return _show("privacy", "web/privacy.html")


@requires("public")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement that public bodies owe."""
    return _show("accessibility", "web/accessibility.html")


@requires("public")
def imprint() -> ResponseReturnValue:
    """Who answers for this website, from the operator's settings."""
    return render_template("web/imprint.html")


def register(blueprint: Blueprint) -> None:
    """Add the pages at their German addresses."""
    blueprint.add_url_rule("/methode", "method", method)
    blueprint.add_url_rule("/datenschutz", "privacy", privacy)
    blueprint.add_url_rule("/impressum", "imprint", imprint)
    blueprint.add_url_rule("/barrierefreiheit", "accessibility", accessibility)
