"""What is wrong with a page, and where: steps that failed, and output that is not as recorded."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from literate.digest import LISTING, STATUS
from literate.page import Block, Expected, Page
from literate.result import Failure, Ran, Reading, Result
from literate.text import legible

__all__ = [
    "Fault",
    "PageError",
    "find_changes",
    "find_exchanges",
    "find_faults",
    "is_recorded",
    "printed_by",
]

Binders = dict[str, dict[int, int]]
UNBOUND = re.compile(r"NameError: name '(\w+)' is not defined")
EXCERPT = 200
"""How many characters of a line are quoted."""


class PageError(Exception):
    """A page that cannot be read, run or woven as it stands.

    Parameters
    ----------
    line
        The line of the page, counted from 1.
    message
        What is wrong there and what to do about it.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a page: its line, and what is wrong, with the lines around it."""

    path: str
    line: int
    message: str
    details: str = ""

    def __str__(self) -> str:
        """Return the fault as editors parse it, ``path:line: message``."""
        details = f"\n{self.details}" if self.details else ""
        return f"{self.path}:{self.line}: {self.message}{details}"


def find_faults(page: Page, results: Sequence[Sequence[Result]]) -> list[Fault]:
    """Find what failed: steps that raised, and chains that print other than recorded.

    Parameters
    ----------
    page
        The page.
    results
        For each of its chains the results of its steps.
    """
    faults = []
    lines = page.text.removesuffix("\n").split("\n")
    binders = cache(lambda: _binders(page))
    for number, (chain, outcomes) in enumerate(zip(page.chains, results, strict=True)):
        failures = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
        for failure in failures:
            details = _excerpt(lines, failure.line) + failure.trace
            message = failure.message + _hint(number, failure, binders)
            faults.append(Fault(page.path, failure.line, message, details))
        if chain.expected and outcomes and not failures:
            faults += _difference(page, chain.expected, printed_by(outcomes))
    return faults


def printed_by(outcomes: Sequence[Result]) -> str:
    """Return what a chain prints, by the results of its steps."""
    return "".join(outcome.stdout for outcome in outcomes if isinstance(outcome, Ran))


def is_recorded(expected: Expected, printed: str) -> bool:
    """Tell whether a chain prints what is recorded, as pytest-codeblocks compares it."""
    return _squeezed(expected, expected.text) == _squeezed(expected, printed)


def find_exchanges(readings: Mapping[str, Reading]) -> list[Fault]:
    """Find pages that read what others write, which may happen in either order.

    Parameters
    ----------
    readings
        What each page read, by the page's path.
    """
    writers = {
        key: (path, file)
        for path, reading in readings.items()
        for file in reading.written
        for key in (file, f"{file}{STATUS}", f"{posixpath.dirname(file) or '.'}{LISTING}")
    }
    return [
        Fault(path, 1, f"the page reads {file}, which {writer} writes, in no sure order")
        for path, reading in readings.items()
        for writer, file in dict.fromkeys(writers[key] for key in reading.files if key in writers)
        if writer != path
    ]


def find_changes(readings: Mapping[str, Reading], now: Callable[[str], str | None]) -> list[Fault]:
    """Find pages that read what has changed since: others may have been built from it anew.

    Parameters
    ----------
    readings
        What each page read, by the page's path.
    now
        Returns the digest that a name of a reading has now.
    """
    changed = (
        (path, next((name for name, seen in reading.files.items() if now(name) != seen), None))
        for path, reading in readings.items()
        if not reading.unseen
    )
    return [
        Fault(path, 1, f"{name.partition(chr(0))[0]} changed while the site was built; build again")
        for path, name in changed
        if name
    ]


def _hint(number: int, failure: Failure, binders: Callable[[], Binders]) -> str:
    """Say where a name is bound that a chain does not know, and how to go on from there."""
    found = UNBOUND.match(failure.message)
    if not found:
        return ""
    lines = binders().get(found[1], {})
    if line := next((line for other, line in lines.items() if other != number), 0):
        return (
            f"; the block of line {line} binds it in another chain: to go on from the block right "
            "before, put <!--pytest-codeblocks:cont--> before this one"
        )
    return "; begin with `from IPython.display import display`" if found[1] == "display" else ""


def _binders(page: Page) -> Binders:
    """Return the lines of the blocks that bind a name, by the name and the number of a chain."""
    binders: Binders = {}
    for number, chain in enumerate(page.chains):
        for block in chain.steps:
            for name in _bound(block.code) if isinstance(block, Block) else ():
                binders.setdefault(name, {}).setdefault(number, block.line)
    return binders


def _bound(code: str) -> Iterator[str]:
    """Yield the names that code binds, as far as it can be read."""
    try:
        nodes: Iterable[ast.AST] = ast.walk(ast.parse(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def _difference(page: Page, expected: Expected, printed: str) -> Iterator[Fault]:
    """Say where a chain prints other than recorded."""
    if is_recorded(expected, printed):
        return
    squeeze = partial(_squeezed, expected)
    recorded, got = expected.text.splitlines(), printed.splitlines()
    pairs = enumerate(zip(recorded, got, strict=False))
    differing = (i for i, (a, b) in pairs if squeeze(a) != squeeze(b))
    index = next(differing, min(len(recorded), len(got)))
    was = repr(recorded[index]) if index < len(recorded) else "nothing more"
    now = repr(got[index]) if index < len(got) else "nothing more"
    looks_alike = squeeze(legible(expected.text)) == squeeze(legible(printed))
    yield Fault(
        page.path,
        expected.line + 1 + index,
        "the chain does not print what is recorded"
        + ", of which colours and controls are a part" * looks_alike,
        f"  recorded: {was}\n  printed:  {now}\n",
    )


def _squeezed(expected: Expected, text: str) -> str:
    """Return what is compared of a text."""
    return "".join(text.split()) if expected.ignore_whitespace else text


def _excerpt(lines: Sequence[str], line: int, around: int = 2) -> str:
    """Return the page's lines around one, which is marked."""
    first, last = max(line - around, 1), min(line + around, len(lines))
    numbered = ((number, lines[number - 1][:EXCERPT]) for number in range(first, last + 1))
    return "".join(f"  {'>' if n == line else ' '} {n:4} | {content}\n" for n, content in numbered)
