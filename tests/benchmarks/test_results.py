"""The results: the data file and its tables in Markdown."""

import json
import re

import pytest

from benchmarks.__main__ import PARTS
from benchmarks.results import FILE, Table, load, machine, save

ROWS = [{"peer": "one", "s": 2.5}, {"peer": "other", "s": None, "note": "wrong: 1 of 2"}]


def test_a_table_has_every_column_and_empty_cells_for_what_is_missing():
    assert str(Table(ROWS)).splitlines() == [
        "| peer | s | note |",
        "| --- | --- | --- |",
        "| one | 2.5 |  |",
        "| other |  | wrong: 1 of 2 |",
    ]


def test_a_part_takes_the_place_of_what_it_gave_before_and_leaves_the_others(tmp_path):
    file = tmp_path / "results.json"
    save(file, "reader", {"Bytes": ROWS})
    save(file, "builder", {"Builds": ROWS[:1]})
    save(file, "builder", {"Builds": ROWS})
    results = json.loads(file.read_text("utf-8"))

    assert list(results) == ["builder", "reader"]
    assert results["builder"]["tables"] == {"Builds": ROWS}


def test_the_machine_has_a_size_and_no_name():
    assert set(machine()) == {"cores", "memory, GB", "system", "Python"}


def test_a_page_takes_numbers_from_the_data_file(tmp_path):
    file = tmp_path / "results.json"
    save(file, "builder", {"Builds": ROWS})
    table = load(file)["builder"]["Builds"]

    assert table.cell("s", peer="one") == 2.5
    assert table.only("s").rows == [{"s": 2.5}, {"s": None}]
    with pytest.raises(TypeError, match="None"):
        table.cell("s", peer="other")
    with pytest.raises(ValueError, match="unpack"):
        table.cell("s", peer="third")


def test_the_published_results_are_of_all_parts_on_one_machine_without_date_or_place():
    results = load()
    recorded = results.pop("recorded")

    assert set(results) == set(PARTS)
    assert set(recorded["Machine"].rows[0]) == set(machine())
    assert len({str(tables["Machine"].rows) for tables in results.values()}) == 1
    assert set(results["builder"]["Machine"].rows[0]) == set(machine())
    assert not re.search(r"\b20\d\d-\d\d|/(home|root|tmp|work|Users)\b", FILE.read_text("utf-8"))


def test_the_published_results_compare_every_target():
    targets = [tables["Targets"].rows for tables in load().values() if "Targets" in tables]

    assert len(targets) == 5
    assert all(row["measured"] is not None for rows in targets for row in rows)


def test_no_run_takes_the_place_of_what_is_recorded():
    assert "recorded" not in PARTS


def test_the_recorded_ratio_is_that_of_the_recorded_pages():
    recorded = load()["recorded"]
    pages = recorded["First view of a page, other hosts included"]
    ours, theirs = (
        pages.cell("transferred, kB", page=page)
        for page in ("literate", "mkdocs-jupyter with MathJax")
    )
    (target,) = recorded["Targets"].rows

    assert "(recorded)" in target["what"]
    assert target["measured"] == pytest.approx(ours / theirs, abs=5e-4)
