"""Windows against plain slices, and their gradients against the adjoint."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathlib.windows import (
    blocks,
    grid_of,
    kernel_rows,
    kernel_rows_backward,
    windows,
    windows_backward,
)


@st.composite
def grids(draw):
    """Draw images of random integers and a grid of windows on them."""
    n, c = draw(st.integers(0, 3)), draw(st.integers(1, 3))
    kernel, stride = (draw(st.tuples(*[st.integers(1, 3)] * 2)) for _ in range(2))
    padding = draw(st.tuples(*[st.integers(0, 1)] * 2))
    size = [k + draw(st.integers(0, 3)) for k in kernel]
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    images = generator.integers(-4, 5, (n, c, *size)).astype(float)
    return images, grid_of(images, kernel, stride, padding)


@given(grids())
def test_a_column_holds_one_row_of_one_window_of_one_sample(case):
    images, grid = case
    (p, q), (down, across), (top, left) = grid.kernel, grid.stride, grid.padding
    framed = np.pad(images, ((0, 0), (0, 0), (top, top), (left, left)))
    rows = windows(images, grid).reshape(p, images.shape[1], q, *grid.output, len(images))
    for s, i, j, u in np.ndindex(len(images), *grid.output, p):
        expected = framed[s, :, i * down + u, j * across : j * across + q]
        np.testing.assert_array_equal(rows[u, :, :, i, j, s], expected)


@given(grids(), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_the_gradient_of_the_images_is_the_adjoint_of_the_windows(case, filters, seed):
    images, grid = case
    generator = np.random.default_rng(seed)
    rows = windows(images, grid)
    kernels = generator.integers(-4, 5, (rows.shape[0], filters, rows.shape[1])).astype(float)
    dproducts = generator.integers(-4, 5, (filters, rows.shape[2])).astype(float)
    dimages = windows_backward(dproducts, kernels, images.shape, grid)
    assert dimages.shape == images.shape
    assert ((kernels @ rows).sum(axis=0) * dproducts).sum() == (images * dimages).sum()


def test_the_entries_of_the_windows_come_in_row_major_order():
    X = np.arange(15.0).reshape(1, 1, 3, 5)
    grid = grid_of(X, (2, 3), (1, 2))
    found = [X[0, 0, rows, columns].tolist() for rows, columns in grid.entries()]
    assert found[0] == [[0, 2], [5, 7]]
    assert found[1] == [[1, 3], [6, 8]]
    assert found[3] == [[5, 7], [10, 12]]
    assert (grid.places, len(found)) == (4, 6)


@pytest.mark.parametrize(("side", "samples"), [(6, 5), (64, 200), (512, 3)])
def test_the_blocks_hold_each_sample_once_in_order(side, samples):
    images, weights = np.zeros((samples, 1, side, side)), np.zeros((4, 1, 5, 5))
    cut = list(blocks(samples, weights, grid_of(images, 5, 1)))
    assert [s for block in cut for s in range(samples)[block]] == list(range(samples))
    # A sample takes 5 * (side - 4)^2 entries, of which 2^17 are allowed before one more is added.
    assert len(cut) == {6: 1, 64: 25, 512: 3}[side]


def test_the_rows_of_kernels_are_put_together_again():
    weights = np.arange(48.0).reshape(2, 3, 4, 2)
    rows = kernel_rows(weights)
    np.testing.assert_array_equal(rows[1, 0], weights[0, :, 1].ravel())
    np.testing.assert_array_equal(kernel_rows_backward(rows, weights.shape), weights)
