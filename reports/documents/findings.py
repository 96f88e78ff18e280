"""What a municipality does well and where to begin, as sentences made from its numbers.

Nothing is computed here: findings are chosen in a fixed order of evidence. What both views agree on comes first, then
what newcomers say clearly, then what only the municipality says of itself. Undecided cases are never findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from reports.figures.profile import dimension_scores, outside_middle_half
from reports.wording import Wording
from scoring.release import OutsideScore, PairGap, Quadrant, Release, SelfScore, UnitSheet

MOST = 3
HIGH_LEVEL = 3
LOW_LEVEL = 1


@dataclass(frozen=True)
class Finding:
    """One finding: what it is about, the sentence, and the criterion or dimension it must not repeat."""

    subject: str
    title: str
    sentence: str


class Findings:
    """The findings of one municipality in one language."""

    def __init__(self, release: Release, sheet: UnitSheet, wording: Wording) -> None:
        self.catalogue = release.catalogue
        self.sheet = sheet
        self.wording = wording
        self.outside = {score.indicator: score for score in sheet.outside_view}
        self.above, self.below = outside_middle_half(dimension_scores(sheet))

    def strengths(self) -> list[Finding]:
        """At most three strengths, the best supported first."""
        return _first_of_each(
            chain(
                self._pairs("strength", "pair_strength", lambda pair: -_sum(pair)),
                self._items("better", "item_better"),
                self._pairs("hidden_strength", "pair_hidden_strength", lambda pair: -(pair.outside_score or 0.0)),
                self._dimensions(self.above, "dimension_above"),
                self._criteria(range(4, HIGH_LEVEL - 1, -1), "criterion_high"),
            )
        )

    def gaps(self) -> list[Finding]:
        """At most three gaps, the best supported first."""
        return _first_of_each(
            chain(
                self._pairs("need_to_act", "pair_need_to_act", lambda pair: _sum(pair)),
                self._pairs("blind_spot", "pair_blind_spot", lambda pair: -(pair.gap or 0.0)),
                self._items("worse", "item_worse"),
                self._dimensions(self.below, "dimension_below"),
                self._criteria(range(LOW_LEVEL + 1), "criterion_low"),
            )
        )

    def _pairs(self, quadrant: Quadrant, text: str, key: object) -> Iterator[Finding]:
        chosen = [pair for pair in self.sheet.pairs if pair.quadrant == quadrant and pair.gap is not None]
        for pair in sorted(chosen, key=key):  # type: ignore[call-overload]
            values = {
                "self": self.wording.number(pair.self_score),
                "newcomers": self.wording.number(pair.outside_score),
            }
            base = self._base(pair.outside_low, pair.outside_high, self.outside.get(pair.item))
            yield self._criterion(pair.criterion, self.wording(f"municipal.finding.{text}", base=base, **values))

    def _items(self, band: str, text: str) -> Iterator[Finding]:
        chosen = [score for score in self.sheet.outside_view if score.kind == "item" and score.band == band]
        sign = -1 if band == "better" else 1
        for score in sorted(chosen, key=lambda score: sign * (score.score or 0.0)):
            item = self.catalogue.item(score.indicator)
            region = (
                self.wording("municipal.finding.region", median=self.wording.number(score.region.median))
                if score.region
                else ""
            )
            values = {"score": self.wording.number(score.score), "base": self._base(score.low, score.high, score)}
            sentence = self.wording(f"municipal.finding.{text}", region=region, **values)
            yield Finding(item.criterion or item.id, item.text[self.wording.language], sentence)

    def _dimensions(self, scores: Iterable[SelfScore], text: str) -> Iterator[Finding]:
        for score in sorted(
            scores, key=lambda score: -abs((score.score or 0.0) - score.peers.median if score.peers else 0)
        ):
            peers = self.wording.number(score.peers.median if score.peers else None)
            sentence = self.wording(f"municipal.finding.{text}", score=self.wording.number(score.score), peers=peers)
            yield Finding(score.node, self.catalogue.dimension(score.node).title[self.wording.language], sentence)

    def _criteria(self, levels: Iterable[int], text: str) -> Iterator[Finding]:
        known = [score for score in self.sheet.self_view if score.kind == "criterion" and score.level is not None]
        known.sort(key=lambda score: not self.catalogue.criterion(score.node).core)
        for level in levels:
            name = self.catalogue.levels[level].name[self.wording.language]
            for score in known:
                if score.level == level:
                    yield self._criterion(score.node, self.wording(f"municipal.finding.{text}", level=level, name=name))

    def _criterion(self, criterion: str, sentence: str) -> Finding:
        return Finding(criterion, self.catalogue.criterion(criterion).title[self.wording.language], sentence)

    def _base(self, low: float | None, high: float | None, score: OutsideScore | None) -> str:
        count = self.wording.counted("answers", score.n) if score and score.n is not None else ""
        if low is None or high is None:
            return count
        return self.wording("municipal.finding.base", interval=self.wording.interval(low, high), n=count)


def _sum(pair: PairGap) -> float:
    return (pair.self_score or 0.0) + (pair.outside_score or 0.0)


def _first_of_each(findings: Iterable[Finding]) -> list[Finding]:
    """The first three findings about different criteria."""
    seen: set[str] = set()

    def new() -> Iterator[Finding]:
        for finding in findings:
            if finding.subject not in seen:
                seen.add(finding.subject)
                yield finding

    return list(islice(new(), MOST))
