"""The blueprint of the public results; every module of the slice adds its pages to it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("results", __name__, template_folder="templates")
