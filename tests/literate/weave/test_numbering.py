"""The numbers and names of figures."""

import pytest

from literate.fault import PageError
from literate.page import Reference
from literate.read import read
from literate.result import Figure, Ran
from literate.weave.numbering import Numbering, number_figures


def numbered(*blocks):
    """Return the blocks of a page, and its numbering: of each its options and its open figures."""
    page = read("".join(f"```python\n{options}x\n```\n\n" for options, _ in blocks))
    ran = {
        chunk.start: Ran(figures=(Figure("<svg/>", 9),) * count)
        for chunk, (_, count) in zip(page.chunks, blocks, strict=True)
        if count is not None
    }
    return page.chunks, number_figures(page, ran)


def test_figures_are_numbered_in_the_order_of_the_page():
    blocks, numbering = numbered(("", 1), ("", 0), ("", 3), ("", 1))

    assert [numbering.number(block, 0) for block in blocks] == [1, 2, 2, 5]
    assert numbering.number(blocks[2], 2) == 4


def test_a_figure_that_is_not_shown_has_no_number():
    blocks, numbering = numbered(("", 1), ("#| output: false\n", 2), ("", 1))

    assert numbering.number(blocks[2], 0) == 2


def test_a_block_that_did_not_run_has_no_figures_and_may_have_labels():
    blocks, numbering = numbered(("#| label: fig-a\n", None), ("#| label: fig-b\n", 1))

    assert numbering.labelled == {"fig-a": 1, "fig-b": 1}
    assert numbering.name(blocks[1], 0) == "fig-b"


def test_a_figure_is_named_by_its_label_or_by_its_number():
    blocks, numbering = numbered(("", 1), ("#| label: [fig-a, other]\n", 2))

    assert numbering.name(blocks[0], 0) == "figure-1"
    assert [numbering.name(blocks[1], index) for index in (0, 1)] == ["fig-a", "figure-3"]
    assert numbering.labelled == {"fig-a": 2}


def test_a_reference_reads_as_the_figure_it_leads_to():
    numbering = Numbering(labelled={"fig-a": 2})

    assert numbering.title(Reference(0, 6, 1, "fig-a")) == "Figure 2"


def test_a_reference_to_no_figure_is_refused_at_its_line():
    with pytest.raises(PageError, match=r"^line 7: no figure has the label fig-b$"):
        Numbering(labelled={"fig-a": 1}).title(Reference(0, 6, 7, "fig-b"))


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        (
            [("#| label: fig-a\n", 1), ("#| label: fig-a\n", 1)],
            r"^line 6: two figures have the label fig-a$",
        ),
        (
            [("#| label: [fig-a, fig-b]\n", 1)],
            r"^line 1: the block has 2 `label` and leaves 1 figures open$",
        ),
        (
            [("#| fig-cap: A\n", 0)],
            r"^line 1: the block has 1 `fig-cap` and leaves 0 figures open$",
        ),
        (
            [("", 1), ("#| fig-alt: [A, B]\n", 1)],
            r"^line 5: the block has 2 `fig-alt` and leaves 1",
        ),
        ([("#| output: false\n#| fig-cap: A\n", 1)], r"has 1 `fig-cap` and leaves 0 figures open$"),
    ],
)
def test_what_belongs_to_no_figure_is_refused_at_the_line_of_its_block(blocks, message):
    with pytest.raises(PageError, match=message):
        numbered(*blocks)
