"""The gradients of a network of two layers: `mathlib`, by hand, against HIPS autograd."""

from __future__ import annotations

import autograd
import autograd.numpy as anp
import numpy as np

from benchmarks.arrays.cost import seconds
from benchmarks.setting import Row
from mathlib.convolution import FloatArray
from mathlib.network import Parameters, backward, forward
from mathlib.parameters import Gradients

__all__ = ["rows"]

SIZES = ((3, 4, 2), (100, 10, 10), (1000, 100, 100))
"""Samples, inputs and hidden units: the problem's, and larger ones."""

CALLS = 20
"""How many calls are timed together: one of the problem's sizes is too short for a clock."""


def rows(rounds: int) -> list[Row]:
    """Time the loss's gradients by all parameters.

    Parameters
    ----------
    rounds
        How often each is timed.
    """
    return [_row(n, d, h, rounds) for n, d, h in SIZES]


def _row(n: int, d: int, h: int, rounds: int) -> Row:
    generator = np.random.default_rng(0)
    shapes = ((n, d), (n,), (h, d), (h,), (h,))
    X, t, W1, b1, w2 = (generator.standard_normal(shape) for shape in shapes)
    parameters, given = Parameters(W1, b1, w2, -0.7), (W1, b1, w2, -0.7)

    def loss(W1: FloatArray, b1: FloatArray, w2: FloatArray, b2: float) -> float:
        y = anp.dot(anp.maximum(anp.dot(X, W1.T) + b1, 0), w2) + b2
        result: float = anp.sum((y - t) ** 2) / 2
        return result

    differentiate = autograd.grad(loss, argnum=(0, 1, 2, 3))

    def ours() -> Gradients:
        return backward(parameters, forward(parameters, X), t)

    found = ours()
    mine = (found.dW1, found.db1, found.dw2, np.asarray(found.db2))
    for gradient, expected in zip(mine, differentiate(*given), strict=True):
        np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-9)
    calls = {
        "mathlib": lambda: [ours() for _ in range(CALLS)],
        "autograd": lambda: [differentiate(*given) for _ in range(CALLS)],
    }
    times = {name: time / CALLS for name, time in seconds(calls, rounds).items()}
    return {
        "samples": n,
        "inputs": d,
        "hidden units": h,
        **{name: round(1e6 * times[name], 1) for name in times},
        "ratio": float(f"{times['mathlib'] / times['autograd']:.3g}"),
    }
