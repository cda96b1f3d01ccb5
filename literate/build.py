"""Build a folder of pages: read each, keep or run it, find its faults, and weave it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from functools import cache

from literate.cache import Cache
from literate.deadline import limit
from literate.digest import digest
from literate.fault import Fault, PageError, find_changes, find_exchanges, find_faults
from literate.page import Page, without_slow
from literate.project import Project
from literate.read import decode, read
from literate.result import Ran, Reading, Run
from literate.text import counted
from literate.weave import Marks, Woven, find_elsewhere, show_fault, weave

__all__ = ["Build"]

CACHE = ".cache/literate"
BYTE_ORDER_MARK = "\ufeff"


class Build:
    """One build of a project's pages, each of which goes by a name of the caller's.

    Parameters
    ----------
    project
        The project.
    keep
        Whether results are kept, and taken if they still hold.
    say
        Takes a line for the log.

    Attributes
    ----------
    pages
        The pages that were read and have something to weave.
    kept
        The runs of the pages that need not run.
    runs
        The runs of all pages that were asked for.
    woven
        The pages that were woven.
    readings
        What each page read, by its path.
    faults
        What is wrong with the pages, as far as it is known.
    marks
        What Markdown must not see of the woven pages.
    """

    def __init__(self, project: Project, *, keep: bool, say: Callable[[str], None]) -> None:
        self.project = project
        self.say = say
        self.keep = keep
        self.cache = self._open()
        self.pages: dict[str, Page] = {}
        self.kept: dict[str, Run] = {}
        self.runs: dict[str, Run] = {}
        self.woven: dict[str, Woven] = {}
        self.readings: dict[str, Reading] = {}
        self.faults: list[Fault] = []
        self.marks = Marks()
        self._refused: dict[str, Fault] = {}

    def read(self, name: str, path: str, content: bytes) -> None:
        """Read a page; note why, if it cannot be read.

        Parameters
        ----------
        name
            What the page goes by.
        path
            The page's file, as messages name it.
        content
            What is in the file.
        """
        try:
            with limit(self.project.limits.seconds, "reading"):
                page = read(decode(content), path)
        except PageError as error:
            self._refuse(name, path, error)
            return
        if page.chunks:
            self.pages[name] = page

    def forget(self, pages: Mapping[str, str]) -> None:
        """Forget pages that are to be read anew, and what files held until now.

        Parameters
        ----------
        pages
            The file of each page, as messages name it, by what the page goes by.
        """
        for name, path in pages.items():
            for known in (self.pages, self.kept, self.runs, self.woven, self._refused):
                known.pop(name, None)
            self.readings.pop(path, None)
        self.faults = [fault for fault in self.faults if fault.path not in pages.values()]
        self.marks = Marks()  # those of the other pages have been converted
        self.cache = self._open()

    def start(self, *, skip_slow: bool = False) -> dict[str, Future[Run]]:
        """Start to run the pages that were read and not kept; return their futures, by path.

        Parameters
        ----------
        skip_slow
            Whether the slow blocks of these pages are left out, which no result is kept of.
        """
        known = self.woven.keys() | self._refused
        names = [name for name in self.pages if name not in known]
        kept = {name: self.cache.load(self.pages[name]) for name in names if self.cache}
        self.kept |= {name: run for name, run in kept.items() if run}
        new = [name for name in names if name not in self.kept]
        if skip_slow:
            self.pages |= {name: without_slow(self.pages[name]) for name in new}
        waiting = [self.pages[name] for name in new]
        return self.project.pool.start(waiting, self.project.made) if waiting else {}

    def run(self, name: str, wait: Callable[[str], Run]) -> Run:
        """Return the run of a page that was read: the one that was kept, or else a new one.

        Parameters
        ----------
        name
            What the page goes by.
        wait
            Returns the run of the page at a path.

        Raises
        ------
        RuntimeError
            The process that runs pages cannot start.
        """
        if name not in self.runs:
            page = self.pages[name]
            run = self.runs[name] = self.kept.get(name) or self._keep(page, wait(page.path))
            if run.reading:
                self.readings[page.path] = run.reading
            self._say_how(page, run, kept=name in self.kept)
        return self.runs[name]

    def weave(self, name: str, wait: Callable[[str], Run], folder: str = "") -> str | None:
        """Return the Markdown to publish of a page, None for one that stays as it is.

        A page that cannot be read or woven is replaced by its fault.

        Parameters
        ----------
        name
            What the page goes by.
        wait
            Returns the run of the page at a path.
        folder
            Where the page stands below the site's pages.

        Raises
        ------
        RuntimeError
            The process that runs pages cannot start.
        """
        if page := self.pages.get(name):
            run = self.run(name, wait)
            others = find_elsewhere(
                page, folder, self.pages, lambda other: self.run(other, wait).results
            )
            try:
                with limit(self.project.limits.seconds, "weaving"):
                    faults = find_faults(page, run.results)
                    self.faults += faults
                    self.woven[name] = weave(page, run.results, folder, faults, self.marks, others)
            except PageError as error:
                self._refuse(name, page.path, error)
        if fault := self._refused.get(name):
            return self.show(fault)
        woven = self.woven.get(name)
        return woven.marked.lstrip(BYTE_ORDER_MARK) if woven else None

    def show(self, fault: Fault) -> str:
        """Note a fault, and return the Markdown that shows it."""
        self.faults.append(fault)
        return show_fault(fault, self.marks)

    def all_faults(self, *, compare: bool = True) -> list[Fault]:
        """Return what is wrong with the pages, and between them, once all are woven.

        Parameters
        ----------
        compare
            Whether what the pages have read is compared with what there is now. Each file of it is
            looked through, so this is for the moment before the site is published.
        """
        faults = [*self.faults, *find_exchanges(self.readings)]
        if compare:
            made = tuple(map(str, self.project.made))
            now = cache(lambda name: digest(str(self.project.root / name), made))
            faults += find_changes(self.readings, now)
        return sorted(faults, key=lambda fault: (fault.path, fault.line))

    def prune(self, paths: Collection[str], docs: str) -> None:
        """Forget the results of pages that are gone from a folder: these are there."""
        if self.cache:
            self.cache.prune(paths, docs)

    def line_of(self, name: str, formula: str, source: str) -> int:
        """Return the line of a page's file on which a formula begins, 1 where it cannot be told.

        Parameters
        ----------
        name
            What the page goes by.
        formula
            LaTeX of the page.
        source
            The text of the page's file.
        """
        woven = self.woven.get(name)
        text = woven.text if woven else source
        first = max(formula.splitlines() or [""], key=len).strip()
        offset = max(text.find(first), 0)
        return woven.line(offset) if woven else text.count("\n", 0, offset) + 1

    def is_sound(self, name: str) -> bool:
        """Tell whether a page has blocks that ran, and nothing failed in it."""
        page = self.pages.get(name)
        return (
            page is not None
            and page.is_whole
            and name in self.woven
            and bool(page.chains)
            and all(fault.path != page.path for fault in self.faults)
        )

    def is_own(self, module: str) -> bool:
        """Tell whether a module is one of the project's."""
        path = self.project.root / module.partition(".")[0]
        return (path / "__init__.py").exists() or path.with_suffix(".py").exists()

    def __str__(self) -> str:
        """Say how many pages ran, and how many need not."""
        run = len(self.pages) - len(self.kept)
        return f"{counted(run, 'page')} run, {len(self.kept)} kept"

    def _open(self) -> Cache | None:
        """Return the cache, which has not looked at any file yet."""
        project = self.project
        return Cache(project.root / CACHE, project.root, project.made) if self.keep else None

    def _keep(self, page: Page, run: Run) -> Run:
        """Keep what a page gave, or say why not."""
        if self.cache and page.is_whole:
            if run.reading and run.reading.unseen:
                self.say(f"{page.path}: runs in every build, because it {run.reading.unseen}")
            elif asked := self.cache.asked(page, run):
                self.say(f"{page.path}: follows from {', '.join(asked)} too, which is not compared")
            try:
                self.cache.store(page, run)
            except OSError as error:
                self.say(f"{page.path}: cannot be kept: {error}")
        return run

    def _say_how(self, page: Page, run: Run, *, kept: bool) -> None:
        """Say whether a page ran, for how long, and what its blocks wrote to their error stream."""
        for chain, outcomes in zip(page.chains, run.results, strict=True):
            for step, outcome in zip(chain.steps, outcomes, strict=False):
                if isinstance(outcome, Ran) and outcome.stderr:
                    self.say(f"{page.path}:{step.line}: {outcome.stderr.strip()}")
        self.say(f"{page.path}: " + ("kept" if kept else f"run in {run.seconds:.2f} s"))

    def _refuse(self, name: str, path: str, error: PageError) -> None:
        """Note that a page cannot be shown, and why."""
        self._refused[name] = Fault(path, error.line, error.message)
