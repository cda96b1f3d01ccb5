"""Weave the results of a page's chains back into its Markdown.

Only the spans that mean something are replaced; every other character of the page stays.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from literate.chunk import Block, Comment, Expected, Page, PageError, Reference, Span, Value
from literate.figure import name_drawing
from literate.prose import CONTROLS, escape, replace
from literate.reading import Reading
from literate.result import Failure, Figure, Ran, Result

__all__ = [
    "Fault",
    "Woven",
    "figure_name",
    "find_exchanges",
    "find_faults",
    "legible",
    "number_figures",
    "richest",
    "show_fault",
    "weave",
]

ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
TICKS = re.compile(r"`+")
OVERWRITTEN = re.compile(r"^[^\n]*\r(?=[^\r\n])", re.MULTILINE)
BEGINNING = re.compile(r"(?:\d+[.)]|[-+*])(?:\s|$)|[-=]+\s*$|[#:>|]|~~~")
EXCERPT = 200
FIGURES = "assets/figures"
FORMS = ("text/latex", "text/html", "text/markdown", "text/plain")
BRACES = r"\\{}$%&#_^~"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a page: its line, and what is wrong, with the lines around it."""

    path: str
    line: int
    message: str
    details: str = ""

    def __str__(self) -> str:
        """Give the fault as editors parse it, ``path:line: message``."""
        return f"{self.path}:{self.line}: {self.message}" + (
            f"\n{self.details}" if self.details else ""
        )


@dataclass(frozen=True, slots=True)
class Woven:
    """A woven page.

    Attributes
    ----------
    text
        Its Markdown.
    faults
        What a strict build does not accept: figures without caption or alternative text.
    files
        Images that the page shows, by their names below the site.
    origins
        For each stretch of the text its offset and the page's line; prose and what was put in
        take turns.
    """

    text: str
    faults: tuple[Fault, ...]
    files: Mapping[str, bytes]
    origins: tuple[tuple[int, int], ...]

    def line(self, offset: int) -> int:
        """Give the page's line of an offset into the woven text."""
        index = bisect_right(self.origins, (offset, 10**9)) - 1
        start, line = self.origins[index]
        # What was put in has no lines on the page but that of its chunk.
        return line if index % 2 else line + self.text.count("\n", start, offset)


def find_faults(page: Page, results: Sequence[Sequence[Result]]) -> list[Fault]:
    """Find what failed: steps that raised, and chains that print other than recorded.

    Parameters
    ----------
    page
        The page.
    results
        For each of its chains the results of its steps.
    """
    faults = []
    for chain, outcomes in zip(page.chains, results, strict=True):
        failures = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
        for failure in failures:
            details = _excerpt(page.text, failure.line) + failure.trace
            faults.append(Fault(page.path, failure.line, failure.message, details))
        if chain.expected and not failures:
            printed = "".join(outcome.stdout for outcome in outcomes if isinstance(outcome, Ran))
            faults += _difference(page, chain.expected, printed)
    return faults


def find_exchanges(readings: Mapping[str, Reading]) -> list[Fault]:
    """Find pages that read what others write, which may happen in either order.

    Parameters
    ----------
    readings
        By its path, what each page read.
    """
    writers = {file: path for path, reading in readings.items() for file in reading.written}
    return [
        Fault(path, 1, f"the page reads {file}, which {writers[file]} writes, in no sure order")
        for path, reading in readings.items()
        for file in reading.files
        if writers.get(file, path) != path
    ]


def _difference(page: Page, expected: Expected, printed: str) -> Iterator[Fault]:
    """Compare what a chain prints with what is recorded, as pytest-codeblocks compares it."""
    squeeze = (lambda text: "".join(text.split())) if expected.ignore_whitespace else str
    if squeeze(expected.text) == squeeze(printed):
        return
    recorded, got = expected.text.splitlines(), printed.splitlines()
    pairs = enumerate(zip(recorded, got, strict=False))
    differing = (i for i, (a, b) in pairs if squeeze(a) != squeeze(b))
    index = next(differing, min(len(recorded), len(got)))
    was = repr(recorded[index]) if index < len(recorded) else "nothing more"
    now = repr(got[index]) if index < len(got) else "nothing more"
    yield Fault(
        page.path,
        expected.line + 1 + index,
        "the chain does not print what is recorded",
        f"  recorded: {was}\n  printed:  {now}\n",
    )


def _excerpt(text: str, line: int, around: int = 2) -> str:
    """Give the page's lines around one, which is marked."""
    lines = text.removesuffix("\n").split("\n")
    first, last = max(line - around, 1), min(line + around, len(lines))
    numbered = ((number, lines[number - 1][:EXCERPT]) for number in range(first, last + 1))
    return "".join(f"  {'>' if n == line else ' '} {n:4} | {content}\n" for n, content in numbered)


def weave(
    page: Page,
    results: Sequence[Sequence[Result]],
    folder: str = "",
    faults: Sequence[Fault] = (),
) -> Woven:
    r"""Put the results of a page into its Markdown.

    Parameters
    ----------
    page
        The page.
    results
        For each of its chains the results of its steps.
    folder
        Where the page stands below the site's pages, such as ``solutions``.
    faults
        What failed, if the page is to be shown all the same: each stands where it happened.

    Raises
    ------
    PageError
        A reference to no figure, a label given twice or to no figure, or captions for figures
        that are not there.

    Examples
    --------
    >>> from literate.page import read
    >>> page = read("```python\nx = 2\n```\n{{ x }}\n")
    >>> print(weave(page, [[Ran(), Ran(value={"text/markdown": "2"})]]).text)
    ```python
    x = 2
    ```
    2
    <BLANKLINE>
    """
    weaver = _Weaver(page, results, folder, {_chunk_of(page, fault): fault for fault in faults})
    weaver.number_figures()
    parts, origins, at, line, length = [], [], 0, 1, 0
    for chunk in page.chunks:
        prose, put = page.text[at : chunk.start], CONTROLS.sub("", weaver.put(chunk))
        origins += [(length, line), (length + len(prose), chunk.line)]
        parts += [prose, put]
        length += len(prose) + len(put)
        line = chunk.line + page.text.count("\n", chunk.start, chunk.end)
        at = chunk.end
    origins.append((length, line))
    parts.append(page.text[at:])
    return Woven("".join(parts), tuple(weaver.faults), weaver.files, tuple(origins))


@dataclass(slots=True)
class _Weaver:
    """A page, its results, and what its figures are called."""

    page: Page
    results: Sequence[Sequence[Result]]
    folder: str
    shown_faults: Mapping[int, Fault]
    by_step: dict[int, Ran] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    first_number: dict[int, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def number_figures(self) -> None:
        """Give each figure its number, and each label the number of its figure."""
        for chain, outcomes in zip(self.page.chains, self.results, strict=True):
            for step, outcome in zip(chain.steps, outcomes, strict=False):
                if isinstance(outcome, Ran):
                    self.by_step[step.start] = outcome
        number = 1
        for block in (chunk for chunk in self.page.chunks if isinstance(chunk, Block)):
            ran = self.by_step.get(block.start)
            figures = ran.figures if ran and block.options.output else ()
            self.first_number[block.start] = number
            self._label(block, len(figures))
            number += len(figures)

    def _label(self, block: Block, count: int) -> None:
        """Check a block's figure options against its figures, and record its labels."""
        labels, options = _figure_labels(block), block.options
        given = {"label": labels, "fig-cap": options.captions, "fig-alt": options.alts}
        for name, texts in given.items():
            if block.start in self.by_step and len(texts) > count:
                raise PageError(
                    block.line,
                    f"the block has {len(texts)} `{name}` and leaves {count} figures open",
                )
        for index, label in enumerate(labels):
            if label in self.numbers:
                raise PageError(block.line, f"two figures have the label {label}")
            self.numbers[label] = self.first_number[block.start] + index

    def put(self, chunk: Span) -> str:
        """Give what stands in the woven page for a chunk."""
        if isinstance(chunk, Value):
            return self._value(chunk)
        if isinstance(chunk, Reference):
            return self._link(chunk.label, chunk.line)
        if isinstance(chunk, Block):
            shown, outputs = list(self._input(chunk)), list(self._outputs(chunk))
            text = "\n".join([*shown, *outputs]) + ("\n" if outputs else "")
            return _indented(text, chunk.indent)
        assert isinstance(chunk, (Comment, Expected))
        if isinstance(chunk, Expected) and not chunk.runs:
            return self.page.text[chunk.start : chunk.end]
        fault = self.shown_faults.get(chunk.start)
        return f"\n{show_fault(fault)}\n" if fault else ""

    def _value(self, value: Value) -> str:
        """Give the text of an inline value, or that of its error."""
        if value.start in self.by_step:
            text = (self.by_step[value.start].value or {}).get("text/markdown", "")
            return text if value.math else self._within_line(value, text)
        fault = self.shown_faults.get(value.start)
        text = fault.message if fault else "?"
        return rf"\text{{{re.sub(r'[^ -~]|[{BRACES}]', ' ', text)}}}" if value.math else f"`{text}`"

    def _within_line(self, value: Value, text: str) -> str:
        """Keep a value that begins its line from making it a list, a heading or the like."""
        page = self.page.text
        before = page[page.rfind("\n", 0, value.start) + 1 : value.start]
        behind, _, _ = page[value.end :].partition("\n")
        if before.strip(" \t>") or not BEGINNING.match(text + behind):
            return text
        return f"&#{ord(text[0])};{text[1:]}" if text else text

    def _input(self, block: Block) -> Iterator[str]:
        """Show a block's code."""
        code = f"{block.fence}python\n{block.shown}{block.fence}\n"
        if block.options.echo == "fold":
            yield '\n??? code "Code"\n\n' + _indented(code, "    ")
        elif block.options.echo:
            yield code

    def _outputs(self, block: Block) -> Iterator[str]:
        """Show what a block printed, returned and drew."""
        if fault := self.shown_faults.get(block.start):
            yield show_fault(fault)
        ran = self.by_step.get(block.start)
        if ran is None or not block.options.output:
            return
        if ran.stdout:
            yield _fenced(ran.stdout, "{.text .output}")
        if ran.stderr and block.options.warning:
            yield _fenced(ran.stderr, "{.text .output .warning}")
        if ran.value:
            yield _shown(ran.value)
        for index, figure in enumerate(ran.figures):
            yield self._figure(block, ran, index, figure)

    def _figure(self, block: Block, ran: Ran, index: int, figure: Figure) -> str:
        """Show a figure with its caption, its number and its label."""
        number = self.first_number[block.start] + index
        caption, alt = (
            texts[index] if index < len(texts) else "" for texts in (ran.captions, ran.alts)
        )
        for text, name in ((caption, "caption (fig-cap)"), (alt, "alternative text (fig-alt)")):
            if not text:
                self.faults.append(
                    Fault(self.page.path, block.line, f"Figure {number} has no {name}")
                )
        name = figure_name(block, index, self.first_number[block.start])
        drawing = self._drawing(figure, name, alt)
        if not caption:
            return drawing
        linked = replace(
            caption, block.line, Reference, lambda found: self._link(found.label, block.line)
        )
        text = f"**Figure {number}.** {linked}"
        return f"{drawing}\n/// caption | #{name}\n{text}\n///\n"

    def _drawing(self, figure: Figure, name: str, alt: str) -> str:
        """Put an SVG into the page, or link its two images."""
        if figure.svg:
            return _fenced(name_drawing(figure.svg, name, alt), "woven")
        folder = posixpath.relpath(FIGURES, self.folder or ".")
        links = []
        for scheme, data in (("light", figure.light), ("dark", figure.dark)):
            file = f"{hashlib.sha256(data).hexdigest()[:16]}.webp"
            self.files[f"{FIGURES}/{file}"] = data
            label = escape(" ".join(alt.split()))
            links.append(f"![{label}]({folder}/{file}#only-{scheme}){{ width={figure.width} }}")
        return "".join(links) + "\n"

    def _link(self, label: str, line: int) -> str:
        """Link a figure by its number."""
        if label not in self.numbers:
            raise PageError(line, f"no figure of this page has the label {label}")
        return f"[Figure {self.numbers[label]}](#{label})"


def number_figures(
    page: Page, results: Sequence[Sequence[Result]]
) -> tuple[Mapping[str, int], Mapping[int, int]]:
    """Give each label the number of its figure, and the start of each block that of its first.

    Raises
    ------
    PageError
        A label given twice or to no figure, or captions for figures that are not there.
    """
    weaver = _Weaver(page, results, "", {})
    weaver.number_figures()
    return weaver.numbers, weaver.first_number


def figure_name(block: Block, index: int, first: int) -> str:
    """Give the name of a block's figure: its label, or one by its number."""
    labels = _figure_labels(block)
    return labels[index] if index < len(labels) else f"figure-{first + index}"


def show_fault(fault: Fault) -> str:
    """Give the Markdown that shows a fault on a page."""
    box = _fenced(f"{fault.path}:{fault.line}\n{fault.details}", "{.text .output}")
    title = escape(CONTROLS.sub("", fault.message.partition("\n")[0])).replace('"', "'")
    return f'!!! failure "{title}"\n\n' + _indented(box, "    ")


def legible(text: str) -> str:
    r"""Give a text without what no page can hold: colours of a terminal, controls, surrogates.

    Examples
    --------
    >>> legible("\x1b[31mred\x1b[0m\a")
    'red'
    """
    return CONTROLS.sub("", ANSI.sub("", text))


def richest(value: Mapping[str, str]) -> tuple[str, str]:
    """Give the richest form of a value that a page can hold: its media type and its text.

    Examples
    --------
    >>> richest({"text/plain": "Table()", "text/markdown": "| a |"})
    ('text/markdown', '| a |')
    """
    media = next((form for form in FORMS if form in value), "text/plain")
    return media, value.get(media, "")


def _chunk_of(page: Page, fault: Fault) -> int:
    """Give where the chunk begins that a fault belongs to."""
    steps = [c for c in page.chunks if isinstance(c, (Block, Value, Expected))]
    return max((c.start for c in steps if c.line <= fault.line), default=-1)


def _figure_labels(block: Block) -> Sequence[str]:
    """Give a block's labels that name figures."""
    return [label for label in block.options.labels if label.startswith("fig-")]


def _shown(value: Mapping[str, str]) -> str:
    """Show a value by the richest form that a page can hold."""
    media, text = richest(value)
    if media == "text/latex":
        latex = text.strip()
        formula = latex.strip("$")
        return (latex if latex.startswith("$$") or "$" in formula else f"$${formula}$$") + "\n"
    if media == "text/html":
        return _fenced(f'<div class="output-html">{text}</div>', "woven")
    if media == "text/markdown":
        return text + "\n"
    return _fenced(text, "{.text .output}")


def _fenced(text: str, info: str) -> str:
    """Put a text into a fence that nothing in it can end."""
    text = CONTROLS.sub("", OVERWRITTEN.sub("", ANSI.sub("", text)))
    longest = max((len(ticks) for ticks in TICKS.findall(text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{info}\n{text}{'' if text.endswith(chr(10)) else chr(10)}{ticks}\n"


def _indented(text: str, indent: str) -> str:
    """Indent every line but the blank ones."""
    return "\n".join(indent + line if line.strip() else line for line in text.split("\n"))
