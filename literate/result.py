"""What running a page gives: plain records that travel between processes."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "ALT",
    "ID",
    "Failure",
    "Figure",
    "Limits",
    "Ran",
    "Reading",
    "Result",
    "Run",
    "name_drawing",
    "richest",
]

ID = "literate-id-"
"""What every id of a drawing begins with, until the page gives it a name of its own."""

ALT = "literate-alt"
"""Stands for the alternative text of a drawing, until the page gives it one."""

FORMS = ("text/latex", "text/html", "text/markdown", "text/plain")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that a block left open.

    Attributes
    ----------
    svg
        The drawing, with ids that are its own; empty where it would be too large.
    width
        How wide it is shown, in CSS pixels.
    light, dark
        For a large drawing, WebP images for the two schemes.
    """

    svg: str
    width: int
    light: bytes = b""
    dark: bytes = b""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one step of a chain gave.

    Attributes
    ----------
    stdout, stderr
        What the step wrote.
    value
        The block's last expression by media type, as Jupyter would show it; for an inline value
        its text as ``text/markdown``.
    figures
        The figures left open, in the order they were made.
    captions, alts
        For each text of ``fig-cap`` and ``fig-alt`` the texts of its inline values, in order.
    """

    stdout: str = ""
    stderr: str = ""
    value: Mapping[str, str] | None = None
    figures: tuple[Figure, ...] = ()
    captions: tuple[tuple[str, ...], ...] = ()
    alts: tuple[tuple[str, ...], ...] = ()


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
