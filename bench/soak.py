"""The newcomer's form for a long time: no error, no growth of memory, every acknowledged response in the database.

``python -m bench.soak --minutes 10`` starts the service on granian (two workers) and SQLite, lets bench.load submit
over 32 connections, and looks at the memory of the workers all the while. Prints what it found, and ends with status 1
if a connection failed, memory grew by more than a tenth after the first quarter, or a response is missing.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bench.form import PLACE, WORKERS, serving_for_soak
from bench.load import Durations, keep_submitting

CONNECTIONS = 32
GROWTH_ALLOWED = 0.10
LOOK_EVERY = 2.0


def main() -> int:
    """Soak, print, and say whether all is well."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    options = parser.parse_args()
    with serving_for_soak() as (port, process_id, stored):
        before = stored()
        acknowledged, failures, memory = soak(port, process_id, options.minutes * 60, options.connections)
        time.sleep(1)
        missing = acknowledged - (stored() - before)
    growth = growth_of(memory)
    print(
        f"{acknowledged} responses acknowledged in {options.minutes:g} min over {options.connections} connections "
        f"({acknowledged / options.minutes / 60:.0f}/s), {max(0, missing)} of them not in the database, "
        f"{len(failures)} connections failed; {WORKERS} workers and their parent use {memory[-1] / 2**20:.0f} MiB, "
        f"{growth:+.1%} since the first quarter."
    )
    for failure in failures[:5]:
        print(failure)
    return int(bool(failures) or missing > 0 or growth > GROWTH_ALLOWED)


def soak(port: int, process_id: int, seconds: float, connections: int) -> tuple[int, list[str], list[int]]:
    """Responses acknowledged, what failed, and the memory in bytes of the service, looked at every two seconds."""
    each, failures = [Durations() for _ in range(connections)], []
    memory: list[int] = []
    until = time.perf_counter() + seconds
    with ThreadPoolExecutor(connections) as threads:
        for durations in each:
            threads.submit(keep_submitting, port, PLACE, until, durations, failures)
        while time.perf_counter() < until:
            memory.append(memory_of(process_id))
            time.sleep(LOOK_EVERY)
    return sum(len(durations.post) for durations in each), failures, memory


def memory_of(process_id: int) -> int:
    """Resident bytes of a process and all below it that they do not share (Linux: Pss)."""
    total, waiting = 0, [process_id]
    while waiting:
        folder = Path("/proc") / str(waiting.pop())
        try:
            lines = (folder / "smaps_rollup").read_text().splitlines()
            waiting += [int(c) for task in (folder / "task").iterdir() for c in (task / "children").read_text().split()]
        except OSError:
            continue  # It ended meanwhile.
        total += next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def growth_of(memory: list[int]) -> float:
    """How much more the last quarter uses than the second one, as a share; the first one warms up."""
    quarter = max(1, len(memory) // 4)
    early, late = np.median(memory[quarter : 2 * quarter] or memory), np.median(memory[-quarter:])
    return float(late / early - 1)


if __name__ == "__main__":
    sys.exit(main())
