"""Ready sentences for the press, each with its base and its interval, made from the numbers of one release."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import PUBLIC
from app.releases.models import ReleaseRecord
from app.releases.reading import release_of
from app.results.blueprint import blueprint
from app.results.finding import release_or_404
from app.results.keeping import answer
from app.web.formats import number, score
from app.web.language import current_language
from app.web.permission import requires
from scoring.release import RegionIndicator, RegionPair, Release


@blueprint.get("/ergebnisse/presse")
@blueprint.get("/ergebnisse/stand/<stand>/presse")
@requires(PUBLIC)
def press(stand: str = "") -> ResponseReturnValue:
    """Sentences to quote, how to quote them, what they do not say, and whom to ask."""
    record = release_or_404(stand)
    return answer(record, lambda: _page(record, stand))


def sentences(release: Release, language: str) -> Iterator[str]:
    """What can be quoted; a sentence whose number is missing or suppressed is left out."""
    yield from _taking_part(release)
    yield from _overall(release)
    yield from _extremes(release, language)
    yield from _self_view(release)
    yield from _widest_gap(release, language)


def _page(record: ReleaseRecord, stand: str) -> str:
    release = release_of(record)
    found = list(sentences(release, current_language().tag))
    return render_template("results/press.html", record=record, release=release, stand=stand, sentences=found)


def _taking_part(release: Release) -> Iterator[str]:
    region = release.region
    if region.responses is None:
        return
    yield _(
        "In %(region)s haben %(responses)s neu Zugezogene Rückmeldung gegeben. Von %(invited)s eingeladenen Kommunen "
        "haben %(handed_in)s sich selbst eingeschätzt.",
        region=release.region_name,
        responses=number(region.responses),
        invited=number(region.invited),
        handed_in=number(region.handed_in),
    )


def _overall(release: Release) -> Iterator[str]:
    for found in release.region.outside_view:
        if found.kind == "overall" and found.pooled is not None:
            yield _(
                "Über alle Fragen hinweg bewerten sie ihr Ankommen im Mittel mit %(score)s von 100 Punkten (%(base)s).",
                score=score(found.pooled),
                base=_base(found),
            )


def _extremes(release: Release, language: str) -> Iterator[str]:
    """The item rated best and the one rated worst, if they can be told apart."""
    known = [s for s in release.region.outside_view if s.kind == "item" and s.pooled is not None]
    if len(known) < 2:
        return
    best, worst = max(known, key=_pooled), min(known, key=_pooled)
    if best.pooled_low is None or worst.pooled_high is None or best.pooled_low <= worst.pooled_high:
        return
    values = {"text": _quoted(release, best, language), "score": score(best.pooled)}
    yield _("Am höchsten bewerten sie »%(text)s«: %(score)s Punkte (%(base)s).", base=_base(best), **values)
    values = {"text": _quoted(release, worst, language), "score": score(worst.pooled)}
    yield _("Am niedrigsten bewerten sie »%(text)s«: %(score)s Punkte (%(base)s).", base=_base(worst), **values)


def _self_view(release: Release) -> Iterator[str]:
    for node in release.region.self_view:
        if node.kind == "total" and node.spread is not None:
            yield _(
                "Die Kommunen selbst sehen sich im Median bei %(median)s von 100 Punkten; die mittlere Hälfte liegt "
                "zwischen %(low)s und %(high)s (n = %(n)s Kommunen).",
                median=number(node.spread.median),
                low=number(node.spread.q1),
                high=number(node.spread.q3),
                n=number(node.spread.n),
            )


def _widest_gap(release: Release, language: str) -> Iterator[str]:
    """The criterion on which both views differ most, if the difference is one."""
    sure = [pair for pair in release.region.pairs if pair.gap_low is not None and pair.gap_low > 0]
    if not sure:
        return
    widest = max(sure, key=_gap)
    yield _(
        "Am weitesten gehen Selbstbild und Erleben bei »%(title)s« auseinander: Die Kommunen sehen sich dort im Mittel "
        "um %(gap)s Punkte besser, als Zugezogene es erleben (95-Prozent-Spanne %(low)s bis %(high)s; "
        "n = %(n)s Kommunen).",
        title=release.catalogue.criterion(widest.criterion).title[language],
        gap=number(widest.gap_mean),
        low=number(widest.gap_low),
        high=number(widest.gap_high),
        n=number(widest.municipalities),
    )


def _quoted(release: Release, found: RegionIndicator, language: str) -> str:
    """The statement as it stands inside a sentence."""
    return release.catalogue.item(found.indicator).text[language].rstrip(".")


def _pooled(found: RegionIndicator) -> float:
    return found.pooled or 0.0


def _gap(pair: RegionPair) -> float:
    return pair.gap_mean or 0.0


def _base(found: RegionIndicator) -> str:
    return _(
        "95-Prozent-Spanne %(low)s bis %(high)s; n = %(n)s",
        low=score(found.pooled_low),
        high=score(found.pooled_high),
        n=number(found.n),
    )
