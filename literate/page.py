"""What a page consists of: the spans of its text that mean something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

__all__ = [
    "Block",
    "Caption",
    "Chain",
    "Comment",
    "Expected",
    "Options",
    "Page",
    "Reference",
    "Span",
    "Text",
    "Value",
    "fill_all",
    "labels_of",
    "references_of",
    "without_slow",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the page: offsets into its text, and the line it starts on, from 1."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Value(Span):
    """An inline value, ``{{ expression:specification }}``.

    Attributes
    ----------
    expression, specification
        A Python expression, and how to format its value ("" for the default).
    math
        Whether it stands inside a formula.
    """

    expression: str
    specification: str
    math: bool


@dataclass(frozen=True, slots=True)
class Reference(Span):
    """A reference to a figure or a table, ``@fig-label``."""

    label: str


Text = tuple[str | Value | Reference, ...]
"""A text that stands by itself, such as a caption, cut at its inline values and references."""


@dataclass(frozen=True, slots=True)
class Caption(Span):
    """What begins the caption of a table in Markdown, or ends it, and then has no label."""

    label: str
    indent: str


@dataclass(frozen=True, slots=True)
class Options:
    """The cell options of a block.

    Attributes
    ----------
    labels
        The names of the block's figures, and of its tables.
    captions, alts
        For each figure of the block its caption and its alternative text.
    table_captions
        The captions of the first tables of the block.
    echo
        Whether the code is shown, or folded.
    output
        Whether what the code prints, returns and draws is shown.
    warning
        Whether what the code writes to its error stream is shown too.
    error
        Whether the code must raise an error, which is shown.
    slow
        Whether the block may be left out while its page is written.
    """

    labels: tuple[str, ...] = ()
    captions: tuple[Text, ...] = ()
    alts: tuple[Text, ...] = ()
    table_captions: tuple[Text, ...] = ()
    echo: bool | Literal["fold"] = True
    output: bool = True
    warning: bool = False
    error: bool = False
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Block(Span):
    """A fence of Python; its code begins on the line after `line`.

    Attributes
    ----------
    indent, fence
        The white space before the fence, and its backticks.
    code
        What pytest-codeblocks runs: the lines of the block less the fence's indent.
    shown
        The code without the lines that hold cell options.
    options
        The cell options.
    runs
        False for a block that is marked to be skipped.
    left_out
        Whether it is left out while its page is written.
    """

    indent: str
    fence: str
    code: str
    shown: str
    options: Options
    runs: bool
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Expected(Span):
    """The recorded output of a chain: the text of the fence whose opening line is `line`."""

    text: str
    ignore_whitespace: bool
    runs: bool


@dataclass(frozen=True, slots=True)
class Comment(Span):
    """A comment to pytest-codeblocks, which the published page leaves out."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Blocks that share one namespace, and the values read in it, in the order of the page."""

    steps: tuple[Block | Value, ...]
    expected: Expected | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read.

    Attributes
    ----------
    path
        The page's name in messages.
    text
        The page as it was given.
    chunks
        The spans that mean something, in the order of the text; none overlaps another.
    chains
        The chains that run.
    is_whole
        Whether all of them run that would in a build.
    """

    path: str
    text: str
    chunks: tuple[Span, ...]
    chains: tuple[Chain, ...]
    is_whole: bool = True


def labels_of(page: Page) -> set[str]:
    """Return the names of a page's figures and tables."""
    named = {chunk.label for chunk in page.chunks if isinstance(chunk, Caption)} - {""}
    blocks = (chunk for chunk in page.chunks if isinstance(chunk, Block))
    return named.union(*(block.options.labels for block in blocks))


def references_of(page: Page) -> set[str]:
    """Return the names that a page refers to, in its captions too."""
    options = (chunk.options for chunk in page.chunks if isinstance(chunk, Block))
    texts = (text for its in options for text in (*its.captions, *its.alts, *its.table_captions))
    parts = [*page.chunks, *(part for text in texts for part in text)]
    return {part.label for part in parts if isinstance(part, Reference)}


def without_slow(page: Page) -> Page:
    """Return a page without its slow blocks, and without what follows on them in their chains."""
    chains, left_out = [], set[int]()
    for chain in page.chains:
        slow = (isinstance(step, Block) and step.options.slow for step in chain.steps)
        first = next((index for index, is_slow in enumerate(slow) if is_slow), None)
        if first is None:
            chains.append(chain)
            continue
        left_out |= {step.start for step in chain.steps[first:]}
        if first:
            chains.append(Chain(chain.steps[:first]))
    if not left_out:
        return page
    chunks = tuple(
        replace(chunk, left_out=True)
        if isinstance(chunk, Block) and chunk.start in left_out
        else chunk
        for chunk in page.chunks
    )
    return Page(page.path, page.text, chunks, tuple(chains), is_whole=False)


def fill_all(
    texts: Iterable[Text], values: Iterable[Iterable[str]], refer: Callable[[Reference], str]
) -> list[str]:
    """Return texts with their values and references filled in.

    Parameters
    ----------
    texts
        Such as captions.
    values
        For each text what its inline values came to, in order.
    refer
        Returns what stands in the place of a reference.

    Examples
    --------
    >>> text = ("As in ", Reference(6, 12, 1, "fig-a"), ".")
    >>> fill_all([text], [()], lambda reference: reference.label)
    ['As in fig-a.']
    """
    return [_filled(text, iter(its), refer) for text, its in zip(texts, values, strict=True)]


def _filled(text: Text, values: Iterator[str], refer: Callable[[Reference], str]) -> str:
    """Return one text, filled in."""
    parts = (refer(part) if isinstance(part, Reference) else part for part in text)
    return "".join(part if isinstance(part, str) else next(values) for part in parts)
