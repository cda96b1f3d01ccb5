"""The sources of this site, copied."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["copy_sources"]

FOLDERS = ("benchmarks", "docs", "literate", "mathlib", "tests/literate/cases")


def copy_sources(root: Path, folder: Path) -> Path:
    """Copy what this site is built from.

    Parameters
    ----------
    root
        The project.
    folder
        Where the copy is put, in the place of what was there. It is returned.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for name in FOLDERS:
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "mkdocs.yml", folder)
    return folder
