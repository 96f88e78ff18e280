"""Reading a round for scoring: all that a release depends on, in an order that is not the database's."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.loading import SelfAssessments, load_levels
from app.feedback.loading import OTHER, languages_of, load_answers
from app.region import models as region
from app.releases.standing import load_standings
from app.releases.traits import CHANNELS, profile_width, read_traits
from app.rounds.guests import IS_GUEST
from app.rounds.lifecycle import catalogue_of
from app.rounds.models import Participation, Round
from app.web.layout import REGION
from questionnaires.catalogue import Catalogue
from scoring.arrays import RatingArray
from scoring.groups import Traits
from scoring.likert import parse
from scoring.release import District, Municipality, PeerGroup, RoundInfo
from scoring.round_data import RoundData
from scoring.standing import NOTHING_SAID, Standing

_MUNICIPALITIES_AT_ONCE = 50


@dataclass(frozen=True, eq=False)
class Wave:
    """One round as it stands in the database."""

    info: RoundInfo
    catalogue: Catalogue
    data: RoundData
    traits: Traits
    assessments: SelfAssessments


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
    earlier: tuple[Wave, ...]
    traits: Traits
    input_sha256: str


def load_round(session: Session, round_: Round, earlier: Sequence[Round] = ()) -> RoundInput:
    """Read a round, and the ``earlier`` ones it is compared with, in a fixed number of statements each.

    The same contents give the same arrays and the same hash, in whatever order the database hands out its rows.
    ``StepRefused`` if the round was never opened.
    """
    with _uncollected():
        return _load(session, round_, earlier)


def _load(session: Session, round_: Round, earlier: Sequence[Round]) -> RoundInput:
    known = _municipalities(session)
    this = _load_wave(session, round_, known)
    before = [_load_wave(session, other, known) for other in earlier]
    standings = load_standings(session, round_, this.catalogue, this.data.units, this.assessments)
    facts = _Facts(
        round=this.info,
        municipalities=_described(known, this.data.units, this.assessments, standings),
        districts=_districts(session),
        peer_groups=_peer_groups(session, known),
        region_name=REGION,
        demo=round_.demonstration,
        standings=standings,
        earlier=tuple(before),
    )
    digest = _hash(facts, [this, *before])
    return RoundInput(this.data, this.catalogue, **vars(facts), traits=this.traits, input_sha256=digest)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hundreds of thousands of small things that all stay: looking for garbage among them takes a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def earlier_rounds(session: Session, round_: Round) -> Sequence[Round]:
    """The released rounds that ended before this one, the oldest first."""
    return session.scalars(
        select(Round)
        .where(Round.state == "released", Round.closes < round_.closes, Round.id != round_.id)
        .order_by(Round.closes, Round.key)
    ).all()


def _load_wave(session: Session, round_: Round, known: dict[str, region.Municipality]) -> Wave:
    catalogue, newcomers = catalogue_of(round_), _newcomers(session, round_)
    units = sorted(newcomers)
    assessments = load_levels(session, round_, catalogue, units)
    unit_of_response, ratings, traits = _answers(session, round_, units, catalogue)
    data = RoundData.from_catalogue(
        catalogue,
        units=units,
        groups=[known[ags].peer_group_id for ags in units],
        consented=assessments.consented,
        handed_in=assessments.handed_in,
        levels=assessments.levels,
        not_applicable=assessments.not_applicable,
        ratings=ratings,
        response_unit=unit_of_response,
        newcomers=np.array([newcomers[ags] for ags in units], dtype=np.float64),
    )
    info = RoundInfo(
        key=round_.key, title=round_.title, opens=round_.opens.isoformat(), closes=round_.closes.isoformat()
    )
    return Wave(info, catalogue, data, traits, assessments)


@dataclass(frozen=True)
class _Facts:
    round: RoundInfo
    municipalities: tuple[Municipality, ...]
    districts: tuple[District, ...]
    peer_groups: tuple[PeerGroup, ...]
    region_name: str
    demo: bool
    standings: dict[str, Standing]
    earlier: tuple[Wave, ...]


def _municipalities(session: Session) -> dict[str, region.Municipality]:
    found = session.scalars(select(region.Municipality).order_by(region.Municipality.ags))
    return {municipality.ags: municipality for municipality in found}


def _newcomers(session: Session, round_: Round) -> dict[str, int | None]:
    """How many moved in, by AGS of everybody invited; ``None`` where it is not known. Guests are in no comparison."""
    rows = session.execute(
        select(Participation.municipality_ags, Participation.newcomers).where(
            Participation.round_id == round_.id, ~IS_GUEST
        )
    )
    return dict(rows.all())


def _answers(
    session: Session, round_: Round, units: Sequence[str], catalogue: Catalogue
) -> tuple[NDArray[np.int64], RatingArray, Traits]:
    """The unit of each response, all ratings, and what is known of each person, sorted in a unit.

    Databases hand out rows in any order; sorted they are the same data, and so get the same seed and the same hash.
    """
    items, languages, channels = len(catalogue.items), sorted(catalogue.languages), sorted(CHANNELS)
    unit, letters = _letters(session, round_, units, catalogue, languages, channels)
    if (letters[:, -2] == ord(OTHER)).any():
        languages = sorted({*languages, *languages_of(session, round_)})
        unit, letters = _letters(session, round_, units, catalogue, languages, channels)
    return (
        unit,
        parse(letters[:, :items].tobytes(), items),
        read_traits(catalogue, letters[:, items:], languages, channels),
    )


def _letters(
    session: Session,
    round_: Round,
    units: Sequence[str],
    catalogue: Catalogue,
    languages: Sequence[str],
    channels: Sequence[str],
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """The unit of each response and its row of letters, as ``load_answers`` gives it, sorted in a unit."""
    profile = profile_width(catalogue)
    width, counts = len(catalogue.items) + profile + 2, dict.fromkeys(units, 0)

    def in_order(some: Sequence[tuple[str, bytes]]) -> bytes:
        counts.update((ags, len(part) // width) for ags, part in some)
        return b"".join(np.sort(np.frombuffer(part, dtype=f"S{width}")).tobytes() for _ags, part in some)

    # Some municipalities are put in order while the database looks for the next ones.
    with ThreadPoolExecutor(1) as pool:
        answers = load_answers(session, round_, profile, languages, channels)
        parts = list(pool.map(in_order, _some_at_once(pair for pair in answers if pair[0] in counts)))
    unit_of_response = np.repeat(np.arange(len(units)), list(counts.values()))
    return unit_of_response, np.frombuffer(b"".join(parts), dtype=np.uint8).reshape(-1, width)


def _some_at_once(pairs: Iterator[tuple[str, bytes]]) -> Iterator[Sequence[tuple[str, bytes]]]:
    while some := list(islice(pairs, _MUNICIPALITIES_AT_ONCE)):
        yield some


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


def _hash(facts: _Facts, waves: Sequence[Wave]) -> str:
    """SHA-256 over catalogues, what is known of the region and the rounds, and every answer."""
    known = {
        "municipalities": [m.model_dump() for m in facts.municipalities],
        "districts": [d.model_dump() for d in facts.districts],
        "peer_groups": [g.model_dump() for g in facts.peer_groups],
        "region_name": facts.region_name,
        "demo": facts.demo,
        "standings": _plain(facts.standings),
    }
    digest = hashlib.sha256(_canonical(known))
    for wave in waves:
        data = wave.data
        digest.update(
            _canonical([wave.catalogue.sha256, wave.info.model_dump(), data.units, data.criteria, data.items])
        )
        for name in ("consented", "handed_in", "levels", "not_applicable", "newcomers", "response_unit", "ratings"):
            _add(digest, name, getattr(data, name))
        _add(digest, "member", wave.traits.member)
    return digest.hexdigest()


def _canonical(known: object) -> bytes:
    return json.dumps(known, ensure_ascii=False, sort_keys=True).encode()


def _add(digest: hashlib._Hash, name: str, values: NDArray[np.generic]) -> None:
    """Whatever machine reads the round, the bytes are the same: shape first, little-endian, rows first."""
    digest.update(f"{name}{values.shape}".encode())
    digest.update(np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).reshape(-1).view(np.uint8).data)


def _plain(standings: dict[str, Standing]) -> dict[str, object]:
    """The standings as plain values; what backs many criteria alike is taken apart once."""
    known: dict[int, object] = {}
    for standing in standings.values():
        for backing in standing.backings.values():
            if id(backing) not in known:
                known[id(backing)] = backing.model_dump()
    return {
        ags: {
            "backings": {criterion: known[id(b)] for criterion, b in sorted(standing.backings.items())},
            "goals": [goal.model_dump() for goal in standing.goals],
            "good_examples": sorted(standing.good_examples),
        }
        for ags, standing in sorted(standings.items())
    }
