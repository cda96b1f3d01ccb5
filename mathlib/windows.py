"""Windows that slide over feature maps, as views of the maps, and in blocks that fit the cache.

A convolution is a sum of matrix products, one for each row of its kernels, and is computed with the
samples last: `(channel, row, column, sample)`. Then one product serves all samples of a block.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mathlib.arrays import FloatArray
from mathlib.shapes import Pair, Size, output_size, pair, positions

__all__ = [
    "Grid",
    "blocks",
    "grid_of",
    "kernel_rows",
    "kernel_rows_backward",
    "windows",
    "windows_backward",
]

# Entries of an intermediate product of one block of samples: a few fit into a second-level cache.
_BLOCK_ENTRIES = 2**17


@dataclass(frozen=True, slots=True)
class Grid:
    """The windows of one kernel on one size of image, each a pair `(rows, columns)`.

    `output` is how many windows there are down and across.
    """

    kernel: Pair
    stride: Pair
    padding: Pair
    output: Pair

    @property
    def places(self) -> int:
        """The number of windows."""
        return self.output[0] * self.output[1]

    def rows(self, offset: int) -> slice:
        """Return the image rows on which row `offset` of each window lies."""
        return positions(offset, self.output[0], self.stride[0])

    def columns(self, offset: int) -> slice:
        """Return the image columns on which column `offset` of each window lies."""
        return positions(offset, self.output[1], self.stride[1])

    def entries(self) -> Iterator[tuple[slice, slice]]:
        """Yield the rows and columns of each entry of the windows, in row-major order."""
        for row in range(self.kernel[0]):
            for column in range(self.kernel[1]):
                yield self.rows(row), self.columns(column)


def grid_of(
    images: FloatArray, kernel: Size, stride: Size, padding: Size = 0, *, window: str = "kernel"
) -> Grid:
    """Return the grid of windows on images `(n, c, h, w)`; arguments and errors as `output_size`.

    Examples
    --------
    >>> grid_of(np.zeros((1, 1, 4, 5)), 3, stride=2).output
    (1, 2)
    """
    sizes = pair(kernel, window), pair(stride, "stride"), pair(padding, "padding", 0)
    return Grid(*sizes, output_size(images.shape[2:], *sizes, window=window))


def blocks(samples: int, weights: FloatArray, grid: Grid) -> Iterator[slice]:
    """Cut the samples so that what a block needs beside its output stays in bounds.

    Examples
    --------
    >>> images, weights = np.zeros((2, 1, 512, 512)), np.zeros((4, 1, 5, 5))
    >>> list(blocks(2, weights, grid_of(images, 5, 1)))
    [slice(0, 1, None), slice(1, 2, None)]
    """
    f, c, _, q = weights.shape
    length = _BLOCK_ENTRIES // (max(f, c * q) * grid.places + 1) + 1
    for start in range(0, samples, length):
        yield slice(start, start + length)


def windows(images: FloatArray, grid: Grid) -> FloatArray:
    """Return the rows of all windows as columns of matrices, `(p, c q, places n)`.

    Examples
    --------
    >>> images = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> windows(images, grid_of(images, 2, 1))
    array([[[1., 2.],
            [2., 3.]],
    <BLANKLINE>
           [[4., 5.],
            [5., 6.]]])
    """
    (p, q), (down, across) = grid.kernel, grid.stride
    framed = _framed(images, grid.padding)
    # Only the shifts along a row are copied. The shifts down the rows overlap in that copy, so
    # that with stride 1 the p matrices are views of it and the windows never exist in memory.
    # With the samples last, one matrix product serves them all, and shifts are of long runs.
    shifted = sliding_window_view(framed, q, axis=2)[:, :, ::across]
    strips = np.ascontiguousarray(shifted.transpose(0, 4, 1, 2, 3))
    rows = sliding_window_view(strips, p, axis=2)[:, :, ::down]
    return rows.transpose(5, 0, 1, 2, 3, 4).reshape(p, len(framed) * q, -1)


def windows_backward(
    dproducts: FloatArray, kernels: FloatArray, shape: tuple[int, ...], grid: Grid
) -> FloatArray:
    """Carry the gradient of the products `(f, places n)` back to images of a shape `(n, c, h, w)`.

    The gradient of the windows' row `u` is `kernels[u]^T dproducts`, with `kernels` `(p, f, c q)`;
    each of its entries is added where `windows` took it from.

    Examples
    --------
    >>> grid = grid_of(np.zeros((1, 1, 1, 3)), (1, 2), 1)
    >>> windows_backward(np.array([[1.0, 10.0]]), np.array([[[2.0, 3.0]]]), (1, 1, 1, 3), grid)
    array([[[[ 2., 23., 30.]]]])
    """
    n, c, h, w = shape
    q, (top, left) = grid.kernel[1], grid.padding
    dstrips = np.zeros((c, q, h + 2 * top, grid.output[1], n), dproducts.dtype)
    drow = np.empty((c * q, dproducts.shape[1]), dproducts.dtype)
    for row, kernel in enumerate(kernels):
        np.matmul(kernel.T, dproducts, out=drow)
        dstrips[:, :, grid.rows(row)] += drow.reshape(c, q, *grid.output, n)
    dframed = np.zeros((c, h + 2 * top, w + 2 * left, n), dproducts.dtype)
    for column in range(q):
        dframed[:, :, grid.columns(column)] += dstrips[:, column]
    return np.moveaxis(dframed[:, top : top + h, left : left + w], -1, 0)


def kernel_rows(weights: FloatArray) -> FloatArray:
    """Return the rows of kernels `(f, c, p, q)` as matrices `(p, f, c q)`, as `windows` has theirs.

    Examples
    --------
    >>> kernel_rows(np.array([[[[1.0, 2.0], [3.0, 4.0]]]])).tolist()
    [[[1.0, 2.0]], [[3.0, 4.0]]]
    """
    f, c, p, q = weights.shape
    return weights.transpose(2, 0, 1, 3).reshape(p, f, c * q)


def kernel_rows_backward(dkernels: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Return the gradient of kernels of a shape `(f, c, p, q)` from that of their rows.

    Examples
    --------
    >>> kernel_rows_backward(np.array([[[1.0, 2.0]], [[3.0, 4.0]]]), (1, 1, 2, 2)).tolist()
    [[[[1.0, 2.0], [3.0, 4.0]]]]
    """
    f, c, p, q = shape
    return np.ascontiguousarray(dkernels.reshape(p, f, c, q).transpose(1, 2, 0, 3))


def _framed(images: FloatArray, padding: Pair) -> FloatArray:
    """Return the images inside a frame of zeros, the samples last."""
    (n, c, h, w), (top, left) = images.shape, padding
    framed = np.zeros((c, h + 2 * top, w + 2 * left, n), images.dtype)
    framed[:, top : top + h, left : left + w] = np.moveaxis(images, 0, -1)
    return framed
