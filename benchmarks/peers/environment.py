"""A virtual environment for each set of packages, made once and kept."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from benchmarks.peers.command import run
from benchmarks.setting import ROOT, Setting

__all__ = ["PROJECT", "Environment", "make"]

PROJECT = "literate"
"""Stands among packages for this project, as it is in the clone."""

CONSTRAINTS = ROOT / "constraints.txt"


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
        Of the packages that it was made for, but for the project's.
    """

    python: Path
    home: Path
    versions: Mapping[str, str]

    def variables(self, folder: Path) -> dict[str, str]:
        """Return the variables that a command in a project's folder sees."""
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
        return kept | {
            "HOME": str(self.home),
            "NO_MKDOCS_2_WARNING": "1",
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(folder),
        }


def make(packages: Sequence[str], setting: Setting) -> Environment:
    """Make an environment of packages, unless that was done.

    Packages that the project has too get the project's versions, so that the tools differ and
    what they need does not.

    Parameters
    ----------
    packages
        What to install.
    setting
        Where.
    """
    folder = setting.folder / "environments" / "-".join(packages)
    python, home, made = folder / "bin" / "python", setting.folder / "home", folder / "recipe.json"
    home.mkdir(parents=True, exist_ok=True)
    named = [package for package in packages if package != PROJECT]
    recipe = json.dumps([sys.version, CONSTRAINTS.read_text("utf-8")])
    if not made.exists() or made.read_text("utf-8") != recipe:
        pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
        project = ["-e", str(ROOT)] if PROJECT in packages else []
        run([sys.executable, "-m", "venv", "--clear", str(folder)], home, os.environ)
        run([*pip, "-c", str(CONSTRAINTS), *named, *project], home, os.environ)
        made.write_text(recipe, "utf-8")
    installed = sysconfig.get_path("purelib", "venv", {"base": str(folder)})
    found = {name: next(iter(distributions(name=name, path=[installed]))) for name in named}
    return Environment(python, home, {name: found[name].version for name in named})
