"""Start the processes that work beside a build, each of them a module of this package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["start"]

START = """
import importlib, sys
package, name = sys.argv[1:]
sys.path.insert(0, package)
module = importlib.import_module(name)
del sys.path[0]
module.serve()
"""
"""How a process begins: with the build's own `literate`, and without the project's modules, which
must not stand in the place of those that it loads."""


def start(module: str, root: Path) -> subprocess.Popen[bytes]:
    """Start a process that calls the function ``serve`` of a module of this package.

    Parameters
    ----------
    module
        The name of the module below this package.
    root
        The folder that the process works in.
    """
    # A fixed seed for hashes: a page that prints a set prints it alike in every build.
    environment = os.environ | {"PYTHONHASHSEED": "0", "MPLBACKEND": "agg"}
    package = Path(__file__).parent.parent
    return subprocess.Popen(  # noqa: S603 - this interpreter, on this package
        [sys.executable, "-P", "-c", START, str(package), f"literate.{module}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=root,
        env=environment,
    )
