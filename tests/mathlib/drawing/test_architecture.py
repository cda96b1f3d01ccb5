"""Figures of architectures: what is drawn where, to which scale, and that it is legible."""

import re

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import same_color
from matplotlib.patches import Polygon, Rectangle

from mathlib.architecture import trace
from mathlib.drawing.architecture import draw_costs, draw_feature_maps
from mathlib.layers import Convolution, FeatureMaps, MaxPooling

from .axes import words

IMAGE = FeatureMaps(3, 32, 32)
POOL = MaxPooling()
THREE = trace(IMAGE, [Convolution(5, 16), POOL, Convolution(3, 32), POOL, Convolution(3, 64)])
TWO = trace(IMAGE, [Convolution(5, 32), POOL, Convolution(7, 64), POOL])
SMALL = trace(FeatureMaps(3, 8, 8), [POOL])
OBLONG = trace(FeatureMaps(2, 12, 20), [Convolution((3, 5), 4)])
LONG = trace(
    IMAGE,
    [
        *(Convolution(7, 4), POOL, Convolution(7, 8)),
        *(Convolution(3, 8), POOL, Convolution(2, 16)),
    ],
)


def bounds(patches):
    """Return rectangles as rows of left, bottom, width and height."""
    return np.array([patch.get_bbox().bounds for patch in patches])


def fronts(ax):
    """Return the fronts of the blocks."""
    return bounds(box for box in ax.patches if isinstance(box, Rectangle) and not box.get_fill())


def marks(ax):
    """Return windows and entries in turn."""
    return bounds(box for box in ax.patches if isinstance(box, Rectangle) and box.get_fill())


def faces(ax):
    """Return the corners of each block's upper and right face."""
    polygons = [face for face in ax.patches if isinstance(face, Polygon)]
    return [face.get_xy()[:4] for face in polygons if face.get_fill()]


def bars(ax, color):
    """Return the bars of one colour, from the top."""
    return bounds(box for box in ax.patches if same_color(box.get_facecolor(), color))


# Feature maps


def test_each_stack_says_its_size_and_number_and_each_layer_its_kind_and_window():
    assert words(draw_feature_maps(TWO)) == [
        *("32x32", "3 maps", "28x28", "32 maps", "14x14", "32 maps", "8x8", "64 maps"),
        *("4x4", "64 maps", "conv", "5x5", "pooling", "2x2", "conv", "7x7", "pooling", "2x2"),
    ]
    assert words(draw_feature_maps(OBLONG)) == [
        *("12x20", "2 maps", "10x16", "4 maps", "conv", "3x5"),
    ]


def test_sizes_are_bold_and_numbers_are_not():
    weights = {text.get_text(): text.get_weight() for text in draw_feature_maps(SMALL).texts}
    assert weights["8x8"] == "bold"
    assert weights["3 maps"] == weights["pooling"] == "normal"


def test_the_fronts_are_to_scale():
    sides = fronts(draw_feature_maps(THREE))[:, 2:]
    expected = np.array([32, 28, 14, 12, 6, 4]) / 32
    np.testing.assert_allclose(sides / sides[0], np.column_stack([expected, expected]))


def test_a_front_has_the_rows_as_its_height_and_the_columns_as_its_width():
    sides = fronts(draw_feature_maps(OBLONG))[:, 2:]
    np.testing.assert_allclose(sides / sides[0, 0], np.array([[20, 12], [16, 10]]) / 20)


def test_the_depths_are_to_scale():
    ax = draw_feature_maps(THREE)
    upper, side = faces(ax)[::2], faces(ax)[1::2]
    depths = np.array([corners[1, 0] - corners[0, 0] for corners in upper])
    np.testing.assert_allclose(depths / depths[-1], np.array([3, 16, 16, 32, 32, 64]) / 64)
    for front, depth, top, right in zip(fronts(ax), depths, upper, side, strict=True):
        left, bottom, width, height = front
        over, beside = bottom + height, left + width
        np.testing.assert_allclose(
            top,
            [
                (left, over),
                (left + depth, over + depth),
                (beside + depth, over + depth),
                (beside, over),
            ],
        )
        np.testing.assert_allclose(
            right,
            [
                (beside, over),
                (beside + depth, over + depth),
                (beside + depth, bottom + depth),
                (beside, bottom),
            ],
        )


def test_each_face_is_filled_faintly_and_has_an_outline():
    polygons = [face for face in draw_feature_maps(SMALL).patches if isinstance(face, Polygon)]
    looks = [(face.get_fill(), face.get_alpha()) for face in polygons]
    assert looks == [(True, 0.25), (False, None)] * 4
    for filled, outline in zip(polygons[::2], polygons[1::2], strict=True):
        assert same_color(filled.get_facecolor()[:3], "C0")
        np.testing.assert_allclose(filled.get_xy(), outline.get_xy())


@pytest.mark.parametrize("traced", [THREE, TWO, OBLONG, LONG])
def test_the_blocks_stand_beside_each_other_on_one_line(traced):
    ax = draw_feature_maps(traced)
    middles = fronts(ax)[:, 1] + fronts(ax)[:, 3] / 2
    np.testing.assert_allclose(middles, middles[0])
    ends = [right[:, 0].max() for right in faces(ax)[1::2]]
    gaps = fronts(ax)[1:, 0] - ends[:-1]
    assert (gaps > 0).all()


def test_the_first_window_of_a_layer_and_its_entry_lie_in_the_upper_left_corners():
    ax = draw_feature_maps(OBLONG)
    window, entry = marks(ax)
    given, made = fronts(ax)
    unit = given[2] / 20
    np.testing.assert_allclose(
        window, (given[0], given[1] + given[3] - 3 * unit, 5 * unit, 3 * unit)
    )
    np.testing.assert_allclose(entry, (made[0], made[1] + made[3] - unit, unit, unit))


def test_the_style_of_the_day_does_not_colour_faces_and_bars():
    with plt.rc_context({"patch.facecolor": "red"}):
        patches = [*draw_feature_maps(SMALL).patches, *draw_costs(TWO).patches]
    filled = [patch.get_facecolor()[:3] for patch in patches if patch.get_fill()]
    assert not any(same_color(color, "red") for color in filled)


def test_each_layer_has_a_window_and_an_entry():
    ax = draw_feature_maps(TWO)
    sides = marks(ax)[:, 2:] * 32 / fronts(ax)[0, 2]
    np.testing.assert_allclose(sides[:, 0], [5, 1, 2, 1, 7, 1, 2, 1])
    np.testing.assert_allclose(sides[:, 1], sides[:, 0])


def test_lines_lead_from_the_right_corners_of_a_window_to_the_left_corners_of_its_entry():
    ax = draw_feature_maps(OBLONG)
    window, entry = marks(ax)
    starts = window[0] + window[2], (window[1] + window[3], window[1])
    ends = entry[0], (entry[1] + entry[3], entry[1])
    for line, start, end in zip(ax.lines, starts[1], ends[1], strict=True):
        np.testing.assert_allclose(line.get_xydata(), [(starts[0], start), (ends[0], end)])


def test_windows_entries_and_lines_are_orange_and_lie_above_the_blocks():
    ax = draw_feature_maps(SMALL)
    drawn = [box for box in ax.patches if isinstance(box, Rectangle) and box.get_fill()]
    assert all(same_color(box.get_facecolor(), "C1") for box in drawn)
    assert all(same_color(line.get_color(), "C1") for line in ax.lines)
    assert all(same_color(box.get_edgecolor(), "C1") for box in drawn)
    (height,) = {artist.get_zorder() for artist in [*drawn, *ax.lines]}
    assert height > max(face.get_zorder() for face in ax.patches if isinstance(face, Polygon))


def test_six_layers_are_drawn_and_seven_or_none_are_refused():
    assert len(fronts(draw_feature_maps(LONG))) == 7
    text = "number of layers must be 1 to 6, got 7"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        draw_feature_maps(trace(IMAGE, [Convolution(3, 1)] * 7))
    with pytest.raises(ValueError, match=r"^number of layers must be 1 to 6, got 0$"):
        draw_feature_maps(trace(IMAGE, []))


# Costs


def test_costs_name_layers_totals_numbers_and_shares():
    # 75*32 + 32 and 7*7*32*64 + 64 parameters, at 28*28 and 8*8 places.
    assert words(draw_costs(TWO)) == [
        *("layer", "102,848 parameters", "8,304,128 multiply-adds"),
        *("conv 5x5, 3 to 32", "2,432 (2%)", "1,881,600 (23%)"),
        *("pooling 2x2", "0", "0"),
        *("conv 7x7, 32 to 64", "100,416 (98%)", "6,422,528 (77%)"),
        *("pooling 2x2", "0", "0"),
    ]


def test_a_window_that_is_not_square_is_named_with_its_rows_first():
    assert "conv 3x5, 2 to 4" in words(draw_costs(OBLONG))


def test_each_bar_is_the_share_of_its_own_network():
    ax = draw_costs(THREE, TWO)
    parameters = (
        np.array([1216, 0, 4640, 0, 18496]) / 24352,
        np.array([2432, 0, 100416, 0]) / 102848,
    )
    work = np.array([940800, 0, 663552, 0, 294912]) / 1899264
    for color, shares in (("C0", np.concatenate(parameters)), ("C1", work)):
        widths = bars(ax, color)[: len(shares), 2]
        np.testing.assert_allclose(widths / widths.max(), shares / shares.max())


def test_headings_are_bold_and_zeros_are_grey():
    texts = draw_costs(TWO).texts
    assert [text.get_weight() for text in texts] == ["bold"] * 3 + ["normal"] * 12
    for text in texts:
        assert same_color(text.get_color(), "0.5" if text.get_text() == "0" else "black")


def test_text_of_costs_begins_where_it_stands():
    assert {text.get_ha() for text in draw_costs(TWO).texts} == {"left"}
    assert {text.get_va() for text in draw_costs(TWO).texts} == {"center"}
    assert {text.get_ha() for text in draw_feature_maps(TWO).texts} == {"center"}


def test_no_network_and_one_without_parameters_are_refused():
    with pytest.raises(ValueError, match=r"^number of networks must be at least 1, got 0$"):
        draw_costs()
    text = "network 2 must have a convolution, got none"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        draw_costs(TWO, SMALL)
