"""What running a page gives: plain records that travel between processes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = [
    "ALT",
    "ID",
    "Display",
    "Failure",
    "Figure",
    "Limits",
    "Ran",
    "Reading",
    "Result",
    "Run",
    "in_order",
    "is_table",
    "name_drawing",
    "richest",
]

ID = "literate-id-"
"""What every id of a drawing begins with, until the page gives it a name of its own."""

ALT = "literate-alt"
"""Stands for the alternative text of a drawing, until the page gives it one."""

TABLES = {
    "text/html": re.compile(r"<table\b"),
    "text/markdown": re.compile(r"^[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+\|[-:| \t]*+$", re.MULTILINE),
}
FORMS = ("text/latex", "text/html", "text/markdown", "text/plain")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that a block left open, or an image that it showed.

    Attributes
    ----------
    svg
        The drawing, with ids that are its own; empty where it would be too large, and for an image.
    width
        How wide it is shown, in CSS pixels; 0 where nothing says so.
    light, dark
        For a large drawing, images for the two schemes; for an image itself, one for both.
    media
        The media type of these images.
    """

    svg: str
    width: int
    light: bytes = b""
    dark: bytes = b""
    media: str = "image/webp"


@dataclass(frozen=True, slots=True)
class Display:
    """What a block showed while it ran.

    Attributes
    ----------
    start, end
        Where its text stands in what the block printed: the tests see that text, and the page shows
        `value` in its place.
    value
        The value by media type; None for the next figure.
    """

    start: int
    end: int
    value: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """What one step of a chain gave.

    Attributes
    ----------
    stdout, stderr
        What the step wrote.
    displays
        What the block showed while it printed, in order.
    error
        The error that it had to raise, its kind and its text.
    value
        The block's last expression by media type, as Jupyter would show it; for an inline value
        its text as ``text/markdown``.
    figures
        The figures left open, in the order they were made.
    captions, alts, table_captions
        For each text of ``fig-cap``, ``fig-alt`` and ``tbl-cap`` the texts of its inline values, in
        order.
    """

    stdout: str = ""
    stderr: str = ""
    value: Mapping[str, str] | None = None
    figures: tuple[Figure, ...] = ()
    captions: tuple[tuple[str, ...], ...] = ()
    alts: tuple[tuple[str, ...], ...] = ()
    displays: tuple[Display, ...] = ()
    table_captions: tuple[tuple[str, ...], ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a step did not end well.

    Attributes
    ----------
    line
        The page's line.
    message
        The kind of the error and its text, as in ``ValueError: shapes differ``.
    trace
        The frames below the page's own, a line each; empty where there are none.
    """

    line: int
    message: str
    trace: str = ""


Result = Ran | Failure


@dataclass(slots=True)
class Reading:
    """What a run read.

    Attributes
    ----------
    files
        What was asked of files and folders, which are named from the project's folder where they
        lie in it, each with its digest: of what the run read, or, of what the run wrote itself, as
        it left it.
    packages
        Installed packages that were used, with their versions; all together if they were listed.
    missing
        Top-level modules that were looked for and not found.
    written
        Files and folders that the run changed and that were there before it or are after it.
    unseen
        Why the run may follow from more than this; empty where it does not.
    """

    files: dict[str, str | None] = field(default_factory=dict)
    packages: dict[str, str | None] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    unseen: str = ""


@dataclass(slots=True)
class Run:
    """How a page ran.

    Attributes
    ----------
    path
        The page.
    results
        For each chain the results of its steps, in order; a `Failure` is the last of its chain.
    seconds
        From the start of the first chain to the end of the last.
    reading
        What the page read; None if a chain did not end well.
    """

    path: str
    results: list[list[Result]] = field(default_factory=list)
    seconds: float = 0.0
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a page may take.

    Attributes
    ----------
    seconds
        How long it may run.
    megabytes
        How much memory a chain may allocate, where the system can tell; None for any amount.
    processes
        How many processes and threads a chain may have at once, where the system can tell.
    """

    seconds: float = 120
    megabytes: int | None = 4096
    processes: int = 512


Kind = Literal["stdout", "stderr", "display", "error", "value", "figure"]


def in_order(ran: Ran) -> Iterator[tuple[Kind, Any]]:
    r"""Yield what a block shows, in the order in which it did: the kind of each part, and the part.

    Examples
    --------
    >>> shown = Display(2, 4, {"text/latex": "$x$"})
    >>> [kind for kind, _ in in_order(Ran("a\nx\nb", value={}, displays=(shown,)))]
    ['stdout', 'display', 'stdout']
    """
    at, figures = 0, iter(ran.figures)
    for display in ran.displays:
        if text := ran.stdout[at : display.start]:
            yield "stdout", text
        if display.value is not None:
            yield "display", display.value
        else:
            yield "figure", next(figures)
        at = display.end
    if text := ran.stdout[at:]:
        yield "stdout", text
    if ran.stderr:
        yield "stderr", ran.stderr
    if ran.error:
        yield "error", ran.error
    if ran.value:
        yield "value", ran.value
    yield from (("figure", figure) for figure in figures)


def name_drawing(svg: str, name: str, alt: str) -> str:
    """Return a drawing whose ids begin with a name, with its alternative text.

    Examples
    --------
    >>> drawing = '<svg aria-label="literate-alt"><g id="literate-id-0"/></svg>'
    >>> name_drawing(drawing, "fig-a", "A point")
    '<svg aria-label="A point"><g id="fig-a-0"/></svg>'
    """
    label = html.escape(" ".join(alt.split()))
    return svg.replace(ALT, label, 1).replace(ID, f"{name}-")


def richest(value: Mapping[str, str]) -> tuple[str, str]:
    """Return the richest form of a value that a page can hold: its media type and its text.

    Examples
    --------
    >>> richest({"text/plain": "Table()", "text/markdown": "| a |"})
    ('text/markdown', '| a |')
    """
    media = next((form for form in FORMS if form in value), "text/plain")
    return media, value.get(media, "")


def is_table(value: Mapping[str, str]) -> bool:
    r"""Tell whether a value is shown as a table.

    Examples
    --------
    >>> is_table({"text/markdown": "| a |\n|---|\n| 1 |"}), is_table({"text/plain": "| a |"})
    (True, False)
    """
    media, text = richest(value)
    return bool(TABLES[media].search(text)) if media in TABLES else False
