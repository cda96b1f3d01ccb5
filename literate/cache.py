"""Keep the results of pages, each for as long as everything that it follows from is the same."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import re
import sys
import sysconfig
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from literate.digest import digest, is_importable, name_in, sha256, version
from literate.entry import delete_free, owner_of, read_entry, write_entry
from literate.page import Block, Page, Value
from literate.result import Ran, Reading, Result, Run
from literate.shape import describe, restore

__all__ = ["Cache"]

T = TypeVar("T")

MADE = ".made"
"""How the file's name ends of what was made of a page's results."""

PLACE = "where it stands"

ASKED = {
    "the clock": re.compile(
        r"\btime\.(?:time|time_ns|localtime|gmtime|ctime|strftime|asctime)\b|\bperf_counter"
        r"|\.(?:now|utcnow|today)\(|\bimport time\b|from time import"
    ),
    "chance without a seed": re.compile(
        r"default_rng\(\s*\)|RandomState\(\s*\)|SeedSequence\(\s*\)|\burandom\(|\bsecrets\.|\buuid[14]\("
        r"|\brandom\.(?:random|rand|randn|randint|choice|choices|shuffle|sample|normal|uniform)\("
    ),
    "the environment": re.compile(r"\benviron\b|\bgetenv\b"),
}
"""What code says that asks for what no build can compare."""

SAID = {PLACE: re.compile(r"lineno|_getframe|\binspect\b"), **ASKED}

ENTRY = re.compile(r"[0-9a-f]{32}\.(?:json|made)")
UNFINISHED = re.compile(r"[0-9a-f]{32}\.\w+")
"""The names of the files that are the cache's own: entries, and those that are being written."""


@dataclass(slots=True)
class _Entry:
    """What is kept of a page: its results, and what they follow from."""

    page: str
    key: str
    place: list[Any] | None
    packages: dict[str, str | None]
    missing: list[str]
    files: dict[str, str | None]
    written: list[str]
    results: list[list[Ran]]


class Cache:
    """The results that were kept, one file a page.

    An entry holds what the page's chains gave, and a record of what they followed from: their
    steps, this package, Python and the packages that were loaded, and the content of every file of
    the project that was read. It is taken only if all of that is the same now. An entry that is
    broken, or has another shape, is none.

    Parameters
    ----------
    folder
        Where the entries lie; made when the first is stored.
    root
        The folder that pages run in.
    made
        Files and folders that builds make, whose names no page follows from.
    """

    def __init__(self, folder: Path, root: Path, made: Iterable[Path] = ()) -> None:
        self.folder = folder
        self.root = root
        self.made = tuple(map(str, made))
        self.engine = _engine(root)
        self.now = cache(self._now)
        self.version = cache(version)
        self.asks = cache(self._asks)

    def load(self, page: Page) -> Run | None:
        """Return the run of a page that was kept, None if it must run anew."""
        entry = _restored(_Entry, read_entry(self._file(page.path)))
        if (
            entry is None
            or entry.key != self._key(page)
            or not _fits(page, entry.results)
            or entry.place not in (None, self._place(page))
            or any(self.version(name) != known for name, known in entry.packages.items())
            or any(map(is_importable, entry.missing))
            or any(self.now(name) != known for name, known in entry.files.items())
        ):
            return None
        results: list[list[Result]] = [list(chain) for chain in entry.results]
        reading = Reading(entry.files, entry.packages, entry.missing, entry.written)
        return Run(page.path, results, reading=reading)

    def store(self, page: Page, run: Run) -> None:
        """Keep what a page gave, if nothing failed and all that it read was seen.

        Raises
        ------
        OSError
            The folder cannot be written.
        """
        reading = run.reading
        if reading is None or reading.unseen:
            return
        entry = _Entry(
            page=page.path,
            key=self._key(page),
            place=None,
            packages=reading.packages,
            missing=reading.missing,
            files=reading.files,
            written=reading.written,
            results=[[ran for ran in chain if isinstance(ran, Ran)] for chain in run.results],
        )
        data = describe(entry)
        if self._shows_place(page, run, json.dumps(data["results"])):
            data["place"] = self._place(page)
        write_entry(self._file(page.path), data)

    def asked(self, page: Page, run: Run) -> list[str]:
        """Return what the code of a page, and of the project, asks for that no build compares."""
        said = self._said(page, run)
        return [what for what in ASKED if what in said]

    def load_made(self, path: str, source: str, kind: type[T]) -> T | None:
        """Return what was made of a page's results, None if it was made of another source."""
        entry = read_entry(self._file(path).with_suffix(MADE))
        if not isinstance(entry, dict) or entry.get("key") != self._source(source):
            return None
        return _restored(kind, entry.get("made"))

    def store_made(self, path: str, source: str, made: Any) -> None:
        """Keep what was made of a page's results, a record, by all that it follows from.

        Raises
        ------
        OSError
            The folder cannot be written.
        """
        entry = {"page": path, "key": self._source(source), "made": describe(made)}
        write_entry(self._file(path).with_suffix(MADE), entry)

    def prune(self, paths: Collection[str], docs: str) -> None:
        """Delete the entries of pages that are gone, and what killed builds have left.

        Parameters
        ----------
        paths
            The pages of the build.
        docs
            The folder of the pages: those of another one belong to another build.
        """
        kept = {self._file(path).stem for path in paths}
        with contextlib.suppress(OSError):
            for file in list(self.folder.iterdir()):
                if ENTRY.fullmatch(file.name):
                    page = owner_of(file) if file.stem not in kept else None
                    if page and _is_below(page, docs) and not (self.root / page).exists():
                        file.unlink(missing_ok=True)
                elif UNFINISHED.fullmatch(file.name) and file.is_file():
                    delete_free(file)

    def _now(self, name: str) -> str | None:
        """Return the digest of a file or a folder as it is now."""
        return digest(os.path.join(self.root, name), self.made)

    def _source(self, source: str) -> str:
        """Name a source, and what makes something of it."""
        return sha256(json.dumps([self.engine, source]))

    def _file(self, path: str) -> Path:
        return self.folder / f"{sha256(path)[:32]}.json"

    def _key(self, page: Page) -> str:
        """Name what a page runs, and what runs it."""
        chains = [[_meaning(step) for step in chain.steps] for chain in page.chains]
        return sha256(json.dumps([self.engine, chains]))

    def _place(self, page: Page) -> list[Any]:
        """Say where a page's steps stand."""
        return [str(self.root), [[step.line for step in chain.steps] for chain in page.chains]]

    def _shows_place(self, page: Page, run: Run, shown: str) -> bool:
        """Tell whether results may name the place they came from, as tracebacks and warnings do."""
        names = (json.dumps(name)[1:-1] for name in (Path(page.path).name, str(self.root)))
        return any(name in shown for name in names) or PLACE in self._said(page, run)

    def _said(self, page: Page, run: Run) -> set[str]:
        """Return what the code of a page, and of the modules that it imported, asks for."""
        steps = (step for chain in page.chains for step in chain.steps)
        said = {what for step in steps if isinstance(step, Block) for what in _asks(step.code)}
        files = run.reading.files if run.reading else {}
        modules = (path for path, seen in files.items() if seen and path.endswith(".py"))
        return said.union(*map(self.asks, modules))

    def _asks(self, path: str) -> list[str]:
        """Return what the code in a file asks for."""
        try:
            return _asks((self.root / path).read_text("utf-8", "replace"))
        except OSError:
            return []


def _asks(code: str) -> list[str]:
    """Return what code asks for, by what it says."""
    return [what for what, said in SAID.items() if said.search(code)]


def _engine(root: Path) -> list[Any]:
    """Say what runs a project's pages: this package as it is, and the interpreter."""
    sources = [digest(str(source)) for source in sorted(Path(__file__).parent.rglob("*.py"))]
    interpreter = platform.python_implementation(), platform.python_version(), sys.flags.optimize
    # Modules of the project that are imported in the place of others.
    modules = (path for path in sorted(root.iterdir()) if _is_module(path))
    names = (path.name.partition(".")[0] for path in modules)
    first = [name for name in names if name in sys.stdlib_module_names or is_importable(name)]
    # Where else modules are imported from; the root comes first in any case.
    own = {"", str(root), sysconfig.get_path("scripts")}
    entries = [name_in(str(root), entry) for entry in sys.path if entry not in own]
    path = [name for name in dict.fromkeys(entries) if name]
    return [sources, interpreter, os.name, platform.machine(), first, path]


def _is_module(path: Path) -> bool:
    """Tell whether a module can be imported from a path."""
    return path.suffix in {".py", ".pyc", ".so", ".pyd"} or (path / "__init__.py").exists()


def _meaning(step: Block | Value) -> list[Any]:
    """Say all of a step that its result follows from: its place on the page is none of that."""
    if isinstance(step, Block):
        return ["block", step.code]
    return ["value", step.expression, step.specification, step.math]


def _fits(page: Page, results: list[list[Ran]]) -> bool:
    """Tell whether there is a result of each step of a page, with all that it asks for."""
    return len(results) == len(page.chains) and all(
        len(chain.steps) == len(given) and all(map(_answers, chain.steps, given))
        for chain, given in zip(page.chains, results, strict=True)
    )


def _answers(step: Block | Value, ran: Ran) -> bool:
    """Tell whether a result has a text for each inline value that its step has."""
    if isinstance(step, Value):
        return "text/markdown" in (ran.value or {})
    options, given = step.options, (ran.captions, ran.alts, ran.table_captions)
    asked = (options.captions, options.alts, options.table_captions)
    counts = [[sum(isinstance(p, Value) for p in text) for text in texts] for texts in asked]
    return counts == [[len(values) for values in texts] for texts in given]


def _restored(kind: type[T], data: Any) -> T | None:
    """Return what an entry holds as a record, None if it has another shape."""
    try:
        record: T = restore(kind, data)
    except (TypeError, ValueError):
        return None
    return record


def _is_below(page: str, folder: str) -> bool:
    """Tell whether a page lies in a folder or below it."""
    return folder == "." or PurePosixPath(page).is_relative_to(folder)
