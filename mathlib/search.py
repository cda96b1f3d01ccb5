"""The search for alternating convolution and pooling layers that lead from one size to another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mathlib.architecture import trace
from mathlib.arrays import whole
from mathlib.layers import Convolution, FeatureMaps, Kind, Layer, MaxPooling
from mathlib.shapes import leftover, output_size

__all__ = ["Candidate", "doubling", "search", "smallest", "with_filters"]


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
        raise ValueError(f"first must be 'conv' or 'pooling', got {first!r}")
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
        raise ValueError(f"last must be a multiple of {2**halvings}, got {last}")
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
            f"filters must be {len(candidate.kernels)} numbers, one for each convolution of"
            f" {candidate}, got {len(filters)}"
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
    whole(len(networks), "number of candidates")
    return min(networks, key=lambda layers: trace(start, layers).parameters)


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
