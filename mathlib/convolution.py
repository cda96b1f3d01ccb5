"""Convolution and max-pooling of feature maps, forward and backward.

Every stack of feature maps has the axes `(sample, channel, row, column)`. A stride and a padding
are one integer for both directions or a pair `(rows, columns)`; `float32` stays `float32`.
"""

from dataclasses import dataclass

import numpy as np

from mathlib.arrays import FloatArray, float_array
from mathlib.shapes import Size
from mathlib.windows import (
    blocks,
    grid_of,
    kernel_rows,
    kernel_rows_backward,
    windows,
    windows_backward,
)

__all__ = [
    "ConvolutionGradients",
    "FloatArray",
    "conv2d",
    "conv2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
]


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
    where = f"for {weights.dtype} weights of {len(weights)} filters"
    biases = float_array(biases, "biases", weights.shape[:1], where=where, like=weights)
    grid = grid_of(images, weights.shape[2:], stride, padding)
    kernels = kernel_rows(weights)
    Z = np.empty((len(images), len(weights), *grid.output), images.dtype)
    for block in blocks(len(images), weights, grid):
        rows = windows(images[block], grid)
        products = np.repeat(biases[:, np.newaxis], rows.shape[2], axis=1)
        product = np.empty_like(products)  # made once: new memory costs as much as the product
        for kernel, row in zip(kernels, rows, strict=True):
            products += np.matmul(kernel, row, out=product)
        Z[block] = np.moveaxis(products.reshape(len(weights), *grid.output, -1), -1, 0)
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
    grid = grid_of(images, weights.shape[2:], stride, padding)
    shape = (len(images), len(weights), *grid.output)
    dZ = float_array(dZ, "dZ", shape, where="as the output of conv2d", like=images)
    kernels = kernel_rows(weights)
    dX, dkernels = np.empty(images.shape, images.dtype), np.zeros_like(kernels)
    for block in blocks(len(images), weights, grid):
        dproducts = np.moveaxis(dZ[block], 0, -1).reshape(len(weights), -1)
        dkernels += (windows(images[block], grid) @ dproducts.T).mT
        dX[block] = windows_backward(dproducts, kernels, images[block].shape, grid)
    dW = kernel_rows_backward(dkernels, weights.shape)
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
    images = float_array(images, "images", _MAPS)
    grid = grid_of(images, size, stride, window="pooling window")
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
    dP = float_array(dP, "dP", pooled.shape, where="as the output of max_pool2d", like=images)
    grid = grid_of(images, size, stride)
    dX, unclaimed = np.zeros(images.shape, images.dtype), np.ones(pooled.shape, bool)
    for rows, columns in grid.entries():
        first = unclaimed & (images[..., rows, columns] == pooled)
        dX[..., rows, columns] += np.where(first, dP, 0)
        unclaimed &= ~first
    return dX


_MAPS = ("sample", "channel", "row", "column")


def _operands(images: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Check what both directions of a convolution are given."""
    images = float_array(images, "images", _MAPS)
    shape = ("filter", images.shape[1], "row", "column")
    where = f"for {images.dtype} images of {images.shape[1]} channels"
    return images, float_array(weights, "weights", shape, where=where, like=images)
