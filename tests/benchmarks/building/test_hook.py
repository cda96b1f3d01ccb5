"""The hook that takes the time of the plugin's event handlers, and the share made from it."""

import json
import subprocess
import sys

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, PluginCollection

from benchmarks.building import hook
from benchmarks.building.hook import on_config, timed


class Plugin(BasePlugin):
    """Is called literate and lies in a module that literate does not have."""

    def on_page_markdown(self, markdown, **_):
        return markdown + "!"


class Other(Plugin):
    """Has the same handlers, and another name."""


@pytest.fixture
def plugins(monkeypatch):
    """Return the plugins of a configuration that the hook has seen."""
    monkeypatch.setattr(hook.atexit, "register", lambda _: None)
    config = MkDocsConfig()
    config.plugins = PluginCollection()
    config.plugins["literate"], config.plugins["other"] = Plugin(), Other()
    on_config(config)
    return config.plugins


def test_the_handlers_of_the_plugin_and_no_others_are_timed(plugins):
    ours, others = plugins.events["page_markdown"]

    assert ours.__name__ == "handle"
    assert others.__self__ is plugins["other"]


def test_a_timed_handler_does_what_it_did(plugins):
    assert plugins.on_page_markdown("text", page=None, config=None, files=None) == "text!!"


def test_the_times_of_a_handler_add_up_even_when_it_fails():
    spent = {"build": 1.0}

    with pytest.raises(ZeroDivisionError):
        timed("build", lambda: 1 / 0, spent)()
    assert 1 < spent["build"] < 2


def test_a_build_leaves_the_times_in_its_folder(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Page\n\n```python\nprint(1)\n```\n")
    plugins = "plugins: [literate]\ntheme: {name: material, font: false}\n"
    (tmp_path / "mkdocs.yml").write_text(f"site_name: x\n{plugins}hooks: [{hook.__file__}]\n")
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    spent = json.loads((tmp_path / "share.json").read_text())

    assert 0 < sum(spent.values()) < 60
    assert {"config", "nav"} <= set(spent)
