"""What is varied in an index, and how far."""

from __future__ import annotations

from dataclasses import dataclass

FACTORS = (
    "criterion_weights",
    "dimension_weights",
    "order",
    "scaling",
    "coverage",
    "leave_one_out",
    "sampling",
)
# Every scale and what it is brought to: between 0 and 100, with the mean in the middle (T scores).
SCALINGS: dict[str, tuple[float, float]] = {"fixed": (0, 100), "zscore": (50, 10), "percentile_rank": (0, 100)}


class FactorOutOfRange(ValueError):
    """A factor is to be varied in a way that it cannot be."""


@dataclass(frozen=True)
class Factors:
    """What is varied and how far; 0, ``None``, ``False`` or a single scaling keep a factor as it nominally is.

    ``criterion_weights`` and ``dimension_weights``: relative standard deviation of the weights of leaves, and of inner
    nodes, within their parent. They follow a Dirichlet distribution whose mean is nominal, with
    alpha_0 = (k - 1) / spread^2 - 1 for k weights: exactly that deviation if they are equal, on average if not.
    ``order``: range of the order of the generalised mean of t(s) = 1 + 0.99 s, the same at all nodes, back-transformed.
    ``scalings``: among which scales of ``SCALINGS`` the leaves are put, equally often. ``coverage``: range of the share
    of weight that must be available at each node. ``leave_one_out``: no leaf or any one leaf is left out, all equally
    often. ``sampling``: scores are draws of what they might have been. ``pool``: number of different sets of weights.
    Raises ``FactorOutOfRange``.
    """

    criterion_weights: float = 0.25
    dimension_weights: float = 0.25
    order: tuple[float, float] | None = (-1.0, 1.0)
    scalings: tuple[str, ...] = tuple(SCALINGS)
    coverage: tuple[float, float] | None = (0.5, 0.9)
    leave_one_out: bool = True
    sampling: bool = True
    pool: int = 4096

    def __post_init__(self) -> None:
        for name in ("criterion_weights", "dimension_weights"):
            if not 0 <= getattr(self, name) < 1:
                raise FactorOutOfRange(f"{name} is at least 0 and below 1, not {getattr(self, name)}.")
        for name, limits, low, high in (("order", self.order, -10, 10), ("coverage", self.coverage, 0, 1)):
            if limits is not None and not low <= limits[0] <= limits[1] <= high:
                raise FactorOutOfRange(f"{name} is a range within {low} to {high}, not {limits}.")
        if not self.scalings or not set(self.scalings) <= set(SCALINGS):
            raise FactorOutOfRange(f"scalings are some of {', '.join(SCALINGS)}, not {self.scalings}.")
        if self.pool < 1:
            raise FactorOutOfRange(f"pool is at least 1, not {self.pool}.")
