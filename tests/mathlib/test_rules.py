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


def test_violations_refuse_what_is_no_layer():
    with pytest.raises(TypeError, match=r"^layer 1 is 5; required a Convolution or a MaxPooling$"):
        violations(IMAGE, [5], TARGET)
