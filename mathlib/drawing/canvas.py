"""A canvas: axes without a frame, measured in inches, and what is written and filled on them."""

from typing import Literal

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

__all__ = ["canvas", "fill", "write"]


def canvas(width: float, height: float) -> Axes:
    """Return axes that fill a new figure of this size in inches, and measure it in inches.

    Examples
    --------
    >>> canvas(3, 2).get_xlim()
    (np.float64(0.0), np.float64(3.0))
    """
    ax = plt.figure(figsize=(width, height)).add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.set_axis_off()
    return ax


def write(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    size: int = 12,
    *,
    ha: Literal["left", "center", "right"] = "center",
    bold: bool = False,
    color: str = "black",
) -> None:
    """Write a text around a height, and around or from a place.

    Parameters
    ----------
    ax : Axes
    x, y : float
        The place, and the height of the text's middle.
    text : str
    size : int
        Of the letters, in points.
    ha : {"left", "center", "right"}
        Which part of the text stands at the place.
    bold : bool
    color : str
    """
    weight = "bold" if bold else "normal"
    ax.text(x, y, text, ha=ha, va="center", size=size, weight=weight, color=color)


def fill(ax: Axes, x: float, y: float, width: float, height: float) -> None:
    """Draw a rectangle around a centre, filled faintly so that text on it keeps its contrast.

    Parameters
    ----------
    ax : Axes
    x, y : float
        The centre.
    width, height : float
        The sides, in inches.
    """
    corner = (x - width / 2, y - height / 2)
    ax.add_patch(Rectangle(corner, width, height, facecolor="C0", alpha=0.25, linewidth=0))
    # Above its neighbours, whose grey outlines share its sides.
    outline = Rectangle(corner, width, height, fill=False, edgecolor="C0", linewidth=1.6, zorder=2)
    ax.add_patch(outline)
