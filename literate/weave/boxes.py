"""Put what is shown into fences that nothing in it can end, and faults into boxes."""

from __future__ import annotations

import re
from html import escape as escape_html

from literate.fault import Fault
from literate.text import legible
from literate.weave.marks import Marks

__all__ = ["fault_box", "fenced", "show_fault"]

TICKS = re.compile(r"`+")


def fenced(text: str, info: str) -> str:
    """Put a text into a fence that nothing in it can end."""
    text = legible(text)
    longest = max((len(ticks) for ticks in TICKS.findall(text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{info}\n{text}{'' if text.endswith(chr(10)) else chr(10)}{ticks}\n"


def show_fault(fault: Fault, marks: Marks) -> str:
    """Return the Markdown that shows a fault on a page."""
    return marks.hide_block(fenced(fault_box(fault), "woven"))


def fault_box(fault: Fault) -> str:
    """Return the HTML that shows a fault, for which a site needs no extension."""
    title = escape_html(fault.message.partition("\n")[0])
    place = escape_html(f"{fault.path}:{fault.line}\n{fault.details}")
    return (
        f'<div class="admonition failure"><p class="admonition-title">{title}</p>\n'
        f'<div class="text output highlight"><pre><code>{place}</code></pre></div></div>'
    )
