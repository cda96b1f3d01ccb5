"""A hook of MkDocs that takes the time of literate's event handlers, into ``share.json``."""

import atexit
import json
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority


@event_priority(1000)
def on_config(config: MkDocsConfig) -> None:
    """Wrap every handler of the plugin, before its first is called."""
    plugin, spent = config.plugins["literate"], defaultdict[str, float](float)
    for name, handlers in config.plugins.events.items():
        for index, handler in enumerate(handlers):
            if getattr(handler, "__self__", None) is plugin:
                handlers[index] = timed(name, handler, spent)
    atexit.register(lambda: Path("share.json").write_text(json.dumps(spent), "utf-8"))


def timed(name: str, handler: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    """Return an event handler that adds the seconds it takes to those of its name."""

    def handle(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return handler(*arguments, **named)
        finally:
            spent[name] += time.perf_counter() - started

    return handle
