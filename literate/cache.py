"""Keep the results of pages, each for as long as everything that it follows from is the same."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import platform
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from literate.digest import digest, is_importable, name_in, sha256, version
from literate.page import Block, Page, Value
from literate.result import Figure, Ran, Reading, Result, Run

__all__ = ["Cache", "describe"]

MADE = ".made"
"""How the file's name ends of what was made of a page's results."""

PLACE = re.compile(r"lineno|_getframe|\binspect\b")
"""What code says that asks where it stands."""

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


class Cache:
    """The results that were kept, one file a page.

    An entry holds what the page's chains gave, and a record of what they followed from: their
    steps, this package, Python and the packages that were loaded, and the content of every file of
    the project that was read. It is taken only if all of that is the same now. An entry that is
    broken is none.

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

    def load(self, page: Page) -> Run | None:
        """Return the run of a page that was kept, None if it must run anew."""
        entry = _read(self._file(page.path))
        if (
            entry is None
            or entry["key"] != self._key(page)
            or entry["place"] not in (None, self._place(page))
            or any(self.version(name) != known for name, known in entry["packages"].items())
            or any(map(is_importable, entry["missing"]))
            or any(self.now(name) != known for name, known in entry["files"].items())
        ):
            return None
        results: list[list[Result]] = [[_ran(f) for f in chain] for chain in entry["results"]]
        reading = Reading(entry["files"], entry["packages"], entry["missing"], entry["written"])
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
        results = describe(run.results)
        entry = {
            "page": page.path,
            "key": self._key(page),
            "place": self._place(page) if self._shows_place(page, run, results) else None,
            "packages": reading.packages,
            "missing": reading.missing,
            "files": reading.files,
            "written": reading.written,
            "results": results,
        }
        _write(self._file(page.path), entry)

    def asked(self, page: Page, run: Run) -> list[str]:
        """Return what the code of a page, and of the project, asks for that no build compares."""
        codes = list(self._codes(page, run))
        return [what for what, said in ASKED.items() if any(map(said.search, codes))]

    def load_made(self, path: str, source: str) -> Any:
        """Return what was made of a page's results, None if it was made of another source."""
        entry = _read(self._file(path).with_suffix(MADE))
        return entry["made"] if entry and entry["key"] == self._source(source) else None

    def store_made(self, path: str, source: str, made: Any) -> None:
        """Keep what was made of a page's results, by all that it follows from.

        Raises
        ------
        OSError
            The folder cannot be written.
        """
        entry = {"key": self._source(source), "made": made}
        _write(self._file(path).with_suffix(MADE), entry)

    def prune(self, paths: Collection[str]) -> None:
        """Delete the entries of all pages but these."""
        kept = {self._file(path).stem for path in paths}
        with contextlib.suppress(OSError):
            for file in [file for file in self.folder.iterdir() if file.stem not in kept]:
                file.unlink(missing_ok=True)

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

    def _shows_place(
        self, page: Page, run: Run, results: Sequence[Sequence[Mapping[str, Any]]]
    ) -> bool:
        """Tell whether results may name the place they came from, as tracebacks and warnings do."""
        shown = json.dumps(results)
        names = (json.dumps(name)[1:-1] for name in (Path(page.path).name, str(self.root)))
        return any(name in shown for name in names) or any(
            PLACE.search(code) for code in self._codes(page, run)
        )

    def _codes(self, page: Page, run: Run) -> Iterator[str]:
        """Yield the code of a page, and of the modules that it imported."""
        for chain in page.chains:
            yield from (step.code for step in chain.steps if isinstance(step, Block))
        for path, seen in run.reading.files.items() if run.reading else ():
            if seen and path.endswith(".py"):
                yield (self.root / path).read_text("utf-8", "replace")


def describe(results: Sequence[Sequence[Result]]) -> list[list[dict[str, Any]]]:
    """Return the results of chains as JSON can hold them."""
    return [[_fields(result) for result in chain] for chain in results]


def _engine(root: Path) -> list[Any]:
    """Say what runs a project's pages: this package as it is, and the interpreter."""
    sources = [digest(str(source)) for source in sorted(Path(__file__).parent.rglob("*.py"))]
    interpreter = platform.python_implementation(), platform.python_version(), sys.flags.optimize
    # Modules of the project that are imported in the place of others.
    modules = (path for path in sorted(root.iterdir()) if _is_module(path))
    names = (path.name.partition(".")[0] for path in modules)
    first = [name for name in names if name in sys.stdlib_module_names or is_importable(name)]
    # Where else modules are imported from; the root comes first in any case.
    entries = [name_in(str(root), entry) for entry in sys.path if entry and entry != str(root)]
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


def _fields(result: Result) -> dict[str, Any]:
    """Return a result as JSON can hold it."""
    fields = asdict(result)
    for figure in fields["figures"]:
        figure |= {name: base64.b64encode(figure[name]).decode() for name in ("light", "dark")}
    return fields


def _ran(fields: dict[str, Any]) -> Ran:
    """Return the result that has these fields."""
    figures = (
        Figure(f["svg"], f["width"], base64.b64decode(f["light"]), base64.b64decode(f["dark"]))
        for f in fields.pop("figures")
    )
    captions, alts = (tuple(map(tuple, fields.pop(name))) for name in ("captions", "alts"))
    return Ran(**fields, figures=tuple(figures), captions=captions, alts=alts)


def _read(file: Path) -> dict[str, Any] | None:
    """Read an entry, None if it is missing or is not what was written."""
    try:
        head, _, body = file.read_text("ascii").partition("\n")
    except (OSError, ValueError):
        return None
    return json.loads(body) if head == sha256(body) else None


def _write(file: Path, entry: Mapping[str, Any]) -> None:
    """Write an entry after its own digest; a reader finds the old one or the new, whole."""
    body = json.dumps(entry)
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(f".{os.getpid()}")
    try:
        new.write_text(f"{sha256(body)}\n{body}", "ascii")
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
