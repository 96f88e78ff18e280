"""The release document: everything that may be published of a round, and nothing that may not.

It is written once as canonical JSON, named by its SHA-256, and never changed. Reports, pages and exports read it and
nothing else. Values that disclosure control suppressed are ``None`` here: what is not in the document cannot leak.
Scores are 0 to 100 and unrounded unless a disclosure tier rounds them; shares are 0 to 1.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from questionnaires.catalogue import Catalogue

FORMAT: Final = "willkommenskompass-release/1"

NodeKind = Literal["total", "area", "dimension", "criterion"]
IndicatorKind = Literal["overall", "dimension", "item"]
SelfStatus = Literal["published", "insufficient", "not_applicable", "unanswered"]
OutsideStatus = Literal["published", "coarse", "suppressed"]
Band = Literal["better", "same", "worse", "open", "none"]
Quadrant = Literal["strength", "blind_spot", "hidden_strength", "need_to_act", "undecided"]
Verdict = Literal["higher", "lower", "agrees", "undecided"]
Reliability = Literal["report", "weak", "suppress", "none"]
Prediction = Literal["predicts", "contradicts", "does_not_predict", "undecided"]
Validation = Literal["none", "open", "accepted", "changed"]


class Sheet(BaseModel):
    """Base of everything in a release document: frozen, and no key that the model does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Quartiles(Sheet):
    """Spread of a score over ``n`` municipalities."""

    n: int
    q1: float
    median: float
    q3: float


class Backing(Sheet):
    """What stands behind the level of a criterion: evidence, and what the agency says to it (domain notes, 3.2, 3.7).

    ``claimed`` is the level that the municipality chose; the score beside it holds the one that counts, which is lower
    where the required evidence is missing (``self_report``: marked "Selbstauskunft"). ``evidence`` is the number of
    pieces, ``evidence_kinds`` what they are, each kind once. ``validation``: nobody has looked (``none``), the agency
    has asked back (``open``), accepts the level, or the municipality has ``changed`` it after that.
    """

    claimed: int | None = None
    evidence: int = 0
    evidence_kinds: tuple[str, ...] = ()
    self_report: bool = False
    validation: Validation = "none"


class Goal(Sheet):
    """A development goal of a municipality: the level a criterion is to reach, by when, how, and whether it did.

    ``set_in`` is the key of the round it was set in; ``reached`` is ``None`` while that is not known.
    """

    criterion: str
    target: int
    due: str
    measure: str
    set_in: str
    reached: bool | None = None


class SelfScore(Sheet):
    """One node of the self-assessment: a criterion, or what is aggregated from its children.

    ``coverage`` is the weight share of available children among the applicable ones; ``low`` and ``high`` are the
    logical range (everything missing at 0, at 100) and are given only when something is missing. ``level`` is given
    for criteria only, and so is ``backing``, which is ``None`` where no evidence was asked for. ``score`` is ``None``
    unless the status is ``published``.
    """

    node: str
    kind: NodeKind
    status: SelfStatus
    score: float | None = None
    level: int | None = None
    coverage: float = 0.0
    not_applicable: int = 0
    low: float | None = None
    high: float | None = None
    peers: Quartiles | None = None
    region: Quartiles | None = None
    backing: Backing | None = None


class OutsideScore(Sheet):
    """One indicator of the newcomers' view: an item, the items of a dimension, or all items.

    ``coarse`` (5 to 9 answers, own view only) has a score rounded to 5 and nothing else. ``low``/``high`` are the
    95 % interval of the mean; ``top_two`` the share answering 4 or 5 with its Wilson interval; ``distribution`` the
    shares of the answers 1 to 5; ``not_concerned`` the share who said "betrifft mich nicht". ``shrunken`` is the
    estimate using all municipalities. ``band`` compares with the region: ``open`` means it cannot be told yet,
    ``none`` that no comparison was made. ``detectable`` is the smallest change to a next round with as many answers
    that could be told from chance, in whole points. ``homogeneous`` marks answers so alike that their distribution is
    withheld and score and shares stop at what "at least 90 %" would give.
    """

    indicator: str
    kind: IndicatorKind
    status: OutsideStatus
    n: int | None = None
    score: float | None = None
    low: float | None = None
    high: float | None = None
    top_two: float | None = None
    top_two_low: float | None = None
    top_two_high: float | None = None
    distribution: tuple[float, float, float, float, float] | None = None
    not_concerned: float | None = None
    shrunken: float | None = None
    shrunken_low: float | None = None
    shrunken_high: float | None = None
    detectable: float | None = None
    band: Band = "none"
    peers: Quartiles | None = None
    region: Quartiles | None = None
    homogeneous: bool = False


class PairGap(Sheet):
    """Self-view minus newcomers' view of the same criterion, with interval; empty where either side is missing."""

    item: str
    criterion: str
    self_score: float | None = None
    outside_score: float | None = None
    outside_low: float | None = None
    outside_high: float | None = None
    gap: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: Verdict = "undecided"
    quadrant: Quadrant = "undecided"


class GroupScore(Sheet):
    """What one group of newcomers says: persons with a score, their mean, its 95 % interval; near-unanimous is cut."""

    indicator: str
    n: int
    score: float
    low: float
    high: float
    homogeneous: bool = False


class Group(Sheet):
    """Newcomers who chose one answer to a question about themselves; ``n`` persons, and what they say.

    Only groups that may be shown exist here: a group that is too small, one that would give a small one away, and an
    empty one look the same. ``question`` is a profile question, ``language`` or ``channel``; the last two are counted
    and have no scores.
    """

    question: str
    option: str
    n: int
    scores: tuple[GroupScore, ...] = ()


class WaveScore(Sheet):
    """A score in an earlier round, by the round's key; without interval for the self-view."""

    round: str
    score: float
    n: int | None = None
    low: float | None = None
    high: float | None = None


class Change(Sheet):
    """A score now against earlier rounds that asked the same: the newcomers' indicator, or a node of the self-view.

    ``earlier`` oldest first; ``change`` is now minus the last of them in points, ``low`` to ``high`` its 95 % interval
    (newcomers only), ``flag`` whether it is beyond chance and margin, judged over all municipalities at once.
    ``slope`` per year and its limits are given from four rounds on; with fewer there is change, and no trend.
    """

    subject: str
    kind: Literal["overall", "dimension", "item", "total", "area", "criterion"]
    view: Literal["self", "outside"]
    earlier: tuple[WaveScore, ...]
    change: float
    low: float | None = None
    high: float | None = None
    flag: Band = "none"
    slope: float | None = None
    slope_low: float | None = None
    slope_high: float | None = None


class Theme(Sheet):
    """How many free texts (``n``, at least the public minimum) people read as being about a theme.

    ``title`` is its name by language. A text may have several themes.
    """

    theme: str
    title: dict[str, str]
    n: int


class Extract(Sheet):
    """A passage of a free text as the agency edited it, in the language it was written in; it names no place."""

    text: str


class Decision(Sheet):
    """A council, or a committee for it, decided that the municipality takes part; days as ISO text.

    ``votes`` are those for, against and the abstentions of a public vote; ``renew_by`` is the day until which it has to
    be decided anew, ``None`` if it holds until further notice.
    """

    body: Literal["council", "committee"]
    body_name: str = ""
    decided_on: str
    paper_number: str = ""
    link: str = ""
    votes: tuple[int, int, int] | None = None
    renew_by: str | None = None


class Contact(Sheet):
    """Whom newcomers may ask: an office by its function, with one way at least to reach it."""

    name: str
    phone: str = ""
    email: str = ""
    website: str = ""


class UnitSheet(Sheet):
    """One municipality as one audience may see it.

    ``responses`` is the number of answers as that audience may know it (``None``: too few); ``needed`` how many more
    would make the result reliable, ``None`` where unknown or none. ``newcomers`` is how many could have answered, in
    steps of 5 where they are fewer than 1,000; ``None`` where unknown. ``goals`` stand on own sheets only, a
    ``decision`` on public ones only if the municipality agreed to be named for it.
    """

    ags: str
    handed_in: bool
    responses: int | None = None
    needed: int | None = None
    newcomers: int | None = None
    self_view: tuple[SelfScore, ...] = ()
    outside_view: tuple[OutsideScore, ...] = ()
    pairs: tuple[PairGap, ...] = ()
    themes: tuple[Theme, ...] = ()
    goals: tuple[Goal, ...] = ()
    groups: tuple[Group, ...] = ()
    changes: tuple[Change, ...] = ()
    decision: Decision | None = None
    contact: Contact | None = None


class RegionNode(Sheet):
    """One node of the self-assessment over all municipalities that handed in.

    ``levels`` counts municipalities at level 0 to 4 (criteria only), ``None`` where too few handed in to say.
    """

    node: str
    kind: NodeKind
    spread: Quartiles | None = None
    levels: tuple[int, int, int, int, int] | None = None
    not_applicable: int | None = None


class RegionIndicator(Sheet):
    """One indicator of the newcomers' view for the region, in two labelled values (domain notes, 3.7 no. 7).

    ``pooled`` is the mean over all answers (what a newcomer in the region experiences), ``typical`` the mean over
    municipalities (each place counts once). ``differs`` says whether there is a signal between municipalities:
    ``probability`` is P(between-municipality s.d. > 2 points). Scales have their reliability for persons: ``alpha``
    with its limits, ``omega`` (two items: Spearman-Brown) and what follows from them; items that everybody is asked
    the share that they have in explaining the outcome, ``importance`` with its limits.
    """

    indicator: str
    kind: IndicatorKind
    status: OutsideStatus
    n: int | None = None
    pooled: float | None = None
    pooled_low: float | None = None
    pooled_high: float | None = None
    typical: float | None = None
    typical_low: float | None = None
    typical_high: float | None = None
    distribution: tuple[float, float, float, float, float] | None = None
    top_two: float | None = None
    not_concerned: float | None = None
    spread: Quartiles | None = None
    differs: bool | None = None
    probability: float | None = None
    alpha: float | None = None
    alpha_low: float | None = None
    alpha_high: float | None = None
    omega: float | None = None
    reliability: Reliability = "none"
    importance: float | None = None
    importance_low: float | None = None
    importance_high: float | None = None


class RegionPair(Sheet):
    """Self-view and newcomers' view of one criterion over the region: medians over municipalities with both."""

    item: str
    criterion: str
    municipalities: int
    self_median: float | None = None
    outside_median: float | None = None
    gap_mean: float | None = None
    gap_low: float | None = None
    gap_high: float | None = None


class RegionAgreement(Sheet):
    """Whether the self-view of a dimension goes with the newcomers' view, over the ``municipalities`` with both.

    ``bias`` is self-view minus newcomers' view on average, ``low`` to ``high`` where most differences lie once chance
    is taken out, ``correlation`` that of what both views estimate, with its limits.
    """

    dimension: str
    municipalities: int
    bias: float
    low: float
    high: float
    correlation: float | None
    correlation_low: float | None
    correlation_high: float | None
    prediction: Prediction


class Places(Sheet):
    """Over how many of ``units`` places the place of a typical municipality would extend, were there a ranking.

    ``by_rules``: a ranking of the self-assessments, over other weights and rules (5 to 95 %). ``by_chance``: a ranking
    by the newcomers, over what the answers leave open (95 %). ``None`` where there is nothing to rank.
    """

    self_units: int = 0
    by_rules: int | None = None
    outside_units: int = 0
    by_chance: int | None = None


class RegionChange(Sheet):
    """Mean change of the newcomers' view over the ``municipalities`` with a result in this round and the one before."""

    indicator: str
    kind: IndicatorKind
    since: str
    municipalities: int
    change: float
    low: float
    high: float


class RoundParticipation(Sheet):
    """How many took part in a round; ``responses`` as far as their number may be known."""

    round: str
    title: str
    closes: str
    invited: int
    handed_in: int
    with_results: int
    responses: int | None = None


class FunnelLimit(Sheet):
    """Where the overall score of an ordinary municipality with ``n`` answers lies: 95 % and 99.8 % limits."""

    n: int
    low: float
    high: float
    outer_low: float
    outer_high: float


class ResidentScore(Sheet):
    """What pupils and students who did not move here say to one item; ``top_two`` is the share answering 4 or 5."""

    item: str
    n: int
    score: float
    low: float
    high: float
    top_two: float | None = None


class Residents(Sheet):
    """Pupils and students who did not move here: in no other figure. ``others`` who did not move count nowhere."""

    persons: int
    others: int | None = None
    items: tuple[ResidentScore, ...] = ()


class RegionSheet(Sheet):
    """The region as a whole; ``participation`` has this round and the earlier ones, the oldest first."""

    invited: int
    handed_in: int
    with_results: int
    responses: int | None
    self_view: tuple[RegionNode, ...]
    outside_view: tuple[RegionIndicator, ...]
    pairs: tuple[RegionPair, ...]
    agreement: tuple[RegionAgreement, ...] = ()
    places: Places = Places()
    groups: tuple[Group, ...] = ()
    changes: tuple[RegionChange, ...] = ()
    participation: tuple[RoundParticipation, ...] = ()
    residents: Residents | None = None
    funnel_centre: float | None = None
    funnel: tuple[FunnelLimit, ...] = ()


class District(Sheet):
    """A district by its five-digit key."""

    ags: str
    name: str


class PeerGroup(Sheet):
    """Municipalities that are compared with each other; ``merged`` says which class was too small to stand alone."""

    id: str
    name: str
    members: tuple[str, ...]
    note: str | None = None


class Municipality(Sheet):
    """What is publicly known of a municipality, and whether it agreed to be shown by name.

    ``good_examples`` are the criteria for which it may be named as a good example: level 3 or more, and its consent.
    The centre is in degrees, ``None`` in releases made before it was kept.
    """

    ags: str
    name: str
    kind: str
    legal_status: str
    district: str
    population: int
    peer_group: str
    participates: bool
    consented: bool
    good_examples: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


class RoundInfo(Sheet):
    """The round a release was made from."""

    key: str
    title: str
    opens: str
    closes: str


class EarlierInfo(RoundInfo):
    """An earlier round, and the languages in which a question that compares has been translated anew since."""

    retranslated: tuple[str, ...] = ()


class MethodInfo(Sheet):
    """How the numbers were made."""

    version: str
    parameters: dict[str, float | int | str | bool]


class Release(Sheet):
    """The whole document: ``public`` has the sheets of those that agreed, ``own`` every municipality's own view.

    ``earlier`` are the released rounds that this one is compared with, the oldest first.
    """

    format: Literal["willkommenskompass-release/1"] = FORMAT
    demo: bool
    round: RoundInfo
    method: MethodInfo
    input_sha256: str
    region_name: str
    catalogue: Catalogue
    districts: tuple[District, ...]
    peer_groups: tuple[PeerGroup, ...]
    municipalities: tuple[Municipality, ...]
    region: RegionSheet
    earlier: tuple[EarlierInfo, ...] = ()
    themes: tuple[Theme, ...] = ()
    extracts: tuple[Extract, ...] = ()
    public: dict[str, UnitSheet]
    own: dict[str, UnitSheet]

    def municipality(self, ags: str) -> Municipality:
        """The municipality of that key; ``KeyError`` if it is not in the release."""
        for municipality in self.municipalities:
            if municipality.ags == ags:
                return municipality
        raise KeyError(ags)

    def written_out(self) -> Release:
        """The same release with every default written into the document, as a new release has it."""
        _write_out(self)
        return self

    def as_written_with(self, older: Release) -> Release:
        """A copy without the fields that ``older`` lacks at the same place: the format has grown since it was made."""
        copy = self.model_copy(deep=True)
        _leave_out(copy, older)
        return copy

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces, UTF-8, no NaN; the same release always gives the same text.

        What was not in the document it was read from is not added, so a release keeps its name when the format grows.
        """
        return _canonical(self.model_dump(mode="json", exclude_unset=True))

    def public_json(self) -> str:
        """The same without the municipalities' own views: what everybody may have."""
        return _canonical(self.model_dump(mode="json", exclude_unset=True, exclude={"own"}))

    @classmethod
    def from_json(cls, text: str) -> Release:
        """The release that ``to_json`` wrote; pydantic's ``ValidationError`` if it is none."""
        return cls.model_validate_json(text)


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _write_out(value: object) -> None:
    """Note every field, at every depth, as given: only those are written."""
    parts: Iterable[object] = ()
    if isinstance(value, BaseModel):
        value.model_fields_set.update(type(value).__pydantic_fields__)
        parts = vars(value).values()
    elif isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, tuple):
        parts = value
    for part in parts:
        if type(part) not in _PLAIN:
            _write_out(part)


def _leave_out(value: object, older: object) -> None:
    """Write no field that ``older`` does not write; entries of dictionaries and lists are no fields and stay."""
    pairs: Iterable[tuple[object, object]] = ()
    if isinstance(value, BaseModel) and isinstance(older, BaseModel):
        value.model_fields_set.intersection_update(older.model_fields_set)
        pairs = ((getattr(value, name), getattr(older, name)) for name in value.model_fields_set)
    elif isinstance(value, dict) and isinstance(older, dict):
        pairs = ((value[key], older[key]) for key in value.keys() & older.keys())
    elif isinstance(value, tuple) and isinstance(older, tuple):
        pairs = zip(value, older, strict=False)
    for part, counterpart in pairs:
        if type(part) not in _PLAIN:
            _leave_out(part, counterpart)


def _canonical(content: dict[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256(document: str) -> str:
    """Hexadecimal SHA-256 of a canonical document: the name of a release."""
    return hashlib.sha256(document.encode()).hexdigest()
