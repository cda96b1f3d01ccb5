"""A test for a site: everything that its pages publish is as recorded."""

from __future__ import annotations

import os
import subprocess
import sys

__all__ = ["assert_recorded"]


def assert_recorded(root: str | os.PathLike[str] = ".", *arguments: str) -> None:
    """Raise unless everything that a site's pages publish is as recorded.

    Parameters
    ----------
    root
        The folder that ``literate check`` is called in.
    arguments
        What it is called with.

    Raises
    ------
    AssertionError
        Something is not; what is told of it is the report of ``literate check``.
    """
    __tracebackhide__ = True
    command = [sys.executable, "-m", "literate", "check", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise AssertionError(f"\n{done.stderr}{done.stdout}")
