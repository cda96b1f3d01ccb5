"""The page that every tool builds, and the library that it calls."""

import subprocess
import sys

import pytest

from benchmarks.peers.example import Block, Page, library

PAGE = Page(7)


@pytest.mark.parametrize("factor", [1, 10])
def test_the_blocks_print_what_a_page_must_show(tmp_path, factor):
    (tmp_path / "model.py").write_text(library(factor), "utf-8")
    blocks = (part for part in PAGE.parts() if isinstance(part, Block))
    code = "\n".join(block.code for block in blocks if not block.draws)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[0] == PAGE.published(factor)[1]
    assert done.stdout.splitlines()[0] == f"squares: {factor * sum(i * i for i in range(1007))}"


def test_the_prose_says_what_a_page_must_show():
    page = Page(3, edition=2)

    assert page.published(factor=1)[0] == "This is edition 2 of page 3."
    assert page.published(factor=1)[0] in page.parts()[0]
