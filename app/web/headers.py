"""Response headers that keep a page to itself: no other host, no script or style but our own, no frame, no referrer."""

from __future__ import annotations

from flask import Flask, Response, request

from app.web.compression import holds_secret
from app.web.language import current_language
from app.web.sheets import allowed

STYLES = "style-src 'self'"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        STYLES,
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS = 63_072_000


def secure(response: Response) -> Response:
    """Add the headers; a view that set one of them itself keeps its own."""
    own = {name.lower() for name, _ in response.headers}
    if "content-security-policy" not in own:
        response.headers["Content-Security-Policy"] = _policy()
    response.headers.extend((name, value) for name, value in ALWAYS.items() if name.lower() not in own)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}; includeSubDomains")
    if holds_secret():
        response.headers.setdefault("Cache-Control", "no-store")
    if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
        if "content-language" not in own:
            response.headers["Content-Language"] = current_language().tag
        response.vary.add("Accept-Language")
    return response


def _policy() -> str:
    """The policy of this answer: the style sheet that stands in its page, if there is one, and no other."""
    source = allowed()
    return CONTENT_SECURITY_POLICY.replace(STYLES, f"{STYLES} {source}") if source else CONTENT_SECURITY_POLICY


def register(app: Flask) -> None:
    """Add the headers to every response."""
    app.after_request(secure)
