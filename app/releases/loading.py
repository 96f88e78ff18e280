"""Reading a round for scoring: all that a release depends on, in an order that is not the database's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.loading import SelfAssessments, load_levels
from app.feedback.loading import load_ratings
from app.region import models as region
from app.releases.standing import load_standings
from app.rounds.lifecycle import catalogue_of
from app.rounds.models import Participation, Round
from app.web.layout import REGION
from questionnaires.catalogue import Catalogue
from scoring.likert import parse
from scoring.release import District, Municipality, PeerGroup, RoundInfo
from scoring.round_data import RoundData
from scoring.standing import NOTHING_SAID, Standing


@dataclass(frozen=True, eq=False)
class RoundInput:
    """A round as it is scored: the arrays, what is publicly known around them, and the hash of all of it."""

    data: RoundData
    catalogue: Catalogue
    round: RoundInfo
    municipalities: tuple[Municipality, ...]
    districts: tuple[District, ...]
    peer_groups: tuple[PeerGroup, ...]
    region_name: str
    demo: bool
    standings: dict[str, Standing]
    input_sha256: str


def load_round(session: Session, round_: Round) -> RoundInput:
    """Read a round in a fixed number of statements.

    The same contents give the same arrays and the same hash, in whatever order the database hands out its rows.
    ``StepRefused`` if the round was never opened.
    """
    catalogue = catalogue_of(round_)
    known, newcomers = _municipalities(session), _newcomers(session, round_)
    units = sorted(newcomers)
    assessments = load_levels(session, round_, catalogue, units)
    unit_of_response, ratings = _ratings(session, round_, units, len(catalogue.items))
    data = RoundData.from_catalogue(
        catalogue,
        units=units,
        groups=[known[ags].peer_group_id for ags in units],
        consented=assessments.consented,
        handed_in=assessments.handed_in,
        levels=assessments.levels,
        not_applicable=assessments.not_applicable,
        ratings=parse(ratings, len(catalogue.items)),
        response_unit=unit_of_response,
        newcomers=np.array([newcomers[ags] for ags in units], dtype=np.float64),
    )
    standings = load_standings(catalogue, units, assessments)
    facts = _Facts(
        round=RoundInfo(
            key=round_.key, title=round_.title, opens=round_.opens.isoformat(), closes=round_.closes.isoformat()
        ),
        municipalities=_described(known, units, assessments, standings),
        districts=_districts(session),
        peer_groups=_peer_groups(session, known),
        region_name=REGION,
        demo=round_.demonstration,
        standings=standings,
    )
    return RoundInput(data, catalogue, **vars(facts), input_sha256=_hash(catalogue, facts, data))


@dataclass(frozen=True)
class _Facts:
    round: RoundInfo
    municipalities: tuple[Municipality, ...]
    districts: tuple[District, ...]
    peer_groups: tuple[PeerGroup, ...]
    region_name: str
    demo: bool
    standings: dict[str, Standing]


def _municipalities(session: Session) -> dict[str, region.Municipality]:
    found = session.scalars(select(region.Municipality).order_by(region.Municipality.ags))
    return {municipality.ags: municipality for municipality in found}


def _newcomers(session: Session, round_: Round) -> dict[str, int | None]:
    """How many moved in, by AGS of everybody invited; ``None`` where it is not known."""
    rows = session.execute(
        select(Participation.municipality_ags, Participation.newcomers).where(Participation.round_id == round_.id)
    )
    return dict(rows.all())


def _ratings(session: Session, round_: Round, units: Sequence[str], items: int) -> tuple[NDArray[np.int64], bytes]:
    """The unit of each response, and all rating strings end to end, sorted within a unit.

    Databases hand out rows in any order; sorted they are the same data, and so get the same seed and the same hash.
    """
    keys, parts = load_ratings(session, round_)
    position = {ags: place for place, ags in enumerate(units)}
    rows = [np.sort(np.frombuffer(part, dtype=f"S{items}")) for part in parts]
    unit_of_response = np.repeat([position[ags] for ags in keys], [len(part) for part in rows]).astype(np.int64)
    return unit_of_response, b"".join(part.tobytes() for part in rows)


def _described(
    known: dict[str, region.Municipality],
    units: Sequence[str],
    assessments: SelfAssessments,
    standings: dict[str, Standing],
) -> tuple[Municipality, ...]:
    consented = {ags for ags, agreed in zip(units, assessments.consented, strict=True) if agreed}
    invited = set(units)
    return tuple(
        Municipality(
            ags=m.ags,
            name=m.name,
            kind=m.kind,
            legal_status=m.legal_status,
            district=m.district_ags,
            population=m.population,
            peer_group=m.peer_group_id,
            participates=m.ags in invited,
            consented=m.ags in consented,
            good_examples=tuple(sorted(standings.get(m.ags, NOTHING_SAID).good_examples)),
            latitude=m.latitude,
            longitude=m.longitude,
        )
        for m in known.values()
    )


def _districts(session: Session) -> tuple[District, ...]:
    found = session.scalars(select(region.District).order_by(region.District.ags))
    return tuple(District(ags=district.ags, name=district.name) for district in found)


def _peer_groups(session: Session, known: dict[str, region.Municipality]) -> tuple[PeerGroup, ...]:
    members: dict[str, list[str]] = {}
    for municipality in known.values():
        members.setdefault(municipality.peer_group_id, []).append(municipality.ags)
    found = session.scalars(select(region.PeerGroup).order_by(region.PeerGroup.id))
    return tuple(
        PeerGroup(id=group.id, name=group.name, members=tuple(members.get(group.id, ())), note=group.note)
        for group in found
    )


def _hash(catalogue: Catalogue, facts: _Facts, data: RoundData) -> str:
    """SHA-256 over the catalogue, what is known of the region and the round, and every answer."""
    known = {
        "catalogue": catalogue.sha256,
        "round": facts.round.model_dump(),
        "municipalities": [m.model_dump() for m in facts.municipalities],
        "districts": [d.model_dump() for d in facts.districts],
        "peer_groups": [g.model_dump() for g in facts.peer_groups],
        "region_name": facts.region_name,
        "demo": facts.demo,
        "standings": {ags: _plain(standing) for ags, standing in sorted(facts.standings.items())},
        "units": data.units,
        "criteria": data.criteria,
        "items": data.items,
    }
    digest = hashlib.sha256(json.dumps(known, ensure_ascii=False, sort_keys=True).encode())
    for name in ("handed_in", "levels", "not_applicable", "newcomers", "response_unit", "ratings"):
        values = getattr(data, name)
        # Whatever machine reads the round, the bytes are the same: shape first, little-endian, rows first.
        digest.update(f"{name}{values.shape}".encode())
        digest.update(np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()


def _plain(standing: Standing) -> dict[str, object]:
    return {
        "backings": {criterion: b.model_dump() for criterion, b in sorted(standing.backings.items())},
        "goals": [goal.model_dump() for goal in standing.goals],
        "good_examples": sorted(standing.good_examples),
    }
