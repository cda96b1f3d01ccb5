"""Convolution and max-pooling of feature maps, forward and backward.

Every stack of feature maps has the axes `(sample, channel, row, column)`. A stride and a padding
are one integer for both directions or a pair `(rows, columns)`; `float32` stays `float32`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from mathlib.shapes import Pair, Size, output_size, pair, positions

__all__ = [
    "ConvolutionGradients",
    "FloatArray",
    "conv2d",
    "conv2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
]

FloatArray = NDArray[np.floating[Any]]

# Entries of an intermediate product of one block of samples: a few fit into a second-level cache.
_BLOCK_ENTRIES = 2**17


@dataclass(frozen=True, slots=True, eq=False)
class ConvolutionGradients:
    """Gradients of a loss with respect to what a convolution was given, each in its shape.

    Parameters
    ----------
    images : array (n, c, h, w)
    weights : array (f, c, p, q)
    biases : array (f,)
    """

    images: FloatArray
    weights: FloatArray
    biases: FloatArray


def conv2d(
    images: FloatArray,
    weights: FloatArray,
    biases: FloatArray,
    stride: Size = 1,
    padding: Size = 0,
) -> FloatArray:
    """Convolve a batch of images with a bank of kernels, as networks do: without turning them.

    `Z[s, g, i, j] = b[g] + sum_{k, u, v} W[g, k, u, v] X[s, k, i S + u, j T + v]` with the stride
    `(S, T)`, `X` the images inside a frame of `padding` zeros. It is the cross-correlation; the
    convolution of mathematics would turn each kernel by 180 degrees first.

    Parameters
    ----------
    images : array (n, c, h, w)
        `X`; `float32` or `float64`, and so are the others.
    weights : array (f, c, p, q)
        `W`, one kernel of `p` rows and `q` columns for each filter and channel.
    biases : array (f,)
        `b`.
    stride : int or pair of int
        At least 1.
    padding : int or pair of int
        At least 0.

    Returns
    -------
    array (n, f, floor((h + 2 padding - p) / stride) + 1, floor((w + 2 padding - q) / stride) + 1)
        `Z`. A row or a column that no whole window reaches is left out.

    Raises
    ------
    TypeError
        If an array is not `float32` or `float64`, or not of the same type as the images.
    ValueError
        If an array has the wrong number of axes, channels or filters differ, a kernel is larger
        than the padded image, or an entry is not finite.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning", section 9.1, for the convention;
    K. Chellapilla, S. Puri and P. Simard, "High performance convolutional neural networks for
    document processing", section 3, for the windows as one matrix.

    Examples
    --------
    `1*10 + 2*1 + 4*0 + 5*0 + 3 = 15` in the first place:

    >>> X = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> conv2d(X, np.array([[[[10.0, 1.0], [0.0, 0.0]]]]), np.array([3.0]))
    array([[[[15., 26.]]]])
    """
    images, weights = _operands(images, weights)
    biases = _array("biases", biases, ("filter",), images.dtype)
    if len(biases) != len(weights):
        raise ValueError(f"biases has {len(biases)} entries; weights has {len(weights)} filters")
    grid = _grid(images, weights.shape[2:], stride, padding)
    kernels = _kernel_rows(weights)
    Z = np.empty((len(images), len(weights), *grid.output), images.dtype)
    for block in _blocks(len(images), weights, grid):
        windows = _windows(images[block], grid)
        products = np.repeat(biases[:, np.newaxis], windows.shape[2], axis=1)
        product = np.empty_like(products)  # made once: new memory costs as much as the product
        for kernel, row in zip(kernels, windows, strict=True):
            products += np.matmul(kernel, row, out=product)
        Z[block] = _samples_first(products.reshape(len(weights), *grid.output, -1))
    return Z


def conv2d_backward(
    dZ: FloatArray,
    images: FloatArray,
    weights: FloatArray,
    stride: Size = 1,
    padding: Size = 0,
) -> ConvolutionGradients:
    """Carry a gradient back through `conv2d`, to its images, weights and biases.

    `db[g] = sum_{s, i, j} dZ[s, g, i, j]`,
    `dW[g, k, u, v] = sum_{s, i, j} dZ[s, g, i, j] X[s, k, i S + u, j T + v]`, and each
    `W[g, k, u, v] dZ[s, g, i, j]` is added to `dX[s, k, i S + u, j T + v]`, the frame cut off.

    Parameters
    ----------
    dZ : array (n, f, rows, columns)
        Gradient of the loss with respect to the output of `conv2d`.
    images, weights, stride, padding
        As they were given to `conv2d`. The biases do not enter.

    Raises
    ------
    TypeError, ValueError
        As `conv2d` does, and if `dZ` does not have the shape of its output.

    Examples
    --------
    >>> X, W = np.array([[[[2.0, 3.0]]]]), np.array([[[[5.0]]]])
    >>> gradient = conv2d_backward(np.array([[[[1.0, 10.0]]]]), X, W)
    >>> gradient.images, gradient.weights.item(), gradient.biases.item()
    (array([[[[ 5., 50.]]]]), 32.0, 11.0)
    """
    images, weights = _operands(images, weights)
    grid = _grid(images, weights.shape[2:], stride, padding)
    dZ = _gradient("dZ", dZ, (len(images), len(weights), *grid.output), images.dtype)
    kernels = _kernel_rows(weights)
    dX, dkernels = np.empty(images.shape, images.dtype), np.zeros_like(kernels)
    for block in _blocks(len(images), weights, grid):
        dproducts = _samples_last(dZ[block]).reshape(len(weights), -1)
        dkernels += (_windows(images[block], grid) @ dproducts.T).mT
        dX[block] = _windows_backward(dproducts, kernels, images[block].shape, grid)
    dW = _kernel_rows_backward(dkernels, weights.shape)
    return ConvolutionGradients(dX, dW, dZ.sum(axis=(0, 2, 3)))


def max_pool2d(images: FloatArray, size: Size = 2, stride: Size = 2) -> FloatArray:
    """Keep the largest entry of each window, channel by channel.

    `P[s, k, i, j] = max_{u, v} X[s, k, i S + u, j T + v]` over the window's rows `u` and columns
    `v`. Only whole windows count: rows and columns beyond the last one are dropped.

    Parameters
    ----------
    images : array (n, c, h, w)
        `X`; `float32` or `float64`.
    size : int or pair of int
        Rows and columns of the window, at least 1.
    stride : int or pair of int
        At least 1.

    Returns
    -------
    array (n, c, floor((h - size) / stride) + 1, floor((w - size) / stride) + 1)

    Raises
    ------
    TypeError
        If the images are not `float32` or `float64`.
    ValueError
        If they do not have four axes, the window is larger than the image, or an entry is not
        finite.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning", section 9.3.

    Examples
    --------
    The third column fills no window:

    >>> max_pool2d(np.array([[[[1.0, 7.0, 9.0], [4.0, 3.0, 9.0]]]]))
    array([[[[7.]]]])
    """
    images = _array("images", images, _IMAGE_AXES)
    grid = _grid(images, size, stride, 0, window="pooling window")
    pooled = np.full((*images.shape[:2], *grid.output), -np.inf, images.dtype)
    for rows, columns in grid.entries():
        np.maximum(pooled, images[..., rows, columns], out=pooled)
    return pooled


def max_pool2d_backward(
    dP: FloatArray, images: FloatArray, size: Size = 2, stride: Size = 2
) -> FloatArray:
    """Carry a gradient back through `max_pool2d`: each window's goes to its largest entry.

    Where several entries are the largest, the first in row-major order takes all of it. An entry
    that is the largest of several windows takes the sum; an entry of none takes 0.

    Parameters
    ----------
    dP : array (n, c, rows, columns)
        Gradient of the loss with respect to the output of `max_pool2d`.
    images, size, stride
        As they were given to `max_pool2d`.

    Returns
    -------
    array (n, c, h, w)

    Raises
    ------
    TypeError, ValueError
        As `max_pool2d` does, and if `dP` does not have the shape of its output.

    Examples
    --------
    >>> max_pool2d_backward(np.array([[[[5.0]]]]), np.array([[[[1.0, 7.0], [7.0, 3.0]]]]))
    array([[[[0., 5.],
             [0., 0.]]]])
    """
    pooled = max_pool2d(images, size, stride)
    images = np.asarray(images)
    dP = _gradient("dP", dP, pooled.shape, images.dtype)
    grid = _grid(images, size, stride, 0)
    dX, unclaimed = np.zeros(images.shape, images.dtype), np.ones(pooled.shape, bool)
    for rows, columns in grid.entries():
        first = unclaimed & (images[..., rows, columns] == pooled)
        dX[..., rows, columns] += np.where(first, dP, 0)
        unclaimed &= ~first
    return dX


@dataclass(frozen=True, slots=True)
class _Grid:
    """The windows of one kernel on one size of image."""

    kernel: Pair
    stride: Pair
    padding: Pair
    output: Pair

    @property
    def places(self) -> int:
        """Count the windows."""
        return self.output[0] * self.output[1]

    def rows(self, offset: int) -> slice:
        """Say on which image rows row `offset` of each window lies."""
        return positions(offset, self.output[0], self.stride[0])

    def columns(self, offset: int) -> slice:
        """Say on which image columns column `offset` of each window lies."""
        return positions(offset, self.output[1], self.stride[1])

    def entries(self) -> Iterator[tuple[slice, slice]]:
        """Yield the rows and columns of each entry of the windows, in row-major order."""
        for row in range(self.kernel[0]):
            for column in range(self.kernel[1]):
                yield self.rows(row), self.columns(column)


def _grid(
    images: FloatArray, kernel: Size, stride: Size, padding: Size, window: str = "kernel"
) -> _Grid:
    """Lay the windows over the images' last two axes."""
    kernel, stride, padding = (
        pair(kernel, window),
        pair(stride, "stride"),
        pair(padding, "padding", 0),
    )
    output = output_size(images.shape[2:], kernel, stride, padding, window=window)
    return _Grid(kernel, stride, padding, output)


def _samples_last(maps: FloatArray) -> FloatArray:
    """Turn `(n, c, h, w)` to `(c, h, w, n)`, the order in which convolutions are computed."""
    return maps.transpose(1, 2, 3, 0)


def _samples_first(maps: FloatArray) -> FloatArray:
    """Turn `(c, h, w, n)` back to `(n, c, h, w)`."""
    return maps.transpose(3, 0, 1, 2)


def _windows(images: FloatArray, grid: _Grid) -> FloatArray:
    """Cut the windows into their rows and lay them out as columns: `(p, c q, places n)`."""
    (p, q), (down, across) = grid.kernel, grid.stride
    framed = _framed(images, grid.padding)
    # Only the shifts along a row are copied. The shifts down the rows overlap in that copy, so
    # that with stride 1 the p matrices are views of it and the windows never exist in memory.
    # With the samples last, one matrix product serves them all, and shifts are of long runs.
    shifted = sliding_window_view(framed, q, axis=2)[:, :, ::across]
    strips = np.ascontiguousarray(shifted.transpose(0, 4, 1, 2, 3))
    windows = sliding_window_view(strips, p, axis=2)[:, :, ::down]
    return windows.transpose(5, 0, 1, 2, 3, 4).reshape(p, len(framed) * q, -1)


def _windows_backward(
    dproducts: FloatArray, kernels: FloatArray, shape: tuple[int, ...], grid: _Grid
) -> FloatArray:
    """Add every entry of the windows where `_windows` took it from: `(n, c, h, w)`."""
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
    return _samples_first(dframed[:, top : top + h, left : left + w])


def _framed(images: FloatArray, padding: Pair) -> FloatArray:
    """Put the images inside a frame of zeros, the samples last."""
    (n, c, h, w), (top, left) = images.shape, padding
    framed = np.zeros((c, h + 2 * top, w + 2 * left, n), images.dtype)
    framed[:, top : top + h, left : left + w] = _samples_last(images)
    return framed


def _kernel_rows(weights: FloatArray) -> FloatArray:
    """Cut the kernels into their rows, as `_windows` cuts the windows: `(p, f, c q)`."""
    f, c, p, q = weights.shape
    return weights.transpose(2, 0, 1, 3).reshape(p, f, c * q)


def _kernel_rows_backward(dkernels: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Put the rows of kernels together again: `(f, c, p, q)`."""
    f, c, p, q = shape
    return np.ascontiguousarray(dkernels.reshape(p, f, c, q).transpose(1, 2, 0, 3))


def _blocks(samples: int, weights: FloatArray, grid: _Grid) -> Iterator[slice]:
    """Cut the samples so that what a block needs beside its output stays in bounds."""
    f, c, _, q = weights.shape
    length = _BLOCK_ENTRIES // (max(f, c * q) * grid.places + 1) + 1
    for start in range(0, samples, length):
        yield slice(start, start + length)


_IMAGE_AXES = ("sample", "channel", "row", "column")


def _operands(images: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Check what both directions of a convolution are given."""
    images = _array("images", images, _IMAGE_AXES)
    weights = _array("weights", weights, ("filter", "channel", "row", "column"), images.dtype)
    if weights.shape[1] != images.shape[1]:
        raise ValueError(f"weights takes {weights.shape[1]} channels; images has {images.shape[1]}")
    return images, weights


def _gradient(
    name: str, array: FloatArray, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> FloatArray:
    """Check a gradient against the shape of what it is the gradient of."""
    array = _array(name, array, _IMAGE_AXES, dtype)
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; the forward pass gives {shape}")
    return array


def _array(
    name: str, array: FloatArray, axes: tuple[str, ...], dtype: np.dtype[Any] | None = None
) -> FloatArray:
    """Check one array: its axes, its type, and that every entry is finite."""
    array = np.asarray(array)
    if array.ndim != len(axes):
        required = f"{len(axes)} axes ({', '.join(axes)})"
        raise ValueError(f"{name} has shape {array.shape}; required {required}")
    if array.dtype not in (np.float32, np.float64):
        raise TypeError(f"{name} is {array.dtype}; required float32 or float64")
    if dtype is not None and array.dtype != dtype:
        raise TypeError(f"{name} is {array.dtype}; required {dtype}, as the images are")
    if not (finite := np.isfinite(array)).all():
        where = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise ValueError(f"{name} is {array[where]} at {where}; required finite entries")
    return array
