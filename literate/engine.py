"""Name what runs a project's pages."""

from __future__ import annotations

import json
import os
import platform
import sys
import sysconfig
from pathlib import Path

from literate.digest import PACKAGES, digest, is_importable, name_in, sha256

__all__ = ["name_engine"]


def name_engine(root: Path) -> dict[str, str]:
    """Name what runs a project's pages: this package as it is, and the interpreter."""
    sources = [digest(str(source)) for source in sorted(Path(__file__).parent.rglob("*.py"))]
    interpreter = platform.python_implementation(), platform.python_version(), sys.flags.optimize
    # Modules of the project that are imported in the place of others.
    modules = (path for path in sorted(root.iterdir()) if _is_module(path))
    own_names = (path.name.partition(".")[0] for path in modules)
    first = [name for name in own_names if name in sys.stdlib_module_names or is_importable(name)]
    # Where else modules are imported from; the root comes first in any case.
    own = {"", str(root), sysconfig.get_path("scripts")}
    entries = [name_in(str(root), entry) for entry in sys.path if entry not in own]
    path = [name for name in dict.fromkeys(entries) if name]
    names = {
        "literate itself": sources,
        "Python": interpreter,
        "the system": (os.name, platform.machine()),
        "what of the project is imported in the place of others": first,
        "where modules are imported from": path,
        "what Python runs when it starts": _starting(),
    }
    return {name: sha256(json.dumps(what)) for name, what in names.items()}


def _starting() -> list[str]:
    """Return the lines that installed packages let Python run when it starts."""
    files = (file for folder in PACKAGES for file in sorted(Path(folder).glob("*.pth")))
    lines = (line for file in files for line in file.read_text("utf-8", "replace").splitlines())
    return [line for line in lines if line.startswith("import")]


def _is_module(path: Path) -> bool:
    """Tell whether a module can be imported from a path."""
    return path.suffix in {".py", ".pyc", ".so", ".pyd"} or (path / "__init__.py").exists()
