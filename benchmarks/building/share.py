"""What a build spends in literate's own code when one page was edited: MkDocs is left out.

A hook of MkDocs takes the time of each of the plugin's event handlers. They read, run and weave
pages and set formulas; waiting for a page to run is among it, so a handler's time is that by which
the build is longer. Not among it is the import of the plugin, which the whole build's time shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

from tqdm import tqdm

from benchmarks.peers.project import Project
from benchmarks.peers.tools import LITERATE, Peer
from benchmarks.setting import Row, Setting

__all__ = ["measure"]

HOOK = Path(__file__).with_name("hook.py")
FEWEST = 20


def measure(tools: Mapping[str, Peer], setting: Setting) -> list[Row]:
    """Edit the code of the first page, of one in the middle and of the last, and build."""
    peer = tools[LITERATE]
    files = {**peer.files, "mkdocs.yml": f"{peer.files['mkdocs.yml']}hooks: [{HOOK}]\n"}
    hooked = replace(peer, files=files)
    rows: list[Row] = []
    for count in (count for count in setting.pages if count >= FEWEST):
        project = Project.new(hooked, setting, "sites/share", count)
        project.build()
        places = {"first": 1, "middle": (count + 1) // 2, "last": count}
        seconds: dict[str, list[float]] = {place: [] for place in places}
        for _ in tqdm(range(setting.rounds), desc=f"own share, {count} pages", unit="round"):
            for place, number in places.items():
                project.edit_code(number)
                project.build()
                spent = json.loads((project.folder / "share.json").read_text("utf-8"))
                seconds[place].append(sum(spent.values()))
        rows += [
            {"pages": count, "edited page": place, "in literate, s": round(median(times), 2)}
            for place, times in seconds.items()
        ]
    return rows
