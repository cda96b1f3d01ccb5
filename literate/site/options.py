"""The options of the plugin in ``mkdocs.yml``."""

from __future__ import annotations

from typing import Any, TypeVar

from mkdocs.config import base, config_options
from mkdocs.config.base import ValidationError

from literate.result import Limits
from literate.settings import RECORD

__all__ = ["AtLeast", "LiterateConfig"]

Number = TypeVar("Number", bound=float)


class AtLeast(config_options.Type[Number]):
    """A number that may not be smaller than another."""

    def __init__(self, least: float, type_: Any, default: Number | None = None) -> None:
        super().__init__(type_, default=default)
        self.least = least

    def run_validation(self, value: object) -> Number:
        """Check the number."""
        number = super().run_validation(value)
        if number < self.least:
            raise ValidationError(f"must be at least {self.least:g}, got {number:g}")
        return number


class LiterateConfig(base.Config):
    """The options of the plugin in ``mkdocs.yml``."""

    time_limit = AtLeast[float](0.1, (int, float), default=120)
    """How many seconds a page may run, and how many reading or weaving it may take."""

    memory_limit = AtLeast[int](0, int, default=4096)
    """How many megabytes a chain of blocks may allocate, where the system can tell (Linux); 0 for
    any amount."""

    cache = config_options.Type(bool, default=True)
    """Whether pages are kept in ``.cache/literate``, beside ``mkdocs.yml``, for as long as all that
    they follow from is the same. If not, every page runs in every build."""

    notebooks = config_options.Type(bool, default=False)
    """Whether each page with blocks that run is offered as a notebook and as a script too. The site
    shows the notebook as mkdocs-jupyter renders it."""

    record = config_options.Type(str, default=RECORD)
    """The folder of the record of published values, seen from ``mkdocs.yml``: see [the command
    `literate`](command.md)."""

    library = config_options.Type(str, default="")
    """The package that the blocks import: the notebooks say how to install it."""

    workers = config_options.Optional(AtLeast[int](1, int))
    """How many pages run side by side; by default one a processor."""

    def limits(self) -> Limits:
        """Return what a page may take."""
        return Limits(self.time_limit, self.memory_limit or None)
