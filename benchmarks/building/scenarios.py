"""What is done to a project before it is built or shown once more."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.peers.project import Project

__all__ = ["CODE", "COLD", "EDITS", "LIBRARY", "NOTHING", "PROSE", "SCENARIOS"]

COLD, NOTHING, PROSE = "cold", "nothing changed", "prose of a page"
CODE, LIBRARY = "code of a page", "library"

EDITS: dict[str, Callable[[Project], None]] = {
    PROSE: lambda project: project.edit_prose(1),
    CODE: lambda project: project.edit_code(1),
    LIBRARY: lambda project: project.edit_library(),
}
"""By name. The library is the last: a tool that does not see its edit has wrong pages after it."""

SCENARIOS = (COLD, NOTHING, *EDITS)
"""All builds of a project, each after the one before it."""
