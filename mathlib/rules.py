"""The rules of the problem for an architecture, and where one breaks them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mathlib.layers import FeatureMaps, Layer, channel_mismatch, place
from mathlib.shapes import by

__all__ = ["Violation", "violations"]


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that an architecture breaks.

    Parameters
    ----------
    rule : str
        `"stride"`, `"padding"`, `"pooling"`, `"alternation"`, `"channels"`, `"fit"` (a window is
        larger than its feature map) or `"output"`.
    text : str
        What is required, what there is, and where.
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
    its feature map, and `target` at the end. After a layer that does not fit there are no sizes,
    so channels, fit and output are not judged from there on.

    Raises
    ------
    TypeError
        If a layer is neither a `Convolution` nor a `MaxPooling`.

    Examples
    --------
    >>> from mathlib.layers import Convolution, MaxPooling
    >>> layers = [Convolution(3, 4, stride=2), MaxPooling(), Convolution(5, 8)]
    >>> for violation in violations(FeatureMaps(3, 8, 8), layers, FeatureMaps(8, 1, 1)):
    ...     print(violation)
    stride must be 1x1, got 2x2 (layer 1, conv)
    kernel 5x5 does not fit the 1x1 feature map it is applied to (layer 3, conv)
    """
    found: list[Violation] = []
    maps: FeatureMaps | None = start
    before: Layer | None = None
    for number, layer in enumerate(layers, 1):
        end = place(number, layer)
        broken = list(_broken_rules(layer, before))
        if maps is not None:
            if (mismatch := channel_mismatch(layer, maps)) is not None:
                broken.append(("channels", mismatch))
            try:
                maps = layer.output(maps)
            except ValueError as error:
                broken.append(("fit", str(error)))
                maps = None
        found += [Violation(rule, f"{text} {end}", number) for rule, text in broken]
        before = layer
    if maps is not None and maps != target:
        found.append(Violation("output", f"the output must be {target}, got {maps}"))
    return tuple(found)


def _broken_rules(layer: Layer, before: Layer | None) -> Iterator[tuple[str, str]]:
    """Yield the rules that a layer breaks by itself or after its neighbour."""
    window, stride, padding = layer.geometry
    required = (1, 1) if layer.kind == "conv" else (2, 2)
    if layer.kind == "pooling" and window != (2, 2):
        yield "pooling", f"pooling window must be 2x2, got {by(window)}"
    if stride != required:
        yield "stride", f"stride must be {by(required)}, got {by(stride)}"
    if padding != (0, 0):
        yield "padding", f"padding must be 0x0, got {by(padding)}"
    if before is not None and before.kind == layer.kind:
        yield (
            "alternation",
            f"layer after {before.kind} must be of another kind, got {layer.kind}",
        )
