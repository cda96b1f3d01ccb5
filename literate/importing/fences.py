"""Fences that are shown and not run, so that no test and no chain takes notice of them."""

from __future__ import annotations

import html
import re

__all__ = ["info_of", "is_pythonic", "shown"]

PYTHON = re.compile(r"[\s{.]*i?py(?:thon)?[\d.]*(?![\w-])|pycon\b|\{code-cell", re.IGNORECASE)
SHELL = re.compile(r"[\s{.]*(?:ba|z|c)?sh(?:ell)?\b")
MARKUP = re.compile(r"[`{$@\\*_~!\[]")
RUNS_OTHERWISE = re.compile(r"^\s*(?:`{3}|if\s+__name__\s*==)|^#\|", re.MULTILINE)


def shown(text: str, info: str, *, is_free: bool = False) -> list[str]:
    """Return a fence that is shown and not run: it ends no chain.

    Parameters
    ----------
    text
        What it shows.
    info
        Its language.
    is_free
        Whether it stands outside of a chain, where Python is marked as skipped.

    Examples
    --------
    >>> shown("ls", "bash")
    ['~~~console', 'ls', '~~~']
    """
    lines = text.split("\n")
    is_plain = ">>>" not in text and not RUNS_OTHERWISE.search(text)
    if is_free and is_pythonic(info) and is_plain:
        return ["<!--pytest.mark.skip-->", "", "```python", *lines, "```"]
    if any(line.lstrip().startswith(("```", "<!--pytest", "<!-- pytest")) for line in lines):
        escaped = MARKUP.sub(lambda m: f"&#{ord(m[0])};", html.escape(text, quote=False))
        return [f"<pre><code>{escaped}</code></pre>"]
    longest = max((len(run) for run in re.findall(r"~{3,}", text)), default=2)
    tildes = "~" * (longest + 1)
    return [f"{tildes}{info_of(info, is_session='>>>' in text)}", *lines, tildes]


def info_of(info: str, *, is_session: bool = False) -> str:
    """Return the language of a fence that is shown."""
    if is_pythonic(info):
        return "pycon" if is_session else "text"
    if SHELL.match(info):
        return "console"
    word = re.match(r"[\w+#-]+", info.strip("{} ."))
    return word[0] if word else "text"


def is_pythonic(info: str) -> bool:
    """Tell whether the language of a fence is Python, by whatever name."""
    return bool(PYTHON.match(info))
