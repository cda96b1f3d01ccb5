"""From builds to tables."""

import pytest

from benchmarks.building.comparison import Build, ratio, tables
from benchmarks.building.scenarios import CODE, COLD, LIBRARY, NOTHING
from benchmarks.peers.command import Taken
from benchmarks.peers.tools import FLOOR, LITERATE
from benchmarks.setting import target_row


def built(*seconds, wrong=0, megabytes=100.0):
    """Return a build for each round."""
    return [Build(Taken(second, 2 * second, megabytes), wrong) for second in seconds]


BUILDS = {
    (LITERATE, 5, COLD): built(0.4, 3.0, 0.5),
    (LITERATE, 20, COLD): built(1.0, 9.0, 2.0),
    (LITERATE, 20, NOTHING): built(1.0, 1.2, 1.1),
    (LITERATE, 20, LIBRARY): built(3.0, 3.0, 3.0),
    (LITERATE, 100, COLD): built(10.0, 10.0, 11.0, megabytes=120.4),
    ("mkdocs-jupyter", 20, COLD): built(10.0, 80.0, 30.0),
    ("mkdocs-jupyter", 20, LIBRARY): built(0.5, 0.5, 0.5, wrong=20),
    (FLOOR, 20, NOTHING): built(1.0, 1.0, 1.0),
}
OWN = [
    {"pages": 20, "edited page": "first", "in literate, s": 0.7},
    {"pages": 100, "edited page": "first", "in literate, s": 0.6},
    {"pages": 100, "edited page": "last", "in literate, s": 0.4},
]


def rows(title):
    """Return a table by the tool and, where there is one, the number of pages."""
    found = tables(BUILDS, OWN)[title]
    return {(row["peer"], row.get("pages")): row for row in found}


def test_a_figure_is_the_median_of_its_rounds():
    assert rows("Builds, in seconds")[LITERATE, 20][COLD] == 2.0
    assert rows("Builds, in seconds of processors")[LITERATE, 20][COLD] == 4.0


def test_a_stale_build_is_wrong_and_not_fast():
    cell = rows("Builds, in seconds")["mkdocs-jupyter", 20][LIBRARY]

    assert cell == "wrong: 20 of 20"


def test_what_was_not_built_is_empty():
    assert rows("Builds, in seconds")[FLOOR, 20][CODE] is None


def test_a_ratio_is_the_median_of_the_ratios_within_each_round():
    # 0.1, 0.1125 and 0.0667: not the ratio of the medians, which is the same only by chance.
    assert ratio(BUILDS, COLD, LITERATE, "mkdocs-jupyter", 20) == pytest.approx(0.1)


def test_a_ratio_to_what_was_not_built_is_none():
    assert ratio(BUILDS, COLD, LITERATE, "markdown-exec", 20) is None


def test_a_further_page_is_the_median_of_the_slopes_within_each_round():
    title = "A further page of a cold build, in milliseconds"

    assert rows(title)[LITERATE, None] == {
        "peer": LITERATE,
        "5 to 20 pages": 100,  # of 40, 400 and 100
        "20 to 100 pages": 112,  # of 112.5, 12.5 and 112.5
    }
    assert rows(title)[FLOOR, None]["20 to 100 pages"] is None


def test_growth_is_the_median_of_the_ratios_within_each_round():
    # 2.8, 0.03 and 1.125
    assert tables(BUILDS, OWN)["Targets"][-1]["measured"] == 1.125


def test_memory_is_given_by_the_number_of_pages():
    title = "Memory of a cold build at its peak, in megabytes"
    peaks = {"5 pages": 100, "20 pages": 100, "100 pages": 120}

    assert rows(title)[LITERATE, None] == {"peer": LITERATE} | peaks


def test_targets_are_met_missed_or_not_measured():
    met = [row["met"] for row in tables(BUILDS, OWN)["Targets"]]

    assert met == ["yes", "no", "no"]
    assert target_row("what", 2.0, None)["met"] is None


def test_the_share_that_counts_is_that_of_the_worst_page():
    measured = [row["measured"] for row in tables(BUILDS, OWN)["Targets"]]

    assert measured == [0.1, 0.6, 1.125]
