"""The library `mathlib` against others, all in turns in one process of two threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version

from benchmarks.arrays import conv2d, gradients
from benchmarks.arrays.rivals import has_torch
from benchmarks.setting import ROOT, Setting, Tables

__all__ = ["measure", "tables"]

TIMEOUT = 600
ROUNDS = 5  # for each of the setting's: a call takes milliseconds, and the machine is never still


def measure(setting: Setting) -> Tables:
    """Measure in a process of its own, whose threads are bounded before numpy is loaded."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(  # noqa: S603 - this module
        [sys.executable, "-m", __name__, str(ROUNDS * setting.rounds)],
        env={**os.environ, **dict.fromkeys(names, str(conv2d.THREADS)), "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        timeout=TIMEOUT,
        check=True,
    )
    found: Tables = json.loads(done.stdout)
    return found


def tables(rounds: int) -> Tables:
    """Measure in this process.

    Parameters
    ----------
    rounds
        How often each call is timed.
    """
    packages = ("numpy", "scipy", "autograd", *["torch"] * has_torch())
    return {
        **conv2d.tables(rounds),
        "Gradients of a network of two layers, in microseconds": gradients.rows(rounds),
        "Versions": [{"package": name, "version": version(name)} for name in packages],
    }


if __name__ == "__main__":
    print(json.dumps(tables(int(sys.argv[1]))))
