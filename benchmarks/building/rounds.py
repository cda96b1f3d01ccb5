"""The builder's side: the same pages built by each tool, cold, unchanged, and after an edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tqdm import tqdm

from benchmarks.building import comparison, share
from benchmarks.building.comparison import Build, Builds
from benchmarks.peers.environment import Environment, make
from benchmarks.peers.project import Project
from benchmarks.peers.tools import Peer, peers
from benchmarks.setting import Row, Setting, Tables

__all__ = ["measure"]

SCENARIOS: dict[str, Callable[[Project], None]] = {
    comparison.COLD: lambda _: None,
    comparison.NOTHING: lambda _: None,
    comparison.PROSE: lambda project: project.edit_prose(1),
    comparison.CODE: lambda project: project.edit_code(1),
    comparison.LIBRARY: lambda project: project.edit_library(),
}
"""What is done to a project before it is built once more; each follows on the one before."""


def measure(setting: Setting) -> Tables:
    """Make the environments, build, and give the tables."""
    tools = peers(setting)
    environments = _environments(tools, setting)
    builds = _builds(tools, environments, setting)
    own = share.measure(tools, environments, setting)
    return {
        "Versions": _versions(environments),
        **comparison.tables(builds, own),
        "literate's own share of a build, one page's code edited": own,
    }


def _environments(tools: Sequence[Peer], setting: Setting) -> dict[str, Environment]:
    """Give each tool its environment, and build a page there, so that its bytecode is compiled."""
    environments = {}
    for peer in tqdm(tools, desc="environments", unit="peer"):
        environments[peer.name] = make(peer.environment, peer.packages, setting)
        Project(peer, environments[peer.name], setting.folder / "sites" / peer.folder, 1).build()
    return environments


def _builds(
    tools: Sequence[Peer], environments: Mapping[str, Environment], setting: Setting
) -> Builds:
    """Build each number of pages with each tool in turn, several rounds."""
    turns = [
        (count, peer)
        for _ in range(setting.rounds)
        for count in setting.pages
        for peer in tools
        if count <= peer.largest
    ]
    builds: Builds = {}
    for count, peer in (bar := tqdm(turns, desc="builds", unit="site")):
        project = Project(
            peer, environments[peer.name], setting.folder / "sites" / peer.folder, count
        )
        for scenario, edit in SCENARIOS.items():
            bar.set_postfix_str(f"{peer.name}, {count} pages, {scenario}")
            if scenario != comparison.LIBRARY or peer.runs:
                edit(project)
                build = Build(project.build(), project.wrong())
                builds.setdefault((peer.name, count, scenario), []).append(build)
    return builds


def _versions(environments: Mapping[str, Environment]) -> list[Row]:
    """Give the versions of what was compared."""
    return [
        {"peer": name, "package": package, "version": version}
        for name, environment in environments.items()
        for package, version in environment.versions.items()
    ]
