"""A server that an author works with: from saving a file to the new page over HTTP."""

from __future__ import annotations

import contextlib
import socket
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from statistics import median

from tqdm import tqdm

from benchmarks.building.scenarios import EDITS, LIBRARY
from benchmarks.peers.command import CommandError, running
from benchmarks.peers.project import Project, shows
from benchmarks.peers.tools import peers
from benchmarks.setting import Row, Setting, Tables

__all__ = ["Server", "measure"]

PAGES = 5
START_LIMIT, EDIT_LIMIT = 300.0, 15.0
INTERVAL = 0.02


@dataclass(frozen=True, slots=True)
class Server:
    """A server and the project that it shows."""

    project: Project
    url: str

    def wait(self, limit: float) -> float | None:
        """Return the seconds until the first page is as it must be, None after the limit."""
        started = time.perf_counter()
        while time.perf_counter() - started < limit:
            # MkDocs answers only when it has built, so the time is taken after the answer.
            if shows(_get(self.url), self.project.pages[1], self.project.factor):
                return time.perf_counter() - started
            time.sleep(INTERVAL)
        return None


def measure(setting: Setting) -> Tables:
    """Start all servers, and edit the project of each in turn."""
    with ExitStack() as stack:
        servers = [
            stack.enter_context(_serving(Project.new(peer, setting, "sites/served", PAGES)))
            for peer in tqdm(peers(setting).values(), desc="servers", unit="peer")
        ]
        rows: list[Row] = [{"peer": each.project.peer.name, "pages": PAGES} for each in servers]
        for name in EDITS:
            times = _times(name, servers, setting.rounds)
            for row, seconds in zip(rows, times, strict=True):
                row[name] = _cell(seconds)
    return {"From saving a file to the new page, in seconds": rows}


def _times(name: str, servers: Sequence[Server], rounds: int) -> list[list[float | None]]:
    """Edit and wait; a server that has once not shown the new page is not asked again."""
    times: list[list[float | None]] = [[] for _ in servers]
    turns = list(zip(servers, times, strict=True)) * rounds
    for server, known in tqdm(turns, desc=f"edits on servers, {name}", unit="edit"):
        if None not in known and (server.project.peer.runs or name != LIBRARY):
            EDITS[name](server.project)
            known.append(server.wait(EDIT_LIMIT))
    return times


def _cell(times: Sequence[float | None]) -> str | float | None:
    """Return the median, or that the page stayed as it was."""
    answered = [seconds for seconds in times if seconds is not None]
    if len(answered) < len(times):
        return f"wrong after {EDIT_LIMIT:g} s"
    return round(median(answered), 2) if answered else None


@contextmanager
def _serving(project: Project) -> Iterator[Server]:
    """Run a project's server until it shows the pages."""
    environment, port = project.environment, _free_port()
    command = [str(environment.python), *(part.format(port=port) for part in project.peer.serve)]
    with running(command, project.folder, environment.variables(project.folder)):
        server = Server(project, f"http://127.0.0.1:{port}/{project.address(1)}")
        if server.wait(START_LIMIT) is None:
            raise CommandError(f"{project.peer.name} does not serve {server.url}")
        yield server


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _get(url: str) -> str:
    """Return a page as it is served, nothing while there is none or it is just being written."""
    with (
        contextlib.suppress(OSError, HTTPException),
        urllib.request.urlopen(url, timeout=EDIT_LIMIT) as answer,  # noqa: S310 - of this machine
    ):
        return str(answer.read().decode("utf-8", "replace"))
    return ""
