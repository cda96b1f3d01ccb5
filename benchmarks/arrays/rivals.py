"""A convolution forward and backward, by this library and by others, for the same arrays."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy import signal

from mathlib.convolution import FloatArray, conv2d, conv2d_backward

__all__ = ["LOOP", "MATHLIB", "SCIPY", "TORCH", "Layer", "Work", "has_torch", "work"]

MATHLIB, TORCH, SCIPY, LOOP = "mathlib", "PyTorch", "scipy", "a loop"

Gradients = tuple[FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolution: how many square images of how many channels, and its square kernels."""

    samples: int
    channels: int
    side: int
    filters: int
    kernel: int

    @property
    def sizes(self) -> dict[str, str]:
        """The sizes of images and kernels, as a table shows them."""
        images = f"{self.samples}×{self.channels}×{self.side}×{self.side}"  # noqa: RUF001
        return {"images": images, "kernels": f"{self.filters} of {self.kernel}×{self.kernel}"}  # noqa: RUF001

    def arrays(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Draw images, weights, biases, and a gradient of the loss by the output."""
        generator = np.random.default_rng(0)
        places = self.side - self.kernel + 1
        shapes = (
            (self.samples, self.channels, self.side, self.side),
            (self.filters, self.channels, self.kernel, self.kernel),
            (self.filters,),
            (self.samples, self.filters, places, places),
        )
        X, W, b, dZ = (generator.standard_normal(shape, np.float32) for shape in shapes)
        return X, W, b, dZ


@dataclass(frozen=True, slots=True)
class Work:
    """What is measured: the output, and the gradients by images, weights and biases."""

    forward: Callable[[], FloatArray]
    backward: Callable[[], Gradients]


def has_torch() -> bool:
    """Return whether PyTorch is installed; only a benchmark needs it."""
    return importlib.util.find_spec("torch") is not None


def work(name: str, layer: Layer) -> Work:
    """Return the work of one of the libraries on a layer.

    Parameters
    ----------
    name
        `MATHLIB`, `TORCH`, `SCIPY` or `LOOP`.
    layer
        The arrays are those of this layer.
    """
    return {MATHLIB: _mathlib, TORCH: _torch, SCIPY: _scipy, LOOP: _loop}[name](*layer.arrays())


def _mathlib(X: FloatArray, W: FloatArray, b: FloatArray, dZ: FloatArray) -> Work:
    def backward() -> Gradients:
        gradients = conv2d_backward(dZ, X, W)
        return gradients.images, gradients.weights, gradients.biases

    return Work(lambda: conv2d(X, W, b), backward)


def _torch(X: FloatArray, W: FloatArray, b: FloatArray, dZ: FloatArray) -> Work:
    import torch

    inputs = [torch.tensor(array, requires_grad=True) for array in (X, W, b)]
    given, output = torch.tensor(dZ), torch.nn.functional.conv2d(*inputs)

    def forward() -> FloatArray:
        result: FloatArray = torch.nn.functional.conv2d(*inputs).detach().numpy()
        return result

    def backward() -> Gradients:
        dX, dW, db = torch.autograd.grad(output, inputs, given, retain_graph=True)
        return dX.numpy(), dW.numpy(), db.numpy()

    return Work(forward, backward)


def _scipy(X: FloatArray, W: FloatArray, b: FloatArray, dZ: FloatArray) -> Work:
    """Convolve each map with each kernel by Fourier transforms, which know no channels."""
    maps, kernels, dmaps = X[:, np.newaxis], W[np.newaxis], dZ[:, :, np.newaxis]

    def convolve(left: FloatArray, right: FloatArray, mode: str, axis: int) -> FloatArray:
        result: FloatArray = signal.fftconvolve(left, right, mode, axes=(3, 4)).sum(axis=axis)
        return result

    def forward() -> FloatArray:
        Z = convolve(maps, kernels[..., ::-1, ::-1], "valid", 2)
        return np.add(Z, b[:, np.newaxis, np.newaxis])

    def backward() -> Gradients:
        dX = convolve(dmaps, kernels, "full", 1)
        dW = convolve(maps, dmaps[..., ::-1, ::-1], "valid", 0)
        return dX, dW, dZ.sum(axis=(0, 2, 3))

    return Work(forward, backward)


def _loop(X: FloatArray, W: FloatArray, b: FloatArray, dZ: FloatArray) -> Work:
    """Go from place to place and from filter to filter, as the formula is read."""
    p, q = W.shape[2:]
    places = list(product(*map(range, dZ.shape)))

    def forward() -> FloatArray:
        Z = np.empty_like(dZ)
        for s, g, i, j in places:
            Z[s, g, i, j] = (W[g] * X[s, :, i : i + p, j : j + q]).sum() + b[g]
        return Z

    def backward() -> Gradients:
        dX, dW, db = np.zeros_like(X), np.zeros_like(W), np.zeros_like(b)
        for s, g, i, j in places:
            dX[s, :, i : i + p, j : j + q] += dZ[s, g, i, j] * W[g]
            dW[g] += dZ[s, g, i, j] * X[s, :, i : i + p, j : j + q]
            db[g] += dZ[s, g, i, j]
        return dX, dW, db

    return Work(forward, backward)
