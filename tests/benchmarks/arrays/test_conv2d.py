"""What is compared computes the same, and is timed and weighed rightly."""

import numpy as np
import pytest

from benchmarks.arrays.conv2d import SMALL, target
from benchmarks.arrays.cost import STATUS, megabytes, seconds
from benchmarks.arrays.rivals import LOOP, MATHLIB, SCIPY, TORCH, Layer, has_torch, work


@pytest.mark.parametrize("name", [SCIPY, LOOP, *[TORCH] * has_torch()])
def test_others_compute_what_the_library_computes(name):
    ours, theirs = work(MATHLIB, SMALL), work(name, SMALL)
    for mine, other in zip(
        (ours.forward(), *ours.backward()), (theirs.forward(), *theirs.backward()), strict=True
    ):
        assert mine.shape == other.shape
        np.testing.assert_allclose(mine, other, rtol=1e-4, atol=1e-4)


def test_a_layer_draws_arrays_that_fit_each_other():
    shapes = [array.shape for array in Layer(2, 3, 8, 4, 5).arrays()]
    assert shapes == [(2, 3, 8, 8), (4, 3, 5, 5), (4,), (2, 4, 4, 4)]


def test_calls_are_timed_in_turns_after_one_that_is_not_timed():
    made = []
    times = seconds({"a": lambda: made.append("a"), "b": lambda: made.append("b")}, rounds=2)
    assert "".join(made) == "aabbaabb"
    assert {name: len(values) for name, values in times.items()} == {"a": 2, "b": 2}


@pytest.mark.skipif(not STATUS.exists(), reason="the system does not tell the peak")
def test_the_peak_of_memory_is_what_a_call_takes_at_once():
    def call():
        lost = np.ones(5_000_000)  # 40 million bytes, and as many again
        return lost + 1

    assert megabytes(call) == pytest.approx(80, abs=8)


def rows(*ratios):
    return [{"ratio to PyTorch": ratio} for ratio in ratios]


def test_the_target_looks_at_the_worst_of_the_problems_layers():
    found = target(rows(1.5, 1.9, 1.2, 7.0))
    assert (found["measured"], found["met"]) == (1.9, "yes")
    assert target(rows(1.5, 2.1, 1.2))["met"] == "no"


def test_nothing_is_said_of_the_target_without_pytorch():
    found = target(rows("not installed", "not installed", "not installed"))
    assert (found["measured"], found["met"]) == (None, None)
