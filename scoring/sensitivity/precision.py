"""When numbers that differ by rounding only are the same, and ratios that have no value."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from scoring.arrays import FloatArray

DIGITS = 9
TOLERANCE = 1e-9


def ratio(numerator: FloatArray, denominator: ArrayLike, otherwise: float = 0.0) -> FloatArray:
    """Ratios of ``numerator`` and ``denominator``, which broadcasts to it; ``otherwise`` where that is zero."""
    below = np.broadcast_to(np.asarray(denominator, dtype=float), numerator.shape)
    return np.asarray(np.divide(numerator, below, out=np.full(numerator.shape, otherwise), where=below != 0))
