"""Names for the kinds of NumPy arrays that the room passes around."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
RatingArray = NDArray[np.uint8]
TextArray = NDArray[np.str_]
