"""Inference against scipy and the shapes that are traced."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from mathlib.architecture import trace
from mathlib.inference import ConvolutionParameters, initialise, run
from mathlib.layers import Convolution, FeatureMaps, MaxPooling

IMAGE = FeatureMaps(3, 32, 32)

POOL = MaxPooling()

NETWORK = (Convolution(5, 16), POOL, Convolution(3, 32), POOL, Convolution(3, 64))


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


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_run_keeps_the_type_of_its_arrays(dtype):
    banks = [
        ConvolutionParameters(bank.weights.astype(dtype), bank.biases.astype(dtype))
        for bank in initialise(IMAGE, NETWORK, np.random.default_rng(3))
    ]
    outputs = run(NETWORK, banks, np.ones((1, 3, 32, 32), dtype))
    assert {array.dtype for array in outputs} == {np.dtype(dtype)}


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
            "images must have the shape (sample, channel, row, column), got (3, 32, 32)",
        ),
        (
            lambda: run(NETWORK, BANKS[:2], IMAGES),
            ValueError,
            "parameters must be 3, one for each convolution, got 2",
        ),
        (
            lambda: run(NETWORK, BANKS[::-1], IMAGES),
            ValueError,
            "weights must have the shape (16, 3, 5, 5), got (64, 32, 3, 3) (layer 1, conv)",
        ),
        (
            lambda: run(NETWORK[:1], BANKS[:1], IMAGES.astype(np.float32)),
            TypeError,
            (
                "weights must hold float32 numbers for float32 images of 3 channels,"
                " got float64 (layer 1, conv)"
            ),
        ),
        (
            lambda: run(NETWORK[1:2], (), np.full((1, 1, 2, 2), np.nan)),
            ValueError,
            "images[0, 0, 0, 0] must be finite, got nan",
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
