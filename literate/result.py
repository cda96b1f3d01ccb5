"""What running a page gives: plain records that travel between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Failure", "Figure", "Ran", "Result"]


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
        The texts of ``fig-cap`` and ``fig-alt`` with their inline values filled in.
    """

    stdout: str = ""
    stderr: str = ""
    value: Mapping[str, str] | None = None
    figures: tuple[Figure, ...] = ()
    captions: tuple[str, ...] = ()
    alts: tuple[str, ...] = ()


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
        The frames behind the page's own, a line each; empty where there are none.
    """

    line: int
    message: str
    trace: str = ""


Result = Ran | Failure
