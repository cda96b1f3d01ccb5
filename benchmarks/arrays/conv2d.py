"""Convolution and gradients of `mathlib` against PyTorch, scipy, a plain loop and autograd.

PyTorch is compared where it is installed. All are timed in turns in one process of two threads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from statistics import median

import numpy as np
from tqdm import tqdm

from benchmarks.arrays.cost import megabytes, seconds
from benchmarks.arrays.gradients import gradients
from benchmarks.arrays.rivals import LOOP, MATHLIB, SCIPY, TORCH, Layer, has_torch, work
from benchmarks.setting import ROOT, Row, Setting, Tables, target_row

__all__ = ["measure", "target"]

THREADS, TARGET, TIMEOUT = 2, 2.0, 600
ROUNDS = 5  # for each of the setting's: a call takes milliseconds, and the machine is never still

PROBLEM = (Layer(64, 3, 32, 16, 5), Layer(64, 16, 14, 32, 3), Layer(64, 32, 6, 64, 3))
SMALL = Layer(2, 3, 12, 4, 3)
BATCHES = (Layer(1, 16, 14, 32, 3), Layer(16, 16, 14, 32, 3), Layer(256, 16, 14, 32, 3))
KERNELS = (Layer(16, 8, 28, 8, 1), Layer(16, 8, 28, 8, 3), Layer(16, 8, 28, 8, 7))
CHANNELS = (Layer(16, 1, 28, 6, 5), Layer(16, 64, 14, 64, 3))
LAYERS = (*PROBLEM, SMALL, *BATCHES, *KERNELS, *CHANNELS)

FORWARD, BACKWARD = "forward", "backward"


def measure(setting: Setting) -> Tables:
    """Measure in a process of its own, whose threads are bounded before numpy is loaded."""
    threads = {name: str(THREADS) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(  # noqa: S603 - this module
        [sys.executable, "-m", "benchmarks.arrays.conv2d", str(setting.rounds)],
        env={**os.environ, **threads, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        stdout=subprocess.PIPE,
        timeout=TIMEOUT,
        check=True,
    )
    tables: Tables = json.loads(done.stdout)
    return tables


def tables(rounds: int) -> Tables:
    """Measure in this process.

    Parameters
    ----------
    rounds
        How often each call is timed.
    """
    rows = [_row(layer, rounds) for layer in tqdm(LAYERS, desc="convolution", unit="layer")]
    return {
        "Targets": [target(rows)],
        "conv2d, forward and backward, in milliseconds": rows,
        "conv2d, forward and backward: memory at its peak, in megabytes": [
            _memory(layer) for layer in tqdm(LAYERS, desc="memory", unit="layer")
        ],
        "Gradients of a network of two layers, in microseconds": gradients(rounds),
        "Versions": [
            {"package": package, "version": version(package)}
            for package in ("numpy", "scipy", "autograd", *["torch"] * has_torch())
        ],
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


def _row(layer: Layer, rounds: int) -> Row:
    """Time a layer, after seeing that all agree."""
    names = _compared(layer)
    works = {name: work(name, layer) for name in names}
    expected = [works[MATHLIB].forward(), *works[MATHLIB].backward()]
    for other in works.values():
        for ours, theirs in zip(expected, [other.forward(), *other.backward()], strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-3 * np.abs(ours).max())
    forward = seconds({name: works[name].forward for name in names}, rounds)
    backward = seconds({name: works[name].backward for name in names}, rounds)
    row: Row = {"images": layer.images, "kernels": layer.kernels}
    row |= {FORWARD: _ms(forward[MATHLIB]), BACKWARD: _ms(backward[MATHLIB])}
    return row | {
        f"ratio to {other}": _ratio(forward, backward, other) for other in (TORCH, SCIPY, LOOP)
    }


def _compared(layer: Layer) -> list[str]:
    """Say whom a layer is computed by; scipy and the loop would take minutes for some."""
    torch, few = [TORCH] * has_torch(), layer in (*PROBLEM, SMALL)
    return [MATHLIB, *torch, *[SCIPY] * few, *[LOOP] * (layer == SMALL)]


def _ms(times: Sequence[float]) -> float:
    return round(1000 * median(times), 3)


def _ratio(
    forward: Mapping[str, Sequence[float]], backward: Mapping[str, Sequence[float]], other: str
) -> str | float | None:
    """Give the ratio of the medians of both directions together."""
    if other not in forward:
        return "not installed" if other == TORCH else None
    ours, theirs = (median(forward[name]) + median(backward[name]) for name in (MATHLIB, other))
    return float(f"{ours / theirs:.3g}")


def _memory(layer: Layer) -> Row:
    """Give what each takes beside the arrays that it is given."""
    row: Row = {"images": layer.images, "kernels": layer.kernels}
    for name in _compared(layer):
        both = work(name, layer)
        peak = megabytes(lambda both=both: (both.forward(), both.backward()))  # type: ignore[misc]
        row[name] = None if peak is None else round(peak, 1)
    return row


if __name__ == "__main__":
    print(json.dumps(tables(ROUNDS * int(sys.argv[1]))))
