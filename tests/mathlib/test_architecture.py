"""Architectures against arithmetic written out, and receptive fields against sets."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlib.architecture import listing, trace
from mathlib.inference import initialise, run
from mathlib.layers import Convolution, FeatureMaps, MaxPooling

IMAGE = FeatureMaps(3, 32, 32)

POOL = MaxPooling()

NETWORK = (Convolution(5, 16), POOL, Convolution(3, 32), POOL, Convolution(3, 64))


def test_parameters_are_weights_and_biases_of_the_convolutions():
    traced = trace(IMAGE, NETWORK)
    assert [step.weights for step in traced.steps] == [
        5 * 5 * 3 * 16,
        0,
        3 * 3 * 16 * 32,
        0,
        3 * 3 * 32 * 64,
    ]
    assert [step.biases for step in traced.steps] == [16, 0, 32, 0, 64]
    assert [step.parameters for step in traced.steps] == [1216, 0, 4640, 0, 18496]
    assert traced.parameters == 1216 + 4640 + 18496


def test_sizes_follow_the_layers():
    steps = trace(IMAGE, NETWORK).steps
    assert [str(step.output) for step in steps] == [
        "28x28, 16 feature maps",
        "14x14, 16 feature maps",
        "12x12, 32 feature maps",
        "6x6, 32 feature maps",
        "4x4, 64 feature maps",
    ]
    assert [step.given for step in steps] == [IMAGE, *(step.output for step in steps[:-1])]
    assert [step.number for step in steps] == [1, 2, 3, 4, 5]
    assert tuple(step.layer for step in steps) == NETWORK


def test_multiply_adds_are_kernel_area_times_channels_for_each_output_entry():
    traced = trace(IMAGE, NETWORK)
    expected = [
        (5 * 5 * 3) * (28 * 28 * 16),
        0,
        (3 * 3 * 16) * (12 * 12 * 32),
        0,
        (3 * 3 * 32) * (4 * 4 * 64),
    ]
    assert [step.multiply_adds for step in traced.steps] == expected
    assert traced.multiply_adds == sum(expected)


def test_a_rectangular_kernel_on_a_rectangular_map_is_counted_along_each_axis():
    (step,) = trace(FeatureMaps(2, 9, 12), [Convolution((2, 5), 3, (1, 3), (0, 1))]).steps
    assert step.output == FeatureMaps(3, 8, 4)
    assert step.weights == 2 * 5 * 2 * 3
    assert step.multiply_adds == (2 * 5 * 2) * (8 * 4 * 3)
    assert step.receptive_field == (2, 5)
    assert step.spacing == (1, 3)
    assert step.dropped == (0, 0)


def test_rows_and_columns_that_fill_no_window_are_reported():
    (step,) = trace(FeatureMaps(1, 15, 14), [POOL]).steps
    assert step.output.size == (7, 7)
    assert step.dropped == (1, 0)
    (step,) = trace(FeatureMaps(1, 8, 8), [Convolution(3, 1, 3, 1)]).steps
    assert step.dropped == (1, 1)


def test_receptive_field_and_spacing_grow_from_layer_to_layer():
    steps = trace(IMAGE, NETWORK).steps
    # 5, then 5 + 1*1, 6 + 2*2, 10 + 1*2, 12 + 2*4.
    assert [step.receptive_field for step in steps] == [(n, n) for n in (5, 6, 10, 12, 20)]
    assert [step.spacing for step in steps] == [(n, n) for n in (1, 2, 2, 4, 4)]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.booleans()), max_size=4))
def test_the_receptive_field_is_where_an_input_entry_reaches_an_output_entry(windows):
    # Far from every edge: the first output entry that sees no padding, and its neighbour.
    layers = [
        Convolution((p, 1), 1, (stride, 1)) if conv else MaxPooling((p, 1), (stride, 1))
        for p, stride, conv in windows
    ]
    reached = [{row} for row in range(400)]
    for p, stride, _ in windows:
        reached = [
            set().union(*reached[first : first + p])
            for first in range(0, len(reached) - p + 1, stride)
        ]
    for step in trace(FeatureMaps(1, 400, 1), layers).steps[-1:]:
        assert max(reached[0]) - min(reached[0]) + 1 == step.receptive_field[0]
        assert min(reached[1]) - min(reached[0]) == step.spacing[0]


def test_no_layers_leave_the_input_as_it_is():
    traced = trace(IMAGE, [])
    assert traced.output == IMAGE
    assert traced.parameters == traced.multiply_adds == 0
    assert run([], (), np.ones((1, 3, 32, 32))) == ()


def test_the_listing_has_the_asked_form():
    expected = """\
input feature map: 32x32, 3 feature maps
conv layer: kernel size 5x5, 3 input feature maps, 16 output feature maps
output conv layer: 28x28, 16 feature maps
pooling layer: 2x2
output pooling layer: 14x14, 16 feature maps
conv layer: kernel size 3x3, 16 input feature maps, 32 output feature maps
output conv layer: 12x12, 32 feature maps
pooling layer: 2x2
output pooling layer: 6x6, 32 feature maps
conv layer: kernel size 3x3, 32 input feature maps, 64 output feature maps
output conv layer: 4x4, 64 feature maps
output: 4x4, 64 feature maps
Total number of learnable parameters (weights and biases): 24352"""
    assert listing(trace(IMAGE, NETWORK)) == expected


def test_the_listing_names_unusual_strides_windows_and_padding():
    layers = [
        Convolution((3, 5), 8, (2, 1), (0, 2)),
        MaxPooling((3, 2), 1),
        Convolution(1, 4, 1, 1),
    ]
    lines = listing(trace(FeatureMaps(1, 9, 9), layers)).splitlines()
    assert lines[1] == (
        "conv layer: kernel size 3x5, 1 input feature maps, 8 output feature maps,"
        " stride 2x1, padding 0x2"
    )
    assert lines[2] == "output conv layer: 4x9, 8 feature maps"
    assert lines[3] == "pooling layer: 3x2, stride 1x1"
    assert lines[5].endswith("4 output feature maps, padding 1x1")


def test_a_network_with_stride_two_drops_rows_in_its_convolutions_and_poolings():
    traced = trace(IMAGE, [Convolution(3, 16, 2), POOL, Convolution(3, 32, 2)])
    assert [step.output.rows for step in traced.steps] == [15, 7, 3]
    assert [step.dropped for step in traced.steps] == [(1, 1), (1, 1), (0, 0)]
    assert traced.parameters == 448 + 4640


@pytest.mark.parametrize(
    ("layers", "error", "message"),
    [
        (
            [Convolution(31, 16), Convolution(5, 32)],
            ValueError,
            "kernel 5x5 does not fit the 2x2 feature map it is applied to (layer 2, conv)",
        ),
        (
            [Convolution(7, 16), POOL, Convolution(7, 64, channels=32)],
            ValueError,
            "channels must be 32, for which the layer is designed, got 16 (layer 3, conv)",
        ),
        (
            [Convolution(32, 1), Convolution((2, 1), 1)],
            ValueError,
            "kernel 2x1 does not fit the 1x1 feature map it is applied to (layer 2, conv)",
        ),
        (
            [POOL, "pool"],
            TypeError,
            "layer 2 must be a Convolution or a MaxPooling, got 'pool'",
        ),
    ],
)
@pytest.mark.parametrize(
    "use",
    [
        trace,
        lambda start, layers: initialise(start, layers, np.random.default_rng(0)),
    ],
)
def test_a_layer_that_cannot_be_applied_is_named(layers, error, message, use):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        use(IMAGE, layers)


def test_the_error_that_names_the_layer_is_chained_to_its_cause():
    with pytest.raises(ValueError, match=r"\(layer 1, conv\)$") as raised:
        trace(FeatureMaps(1, 2, 2), [Convolution(5, 1)])
    assert str(raised.value.__cause__) == (
        "kernel 5x5 does not fit the 2x2 feature map it is applied to"
    )
