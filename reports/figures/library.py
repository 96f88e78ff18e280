"""What of matplotlib draws our figures. Loaded with the first drawing: it fills thirty-five megabytes of a process."""

from __future__ import annotations

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Picture
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

__all__ = [
    "Affine2D",
    "FigureCanvasAgg",
    "FigureCanvasSVG",
    "FontProperties",
    "Line2D",
    "LoadFlags",
    "Picture",
    "Rectangle",
    "Text",
    "get_font",
]

# nothing else in the house draws with matplotlib; set once, because a temporary setting is not safe between threads
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "willkommenskompass", "hatch.linewidth": 0.7})
