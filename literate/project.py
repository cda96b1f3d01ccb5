"""A folder with pages, and what runs them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from literate.result import Limits
from literate.run import Pool

__all__ = ["Project"]


class Project:
    """A folder with pages, and the process that runs them, which outlasts a build.

    Parameters
    ----------
    root
        The folder that blocks run in, and the first place they import from.

    Attributes
    ----------
    limits
        What a page may take.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.made: tuple[Path, ...] = ()
        self.limits = Limits()
        self._workers: int | None = None
        self._pool: Pool | None = None

    @property
    def pool(self) -> Pool:
        """The process that runs pages, started when the first page needs it."""
        if self._pool is None:
            self._pool = Pool(self.root, workers=self._workers, limits=self.limits)
        return self._pool

    def configure(
        self, limits: Limits, workers: int | None = None, made: Iterable[Path] = ()
    ) -> None:
        """Set how pages run from now on.

        Parameters
        ----------
        limits
            What a page may take.
        workers
            How many pages run side by side; None for one a processor.
        made
            Files and folders that builds make, whose names no page follows from.
        """
        self.made = tuple(made)
        if (limits, workers) != (self.limits, self._workers):
            self.close()
            self.limits, self._workers = limits, workers

    def close(self) -> None:
        """End the process that runs pages, with every block that still runs."""
        if self._pool:
            self._pool.close()
            self._pool = None
