"""Networks of convolution and pooling layers: feature maps to scale, and what each layer costs.

Each figure is measured in inches, at most 7 wide for the sizes meant, and has no background. Text
and outlines keep matplotlib's black, which a page replaces by its text colour; what is set off in
colour takes the colour cycle, faintly where lines cross it.
"""

from functools import partial

from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from mathlib.architecture import Step, Trace
from mathlib.arrays import whole
from mathlib.drawing.canvas import canvas, write
from mathlib.layers import FeatureMaps
from mathlib.shapes import by

__all__ = ["draw_costs", "draw_feature_maps"]

_SIDE, _DEPTH = 1.05, 0.38
_GAP, _LEAST = 0.36, 0.45
_MOST_LAYERS = 6

_write = partial(write, size=11)


def draw_feature_maps(traced: Trace) -> Axes:
    """Draw the stacks of feature maps from the input to the output, to scale.

    Each stack is a block: its front is one feature map, its depth the number of maps. One scale
    holds for all fronts, another for all depths. The first window of each layer is drawn on the
    front of what the layer is given, and lines lead from it to the entry that it makes.

    Parameters
    ----------
    traced : Trace
        Of 1 to 6 layers, square or not.

    Returns
    -------
    Axes
        In a figure of their own, with lengths in inches.

    Raises
    ------
    ValueError
        If there is no layer, or there are more than 6.

    Examples
    --------
    >>> from mathlib.architecture import trace
    >>> from mathlib.layers import MaxPooling
    >>> ax = draw_feature_maps(trace(FeatureMaps(3, 8, 8), [MaxPooling()]))
    >>> [text.get_text() for text in ax.texts]
    ['8x8', '3 maps', '4x4', '3 maps', 'pooling', '2x2']
    """
    if not 1 <= len(traced.steps) <= _MOST_LAYERS:
        raise ValueError(f"number of layers must be 1 to {_MOST_LAYERS}, got {len(traced.steps)}")
    stacks = [traced.start, *(step.output for step in traced.steps)]
    unit = _SIDE / max(max(maps.size) for maps in stacks)
    thickness = _DEPTH / max(maps.channels for maps in stacks)
    middle = 0.62 + unit * max(maps.rows for maps in stacks) / 2
    corners, end = _lay_out(stacks, middle, unit, thickness)
    ceiling = max(middle + unit * maps.rows / 2 + thickness * maps.channels for maps in stacks)
    ax = canvas(end, ceiling + 0.5)
    for place, maps in enumerate(stacks):
        _draw_stack(ax, corners[place], maps, unit, thickness)
    for place, step in enumerate(traced.steps):
        before, after = corners[place : place + 2]
        _draw_window(ax, before, after, step, unit)
        between = (before[0] + unit * step.given.columns + after[0]) / 2
        _write(ax, between, ceiling + 0.38, step.layer.kind)
        _write(ax, between, ceiling + 0.16, by(step.layer.geometry[0]))
    return ax


def draw_costs(*traces: Trace) -> Axes:
    """Draw in which layers the parameters of networks sit, and in which the multiply-adds arise.

    Each bar is a layer's share of its network's total; beside it stand number and share.

    Parameters
    ----------
    *traces : Trace
        At least one, each with a convolution.

    Returns
    -------
    Axes
        In a figure of their own, with lengths in inches.

    Raises
    ------
    ValueError
        If there is no network, or one without parameters.

    Examples
    --------
    >>> from mathlib.architecture import trace
    >>> from mathlib.layers import Convolution
    >>> ax = draw_costs(trace(FeatureMaps(3, 8, 8), [Convolution(7, 10)]))
    >>> [text.get_text() for text in ax.texts][-2:]
    ['1,480 (100%)', '5,880 (100%)']
    """
    whole(len(traces), "number of networks")
    if empty := [number for number, traced in enumerate(traces, 1) if not traced.parameters]:
        raise ValueError(f"network {empty[0]} must have a convolution, got none")
    high = 0.27
    ax = canvas(5.75, high * (sum(len(traced.steps) + 1.6 for traced in traces) - 0.2))
    y = ax.get_ylim()[1] + 0.3 * high
    for traced in traces:
        y -= high
        _write(ax, 0, y, "layer", ha="left", bold=True)
        _write(ax, 1.6, y, f"{traced.parameters:,} parameters", ha="left", bold=True)
        _write(ax, 3.55, y, f"{traced.multiply_adds:,} multiply-adds", ha="left", bold=True)
        for step in traced.steps:
            y -= high
            _write(ax, 0, y, _described(step), ha="left")
            _draw_share(ax, (1.6, y), step.parameters, traced.parameters, "C0")
            _draw_share(ax, (3.55, y), step.multiply_adds, traced.multiply_adds, "C1")
        y -= 0.6 * high
    return ax


def _lay_out(
    stacks: list[FeatureMaps], middle: float, unit: float, thickness: float
) -> tuple[list[tuple[float, float]], float]:
    """Return the upper left corner of each stack's front, and where the last stack ends."""
    corners, x = [], 0.05
    for maps in stacks:
        front, wide = unit * maps.columns, unit * maps.columns + thickness * maps.channels
        # A stack that is narrower than the text below it stands in the middle of more room.
        room = max(0.0, _LEAST - front)
        corners.append((x + room / 2, middle + unit * maps.rows / 2))
        x += room / 2 + max(wide, front + room / 2) + _GAP
    return corners, x - _GAP + 0.05


def _draw_stack(
    ax: Axes, corner: tuple[float, float], maps: FeatureMaps, unit: float, thickness: float
) -> None:
    """Draw a block with the upper left corner of its front, and write below it what it holds."""
    left, top = corner
    right, bottom = left + unit * maps.columns, top - unit * maps.rows
    depth = thickness * maps.channels
    upper = [(left, top), (left + depth, top + depth), (right + depth, top + depth), (right, top)]
    side = [(right, top), upper[2], (right + depth, bottom + depth), (right, bottom)]
    for face in (upper, side):
        ax.add_patch(Polygon(face, facecolor="C0", alpha=0.25, linewidth=0))
        ax.add_patch(Polygon(face, fill=False, linewidth=0.8))
    ax.add_patch(Rectangle((left, bottom), right - left, top - bottom, fill=False, linewidth=1.4))
    _write(ax, (left + right) / 2, 0.38, by(maps.size), bold=True)
    _write(ax, (left + right) / 2, 0.14, f"{maps.channels} maps")


def _draw_window(
    ax: Axes, before: tuple[float, float], after: tuple[float, float], step: Step, unit: float
) -> None:
    """Draw the first window of a layer, the entry that it makes, and the lines between them."""
    rows, columns = step.layer.geometry[0]
    (left, top), (x, y) = before, after
    for corner, sides in ((before, (rows, columns)), (after, (1, 1))):
        high, wide = unit * sides[0], unit * sides[1]
        place = (corner[0], corner[1] - high)
        ax.add_patch(Rectangle(place, wide, high, facecolor="C1", edgecolor="C1", zorder=3))
    for start, end in ((top, y), (top - unit * rows, y - unit)):
        ax.plot((left + unit * columns, x), (start, end), color="C1", linewidth=1, zorder=3)


def _described(step: Step) -> str:
    """Name a layer by its window, and a convolution by its channels too."""
    name = f"{step.layer.kind} {by(step.layer.geometry[0])}"
    if step.layer.kind == "pooling":
        return name
    return f"{name}, {step.given.channels} to {step.output.channels}"


def _draw_share(ax: Axes, start: tuple[float, float], part: int, total: int, color: str) -> None:
    """Draw a bar for a part of a total, and write both beside it."""
    x, y = start
    wide = 0.6 * part / total
    ax.add_patch(Rectangle((x, y - 0.07), wide, 0.14, facecolor=color, linewidth=0))
    text = f"{part:,} ({part / total:.0%})" if part else "0"
    _write(ax, x + wide + 0.06, y, text, ha="left", color="black" if part else "0.5")
