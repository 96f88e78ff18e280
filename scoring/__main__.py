"""Score a folder of files: ``python -m scoring INPUT --out OUTPUT``.

Exit status 0: results are written; 1: they could not be written; 2: the input or the call has mistakes, all of which
are listed, and nothing is written.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from scoring.files.complaints import InputNotValid
from scoring.files.computing import compute
from scoring.files.reading import read_input
from scoring.files.writing import OutputNotEmpty, check_output, write_results

OK, NOT_WRITTEN, NOT_VALID = range(3)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, compute, write; gives the exit status."""
    try:
        given = _parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return _score(given.input, given.out, _Clock(given.progress), given.timings)
    except (InputNotValid, OutputNotEmpty) as mistake:
        _say(str(mistake))
        return NOT_VALID
    except OSError as failure:
        _say(f"{failure.filename or given.out}: {failure.strerror or failure}")
        return NOT_WRITTEN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scoring",
        description="Scores from files: indicators and ratings in, scores with their uncertainty out.",
        epilog="Results: scores.csv, reliability.csv, sensitivity.csv, summary.json and, with two waves, changes.csv.",
    )
    parser.add_argument(
        "input",
        type=Path,
        metavar="INPUT",
        help="folder with structure.csv, values.csv and/or ratings.csv, and optionally units.csv and method.toml",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="OUTPUT",
        help="folder for the results: new, empty, or with earlier results, which are replaced",
    )
    parser.add_argument("--progress", action="store_true", help="say on standard error what is being done")
    parser.add_argument(
        "--timings", action="store_true", help="note times in summary.json, which then differs from run to run"
    )
    return parser


def _score(folder: Path, output: Path, clock: _Clock, timed: bool) -> int:
    check_output(output)
    data = read_input(folder, clock.say)
    clock.finish("reading")
    results = compute(data, clock.say)
    clock.finish("computing")
    clock.say("writing")
    names = write_results(output, data, results, clock.seconds if timed else None)
    clock.finish("writing")
    for note in results.notes:
        _say(f"Note: {note}")
    clock.say(f"{', '.join(names)} written to {output}")
    return OK


class _Clock:
    """Seconds per step, and what is being done, on standard error if it is asked for."""

    def __init__(self, talks: bool) -> None:
        self.seconds: dict[str, float] = {}
        self.say: Callable[[str], None] = self._tell if talks else lambda _: None
        self._start = self._last = time.perf_counter()

    def finish(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 3)
        self._last = now

    def _tell(self, message: str) -> None:
        _say(f"{time.perf_counter() - self._start:7.1f} s  {message}")


def _say(message: str) -> None:
    sys.stderr.write(message + "\n")


if __name__ == "__main__":
    sys.exit(main())
