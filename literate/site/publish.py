"""Publish a site: build it beside the one that is there, which only a complete one replaces."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

__all__ = ["NewSite"]

ATTEMPTS = 100


class NewSite:
    """A site that is being built.

    Parameters
    ----------
    site
        Where it will be published. It is built in a hidden folder beside that.
    """

    def __init__(self, site: Path) -> None:
        self.site = site.resolve()  # a link to a folder stays one
        self.built = self._beside(os.getpid())
        self._sweep()

    def _beside(self, process: int | str) -> Path:
        return self.site.with_name(f".{self.site.name}-{process}")

    def _sweep(self) -> None:
        """Delete what builds have left that were killed."""
        for folder in self.site.parent.glob(self._beside("*").name):
            process = folder.name.rpartition("-")[2]
            if process.isdecimal() and not _lives(int(process)):
                shutil.rmtree(folder, ignore_errors=True)

    def publish(self) -> None:
        """Put the site in the place of the old one; of two builds at once, the later stays.

        Raises
        ------
        OSError
            The folder of the site cannot be replaced.
        """
        old = self.built.with_name(f"{self.built.name}-old")
        for attempt in range(ATTEMPTS):
            with suppress(FileNotFoundError):
                self.site.rename(old)
            try:
                self.built.rename(self.site)
                break
            except OSError:
                # Another build has put its site here since.
                if attempt == ATTEMPTS - 1:
                    raise
            finally:
                shutil.rmtree(old, ignore_errors=True)

    def discard(self) -> None:
        """Delete what is left of an incomplete site."""
        shutil.rmtree(self.built, ignore_errors=True)


def _lives(process: int) -> bool:
    """Tell whether a process lives; where that cannot be asked safely, it does."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
