"""Every value and every text output that the site publishes is what was recorded of it.

A record is a file in `__snapshots__` for each page: what a text comes from, and below it, indented,
its lines. It holds no line numbers of the page.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from literate.fault import find_faults
from literate.page import Block, Page, Value, fill_all
from literate.read import read
from literate.result import Failure, Ran, Result, in_order, richest

ROOT = Path(__file__).parent.parent.parent
SOURCES = {path: path.read_text("utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))}
PAGES = [path.relative_to(ROOT) for path, text in SOURCES.items() if "```python" in text]
NAMES = {"stdout": "printed", "stderr": "warned", "error": "raised"}
INDENT = "    "
ITEM = re.compile(r"(</(?:li|summary|tr)>)\n?")
ACCEPT = "To accept: pytest tests/pages/test_published.py --snapshot-update"


class Record(SingleFileSnapshotExtension):
    """A text file for each page."""

    _write_mode = WriteMode.TEXT
    file_extension = "snap"


@dataclass(frozen=True)
class Line:
    """A line of a published text; where it stands does not matter when two are compared.

    Attributes
    ----------
    name, text
        What it comes from, and the line.
    number
        Its number in the text, from 1.
    page_line
        The page's line of what it comes from, 0 if it is only recorded.
    """

    name: str
    text: str
    number: int = field(compare=False)
    page_line: int = field(default=0, compare=False)


def published(page: Page, results: Sequence[Sequence[Result]]) -> Iterator[Line]:
    """Give the lines that a page publishes, in its order, but for the drawings of figures."""
    for chain, outcomes in zip(page.chains, results, strict=True):
        for step, ran in zip(chain.steps, outcomes, strict=True):
            texts = value_text(step, ran) if isinstance(step, Value) else block_texts(step, ran)
            for name, text in texts:
                for number, line in enumerate(text.splitlines() or [""], 1):
                    yield Line(name, line, number, step.line)


def value_text(value: Value, ran: Ran) -> Iterator[tuple[str, str]]:
    yield source(value), ran.value["text/markdown"]


def block_texts(block: Block, ran: Ran) -> Iterator[tuple[str, str]]:
    if not block.options.output:
        return
    for kind, part in in_order(ran):
        if isinstance(part, Mapping):
            media, text = richest(part)
            yield f"{kind} as {media}", ITEM.sub(r"\1\n", text) if media == "text/html" else text
        elif kind in NAMES and (kind != "stderr" or block.options.warning):
            yield NAMES[kind], part
    options = block.options
    for name, texts, filled in (
        ("fig-cap", options.captions, ran.captions),
        ("fig-alt", options.alts, ran.alts),
        ("tbl-cap", options.table_captions, ran.table_captions),
    ):
        shown = fill_all(texts, filled, lambda reference: f"@{reference.label}")
        for text, whole in zip(texts, shown, strict=True):
            if values := [source(part) for part in text if isinstance(part, Value)]:
                yield f"{name} with {', '.join(values)}", whole


def source(value: Value) -> str:
    specification = f":{value.specification}" if value.specification else ""
    return f"{{{{ {value.expression}{specification} }}}}"


def write(lines: Iterable[Line]) -> str:
    """Give the record of lines."""
    return "".join(
        (f"{line.name}\n" if line.number == 1 else "")
        + (f"{INDENT}{line.text}\n" if line.text else "\n")
        for line in lines
    )


def parse(record: str) -> Iterator[Line]:
    """Give the lines of a record."""
    name, number = "", 0
    for line in record.splitlines():
        if line and not line.startswith(INDENT):
            name, number = line, 0
        else:
            number += 1
            yield Line(name, line.removeprefix(INDENT), number)


def changes(
    old: Sequence[Line], new: Sequence[Line]
) -> Iterator[tuple[Line | None, Line | None, int]]:
    """Pair the lines that changed, and give the page's line; None stands for one that is not there.

    What stands between equal lines is paired by what it comes from.
    """
    for tag, start, end, new_start, new_end in compare(old, new):
        if tag == "equal":
            continue
        was, now = old[start:end], new[new_start:new_end]
        for same, i, j, k, m in compare([o.name for o in was], [n.name for n in now]):
            if same == "equal":
                pairs = zip(was[i:j], now[k:m], strict=True)
                yield from ((o, n, n.page_line) for o, n in pairs)
            else:
                yield from ((o, None, nearest(o, new, new_start + k)) for o in was[i:j])
                yield from ((None, n, n.page_line) for n in now[k:m])


def compare(
    old: Sequence[object], new: Sequence[object]
) -> Iterable[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def nearest(gone: Line, new: Sequence[Line], at: int) -> int:
    """Give the page's line where a line is missing: that of its text, else of what follows."""
    before, after = new[max(at - 1, 0) : at], new[at : at + 1]
    if before and (before[0].name == gone.name or not after):
        return before[0].page_line
    return after[0].page_line if after else 1


def report(path: str, old: Sequence[Line], new: Sequence[Line]) -> str:
    """Say what changed, as editors parse it."""
    messages = []
    for was, now, page_line in changes(old, new):
        line = now or was
        part = f", line {line.number}" if line.number > 1 or "{{" not in line.name else ""
        what = "changed" if was and now else "is new" if now else "is gone"
        messages.append(f"{path}:{page_line}: {line.name}{part} {what}\n")
        messages += [f"    was  {was.text}\n"] if was else []
        messages += [f"    is   {now.text}\n"] if now else []
    return "".join(messages) or f"{path}:1: the same lines come from other blocks\n"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: "-".join(path.with_suffix("").parts[1:]))
def test_a_page_publishes_what_is_recorded(path, runs, snapshot):
    page, results = runs[path.as_posix()]
    if any(isinstance(chain[-1], Failure) for chain in results):
        pytest.fail("\n".join(map(str, find_faults(page, results))), pytrace=False)
    lines, record = list(published(page, results)), snapshot.use_extension(Record)
    if record != write(lines):
        recorded = parse(record.executions[0].recalled_data or "")
        pytest.fail(report(page.path, list(recorded), lines) + ACCEPT, pytrace=False)


# The tests of the test: a page is recorded, edited, and read again.

PAGE = """\
First some prose.

```python
import numpy as np

n, rate = 3, 0.25
print("n =", n)
print()
print("rate =", rate)
```

Of {{ n }} steps, each at {{ rate:.2f }}, the last is step {{ n - 1 }}.

<!--pytest-codeblocks:cont-->
```python
class Table:
    def _repr_markdown_(self):
        return f"| n |\\n| --- |\\n| {n} |"

Table()
```

The matrix is ${{ rate * np.eye(2) }}$.
"""


@pytest.fixture
def lines_of(pool):
    """Give a function that publishes a page."""

    def lines_of(text):
        (run,) = pool.run([page := read(text, "docs/page.md")])
        assert find_faults(page, run.results) == []
        return list(published(page, run.results))

    return lines_of


@pytest.fixture
def report_of(lines_of):
    """Give a function that edits the page and says what changed in what was recorded of it."""

    def report_of(old, new):
        assert PAGE.count(old) == 1
        record, lines = write(lines_of(PAGE)), lines_of(PAGE.replace(old, new))
        return report("docs/page.md", list(parse(record)), lines) if record != write(lines) else ""

    return report_of


def test_a_record_shows_what_each_line_comes_from(lines_of):
    assert write(lines_of(PAGE)) == (
        "printed\n    n = 3\n\n    rate = 0.25\n"
        "{{ n }}\n    3\n{{ rate:.2f }}\n    0.25\n{{ n - 1 }}\n    2\n"
        "value as text/markdown\n    | n |\n    | --- |\n    | 3 |\n"
        "{{ rate * np.eye(2) }}\n    \\begin{bmatrix} 0.25 & 0 \\\\ 0 & 0.25 \\end{bmatrix}\n"
    )


def test_a_record_is_read_back_as_it_was_written(lines_of):
    lines = lines_of(PAGE)
    again = list(parse(write(lines)))

    assert again == lines
    assert [line.number for line in again] == [line.number for line in lines]


def test_an_edit_of_prose_changes_nothing(report_of):
    assert report_of("some prose", "one paragraph.\n\nThen another") == ""


def test_a_changed_value_is_reported_wherever_it_is_published(report_of):
    assert report_of("n, rate = 3, 0.25", "n, rate = 3, 0.5") == (
        "docs/page.md:3: printed, line 3 changed\n"
        "    was  rate = 0.25\n"
        "    is   rate = 0.5\n"
        "docs/page.md:12: {{ rate:.2f }} changed\n"
        "    was  0.25\n"
        "    is   0.50\n"
        "docs/page.md:23: {{ rate * np.eye(2) }} changed\n"
        "    was  \\begin{bmatrix} 0.25 & 0 \\\\ 0 & 0.25 \\end{bmatrix}\n"
        "    is   \\begin{bmatrix} 0.5 & 0 \\\\ 0 & 0.5 \\end{bmatrix}\n"
    )


def test_an_added_value_is_reported_alone(report_of):
    assert report_of("The matrix", "With {{ n }} steps and\n{{ n + 1 }} rates, the matrix") == (
        "docs/page.md:23: {{ n }} is new\n    is   3\n"
        "docs/page.md:24: {{ n + 1 }} is new\n    is   4\n"
    )


def test_a_removed_value_is_reported_alone_where_the_next_one_stands(report_of):
    assert report_of("{{ n }} steps, each at", "them, each\nat") == (
        "docs/page.md:13: {{ n }} is gone\n    was  3\n"
    )


def test_the_last_value_of_a_page_is_missed_too(report_of):
    assert report_of("{{ rate * np.eye(2) }}", "A") == (
        "docs/page.md:15: {{ rate * np.eye(2) }} is gone\n"
        "    was  \\begin{bmatrix} 0.25 & 0 \\\\ 0 & 0.25 \\end{bmatrix}\n"
    )


def test_another_format_is_another_value(report_of):
    assert report_of("rate:.2f", "rate:.1f") == (
        "docs/page.md:12: {{ rate:.2f }} is gone\n    was  0.25\n"
        "docs/page.md:12: {{ rate:.1f }} is new\n    is   0.2\n"
    )


def test_a_changed_printed_line_is_reported_with_its_block(report_of):
    assert report_of('"n ="', '"steps:"') == (
        "docs/page.md:3: printed, line 1 changed\n    was  n = 3\n    is   steps: 3\n"
    )


def test_an_added_and_a_removed_printed_line_are_reported_alone(report_of):
    assert report_of('print("n =", n)', "print(n)\nprint(f'{n = }')") == (
        "docs/page.md:3: printed, line 1 is new\n    is   3\n"
    )
    assert report_of('print("rate =", rate)\n', "") == (
        "docs/page.md:3: printed, line 3 is gone\n    was  rate = 0.25\n"
    )


def test_a_changed_line_of_a_shown_value_is_reported_with_its_block(report_of):
    assert report_of("{n} |", "{n:.1f} |") == (
        "docs/page.md:15: value as text/markdown, line 3 changed\n"
        "    was  | 3 |\n"
        "    is   | 3.0 |\n"
    )


def test_lines_that_move_to_another_block_are_reported(report_of):
    cut = "```\n\n<!--pytest-codeblocks:cont-->\n```python\n"

    assert report_of('print("rate =", rate)', f'{cut}print("rate =", rate)') == (
        "docs/page.md:1: the same lines come from other blocks\n"
    )


def test_a_page_without_a_record_is_all_new(lines_of):
    assert report("docs/page.md", [], lines_of(PAGE)).count("is new") == len(lines_of(PAGE)) == 10


def test_captions_are_recorded_with_their_values_and_hidden_output_is_not(lines_of):
    text = """\
```python
#| label: fig-a
#| fig-cap: "{{ n }} of {{ share:.0%}}, as in @fig-a."
#| fig-alt: "No value."
from matplotlib import pyplot as plt

n, share = 3, 0.5
plt.plot([n]);
```

<!--pytest-codeblocks:cont-->
```python
#| output: false
print(n)
n
```
"""
    assert write(lines_of(text)) == (
        "fig-cap with {{ n }}, {{ share:.0% }}\n    3 of 50%, as in @fig-a.\n"
    )
