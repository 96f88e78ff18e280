"""How often the method is right: exact enumeration and simulation on the code as it is, written to docs/evidence/.

``python -m bench.coverage [--replications 200] [--out docs/evidence/coverage.md]``. Nothing is timed. The seed is
fixed, so the table only changes when the code or the number of replications does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np
from scipy.special import gammaln

from scoring import comparison, intervals, ranking, robust, shrinkage
from scoring.likert import moments
from scoring.method import Method

METHOD = Method()
SCORES = np.arange(5) * 25.0
ANSWERS = {
    "gleichmäßig": (0.20, 0.20, 0.20, 0.20, 0.20),
    "um die Mitte": (0.05, 0.20, 0.50, 0.20, 0.05),
    "zufrieden": (0.05, 0.10, 0.20, 0.40, 0.25),
    "sehr zufrieden": (0.02, 0.03, 0.10, 0.35, 0.50),
    "gespalten": (0.35, 0.15, 0.00, 0.15, 0.35),
    "fast einig": (0.00, 0.02, 0.03, 0.10, 0.85),
}
"""Shares of the answers 1 to 5 that questions about services get."""
SIZES = (3, 5, 8, 10, 20, 50)
PAIRS = ((5, 5), (5, 12), (3, 14), (12, 12))
# What the method was chosen by (method page, 4.1, 4.5, 4.3 and 4.4), to be met by the code as it is.
ITEMS_PROMISED = dict(
    zip(SIZES, ("100 % / 85", "99 % / 61", "98 % / 45", "97 % / 39", "96 % / 26", "95 % / 15"), strict=True)
)
PAIRS_PROMISED = dict(zip(PAIRS, ("99 % / 94", "98 % / 74", "98 % / 96", "97 % / 52"), strict=True))
FLAGS_PROMISED = {3.0: "4 % / 2 %", 6.0: "7–8 % / 23 %"}
PLACES_PROMISED = {1.0: "96 % / 96 % / 55", 3.0: "95 % / 97 % / 44", 6.0: "94 % / 96 % / 32"}
UNITS, INDICATORS, CENTRE = 59, 12, 60.0
PERSON_SD, ALIKE_SD = 25.0, 20.0
FEWEST, MOST = 5, 300
SEED = 2026


def histograms(n: int) -> np.ndarray:
    """Every way in which n people can choose among five answers: (ways, 5)."""
    bars = np.array(list(product(range(n + 1), repeat=2)))
    halves = bars[bars.sum(axis=1) <= n]
    rows = []
    for first in range(n + 1):
        rest = n - first
        pairs = halves[halves.sum(axis=1) <= rest]
        for second, third in pairs:
            left = rest - second - third
            fourth = np.arange(left + 1)
            rows.append(np.column_stack([np.tile([first, second, third], (left + 1, 1)), fourth, left - fourth]))
    return np.concatenate(rows)


def likelihood(counts: np.ndarray, answers: Sequence[float]) -> np.ndarray:
    """Multinomial probability of each histogram."""
    p = np.asarray(answers)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(counts > 0, counts * np.log(p), 0.0)
    return np.exp(gammaln(counts.sum(axis=1) + 1) - gammaln(counts + 1).sum(axis=1) + terms.sum(axis=1))


def interval_of(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Every histogram of n answers with its mean and the limits of its interval."""
    counts = histograms(n)
    size, mean, variance = moments(counts, SCORES)
    return counts, mean, *intervals.mean_interval(size, mean, variance)


def item_intervals() -> Iterator[tuple[object, ...]]:
    """Lowest coverage and mean width of the interval of one item, over the distributions of answers."""
    for n in SIZES:
        counts, _mean, low, high = interval_of(n)
        coverage, width = [], []
        for answers in ANSWERS.values():
            chance, truth = likelihood(counts, answers), float(SCORES @ np.asarray(answers))
            coverage.append(float(chance[(low <= truth + 1e-9) & (high >= truth - 1e-9)].sum()))
            width.append(float(chance @ (high - low)))
        worst = list(ANSWERS)[int(np.argmin(coverage))]
        yield n, percent(min(coverage)), worst, round(float(np.mean(width))), ITEMS_PROMISED[n]


def differences() -> Iterator[tuple[object, ...]]:
    """Lowest coverage and mean width of the interval of a difference, over all pairs of distributions."""
    for n1, n2 in PAIRS:
        counts_1, mean_1, *limits_1 = interval_of(n1)
        counts_2, mean_2, *limits_2 = interval_of(n2)
        low, high = intervals.difference_interval(
            mean_1[:, None], tuple(v[:, None] for v in limits_1), mean_2[None], tuple(v[None] for v in limits_2)
        )
        coverage, width = [], []
        for first, second in product(ANSWERS.values(), repeat=2):
            p1, p2 = likelihood(counts_1, first), likelihood(counts_2, second)
            truth = float(SCORES @ (np.asarray(second) - np.asarray(first)))
            coverage.append(float(p1 @ ((low <= truth + 1e-9) & (high >= truth - 1e-9)) @ p2))
            width.append(float(p1 @ (high - low) @ p2))
        yield f"{n1} und {n2}", percent(min(coverage)), round(float(np.mean(width))), PAIRS_PROMISED[n1, n2]


def networks(
    sd: float, replications: int, indicators: int, person_sd: float = PERSON_SD
) -> Iterator[tuple[np.ndarray, list[shrinkage.Posterior]]]:
    """True scores (units, indicators) of made-up networks and the model's answer for each indicator."""
    rng = np.random.default_rng([SEED, round(100 * sd), indicators])
    for _ in range(replications):
        n = np.round(np.exp(rng.uniform(np.log(FEWEST), np.log(MOST), (UNITS, indicators))))
        truth = CENTRE + sd * rng.standard_normal((UNITS, indicators))
        mean = truth + person_sd / np.sqrt(n) * rng.standard_normal(truth.shape)
        variance = person_sd**2 * rng.chisquare(n - 1) / (n - 1)
        fits = []
        for j in range(indicators):
            moderated = shrinkage.moderated_variance(variance[:, j], n[:, j], METHOD.prior_df)
            fits.append(
                shrinkage.posterior(mean[:, j], moderated / n[:, j], METHOD.prior_scale, points=METHOD.grid_points)
            )
        yield truth, fits


def flags(replications: int) -> Iterator[tuple[object, ...]]:
    """Share of flags that are trivial or wrong, of all and within a network, and of relevant differences found."""
    for sd in (3.0, 6.0):
        wrong = flagged = found = relevant = 0
        within = []
        for truth, fits in networks(sd, replications, INDICATORS):
            above, below = (np.column_stack(v) for v in zip(*(fit.departs(METHOD.margin) for fit in fits), strict=True))
            state = comparison.classify(above, below, METHOD.fdr, METHOD.same_probability)
            difference = truth - truth.mean(axis=0)
            right = np.where(state == "better", difference > METHOD.margin, difference < -METHOD.margin)
            named = (state == "better") | (state == "worse")
            flagged, wrong = flagged + int(named.sum()), wrong + int((named & ~right).sum())
            within.append((named & ~right).sum() / max(int(named.sum()), 1))
            relevant += int((np.abs(difference) > METHOD.margin).sum())
            found += int((named & right).sum())
        yield (
            f"{sd:.0f}",
            percent(float(np.mean(within))),
            percent(wrong / max(flagged, 1)),
            percent(found / relevant),
            flagged,
            FLAGS_PROMISED[sd],
        )


def estimates_and_places(replications: int) -> Iterator[tuple[object, ...]]:
    """Coverage and width of the intervals of true scores and of true places."""
    for sd, person_sd in (*((sd, PERSON_SD) for sd in (1.0, 3.0, 6.0)), (3.0, ALIKE_SD), (6.0, ALIKE_SD)):
        inside, widths, placed, spans = [], [], [], []
        rng = np.random.default_rng([SEED, round(100 * sd)])
        for truth, (fit,) in networks(sd, replications, 1, person_sd):
            low, high = fit.interval(METHOD.level)
            inside.append(np.mean((low <= truth[:, 0]) & (truth[:, 0] <= high)))
            widths.append(np.mean(high - low))
            place = UNITS - np.argsort(np.argsort(truth[:, 0]))
            best, worst = ranking.rank_intervals(fit.draws(METHOD.draws_small_network, rng), METHOD.level)
            placed.append(np.mean((best <= place) & (place <= worst)))
            spans.append(np.mean(worst - best + 1))
        yield (
            f"{sd:.0f}",
            f"{person_sd:.0f}",
            percent(float(np.mean(inside))),
            round(float(np.mean(widths)), 1),
            percent(float(np.mean(placed))),
            round(float(np.mean(spans))),
            PLACES_PROMISED[sd],
        )


def shapes(sd: float, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """True scores around the centre with the same standard deviation, drawn from quite different distributions."""
    far = rng.random(UNITS) < 0.05
    return {
        "normal": sd * rng.standard_normal(UNITS),
        "5 % weit außen": np.where(far, 0.9 * sd / 0.05**0.5, 0.4 * sd) * rng.standard_normal(UNITS),
        "zwei Gruppen": sd * rng.choice([-1.0, 1.0], UNITS),
    }


def robust_intervals(replications: int) -> Iterator[tuple[object, ...]]:
    """Coverage and width of the model's interval and of the robust one, where true scores are not normal."""
    for sd in (3.0, 6.0):
        rng = np.random.default_rng([SEED, 7, round(100 * sd)])
        found: dict[str, list[tuple[float, ...]]] = {}
        for _ in range(replications):
            for name, truth in shapes(sd, rng).items():
                v = PERSON_SD**2 / np.round(np.exp(rng.uniform(np.log(FEWEST), np.log(MOST), UNITS)))
                mean = truth + np.sqrt(v) * rng.standard_normal(UNITS)
                model = shrinkage.posterior(mean, v, METHOD.prior_scale, points=METHOD.grid_points).interval()
                safe = robust.robust_interval(mean, v)
                found.setdefault(name, []).append((*_hits(truth, *model), *_hits(truth, safe.low, safe.high)))
        for name, hits in found.items():
            inside, width, safe_inside, safe_width = np.mean(hits, axis=0)
            yield (
                f"{sd:.0f}, {name}",
                percent(float(inside)),
                round(float(width), 1),
                percent(float(safe_inside)),
                round(float(safe_width), 1),
            )


def _hits(truth: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[float, float]:
    return float(((low <= truth) & (truth <= high)).mean()), float((high - low).mean())


def percent(share: float) -> str:
    """A share as German text with one decimal."""
    return f"{100 * share:.1f} %".replace(".", ",")


def table(head: Sequence[str], rows: Iterator[tuple[object, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *([str(cell).replace(".", ",") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


FLAGS_HEAD = (
    "Streuung",
    "falsche je Netz",
    "falsche von allen",
    "gefundene Unterschiede",
    "Einstufungen",
    "zugesagt: falsche / gefundene",
)
ROBUST_HEAD = (
    "Streuung und Form",
    "Abdeckung des Modells",
    "Breite",
    "Abdeckung der robusten Spanne",
    "Breite der robusten",
)
PLACES_HEAD = (
    "Streuung der Kommunen",
    "der Personen",
    "Abdeckung der Schätzung",
    "Breite",
    "Abdeckung des Platzes",
    "Breite in Plätzen",
    "zugesagt: Schätzung / Platz / Plätze",
)


def page(replications: int) -> str:
    """The whole page."""
    items = table(("Antworten", "geringste Abdeckung", "bei", "mittlere Breite", "zugesagt"), item_intervals())
    pairs = table(("Antworten", "geringste Abdeckung", "mittlere Breite", "zugesagt"), differences())
    flagged = table(FLAGS_HEAD, flags(replications))
    places = table(PLACES_HEAD, estimates_and_places(replications))
    shaped = table(ROBUST_HEAD, robust_intervals(replications))
    return f"""# Wie oft die Methode recht hat

Von `python -m bench.coverage --replications {replications}` geschrieben, nicht von Hand. Methode {METHOD.version}.
Breiten und Streuungen in Punkten (0 bis 100). Angestrebt sind 95 % Abdeckung und höchstens 5 % falsche Einstufungen.

## Spanne einer Frage mit fünf Antworten

Alle Verteilungen von n Antworten einzeln durchgezählt, nichts gezogen; die ungünstigste von sechs Verteilungen der
wahren Antworten ({", ".join(ANSWERS)}).

{items}

## Spanne einer Differenz zweier Mittelwerte

Ebenso durchgezählt, über alle 36 Paare dieser Verteilungen.

{pairs}

## Einstufung über oder unter der Region

{replications} erfundene Netze mit {UNITS} Kommunen, {INDICATORS} Kennwerten, {FEWEST} bis {MOST} Antworten. Falsch ist
eine Einstufung auch, wenn der wahre Unterschied höchstens {METHOD.margin:.0f} Punkte beträgt.

{flagged}

Begrenzt wird der Anteil falscher Einstufungen in einem Netz, im Mittel über Netze (ein Netz ohne Einstufung hat keine
falsche). Unter allen Einstufungen zusammen ist er bei kleiner Streuung höher: Wo ein Netz zufällig verschiedener
aussieht, als es ist, gibt es mehr Einstufungen, und mehr davon sind falsch. Das gilt auch, wenn die Varianz der
Antworten genau bekannt ist, liegt also nicht an ihrer Schätzung.

## Schätzung aus allen Kommunen, und Plätze

{replications} Netze mit einem Kennwert und {UNITS} Kommunen. Die Breite der Plätze ist der Grund, warum es keine
Rangliste gibt.

{places}

Die Plätze reichen etwas weiter als zugesagt, weil Personen hier um {PERSON_SD:.0f} Punkte streuen, so stark wie bei
einzelnen Fragen. Streuen sie nur um {ALIKE_SD:.0f} (letzte Zeilen, wie bei Mittelwerten mehrerer Fragen), ist die
Breite die zugesagte.

## Wenn die wahren Werte nicht normalverteilt sind

Das Modell nimmt an, dass sich die wahren Werte der Kommunen normal verteilen. Die robuste Spanne (Armstrong, Kolesár
und Plagborg-Møller 2022) verlangt das nicht; sie hält im Mittel über die Kommunen, ist aber breiter. {replications}
Netze mit {UNITS} Kommunen und bekannter Varianz der Mittelwerte.

{shaped}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.coverage", description=__doc__)
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--out", type=Path, default=Path("docs/evidence/coverage.md"))
    chosen = parser.parse_args(arguments)
    if chosen.replications < 1:
        parser.error("--replications is at least 1")
    text = page(chosen.replications)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(text, "utf-8")
    print(f"{chosen.out} geschrieben.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
