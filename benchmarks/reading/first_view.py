"""The reader's side: the same page as each tool publishes it, and one of this site, seen first."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from tqdm import tqdm

from benchmarks.peers.command import run
from benchmarks.peers.environment import make
from benchmarks.peers.project import Project
from benchmarks.peers.tools import FLOOR, JUPYTER, LITERATE, MARKDOWN_EXEC, Peer, peers
from benchmarks.reading.browser import View, browsing, view
from benchmarks.reading.foreign import Packages
from benchmarks.reading.sources import copy_without_results
from benchmarks.reading.wire import certificate, serve
from benchmarks.setting import Row, Setting, Tables, target_row

__all__ = ["measure", "tables"]

JUPYTER_AND_MATHJAX = f"{JUPYTER} with MathJax"
MATHJAX = "https://unpkg.com/mathjax@3/es5/tex-mml-chtml.js"
MATHJAX_SET_UP = """\
window.MathJax = {
  tex: {inlineMath: [["\\\\(", "\\\\)"]], displayMath: [["\\\\[", "\\\\]"]]},
  options: {ignoreHtmlClass: ".*|", processHtmlClass: "arithmatex"}
};
"""
WITHOUT_CLASSES = """\
window.MathJax = {tex: {inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]]}};
"""
WORKED = "solutions/gradients/"
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
    pages = [_built(peer, setting) for peer in tqdm(_tools(setting), desc="pages", unit="peer")]
    pages.append(_worked(setting))
    views: dict[str, list[View]] = {page.name: [] for page in pages}
    packages, key = Packages(setting.folder / "npm"), certificate(setting.folder)
    version = ""
    bar = tqdm(total=len(pages) * setting.rounds, desc="views", unit="view")
    for _ in range(setting.rounds):
        for page in pages:
            bar.set_postfix_str(page.name)
            with ExitStack() as stack:
                servers = stack.enter_context(serve(page.site, packages.find, key))
                browser = stack.enter_context(browsing(servers))
                version = browser.version
                fetched, seen = -1, None
                while packages.fetched != fetched:  # else the wait for npm would be measured
                    fetched = packages.fetched
                    seen = view(browser, servers, page.address)
                views[page.name].extend([seen] if seen else [])
            bar.update()
    bar.close()
    found = tables(views, {page.name: page.file.stat().st_size for page in pages})
    return {**found, "Versions": [{"package": "Chromium", "version": version}]}


def tables(views: Mapping[str, Sequence[View]], html: Mapping[str, int]) -> Tables:
    """Give the target and the medians.

    Parameters
    ----------
    views
        Of each page, all rounds.
    html
        The bytes of each page's HTML as it is on disk.
    """
    rows = [_row(name, seen, html[name]) for name, seen in views.items()]
    targets = [_target(views, JUPYTER), _target(views, JUPYTER_AND_MATHJAX)]
    return {"Targets": targets, "First view of a page": rows}


def _row(name: str, views: Sequence[View], html: int) -> Row:
    last = [seen.set_after for seen in views if seen.set_after is not None]
    return {
        "page": name,
        "HTML, kB": round(html / 1000, 1),
        "transferred, kB": round(median(seen.transferred for seen in views) / 1000, 1),
        "requests": round(median(seen.requests for seen in views)),
        "foreign hosts": ", ".join(sorted(set().union(*(seen.foreign for seen in views)))),
        "foreign requests without bytes": max(seen.unmet for seen in views),
        "formulas set": round(median(seen.formulas for seen in views)),
        "last formula after, s": round(median(last), 2) if len(last) == len(views) else "never",
        "layout shift": round(median(seen.shift for seen in views), 3),
    }


def _target(views: Mapping[str, Sequence[View]], other: str) -> Row:
    """Compare the bytes of the generated page with those of mkdocs-jupyter's."""
    ours, theirs = (median(seen.transferred for seen in views[name]) for name in (LITERATE, other))
    return target_row(f"first view, transferred, {LITERATE} / {other}", TARGET, ours / theirs)


def _tools(setting: Setting) -> list[Peer]:
    """Give the tools, of myst-nb once, and MathJax to those that leave formulas to it.

    They get it as Material for MkDocs advises; mkdocs-jupyter, whose formulas have no class of
    their own, is taken as it comes and once more with what it takes to set them.
    """
    chosen = {peer.environment: peer for peer in reversed(peers(setting))}
    tools = []
    for peer in reversed(chosen.values()):
        tools.append(_with_mathjax(peer) if peer.name in (MARKDOWN_EXEC, FLOOR) else peer)
        if peer.name == JUPYTER:
            named = replace(peer, name=JUPYTER_AND_MATHJAX, shares=peer.environment)
            tools.append(_with_mathjax(named, WITHOUT_CLASSES))
    return tools


def _with_mathjax(peer: Peer, set_up: str = MATHJAX_SET_UP) -> Peer:
    files = dict(peer.files)
    files["mkdocs.yml"] += f"extra_javascript: [mathjax.js, {MATHJAX}]\n"
    return replace(peer, files={**files, "docs/mathjax.js": set_up})


def _built(peer: Peer, setting: Setting) -> Published:
    """Build one page with a tool."""
    environment = make(peer.environment, peer.packages, setting)
    project = Project(peer, environment, setting.folder / "read" / peer.folder, 1)
    project.build()
    page, site = project.pages[1], project.folder / "site"
    file = site / peer.published.format(name=page.name)
    return Published(peer.name, site, peer.address.format(name=page.name), file)


def _worked(setting: Setting) -> Published:
    """Build this site, with what runs the benchmark."""
    project = copy_without_results(setting.root, setting.folder / "read" / "this-site")
    run([sys.executable, "-m", "mkdocs", "build", "--quiet"], project, os.environ)
    site = project / "site"
    name = f"this site, {WORKED.rstrip('/')}"
    return Published(name, site, WORKED, site / WORKED / "index.html")
