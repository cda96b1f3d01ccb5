"""What a page publishes is recorded, the page is edited, and the record is compared."""

import pytest

from literate.differences import find_differences, settle
from literate.fault import find_faults
from literate.published import Published, find_published, read_record, write_record
from literate.read import read

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
def texts_of(pool):
    """Return a function that runs a page, and returns what it publishes."""

    def texts_of(text):
        (run,) = pool.run([page := read(text, "docs/page.md")])
        assert find_faults(page, run.results) == []
        return find_published(page, run.results)

    return texts_of


def report(old, new):
    """Return the differences between texts as a report has them."""
    differences = find_differences(old, settle(old, new))
    return "".join(f"docs/page.md:{difference.line}: {difference}\n" for difference in differences)


@pytest.fixture
def report_of(texts_of):
    """Return a function that edits the page and says what changed in what was recorded of it."""

    def report_of(old, new):
        assert PAGE.count(old) == 1
        record = write_record(texts_of(PAGE))
        return report(read_record(record), texts_of(PAGE.replace(old, new)))

    return report_of


def test_a_record_shows_what_each_line_comes_from(texts_of):
    assert write_record(texts_of(PAGE)) == (
        "printed\n    n = 3\n\n    rate = 0.25\n"
        "{{ n }}\n    3\n{{ rate:.2f }}\n    0.25\n{{ n - 1 }}\n    2\n"
        "value as text/markdown\n    | n |\n    | --- |\n    | 3 |\n"
        "{{ rate * np.eye(2) }}\n    \\begin{bmatrix} 0.25 & 0 \\\\ 0 & 0.25 \\end{bmatrix}\n"
    )


def test_a_record_is_read_back_as_it_was_written(texts_of):
    texts = texts_of(PAGE)

    assert read_record(write_record(texts)) == texts


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


def test_a_page_without_a_record_is_all_new(texts_of):
    assert report(read_record(""), texts_of(PAGE)).count("is new") == 10


def test_captions_are_recorded_with_their_values_and_hidden_output_is_not(texts_of):
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
    assert write_record(texts_of(text)) == (
        "fig-cap with {{ n }}, {{ share:.0% }}\n    3 of 50%, as in @fig-a.\n"
    )


def of(*lines, name="{{ x }}", tolerance=""):
    return Published(name, lines, 1, tolerance)


@pytest.mark.parametrize(
    ("was", "now", "tolerance", "kept"),
    [
        ("0.5", "0.5000001", "1e-6", True),
        ("0.5", "0.5000011", "1e-6", False),
        ("0.7", "0.8", "0.1", True),
        ("-1e-17", "3.5e-18", "1e-9", True),
        ("[ 1. -2.]", "[ 1.001 -2.001]", "0.01", True),
        ("[ 1. -2.]", "[ 1.001 -2.5]", "0.01", False),
        (r"2.0 \times 10^{-9}", r"4.1 \times 10^{-10}", "1e-8", True),
        (r"2.0 \times 10^{-9}", r"4.1 \times 10^{-7}", "1e-8", False),
        ("1.0 s", "1.0 m", "1", False),
        ("1.0", "1.0 1.0", "1", False),
        ("1", "nan", "5", False),
    ],
)
def test_a_number_may_differ_by_its_tolerance(was, now, tolerance, kept):
    old = [of(was, tolerance=tolerance)]
    (settled,) = settle(old, [of(now)])

    assert settled.lines == ((was if kept else now),)
    assert settled.tolerance == tolerance
    assert (find_differences(old, [settled]) == []) == kept


def test_each_line_is_compared_and_the_tolerance_is_stated_once():
    old = [of("a 1.0", "b 2.0", name="printed", tolerance="0.1")]
    new = settle(old, [of("a 1.05", "b 2.5", "c 3", name="printed")])

    assert write_record(new) == "printed ± 0.1\n    a 1.0\n    b 2.5\n    c 3\n"
    assert report(old, new) == (
        "docs/page.md:1: printed ± 0.1, line 2 changed\n    was  b 2.0\n    is   b 2.5\n"
        "docs/page.md:1: printed ± 0.1, line 3 is new\n    is   c 3\n"
    )


def test_a_tolerance_stays_with_its_text_when_others_come_and_go():
    old = [of("1"), of("2", name="{{ y }}", tolerance="0.5")]
    new = settle(old, [of("8", name="{{ z }}"), of("1"), of("2.4", name="{{ y }}")])

    assert [text.heading for text in new] == ["{{ z }}", "{{ x }}", "{{ y }} ± 0.5"]
    assert new[2].lines == ("2",)


@pytest.mark.parametrize("name", ["{{ f'{x} ± 2' }}", "{{ x }} ± much", "printed ± -1"])
def test_what_is_no_tolerance_is_part_of_the_name(name):
    (text,) = read_record(f"{name}\n    1\n")

    assert (text.name, text.tolerance) == (name, "")


def test_a_record_has_no_white_space_at_the_end_of_a_line_and_no_colours(texts_of):
    page = "```python\nprint('a  ')\nprint('  ')\nprint('\\x1b[31mred\\x1b[0m')\nprint()\n```\n"

    assert write_record(texts_of(page)) == "printed\n    a\n\n    red\n\n"


def test_a_damaged_record_is_all_other_text():
    assert report(read_record("    3\n<<<<<<< one\n    4\n"), [of("3")]) == (
        "docs/page.md:1: , line 1 is gone\n    was  3\n"
        "docs/page.md:1: <<<<<<< one, line 1 is gone\n    was  4\n"
        "docs/page.md:1: {{ x }} is new\n    is   3\n"
    )
