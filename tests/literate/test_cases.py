"""Each file in `cases` is a page, and what becomes of it: its woven Markdown, or messages."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from literate.fault import PageError, find_faults
from literate.read import read
from literate.run import Pool
from literate.weave import weave

CASES = sorted(Path(__file__).with_name("cases").glob("*.txt"))
PARTS = re.compile(r"^={8} (woven|messages)\n", re.MULTILINE)
SVG = re.compile(
    r"""<span class="drawing".*?<svg .*?(?P<label> aria-label="[^"]*").*?</svg>.*?</span></span>""",
    re.DOTALL,
)
SECONDS = {"page-runs-too-long": 1}


@pytest.fixture
def limit(pool, request):
    """Let a page run no longer than its case says."""
    usual = pool.limits
    pool.limits = replace(usual, seconds=SECONDS.get(request.node.callspec.id, usual.seconds))
    yield
    pool.limits = usual


def publish(text: str, pool: Pool) -> dict[str, str]:
    try:
        page = read(text, "page.md")
        (run,) = pool.run([page])
        if faults := find_faults(page, run.results):
            return {"messages": "\n".join(map(str, faults)) + "\n"}
        woven = weave(page, run.results, "solutions")
    except PageError as error:
        return {"messages": f"page.md:{error.line}: {error.message}\n"}
    given = {"woven": SVG.sub(r"<svg\g<label>/>", woven.text)}
    if woven.faults:
        given["messages"] = "\n".join(map(str, woven.faults)) + "\n"
    return given


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
@pytest.mark.usefixtures("limit")
def test_a_page_gives_what_its_case_records(path, pool):
    page, *parts = PARTS.split(path.read_text("utf-8"))
    expected = dict(zip(parts[::2], parts[1::2], strict=True))

    assert publish(page, pool) == expected


def test_there_are_cases():
    assert len(CASES) > 30
