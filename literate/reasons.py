"""Say what results follow from, and why a page runs again: what of that is other than it was."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from literate.digest import INSTALLED, LINK, LISTING, sha256
from literate.page import Block, Page, Value
from literate.result import Reading

__all__ = ["Explanation", "find_other_files", "find_other_names", "find_other_steps", "name_steps"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a page would run, and what its results follow from.

    Attributes
    ----------
    now
        Why it would run now; empty if it would not.
    last
        Why it ran when its results were kept.
    reading
        What it read then; None if nothing is kept of it.
    """

    now: list[str]
    last: list[str]
    reading: Reading | None = None

    def __str__(self) -> str:
        """Say all of it, a few words a line."""
        now = ["It would run now because", *self.now]
        parts = [now if self.now else ["Its results are kept: they still hold."]]
        if self.reading:
            parts.append(["It last ran because", *self.last])
            said: dict[str, list[str]] = {
                "it reads": [],
                "it reads the names in": [],
                "it reads the link": [],
            }
            names = {"": "it reads", LISTING: "it reads the names in", LINK: "it reads the link"}
            for key, seen in self.reading.files.items():
                path, mark, question = key.partition("\0")
                if seen is not None and (name := names.get(mark + question)):
                    said[name].append(path)
            packages = (
                "the names of what is installed" if name == INSTALLED else f"{name} {known}"
                for name, known in self.reading.packages.items()
            )
            said |= {"it uses": [*packages], "it looks in vain for": self.reading.missing}
            lists = (f"{name}: {', '.join(its)}" for name, its in said.items() if its)
            parts.append(["Its results follow from", "its blocks and inline values", *lists])
        wrapped = (
            textwrap.fill(
                line, 100, initial_indent=indent, subsequent_indent=f"{indent}  ",
                break_long_words=False, break_on_hyphens=False,
            )
            for part in parts
            for indent, line in zip(["", *["  "] * len(part)], part, strict=False)
        )  # fmt: skip
        return "\n".join(wrapped)


def name_steps(page: Page) -> list[list[str]]:
    """Name each step of a page's chains by all that its result follows from, and not its place."""
    return [[sha256(json.dumps(_meaning(step))) for step in chain.steps] for chain in page.chains]


def find_other_steps(page: Page, known: list[list[str]]) -> Iterator[str]:
    r"""Yield what has changed of a page's steps, which had other names.

    Examples
    --------
    >>> from literate.read import read
    >>> old, new = read("```python\nx = 1\n```\n{{ x }}"), read("\n```python\nx = 2\n```\n{{ x }}")
    >>> list(find_other_steps(new, name_steps(old)))
    ['the block on line 2 has changed']
    """
    names = name_steps(page)
    if names == known:
        return
    steps = [step for chain in page.chains for step in chain.steps]
    old, new = ([name for chain in chains for name in chain] for chains in (known, names))
    if old == new:
        yield "its blocks are chained otherwise"
    changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for tag, start, end, first, last in changes:
        if tag == "delete":
            where = f"before line {steps[first].line}" if first < len(steps) else "at the end"
            yield f"a block or a value {where} is gone"
        elif tag != "equal":
            what = "has changed" if end - start == last - first else "is new or has changed"
            yield from (f"{_said(step)} on line {step.line} {what}" for step in steps[first:last])


def find_other_names(known: Mapping[str, str | None], now: Mapping[str, str | None]) -> list[str]:
    """Say which names stand for something else now, such as versions of packages.

    Examples
    --------
    >>> find_other_names({"numpy": "2.1", "six": "1.0"}, {"numpy": "2.2", "six": None})
    ['numpy was 2.1 and is 2.2', 'six was 1.0 and is none']
    """
    other = ((name, was, now.get(name)) for name, was in known.items() if now.get(name) != was)
    return [
        f"{name} was {was or 'none'} and is {seen or 'none'}"
        if name != INSTALLED
        else "other packages are installed"
        for name, was, seen in other
    ]


def find_other_files(
    known: Mapping[str, str | None], now: Callable[[str], str | None]
) -> Iterator[str]:
    """Yield which files and folders are other than they were.

    Parameters
    ----------
    known
        The digests of what was asked.
    now
        Returns the digest of a question as it is now.
    """
    for key, was in known.items():
        if (seen := now(key)) != was:
            path, mark, question = key.partition("\0")
            if mark + question == LISTING:
                yield f"the names in {path} have changed"
            elif mark + question == LINK:
                yield f"{path} leads elsewhere"
            elif seen is None:
                yield f"{path} is gone"
            else:
                yield f"{path} has changed" if was is not None else f"{path} is there now"


def _meaning(step: Block | Value) -> list[str | bool]:
    """Say all of a step that its result follows from: its place on the page is none of that."""
    if isinstance(step, Block):
        return ["block", step.code]
    return ["value", step.expression, step.specification, step.math]


def _said(step: Block | Value) -> str:
    """Name a step to a reader."""
    return "the block" if isinstance(step, Block) else f"the value {{{{ {step.expression} }}}}"
