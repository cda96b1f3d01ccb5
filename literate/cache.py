"""Keep the results of pages, each for as long as everything that it follows from is the same."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from literate.digest import digest, is_importable, sha256, version
from literate.engine import name_engine
from literate.entry import delete_free, owner_of, read_entry, write_entry
from literate.page import Block, Page, Value
from literate.reasons import (
    Explanation,
    find_other_files,
    find_other_names,
    find_other_steps,
    name_steps,
)
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
        r"|\bget[acm]time\b|\bst_(?:[acm]|birth)time"
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
    why: list[str]
    engine: dict[str, str]
    steps: list[list[str]]
    place: list[Any] | None
    packages: dict[str, str | None]
    missing: list[str]
    files: dict[str, str | None]
    written: list[str]
    unseen: str
    results: list[list[Ran]]

    def reading(self) -> Reading:
        """Return what the page read."""
        return Reading(self.files, self.packages, self.missing, self.written, self.unseen)


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
        self.engine = name_engine(root)
        self.reasons: dict[str, list[str]] = {}
        self.now = cache(self._now)
        self.version = cache(version)
        self.asks = cache(self._asks)

    def load(self, page: Page) -> Run | None:
        """Return the run of a page that was kept, None if it must run anew."""
        entry = self._entry(page)
        self.reasons[page.path] = self._reasons(page, entry)
        if entry is None or self.reasons[page.path]:
            return None
        results: list[list[Result]] = [list(chain) for chain in entry.results]
        return Run(page.path, results, reading=entry.reading())

    def explain(self, page: Page) -> Explanation:
        """Say why a page would run, why it ran last, and what its results follow from."""
        entry = self._entry(page)
        now = self._reasons(page, entry)
        return Explanation(now, entry.why, entry.reading()) if entry else Explanation(now, [])

    def store(self, page: Page, run: Run) -> None:
        """Keep what a page gave, if nothing failed.

        If not all that it read was seen, only that and why is kept: the page runs again.

        Raises
        ------
        OSError
            The folder cannot be written.
        """
        reading = run.reading
        if reading is None:
            return
        results = [[ran for ran in chain if isinstance(ran, Ran)] for chain in run.results]
        entry = _Entry(
            page=page.path,
            why=self.reasons.get(page.path, []),
            engine=self.engine,
            steps=name_steps(page),
            place=None,
            packages=reading.packages,
            missing=reading.missing,
            files=reading.files,
            written=reading.written,
            unseen=reading.unseen,
            results=[] if reading.unseen else results,
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

    def _entry(self, page: Page) -> _Entry | None:
        """Return what is kept of a page, whether it still holds or not."""
        return _restored(_Entry, read_entry(self._file(page.path)))

    def _reasons(self, page: Page, entry: _Entry | None) -> list[str]:
        """Say why a page must run anew; nothing if what is kept of it still holds."""
        if entry is None:
            return ["nothing was kept of it"]
        if entry.unseen:
            return [f"it {entry.unseen}"]
        is_moved = entry.place not in (None, self._place(page))
        reasons = [
            *(
                f"{name} has changed"
                for name in self.engine
                if self.engine[name] != entry.engine.get(name)
            ),
            *find_other_steps(page, entry.steps),
            *["it shows where its blocks stand, and they have moved"] * is_moved,
            *find_other_names(entry.packages, {n: self.version(n) for n in entry.packages}),
            *(
                f"the module {name} can be imported"
                for name in entry.missing
                if is_importable(name)
            ),
            *find_other_files(entry.files, self.now),
        ]
        if not reasons and not _fits(page, entry.results):
            return ["what was kept of it has another form"]
        return list(dict.fromkeys(reasons))

    def _now(self, name: str) -> str | None:
        """Return the digest of a file or a folder as it is now."""
        return digest(os.path.join(self.root, name), self.made)

    def _source(self, source: str) -> str:
        """Name a source, and what makes something of it."""
        return sha256(json.dumps([self.engine, source]))

    def _file(self, path: str) -> Path:
        return self.folder / f"{sha256(path)[:32]}.json"

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
