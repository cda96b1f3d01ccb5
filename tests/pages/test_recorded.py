"""No digit of a recorded output can be another: the build refuses the page, at the digit's line."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import digits

import pytest

from literate.fault import find_faults
from literate.page import Page
from literate.read import read

ROOT = Path(__file__).parent.parent.parent
FILES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MARK = "pytest-codeblocks:expected-output"
PAGES = [path.relative_to(ROOT) for path in FILES if MARK in path.read_text("utf-8")]


def with_other_digits(page: Page) -> Iterator[tuple[Page, int]]:
    """Give the page with each digit of its recorded outputs changed to each other, and its line.

    What is changed is the text that was read from the page: to read the page itself once more for
    every digit would take a minute.
    """
    for position, chain in enumerate(page.chains):
        if chain.expected is None:
            continue
        text = chain.expected.text
        begin = page.text.index(text, chain.expected.start)
        for index, digit in enumerate(text):
            for other in digits.replace(digit, "") if digit in digits else "":
                expected = replace(chain.expected, text=f"{text[:index]}{other}{text[index + 1 :]}")
                chains = list(page.chains)
                chains[position] = replace(chain, expected=expected)
                line = page.text.count("\n", 0, begin + index) + 1
                yield replace(page, chains=tuple(chains)), line


@pytest.mark.parametrize("path", PAGES, ids=lambda path: "-".join(path.with_suffix("").parts))
def test_the_build_refuses_every_other_digit_of_a_recorded_output(path, runs):
    page, results = runs[path.as_posix()]
    changed = list(with_other_digits(page))

    assert find_faults(page, results) == []
    assert changed
    for other, line in changed:
        assert [fault.line for fault in find_faults(other, results)] == [line]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: "-".join(path.with_suffix("").parts))
def test_every_recorded_output_belongs_to_a_chain_that_runs(path):
    page = read((ROOT / path).read_text("utf-8"))
    live = re.sub(r"^(`{4,}).*?^\1$", "", page.text, flags=re.MULTILINE | re.DOTALL)
    marks = re.findall(rf"^\s*<!--{MARK}", live, re.MULTILINE)

    assert len(marks) == sum(chain.expected is not None for chain in page.chains)


def test_each_digit_becomes_each_other():
    page = read(f"```python\nprint(10)\nprint('a1')\n```\n\n<!--{MARK}-->\n```\n10\na1\n```\n")
    changed = [(other.chains[0].expected.text, line) for other, line in with_other_digits(page)]

    assert len(set(changed)) == 3 * 9
    assert changed[0] == ("00\na1\n", 8)
    assert changed[-1] == ("10\na9\n", 9)
