"""No number of a solution is typed: it comes from the run, or stands here with its reason."""

import re
from pathlib import Path

import pytest

from literate.read import read
from literate.read.fence import Prose, scan

DOCS = Path(__file__).parent.parent.parent / "docs"
OTHERS = [DOCS / name for name in ("answers.md", "benchmarks.md", "submission.md")]
PAGES = [*sorted((DOCS / "solutions").glob("*.md")), *OTHERS]
NUMBER = re.compile(r"(?<![\w.])(?:\d+\.\d+|\d{3,})(?![\w.]*\d)")
LINK = re.compile(r"\]\([^)]*\)|<[^>]+>")
SOURCE = re.compile(r"^- [^\n*]+\*[^*]+\*.*(?:\n  .*)*", re.MULTILINE)

EXCEPTIONS: dict[str, dict[str, str]] = {
    "convolution": {"1989": "the year of a source that an exercise names"},
    "gradients": {"0.1": "the steps and the slope that exercises 1 and 2 ask about"},
}


def typed_numbers(text: str) -> list[str]:
    """Give the numbers in a page's prose, but for inline values, links and named sources."""
    values = {(chunk.start, chunk.end) for chunk in read(text).chunks}
    kept = []
    for stretch in scan(text):
        if isinstance(stretch, Prose):
            inside = [s for s in values if stretch.start <= s[0] < stretch.end]
            at = stretch.start
            for start, end in sorted(inside):
                kept.append(text[at:start])
                at = end
            kept.append(text[at : stretch.end])
    return NUMBER.findall(SOURCE.sub("", LINK.sub("", "".join(kept))))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_number_of_a_page_is_typed(path):
    excepted = EXCEPTIONS.get(path.stem, {})
    typed = typed_numbers(path.read_text("utf-8"))

    assert sorted(set(typed)) == sorted(excepted)
    assert all(excepted.values())


@pytest.mark.parametrize("typed", ["It is 1.0185.", "$x = 0.5$", "| 448 |", "- 24352, then"])
def test_a_typed_number_would_be_found(typed):
    assert len(typed_numbers(f"# Page\n\n{typed}\n")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "{{ 1.5 }} and {{ 100 }}",
        "[a](b-1.5.md)",
        "```text\n1.5\n```",
        "- A. Author, *A Title*, section\n  6.5, on 1.5.",
    ],
)
def test_what_is_computed_linked_or_code_is_no_typed_number(text):
    assert typed_numbers(f"```python\nx = 1.5\n```\n\n{text}\n") == []
