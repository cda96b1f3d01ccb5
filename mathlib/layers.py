"""Layers of a network: convolutions and max-poolings, and the feature maps between them.

A size that is no integer raises `TypeError`, one that is out of range `ValueError`. Errors about a
layer end with its number, from 1, and its kind, as in `(layer 4, conv)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Literal

from mathlib.arrays import whole
from mathlib.shapes import Pair, Size, by, output_size, pair

__all__ = [
    "Convolution",
    "FeatureMaps",
    "Kind",
    "Layer",
    "MaxPooling",
    "channel_mismatch",
    "named_layer",
    "place",
]


Kind = Literal["conv", "pooling"]


@dataclass(frozen=True, slots=True)
class FeatureMaps:
    """How many feature maps there are, and of what size; each number at least 1."""

    channels: int
    rows: int
    columns: int

    def __post_init__(self) -> None:
        whole(self.channels, "channels")
        pair(self.size, "feature map")

    @property
    def size(self) -> Pair:
        """Rows and columns of one feature map."""
        return self.rows, self.columns

    def __str__(self) -> str:
        return f"{by(self.size)}, {self.channels} feature maps"


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution layer: `filters` kernels over all channels, and one bias for each.

    `channels` is the number of input channels that the layer was designed for; without it the
    layer takes as many as it is given. Sizes are one integer or a pair `(rows, columns)`.
    """

    kind: ClassVar[Kind] = "conv"

    kernel: Size
    filters: int
    stride: Size = 1
    padding: Size = 0
    channels: int | None = None

    def __post_init__(self) -> None:
        whole(self.filters, "filters")
        if self.channels is not None:
            whole(self.channels, "channels")
        _ = self.geometry

    @property
    def geometry(self) -> tuple[Pair, Pair, Pair]:
        """Kernel, stride and padding as pairs."""
        kernel, stride = pair(self.kernel, "kernel"), pair(self.stride, "stride")
        return kernel, stride, pair(self.padding, "padding", 0)

    def weights_shape(self, channels: int) -> tuple[int, int, int, int]:
        """Return the shape `(f, c, p, q)` of the weights over so many input channels."""
        return (self.filters, channels, *self.geometry[0])

    def output(self, given: FeatureMaps) -> FeatureMaps:
        """Return the feature maps after the layer; `ValueError` if the kernel does not fit."""
        return FeatureMaps(self.filters, *output_size(given.size, *self.geometry))


@dataclass(frozen=True, slots=True)
class MaxPooling:
    """A max-pooling layer; rows and columns beyond the last whole window are dropped."""

    kind: ClassVar[Kind] = "pooling"

    size: Size = 2
    stride: Size = 2

    def __post_init__(self) -> None:
        _ = self.geometry

    @property
    def geometry(self) -> tuple[Pair, Pair, Pair]:
        """Window, stride and padding as pairs; there is no padding."""
        return pair(self.size, "pooling window"), pair(self.stride, "stride"), (0, 0)

    def output(self, given: FeatureMaps) -> FeatureMaps:
        """Return the feature maps after the layer; `ValueError` if the window does not fit."""
        size = output_size(given.size, *self.geometry, window="pooling window")
        return FeatureMaps(given.channels, *size)


Layer = Convolution | MaxPooling


def channel_mismatch(layer: Layer, given: FeatureMaps) -> str | None:
    """Return what is wrong if a layer was designed for other channels than it is given.

    Examples
    --------
    >>> channel_mismatch(Convolution(3, 8, channels=4), FeatureMaps(3, 9, 9))
    'channels must be 4, for which the layer is designed, got 3'
    """
    designed = layer.channels if isinstance(layer, Convolution) else None
    if designed in (None, given.channels):
        return None
    return f"channels must be {designed}, for which the layer is designed, got {given.channels}"


def place(number: int, layer: Layer) -> str:
    """Return a layer's number and kind, with which errors end.

    Raises
    ------
    TypeError
        If it is neither a `Convolution` nor a `MaxPooling`.

    Examples
    --------
    >>> place(4, MaxPooling())
    '(layer 4, pooling)'
    """
    if not isinstance(layer, Convolution | MaxPooling):
        raise TypeError(f"layer {number} must be a Convolution or a MaxPooling, got {layer!r}")
    return f"(layer {number}, {layer.kind})"


@contextmanager
def named_layer(number: int, layer: Layer) -> Iterator[None]:
    """Name the layer at the end of each `TypeError` and `ValueError` that arises within.

    Examples
    --------
    >>> with named_layer(4, MaxPooling()):
    ...     raise ValueError("images must be finite")
    Traceback (most recent call last):
    ValueError: images must be finite (layer 4, pooling)
    """
    end = place(number, layer)
    try:
        yield
    except (TypeError, ValueError) as error:
        raise type(error)(f"{error} {end}") from error
