"""The markers of figures, drawn where they stand."""

import re

import pytest
from matplotlib import pyplot as plt

from literate.run.figure import draw

pytestmark = pytest.mark.usefixtures("style")

POINTS = [(0, 0), (1, 3), (2, 1), (4, 4)]


def plotted(**options):
    """Draw points alone, on a page of 100 by 100 points."""
    drawing = plt.figure(figsize=(100 / 72, 100 / 72))
    drawing.patch.set_visible(False)
    axes = drawing.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 10), ylim=(0, 10))
    axes.axis("off")
    axes.scatter(*zip(*POINTS, strict=True), clip_on=False, **options)
    return draw(drawing).svg


def places(svg):
    """Return where each square begins, in the points of the axes, from the first on."""
    starts = [(float(x), float(y)) for x, y in re.findall(r"M(-?[\d.]+) ?(-?[\d.]+)", svg)]
    (x0, y0), *_ = starts
    return [((x - x0) / 10, (y0 - y) / 10) for x, y in starts]


def test_markers_stand_where_their_points_are():
    svg = plotted(marker="s", s=16, linewidth=0)

    assert "<use" not in svg
    assert "<defs" not in svg
    for found, expected in zip(places(svg), POINTS, strict=True):
        assert found == pytest.approx(expected, abs=0.01)


def test_markers_that_look_the_same_are_one_path():
    assert plotted(marker="s", linewidth=0).count("<path") == 1
    assert plotted(marker="x").count("<path") == 1


@pytest.mark.parametrize(
    "options",
    [
        {"edgecolor": "black", "color": "red"},
        {"alpha": 0.5},
        {"c": ["red", "blue", "red", "blue"]},
    ],
    ids=["an edge of another colour", "one shines through", "two colours"],
)
def test_markers_that_would_look_otherwise_as_one_stay_apart(options):
    options = {"facecolor": options.pop("color"), **options} if "color" in options else options

    assert plotted(marker="s", **options).count("<path") == len(POINTS)


def test_a_marker_keeps_the_colours_of_its_place():
    svg = plotted(marker="s", linewidth=0, c=["#ff0000", "#00ff00", "#0000ff", "#ff0000"])

    assert re.findall(r'fill="(#\w+)"', svg) == ["#ff0000", "#00ff00", "#0000ff", "#ff0000"]
