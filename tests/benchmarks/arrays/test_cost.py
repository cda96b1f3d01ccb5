"""Calls are timed and weighed rightly."""

import time

import numpy as np
import pytest

from benchmarks.arrays.cost import STATUS, megabytes, seconds


def test_calls_are_timed_in_turns_after_one_that_is_not_timed():
    made = []
    times = seconds({"a": lambda: made.append("a"), "b": lambda: made.append("b")}, rounds=2)
    assert "".join(made) == "aabbaabb"
    assert list(times) == ["a", "b"]


def test_the_time_of_a_call_is_the_median_of_its_turns():
    waits = iter([0, 0.2, 0, 0, 0, 0.01])  # each second call is timed
    times = seconds({"a": lambda: time.sleep(next(waits))}, rounds=3)
    assert 0.01 <= times["a"] < 0.2


@pytest.mark.skipif(not STATUS.exists(), reason="the system does not tell the peak")
def test_the_peak_of_memory_is_what_a_call_takes_at_once():
    def call():
        lost = np.ones(5_000_000)  # 40 million bytes, and as many again
        return lost + 1

    assert megabytes(call) == pytest.approx(80, abs=8)
