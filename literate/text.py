"""What a page can hold: texts in which nothing is markup, and none that no page can show."""

from __future__ import annotations

import re

__all__ = ["CONTROLS", "counted", "escape", "indent", "legible", "printable", "unescape"]

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Characters that no page can hold: controls and lone surrogates."""

ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
OVERWRITTEN = re.compile(r"^[^\n]*\r(?=[^\r\n])", re.MULTILINE)
MARKUP = re.compile(r"[^\w\s.,;()/%?+-]|_|\((?=\w+\))|(?<=www)\.|\.(?=\.)|-(?=-)|\+(?=\+)")
ENTITY = re.compile(r"&#(\d+);")


def escape(text: str) -> str:
    """Return the Markdown of a text in which nothing is markup.

    Examples
    --------
    >>> escape("a*b")
    'a&#42;b'
    """
    return MARKUP.sub(lambda m: f"&#{ord(m[0])};", text)


def unescape(text: str) -> str:
    """Return the text that was escaped.

    Examples
    --------
    >>> unescape("a&#42;b")
    'a*b'
    """
    return ENTITY.sub(lambda m: chr(int(m[1])), text)


def printable(text: str) -> str:
    r"""Return a text without the characters that no page can hold.

    Examples
    --------
    >>> printable("a\ab\n")
    'ab\n'
    """
    return CONTROLS.sub("", text)


def legible(text: str) -> str:
    r"""Return what a terminal would show of a text, without its colours and controls.

    Examples
    --------
    >>> legible("1 %\r2 %\n\x1b[31mred\x1b[0m\a")
    '2 %\nred'
    """
    return printable(OVERWRITTEN.sub("", ANSI.sub("", text)))


def indent(text: str, by: str) -> str:
    r"""Indent every line but the blank ones.

    Examples
    --------
    >>> indent("a\n\nb", "  ")
    '  a\n\n  b'
    """
    return "\n".join(by + line if line.strip() else line for line in text.split("\n"))


def counted(number: int, noun: str) -> str:
    """Return a number of things in words.

    Examples
    --------
    >>> counted(1, "page"), counted(0, "page")
    ('1 page', '0 pages')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"
