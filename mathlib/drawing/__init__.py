"""Figures of the worked solutions, drawn with matplotlib for light and dark pages."""

from mathlib.drawing.chain import draw_chain
from mathlib.drawing.descent import draw_contours, draw_path
from mathlib.drawing.network import draw_network

__all__ = [
    "draw_chain",
    "draw_contours",
    "draw_network",
    "draw_path",
]
