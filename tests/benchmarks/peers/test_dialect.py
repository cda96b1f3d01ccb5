"""One page in each tool's dialect."""

import pytest
import yaml

from benchmarks.peers import dialect
from benchmarks.peers.example import Block, Page
from literate.read import read

PAGE = Page(7)
BLOCKS = [part for part in PAGE.parts() if isinstance(part, Block)]
WRITERS = [
    dialect.for_jupytext,
    dialect.for_literate,
    dialect.for_markdown_exec,
    dialect.for_myst,
]


@pytest.mark.parametrize("write", WRITERS)
def test_every_dialect_has_all_prose_and_all_code_in_order(write):
    text = write(PAGE)
    parts = [part.code if isinstance(part, Block) else part for part in PAGE.parts()]
    places = [text.find(part) for part in parts]

    assert -1 not in places
    assert places == sorted(places)


def test_literate_reads_one_chain_of_all_blocks():
    page = read(dialect.for_literate(PAGE))

    assert [len(chain.steps) for chain in page.chains] == [len(BLOCKS)]
    assert dialect.for_literate(PAGE).count("pytest-codeblocks:cont") == len(BLOCKS) - 1


def test_literate_is_given_caption_and_description_of_the_figure():
    page = read(dialect.for_literate(PAGE))
    last = page.chains[0].steps[-1]

    assert last.options.labels == ("fig-loss",)
    assert last.options.captions
    assert last.options.alts


def test_jupytext_is_told_the_kernel_and_given_plain_fences():
    text = dialect.for_jupytext(PAGE)

    assert text.startswith("---\njupyter:\n")
    assert text.count("\n```python\n") == len(BLOCKS)


def test_myst_is_given_code_cells():
    text = dialect.for_myst(PAGE)

    assert text.count("\n```{code-cell} python3\n") == len(BLOCKS)
    assert "format_name: myst" in text


def test_markdown_exec_shares_a_session_and_prints_the_figure():
    text = dialect.for_markdown_exec(PAGE)

    assert text.count('session="page-007"') == len(BLOCKS)
    assert text.count('html="on"') == 1
    assert 'savefig(drawn, format="svg")' in text


def test_editions_and_revisions_change_prose_and_code_alone():
    lines = dialect.for_literate(PAGE).splitlines()
    edited = dialect.for_literate(Page(7, edition=2)).splitlines()
    revised = dialect.for_literate(Page(7, revision=2)).splitlines()

    assert [b for a, b in zip(lines, edited, strict=True) if a != b] == [
        "This is edition 2 of page 7. A sample of $n$ points"
    ]
    assert [b for a, b in zip(lines, revised, strict=True) if a != b] == ["n = 2007"]


@pytest.mark.parametrize("write", [dialect.for_jupytext, dialect.for_myst])
def test_a_notebook_begins_with_its_format_and_kernel(write):
    head = yaml.safe_load(write(PAGE).split("---\n")[1])
    head = head.get("jupyter", head)

    assert head["jupytext"]["text_representation"]["extension"] == ".md"
    assert head["kernelspec"]["name"] == "python3"
