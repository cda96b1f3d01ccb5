"""Inference: images sent through the layers of an architecture whose parameters are arrays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mathlib.architecture import trace
from mathlib.arrays import FloatArray, float_array, require_shape
from mathlib.convolution import conv2d, max_pool2d
from mathlib.layers import Convolution, FeatureMaps, Layer, named_layer

__all__ = ["ConvolutionParameters", "initialise", "run"]


@dataclass(frozen=True, slots=True, eq=False)
class ConvolutionParameters:
    """The learnable arrays of a convolution layer: weights `(f, c, p, q)` and biases `(f,)`."""

    weights: FloatArray
    biases: FloatArray


def initialise(
    start: FeatureMaps,
    layers: Iterable[Layer],
    generator: np.random.Generator,
) -> tuple[ConvolutionParameters, ...]:
    """Draw the parameters of each convolution, in order, for rectified linear units.

    The weights are normal with mean 0 and variance `2 / (c p q)`, the biases 0.

    Raises
    ------
    TypeError, ValueError
        As `trace` does.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", section 2.2.

    Examples
    --------
    >>> from mathlib.layers import MaxPooling
    >>> layers = [Convolution(5, 16), MaxPooling()]
    >>> (bank,) = initialise(FeatureMaps(3, 32, 32), layers, np.random.default_rng(0))
    >>> bank.weights.shape, bank.biases.shape
    ((16, 3, 5, 5), (16,))
    """
    banks = []
    for step in trace(start, layers).steps:
        if isinstance(step.layer, Convolution):
            shape = step.layer.weights_shape(step.given.channels)
            deviation = np.sqrt(2 / np.prod(shape[1:]))
            weights = deviation * generator.standard_normal(shape)
            banks.append(ConvolutionParameters(weights, np.zeros(shape[0])))
    return tuple(banks)


def run(
    layers: Sequence[Layer], parameters: Sequence[ConvolutionParameters], images: FloatArray
) -> tuple[FloatArray, ...]:
    """Send images through the layers and return the output of each.

    A convolution is followed by the rectified linear unit, which changes no shape.

    Parameters
    ----------
    layers : sequence of Convolution and MaxPooling
    parameters : sequence of ConvolutionParameters
        One for each convolution, in order.
    images : array (n, c, h, w)

    Returns
    -------
    tuple of array
        One `(n, channels, rows, columns)` for each layer.

    Raises
    ------
    TypeError, ValueError
        As `trace`, `conv2d` and `max_pool2d` do, and if the parameters are not those of the
        layers, in number or in shape.

    Examples
    --------
    >>> bank = ConvolutionParameters(np.ones((1, 1, 1, 2)), np.array([-4.0]))
    >>> run([Convolution((1, 2), 1)], [bank], np.array([[[[1.0, 2.0, 3.0]]]]))
    (array([[[[0., 1.]]]]),)
    """
    images = float_array(images, "images", ("sample", "channel", "row", "column"))
    convolutions = sum(isinstance(layer, Convolution) for layer in layers)
    if len(parameters) != convolutions:
        raise ValueError(
            f"parameters must be {convolutions}, one for each convolution, got {len(parameters)}"
        )
    remaining, maps, outputs = iter(parameters), images, []
    for step in trace(FeatureMaps(*images.shape[1:]), layers).steps:
        with named_layer(step.number, step.layer):
            if isinstance(step.layer, Convolution):
                maps = _convolved(step.layer, next(remaining), maps)
            else:
                maps = max_pool2d(maps, step.layer.size, step.layer.stride)
        outputs.append(maps)
    return tuple(outputs)


def _convolved(layer: Convolution, bank: ConvolutionParameters, maps: FloatArray) -> FloatArray:
    """Apply a convolution layer and the rectified linear unit."""
    require_shape(bank.weights.shape, "weights", layer.weights_shape(maps.shape[1]))
    Z = conv2d(maps, bank.weights, bank.biases, layer.stride, layer.padding)
    return np.maximum(Z, 0)
