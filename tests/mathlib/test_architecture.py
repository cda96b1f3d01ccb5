"""Architectures against arithmetic written out, brute force and the arrays of a real run."""

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from mathlib import architecture
from mathlib.architecture import (
    Candidate,
    Convolution,
    ConvolutionParameters,
    FeatureMaps,
    MaxPooling,
    doubling,
    initialise,
    listing,
    run,
    search,
    smallest,
    trace,
    violations,
    with_filters,
)

IMAGE = FeatureMaps(3, 32, 32)
TARGET = FeatureMaps(64, 4, 4)
POOL = MaxPooling()
NETWORK = (Convolution(5, 16), POOL, Convolution(3, 32), POOL, Convolution(3, 64))

# The three submitted architectures, with the channels that each layer was said to take.
SUBMITTED = (
    (Convolution(3, 16, 2, channels=3), POOL, Convolution(3, 32, 2, channels=16)),
    (
        Convolution(5, 16, 2, channels=3),
        POOL,
        Convolution(5, 32, 2, channels=16),
        Convolution(5, 64, 2, channels=32),
    ),
    (
        Convolution(7, 16, 2, channels=3),
        POOL,
        Convolution(7, 64, 2, channels=32),
        Convolution(7, 64, 2, channels=32),
    ),
)


@st.composite
def networks(draw):
    """Draw layers that fit an input of any size, and the input."""
    maps = FeatureMaps(*(draw(st.integers(1, high)) for high in (3, 14, 14)))
    layers, size = [], maps.size
    for _ in range(draw(st.integers(0, 4))):
        pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
        padding = draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
        pooling = draw(st.booleans())
        padding = (0, 0) if pooling else padding
        window = tuple(
            draw(st.integers(1, min(4, side + 2 * pad)))
            for side, pad in zip(size, padding, strict=True)
        )
        stride = draw(pairs)
        filters = draw(st.integers(1, 3))
        layer = (
            MaxPooling(window, stride) if pooling else Convolution(window, filters, stride, padding)
        )
        layers.append(layer)
        size = trace(maps, layers).output.size
    return maps, layers


@given(networks(), st.integers(0, 2))
def test_a_run_gives_arrays_of_the_traced_shapes_and_numbers_of_entries(network, samples):
    start, layers = network
    traced = trace(start, layers)
    generator = np.random.default_rng(0)
    banks = initialise(start, layers, generator)
    images = generator.standard_normal((samples, start.channels, *start.size))
    outputs = run(layers, banks, images)
    assert [maps.shape for maps in outputs] == [
        (samples, step.output.channels, *step.output.size) for step in traced.steps
    ]
    assert traced.parameters == sum(bank.weights.size + bank.biases.size for bank in banks)
    convolutions = [step for step in traced.steps if step.layer.kind == "conv"]
    assert [(step.weights, step.biases) for step in convolutions] == [
        (bank.weights.size, bank.biases.size) for bank in banks
    ]


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


@given(networks())
def test_the_receptive_field_is_where_an_input_entry_reaches_an_output_entry(network):
    _, layers = network
    # Far from every edge: the first output entry that sees no padding, and its neighbour.
    start = FeatureMaps(1, 400, 1)
    layers = [
        Convolution((layer.geometry[0][0], 1), 1, (layer.geometry[1][0], 1))
        if layer.kind == "conv"
        else MaxPooling((layer.geometry[0][0], 1), (layer.geometry[1][0], 1))
        for layer in layers
    ]
    reached = [{row} for row in range(start.rows)]
    for layer in layers:
        (window, _), (stride, _), _ = layer.geometry
        reached = [
            set().union(*reached[first : first + window])
            for first in range(0, len(reached) - window + 1, stride)
        ]
    traced = trace(start, layers)
    if traced.steps:
        assert (
            len(range(min(reached[0]), max(reached[0]) + 1)) == traced.steps[-1].receptive_field[0]
        )
        assert min(reached[1]) - min(reached[0]) == traced.steps[-1].spacing[0]


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


def brute_force(size, target, kernels, first, floor):
    """Try every sequence of layers up to a length that no sequence can reach."""
    found = set()
    for length in range(1, 12):
        conv_first = [(index % 2 == 0) == (first == "conv") for index in range(length)]
        for layers in product(*[kernels if conv else ("pool",) for conv in conv_first]):
            sides = [size]
            for layer in layers:
                side = sides[-1]
                if layer != "pool":
                    side = side - layer + 1
                elif floor or side % 2 == 0:
                    side = side // 2
                else:
                    side = 0
                if side < target:
                    break
                sides.append(side)
            else:
                if sides[-1] == target:
                    found.add((layers, tuple(sides[1:])))
    return found


@pytest.mark.parametrize("floor", [False, True])
@pytest.mark.parametrize("first", ["conv", "pooling"])
@pytest.mark.parametrize(
    ("size", "target", "kernels"),
    [(32, 4, (3, 5, 7)), (28, 1, (2, 3, 4, 5)), (33, 2, (1, 3, 6)), (9, 3, (2, 3)), (6, 6, (1, 2))],
)
def test_the_search_finds_what_brute_force_finds(size, target, kernels, first, floor):
    found = search(size, target, kernels, first=first, floor=floor)
    named = [
        (tuple(side if kind == "conv" else "pool" for kind, side in one.windows), one.sizes)
        for one in found
    ]
    assert len(set(named)) == len(named)
    assert set(named) == brute_force(size, target, kernels, first, floor)


def test_five_sequences_solve_the_problem_two_of_them_without_dropping_a_row():
    even, floored = search(), search(floor=True)
    # 32-4=28, 14, 14-2=12, 6, 6-2=4 and 28, 14, 14-6=8, 4.
    assert [found.kernels for found in even] == [(5, 3, 3), (5, 7)]
    assert [found.sizes for found in even] == [(28, 14, 12, 6, 4), (28, 14, 8, 4)]
    assert [found.kernels for found in floored] == [(3, 3, 3), (3, 7), (5, 3, 3), (5, 7), (7, 5)]


def test_the_search_only_gives_sequences_that_break_no_rule():
    for first, floor in product(("conv", "pooling"), (False, True)):
        found = search(first=first, floor=floor)
        assert found
        for candidate in found:
            layers = with_filters(candidate, doubling(len(candidate.kernels)))
            assert layers[0].kind == first
            assert violations(IMAGE, layers, TARGET) == ()
            steps = trace(IMAGE, layers).steps
            assert tuple(step.output.rows for step in steps) == candidate.sizes
            assert floor or all(step.dropped == (0, 0) for step in steps)


def test_a_kernel_named_twice_is_tried_once():
    assert search(kernels=[5, 3, 5, 3]) == search(kernels=[5, 3])


def test_a_kernel_too_large_is_passed_over_for_the_next_one():
    assert [found.kernels for found in search(8, 6, [9, 3])] == [(3,)]


def test_a_candidate_reads_as_its_layers():
    assert str(search()[1]) == "conv 5x5, pooling 2x2, conv 7x7, pooling 2x2"


def test_nothing_is_found_where_nothing_fits():
    assert search(5, 4) == ()
    assert search(1, 1, (2, 3)) == ()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"size": 0}, ValueError, "size is 0; required at least 1"),
        ({"target": 0}, ValueError, "target is 0; required at least 1"),
        ({"kernels": (3, 0)}, ValueError, "kernel is 0; required at least 1"),
        ({"kernels": (3, 2.5)}, TypeError, "kernel is 2.5; required an integer"),
        ({"first": "pool"}, ValueError, "first is 'pool'; required 'conv' or 'pooling'"),
    ],
)
def test_a_search_for_what_makes_no_sense_is_refused(arguments, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        search(**arguments)


def test_filters_double_up_to_the_last():
    assert doubling(1) == (64,)
    assert doubling(3) == (16, 32, 64)
    assert doubling(4, 24) == (3, 6, 12, 24)


def test_filters_that_cannot_be_halved_are_refused():
    with pytest.raises(ValueError, match=r"^12 filters cannot be halved 3 times$"):
        doubling(4, 12)
    with pytest.raises(ValueError, match=r"^convolutions is 0; required at least 1$"):
        doubling(0)


def test_filters_are_given_to_the_convolutions_in_order():
    layers = with_filters(search()[0], [16, 32, 64])
    assert layers == NETWORK


@pytest.mark.parametrize("filters", [[32], [16, 32, 48, 64]])
def test_each_convolution_needs_a_number_of_filters(filters):
    message = (
        f"{len(filters)} numbers of filters given; required 3, one for each convolution of"
        " conv 5x5, pooling 2x2, conv 3x3, pooling 2x2, conv 3x3"
    )
    with pytest.raises(ValueError, match=f"^{message}$"):
        with_filters(search()[0], filters)


def test_the_smallest_has_the_fewest_parameters_for_the_given_filters():
    found = search(floor=True)
    # 3*3*3*16+16 + 3*3*16*32+32 + 3*3*32*64+64 = 448 + 4640 + 18496 = 23584.
    layers = smallest(found, IMAGE)
    assert layers == with_filters(found[0], (16, 32, 64))
    assert trace(IMAGE, layers).parameters == 23584
    # With 1 filter in front of 64, two convolutions beat three: 7*7*3+1 + 5*5*64+64 = 1812,
    # against 3*3*3+1 + 3*3*1*64+64 + 3*3*64*64+64.
    few = smallest(found, IMAGE, lambda convolutions: (1, *[64] * (convolutions - 1)))
    assert few == (Convolution(7, 1), POOL, Convolution(5, 64), POOL)


def test_of_several_smallest_the_first_is_returned():
    found = [
        Candidate((("conv", 3), ("pooling", 2)), (30, 15)),
        Candidate((("conv", 3),), (30,)),
    ]
    assert smallest(found, IMAGE) == (Convolution(3, 64), POOL)


def test_the_smallest_of_none_is_refused():
    with pytest.raises(ValueError, match=r"^no candidate given; required at least one$"):
        smallest([], IMAGE)


def test_the_problems_rules_are_kept_by_a_network_that_solves_it():
    assert violations(IMAGE, NETWORK, TARGET) == ()


def test_the_first_submission_uses_stride_two_and_ends_too_small():
    assert [str(found) for found in violations(IMAGE, SUBMITTED[0], TARGET)] == [
        "stride 2x2; required 1x1 (layer 1, conv)",
        "stride 2x2; required 1x1 (layer 3, conv)",
        "the output is 3x3, 32 feature maps; required 4x4, 64 feature maps",
    ]


def test_the_second_submission_has_two_convolutions_in_a_row_and_the_last_does_not_fit():
    found = violations(IMAGE, SUBMITTED[1], TARGET)
    assert [(one.rule, one.layer) for one in found] == [
        ("stride", 1),
        ("stride", 3),
        ("stride", 4),
        ("alternation", 4),
        ("fit", 4),
    ]
    assert found[3].text == "conv after conv; required the other kind (layer 4, conv)"
    assert found[4].text == (
        "kernel 5x5 does not fit the 2x2 feature map it is applied to (layer 4, conv)"
    )


def test_the_third_submission_does_not_chain_and_does_not_fit():
    found = violations(IMAGE, SUBMITTED[2], TARGET)
    assert [(one.rule, one.layer) for one in found] == [
        ("stride", 1),
        ("stride", 3),
        ("channels", 3),
        ("fit", 3),
        ("stride", 4),
        ("alternation", 4),
    ]
    assert found[2].text == (
        "channels: designed for 32 input feature maps, given 16 (layer 3, conv)"
    )
    assert found[3].text == (
        "kernel 7x7 does not fit the 6x6 feature map it is applied to (layer 3, conv)"
    )


def test_the_first_submissions_pooling_gives_seven_rows_of_fifteen():
    traced = trace(IMAGE, SUBMITTED[0])
    assert [step.output.rows for step in traced.steps] == [15, 7, 3]
    assert [step.dropped for step in traced.steps] == [(1, 1), (1, 1), (0, 0)]
    assert traced.parameters == 448 + 4640


def test_padding_pooling_and_neighbours_are_judged():
    layers = [
        Convolution(3, 4, 1, (0, 1)),
        MaxPooling(3, 2),
        MaxPooling(2, (2, 1)),
        Convolution((1, 3), 64),
    ]
    found = violations(FeatureMaps(3, 13, 13), layers, FeatureMaps(64, 2, 3))
    assert [str(one) for one in found] == [
        "padding 0x1; required none (layer 1, conv)",
        "pooling window 3x3; required 2x2 (layer 2, pooling)",
        "stride 2x1; required 2x2 (layer 3, pooling)",
        "pooling after pooling; required the other kind (layer 3, pooling)",
    ]
    assert [one.rule for one in found] == ["padding", "pooling", "stride", "alternation"]


def test_a_channel_mismatch_does_not_hide_what_comes_after_it():
    layers = [Convolution(29, 4), POOL, Convolution(1, 64, channels=5)]
    found = violations(IMAGE, layers, TARGET)
    assert [(one.rule, one.layer) for one in found] == [("channels", 3), ("output", None)]
    assert found[1].text == "the output is 2x2, 64 feature maps; required 4x4, 64 feature maps"


def test_a_pooling_window_that_does_not_fit_is_a_violation():
    (found,) = violations(FeatureMaps(1, 1, 2), [POOL], FeatureMaps(1, 1, 1))
    assert found.rule == "fit"
    assert found.text == (
        "pooling window 2x2 does not fit the 1x2 feature map it is applied to (layer 1, pooling)"
    )


def test_no_layers_break_only_the_rule_of_the_output():
    (found,) = violations(IMAGE, [], TARGET)
    assert (found.rule, found.layer) == ("output", None)


@pytest.mark.parametrize(
    ("layers", "error", "message"),
    [
        (
            SUBMITTED[1],
            ValueError,
            "kernel 5x5 does not fit the 2x2 feature map it is applied to (layer 4, conv)",
        ),
        (
            SUBMITTED[2],
            ValueError,
            "channels: designed for 32 input feature maps, given 16 (layer 3, conv)",
        ),
        (
            [Convolution(32, 1), Convolution((2, 1), 1)],
            ValueError,
            "kernel 2x1 does not fit the 1x1 feature map it is applied to (layer 2, conv)",
        ),
        (
            [POOL, "pool"],
            TypeError,
            "layer 2 is 'pool'; required a Convolution or a MaxPooling",
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


def test_violations_refuse_what_is_no_layer():
    with pytest.raises(TypeError, match=r"^layer 1 is 5; required a Convolution or a MaxPooling$"):
        violations(IMAGE, [5], TARGET)


def test_the_reason_stands_behind_the_error_that_names_the_layer():
    with pytest.raises(ValueError, match=r"\(layer 1, conv\)$") as raised:
        trace(FeatureMaps(1, 2, 2), [Convolution(5, 1)])
    assert str(raised.value.__cause__) == (
        "kernel 5x5 does not fit the 2x2 feature map it is applied to"
    )


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: FeatureMaps(0, 4, 4), ValueError, "channels is 0; required at least 1"),
        (lambda: FeatureMaps(1, 0, 4), ValueError, "feature map is 0; required at least 1"),
        (lambda: Convolution(0, 1), ValueError, "kernel is 0; required at least 1"),
        (lambda: Convolution(3, 0), ValueError, "filters is 0; required at least 1"),
        (lambda: Convolution(3, 1, 0), ValueError, "stride is 0; required at least 1"),
        (lambda: Convolution(3, 1, 1, -1), ValueError, "padding is -1; required at least 0"),
        (
            lambda: Convolution(3, 1, channels=0),
            ValueError,
            "channels is 0; required at least 1",
        ),
        (lambda: Convolution(3, 2.0), TypeError, "filters is 2.0; required an integer"),
        (lambda: MaxPooling(0), ValueError, "pooling window is 0; required at least 1"),
        (lambda: MaxPooling(2, 0), ValueError, "stride is 0; required at least 1"),
    ],
)
def test_a_record_that_makes_no_sense_is_refused(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()


def test_weights_are_drawn_with_variance_two_over_the_inputs_of_a_filter():
    layers = [Convolution((5, 2), 400), POOL, Convolution(3, 50)]
    first, second = initialise(FeatureMaps(7, 32, 32), layers, np.random.default_rng(7))
    for bank, inputs in ((first, 7 * 5 * 2), (second, 400 * 3 * 3)):
        assert bank.weights.std() == pytest.approx(np.sqrt(2 / inputs), rel=0.02)
        assert abs(bank.weights.mean()) < 4 * bank.weights.std() / np.sqrt(bank.weights.size)
        assert not bank.biases.any()
    assert first.weights.shape == (400, 7, 5, 2)
    assert second.biases.shape == (50,)


def test_the_same_generator_state_gives_the_same_parameters():
    first, again = (initialise(IMAGE, NETWORK, np.random.default_rng(3)) for _ in range(2))
    assert all(np.array_equal(a.weights, b.weights) for a, b in zip(first, again, strict=True))


def test_parameters_are_double_precision_unless_asked_otherwise():
    for dtype, arguments in ((np.float64, ()), (np.float32, (np.float32,))):
        banks = initialise(IMAGE, NETWORK, np.random.default_rng(3), *arguments)
        images = np.ones((1, 3, 32, 32), dtype)
        outputs = run(NETWORK, banks, images)
        arrays = [array for bank in banks for array in (bank.weights, bank.biases)]
        assert {array.dtype for array in (*arrays, *outputs)} == {np.dtype(dtype)}


def test_a_run_convolves_rectifies_and_pools():
    generator = np.random.default_rng(9)
    X = generator.standard_normal((1, 2, 8, 9))
    layers = [Convolution((3, 2), 2, (2, 1), (1, 0)), MaxPooling((1, 2), (1, 3))]
    (bank,) = initialise(FeatureMaps(2, 8, 9), layers, generator)
    bank = ConvolutionParameters(bank.weights, np.array([0.5, -0.25]))
    frame = np.pad(X[0], ((0, 0), (1, 1), (0, 0)))
    Z = np.stack(
        [
            signal.correlate(frame, kernel, "valid")[0, ::2] + bias
            for kernel, bias in zip(bank.weights, bank.biases, strict=True)
        ]
    )
    A = np.where(Z > 0, Z, 0)
    P = np.stack([A[..., [0, 3, 6]], A[..., [1, 4, 7]]]).max(axis=0)
    convolved, pooled = run(layers, [bank], X)
    assert (Z < 0).any()
    np.testing.assert_allclose(convolved[0], A, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(pooled[0], P, rtol=1e-12, atol=1e-12)


BANKS = initialise(IMAGE, NETWORK, np.random.default_rng(0))
IMAGES = np.ones((1, 3, 32, 32))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: run(NETWORK, BANKS, IMAGES[0]),
            ValueError,
            "images has shape (3, 32, 32); required 4 axes (sample, channel, row, column)",
        ),
        (
            lambda: run(NETWORK, BANKS[:2], IMAGES),
            ValueError,
            "parameters of 2 convolutions given; the layers have 3",
        ),
        (
            lambda: run(NETWORK, BANKS[::-1], IMAGES),
            ValueError,
            "weights has shape (64, 32, 3, 3); required (16, 3, 5, 5) (layer 1, conv)",
        ),
        (
            lambda: run(NETWORK[:1], BANKS[:1], IMAGES.astype(np.float32)),
            TypeError,
            "weights is float64; required float32, as the images are (layer 1, conv)",
        ),
        (
            lambda: run(NETWORK[1:2], (), np.full((1, 1, 2, 2), np.nan)),
            ValueError,
            "images is nan at (0, 0, 0, 0); required finite entries (layer 1, pooling)",
        ),
        (
            lambda: run(NETWORK[::-1], BANKS[::-1], IMAGES[..., :2, :2]),
            ValueError,
            "kernel 3x3 does not fit the 2x2 feature map it is applied to (layer 1, conv)",
        ),
    ],
)
def test_a_run_that_cannot_be_is_refused_with_the_reason(call, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call()


def test_everything_public_is_named():
    defined = {
        name
        for name, value in vars(architecture).items()
        if getattr(value, "__module__", None) == architecture.__name__ and not name.startswith("_")
    }
    assert set(architecture.__all__) == defined | {"Layer"}
