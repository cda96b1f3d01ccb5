"""Sizes under a sliding window, in whole numbers: what convolution and pooling both ask.

A size is a pair `(rows, columns)`; wherever one integer is given it stands for both.
"""

from collections.abc import Sequence

from mathlib.arrays import whole

__all__ = ["Pair", "Size", "by", "leftover", "output_size", "pair", "positions"]

Pair = tuple[int, int]
Size = int | Sequence[int]


def pair(value: Size, name: str, least: int = 1) -> Pair:
    """Return `(rows, columns)` for a size given as one integer or as two.

    Parameters
    ----------
    value : int or pair of int
        The size, each of it at least `least`.
    name : str
        What the size is of, for the errors.
    least : int
        The smallest size that makes sense.

    Raises
    ------
    TypeError
        If `value` is neither an integer nor a pair of integers.
    ValueError
        If one of the integers is below `least`.

    Examples
    --------
    >>> pair(3, "kernel"), pair((3, 5), "kernel")
    ((3, 3), (3, 5))
    """
    sizes = tuple(value) if isinstance(value, Sequence) else (value, value)
    if len(sizes) != 2:
        raise TypeError(f"{name} must be an integer or a pair (rows, columns), got {value!r}")
    return whole(sizes[0], name, least), whole(sizes[1], name, least)


def output_size(
    size: Size, kernel: Size, stride: Size = 1, padding: Size = 0, *, window: str = "kernel"
) -> Pair:
    """Return how many places a window has on a feature map, along each axis.

    `output = floor((size + 2 padding - kernel) / stride) + 1`: the first window starts at the
    (padded) edge, each next one `stride` further, and only whole windows count.

    Parameters
    ----------
    size : int or pair of int
        Rows and columns of the feature map.
    kernel : int or pair of int
        Rows and columns of the window, at least 1.
    stride : int or pair of int
        Step from one window to the next, at least 1.
    padding : int or pair of int
        Zeros added on both sides of each axis, at least 0.
    window : str
        What the window is called in the error.

    Raises
    ------
    TypeError
        If an argument is neither an integer nor a pair of integers.
    ValueError
        If an argument is out of range, or the window is larger than the padded feature map.

    References
    ----------
    V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", section 2.4.

    Examples
    --------
    Five columns hold windows of three columns at 0 and 2:

    >>> output_size((4, 5), 3, stride=2)
    (1, 2)
    """
    rows, columns = _free(size, kernel, padding, window)
    down, across = pair(stride, "stride")
    return rows // down + 1, columns // across + 1


def leftover(size: Size, kernel: Size, stride: Size = 1, padding: Size = 0) -> Pair:
    """Return how many rows and columns lie beyond the last whole window and are dropped.

    `leftover = (size + 2 padding - kernel) mod stride`; `(0, 0)` says that the windows divide the
    feature map evenly. The arguments and the exceptions are those of `output_size`.

    Examples
    --------
    Windows of two columns fill fourteen columns, and leave one of fifteen:

    >>> leftover((14, 15), 2, stride=2)
    (0, 1)
    """
    rows, columns = _free(size, kernel, padding, "kernel")
    down, across = pair(stride, "stride")
    return rows % down, columns % across


def positions(offset: int, count: int, stride: int) -> slice:
    """Return where entry `offset` of each of `count` windows lies along one axis.

    Window `i` starts at `i stride`, so its entry lies at `offset + i stride`.

    Examples
    --------
    >>> list(range(9))[positions(1, 3, stride=2)]
    [1, 3, 5]
    """
    return slice(offset, offset + (count - 1) * stride + 1, stride)


def by(sizes: Sequence[int]) -> str:
    """Return sizes as they are read out, rows first.

    Examples
    --------
    >>> by((3, 5))
    '3x5'
    """
    return "x".join(str(size) for size in sizes)


def _free(size: Size, kernel: Size, padding: Size, window: str) -> Pair:
    """Return how far a window can move on the padded feature map, down and across."""
    rows, columns = pair(size, "feature map", 0)
    height, width = pair(kernel, window)
    top, left = pair(padding, "padding", 0)
    padded = (rows + 2 * top, columns + 2 * left)
    if height > padded[0] or width > padded[1]:
        added = f", {by((rows, columns))} padded by {by((top, left))}" if top or left else ""
        raise ValueError(
            f"{window} {by((height, width))} does not fit the {by(padded)} feature map"
            f" it is applied to{added}"
        )
    return padded[0] - height, padded[1] - width
