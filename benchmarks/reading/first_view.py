"""The first view of a page: the same one as each tool publishes it, and one of this site."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tqdm import tqdm

from benchmarks.peers.command import run
from benchmarks.peers.project import Project
from benchmarks.peers.tools import JUPYTER, LITERATE, Peer, peers
from benchmarks.reading.browser import View, browsing, view
from benchmarks.reading.host import serve
from benchmarks.reading.sources import copy_sources
from benchmarks.setting import ROOT, Row, Setting, Tables, target_row

__all__ = ["measure", "tables"]

WORKED = "solutions/gradients"
TARGET = 1 / 3


@dataclass(frozen=True, slots=True)
class Published:
    """A page that a reader can open: whose it is, its site, its address there and its file."""

    name: str
    site: Path
    address: str
    file: Path


def measure(setting: Setting) -> Tables:
    """Build a page with each tool, and look at it as often as there are rounds."""
    # myst-nb publishes one page, whether it has a cache or not.
    tools = {peer.packages: peer for peer in reversed(peers(setting).values())}
    built = tqdm(reversed(tools.values()), desc="pages", total=len(tools), unit="peer")
    pages = [*(_built(peer, setting) for peer in built), _worked(setting)]
    views: dict[str, list[View]] = {page.name: [] for page in pages}
    version = ""
    for page in tqdm(pages * setting.rounds, desc="views", unit="view"):
        with serve(page.site) as host, browsing() as browser:
            version = browser.version
            views[page.name].append(view(browser, host, page.address))
    found = tables(views, {page.name: page.file.stat().st_size for page in pages})
    return {**found, "Versions": [{"package": "Chromium", "version": version}]}


def tables(views: Mapping[str, Sequence[View]], html: Mapping[str, int]) -> Tables:
    """Return the target and the medians.

    Parameters
    ----------
    views
        Of each page, all rounds.
    html
        The bytes of each page's HTML as it is on disk.
    """
    ours, theirs = (_transferred(views[name]) for name in (LITERATE, JUPYTER))
    what = f"first view, transferred, {LITERATE} / {JUPYTER}"
    return {
        "Targets": [target_row(what, TARGET, ours / theirs)],
        "First view of a page": [_row(name, seen, html[name]) for name, seen in views.items()],
    }


def _row(name: str, views: Sequence[View], html: int) -> Row:
    """Return what a page takes; of one that asks other hosts, only what its own host sends."""
    foreign = sorted({host for seen in views for host in seen.foreign})
    row: Row = {
        "page": name,
        "HTML, kB": round(html / 1000, 1),
        "transferred, kB": round(_transferred(views) / 1000, 1),
        "requests": round(median(seen.requests for seen in views)),
        "foreign hosts": ", ".join(foreign),
        "requests without an answer": max(len(seen.foreign) for seen in views),
    }
    if foreign:  # what they send may set formulas, and move what stands below them
        return row | dict.fromkeys(("formulas set", "last formula after, s", "layout shift"))
    last = [seen.set_after for seen in views if seen.set_after is not None]
    return row | {
        "formulas set": round(median(seen.formulas for seen in views)),
        "last formula after, s": round(median(last), 2) if len(last) == len(views) else "never",
        "layout shift": round(median(seen.shift for seen in views), 3),
    }


def _transferred(views: Sequence[View]) -> float:
    return median(seen.transferred for seen in views)


def _built(peer: Peer, setting: Setting) -> Published:
    """Build one page with a tool."""
    project = Project.new(peer, setting, "read", 1)
    project.build()
    return Published(peer.name, project.folder / "site", project.address(1), project.published(1))


def _worked(setting: Setting) -> Published:
    """Build this site, but for its page of an earlier run, with what runs the benchmark."""
    project = copy_sources(ROOT, setting.folder / "read" / "this-site")
    (project / "docs" / "benchmarks.md").write_text("# Benchmarks\n", "utf-8")
    run([sys.executable, "-m", "mkdocs", "build", "--quiet"], project, os.environ)
    site = project / "site"
    return Published(f"this site, {WORKED}", site, f"{WORKED}/", site / WORKED / "index.html")
