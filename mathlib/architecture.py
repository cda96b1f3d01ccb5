"""Architectures, which are sequences of layers: their sizes, parameters and cost."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from mathlib.layers import (
    Convolution,
    FeatureMaps,
    Layer,
    MaxPooling,
    channel_mismatch,
    named_layer,
)
from mathlib.shapes import Pair, by, leftover

__all__ = ["Step", "Trace", "listing", "trace"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one layer does.

    Parameters
    ----------
    number : int
        Place of the layer, from 1.
    layer : Convolution or MaxPooling
    given, output : FeatureMaps
        Before and after the layer.
    weights, biases : int
        Learnable parameters; 0 in a pooling layer.
    receptive_field : pair of int
        Rows and columns of the input image on which one output entry depends.
    spacing : pair of int
        How far apart on the input image the fields of neighbouring entries lie.
    multiply_adds : int
        Per output entry the area of the kernel times the input channels. Adding the bias and
        comparing in a pooling layer are not counted.
    dropped : pair of int
        Rows and columns that no whole window reaches.
    """

    number: int
    layer: Layer
    given: FeatureMaps
    output: FeatureMaps
    weights: int
    biases: int
    receptive_field: Pair
    spacing: Pair
    multiply_adds: int
    dropped: Pair

    @property
    def parameters(self) -> int:
        """Weights and biases together."""
        return self.weights + self.biases


@dataclass(frozen=True, slots=True)
class Trace:
    """What a sequence of layers does to its input, one `Step` for each layer."""

    start: FeatureMaps
    steps: tuple[Step, ...]

    @property
    def output(self) -> FeatureMaps:
        """The feature maps after the last layer."""
        return self.steps[-1].output if self.steps else self.start

    @property
    def parameters(self) -> int:
        """Weights and biases of all layers."""
        return sum(step.parameters for step in self.steps)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of all layers, for one image."""
        return sum(step.multiply_adds for step in self.steps)


def trace(start: FeatureMaps, layers: Iterable[Layer]) -> Trace:
    """Follow the feature maps through a sequence of layers.

    A convolution of `f` kernels `p` by `q` on `c` channels has `f c p q` weights and `f` biases.
    The receptive field grows by `(p - 1) spacing` rows, the spacing by the factor `stride`.

    Parameters
    ----------
    start : FeatureMaps
        What the first layer is given.
    layers : iterable of Convolution and MaxPooling

    Raises
    ------
    TypeError
        If a layer is neither of the two.
    ValueError
        If a layer was designed for another number of channels than it is given, or its window is
        larger than the padded feature map.

    References
    ----------
    V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", chapters 2
    and 3, for the sizes; A. Araujo, W. Norris and J. Sim, "Computing receptive fields of
    convolutional neural networks", for the fields.

    Examples
    --------
    `5*5*3*16` weights and 16 biases:

    >>> traced = trace(FeatureMaps(3, 32, 32), [Convolution(5, 16), MaxPooling()])
    >>> str(traced.output), traced.parameters, traced.steps[-1].receptive_field
    ('14x14, 16 feature maps', 1216, (6, 6))
    """
    steps: list[Step] = []
    maps, field, spacing = start, (1, 1), (1, 1)
    for number, layer in enumerate(layers, 1):
        with named_layer(number, layer):
            step = _step(number, layer, maps, field, spacing)
        steps.append(step)
        maps, field, spacing = step.output, step.receptive_field, step.spacing
    return Trace(start, tuple(steps))


def listing(traced: Trace) -> str:
    r"""Return an architecture as the lines the problem asks for.

    Stride, padding and a pooling window's stride are named where they are not 1, 0 and 2.

    Examples
    --------
    >>> print(listing(trace(FeatureMaps(3, 32, 32), [Convolution(5, 16)])))
    input feature map: 32x32, 3 feature maps
    conv layer: kernel size 5x5, 3 input feature maps, 16 output feature maps
    output conv layer: 28x28, 16 feature maps
    output: 28x28, 16 feature maps
    Total number of learnable parameters (weights and biases): 1216
    """
    lines = [f"input feature map: {traced.start}"]
    for step in traced.steps:
        kind = step.layer.kind
        lines += [f"{kind} layer: {_described(step)}", f"output {kind} layer: {step.output}"]
    lines += [
        f"output: {traced.output}",
        f"Total number of learnable parameters (weights and biases): {traced.parameters}",
    ]
    return "\n".join(lines)


def _step(number: int, layer: Layer, given: FeatureMaps, field: Pair, spacing: Pair) -> Step:
    """Apply one layer to sizes, receptive field and spacing."""
    if (mismatch := channel_mismatch(layer, given)) is not None:
        raise ValueError(mismatch)
    output = layer.output(given)
    window, stride, padding = layer.geometry
    weights = biases = 0
    if isinstance(layer, Convolution):
        weights = int(np.prod(layer.weights_shape(given.channels)))
        biases = layer.filters
    return Step(
        number,
        layer,
        given,
        output,
        weights,
        biases,
        receptive_field=_each(lambda r, w, s: r + (w - 1) * s, field, window, spacing),
        spacing=_each(lambda s, step: s * step, spacing, stride),
        multiply_adds=weights * output.rows * output.columns,
        dropped=leftover(given.size, window, stride, padding),
    )


def _each(rule: Callable[..., int], *pairs: Pair) -> Pair:
    """Apply a rule to rows and to columns."""
    return rule(*(rows for rows, _ in pairs)), rule(*(columns for _, columns in pairs))


def _described(step: Step) -> str:
    """Describe a layer in the words of the listing."""
    window, stride, padding = step.layer.geometry
    text, usual = by(window), (1, 1)
    if isinstance(step.layer, MaxPooling):
        usual = (2, 2)
    else:
        text = (
            f"kernel size {text}, {step.given.channels} input feature maps,"
            f" {step.layer.filters} output feature maps"
        )
    text += f", stride {by(stride)}" if stride != usual else ""
    return text + (f", padding {by(padding)}" if padding != (0, 0) else "")
