"""Let the system tell MkDocs' server of a save at once: by itself it looks twice a second."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from watchdog.events import FileModifiedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

if TYPE_CHECKING:  # what a build need not load
    from mkdocs.livereload import LiveReloadServer

__all__ = ["Notices"]

READ = {"opened", "closed_no_write"}
"""What the system tells too, and what is no change."""


class Notices:
    """What watches in the place of the server's own observer.

    Parameters
    ----------
    server
        The server, which does not serve yet.
    """

    def __init__(self, server: LiveReloadServer) -> None:
        self.observer: Any = Observer()
        self.observer.start()
        known, old = list(server._watched_paths), server.observer
        try:
            _watch(server, known, self)
        except OSError:  # the system has no more notices to give
            self.stop()
            _watch(server, known, old)

    def schedule(
        self, handler: FileSystemEventHandler, path: str, *, recursive: bool = True
    ) -> Any:
        """Watch a folder; a file by its folder, for editors put a new file in its place."""
        is_folder = os.path.isdir(path)  # noqa: PTH112 - a path as the server has it
        folder = path if is_folder else os.path.dirname(path)  # noqa: PTH120
        handler = _Changes(handler, path)
        return self.observer.schedule(handler, folder, recursive=recursive and is_folder)

    def unschedule(self, watch: Any) -> None:
        """Watch something no more."""
        self.observer.unschedule(watch)

    def start(self) -> None:
        """Go on: it has started."""

    def stop(self) -> None:
        """End."""
        self.observer.stop()

    def join(self) -> None:
        """Wait for the end."""
        self.observer.join()


def _watch(server: LiveReloadServer, paths: Iterable[str], observer: Any) -> None:
    """Let an observer watch what the server watches."""
    server.observer = observer
    server._watched_paths.clear()
    for path in paths:
        server.watch(path)


class _Changes(FileSystemEventHandler):
    """What changes at a path, or below it."""

    def __init__(self, handler: FileSystemEventHandler, path: str) -> None:
        self.handler = handler
        self.path = path

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Tell of a change."""
        names = [os.fsdecode(name) for name in (event.src_path, event.dest_path) if name]
        below = [name for name in names if f"{name}/".startswith(f"{self.path}/")]
        if below and event.event_type not in READ and "__pycache__" not in below[0]:
            self.handler.dispatch(FileModifiedEvent(below[0]))
