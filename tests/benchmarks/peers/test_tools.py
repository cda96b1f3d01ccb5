"""The tools that are compared."""

import yaml

from benchmarks.peers.example import Page, library
from benchmarks.peers.project import shows
from benchmarks.peers.tools import FLOOR, LITERATE, peers
from benchmarks.setting import Setting


class Loader(yaml.SafeLoader):
    """Reads names of Python as texts."""


Loader.add_multi_constructor("tag:yaml.org,2002:python/name:", lambda *given: given[1])


def test_a_project_of_mkdocs_searches_and_has_the_plugin_of_its_tool(tmp_path):
    found = {
        peer.name: yaml.load(peer.files["mkdocs.yml"], Loader)  # noqa: S506 - a safe one
        for peer in peers(Setting(folder=tmp_path)).values()
        if "mkdocs.yml" in peer.files
    }
    plugins = {name: [*map(str, found[name]["plugins"])] for name in found}

    assert plugins[FLOOR] == ["search"]
    assert plugins[LITERATE] == ["search", "literate"]
    assert all(len(plugins[name]) == 2 for name in found if name != FLOOR)


def test_the_floor_is_given_what_the_blocks_of_a_page_gave(tmp_path):
    write = peers(Setting(folder=tmp_path))[FLOOR].write
    one, two = write([Page(1), Page(2)])

    assert shows(one, Page(1), factor=1)
    assert shows(two, Page(2), factor=1)
    assert "FACTOR = 1\n" in library(1) == (tmp_path / "woven" / "model.py").read_text("utf-8")


def test_a_page_is_run_for_the_floor_once(tmp_path):
    write = peers(Setting(folder=tmp_path))[FLOOR].write
    first = write([Page(1)])
    (tmp_path / "woven" / "model.py").unlink()

    assert write([Page(1)]) == first
    assert not (tmp_path / "woven" / "model.py").exists()
