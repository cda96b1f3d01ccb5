"""The options of a foreign cell, as cell options of this format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import yaml

from literate.importing.names import name_of

__all__ = ["Settings", "read_settings"]

OPTION = re.compile(r"#\|\s?(.*)")
TAGS: Mapping[str, Mapping[str, Any]] = {
    "hide-input": {"echo": "fold"},
    "hide-cell": {"echo": "fold"},
    "remove-input": {"echo": False},
    "remove-output": {"output": False},
    "remove-cell": {"echo": False, "output": False},
    "raises-exception": {"error": True},
    "skip-execution": {"eval": False},
    "remove-stderr": {},
}
FIGURE = (
    ("figure", "caption", "fig-cap"),
    ("figure", "alt", "fig-alt"),
    ("image", "alt", "fig-alt"),
    ("figure", "name", "name"),
)
LABEL = re.compile(r"[\['\"]*(?:fig|tbl)")
NEEDLESS = {"label", "id", "lineno-start", "number-lines", "message"}
KEPT = ("label", "fig-cap", "fig-alt", "tbl-cap", "echo", "output", "warning", "error", "slow")

Say = Callable[[int, str], None]


@dataclass
class Settings:
    """What a cell asks for in this format, whether it runs, and how many lines said so."""

    options: dict[str, Any] = field(default_factory=dict)
    runs: bool = True
    lines: int = 0

    def head(self) -> list[str]:
        """Return the lines that say it."""
        defaults = {"echo": True, "output": True, "warning": False, "error": False}
        lines = []
        for name in KEPT:
            value = self.options.get(name)
            if value is None or defaults.get(name) == value:
                continue
            text = yaml.safe_dump({name: value}, allow_unicode=True, width=90, sort_keys=False)
            lines += [f"#| {line}" for line in text.rstrip("\n").split("\n")]
        return lines


def read_settings(
    code: str, beside: Mapping[str, Any], defaults: Mapping[str, Any], say: Say
) -> Settings:
    """Read what a cell asks for.

    Parameters
    ----------
    code
        The cell, whose first lines may hold options.
    beside
        Options that stand outside of the code.
    defaults
        What the page asks for in all cells.
    say
        Takes what has no counterpart, with its line, counted from 0.
    """
    texts = []
    for line in code.split("\n"):
        if not (found := OPTION.match(line)):
            break
        texts.append(found[1])
    try:
        given = yaml.safe_load("\n".join(texts)) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        say(0, f"the options of this cell are no YAML ({getattr(error, 'problem', error)})")
        given = {}
    if not isinstance(given, dict):
        say(0, "the options of this cell are no lines such as `#| key: value`")
        given = {}
    settings = Settings(lines=len(texts))
    for name, value in (dict(defaults) | dict(beside) | given).items():
        at = next((i for i, text in enumerate(texts) if text.startswith(f"{name}:")), 0)
        _take(settings, str(name).replace("_", "-"), value, partial(say, at))
    return settings


def _take(settings: Settings, name: str, value: Any, say: Callable[[str], None]) -> None:
    """Take one option."""
    options = settings.options
    if name in _TAKEN:
        _TAKEN[name](settings, value, say)
    elif name == "eval":
        settings.runs = value is not False
    elif name == "name" or (name == "label" and LABEL.match(str(value))):
        _label(options, value)
    elif name in {"fig-cap", "fig-alt", "tbl-cap", "caption"}:
        _text(options, "fig-cap" if name == "caption" else name, value, say)
    elif name in {"output", "warning", "error"}:
        options[name] = value not in {False, "false"}
    elif name not in NEEDLESS:
        say(f"the option {name} has no counterpart")


def _take_tags(settings: Settings, value: Any, say: Callable[[str], None]) -> None:
    """Take the tags of a cell."""
    for tag in value if isinstance(value, list) else str(value).split(","):
        known = TAGS.get(str(tag).strip().replace("_", "-"))
        if known is None:
            say(f"the tag {tag} has no counterpart")
        for name, inner in (known or {}).items():
            _take(settings, name, inner, say)


def _take_figure(settings: Settings, value: Any, say: Callable[[str], None]) -> None:
    """Take what MyST-NB says of the figure of a cell."""
    for source, key, name in FIGURE:
        inner = value.get(source) if isinstance(value, dict) else None
        if isinstance(inner, dict) and inner.get(key):
            _take(settings, name, inner[key], say)


def _take_echo(settings: Settings, value: Any, _: Callable[[str], None]) -> None:
    """Take whether the code is shown."""
    settings.options["echo"] = value if value == "fold" else value is not False


def _take_fold(settings: Settings, value: Any, _: Callable[[str], None]) -> None:
    """Take whether the code is folded."""
    if value is not False and settings.options.get("echo", True) is True:
        settings.options["echo"] = "fold"


def _take_include(settings: Settings, value: Any, _: Callable[[str], None]) -> None:
    """Take whether anything of the cell is shown."""
    if value is False:
        settings.options |= {"echo": False, "output": False}


_TAKEN: Mapping[str, Callable[[Settings, Any, Callable[[str], None]], None]] = {
    "tags": _take_tags,
    "mystnb": _take_figure,
    "echo": _take_echo,
    "code-fold": _take_fold,
    "include": _take_include,
}


def _label(options: dict[str, Any], value: Any) -> None:
    """Take the labels of figures and tables; others name nothing here."""
    labels = [str(each) for each in (value if isinstance(value, list) else [value])]
    kinds = ("tbl" if label.startswith("tbl") else "fig" for label in labels)
    names = [name_of(label, kind) for label, kind in zip(labels, kinds, strict=True)]
    options["label"] = names if len(names) > 1 else names[0]


def _text(options: dict[str, Any], name: str, value: Any, say: Callable[[str], None]) -> None:
    """Take a caption or an alternative text, in which braces are text."""
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        say(f"the option {name} holds no text")
        return
    cleaned = [re.sub(r"\{(?=\{)", r"\\{", " ".join(text.split())) for text in texts]
    options[name] = cleaned if len(cleaned) > 1 else cleaned[0]
