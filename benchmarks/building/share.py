"""What a build spends in literate's own code when one page was edited: MkDocs is left out.

A hook of MkDocs takes the time of each of the plugin's event handlers. They read, run and weave
pages and set formulas; waiting for a page to run is among it, so a handler's time is that by which
the build is longer. Not among it is the import of the plugin, which the whole build's time shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from tqdm import tqdm

from benchmarks.peers.environment import Environment
from benchmarks.peers.project import Project
from benchmarks.peers.tools import LITERATE, Peer
from benchmarks.setting import Row, Setting

__all__ = ["measure"]

HOOK = Path(__file__).with_name("hook.py")
FEWEST = 20


def measure(
    tools: Sequence[Peer], environments: Mapping[str, Environment], setting: Setting
) -> list[Row]:
    """Edit the code of the first page, of one in the middle and of the last, and build."""
    peer = next(peer for peer in tools if peer.name == LITERATE)
    files = {**peer.files, "mkdocs.yml": f"{peer.files['mkdocs.yml']}hooks: [{HOOK}]\n"}
    hooked = replace(peer, files=files)
    rows: list[Row] = []
    for count in (count for count in setting.pages if count >= FEWEST):
        folder = setting.folder / "sites" / "share"
        project = Project(hooked, environments[LITERATE], folder, count)
        _seconds(project)
        places = {"first": 1, "middle": (count + 1) // 2, "last": count}
        seconds: dict[str, list[float]] = {place: [] for place in places}
        for _ in tqdm(range(setting.rounds), desc=f"own share, {count} pages", unit="round"):
            for place, number in places.items():
                project.edit_code(number)
                seconds[place].append(_seconds(project))
        rows += [
            {"pages": count, "edited page": place, "in literate, s": round(median(times), 2)}
            for place, times in seconds.items()
        ]
    return rows


def _seconds(project: Project) -> float:
    """Build, and give the seconds that the hook has seen."""
    project.build()
    spent = json.loads((project.folder / "share.json").read_text("utf-8"))
    return float(sum(spent.values()))
