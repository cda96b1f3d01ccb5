"""The rules of the problem, on the submitted architectures and others."""

import pytest

from mathlib.layers import Convolution, FeatureMaps, MaxPooling
from mathlib.rules import violations

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


def test_the_problems_rules_are_kept_by_a_network_that_solves_it():
    assert violations(IMAGE, NETWORK, TARGET) == ()


def test_the_first_submission_uses_stride_two_and_ends_too_small():
    assert [str(found) for found in violations(IMAGE, SUBMITTED[0], TARGET)] == [
        "stride must be 1x1, got 2x2 (layer 1, conv)",
        "stride must be 1x1, got 2x2 (layer 3, conv)",
        "the output must be 4x4, 64 feature maps, got 3x3, 32 feature maps",
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
    assert found[3].text == "layer after conv must be of another kind, got conv (layer 4, conv)"
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
        "channels must be 32, for which the layer is designed, got 16 (layer 3, conv)"
    )
    assert found[3].text == (
        "kernel 7x7 does not fit the 6x6 feature map it is applied to (layer 3, conv)"
    )


def test_padding_pooling_and_neighbours_are_judged():
    layers = [
        Convolution(3, 4, 1, (0, 1)),
        MaxPooling(3, 2),
        MaxPooling(2, (2, 1)),
        Convolution((1, 3), 64),
    ]
    found = violations(FeatureMaps(3, 13, 13), layers, FeatureMaps(64, 2, 3))
    assert [str(one) for one in found] == [
        "padding must be 0x0, got 0x1 (layer 1, conv)",
        "pooling window must be 2x2, got 3x3 (layer 2, pooling)",
        "stride must be 2x2, got 2x1 (layer 3, pooling)",
        "layer after pooling must be of another kind, got pooling (layer 3, pooling)",
    ]
    assert [one.rule for one in found] == ["padding", "pooling", "stride", "alternation"]


def test_a_channel_mismatch_does_not_hide_what_comes_after_it():
    layers = [Convolution(29, 4), POOL, Convolution(1, 64, channels=5)]
    found = violations(IMAGE, layers, TARGET)
    assert [(one.rule, one.layer) for one in found] == [("channels", 3), ("output", None)]
    assert found[1].text == "the output must be 4x4, 64 feature maps, got 2x2, 64 feature maps"


def test_a_pooling_window_that_does_not_fit_is_a_violation():
    (found,) = violations(FeatureMaps(1, 1, 2), [POOL], FeatureMaps(1, 1, 1))
    assert found.rule == "fit"
    assert found.text == (
        "pooling window 2x2 does not fit the 1x2 feature map it is applied to (layer 1, pooling)"
    )


def test_no_layers_break_only_the_rule_of_the_output():
    (found,) = violations(IMAGE, [], TARGET)
    assert (found.rule, found.layer) == ("output", None)


def test_violations_refuse_what_is_no_layer():
    with pytest.raises(TypeError, match=r"^layer 1 must be a Convolution or a MaxPooling, got 5$"):
        violations(IMAGE, [5], TARGET)
