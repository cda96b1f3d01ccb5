"""Builds in rounds: the same pages built by each tool in turn, cold, unchanged, after an edit."""

from __future__ import annotations

from collections.abc import Mapping

from tqdm import tqdm

from benchmarks.building import comparison, share
from benchmarks.building.comparison import Build, Builds
from benchmarks.building.scenarios import EDITS, LIBRARY, SCENARIOS
from benchmarks.peers.project import Project
from benchmarks.peers.tools import Peer, peers
from benchmarks.setting import Setting, Tables

__all__ = ["measure"]


def measure(setting: Setting) -> Tables:
    """Make the environments, build, and return the tables."""
    tools = peers(setting)
    versions: Tables = {"Versions": []}
    for peer in tqdm(tools.values(), desc="environments", unit="peer"):
        project = Project.new(peer, setting, "sites", 1)
        project.build()  # so that bytecode is compiled
        versions["Versions"] += [
            {"peer": peer.name, "package": package, "version": version}
            for package, version in project.environment.versions.items()
        ]
    builds = _builds(tools, setting)
    own = share.measure(tools, setting)
    tables = versions | comparison.tables(builds, own)
    return tables | {"literate's own share of a build, one page's code edited": own}


def _builds(tools: Mapping[str, Peer], setting: Setting) -> Builds:
    """Build each number of pages with each tool in turn, several rounds."""
    turns = [
        (count, peer)
        for _ in range(setting.rounds)
        for count in setting.pages
        for peer in tools.values()
        if count <= peer.largest
    ]
    builds: Builds = {}
    for count, peer in (bar := tqdm(turns, desc="builds", unit="site")):
        project = Project.new(peer, setting, "sites", count)
        for scenario in SCENARIOS if peer.runs else SCENARIOS[: SCENARIOS.index(LIBRARY)]:
            bar.set_postfix_str(f"{peer.name}, {count} pages, {scenario}")
            if scenario in EDITS:
                EDITS[scenario](project)
            build = Build(project.build(), project.wrong())
            builds.setdefault((peer.name, count, scenario), []).append(build)
    return builds
