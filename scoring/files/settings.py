"""The choices of an input, ``method.toml``: parameters of the method, and how indicators become an index."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

from scoring.files.complaints import Complaints, quoted, suggestion
from scoring.files.hierarchy import HIGHEST_ORDER
from scoring.files.tables import LARGEST, decoded, fits
from scoring.index import NORMALISATIONS
from scoring.method import Method, ParameterOutOfRange

FILE = "method.toml"
NONE = "none"
OWN = ("normalise", "to", "order", "minimum_share")
_SHARES = ("person_share", "scale_share", "not_applicable_limit", "not_concerned_share")
_AT_LEAST = {"grid_points": 20, "draws": 100, "draws_small_network": 100, "prior_scale": 1e-6, "sobol_n": 8}


@dataclass(frozen=True)
class Settings:
    """``method`` and the choices of an index.

    ``normalise`` is one of ``index.NORMALISATIONS`` or "none"; ``None`` where it is left to the goalposts in the
    structure. ``minimum_share`` is ``None`` where the coverage rules of the method hold.
    """

    method: Method = field(default_factory=Method)
    normalise: str | None = None
    to: tuple[float, float] = (0.0, 100.0)
    order: float = 1.0
    minimum_share: float | None = None


def read_settings(folder: Path, complaints: Complaints) -> Settings:
    """The settings of the folder; the defaults without the file, and where there are complaints."""
    path = folder / FILE
    if not path.is_file():
        return Settings()
    text = decoded(path.read_bytes(), FILE, complaints) if fits(path, complaints) else None
    if text is None:
        return Settings()
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        message = f"no TOML ({error}); lines of the form name = value are expected."
        complaints.add(FILE, int(line[1]) if line else 0, "", message)
        return Settings()
    return _Reader(text, given, complaints).settings()


class _Reader:
    def __init__(self, text: str, given: dict[str, object], complaints: Complaints) -> None:
        self._text, self._given, self._complaints = text, given, complaints
        self._parameters = {field.name: field.default for field in fields(Method) if field.name != "version"}

    def settings(self) -> Settings:
        for name in self._given:
            if name not in self._parameters and name not in OWN:
                known = (*self._parameters, *OWN)
                self._complain(name, f"an unknown parameter.{suggestion(name, known)}")
        normalise = self._normalise()
        return Settings(self._method(), normalise, self._target(normalise), self._order(), self._share("minimum_share"))

    def _complain(self, name: str, message: str) -> None:
        key = rf"[\"']?{re.escape(name)}[\"']?"
        place = re.search(rf"^[ \t]*(?:{key}[ \t]*[=.]|\[+[ \t]*{key})", self._text, re.MULTILINE)
        line = self._text.count("\n", 0, place.end()) + 1 if place else 0
        self._complaints.add(FILE, line, name, message)

    def _number(self, name: str, value: object) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._complain(name, f"{quoted(str(value))}; a number is expected.")
        elif not math.isfinite(value) or abs(value) > LARGEST:
            self._complain(name, f"{value}; a finite number is expected.")
        else:
            return float(value)
        return None

    def _normalise(self) -> str | None:
        value = self._given.get("normalise")
        known = (*NORMALISATIONS, NONE)
        if value is None or value in known:
            return None if value is None else str(value)
        hint = suggestion(str(value), known)
        self._complain("normalise", f"{quoted(str(value))}; one of {', '.join(known)} is expected.{hint}")
        return None

    def _target(self, normalise: str | None) -> tuple[float, float]:
        value = self._given.get("to")
        if value is None:
            return Settings.to
        if not isinstance(value, list) or len(value) != 2:
            self._complain("to", f"{quoted(str(value))}; two numbers are expected, as in [0, 100].")
            return Settings.to
        low, high = (self._number("to", v) for v in value)
        if low is None or high is None:
            return Settings.to
        if normalise == "zscore" and high <= 0:
            self._complain("to", f"{value}; a mean and a standard deviation above zero are expected, as in [0, 1].")
        elif normalise != "zscore" and low >= high:
            self._complain("to", f"{value}; a range from a lower to a higher number is expected, as in [0, 100].")
        return low, high

    def _order(self) -> float:
        value = self._given.get("order", Settings.order)
        order = self._number("order", value)
        if order is not None and abs(order) > HIGHEST_ORDER:
            expected = f"a number from -{HIGHEST_ORDER:g} to {HIGHEST_ORDER:g}"
            self._complain("order", f"{value}; {expected} is expected: 1 arithmetic, 0 geometric, -1 harmonic mean.")
        return Settings.order if order is None else order

    def _share(self, name: str) -> float | None:
        if name not in self._given:
            return None
        share = self._number(name, self._given[name])
        if share is not None and not 0 <= share <= 1:
            self._complain(name, f"{share:g}; a share from 0 to 1 is expected.")
        return share

    def _method(self) -> Method:
        parameters = {
            name: number
            for name, default in self._parameters.items()
            if name in self._given and (number := self._parameter(name, isinstance(default, int))) is not None
        }
        try:
            return Method().with_parameters(parameters)
        except ParameterOutOfRange as error:
            named = [name for name in parameters if name in str(error)]
            self._complain((named or list(parameters))[0], str(error))
            return Method()

    def _parameter(self, name: str, whole: bool) -> float | int | None:
        number = self._number(name, self._given[name])
        if number is None:
            return None
        most = 1 if name in _SHARES or name.startswith("coverage_") else LARGEST
        least = _AT_LEAST.get(name, int(whole))
        if not least <= number <= most or (whole and number != int(number)):
            until = f"from {least:g} to {most:g}" if most < LARGEST else f"of {least:g} or more"
            self._complain(name, f"{number:g}; a {'whole ' if whole else ''}number {until} is expected.")
            return None
        if name == "sobol_n" and int(number) & (int(number) - 1):
            self._complain(name, f"{number:g}; a power of two is expected, as in 1024.")
            return None
        return int(number) if whole else number
