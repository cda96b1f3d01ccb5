"""Builds in pairs: what lies close together, built by two tools right after another, and often.

A machine's speed may change by half from one minute to the next. Between two turns of a tool in
`benchmarks.building.rounds` minutes pass; here it is seconds, and each pair of builds has a ratio.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from statistics import median

from tqdm import tqdm

from benchmarks.building.scenarios import COLD, NOTHING
from benchmarks.peers.project import Project
from benchmarks.peers.tools import FLOOR, LITERATE, MARKDOWN_EXEC, Peer, peers
from benchmarks.setting import Row, Setting, Tables, target_row

__all__ = ["measure", "tables"]

COUNT = 20
PAIRS = 3
"""How many pairs there are for each round of the other parts."""

CLOSE = {(COLD, MARKDOWN_EXEC): 1 / 2, (NOTHING, FLOOR): 1.1}
"""What is built, with which tool beside literate, and the target."""

Pairs = dict[tuple[str, str], list[tuple[float, float]]]
"""By what is built and the other tool: the seconds of literate and of the other."""


def measure(setting: Setting) -> Tables:
    """Build in pairs, and return the tables."""
    tools = peers(setting)
    pairs: Pairs = {}
    for scenario, other in CLOSE:
        builds = (_builds(tools[name], scenario, setting) for name in (LITERATE, other))
        count = PAIRS * setting.rounds
        bar = tqdm(islice(zip(*builds, strict=True), count), f"{scenario}, {other}", count)
        pairs[scenario, other] = list(bar)
    return tables(pairs)


def tables(pairs: Pairs) -> Tables:
    """Return the targets, and the medians with the smallest and the largest ratio."""
    targets: list[Row] = []
    rows: list[Row] = []
    for (scenario, other), seconds in pairs.items():
        ratios = [own / others for own, others in seconds]
        what = f"{scenario}, {COUNT} pages, {LITERATE} / {other}"
        targets.append(target_row(what, CLOSE[scenario, other], median(ratios)))
        rows.append(
            {
                "build": scenario,
                "beside": other,
                "pairs": len(seconds),
                "literate, s": round(median(own for own, _ in seconds), 2),
                "other, s": round(median(others for _, others in seconds), 2),
                "ratio": round(median(ratios), 3),
                "from": round(min(ratios), 3),
                "to": round(max(ratios), 3),
            }
        )
    return {"Targets": targets, "Builds in pairs": rows}


def _builds(peer: Peer, scenario: str, setting: Setting) -> Iterator[float]:
    """Build without end, from nothing or with nothing changed, and yield the seconds."""
    project = Project.new(peer, setting, "sites/pairs", COUNT)
    project.build()  # so that bytecode is compiled
    while True:
        if scenario == COLD:
            project = Project.new(peer, setting, "sites/pairs", COUNT)
        yield project.build().seconds
        if wrong := project.wrong():
            raise RuntimeError(f"{peer.name} must publish no wrong page, got {wrong}")
