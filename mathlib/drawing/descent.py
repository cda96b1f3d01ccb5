"""Gradient descent in the plane: level curves of a form and the paths that cross them.

Nothing is drawn on a background of its own. Text, axes and markers keep matplotlib's black, which
a page replaces by its text colour; level curves are mid grey and paths take the colour cycle.
"""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mathlib.arrays import positive, require_shape, whole
from mathlib.descent import Descent
from mathlib.quadratic import Quadratic

__all__ = ["draw_contours", "draw_path"]


def draw_contours(
    quadratic: Quadratic, ax: Axes | None = None, *, reach: float = 3.0, count: int = 8
) -> Axes:
    """Draw level curves of f(x, y) on the square from -reach to reach, and mark its centre.

    The levels are squares of evenly spaced numbers, below the largest on the square, so that along
    a line through the centre the curves are evenly spaced too. Levels below 0 are dashed.

    Parameters
    ----------
    quadratic : Quadratic
        Of two variables.
    ax : Axes, optional
        Where to draw; without it a figure of 4.2 by 4.2 inches is made.
    reach : float
        Half the side of the square, above 0.
    count : int
        How many levels to draw at most on each side of 0, at least 1.

    Returns
    -------
    Axes
        With equal scales and fixed limits.

    Raises
    ------
    ValueError
        If the form is not one of two variables, or `reach` or `count` is too small.

    Examples
    --------
    >>> ax = draw_contours(Quadratic([[5, 2], [2, 2]]), reach=2)
    >>> ax.get_xlim() == (-2, 2)
    True
    """
    require_shape(quadratic.A.shape, "A", (2, 2))
    positive(reach, "reach")
    whole(count, "count")
    if ax is None:
        _, ax = plt.subplots(figsize=(4.2, 4.2), layout="constrained")
    line = np.linspace(-reach, reach, 121)
    points = np.stack(np.meshgrid(line, line), axis=-1)
    heights = np.array([quadratic.value(row) for row in points])
    sizes = np.linspace(0, 1, count + 2)[1:-1] ** 2 * np.abs(heights).max()
    levels = [h for h in (*-sizes[::-1], *sizes) if heights.min() < h < heights.max()]
    if levels:
        ax.contour(line, line, heights, levels=levels, colors="0.5", linewidths=0.8)
    ax.plot(0, 0, "+", color="black", markersize=10, zorder=3)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xlabel="x", ylabel="y")
    return ax


def draw_path(
    run: Descent,
    ax: Axes,
    *,
    steps: int | None = None,
    color: str | None = None,
) -> Line2D:
    """Draw the points of a run in the plane, joined in order, with a ring around the start.

    The limits of `ax` stay as they are, so that a run that leaves them is cut off at the edge.

    Parameters
    ----------
    run : Descent
        With a path of shape (steps + 1, 2).
    ax : Axes
        Where to draw, with its limits set, as by `draw_contours`.
    steps : int, optional
        How many steps to draw at most, at least 0; all without it.
    color : str, optional
        The next one of the colour cycle without it.

    Returns
    -------
    Line2D
        The line of the path.

    Raises
    ------
    ValueError
        If the path is not one in the plane, or `steps` is negative.
    """
    require_shape(run.path.shape, "the path", ("points", 2))
    path = run.path if steps is None else run.path[: whole(steps, "steps", 0) + 1]
    (line,) = ax.plot(*path.T, "o-", markersize=4, color=color, scalex=False, scaley=False)
    (ring,) = ax.plot(*path[0], "o", color=line.get_color(), scalex=False, scaley=False)
    ring.set(markersize=11, markerfacecolor="none")
    return line
