"""The public API: what the pages show, for programs. No account, no cookie, nothing that the pages do not say."""

from app.results.api.routes import blueprint

__all__ = ["blueprint"]
