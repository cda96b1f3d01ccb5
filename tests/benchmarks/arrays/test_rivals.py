"""What is compared computes the same."""

import numpy as np
import pytest

from benchmarks.arrays.conv2d import SMALL
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
