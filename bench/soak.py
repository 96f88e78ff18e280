"""The newcomer's form for a long time: no error, no growth of memory, every acknowledged response in the database.

``python -m bench.soak --minutes 10 --engine sqlite`` starts the service on granian (two workers), lets bench.load
submit over 32 connections, and looks at the memory of every worker all the while. Afterwards every response is looked
up by its key: acknowledged ones must be there, and nothing may be there that nobody sent. Prints what it found, and
ends with status 1 if a connection failed, memory grew by more than a tenth after the first quarter, or the keys do not
agree.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.form import PLACE, Soaked, serving_for_soak
from bench.load import Durations, keep_submitting

CONNECTIONS = 32
GROWTH_ALLOWED = 0.10
LOOK_EVERY = 2.0


@dataclass
class Sent:
    """Keys of the responses that were sent, and of those among them that were acknowledged."""

    begun: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Account:
    """How the database agrees with what was sent: each a number of responses that should be 0, but ``unanswered``.

    ``unanswered`` are stored although their acknowledgement was cut off: whoever sends again is told so.
    """

    missing: int
    unanswered: int
    unknown: int


def account(sent: Sent, before: set[str], after: set[str]) -> Account:
    """Compare keys: those in the database before and after with those that were sent.

    >>> account(Sent({"a", "b", "c"}, {"a", "b"}), {"x"}, {"x", "a", "c", "z"})
    Account(missing=1, unanswered=1, unknown=1)
    """
    new = after - before
    return Account(
        missing=len(sent.acknowledged - after),
        unanswered=len(new & (sent.begun - sent.acknowledged)),
        unknown=len(new - sent.begun),
    )


def main() -> int:
    """Soak, print, and say whether all is well."""
    options = _options()
    with serving_for_soak(options.engine) as service:
        before = service.stored()
        sent, failures, memory = soak(service, options.minutes * 60, options.connections)
        found = account(sent, before, service.stored())
    growth = growth_of([sum(workers.values()) for workers in memory])
    seconds = options.minutes * 60
    print(
        f"{options.engine}: {len(sent.acknowledged)} responses acknowledged in {options.minutes:g} min over "
        f"{options.connections} connections ({len(sent.acknowledged) / seconds:.0f}/s); {found.missing} of them not in "
        f"the database, {found.unknown} there that nobody sent, {found.unanswered} there whose acknowledgement was cut "
        f"off; {len(failures)} connections failed.\n"
        f"Memory: {sum(memory[-1].values()) / 2**20:.0f} MiB in {len(memory[-1])} processes, {growth:+.1%} from the "
        f"second to the last quarter; {_each(memory)}."
    )
    for failure in failures[:5]:
        print(failure)
    return int(bool(failures) or found.missing > 0 or found.unknown > 0 or growth > GROWTH_ALLOWED)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    return parser.parse_args()


def soak(service: Soaked, seconds: float, connections: int) -> tuple[Sent, list[str], list[dict[int, int]]]:
    """What was sent, what failed, and the memory of each process in bytes, looked at every two seconds."""
    each, failures = [Durations() for _ in range(connections)], []
    memory: list[dict[int, int]] = []
    until = time.perf_counter() + seconds
    with ThreadPoolExecutor(connections) as threads:
        for durations in each:
            threads.submit(keep_submitting, service.port, PLACE, until, durations, failures)
        while time.perf_counter() < until:
            memory.append(memory_of(service.process_id))
            time.sleep(LOOK_EVERY)
    return _keys(each, service.key_of), failures, memory


def _keys(each: list[Durations], key_of: Callable[[str], str]) -> Sent:
    """The keys in the forms' tokens."""
    begun = {key_of(token) for one in each for token in one.begun}
    return Sent(begun, {key_of(token) for one in each for token in one.acknowledged})


def memory_of(process_id: int) -> dict[int, int]:
    """Resident bytes of a process and of each below it, shared ones by their part (Linux: Pss)."""
    found, waiting = {}, [process_id]
    while waiting:
        process = waiting.pop()
        folder = Path("/proc") / str(process)
        try:
            lines = (folder / "smaps_rollup").read_text().splitlines()
            waiting += [int(c) for task in (folder / "task").iterdir() for c in (task / "children").read_text().split()]
        except OSError:
            continue  # It ended meanwhile.
        found[process] = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return found


def growth_of(memory: list[int]) -> float:
    """How much more the last quarter uses than the second one, as a share; the first one warms up."""
    quarter = max(1, len(memory) // 4)
    early, late = np.median(memory[quarter : 2 * quarter] or memory), np.median(memory[-quarter:])
    return float(late / early - 1)


def _each(memory: list[dict[int, int]]) -> str:
    """Each process by itself: what it uses at the end, and its growth."""
    there = [process for process in memory[-1] if all(process in looked for looked in memory)]
    parts = [
        f"{memory[-1][process] / 2**20:.0f} MiB {growth_of([looked[process] for looked in memory]):+.1%}"
        for process in there
    ]
    return "each " + ", ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
