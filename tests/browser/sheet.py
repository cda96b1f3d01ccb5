"""Figures of the main families of matplotlib's gallery."""

import numpy as np
from matplotlib import patches, patheffects
from matplotlib import pyplot as plt
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.sankey import Sankey

__all__ = ["FIGURES", "curves"]

SMALL = {"figsize": (4, 3)}
GRID = np.meshgrid(np.linspace(-2, 2, 16), np.linspace(-2, 2, 16))


def chance():
    return np.random.default_rng(1)


def curves():
    """Draw curves, bars, texts, a legend and an arrow."""
    drawing, (left, right) = plt.subplots(1, 2, figsize=(6, 3))
    x = np.linspace(0, 6, 40)
    for shift in range(4):
        left.plot(x, np.sin(x + shift), label=f"line {shift}")
    left.legend()
    left.set(title="Curves & $x^2$", xlabel="x label", ylabel="y label")
    left.grid(visible=True)
    right.bar(range(4), [1, 3, 2, 4], hatch="//", edgecolor="black")
    right.text(0.1, 3.2, "text in axes")
    right.annotate("arrow", (2, 2), (0.2, 2.6), arrowprops={"arrowstyle": "->"})
    drawing.suptitle("A title")


def scatter(axes):
    axes.scatter(*chance().normal(size=(2, 60)), c="k")
    shown = axes.scatter(*chance().normal(size=(2, 40)), c=np.arange(40), s=60)
    axes.scatter(0, 0, s=200, facecolor="white", edgecolor="k")
    axes.figure.colorbar(shown, label="colour")


def hatches(axes):
    for index, hatch in enumerate(["/", "\\", "|", "-", "+", "x", "o", "O", ".", "*"]):
        face = ["none", "C0", "white"][index % 3]
        axes.bar(index, index + 1, hatch=hatch, facecolor=face, edgecolor="k")


def pie(axes):
    axes.pie([3, 2, 5], labels=["Frogs", "Hogs", "Dogs"], autopct="%1.0f%%", shadow=True)


def heat(axes):
    data = chance().random((6, 8))
    axes.imshow(data)
    for (row, column), value in np.ndenumerate(data):
        colour = "w" if value < 0.5 else "k"
        axes.text(column, row, f"{value:.1f}", ha="center", va="center", color=colour, size=8)


def mesh(axes):
    axes.figure.colorbar(axes.pcolormesh(chance().random((8, 8))))
    axes.text(4, 4, "over", color="k", size=20)


def gouraud(axes):
    axes.pcolormesh(range(5), range(5), chance().random((5, 5)), shading="gouraud")


def contours(axes):
    x, y = GRID
    filled = axes.contourf(x, y, x * np.exp(-(x**2) - y**2))
    axes.clabel(axes.contour(x, y, x * np.exp(-(x**2) - y**2), colors="k"))
    axes.figure.colorbar(filled)


def arrows(axes):
    x, y = GRID
    key = axes.quiver(x[::2, ::2], y[::2, ::2], np.cos(x[::2, ::2]), np.sin(y[::2, ::2]))
    axes.quiverkey(key, 0.8, 1.05, 2, "2 m/s")


def barbs(axes):
    axes.barbs(*np.meshgrid(range(5), range(5)), *np.meshgrid(np.arange(5) * 10, np.arange(5) * 9))


def streams(axes):
    x, y = GRID
    axes.streamplot(x[0], x[0], -1 - x**2 + y, 1 + x - y**2, color=y, density=0.6)


def bands(axes):
    x = np.linspace(0, 6, 40)
    axes.fill_between(x, np.sin(x), np.cos(x), alpha=0.3)
    axes.fill_between(x, -2, -1.5, color="k", alpha=0.2)
    axes.axvspan(2, 3, color="C1", alpha=0.5)
    axes.axhline(0, ls="--", color="k")


def errors(axes):
    axes.errorbar(range(5), range(5), yerr=0.5, xerr=0.2, fmt="o", capsize=4, ecolor="k")


def boxes(axes):
    data = chance().normal(size=(50, 3))
    axes.boxplot(data, patch_artist=True, notch=True)
    axes.violinplot(data, positions=[4, 5, 6], showmedians=True)


def table(axes):
    axes.axis("off")
    colours = [["0.9", "w"], ["wheat", "0.7"]]
    axes.table([["1", "2"], ["3", "4"]], colLabels=["c", "d"], loc="center", cellColours=colours)


def labels(axes):
    axes.set(xlim=(0, 10), ylim=(0, 10))
    pairs = [("wheat", "k"), ("k", "w"), ("w", "k"), ("0.8", "k"), ("none", "k")]
    for index, (face, colour) in enumerate(pairs):
        place = (1 + 4 * (index % 2), 1 + 3 * (index // 2))
        axes.text(*place, "box", color=colour, bbox={"boxstyle": "round", "fc": face})
    arrow = {"arrowstyle": "fancy", "fc": "0.6", "connectionstyle": "arc3,rad=.3"}
    axes.annotate("fancy", (9, 9), (5, 9.5), bbox={"fc": "C2"}, arrowprops=arrow)


def clipped(axes):
    image = axes.imshow(np.outer(np.arange(20), np.ones(20)))
    image.set_clip_path(patches.Circle((10, 10), 8, transform=axes.transData))


def gradient(axes):
    axes.set(xlim=(0, 4), ylim=(0, 4), autoscale_on=False)
    for x in range(4):
        extent = (x + 0.1, x + 0.9, 0, x + 1)
        axes.imshow([[1.0, 1], [0, 0]], extent=extent, aspect="auto", interpolation="bicubic")


def texts(axes):
    axes.text(0.1, 0.1, "rotated", rotation=45)
    axes.text(0.4, 0.6, "multi\nline text", ha="center", bbox={})
    axes.text(0.6, 0.2, r"$\sum_{i=0}^\infty \frac{x_i}{2}$", size=16)
    axes.text(0.7, 0.8, r"$\alpha\mathcal{L}\mathbb{R}$", rotation=90, color="C1")
    axes.text(0.2, 0.85, r"$\left(\frac{a}{b}\right)^2\sqrt{2}$", size=18)


def framed(axes):
    axes.plot([1, 2], label="one")
    axes.fill_between([0, 1], [0, 1], label="two", color="k")
    axes.legend(frameon=True, facecolor="wheat", shadow=True, title="Legend")


def outer(axes):
    axes.plot([1, 2], label="one")
    axes.figure.legend(loc="center right")


def twins(axes):
    axes.plot([1, 2])
    axes.twinx().plot([2, 1], color="C1")
    inner = axes.inset_axes([0.5, 0.1, 0.4, 0.3])
    inner.plot([1, 2], "k")
    axes.indicate_inset_zoom(inner)


def collections(axes):
    lines = [[(0, index), (5, index + 1)] for index in range(6)]
    axes.add_collection(LineCollection(lines, linewidths=3, array=np.arange(6)))
    places = {"offsets": [(1, 1), (2, 3)], "offset_transform": axes.transData}
    axes.add_collection(EllipseCollection([1, 2], [2, 1], [0, 30], units="x", **places))
    axes.autoscale()


def hexagons(axes):
    axes.hexbin(*chance().normal(size=(2, 400)), gridsize=12)


def steps(axes):
    axes.stem([1, 3, 2])
    axes.stairs([1, 3, 2], [3, 4, 5, 6], fill=True)
    axes.stackplot([7, 8, 9], [1, 2, 3], [2, 1, 1], [1, 1, 2])
    axes.eventplot([[1, 2], [2.5, 6]], colors=["k", "C1"])
    axes.broken_barh([(1, 2)], (4, 0.5), facecolors="k")


def sankey(axes):
    Sankey(ax=axes, flows=[0.25, 0.15, 0.6, -0.2, -0.8], orientations=[-1, 1, 0, 1, 0]).finish()


def shapes(axes):
    axes.set(xlim=(0, 10), ylim=(0, 6))
    axes.add_patch(patches.Circle((1, 1), 0.8, fc="k"))
    axes.add_patch(patches.Wedge((4, 1), 0.9, 30, 300, fc="C1"))
    axes.add_patch(patches.RegularPolygon((7, 1.5), 5, radius=1, fc="none", ec="k", lw=3))
    axes.add_patch(patches.FancyBboxPatch((4, 3.5), 2, 1, fc="w"))
    axes.add_patch(patches.FancyArrow(7, 4, 2, 0, width=0.2, color="k"))
    axes.add_patch(patches.Rectangle((0.2, 2.5), 2, 0.8, fc="0.2", ec="w", ls="--"))


def effects(axes):
    outline = [patheffects.withStroke(linewidth=4, foreground="w")]
    axes.text(0.1, 0.5, "outlined", size=30, path_effects=outline, color="C0")
    axes.plot([0, 1], path_effects=[patheffects.SimpleLineShadow(), patheffects.Normal()])


def masked(axes):
    axes.imshow(np.where(np.eye(6) > 0, np.nan, chance().random((6, 6))))


def pixels(axes):
    axes.plot([0, 1], "ko-", rasterized=True)


def triangles(axes):
    x, y = chance().random((2, 20))
    axes.tripcolor(x, y, x, alpha=0.7)
    axes.triplot(x, y, "ko-")


def night(axes):
    axes.set_facecolor("k")
    axes.plot([0, 1], "w")
    axes.set_title("outside")


def faint(axes):
    axes.scatter(*chance().normal(size=(2, 300)), alpha=0.02, s=400, lw=0)


def logarithmic(axes):
    axes.loglog([1, 1e6], [1e-3, 1e3])
    axes.grid(which="both")


def surface(axes):
    axes.plot_surface(*GRID, GRID[0] * GRID[1], cmap="viridis")
    axes.bar3d([0, 1, 2], [0, 1, 2], 4, 0.6, 0.6, [1, 2, 3])
    axes.plot_wireframe(GRID[0], GRID[1], -4 + 0 * GRID[0], color="k")


def turned(axes):
    axes.plot(np.linspace(0, 6, 50), np.linspace(0, 6, 50))
    axes.bar([0, 1, 2], [2, 4, 6], width=0.5, alpha=0.5)


def _alone(draw, projection=None):
    """Return what draws on axes of a figure of their own."""
    return lambda: draw(plt.subplots(**SMALL, subplot_kw={"projection": projection})[1])


FLAT = [
    *(scatter, hatches, pie, heat, mesh, gouraud, contours, arrows, barbs, streams, bands, errors),
    *(
        boxes,
        table,
        labels,
        clipped,
        gradient,
        texts,
        framed,
        outer,
        twins,
        collections,
        hexagons,
        steps,
    ),
    *(sankey, shapes, effects, masked, pixels, triangles, night, faint, logarithmic),
]
FIGURES = {draw.__name__: _alone(draw) for draw in FLAT} | {
    "curves": curves,
    "surface": _alone(surface, "3d"),
    "turned": _alone(turned, "polar"),
}
