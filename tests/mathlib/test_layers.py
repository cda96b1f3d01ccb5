"""Layers, and what cannot be one."""

import re

import pytest

from mathlib.layers import Convolution, FeatureMaps, MaxPooling


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: FeatureMaps(0, 4, 4), ValueError, "channels must be at least 1, got 0"),
        (lambda: FeatureMaps(1, 0, 4), ValueError, "feature map must be at least 1, got 0"),
        (lambda: Convolution(0, 1), ValueError, "kernel must be at least 1, got 0"),
        (lambda: Convolution(3, 0), ValueError, "filters must be at least 1, got 0"),
        (lambda: Convolution(3, 1, 0), ValueError, "stride must be at least 1, got 0"),
        (lambda: Convolution(3, 1, 1, -1), ValueError, "padding must be at least 0, got -1"),
        (
            lambda: Convolution(3, 1, channels=0),
            ValueError,
            "channels must be at least 1, got 0",
        ),
        (lambda: Convolution(3, 2.0), TypeError, "filters must be an integer, got 2.0"),
        (lambda: MaxPooling(0), ValueError, "pooling window must be at least 1, got 0"),
        (lambda: MaxPooling(2, 0), ValueError, "stride must be at least 1, got 0"),
    ],
)
def test_a_record_that_makes_no_sense_is_refused(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()
