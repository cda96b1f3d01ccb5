"""What builds took, as tables: seconds, memory, growth, and the targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from benchmarks.building.scenarios import COLD, SCENARIOS
from benchmarks.peers.command import Taken
from benchmarks.peers.tools import JUPYTER, LITERATE
from benchmarks.setting import Row, Tables, target_row

__all__ = ["Build", "Builds", "ratio", "tables"]


@dataclass(frozen=True, slots=True)
class Build:
    """A build: what it took, and how many of the published pages are wrong."""

    taken: Taken
    wrong: int


Builds = dict[tuple[str, int, str], list[Build]]
"""By the tool, the number of pages and the scenario: a build for each round."""


def tables(builds: Builds, own: Sequence[Row]) -> Tables:
    """Return all tables of builds.

    Parameters
    ----------
    builds
        What was built.
    own
        The rows of literate's own share.
    """
    names = dict.fromkeys(peer for peer, _, _ in builds)
    counts = sorted({count for _, count, _ in builds})
    return {
        "Targets": list(_targets(builds, own)),
        "Builds, in seconds": _by_scenario(builds, lambda taken: taken.seconds),
        "Builds, in seconds of processors": _by_scenario(builds, lambda taken: taken.cpu),
        "Memory of a cold build at its peak, in megabytes": [
            {"peer": name} | {f"{count} pages": _memory(builds, name, count) for count in counts}
            for name in names
        ],
        "A further page of a cold build, in milliseconds": [
            {"peer": name}
            | {
                f"{few} to {many} pages": _median(_slopes(builds, name, few, many))
                for few, many in pairwise(counts)
            }
            for name in names
        ],
    }


def ratio(builds: Builds, scenario: str, peer: str, other: str, count: int) -> float | None:
    """Return the median over the rounds of a tool's time over another's, None if one is missing."""
    times, others = (
        [b.taken.seconds for b in builds.get((p, count, scenario), [])] for p in (peer, other)
    )
    return median(a / b for a, b in zip(times, others, strict=True)) if times and others else None


def _by_scenario(builds: Builds, figure: Callable[[Taken], float]) -> list[Row]:
    """Return a row for each tool and number of pages, in the order of measuring."""
    rows = []
    for peer, count in dict.fromkeys((peer, count) for peer, count, _ in builds):
        row: Row = {"peer": peer, "pages": count}
        for scenario in SCENARIOS:
            rounds = builds.get((peer, count, scenario), [])
            wrong = max((build.wrong for build in rounds), default=0)
            figures = (figure(build.taken) for build in rounds)
            row[scenario] = f"wrong: {wrong} of {count}" if wrong else _median(figures, digits=2)
        rows.append(row)
    return rows


def _memory(builds: Builds, peer: str, count: int) -> float | None:
    return _median(build.taken.megabytes for build in builds.get((peer, count, COLD), []))


def _slopes(builds: Builds, peer: str, few: int, many: int) -> list[float]:
    """Return for each round the milliseconds of a page more; none if there are no builds."""
    low, high = (builds.get((peer, count, COLD), []) for count in (few, many))
    return [
        1000 * (b.taken.seconds - a.taken.seconds) / (many - few)
        for a, b in (zip(low, high, strict=True) if low and high else ())
    ]


def _median(figures: Iterable[float], digits: int | None = None) -> float | None:
    """Return a rounded median, None if there are no figures."""
    found = list(figures)
    return round(median(found), digits) if found else None


def _targets(builds: Builds, own: Sequence[Row]) -> Iterator[Row]:
    """Compare with what the project aims at."""
    what = f"{COLD}, 20 pages, {LITERATE} / {JUPYTER}"
    yield target_row(what, 1 / 8, ratio(builds, COLD, LITERATE, JUPYTER, 20))
    worst = [float(row["in literate, s"] or 0) for row in own if row["pages"] == 100]
    what = "code of a page, 100 pages, seconds in literate"
    yield target_row(what, 0.5, max(worst, default=None))
    early, late = (_slopes(builds, LITERATE, *pair) for pair in ((5, 20), (20, 100)))
    constant = median(b / a for a, b in zip(early, late, strict=True)) if early and late else None
    yield target_row("a further page, 20 to 100 over 5 to 20 pages", 1.1, constant)
