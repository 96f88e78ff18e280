"""One thread for small matrices: a matrix library would start several, which wait for each other longer than they work.

Sums are then also added in the same order on every machine, whatever its number of cores.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

P = ParamSpec("P")
T = TypeVar("T")


def one_thread(work: Callable[P, T]) -> Callable[P, T]:
    """The same function, its matrices multiplied by one thread.

    >>> @one_thread
    ... def doubled(value: int) -> int:
    ...     return 2 * value
    >>> doubled(21)
    42
    """

    @wraps(work)
    def alone(*arguments: P.args, **named: P.kwargs) -> T:
        with threadpool_limits(1, user_api="blas"):
            return work(*arguments, **named)

    return alone
