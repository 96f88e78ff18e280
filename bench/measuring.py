"""Work measured in a process of its own: seconds, seconds of the processors, and the most memory it ever held."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

STATUS = Path("/proc/self/status")


@dataclass
class Watch:
    """Seconds by name of a step; a step that is timed again counts with its shortest time."""

    seconds: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    memory: float = 0.0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        wall, processor = time.perf_counter(), time.process_time()
        yield
        for times, taken in (
            (self.seconds, time.perf_counter() - wall),
            (self.processor, time.process_time() - processor),
        ):
            times[name] = min(taken, times.get(name, taken))

    def total(self, *steps: str) -> float:
        """Seconds of these steps together."""
        return sum(self.seconds[step] for step in steps)

    def processors(self, *steps: str) -> float:
        """Seconds of the processors in these steps together."""
        return sum(self.processor[step] for step in steps)


def apart(work: Callable[..., None], *arguments: object) -> Watch:
    """Do ``work(watch, *arguments)`` in a fresh process; what it measured, with its peak of memory in megabytes."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(sending, work, arguments))
    process.start()
    sending.close()
    try:
        watch: Watch = receiving.recv()
    except EOFError:
        raise SystemExit(f"{work.__name__} failed; what it says stands above.") from None
    finally:
        process.join()
    return watch


def _measure(sending: Connection, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    watch = Watch()
    work(watch, *arguments)
    watch.memory = _peak()
    sending.send(watch)


def _peak() -> float:
    """Megabytes; from the kernel's own account where there is one, since the other one begins with the parent's."""
    if STATUS.exists():
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
