"""A district's reader: the published results of the municipalities in their district, and nothing else."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_security import current_user

from app.releases import reading
from app.results import places
from app.web.permission import requires

ADDRESS = "/kreis"


@requires("results.district")
def page() -> ResponseReturnValue:
    """Every municipality of the district whose results are published by name, and how many there are in all."""
    readable = {district.name for district in current_user.districts}
    record = reading.published_record()
    found = [] if record is None else places.by_district(reading.release_of(record))
    districts = [district for district in found if district.name in readable]
    return render_template("results/district.html", record=record, districts=districts)


def register(blueprint: Blueprint) -> None:
    """Add the page behind the log-in."""
    blueprint.add_url_rule(ADDRESS, "district", page)
