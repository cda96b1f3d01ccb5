"""Build a folder of pages: read each, keep or run it, find its faults, and weave it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future
from functools import cache
from pathlib import Path

from literate.cache import Cache
from literate.deadline import limit
from literate.digest import digest
from literate.fault import Fault, PageError, find_changes, find_exchanges, find_faults
from literate.page import Page, without_slow
from literate.read import decode, read
from literate.result import Limits, Ran, Reading, Run
from literate.run import Pool
from literate.text import counted
from literate.weave import Marks, Woven, find_elsewhere, show_fault, weave

__all__ = ["Build", "Project"]

CACHE = ".cache/literate"
BYTE_ORDER_MARK = "\ufeff"


class Project:
    """A folder with pages, and the process that runs them, which outlasts a build.

    Parameters
    ----------
    root
        The folder that blocks run in, and the first place they import from.

    Attributes
    ----------
    limits
        What a page may take.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.made: tuple[Path, ...] = ()
        self.limits = Limits()
        self._workers: int | None = None
        self._pool: Pool | None = None

    @property
    def pool(self) -> Pool:
        """The process that runs pages, started when the first page needs it."""
        if self._pool is None:
            self._pool = Pool(self.root, workers=self._workers, limits=self.limits)
        return self._pool

    def configure(
        self, limits: Limits, workers: int | None = None, made: Iterable[Path] = ()
    ) -> None:
        """Set how pages run from now on.

        Parameters
        ----------
        limits
            What a page may take.
        workers
            How many pages run side by side; None for one a processor.
        made
            Files and folders that builds make, whose names no page follows from.
        """
        self.made = tuple(made)
        if (limits, workers) != (self.limits, self._workers):
            self.close()
            self.limits, self._workers = limits, workers

    def close(self) -> None:
        """End the process that runs pages, with every block that still runs."""
        if self._pool:
            self._pool.close()
            self._pool = None


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
        self.cache = Cache(project.root / CACHE, project.root, project.made) if keep else None
        self.pages: dict[str, Page] = {}
        self.kept: dict[str, Run] = {}
        self.woven: dict[str, Woven] = {}
        self.readings: dict[str, Reading] = {}
        self.faults: list[Fault] = []
        self.marks = Marks()
        self._refused: dict[str, Fault] = {}
        self._runs: dict[str, Run] = {}

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

    def start(self, *, skip_slow: bool = False) -> dict[str, Future[Run]]:
        """Start to run the pages that were not kept; return a future of each run, by its path.

        Parameters
        ----------
        skip_slow
            Whether the slow blocks of these pages are left out, which no result is kept of.
        """
        kept = {name: self.cache.load(page) for name, page in self.pages.items() if self.cache}
        self.kept = {name: run for name, run in kept.items() if run}
        if skip_slow:
            whole = self.pages
            self.pages = {n: p if n in self.kept else without_slow(p) for n, p in whole.items()}
        waiting = [page for name, page in self.pages.items() if name not in self.kept]
        return self.project.pool.start(waiting, self.project.made) if waiting else {}

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
            run = self._take(name, wait)
            if run.reading:
                self.readings[page.path] = run.reading
            self._say_how(page, run, kept=name in self.kept)
            others = find_elsewhere(
                page, folder, self.pages, lambda other: self._take(other, wait).results
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

    def all_faults(self) -> list[Fault]:
        """Return what is wrong with the pages, and between them, once all are woven."""
        made = tuple(map(str, self.project.made))
        now = cache(lambda name: digest(str(self.project.root / name), made))
        between = [*find_exchanges(self.readings), *find_changes(self.readings, now)]
        faults = [*self.faults, *between]
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

    def _take(self, name: str, wait: Callable[[str], Run]) -> Run:
        """Take the run of a page, once: another page may have asked for it."""
        if name not in self._runs:
            page = self.pages[name]
            self._runs[name] = self.kept.get(name) or self._keep(page, wait(page.path))
        return self._runs[name]

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
