"""What a page publishes, text by text, and the record of it that stands in the repository.

A record is a file for each page: what a text comes from, and below it, indented, its lines. It
holds no line numbers of the page, so that an edit of prose changes none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from literate.page import Block, Page, Value, fill_all
from literate.result import Ran, Result, in_order, richest
from literate.text import legible

__all__ = ["Published", "find_published", "read_record", "write_record"]

INDENT = "    "
HEADING = re.compile(r"(.*?)(?: ± (\d+(?:\.\d+)?(?:e[+-]?\d+)?))?", re.DOTALL)
NAMES = {"stdout": "printed", "stderr": "warned", "error": "raised"}
ITEM = re.compile(r"(</(?:li|summary|tr)>)\n?")


@dataclass(frozen=True, slots=True)
class Published:
    """A text that a page publishes; where it stands does not matter when two are compared.

    Attributes
    ----------
    name
        What it comes from: the source of an inline value, or what a block did.
    lines
        Its lines, without white space at their ends.
    line
        The page's line of what it comes from, 0 if it is only recorded.
    tolerance
        How much its numbers may differ from the record, as the record states it; empty for nothing.
    """

    name: str
    lines: tuple[str, ...]
    line: int = field(default=0, compare=False)
    tolerance: str = field(default="", compare=False)

    @property
    def heading(self) -> str:
        """What it comes from, with the tolerance."""
        return f"{self.name} ± {self.tolerance}" if self.tolerance else self.name


def find_published(page: Page, results: Sequence[Sequence[Result]]) -> list[Published]:
    """Return the texts that a page publishes, in its order, but for the drawings of figures.

    Parameters
    ----------
    page
        The page.
    results
        For each of its chains the results of its steps.
    """
    return [
        Published(name, _lines(text), step.line)
        for chain, outcomes in zip(page.chains, results, strict=True)
        for step, ran in zip(chain.steps, outcomes, strict=False)
        if isinstance(ran, Ran)
        for name, text in _texts(step, ran)
    ]


def write_record(texts: Iterable[Published]) -> str:
    r"""Return the record of texts.

    Examples
    --------
    >>> write_record([Published("{{ n }}", ("3",)), Published("printed", ("a", "", "b"))])
    '{{ n }}\n    3\nprinted\n    a\n\n    b\n'
    """
    return "".join(
        f"{text.heading}\n" + "".join(f"{INDENT}{line}".rstrip() + "\n" for line in text.lines)
        for text in texts
    )


def read_record(record: str) -> list[Published]:
    r"""Return the texts of a record.

    Examples
    --------
    >>> read_record("{{ n / 7 }} ± 1e-9\n    0.428571428571\n")[0].tolerance
    '1e-9'
    """
    texts: list[tuple[str, list[str]]] = []
    for line in record.removesuffix("\n").split("\n") if record else ():
        if line and not line.startswith(INDENT):
            texts.append((line, []))
        else:
            texts = texts or [("", [])]
            texts[-1][1].append(line.removeprefix(INDENT))
    headings = (HEADING.fullmatch(heading) for heading, _ in texts)
    return [
        Published(heading[1], tuple(lines), tolerance=heading[2] or "")
        for heading, (_, lines) in zip(headings, texts, strict=True)
        if heading
    ]


def _lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text as a reader sees them."""
    return tuple(line.rstrip() for line in legible(text).removesuffix("\n").split("\n"))


def _texts(step: Block | Value, ran: Ran) -> Iterator[tuple[str, str]]:
    """Yield what a value came to, or what a block shows, and captions that have values."""
    if isinstance(step, Value):
        yield _source(step), (ran.value or {}).get("text/markdown", "")
        return
    options = step.options
    if not options.output:
        return
    for kind, part in in_order(ran):
        if isinstance(part, Mapping):
            media, text = richest(part)
            yield f"{kind} as {media}", ITEM.sub(r"\1\n", text) if media == "text/html" else text
        elif kind in NAMES and (kind != "stderr" or options.warning):
            yield NAMES[kind], part
    for name, texts, filled in (
        ("fig-cap", options.captions, ran.captions),
        ("fig-alt", options.alts, ran.alts),
        ("tbl-cap", options.table_captions, ran.table_captions),
    ):
        shown = fill_all(texts, filled, lambda reference: f"@{reference.label}")
        for parts, whole in zip(texts, shown, strict=True):
            if values := [_source(part) for part in parts if isinstance(part, Value)]:
                yield f"{name} with {', '.join(values)}", whole


def _source(value: Value) -> str:
    """Return an inline value as the page has it."""
    specification = f":{value.specification}" if value.specification else ""
    return f"{{{{ {value.expression}{specification} }}}}"
