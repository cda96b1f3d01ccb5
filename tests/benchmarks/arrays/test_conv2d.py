"""The target of the convolutions."""

from benchmarks.arrays.conv2d import target


def rows(*ratios):
    return [{"ratio to PyTorch": ratio} for ratio in ratios]


def test_the_target_looks_at_the_worst_of_the_problems_layers():
    found = target(rows(1.5, 1.9, 1.2, 7.0))
    assert (found["measured"], found["met"]) == (1.9, "yes")
    assert target(rows(1.5, 2.1, 1.2))["met"] == "no"


def test_nothing_is_said_of_the_target_without_pytorch():
    found = target(rows("not installed", "not installed", "not installed"))
    assert (found["measured"], found["met"]) == (None, None)
