"""From views to the tables of the reader's part."""

from benchmarks.reading.browser import View
from benchmarks.reading.first_view import tables


def viewed(transferred, set_after=1.0, foreign=()):
    return View(transferred, 5, foreign, 3, set_after, 0.01)


VIEWS = {
    "literate": [viewed(100_000), viewed(900_000), viewed(110_000)],
    "mkdocs-jupyter": [viewed(220_000, None)] * 3,
    "myst-nb": [
        viewed(50_000, 0.5, ("a.example", "b.example", "a.example")),
        *[viewed(50_000)] * 2,
    ],
}
FOUND = tables(VIEWS, dict.fromkeys(VIEWS, 12_345))
ROWS = {row["page"]: row for row in FOUND["First view of a page"]}


def test_the_target_is_the_ratio_of_the_medians():
    (target,) = FOUND["Targets"]

    assert (target["measured"], target["met"]) == (0.5, "no")


def test_a_page_of_its_own_host_has_the_medians_of_all():
    assert ROWS["literate"] == {
        "page": "literate",
        "HTML, kB": 12.3,
        "transferred, kB": 110.0,
        "requests": 5,
        "foreign hosts": "",
        "requests without an answer": 0,
        "formulas set": 3,
        "last formula after, s": 1.0,
        "layout shift": 0.01,
    }


def test_a_page_that_sets_no_formula_says_so():
    assert ROWS["mkdocs-jupyter"]["last formula after, s"] == "never"


def test_a_page_that_asks_other_hosts_has_no_time_of_its_last_formula():
    row = ROWS["myst-nb"]

    assert row["transferred, kB"] == 50.0
    assert row["foreign hosts"] == "a.example, b.example"
    assert row["requests without an answer"] == 3
    assert row["formulas set"] is row["last formula after, s"] is row["layout shift"] is None
