"""Sequences of convolution and pooling layers: sizes, parameters, cost, and which reach a size.

Layers are numbered from 1. Where one cannot be applied to what comes before it, the error ends
with its number and kind, as in `(layer 4, conv)`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import DTypeLike

from mathlib.convolution import FloatArray, conv2d, max_pool2d
from mathlib.shapes import Pair, Size, by, leftover, output_size, pair, whole

__all__ = [
    "Candidate",
    "Convolution",
    "ConvolutionParameters",
    "FeatureMaps",
    "Layer",
    "MaxPooling",
    "Step",
    "Trace",
    "Violation",
    "doubling",
    "initialise",
    "listing",
    "run",
    "search",
    "smallest",
    "trace",
    "violations",
    "with_filters",
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


Layer = Convolution | MaxPooling


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
        with _named(number, layer):
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """Layers whose sizes work out, before any number of filters is chosen.

    Parameters
    ----------
    windows : tuple of (kind, int)
        Each layer's kind, `"conv"` or `"pooling"`, and the side of its square window.
    sizes : tuple of int
        Side of the square feature maps after each layer.
    """

    windows: tuple[tuple[Kind, int], ...]
    sizes: tuple[int, ...]

    @property
    def kernels(self) -> tuple[int, ...]:
        """Sides of the convolutions' kernels."""
        return tuple(side for kind, side in self.windows if kind == "conv")

    def __str__(self) -> str:
        return ", ".join(f"{kind} {side}x{side}" for kind, side in self.windows)


def search(
    size: int = 32,
    target: int = 4,
    kernels: Iterable[int] = (3, 5, 7),
    *,
    first: Kind = "conv",
    floor: bool = False,
) -> tuple[Candidate, ...]:
    """Find every alternating sequence of convolutions and poolings from one size to another.

    The convolutions have stride 1 and no padding, the poolings a window of 2 by 2 and stride 2.
    Alternating means that no two neighbours are of one kind. A sequence has at least one layer
    and may end with either kind.

    Parameters
    ----------
    size, target : int
        Sides of the square feature maps at the start and at the end.
    kernels : iterable of int
        Sides of the kernels to try.
    first : {"conv", "pooling"}
        Kind of the first layer.
    floor : bool
        Whether pooling may drop a last row and column, as frameworks do by rounding down; if not,
        only even sizes are pooled.

    Returns
    -------
    tuple of Candidate
        In the order of the kernels, shorter before longer where one begins the other.

    Raises
    ------
    TypeError, ValueError
        If a size or a kernel is not an integer of at least 1, or `first` is no kind.

    Examples
    --------
    From 8 to 2, `8 - 5 + 1 = 4` is halved; `8 - 3 + 1 = 6` is halved to 3, and 3 is odd:

    >>> [(str(found), found.sizes) for found in search(8, 2)]
    [('conv 5x5, pooling 2x2', (4, 2)), ('conv 7x7', (2,))]
    """
    whole(size, "size")
    whole(target, "target")
    sides = tuple(dict.fromkeys(whole(kernel, "kernel") for kernel in kernels))
    if first not in ("conv", "pooling"):
        raise ValueError(f"first is {first!r}; required 'conv' or 'pooling'")
    options: dict[Kind, tuple[int, ...]] = {"conv": sides, "pooling": (2,)}
    return tuple(
        Candidate(tuple((kind, side) for kind, side, _ in path), tuple(after for *_, after in path))
        for path in _paths(size, target, options, first, floor=floor)
    )


def doubling(convolutions: int, last: int = 64) -> tuple[int, ...]:
    """Return a number of filters for each convolution, doubling up to `last`.

    Raises
    ------
    ValueError
        If there is no convolution, or `last` cannot be halved so often.

    Examples
    --------
    >>> doubling(3)
    (16, 32, 64)
    """
    halvings = whole(convolutions, "convolutions") - 1
    if last % 2**halvings:
        raise ValueError(f"{last} filters cannot be halved {halvings} times")
    return tuple(last // 2**halving for halving in range(halvings, -1, -1))


def with_filters(candidate: Candidate, filters: Sequence[int]) -> tuple[Layer, ...]:
    """Return the layers of a candidate, its convolutions with these numbers of filters.

    Raises
    ------
    ValueError
        If there are not as many numbers as convolutions.

    Examples
    --------
    >>> layers = with_filters(search(8, 2)[0], [64])
    >>> layers == (Convolution(5, 64), MaxPooling(2))
    True
    """
    if len(filters) != len(candidate.kernels):
        raise ValueError(
            f"{len(filters)} numbers of filters given; required {len(candidate.kernels)},"
            f" one for each convolution of {candidate}"
        )
    remaining = iter(filters)
    return tuple(
        Convolution(side, next(remaining)) if kind == "conv" else MaxPooling(side)
        for kind, side in candidate.windows
    )


def smallest(
    candidates: Iterable[Candidate],
    start: FeatureMaps,
    filters: Callable[[int], Sequence[int]] = doubling,
) -> tuple[Layer, ...]:
    """Return the layers with the fewest parameters, the first of them if several have.

    Parameters
    ----------
    candidates : iterable of Candidate
    start : FeatureMaps
        What the first layer is given.
    filters : callable
        The numbers of filters for a number of convolutions.

    Raises
    ------
    ValueError
        If there is no candidate.

    Examples
    --------
    `5*5*3*64 + 64 = 4864` parameters are fewer than `7*7*3*64 + 64 = 9472`:

    >>> smallest(search(8, 2), FeatureMaps(3, 8, 8))[0].kernel
    5
    """
    networks = [with_filters(found, filters(len(found.kernels))) for found in candidates]
    if not networks:
        raise ValueError("no candidate given; required at least one")
    return min(networks, key=lambda layers: trace(start, layers).parameters)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that an architecture breaks.

    Parameters
    ----------
    rule : str
        `"stride"`, `"padding"`, `"pooling"`, `"alternation"`, `"channels"`, `"fit"` (a window is
        larger than its feature map) or `"output"`.
    text : str
        What there is, what is required, and where.
    layer : int or None
        Number of the layer; none where the whole does not end as required.
    """

    rule: str
    text: str
    layer: int | None = None

    def __str__(self) -> str:
        return self.text


def violations(
    start: FeatureMaps, layers: Iterable[Layer], target: FeatureMaps
) -> tuple[Violation, ...]:
    """List the rules of the problem that an architecture breaks, layer by layer.

    The rules: convolutions with stride 1 and no padding, poolings of 2 by 2 with stride 2, no two
    neighbours of one kind, each layer designed for the channels it is given, each window within
    its feature map, and `target` at the end. Behind a layer that does not fit there are no sizes,
    so channels, fit and output are not judged from there on.

    Raises
    ------
    TypeError
        If a layer is neither a `Convolution` nor a `MaxPooling`.

    Examples
    --------
    >>> layers = [Convolution(3, 4, stride=2), MaxPooling(), Convolution(5, 8)]
    >>> for violation in violations(FeatureMaps(3, 8, 8), layers, FeatureMaps(8, 1, 1)):
    ...     print(violation)
    stride 2x2; required 1x1 (layer 1, conv)
    kernel 5x5 does not fit the 1x1 feature map it is applied to (layer 3, conv)
    """
    found: list[Violation] = []
    maps: FeatureMaps | None = start
    before: Layer | None = None
    for number, layer in enumerate(layers, 1):
        _require_layer(number, layer)
        broken = list(_broken_rules(layer, before))
        if maps is not None:
            if (mismatch := _channel_mismatch(layer, maps)) is not None:
                broken.append(("channels", mismatch))
            try:
                maps = _output(layer, maps)
            except ValueError as error:
                broken.append(("fit", str(error)))
                maps = None
        place = _place(number, layer)
        found += [Violation(rule, f"{text} {place}", number) for rule, text in broken]
        before = layer
    if maps is not None and maps != target:
        found.append(Violation("output", f"the output is {maps}; required {target}"))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class ConvolutionParameters:
    """The learnable arrays of a convolution layer: weights `(f, c, p, q)` and biases `(f,)`."""

    weights: FloatArray
    biases: FloatArray


def initialise(
    start: FeatureMaps,
    layers: Iterable[Layer],
    generator: np.random.Generator,
    dtype: DTypeLike = np.float64,
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
    >>> layers = [Convolution(5, 16), MaxPooling()]
    >>> (bank,) = initialise(FeatureMaps(3, 32, 32), layers, np.random.default_rng(0))
    >>> bank.weights.shape, bank.biases.shape
    ((16, 3, 5, 5), (16,))
    """
    banks = []
    for step in trace(start, layers).steps:
        if isinstance(step.layer, Convolution):
            shape = _weights_shape(step.layer, step.given.channels)
            deviation = np.sqrt(2 / np.prod(shape[1:]))
            weights = (deviation * generator.standard_normal(shape)).astype(dtype)
            banks.append(ConvolutionParameters(weights, np.zeros(shape[0], dtype)))
    return tuple(banks)


def run(
    layers: Sequence[Layer], parameters: Sequence[ConvolutionParameters], images: FloatArray
) -> tuple[FloatArray, ...]:
    """Send images through the layers and return what comes out of each.

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
    if images.ndim != 4:
        required = "4 axes (sample, channel, row, column)"
        raise ValueError(f"images has shape {images.shape}; required {required}")
    convolutions = sum(isinstance(layer, Convolution) for layer in layers)
    if len(parameters) != convolutions:
        raise ValueError(
            f"parameters of {len(parameters)} convolutions given; the layers have {convolutions}"
        )
    remaining, maps, outputs = iter(parameters), images, []
    for step in trace(FeatureMaps(*images.shape[1:]), layers).steps:
        with _named(step.number, step.layer):
            if isinstance(step.layer, Convolution):
                maps = _convolved(step.layer, next(remaining), maps)
            else:
                maps = max_pool2d(maps, step.layer.size, step.layer.stride)
        outputs.append(maps)
    return tuple(outputs)


def _step(number: int, layer: Layer, given: FeatureMaps, field: Pair, spacing: Pair) -> Step:
    """Apply one layer to sizes, receptive field and spacing."""
    if (mismatch := _channel_mismatch(layer, given)) is not None:
        raise ValueError(mismatch)
    output = _output(layer, given)
    window, stride, padding = layer.geometry
    weights = biases = 0
    if isinstance(layer, Convolution):
        weights = int(np.prod(_weights_shape(layer, given.channels)))
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


def _output(layer: Layer, given: FeatureMaps) -> FeatureMaps:
    """Return the feature maps after a layer."""
    window = "kernel" if isinstance(layer, Convolution) else "pooling window"
    size = output_size(given.size, *layer.geometry, window=window)
    return FeatureMaps(layer.filters if isinstance(layer, Convolution) else given.channels, *size)


def _weights_shape(layer: Convolution, channels: int) -> tuple[int, int, int, int]:
    """Return the shape `(f, c, p, q)` of a layer's weights."""
    return (layer.filters, channels, *layer.geometry[0])


def _channel_mismatch(layer: Layer, given: FeatureMaps) -> str | None:
    """Say that a layer was designed for other channels than it is given."""
    designed = layer.channels if isinstance(layer, Convolution) else None
    if designed in (None, given.channels):
        return None
    return f"channels: designed for {designed} input feature maps, given {given.channels}"


def _broken_rules(layer: Layer, before: Layer | None) -> Iterator[tuple[str, str]]:
    """Yield the rules that a layer breaks by itself or after its neighbour."""
    window, stride, padding = layer.geometry
    required = (1, 1) if layer.kind == "conv" else (2, 2)
    if layer.kind == "pooling" and window != (2, 2):
        yield "pooling", f"pooling window {by(window)}; required 2x2"
    if stride != required:
        yield "stride", f"stride {by(stride)}; required {by(required)}"
    if padding != (0, 0):
        yield "padding", f"padding {by(padding)}; required none"
    if before is not None and before.kind == layer.kind:
        yield "alternation", f"{layer.kind} after {before.kind}; required the other kind"


def _described(step: Step) -> str:
    """Describe a layer in the words of the listing."""
    window, stride, padding = step.layer.geometry
    if isinstance(step.layer, Convolution):
        text = (
            f"kernel size {by(window)}, {step.given.channels} input feature maps,"
            f" {step.layer.filters} output feature maps"
        )
        usual = (1, 1)
    else:
        text, usual = by(window), (2, 2)
    text += f", stride {by(stride)}" if stride != usual else ""
    return text + (f", padding {by(padding)}" if padding != (0, 0) else "")


def _paths(
    size: int, target: int, options: dict[Kind, tuple[int, ...]], kind: Kind, *, floor: bool
) -> Iterator[tuple[tuple[Kind, int, int], ...]]:
    """Yield every way on from a size whose first layer is of one kind."""
    other: Kind = "pooling" if kind == "conv" else "conv"
    stride = 1 if kind == "conv" else 2
    for side in options[kind]:
        if side > size or (not floor and leftover(size, side, stride) != (0, 0)):
            continue
        after, _ = output_size(size, side, stride)
        if after == target:
            yield ((kind, side, after),)
        if after >= target:
            for rest in _paths(after, target, options, other, floor=floor):
                yield ((kind, side, after), *rest)


def _convolved(layer: Convolution, bank: ConvolutionParameters, maps: FloatArray) -> FloatArray:
    """Apply a convolution layer and the rectified linear unit."""
    required = _weights_shape(layer, maps.shape[1])
    if bank.weights.shape != required:
        raise ValueError(f"weights has shape {bank.weights.shape}; required {required}")
    Z = conv2d(maps, bank.weights, bank.biases, layer.stride, layer.padding)
    return np.maximum(Z, 0)


def _require_layer(number: int, layer: object) -> None:
    """Check that a layer is one."""
    if not isinstance(layer, Convolution | MaxPooling):
        raise TypeError(f"layer {number} is {layer!r}; required a Convolution or a MaxPooling")


@contextmanager
def _named(number: int, layer: Layer) -> Iterator[None]:
    """Let errors say in which layer they arose."""
    _require_layer(number, layer)
    try:
        yield
    except (TypeError, ValueError) as error:
        raise type(error)(f"{error} {_place(number, layer)}") from error


def _place(number: int, layer: Layer) -> str:
    """Return a layer's number and kind, as errors end with."""
    return f"(layer {number}, {layer.kind})"
