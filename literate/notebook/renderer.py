"""Turn notebooks into HTML by mkdocs-jupyter, in a process beside the build.

mkdocs-jupyter takes a second to load and half a second for a notebook. A build that kept what the
notebooks gave starts no such process.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import sys
import tempfile
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from literate.process import start

__all__ = ["Renderer", "RenderingError", "serve"]


class RenderingError(Exception):
    """A notebook that mkdocs-jupyter cannot render."""


class Renderer:
    """The process that renders notebooks, seen from the build.

    Parameters
    ----------
    root
        The folder that the process works in.
    place
        Where its files lie for as long as it lives, in a folder of their own.
    """

    def __init__(self, root: Path, place: Path) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="literate-", dir=place)
        self.process = start("notebook.renderer", root)
        self.waiting: dict[str, Path] = {}
        self.count = 0

    def start(self, name: str, notebook: str) -> None:
        """Begin to render a notebook, by the text of its file."""
        self.count += 1
        self.waiting[name] = path = Path(self.folder.name, f"{self.count}.ipynb")
        path.write_text(notebook, "utf-8")
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError):  # whoever takes the view learns of it
            self.process.stdin.write(f"{path}\n".encode())
            self.process.stdin.flush()

    def take(self, name: str) -> dict[str, Any]:
        """Wait for the view of a notebook, its content and its headings.

        Raises
        ------
        RenderingError
            It cannot be rendered, for what a traceback says.
        """
        path = self.waiting.pop(name).with_suffix(".json")
        assert self.process.stdout
        while not path.exists():
            # A line says that a notebook is done; which one, its file says.
            if not self.process.stdout.readline():
                raise RenderingError("its notebook cannot be shown: its process ended")
        result: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if "error" in result:
            raise RenderingError(f"its notebook cannot be shown\n{result['error']}")
        return result

    def close(self) -> None:
        """End the process, with what it still renders."""
        self.process.kill()
        self.process.communicate()
        self.folder.cleanup()


def serve() -> None:
    """Render the notebook of each path that a line names, until there are no more lines."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build ends this process
    answers, sys.stdout = sys.stdout, sys.stderr
    path = None
    try:
        for line in sys.stdin:
            path = Path(line.rstrip("\n"))
            done = path.with_suffix(".part")
            done.write_text(json.dumps(_render(path)), "utf-8")
            done.replace(path.with_suffix(".json"))
            print(file=answers, flush=True)
    except BrokenPipeError:
        pass
    finally:  # the build was killed, or it would have ended this process
        if path:
            shutil.rmtree(path.parent, ignore_errors=True)


def _render(path: Path) -> dict[str, Any]:
    """Return the view of a notebook, or why there is none."""
    from mkdocs_jupyter.convert import nb2html

    from literate.notebook.view import hide, show

    try:
        hidden = hide(json.loads(path.read_text("utf-8")))
        path.write_text(json.dumps(hidden.notebook), "utf-8")
        return asdict(show(nb2html(str(path)), hidden))
    except Exception:  # noqa: BLE001 - whoever waits must learn of it
        return {"error": traceback.format_exc()}
