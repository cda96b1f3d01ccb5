"""Read the cell options of a block: its first lines that begin with ``#|``, as YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from literate.chunk import Options, PageError

__all__ = ["read_options"]

OPTION_LINE = re.compile(r"#\|\s?(.*)")
NAME = re.compile(r"[A-Za-z][\w-]*")


def read_options(lines: Sequence[str], line: int) -> tuple[Options, int]:
    """Read the options at the head of a block.

    Parameters
    ----------
    lines
        The block's lines.
    line
        The page's line of the first of them.

    Returns
    -------
    tuple
        The options, and how many lines hold them.

    Raises
    ------
    PageError
        Lines that are not YAML, an unknown option, or a value that the option does not take.

    Examples
    --------
    >>> options, count = read_options(["#| label: fig-a", "#| echo: fold", "x = 1"], 4)
    >>> options.labels, options.echo, count
    (('fig-a',), 'fold', 2)
    """
    texts = []
    for text in lines:
        if not (match := OPTION_LINE.match(text)):
            break
        texts.append(match[1])
    if not texts:
        return Options(), 0
    try:
        given = yaml.safe_load("\n".join(texts)) or {}
    except (yaml.YAMLError, ValueError) as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        number = line + (mark.line if mark else 0)
        raise PageError(number, f"cell options: {problem or error}") from error
    if not isinstance(given, dict):
        raise PageError(line, "cell options are lines such as `#| key: value`")
    fields = {}
    for name, value in given.items():
        number = line + next((i for i, text in enumerate(texts) if text.startswith(str(name))), 0)
        if name not in OPTIONS:
            raise PageError(number, f"unknown cell option `{name}`; there are {', '.join(OPTIONS)}")
        field, convert, takes = OPTIONS[name]
        fields[field] = convert(value)
        if fields[field] is None:
            raise PageError(number, f"cell option `{name}` takes {takes}")
    return Options(**fields), len(texts)


def _texts(value: Any) -> tuple[str, ...] | None:
    """Give one text or several as a tuple."""
    texts = tuple(value) if isinstance(value, list) else (value,)
    return texts if all(isinstance(text, str) and text.strip() for text in texts) else None


def _names(value: Any) -> tuple[str, ...] | None:
    """Give one name or several as a tuple."""
    names = _texts(value)
    return names if names and all(map(NAME.fullmatch, names)) else None


def _switch(value: Any) -> bool | None:
    """Give true or false."""
    return value if isinstance(value, bool) else None


def _echo(value: Any) -> bool | str | None:
    """Give true, false or fold."""
    return value if value == "fold" else _switch(value)


OPTIONS: Mapping[str, tuple[str, Callable[[Any], Any], str]] = {
    "label": ("labels", _names, "a name such as fig-loss, or a list of names, one a figure"),
    "fig-cap": ("captions", _texts, "text, or a list of texts, one a figure"),
    "fig-alt": ("alts", _texts, "text, or a list of texts, one a figure"),
    "echo": ("echo", _echo, "true, false or fold"),
    "output": ("output", _switch, "true or false"),
    "warning": ("warning", _switch, "true or false"),
}
"""For each option the field it sets, how its value is read, and what it takes."""
