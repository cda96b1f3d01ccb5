"""A canvas: axes without a frame, measured in inches, and text on them."""

from typing import Literal

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

__all__ = ["canvas", "write"]


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
