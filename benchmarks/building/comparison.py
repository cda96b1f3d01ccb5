"""What builds took, as tables: seconds, memory, growth, and the targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from benchmarks.peers.command import Taken
from benchmarks.peers.tools import JUPYTER, LITERATE
from benchmarks.setting import Row, Tables, target_row

__all__ = ["CODE", "COLD", "LIBRARY", "NOTHING", "PROSE", "Build", "Builds", "ratio", "tables"]

COLD, NOTHING, PROSE = "cold", "nothing changed", "prose of a page"
CODE, LIBRARY = "code of a page", "library"
SCENARIOS = (COLD, NOTHING, PROSE, CODE, LIBRARY)


@dataclass(frozen=True, slots=True)
class Build:
    """A build: what it took, and how many of the published pages are wrong."""

    taken: Taken
    wrong: int


Builds = dict[tuple[str, int, str], list[Build]]
"""By the tool, the number of pages and the scenario: a build for each round."""


def tables(builds: Builds, own: Sequence[Row]) -> Tables:
    """Give all tables of builds.

    Parameters
    ----------
    builds
        What was built.
    own
        The rows of literate's own share.
    """
    return {
        "Targets": list(_targets(builds, own)),
        "Builds, in seconds": _by_scenario(builds, lambda taken: taken.seconds),
        "Builds, in seconds of processors": _by_scenario(builds, lambda taken: taken.cpu),
        "Memory of a cold build at its peak, in megabytes": _memory(builds),
        "A further page of a cold build, in milliseconds": _growth(builds),
    }


def ratio(builds: Builds, scenario: str, peer: str, other: str, count: int) -> float | None:
    """Give the median over the rounds of a tool's time over another's, None if one is missing."""
    times, others = (
        [b.taken.seconds for b in builds.get((p, count, scenario), [])] for p in (peer, other)
    )
    return median(a / b for a, b in zip(times, others, strict=True)) if times and others else None


def _by_scenario(builds: Builds, figure: Callable[[Taken], float]) -> list[Row]:
    """Give a row for each tool and number of pages; what is published wrong has no time."""
    rows = []
    for count, peer in _sites(builds):
        row: Row = {"peer": peer, "pages": count}
        for scenario in SCENARIOS:
            row[scenario] = _cell(builds.get((peer, count, scenario), []), count, figure)
        rows.append(row)
    return rows


def _cell(
    rounds: Sequence[Build], count: int, figure: Callable[[Taken], float]
) -> str | float | None:
    """Give a median, or how many pages are wrong."""
    if wrong := max((build.wrong for build in rounds), default=0):
        return f"wrong: {wrong} of {count}"
    return round(median(figure(build.taken) for build in rounds), 2) if rounds else None


def _memory(builds: Builds) -> list[Row]:
    """Give the peak of each tool by the number of pages."""
    return [
        {"peer": peer}
        | {
            f"{count} pages": round(median(build.taken.megabytes for build in rounds))
            if (rounds := builds.get((peer, count, COLD)))
            else None
            for count in _counts(builds)
        }
        for peer in _names(builds)
    ]


def _growth(builds: Builds) -> list[Row]:
    """Give what a page more costs between two numbers of pages that follow on each other."""
    counts = _counts(builds)
    return [
        {"peer": peer}
        | {
            f"{few} to {many} pages": round(median(slopes))
            if (slopes := _slopes(builds, peer, few, many))
            else None
            for few, many in pairwise(counts)
        }
        for peer in _names(builds)
    ]


def _slopes(builds: Builds, peer: str, few: int, many: int) -> list[float]:
    """Give for each round the milliseconds of a page more."""
    low, high = (builds.get((peer, count, COLD), []) for count in (few, many))
    return [
        1000 * (b.taken.seconds - a.taken.seconds) / (many - few)
        for a, b in (zip(low, high, strict=True) if low and high else ())
    ]


def _targets(builds: Builds, own: Sequence[Row]) -> Iterator[Row]:
    """Compare with what the project sets itself."""
    what = f"{COLD}, 20 pages, {LITERATE} / {JUPYTER}"
    yield target_row(what, 1 / 8, ratio(builds, COLD, LITERATE, JUPYTER, 20))
    worst = [float(row["in literate, s"] or 0) for row in own if row["pages"] == 100]
    yield target_row(
        "code of a page, 100 pages, seconds in literate", 0.5, max(worst, default=None)
    )
    early, late = (_slopes(builds, LITERATE, *pair) for pair in ((5, 20), (20, 100)))
    constant = median(b / a for a, b in zip(early, late, strict=True)) if early and late else None
    yield target_row("a further page, 20 to 100 over 5 to 20 pages", 1.1, constant)


def _sites(builds: Builds) -> list[tuple[int, str]]:
    """Give each number of pages with each tool that built so many, in the order of measuring."""
    return list(dict.fromkeys((count, peer) for peer, count, _ in builds))


def _names(builds: Builds) -> list[str]:
    return list(dict.fromkeys(peer for peer, _, _ in builds))


def _counts(builds: Builds) -> list[int]:
    return sorted({count for _, count, _ in builds})
