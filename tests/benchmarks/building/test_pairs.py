"""Builds in pairs, right after another."""

from benchmarks.building.pairs import tables
from benchmarks.building.scenarios import COLD, NOTHING
from benchmarks.peers.tools import FLOOR

FOUND = tables(
    {
        (COLD, "markdown-exec"): [(1.0, 2.0), (4.0, 5.0), (3.0, 5.0)],
        (NOTHING, FLOOR): [(1.0, 1.0), (2.4, 2.0), (1.0, 2.0)],
    }
)


def test_a_ratio_is_the_median_of_the_ratios_of_the_pairs():
    cold, nothing = FOUND["Targets"]

    assert (cold["measured"], cold["met"]) == (0.6, "no")
    assert (nothing["measured"], nothing["met"]) == (1.0, "yes")


def test_how_far_the_ratios_of_the_pairs_lie_apart_is_given_too():
    cold, _ = FOUND["Builds in pairs"]

    assert (cold["from"], cold["to"], cold["pairs"]) == (0.5, 0.8, 3)
    assert (cold["literate, s"], cold["other, s"]) == (3.0, 5.0)
