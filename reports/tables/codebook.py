"""The one codebook: every column of every export with its name, label, unit and missing rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Table = Literal["region", "municipality"]
BOTH: tuple[Table, ...] = ("region", "municipality")
REGION: tuple[Table, ...] = ("region",)
MUNICIPALITY: tuple[Table, ...] = ("municipality",)

HIDDEN = (
    "leer: nicht vorhanden oder wegen zu weniger Antworten verborgen / empty: absent, or hidden for too few answers"
)
OTHER_VIEW = "leer: gilt nicht für diese Zeile / empty: does not apply to this row"
NEVER = "nie leer / never empty"
POINTS = "0–100"
DIFFERENCE = "−100–100"
SHARE = "0–1"
COUNT = "n"
TEXT = "text"
LEVEL = "0–4"
UP_TO_ONE = "≤ 1"
SWITCH = "true, false"

Kind = Literal["string", "number", "integer", "boolean"]
_TYPES: dict[str, Kind] = {
    POINTS: "number",
    DIFFERENCE: "number",
    SHARE: "number",
    UP_TO_ONE: "number",
    COUNT: "integer",
    LEVEL: "integer",
    SWITCH: "boolean",
}
_LIMITS: dict[str, tuple[float | None, float | None]] = {
    POINTS: (0, 100),
    DIFFERENCE: (-100, 100),
    SHARE: (0, 1),
    UP_TO_ONE: (None, 1),
    COUNT: (0, None),
    LEVEL: (0, 4),
}


@dataclass(frozen=True)
class Variable:
    """One column: its name, what it means in German and English, its unit, and what an empty cell means."""

    name: str
    german: str
    english: str
    unit: str
    missing: str = HIDDEN
    tables: tuple[Table, ...] = BOTH

    @property
    def type(self) -> Kind:
        """What a value is, in the words that JSON Schema and Frictionless share."""
        return _TYPES.get(self.unit, "string")

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes a text may be, none where it is free."""
        return tuple(self.unit.split(", ")) if self.type == "string" and ", " in self.unit else ()

    @property
    def limits(self) -> tuple[float | None, float | None]:
        """The least and the greatest value a number may have."""
        return _LIMITS.get(self.unit, (None, None))

    @property
    def required(self) -> bool:
        """Whether the column is never empty."""
        return self.missing == NEVER


VARIABLES = (
    Variable("demonstration", "erfundene Demonstrationsdaten", "invented demonstration data", SWITCH, NEVER),
    Variable("release", "SHA-256 des Auswertungsstands", "SHA-256 of the release", TEXT, NEVER),
    Variable("round", "Erhebungsrunde", "round", TEXT, NEVER),
    Variable("ags", "Amtlicher Gemeindeschlüssel", "official municipality key", TEXT, NEVER, MUNICIPALITY),
    Variable("municipality", "Name der Kommune", "name of the municipality", TEXT, NEVER, MUNICIPALITY),
    Variable("district", "Schlüssel des Kreises", "key of the district", TEXT, NEVER, MUNICIPALITY),
    Variable("peer_group", "Vergleichsgruppe", "peer group", TEXT, NEVER, MUNICIPALITY),
    Variable("view", "Sicht", "view", "self, newcomers, pair", NEVER),
    Variable(
        "kind",
        "Ebene",
        "level of the row",
        "total, area, dimension, criterion, overall, item, pair, group, change",
        NEVER,
    ),
    Variable(
        "key", "Schlüssel im Katalog; leer: Größe einer Gruppe", "key in the catalogue; empty: size of a group", TEXT
    ),
    Variable("title", "Bezeichnung", "title", TEXT, OTHER_VIEW),
    Variable("question", "Gruppe: Frage zur Person", "group: question about the person", TEXT, OTHER_VIEW),
    Variable("option", "Gruppe: gewählte Antwort", "group: answer chosen", TEXT, OTHER_VIEW),
    Variable("status", "Zustand des Werts", "state of the value", TEXT, OTHER_VIEW),
    Variable("answers", "Antworten von Neuen", "answers from newcomers", COUNT),
    Variable("municipalities", "Zahl der Kommunen", "number of municipalities", COUNT, HIDDEN, REGION),
    Variable("level", "Reifegrad", "maturity level", LEVEL, HIDDEN, MUNICIPALITY),
    Variable(
        "coverage", "Anteil beantworteter Kriterien", "share of criteria answered", SHARE, OTHER_VIEW, MUNICIPALITY
    ),
    Variable("score", "Punktwert", "score", POINTS),
    Variable("low", "untere Grenze (Selbstbild: möglich; Neue: 95 %)", "lower bound", POINTS),
    Variable("high", "obere Grenze (Selbstbild: möglich; Neue: 95 %)", "upper bound", POINTS),
    Variable("pooled", "Mittel über alle Antworten", "mean over all answers", POINTS, HIDDEN, REGION),
    Variable("pooled_low", "untere Grenze, 95 %", "lower bound, 95%", POINTS, HIDDEN, REGION),
    Variable("pooled_high", "obere Grenze, 95 %", "upper bound, 95%", POINTS, HIDDEN, REGION),
    Variable("typical", "Mittel über die Kommunen", "mean over municipalities", POINTS, HIDDEN, REGION),
    Variable("typical_low", "untere Grenze, 95 %", "lower bound, 95%", POINTS, HIDDEN, REGION),
    Variable("typical_high", "obere Grenze, 95 %", "upper bound, 95%", POINTS, HIDDEN, REGION),
    *(
        Variable(f"share_{rating}", f"Anteil der Antwort {rating}", f"share of the answer {rating}", SHARE)
        for rating in range(1, 6)
    ),
    Variable("top_two", "Anteil der Antworten 4 und 5", "share of the answers 4 and 5", SHARE),
    Variable("top_two_low", "untere Grenze, 95 %", "lower bound, 95%", SHARE, HIDDEN, MUNICIPALITY),
    Variable("top_two_high", "obere Grenze, 95 %", "upper bound, 95%", SHARE, HIDDEN, MUNICIPALITY),
    Variable("not_concerned", "Anteil „betrifft mich nicht“", "share of “does not concern me”", SHARE),
    Variable(
        "shrunken", "Schätzwert aus allen Kommunen", "estimate using all municipalities", POINTS, HIDDEN, MUNICIPALITY
    ),
    Variable("shrunken_low", "untere Grenze, 95 %", "lower bound, 95%", POINTS, HIDDEN, MUNICIPALITY),
    Variable("shrunken_high", "obere Grenze, 95 %", "upper bound, 95%", POINTS, HIDDEN, MUNICIPALITY),
    Variable(
        "detectable",
        "kleinste erkennbare Veränderung bis zur nächsten Runde",
        "smallest detectable change to the next round",
        POINTS,
        HIDDEN,
        MUNICIPALITY,
    ),
    Variable(
        "band",
        "Einstufung gegen die Region",
        "band against the region",
        "better, same, worse, open, none",
        OTHER_VIEW,
        MUNICIPALITY,
    ),
    Variable("self_score", "Selbstbild des Kriteriums", "self-view of the criterion", POINTS),
    Variable("outside_score", "Außensicht des Kriteriums", "outside view of the criterion", POINTS),
    Variable("gap", "Selbstbild minus Außensicht", "self-view minus outside view", DIFFERENCE),
    Variable("gap_low", "untere Grenze, 95 %", "lower bound, 95%", DIFFERENCE),
    Variable("gap_high", "obere Grenze, 95 %", "upper bound, 95%", DIFFERENCE),
    Variable(
        "quadrant",
        "Einordnung",
        "quadrant",
        "strength, blind_spot, hidden_strength, need_to_act, undecided",
        OTHER_VIEW,
        MUNICIPALITY,
    ),
    Variable("since", "Veränderung: frühere Runde", "change: earlier round", TEXT, OTHER_VIEW),
    Variable("change", "Veränderung seit dieser Runde", "change since that round", DIFFERENCE, OTHER_VIEW),
    Variable("change_low", "untere Grenze, 95 %", "lower bound, 95%", DIFFERENCE),
    Variable("change_high", "obere Grenze, 95 %", "upper bound, 95%", DIFFERENCE),
    Variable(
        "change_flag",
        "Urteil über die Veränderung",
        "verdict on the change",
        "better, same, worse, open, none",
        OTHER_VIEW,
        MUNICIPALITY,
    ),
    *(
        Variable(
            f"level_{level}", f"Kommunen auf Stufe {level}", f"municipalities at level {level}", COUNT, HIDDEN, REGION
        )
        for level in range(5)
    ),
    Variable("not_applicable", "„nicht zutreffend“, Zahl", "“not applicable”, number", COUNT, OTHER_VIEW),
    Variable("q1", "unteres Viertel der Kommunen", "lower quartile of municipalities", POINTS, HIDDEN, REGION),
    Variable("median", "Median der Kommunen", "median of municipalities", POINTS, HIDDEN, REGION),
    Variable("q3", "oberes Viertel der Kommunen", "upper quartile of municipalities", POINTS, HIDDEN, REGION),
    Variable(
        "peers_q1",
        "unteres Viertel der Vergleichsgruppe",
        "lower quartile of the peer group",
        POINTS,
        HIDDEN,
        MUNICIPALITY,
    ),
    Variable("peers_median", "Median der Vergleichsgruppe", "median of the peer group", POINTS, HIDDEN, MUNICIPALITY),
    Variable(
        "peers_q3",
        "oberes Viertel der Vergleichsgruppe",
        "upper quartile of the peer group",
        POINTS,
        HIDDEN,
        MUNICIPALITY,
    ),
    Variable("region_median", "Median der Region", "median of the region", POINTS, HIDDEN, MUNICIPALITY),
    Variable(
        "differs",
        "Unterschiede zwischen Kommunen erkennbar",
        "differences between municipalities detectable",
        SWITCH,
        HIDDEN,
        REGION,
    ),
    Variable(
        "alpha", "Zuverlässigkeit, Alpha nach Cronbach", "reliability, Cronbach's alpha", UP_TO_ONE, HIDDEN, REGION
    ),
    Variable("alpha_low", "untere Grenze, 95 %", "lower bound, 95%", UP_TO_ONE, HIDDEN, REGION),
    Variable("alpha_high", "obere Grenze, 95 %", "upper bound, 95%", UP_TO_ONE, HIDDEN, REGION),
    Variable(
        "omega", "Zuverlässigkeit, Omega", "reliability, omega (two items: Spearman-Brown)", UP_TO_ONE, HIDDEN, REGION
    ),
    Variable(
        "reliability", "Urteil über die Skala", "verdict on the scale", "report, weak, suppress, none", HIDDEN, REGION
    ),
    Variable(
        "importance",
        "Anteil am Zusammenhang mit dem Ergebnis",
        "share in explaining the outcome",
        SHARE,
        HIDDEN,
        REGION,
    ),
    Variable("importance_low", "untere Grenze, 95 %", "lower bound, 95%", SHARE, HIDDEN, REGION),
    Variable("importance_high", "obere Grenze, 95 %", "upper bound, 95%", SHARE, HIDDEN, REGION),
)


def variables_of(table: Table) -> tuple[Variable, ...]:
    """The columns of a table in their order."""
    return tuple(variable for variable in VARIABLES if table in variable.tables)


def columns(table: Table) -> tuple[str, ...]:
    """Their names."""
    return tuple(variable.name for variable in variables_of(table))
