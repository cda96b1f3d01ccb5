"""The network of two layers, with the shapes of all its arrays.

The figure is measured in inches, at most 7 wide, and has no background. Text and outlines keep
matplotlib's black, which a page replaces by its text colour; weights take the colour cycle.
"""

from matplotlib.axes import Axes
from matplotlib.patches import Circle

from mathlib.arrays import whole
from mathlib.drawing.canvas import canvas, write

__all__ = ["draw_network"]

_RADIUS = 0.24
_DISTANCE = 0.62
_MOST_UNITS = 6
_ELLIPSIS = "⋮"


def draw_network(samples: int, inputs: int, hidden: int) -> Axes:
    """Draw a network of two layers with one output, and the shapes of all its arrays.

    Parameters
    ----------
    samples, inputs, hidden : int
        The numbers of samples n, inputs d and hidden units h, each at least 1. Of more than 6
        units in a layer the first three and the last are drawn.

    Returns
    -------
    Axes
        In a figure of their own, with lengths in inches.

    Raises
    ------
    ValueError
        If a number is below 1.

    Examples
    --------
    >>> ax = draw_network(3, 4, 2)
    >>> [text.get_text() for text in ax.texts][-2:]
    ['y', '(3,)']
    """
    for name, number in {"samples": samples, "inputs": inputs, "hidden": hidden}.items():
        whole(number, name)
    layers = (
        (0.6, "inputs", _units(inputs)),
        (2.7, "hidden, ReLU", _units(hidden)),
        (4.8, "output", ["y"]),
    )
    tall = _DISTANCE * max(len(names) for _, _, names in layers)
    ax = canvas(5.4, tall + 1.35)
    drawn = []
    for x, title, names in layers:
        write(ax, x, tall + 1.1, title)
        drawn.append(_draw_units(ax, x, 0.8 + tall / 2, names))
    _join(ax, drawn[0], drawn[1], "C0")
    _join(ax, drawn[1], drawn[2], "C1")
    _write_shapes(ax, samples, inputs, hidden)
    return ax


def _units(count: int) -> list[str]:
    """Return the names of the units that are drawn, from top to bottom."""
    names = [str(unit + 1) for unit in range(count)]
    return names if count <= _MOST_UNITS else [*names[:3], _ELLIPSIS, names[-1]]


def _draw_units(ax: Axes, x: float, middle: float, names: list[str]) -> list[tuple[float, float]]:
    """Draw the units of a layer from top to bottom around a height; return their centres."""
    top = middle + _DISTANCE * (len(names) - 1) / 2
    centres = []
    for place, name in enumerate(names):
        y = top - _DISTANCE * place
        write(ax, x, y, name)
        if name != _ELLIPSIS:
            ax.add_patch(Circle((x, y), _RADIUS, fill=False, linewidth=1.4))
            centres.append((x, y))
    return centres


def _join(
    ax: Axes, before: list[tuple[float, float]], after: list[tuple[float, float]], color: str
) -> None:
    """Draw a line from each unit of a layer to each unit of the next."""
    for left, start in before:
        for right, end in after:
            ax.plot((left + _RADIUS, right - _RADIUS), (start, end), color=color)


def _write_shapes(ax: Axes, samples: int, inputs: int, hidden: int) -> None:
    """Write below each layer and each set of edges what it holds."""
    for x, name, shape in (
        (0.6, "X", f"({samples}, {inputs})"),
        (1.65, "W1, b1", f"({hidden}, {inputs}), ({hidden},)"),
        (2.7, "Z, A", f"({samples}, {hidden})"),
        (3.75, "w2, b2", f"({hidden},), ()"),
        (4.8, "y", f"({samples},)"),
    ):
        write(ax, x, 0.52, name, bold=True)
        write(ax, x, 0.24, shape, 11)
