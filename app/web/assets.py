"""Style sheets, fonts and scripts: built once at set-up, named by their content, kept by browsers for a year."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, request, send_from_directory, url_for

from app.web.permission import requires

STATIC = Path(__file__).parent / "static"
BUILT = STATIC / "built"
A_YEAR = 31_536_000
ENCODINGS = {"br": ".br", "gzip": ".gz"}


@cache
def _manifest() -> dict[str, str]:
    path = BUILT / "manifest.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def built_name(name: str) -> str:
    """What the file built from ``public.css`` is called; the name itself as long as nothing is built."""
    return _manifest().get(name, name)


def asset(name: str) -> str:
    """The address of a built asset such as ``public.css``. It changes whenever the content does."""
    return url_for("web.static", filename=f"built/{built_name(name)}")


def _smallest(filename: str) -> tuple[str, str | None]:
    """The precompressed variant that the browser takes, with its encoding, else the file itself."""
    for encoding, suffix in ENCODINGS.items():
        if request.accept_encodings.quality(encoding) > 0 and (STATIC / (filename + suffix)).is_file():
            return filename + suffix, encoding
    return filename, None


@requires("public")
def serve(filename: str) -> Response:
    """One static file; 404 if there is none. Files named by their content may be kept for good."""
    smallest, encoding = _smallest(filename)
    mimetype = _mimetype(filename)
    response = send_from_directory(STATIC, smallest, mimetype=mimetype, max_age=3600)
    if encoding:
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    if filename.startswith("built/"):
        response.cache_control.max_age = A_YEAR
        response.cache_control.public = True
        response.cache_control.immutable = True
    return response


def _mimetype(filename: str) -> str | None:
    known = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
    return known.get(Path(filename).suffix)


def register(app: Flask, blueprint: Blueprint) -> None:
    """Serve the files at ``/static`` and name them in templates with ``asset('public.css')``."""
    blueprint.add_url_rule("/static/<path:filename>", "static", serve)
    app.jinja_env.globals["asset"] = asset
    if not _manifest():
        app.logger.warning("Pages will look bare: the assets are not built yet. Run 'make setup'.")
