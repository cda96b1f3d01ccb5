"""Convolution and pooling against slow loops, scipy and the rules that gradients obey."""

import re
import tracemalloc
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from mathlib import windows
from mathlib.convolution import conv2d, conv2d_backward, max_pool2d, max_pool2d_backward


def framed(images, padding):
    """Put images inside a frame of zeros."""
    top, left = padding
    n, c, h, w = images.shape
    result = np.zeros((n, c, h + 2 * top, w + 2 * left), images.dtype)
    result[:, :, top : top + h, left : left + w] = images
    return result


def slow_conv2d(X, W, b, stride, padding):
    """Convolve one output entry at a time."""
    X = framed(X, padding)
    (f, _, p, q), (S, T) = W.shape, stride
    rows = range(0, X.shape[2] - p + 1, S)
    columns = range(0, X.shape[3] - q + 1, T)
    Z = np.zeros((len(X), f, len(rows), len(columns)))
    for s, g, (i, r), (j, k) in product(
        range(len(X)), range(f), enumerate(rows), enumerate(columns)
    ):
        Z[s, g, i, j] = (X[s, :, r : r + p, k : k + q] * W[g]).sum() + b[g]
    return Z


def slow_conv2d_backward(dZ, X, W, stride, padding):
    """Add each output entry's gradient to the gradients of what the entry was made of."""
    inside = framed(X, padding)
    dX, dW, db = np.zeros(inside.shape), np.zeros(W.shape), np.zeros(len(W))
    (_, _, p, q), (S, T) = W.shape, stride
    for s, g, i, j in np.ndindex(*dZ.shape):
        window = (s, slice(None), slice(i * S, i * S + p), slice(j * T, j * T + q))
        dX[window] += dZ[s, g, i, j] * W[g]
        dW[g] += dZ[s, g, i, j] * inside[window]
        db[g] += dZ[s, g, i, j]
    (top, left), (h, w) = padding, X.shape[2:]
    return dX[:, :, top : top + h, left : left + w], dW, db


def slow_max_pool2d(X, size, stride):
    """Pool one window at a time; return the maxima and where the first of each lies."""
    (p, q), (S, T) = size, stride
    rows = range(0, X.shape[2] - p + 1, S)
    columns = range(0, X.shape[3] - q + 1, T)
    P = np.zeros((*X.shape[:2], len(rows), len(columns)))
    where = {}
    for s, k, (i, r), (j, t) in product(
        range(len(X)), range(X.shape[1]), enumerate(rows), enumerate(columns)
    ):
        best = None
        for u, v in product(range(r, r + p), range(t, t + q)):
            if best is None or X[s, k, u, v] > X[s, k, best[0], best[1]]:
                best = (u, v)
        where[s, k, i, j] = (s, k, *best)
        P[s, k, i, j] = X[where[s, k, i, j]]
    return P, where


def whole_numbers(generator, *shape):
    """Draw small whole numbers, with which every sum is exact in any order."""
    return generator.integers(-4, 5, shape).astype(float)


@st.composite
def convolutions(draw, fewest=0):
    """Draw images, weights, biases, stride, padding and a gradient of the right shape."""
    n, c, f = draw(st.integers(fewest, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kernel, stride = (draw(st.tuples(*[st.integers(1, 3)] * 2)) for _ in range(2))
    padding, spare = (draw(st.tuples(*[st.integers(0, 2)] * 2)) for _ in range(2))
    size = [max(1, k - 2 * pad + more) for k, pad, more in zip(kernel, padding, spare, strict=True)]
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    X, W = whole_numbers(generator, n, c, *size), whole_numbers(generator, f, c, *kernel)
    b = whole_numbers(generator, f)
    dZ = whole_numbers(generator, *slow_conv2d(X, W, b, stride, padding).shape)
    return X, W, b, stride, padding, dZ


@st.composite
def poolings(draw):
    """Draw images with many ties, a window, a stride and a gradient of the right shape."""
    n, c = draw(st.integers(0, 3)), draw(st.integers(1, 3))
    size, stride, spare = (draw(st.tuples(*[st.integers(1, 3)] * 2)) for _ in range(3))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = [k + more - 1 for k, more in zip(size, spare, strict=True)]
    X = generator.integers(-2, 2, (n, c, *shape)).astype(float)
    P, _ = slow_max_pool2d(X, size, stride)
    return X, size, stride, whole_numbers(generator, *P.shape)


@given(convolutions())
def test_convolution_equals_the_slow_loop(case):
    X, W, b, stride, padding, _ = case
    np.testing.assert_array_equal(
        conv2d(X, W, b, stride, padding), slow_conv2d(X, W, b, stride, padding)
    )


@given(convolutions())
def test_gradients_of_a_convolution_equal_the_slow_loop(case):
    X, W, _, stride, padding, dZ = case
    found = conv2d_backward(dZ, X, W, stride, padding)
    dX, dW, db = slow_conv2d_backward(dZ, X, W, stride, padding)
    np.testing.assert_array_equal(found.images, dX)
    np.testing.assert_array_equal(found.weights, dW)
    np.testing.assert_array_equal(found.biases, db)


@given(convolutions())
def test_convolution_equals_scipys_correlation(case):
    X, W, b, stride, padding, dZ = case
    Z = np.zeros(dZ.shape)
    for s, g in np.ndindex(*dZ.shape[:2]):
        (map_,) = signal.correlate(framed(X, padding)[s], W[g], "valid", "direct")
        Z[s, g] = map_[:: stride[0], :: stride[1]] + b[g]
    np.testing.assert_array_equal(conv2d(X, W, b, stride, padding), Z)


@given(convolutions(fewest=1))
def test_gradients_of_a_convolution_equal_central_differences(case):
    X, W, b, stride, padding, dZ = case
    gradients = conv2d_backward(dZ, X, W, stride, padding)
    given_arrays = {"images": X, "weights": W, "biases": b}
    for name, array in given_arrays.items():
        # The output is linear in each array, so that differences over a step of 1 are exact.
        differences = np.zeros(array.shape)
        for where in np.ndindex(*array.shape):
            step = np.zeros(array.shape)
            step[where] = 1
            ahead, behind = (
                conv2d(*(given_arrays | {name: array + shift}).values(), stride, padding)
                for shift in (step, -step)
            )
            differences[where] = (dZ * (ahead - behind)).sum() / 2
        np.testing.assert_array_equal(getattr(gradients, name), differences)


@given(convolutions())
def test_the_gradient_of_the_images_is_the_adjoint_of_the_convolution(case):
    X, W, _, stride, padding, dZ = case
    Z = conv2d(X, W, np.zeros(len(W)), stride, padding)
    gradients = conv2d_backward(dZ, X, W, stride, padding)
    assert (Z * dZ).sum() == (X * gradients.images).sum() == (W * gradients.weights).sum()


@given(convolutions())
def test_convolution_without_biases_is_linear_in_the_images(case):
    X, W, b, stride, padding, _ = case
    other = X[..., ::-1, ::-1]
    none = np.zeros(len(b))
    np.testing.assert_array_equal(
        conv2d(3 * X - 2 * other, W, none, stride, padding),
        3 * conv2d(X, W, none, stride, padding) - 2 * conv2d(other, W, none, stride, padding),
    )


def test_stride_is_one_and_padding_none_unless_given():
    generator = np.random.default_rng(1)
    X, W = whole_numbers(generator, 2, 2, 5, 6), whole_numbers(generator, 3, 2, 2, 3)
    b, dZ = whole_numbers(generator, 3), whole_numbers(generator, 2, 3, 4, 4)
    np.testing.assert_array_equal(conv2d(X, W, b), slow_conv2d(X, W, b, (1, 1), (0, 0)))
    np.testing.assert_array_equal(
        conv2d_backward(dZ, X, W).images, slow_conv2d_backward(dZ, X, W, (1, 1), (0, 0))[0]
    )


def test_one_integer_is_a_stride_and_a_padding_for_both_axes():
    generator = np.random.default_rng(2)
    X, W = whole_numbers(generator, 1, 1, 5, 6), whole_numbers(generator, 1, 1, 3, 2)
    b = np.zeros(1)
    np.testing.assert_array_equal(conv2d(X, W, b, 2, 1), conv2d(X, W, b, (2, 2), (1, 1)))


def test_kernels_are_not_turned():
    X = np.zeros((1, 1, 3, 3))
    X[0, 0, 1, 1] = 1
    W = np.arange(9.0).reshape(1, 1, 3, 3)
    turned = [[8, 7, 6], [5, 4, 3], [2, 1, 0]]
    np.testing.assert_array_equal(conv2d(X, W, np.zeros(1), padding=1)[0, 0], turned)


def test_one_pixel_and_one_weight_are_a_product():
    X, W = np.full((1, 1, 1, 1), 3.0), np.full((1, 1, 1, 1), 5.0)
    assert conv2d(X, W, np.array([2.0])).item() == 17
    gradients = conv2d_backward(np.full((1, 1, 1, 1), 7.0), X, W)
    assert gradients.images.item() == 35
    assert gradients.weights.item() == 21
    assert gradients.biases.item() == 7


def test_an_empty_batch_gives_an_empty_output_and_no_gradient():
    X, W, b = np.zeros((0, 3, 6, 7)), np.ones((4, 3, 2, 3)), np.ones(4)
    assert conv2d(X, W, b).shape == (0, 4, 5, 5)
    gradients = conv2d_backward(np.zeros((0, 4, 5, 5)), X, W)
    assert gradients.images.shape == X.shape
    np.testing.assert_array_equal(gradients.weights, np.zeros(W.shape))
    np.testing.assert_array_equal(gradients.biases, np.zeros(4))
    assert max_pool2d(X).shape == (0, 3, 3, 3)
    assert max_pool2d_backward(np.zeros((0, 3, 3, 3)), X).shape == X.shape


@pytest.mark.parametrize("entries", [1, 40, 100, 10**9])
def test_the_result_does_not_depend_on_how_the_batch_is_cut(entries, monkeypatch):
    generator = np.random.default_rng(3)
    X, W = whole_numbers(generator, 7, 2, 4, 4), whole_numbers(generator, 3, 2, 2, 2)
    b, dZ = whole_numbers(generator, 3), whole_numbers(generator, 7, 3, 3, 3)
    monkeypatch.setattr(windows, "_BLOCK_ENTRIES", entries)
    np.testing.assert_array_equal(conv2d(X, W, b), slow_conv2d(X, W, b, (1, 1), (0, 0)))
    found = conv2d_backward(dZ, X, W)
    dX, dW, _ = slow_conv2d_backward(dZ, X, W, (1, 1), (0, 0))
    np.testing.assert_array_equal(found.images, dX)
    np.testing.assert_array_equal(found.weights, dW)


@pytest.mark.parametrize(("channels", "filters"), [(1, 16), (16, 1)])
def test_memory_beside_the_output_does_not_grow_with_the_batch(channels, filters):
    X = np.zeros((200, channels, 32, 32), np.float32)
    W, b = np.zeros((filters, channels, 5, 5), np.float32), np.zeros(filters, np.float32)
    dZ = np.zeros((200, filters, 28, 28), np.float32)
    for outcome, call in (
        (dZ, lambda: conv2d(X, W, b)),
        (X, lambda: conv2d_backward(dZ, X, W)),
    ):
        tracemalloc.start()
        call()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        # All windows at once would take 50 million bytes and more; checking for finite entries
        # takes a byte an entry.
        assert peak - outcome.nbytes < 25e6


def test_images_too_large_for_a_block_are_taken_one_by_one():
    X = np.zeros((4, 1, 512, 512), np.float32)
    W, b = np.zeros((4, 1, 5, 5), np.float32), np.zeros(4, np.float32)
    tracemalloc.start()
    Z = conv2d(X, W, b)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The products of an image with the rows of the kernels, 5 * 4 * 508 * 508 numbers, take 21
    # million bytes, and the image's shifted rows, 5 * 512 * 508 numbers, take 5.
    assert peak - Z.nbytes < 40e6


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_of_the_images_is_the_type_of_every_result(dtype):
    X, W, b = np.ones((2, 1, 4, 4), dtype), np.ones((1, 1, 2, 2), dtype), np.ones(1, dtype)
    Z = conv2d(X, W, b, 1, 1)
    gradients = conv2d_backward(Z, X, W, 1, 1)
    P = max_pool2d(X)
    found = (Z, gradients.images, gradients.weights, gradients.biases, P, max_pool2d_backward(P, X))
    assert {array.dtype for array in found} == {np.dtype(dtype)}


def test_single_precision_agrees_with_double_precision_to_its_digits():
    generator = np.random.default_rng(4)
    shapes = (4, 3, 12, 12), (8, 3, 5, 5), (8,)
    X, W, b = (generator.standard_normal(shape) for shape in shapes)
    Z = conv2d(X, W, b)
    single = [array.astype(np.float32) for array in (X, W, b, Z)]
    np.testing.assert_allclose(conv2d(*single[:3]), Z, rtol=1e-4, atol=1e-4)
    gradients = conv2d_backward(Z, X, W)
    found = conv2d_backward(single[3], single[0], single[1])
    np.testing.assert_allclose(found.images, gradients.images, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(found.weights, gradients.weights, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("padding", [0, 1])
def test_nothing_that_is_given_is_changed_or_shared(padding):
    generator = np.random.default_rng(5)
    X, W, b = (whole_numbers(generator, *s) for s in ((2, 1, 4, 4), (2, 1, 1, 1), (2,)))
    dZ = whole_numbers(generator, *conv2d(X, W, b, 1, padding).shape)
    dP = whole_numbers(generator, 2, 1, 4, 4)
    inputs = (X, W, b, dZ, dP)
    for array in inputs:
        array.setflags(write=False)
    gradients = conv2d_backward(dZ, X, W, 1, padding)
    outputs = (
        conv2d(X, W, b, 1, padding),
        gradients.images,
        gradients.weights,
        gradients.biases,
        max_pool2d(X, 1, 1),
        max_pool2d_backward(dP, X, 1, 1),
    )
    assert not any(np.shares_memory(a, b) for a, b in product(inputs, outputs))
    assert all(array.flags.writeable for array in outputs)


def test_arrays_may_be_views_in_any_memory_order():
    generator = np.random.default_rng(6)
    X = whole_numbers(generator, 6, 5, 3, 2).transpose(3, 2, 1, 0)[..., ::-1]
    W = whole_numbers(generator, 2, 3, 3, 4).transpose(3, 2, 0, 1)
    b, dZ = whole_numbers(generator, 4), whole_numbers(generator, 4, 4, 4, 2).T
    np.testing.assert_array_equal(conv2d(X, W, b), slow_conv2d(X, W, b, (1, 1), (0, 0)))
    found = conv2d_backward(dZ, X, W)
    dX, dW, _ = slow_conv2d_backward(dZ, X, W, (1, 1), (0, 0))
    np.testing.assert_array_equal(found.images, dX)
    np.testing.assert_array_equal(found.weights, dW)


@given(poolings())
def test_pooling_equals_the_slow_loop(case):
    X, size, stride, _ = case
    np.testing.assert_array_equal(max_pool2d(X, size, stride), slow_max_pool2d(X, size, stride)[0])


@given(poolings())
def test_the_gradient_of_pooling_goes_to_the_first_largest_entry_of_each_window(case):
    X, size, stride, dP = case
    dX = np.zeros(X.shape)
    for window, entry in slow_max_pool2d(X, size, stride)[1].items():
        dX[entry] += dP[window]
    np.testing.assert_array_equal(max_pool2d_backward(dP, X, size, stride), dX)


def test_pooling_is_two_by_two_with_stride_two_unless_given():
    X = np.arange(24.0).reshape(1, 1, 4, 6)
    np.testing.assert_array_equal(max_pool2d(X)[0, 0], [[7, 9, 11], [19, 21, 23]])
    dX = max_pool2d_backward(np.ones((1, 1, 2, 3)), X)
    np.testing.assert_array_equal(X[dX == 1], [7, 9, 11, 19, 21, 23])
    assert dX.sum() == 6


def test_pooling_drops_a_last_row_and_column_that_fill_no_window():
    X = np.arange(15.0).reshape(1, 1, 3, 5)
    np.testing.assert_array_equal(max_pool2d(X)[0, 0], [[6, 8]])
    dX = max_pool2d_backward(np.ones((1, 1, 1, 2)), X)
    assert not dX[..., 2, :].any()
    assert not dX[..., 4].any()


def test_a_tie_in_a_window_gives_all_to_the_first_in_row_major_order():
    X = np.array([[[[1.0, 2.0], [2.0, 2.0]]]])
    dX = max_pool2d_backward(np.full((1, 1, 1, 1), 6.0), X)
    np.testing.assert_array_equal(dX[0, 0], [[0, 6], [0, 0]])


def test_an_entry_that_wins_several_windows_takes_the_sum():
    X = np.array([[[[0.0, 9.0, 0.0]]]])
    dX = max_pool2d_backward(np.array([[[[1.0, 10.0]]]]), X, (1, 2), 1)
    np.testing.assert_array_equal(dX[0, 0], [[0, 11, 0]])


def test_the_largest_of_negative_entries_is_negative():
    assert max_pool2d(np.full((1, 1, 2, 2), -3.0)).item() == -3


images, weights, biases = np.ones((2, 3, 4, 4)), np.ones((5, 3, 2, 2)), np.ones(5)
gradient, pooled = np.ones((2, 5, 3, 3)), np.ones((2, 3, 2, 2))


def spoiled(array, where, value):
    """Return a copy with one entry replaced."""
    copy = array.copy()
    copy[where] = value
    return copy


BIASES = "biases must have the shape (5,) for float64 weights of 5 filters"
OUTPUT = "dZ must have the shape (2, 5, 3, 3) as the output of conv2d"
KERNELS = "weights must have the shape (filter, 3, row, column) for float64 images of 3 channels"
MAPS = "must have the shape (sample, channel, row, column)"


WRONG_VALUES = [
    (lambda: conv2d(images[0], weights, biases), f"images {MAPS}, got (3, 4, 4)"),
    (lambda: conv2d(images, weights[0], biases), f"{KERNELS}, got (3, 2, 2)"),
    (lambda: conv2d(images, weights, biases[:, np.newaxis]), f"{BIASES}, got (5, 1)"),
    (lambda: conv2d(images, weights[:, :2], biases), f"{KERNELS}, got (5, 2, 2, 2)"),
    (lambda: conv2d(images, weights, biases[:4]), f"{BIASES}, got (4,)"),
    (
        lambda: conv2d(images[..., :2, :2], np.ones((5, 3, 5, 5)), biases),
        "kernel 5x5 does not fit the 2x2 feature map it is applied to",
    ),
    (lambda: conv2d(images, weights[..., :0], biases), "kernel must be at least 1, got 0"),
    (lambda: max_pool2d(images, 0), "pooling window must be at least 1, got 0"),
    (lambda: conv2d(images, weights, biases, stride=0), "stride must be at least 1, got 0"),
    (lambda: conv2d(images, weights, biases, padding=-1), "padding must be at least 0, got -1"),
    (
        lambda: conv2d(spoiled(images, (1, 2, 3, 0), np.nan), weights, biases),
        "images[1, 2, 3, 0] must be finite, got nan",
    ),
    (
        lambda: conv2d(images, spoiled(weights, (4, 1, 0, 1), np.inf), biases),
        "weights[4, 1, 0, 1] must be finite, got inf",
    ),
    (
        lambda: conv2d(images, weights, spoiled(biases, 3, -np.inf)),
        "biases[3] must be finite, got -inf",
    ),
    (lambda: conv2d_backward(gradient[..., :2], images, weights), f"{OUTPUT}, got (2, 5, 3, 2)"),
    (lambda: conv2d_backward(gradient[0], images, weights), f"{OUTPUT}, got (5, 3, 3)"),
    (
        lambda: conv2d_backward(spoiled(gradient, (0, 4, 2, 1), np.nan), images, weights),
        "dZ[0, 4, 2, 1] must be finite, got nan",
    ),
    (lambda: conv2d_backward(gradient, images, weights[:, :1]), f"{KERNELS}, got (5, 1, 2, 2)"),
    (lambda: max_pool2d(images[0]), f"images {MAPS}, got (3, 4, 4)"),
    (
        lambda: max_pool2d(images[..., :1]),
        "pooling window 2x2 does not fit the 4x1 feature map it is applied to",
    ),
    (
        lambda: max_pool2d(spoiled(images, (0, 0, 3, 3), np.nan)),
        "images[0, 0, 3, 3] must be finite, got nan",
    ),
    (
        lambda: max_pool2d_backward(np.ones((2, 3, 4, 4)), images),
        "dP must have the shape (2, 3, 2, 2) as the output of max_pool2d, got (2, 3, 4, 4)",
    ),
    (
        lambda: max_pool2d_backward(spoiled(pooled, (1, 0, 1, 0), np.inf), images),
        "dP[1, 0, 1, 0] must be finite, got inf",
    ),
]
WRONG_TYPES = [
    (
        lambda: conv2d(images.astype(int), weights, biases),
        "images must hold float32 or float64 numbers, got int64",
    ),
    (
        lambda: conv2d(images, weights.astype(np.float16), biases),
        "weights must hold float64 numbers for float64 images of 3 channels, got float16",
    ),
    (
        lambda: conv2d(images, weights.astype(np.float32), biases),
        "weights must hold float64 numbers for float64 images of 3 channels, got float32",
    ),
    (
        lambda: conv2d(images.astype(np.float32), weights.astype(np.float32), biases),
        "biases must hold float32 numbers for float32 weights of 5 filters, got float64",
    ),
    (
        lambda: conv2d_backward(gradient.astype(np.float32), images, weights),
        "dZ must hold float64 numbers as the output of conv2d, got float32",
    ),
    (lambda: max_pool2d(images > 0), "images must hold float32 or float64 numbers, got bool"),
    (
        lambda: max_pool2d_backward(pooled.astype(np.float32), images),
        "dP must hold float64 numbers as the output of max_pool2d, got float32",
    ),
]


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [(ValueError, *wrong) for wrong in WRONG_VALUES]
    + [(TypeError, *wrong) for wrong in WRONG_TYPES],
)
def test_what_cannot_be_convolved_or_pooled_is_refused_with_the_reason(error, call, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call()
