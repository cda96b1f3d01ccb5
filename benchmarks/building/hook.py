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

SPENT: dict[str, float] = defaultdict(float)


def timed(name: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap an event handler."""

    def handle(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return handler(*arguments, **named)
        finally:
            SPENT[name] += time.perf_counter() - started

    return handle


@event_priority(1000)
def on_config(config: MkDocsConfig) -> None:
    """Wrap every handler of the plugin, before its first is called."""
    plugin = config.plugins["literate"]
    for name, handlers in config.plugins.events.items():
        for index, handler in enumerate(handlers):
            if getattr(handler, "__self__", None) is plugin:
                handlers[index] = timed(name, handler)
    atexit.register(lambda: Path("share.json").write_text(json.dumps(SPENT), "utf-8"))
