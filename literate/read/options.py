"""Read the cell options of a block: its first lines that begin with ``#|``, as YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from literate.fault import PageError
from literate.page import Options, Text
from literate.read.prose import read_text

__all__ = ["read_options"]

OPTION_LINE = re.compile(r"#\|\s?(.*)")
NAME = re.compile(r"[A-Za-z][\w-]*")
DEEPEST = 20


class _Loader(yaml.SafeLoader):
    """A loader without what lets a few lines take long: aliases, and lists in lists in lists."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose a node, unless it is an alias or too deep."""
        is_alias = self.check_event(yaml.AliasEvent)
        if is_alias or self.flow_level > DEEPEST:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            problem = "an alias is not read" if is_alias else "too many brackets in brackets"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
        return super().compose_node(parent, index)


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
        Lines that are not YAML, an unknown option, a value that the option does not take, or a
        caption with an inline value that is not an expression.

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
        given = yaml.load("\n".join(texts), _Loader) or {}  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
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
        fields[field] = convert(value, number)
        if fields[field] is None:
            raise PageError(number, f"cell option `{name}` takes {takes}")
    return Options(**fields), len(texts)


def _strings(value: Any) -> tuple[str, ...] | None:
    """Return one string or several as a tuple, None for anything else."""
    strings = tuple(value) if isinstance(value, list) else (value,)
    return strings if all(isinstance(text, str) and text.strip() for text in strings) else None


def _texts(value: Any, line: int) -> tuple[Text, ...] | None:
    """Return one text or several, cut at their values and references."""
    strings = _strings(value)
    return None if strings is None else tuple(read_text(text, line) for text in strings)


def _names(value: Any, _: int) -> tuple[str, ...] | None:
    """Return one name or several as a tuple."""
    names = _strings(value)
    return names if names and all(map(NAME.fullmatch, names)) else None


def _switch(value: Any, _: int) -> bool | None:
    """Return true or false."""
    return value if isinstance(value, bool) else None


def _echo(value: Any, _: int) -> bool | str | None:
    """Return true, false or fold."""
    return value if isinstance(value, bool) or value == "fold" else None


OPTIONS: Mapping[str, tuple[str, Callable[[Any, int], Any], str]] = {
    "label": ("labels", _names, "a name such as fig-loss or tbl-loss, or a list of names"),
    "fig-cap": ("captions", _texts, "text, or a list of texts, one a figure"),
    "fig-alt": ("alts", _texts, "text, or a list of texts, one a figure"),
    "tbl-cap": ("table_captions", _texts, "text, or a list of texts, one a table"),
    "echo": ("echo", _echo, "true, false or fold"),
    "output": ("output", _switch, "true or false"),
    "warning": ("warning", _switch, "true or false"),
    "error": ("error", _switch, "true or false"),
    "slow": ("slow", _switch, "true or false"),
}
"""For each option the field it sets, how its value is read at a line, and what it takes."""
