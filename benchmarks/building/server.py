"""A server that an author works with: from saving a file to the new page over HTTP."""

from __future__ import annotations

import contextlib
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from statistics import median

from tqdm import tqdm

from benchmarks.peers.command import CommandError, running
from benchmarks.peers.environment import make
from benchmarks.peers.project import Project, shows
from benchmarks.peers.tools import peers
from benchmarks.setting import Row, Setting, Tables

__all__ = ["Server", "measure"]

PAGES = 5
START_LIMIT, EDIT_LIMIT = 300.0, 15.0
INTERVAL = 0.02

EDITS: dict[str, Callable[[Project], None]] = {
    "prose of a page": lambda project: project.edit_prose(1),
    "code of a page": lambda project: project.edit_code(1),
    "library": lambda project: project.edit_library(),
}


@dataclass(frozen=True, slots=True)
class Server:
    """A server and the project that it shows."""

    project: Project
    url: str

    def wait(self, limit: float) -> float | None:
        """Give the seconds until the first page is as it must be, None if that takes too long."""
        started = time.perf_counter()
        while time.perf_counter() - started < limit:
            # MkDocs answers only when it has built, so the time is taken behind the answer.
            if shows(_get(self.url), self.project.pages[1], self.project.factor):
                return time.perf_counter() - started
            time.sleep(INTERVAL)
        return None


def measure(setting: Setting) -> Tables:
    """Start all servers, and edit the project of each in turn."""
    rows: list[Row] = []
    with ExitStack() as stack:
        servers = []
        for peer in tqdm(peers(setting), desc="servers", unit="peer"):
            folder = setting.folder / "sites" / f"{peer.folder}-served"
            environment = make(peer.environment, peer.packages, setting)
            project = Project(peer, environment, folder, PAGES)
            servers.append(stack.enter_context(_serving(project)))
        times = _times(servers, setting.rounds)
    for server in servers:
        peer = server.project.peer
        row: Row = {"peer": peer.name, "pages": PAGES}
        rows.append(row | {name: _cell(times.get((peer.name, name))) for name in EDITS})
    return {"From saving a file to the new page, in seconds": rows}


def _times(servers: Sequence[Server], rounds: int) -> dict[tuple[str, str], list[float | None]]:
    """Edit and wait; a server that has once not shown the new page is not asked again.

    The library is edited last: a server that does not see it has wrong pages from then on.
    """
    times: dict[tuple[str, str], list[float | None]] = {}
    turns = [(name, server) for name in EDITS for _ in range(rounds) for server in servers]
    for name, server in tqdm(turns, desc="edits on servers", unit="edit"):
        peer = server.project.peer
        known = times.setdefault((peer.name, name), [])
        if None not in known and (peer.runs or name != "library"):
            EDITS[name](server.project)
            known.append(server.wait(EDIT_LIMIT))
    return times


def _cell(times: Sequence[float | None] | None) -> str | float | None:
    """Give the median, or that the page stayed as it was."""
    if not times:
        return None
    answered = [seconds for seconds in times if seconds is not None]
    if len(answered) < len(times):
        return f"wrong after {EDIT_LIMIT:g} s"
    return round(median(answered), 2)


@contextmanager
def _serving(project: Project) -> Iterator[Server]:
    """Run a project's server until it shows the pages."""
    peer, environment = project.peer, project.environment
    port = _free_port()
    command = [str(environment.python), *(part.format(port=port) for part in peer.serve)]
    with running(command, project.folder, environment.variables(project.folder)):
        url = f"http://127.0.0.1:{port}/{peer.address.format(name=project.pages[1].name)}"
        server = Server(project, url)
        if server.wait(START_LIMIT) is None:
            raise CommandError(f"{peer.name} does not serve {url}")
        yield server


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _get(url: str) -> str:
    """Give a page as it is served, nothing while there is none or it is just being written."""
    with (
        contextlib.suppress(OSError, HTTPException),
        urllib.request.urlopen(url, timeout=EDIT_LIMIT) as answer,  # noqa: S310 - of this machine
    ):
        return str(answer.read().decode("utf-8", "replace"))
    return ""
