"""Compare what pages give with what is on record of them, accept it, and say why they run."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from literate.build import Build
from literate.differences import Difference, find_differences, settle
from literate.fault import Fault, PageError, is_recorded, printed_by
from literate.outputs import record_outputs
from literate.page import Page
from literate.project import Project
from literate.published import Published, find_published, read_record, write_record
from literate.read import decode, read
from literate.reasons import Explanation
from literate.result import Failure, Run
from literate.settings import Settings

__all__ = ["Comparison", "accept", "compare", "explain", "find_gone"]

ENDING = ".record"


@dataclass(slots=True)
class Comparison:
    """A page, and what is on record of it.

    Attributes
    ----------
    path
        The page, as messages name it.
    differences
        What differs.
    files
        The files that would change: what is in each, and what would be; None for no such file.
    """

    path: str
    differences: list[Difference] = field(default_factory=list)
    files: dict[Path, tuple[bytes | None, bytes | None]] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the differences, as editors parse them."""
        return "".join(f"{self.path}:{found.line}: {found}\n" for found in self.differences)


def compare(
    settings: Settings, uris: Iterable[str], say: Callable[[str], None]
) -> tuple[list[Comparison], list[Fault]]:
    """Run pages, or take what was kept of them, and compare them with the record.

    Parameters
    ----------
    settings
        The project.
    uris
        The pages.
    say
        Takes a line for the log.

    Returns
    -------
    tuple
        The pages with which nothing else is wrong, and what is wrong with others.

    Raises
    ------
    OSError
        A page cannot be read.
    RuntimeError
        The process that runs pages cannot start.
    """
    build, contents = _read(settings, uris, say)
    try:
        futures = build.start()
        found = []
        for uri, content in contents.items():
            found.append(_compare(build, settings, uri, content, lambda p: futures[p].result()))
            build.weave(uri, lambda path: futures[path].result())
        faults = build.all_faults()
    finally:
        build.project.close()
    faulty = {fault.path for fault in faults}
    return [page for page in found if page.path not in faulty], faults


def find_gone(settings: Settings) -> Iterator[Comparison]:
    """Yield what is on record of pages that are gone."""
    for file in sorted(settings.record.rglob(f"*{ENDING}")):
        uri = file.relative_to(settings.record).with_suffix(".md").as_posix()
        if uri not in settings.uris:
            gone = Difference(1, "the page is gone, and its record is not", None, None)
            yield Comparison(settings.path(uri), [gone], {file: (file.read_bytes(), None)})


def accept(page: Comparison) -> bool:
    """Write what a page gives into the page and its record; tell whether they were as compared.

    Raises
    ------
    OSError
        A file cannot be written.
    """
    if any(_content(file) != was for file, (was, _) in page.files.items()):
        return False
    for file, (_, now) in page.files.items():
        if now is None:
            file.unlink()
        else:
            _write(file, now)
    return True


def explain(
    settings: Settings, uris: Iterable[str]
) -> tuple[dict[str, Explanation | str], list[Fault]]:
    """Say why pages would run and why they ran; none of them runs.

    Parameters
    ----------
    settings
        The project.
    uris
        The pages.

    Returns
    -------
    tuple
        What there is to say of each page, by its path, and what is wrong with others.

    Raises
    ------
    OSError
        A page cannot be read.
    """
    build, contents = _read(settings, uris, lambda _: None)
    explained: dict[str, Explanation | str] = {}
    for uri in contents:
        page = build.pages.get(uri)
        if page and page.chains:
            off = "It runs in every build: the site's option `cache` is off."
            explained[page.path] = build.cache.explain(page) if build.cache else off
        elif page or not build.weave(uri, lambda _: Run("")):
            explained[settings.path(uri)] = "It has nothing that runs."
    return explained, build.faults


def _read(
    settings: Settings, uris: Iterable[str], say: Callable[[str], None]
) -> tuple[Build, dict[str, bytes]]:
    """Begin a build with pages that are read; return what is in their files, too."""
    contents = {uri: (settings.docs / uri).read_bytes() for uri in uris}
    project = Project(settings.root)
    project.configure(settings.limits, settings.workers, settings.made)
    build = Build(project, keep=settings.keep, say=say)
    for uri, content in contents.items():
        build.read(uri, settings.path(uri), content)
    return build, contents


def _compare(
    build: Build, settings: Settings, uri: str, content: bytes, wait: Callable[[str], Run]
) -> Comparison:
    """Compare a page, and let the build go on with the page as it is once it is accepted."""
    comparison, texts = Comparison(settings.path(uri)), list[Published]()
    if page := build.pages.get(uri):
        run = build.run(uri, wait)
        if any(isinstance(result, Failure) for chain in run.results for result in chain):
            return comparison
        try:
            new = record_outputs(content, page, run.results)
            build.pages[uri] = read(decode(new), page.path)
        except PageError as error:
            build.show(Fault(page.path, error.line, error.message))
            del build.pages[uri]
            return comparison
        if new != content:
            comparison.files[settings.docs / uri] = content, new
        comparison.differences += _find_other_outputs(page, run)
        texts = find_published(page, run.results)
    file = (settings.record / uri).with_suffix(ENDING)
    was = _content(file)
    old = read_record((was or b"").decode("utf-8-sig", "replace").replace("\r\n", "\n"))
    settled = settle(old, texts)
    if settled != old or (was is not None and not settled):
        comparison.files[file] = was, write_record(settled).encode() if settled else None
    comparison.differences += find_differences(old, settled)
    comparison.differences.sort(key=lambda difference: difference.line)
    return comparison


def _find_other_outputs(page: Page, run: Run) -> Iterator[Difference]:
    """Yield how the chains of a page print other than recorded in the page."""
    for chain, outcomes in zip(page.chains, run.results, strict=True):
        expected, printed = chain.expected, printed_by(outcomes)
        if expected and not is_recorded(expected, printed):
            texts = (tuple(text.splitlines()) for text in (expected.text, printed))
            old, new = (Published("recorded output", text, expected.line) for text in texts)
            yield from find_differences([old], [new])


def _content(file: Path) -> bytes | None:
    """Return what is in a file, None if there is none."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _write(file: Path, content: bytes) -> None:
    """Write a file; a reader finds the old one or the new, whole."""
    file = file.resolve()
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        new.write_bytes(content)
        if file.exists():
            shutil.copymode(file, new)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
