"""Show on a terminal which pages still run; elsewhere the log's own lines do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait

from tqdm import tqdm

from literate.result import Run

__all__ = ["Progress"]

DELAY = 2.0
"""After how many seconds there is something to show."""


class Progress:
    """What a terminal shows while pages run.

    Parameters
    ----------
    runs
        The run of each page by its path, in the order that they begin.
    workers
        How many run side by side.
    """

    def __init__(self, runs: Mapping[str, Future[Run]], workers: int) -> None:
        self.runs = runs
        self.workers = workers
        self.begun = time.monotonic()
        # `disable=None` leaves it out where standard error is no terminal.
        self.bar = tqdm(total=len(runs), unit="page", leave=False, delay=DELAY, disable=None)

    def wait(self, path: str, look: Callable[[], None]) -> Run:
        """Wait for a page, and look now and then whether to wait on."""
        run = self.runs[path]
        while not run.done():
            look()
            wait([run], timeout=0.1)
            self.show()
        self.bar.clear()
        return run.result()

    def show(self) -> None:
        """Show what runs, once it takes long."""
        if not self.bar.disable and time.monotonic() - self.begun > DELAY:
            waiting = [path for path, run in self.runs.items() if not run.done()]
            self.bar.n = len(self.runs) - len(waiting)
            self.bar.set_description(", ".join(waiting[: self.workers]), refresh=False)
            self.bar.refresh()

    def close(self) -> None:
        """Leave the terminal as it was."""
        self.bar.close()
