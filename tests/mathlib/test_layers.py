"""Layers, and what cannot be one."""

import re

import pytest

from mathlib.layers import Convolution, FeatureMaps, MaxPooling


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: FeatureMaps(0, 4, 4), ValueError, "channels is 0; required at least 1"),
        (lambda: FeatureMaps(1, 0, 4), ValueError, "feature map is 0; required at least 1"),
        (lambda: Convolution(0, 1), ValueError, "kernel is 0; required at least 1"),
        (lambda: Convolution(3, 0), ValueError, "filters is 0; required at least 1"),
        (lambda: Convolution(3, 1, 0), ValueError, "stride is 0; required at least 1"),
        (lambda: Convolution(3, 1, 1, -1), ValueError, "padding is -1; required at least 0"),
        (
            lambda: Convolution(3, 1, channels=0),
            ValueError,
            "channels is 0; required at least 1",
        ),
        (lambda: Convolution(3, 2.0), TypeError, "filters is 2.0; required an integer"),
        (lambda: MaxPooling(0), ValueError, "pooling window is 0; required at least 1"),
        (lambda: MaxPooling(2, 0), ValueError, "stride is 0; required at least 1"),
    ],
)
def test_a_record_that_makes_no_sense_is_refused(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()
