"""Measure, write the results into the data file, and print them as tables in Markdown."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.results import FILE, Table, save
from benchmarks.setting import Setting

PARTS = {
    "builder": "benchmarks.building.rounds",
    "pairs": "benchmarks.building.pairs",
    "server": "benchmarks.building.server",
    "reader": "benchmarks.reading.first_view",
    "mathlib": "benchmarks.arrays.library",
}
"""The modules that measure; each has a function ``measure`` from a `Setting` to tables."""


def main() -> None:
    """Measure the parts that are named, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--pages", help="numbers of pages, such as 1,5,20")
    parser.add_argument("--rounds", type=int, help="how often each figure is measured")
    parser.add_argument("--results", type=Path, default=FILE, help="the data file")
    chosen = parser.parse_args()
    for part in chosen.parts:
        if part not in PARTS:
            parser.error(f"a part must be one of {', '.join(PARTS)}, got {part}")
    setting = Setting()
    if chosen.pages:
        setting = replace(setting, pages=tuple(map(int, chosen.pages.split(","))))
    if chosen.rounds:
        setting = replace(setting, rounds=chosen.rounds)
    # SIGTERM ends this as Ctrl-C does, so that nothing it has started is left running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for part in chosen.parts or PARTS:
        tables = importlib.import_module(PARTS[part]).measure(setting)
        save(chosen.results, part, tables)
        for title, rows in tables.items():
            print(f"### {title}\n\n{Table(rows)}\n")


if __name__ == "__main__":
    main()
