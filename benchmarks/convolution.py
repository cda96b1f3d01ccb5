"""Time `conv2d`, forward and backward, as a ratio to PyTorch's on two threads.

PyTorch is needed here alone: ``pip install torch``, then ``python benchmarks/convolution.py``.
Both are timed in turns within one run, and each figure is a median.
"""

import os

os.environ.update(OMP_NUM_THREADS="2", OPENBLAS_NUM_THREADS="2")

import time
from collections.abc import Callable
from statistics import median

import numpy as np
import torch

from mathlib.convolution import conv2d, conv2d_backward

ROUNDS = 25


def seconds(function: Callable[[], object]) -> float:
    """Return how long a call takes."""
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def compare(
    samples: int, channels: int, side: int, filters: int, kernel: int
) -> tuple[float, float]:
    """Return the median seconds of this library and of PyTorch, after checking that they agree."""
    generator = np.random.default_rng(0)
    shapes = (
        (samples, channels, side, side),
        (filters, channels, kernel, kernel),
        (filters,),
        (samples, filters, side - kernel + 1, side - kernel + 1),
    )
    images, weights, biases, dZ = (generator.standard_normal(shape, np.float32) for shape in shapes)
    inputs = [torch.tensor(array, requires_grad=True) for array in (images, weights, biases)]

    def ours() -> object:
        conv2d(images, weights, biases)
        return conv2d_backward(dZ, images, weights)

    def theirs() -> list[torch.Tensor]:
        output = torch.nn.functional.conv2d(*inputs)
        return list(torch.autograd.grad(output, inputs, torch.tensor(dZ)))

    gradients = conv2d_backward(dZ, images, weights)
    for name, gradient in zip(("images", "weights", "biases"), theirs(), strict=True):
        np.testing.assert_allclose(getattr(gradients, name), gradient.numpy(), rtol=1e-3, atol=1e-2)
    times = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
    return median(time for time, _ in times), median(time for _, time in times)


def main() -> None:
    """Print a table in Markdown: the layer of the target, then the batch doubled five times."""
    torch.set_num_threads(2)
    print("| images | kernels | ms per image | ratio to PyTorch |")
    print("| ------ | ------- | ------------ | ---------------- |")
    layers = [(64, 3, 32, 16, 5), (64, 16, 14, 32, 3), (64, 32, 6, 64, 3)]
    layers += [(samples, 3, 32, 16, 5) for samples in (16, 32, 128, 256, 512)]
    for samples, channels, side, filters, kernel in layers:
        ours, theirs = compare(samples, channels, side, filters, kernel)
        print(
            f"| {samples} x {channels} x {side} x {side} | {filters} of {kernel} x {kernel} "
            f"| {1000 * ours / samples:.3f} | {ours / theirs:.2f} |"
        )


if __name__ == "__main__":
    main()
