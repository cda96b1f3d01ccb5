"""Which pages a project has, how they run, and where their record is."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from literate.result import Limits

__all__ = ["RECORD", "Settings"]

RECORD = "tests/published"
"""Where the record of published values is, seen from the project's folder."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Which pages a project has, how they run, and where their record is.

    Attributes
    ----------
    root
        The project's folder, which blocks run in.
    docs
        The folder of the pages.
    uris
        The pages, seen from there.
    record
        The folder of the record of published values.
    limits
        What a page may take.
    workers
        How many pages run side by side; None for one a processor.
    keep
        Whether results are kept, and taken if they still hold.
    made
        Files and folders that builds make, whose names no page follows from.
    """

    root: Path
    docs: Path
    uris: tuple[str, ...]
    record: Path
    limits: Limits = field(default_factory=Limits)
    workers: int | None = None
    keep: bool = True
    made: tuple[Path, ...] = ()

    @classmethod
    def of_folder(cls, docs: Path) -> Settings:
        """Return the settings for the pages in a folder, in the folder that one works in."""
        names = (path.relative_to(docs) for path in sorted(docs.rglob("*.md")))
        uris = (n.as_posix() for n in names if not any(part.startswith(".") for part in n.parts))
        return cls(Path.cwd(), docs.absolute(), tuple(uris), Path(RECORD).absolute())

    def path(self, uri: str) -> str:
        """Return a page's file as messages name it, seen from the project's folder."""
        return Path(os.path.relpath(self.docs / uri, self.root)).as_posix()
