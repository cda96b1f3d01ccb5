"""A virtual environment for each peer, made once and kept."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.command import run
from benchmarks.setting import Setting

__all__ = ["Environment", "make"]

PROJECT = "."
SEARCHED = "import json, sys; from importlib.metadata import version\n"
VERSIONS = f"{SEARCHED}print(json.dumps({{name: version(name) for name in sys.argv[1:]}}))"


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment.

    Attributes
    ----------
    python
        Its interpreter.
    home
        What stands for the user's folder while its commands run.
    versions
        Of the packages that it was made for.
    """

    python: Path
    home: Path
    versions: Mapping[str, str]

    def variables(self, folder: Path) -> dict[str, str]:
        """Give the variables that a command in a project's folder sees."""
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
        return kept | {
            "HOME": str(self.home),
            "NO_MKDOCS_2_WARNING": "1",
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(folder),
        }


def make(name: str, packages: Sequence[str], setting: Setting) -> Environment:
    """Make an environment of packages, unless that was done.

    Packages that the project has too get the project's versions, so that the tools differ and
    what they stand on does not. The project itself is ``"."``.

    Parameters
    ----------
    name
        The folder.
    packages
        What to install.
    setting
        Where.
    """
    folder = setting.folder / "environments" / name
    python = folder / "bin" / "python"
    constraints = setting.root / "constraints.txt"
    recipe = json.dumps([sys.version, list(packages), constraints.read_text("utf-8")])
    made = folder / "made.json"
    home = setting.folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    named = [package for package in packages if package != PROJECT]
    if not made.exists() or json.loads(made.read_text("utf-8"))["recipe"] != recipe:
        folder.mkdir(parents=True, exist_ok=True)
        pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
        project = ["-e", str(setting.root)] if PROJECT in packages else []
        run([sys.executable, "-m", "venv", "--clear", str(folder)], home, os.environ)
        run([*pip, "-c", str(constraints), *named, *project], home, os.environ)
        run([str(python), "-c", VERSIONS, *named], home, os.environ)
        versions = json.loads((home / "log.txt").read_text("utf-8"))
        made.write_text(json.dumps({"recipe": recipe, "versions": versions}), "utf-8")
    return Environment(python, home, json.loads(made.read_text("utf-8"))["versions"])
