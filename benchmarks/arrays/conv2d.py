"""`conv2d` forward and backward against PyTorch where it is installed, scipy and a plain loop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from tqdm import tqdm

from benchmarks.arrays.cost import megabytes, seconds
from benchmarks.arrays.rivals import LOOP, MATHLIB, SCIPY, TORCH, Layer, has_torch, work
from benchmarks.setting import Row, Tables, target_row

__all__ = ["SMALL", "THREADS", "tables", "target"]

THREADS, TARGET = 2, 2.0

PROBLEM = (Layer(64, 3, 32, 16, 5), Layer(64, 16, 14, 32, 3), Layer(64, 32, 6, 64, 3))
SMALL = Layer(2, 3, 12, 4, 3)
BATCHES = (Layer(1, 16, 14, 32, 3), Layer(16, 16, 14, 32, 3), Layer(256, 16, 14, 32, 3))
KERNELS = (Layer(16, 8, 28, 8, 1), Layer(16, 8, 28, 8, 3), Layer(16, 8, 28, 8, 7))
CHANNELS = (Layer(16, 1, 28, 6, 5), Layer(16, 64, 14, 64, 3))
LAYERS = (*PROBLEM, SMALL, *BATCHES, *KERNELS, *CHANNELS)


def tables(rounds: int) -> Tables:
    """Return the target, the times and the memory.

    Parameters
    ----------
    rounds
        How often each call is timed.
    """
    rows = [_times(layer, rounds) for layer in tqdm(LAYERS, desc="convolution", unit="layer")]
    memory = [_memory(layer) for layer in tqdm(LAYERS, desc="memory", unit="layer")]
    return {
        "Targets": [target(rows)],
        "conv2d, forward and backward, in milliseconds": rows,
        "conv2d, forward and backward: memory at its peak, in megabytes": memory,
    }


def target(rows: Sequence[Row]) -> Row:
    """Compare the problem's layers, the first of the rows, with PyTorch.

    Parameters
    ----------
    rows
        Of layers, each with the ratio to PyTorch, or a text where there is none.
    """
    ratios = [row[f"ratio to {TORCH}"] for row in rows[: len(PROBLEM)]]
    numbers = [ratio for ratio in ratios if isinstance(ratio, float)]
    worst = max(numbers) if len(numbers) == len(ratios) else None
    what = f"conv2d forward and backward / {TORCH}, {THREADS} threads, the problem's layers"
    return target_row(what, TARGET, worst)


def _times(layer: Layer, rounds: int) -> Row:
    """Time a layer, after seeing that all agree."""
    works = {name: work(name, layer) for name in _compared(layer)}
    expected = [works[MATHLIB].forward(), *works[MATHLIB].backward()]
    for each in works.values():
        for ours, theirs in zip(expected, [each.forward(), *each.backward()], strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-3 * np.abs(ours).max())
    forward = seconds({name: works[name].forward for name in works}, rounds)
    backward = seconds({name: works[name].backward for name in works}, rounds)
    both = {name: forward[name] + backward[name] for name in works}
    row: Row = {**layer.sizes}
    row |= {"forward": _ms(forward[MATHLIB]), "backward": _ms(backward[MATHLIB])}
    for other in (TORCH, SCIPY, LOOP):
        missing = "not installed" if other == TORCH else None
        ratio = float(f"{both[MATHLIB] / both[other]:.3g}") if other in both else missing
        row[f"ratio to {other}"] = ratio
    return row


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 3)


def _memory(layer: Layer) -> Row:
    """Return what each takes beside the arrays that it is given."""
    row: Row = {**layer.sizes}
    for name in _compared(layer):
        both = work(name, layer)
        peak = megabytes(lambda both=both: (both.forward(), both.backward()))  # type: ignore[misc]
        row[name] = None if peak is None else round(peak, 1)
    return row


def _compared(layer: Layer) -> list[str]:
    """Return what computes a layer; scipy and the loop would take minutes for some."""
    torch, few = [TORCH] * has_torch(), layer in (*PROBLEM, SMALL)
    return [MATHLIB, *torch, *[SCIPY] * few, *[LOOP] * (layer == SMALL)]
