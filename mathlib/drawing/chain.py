"""The chain of variables from the parameters to the loss, and the Jacobians between them.

The figure is measured in inches, at most 7 wide, and has no background. Text and outlines keep
matplotlib's black, which a page replaces by its text colour; the Jacobians take the colour cycle.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from mathlib.arrays import require_shape, whole
from mathlib.drawing.canvas import canvas, write

__all__ = ["draw_chain"]


def draw_chain(names: Sequence[str], sizes: Sequence[int]) -> Axes:
    """Draw variables that follow from each other in a row, and the Jacobians between them to scale.

    Parameters
    ----------
    names : sequence of str
        From 2 to 8 variables in the order in which they are computed.
    sizes : sequence of int
        The number of entries of each, at least 1. The Jacobian of a variable with respect to the
        one before has a row for each entry of the former and a column for each of the latter.

    Returns
    -------
    Axes
        In a figure of their own, with lengths in inches.

    Raises
    ------
    ValueError
        If there are fewer than 2 or more than 8 variables, not one size for each, or a size is
        below 1.

    Examples
    --------
    >>> ax = draw_chain(["W1", "Z", "L"], [8, 6, 1])
    >>> [text.get_text() for text in ax.texts if "(" in text.get_text()]
    ['(6, 8)', '(1, 6)']
    """
    if not 2 <= len(names) <= 8:
        raise ValueError(f"number of variables must be 2 to 8, got {len(names)}")
    require_shape((len(sizes),), "sizes", (len(names),), where="of the names")
    for name, size in zip(names, sizes, strict=True):
        whole(size, f"size of {name}")
    pitch = min(1.25, 6.1 / (len(names) - 1))
    ax = canvas(pitch * (len(names) - 1) + 0.8, 2.45)
    centres = 0.4 + pitch * np.arange(len(names))
    for place, x in enumerate(centres):
        ax.add_patch(Rectangle((x - 0.29, 1.85), 0.58, 0.55, fill=False, linewidth=1.4))
        write(ax, x, 2.26, names[place], 13, bold=True)
        write(ax, x, 2.0, str(sizes[place]))
    for place, left in enumerate(centres[:-1]):
        ends = (left + 0.29, 2.125), (left + pitch - 0.29, 2.125)
        ax.add_patch(FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=14, color="black"))
        x, columns, rows = left + pitch / 2, sizes[place], sizes[place + 1]
        scale = 0.85 / max(sizes)
        write(ax, x, 1.6, f"∂{names[place + 1]}/∂{names[place]}")
        _fill(ax, x, 0.9, max(columns * scale, 0.04), max(rows * scale, 0.04))
        write(ax, x, 0.2, f"({rows}, {columns})")
    return ax


def _fill(ax: Axes, x: float, y: float, width: float, height: float) -> None:
    """Draw a rectangle around a centre, filled faintly, with a strong outline."""
    corner = (x - width / 2, y - height / 2)
    ax.add_patch(Rectangle(corner, width, height, facecolor="C0", alpha=0.25, linewidth=0))
    outline = Rectangle(corner, width, height, fill=False, edgecolor="C0", linewidth=1.6, zorder=2)
    ax.add_patch(outline)
